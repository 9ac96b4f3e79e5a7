"""The words of the trade: what an alert is about, what is true of it, and how far it has come."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

Text = Annotated[str, Meta(min_length=1, max_length=2000)]
Texts = dict[Annotated[str, Meta(pattern="^[a-z]{2}$")], Text]
Areas = Annotated[tuple[str, ...], Meta(min_length=1)]

STANDING = timedelta(hours=12)
"""How long an alert stands when nobody said until when. Long, since it must never lapse while danger lasts."""


class Phase(StrEnum):
    """What is true of an alert. Carried in every payload, never inferred from text."""

    PRE_ALERT = "pre_alert"
    ALERT = "alert"
    ALL_CLEAR = "all_clear"
    CORRECTION = "correction"
    """It was a false alarm. This is 'disregard', which is not 'the danger is over'."""
    EXPIRED = "expired"
    """Its time ran out and nobody cleared it. Not safe: not known."""
    UNKNOWN = "unknown"


STANDS = frozenset({Phase.PRE_ALERT, Phase.ALERT})


class Threat(StrEnum):
    MISSILE = "missile"
    BALLISTIC = "ballistic"
    DRONE = "drone"
    COMBINED = "combined"
    ARTILLERY = "artillery"
    CHEMICAL = "chemical"
    OTHER = "other"


class Stage(StrEnum):
    """How far an alert has come, as its officers see it. Residents see the phase, from `issued` on."""

    NEW = "new"
    DRAFT = "draft"
    """Being written. Nobody was asked yet."""
    PENDING = "pending"
    """Waits for a second person. Nothing of it has gone out."""
    ISSUED = "issued"
    UPDATED = "updated"
    ALL_CLEAR = "all_clear"
    CANCELLED = "cancelled"
    """It was a false alarm and has been corrected."""
    EXPIRED = "expired"
    """Its time ran out and nobody has cleared it."""
    REJECTED = "rejected"
    """It never went out."""


OUT = frozenset({Stage.ISSUED, Stage.UPDATED})
"""The stages in which people are being warned."""


class Waiting(StrEnum):
    """What a second person has not done in time."""

    APPROVAL = "approval"
    CONFIRMATION = "confirmation"
