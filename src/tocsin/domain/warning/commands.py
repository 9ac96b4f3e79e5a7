"""What may be ordered of an alert."""

from typing import Annotated

from msgspec import Meta

from tocsin.domain.place import Reason
from tocsin.domain.warning.terms import Areas, Phase, Texts, Threat
from tocsin.kernel.event import Command, Instant

Number = Annotated[int, Meta(ge=1)]


class _Wanted(Command, frozen=True, kw_only=True):
    alert: str = ""
    areas: Areas
    threat: Threat
    phase: Phase = Phase.ALERT
    texts: Texts = {}
    expires: Instant | None = None


class DraftAlert(_Wanted, frozen=True, kw_only=True, tag="alert.draft"):
    """Write an alert that nobody sees before it is submitted."""


class RaiseAlert(_Wanted, frozen=True, kw_only=True, tag="alert.raise"):
    """
    Warn people in some areas. Without `texts` the prepared words for the threat go out.

    Where the realm asks for two people before an alert of this threat, it waits for the second.
    """


class SubmitAlert(Command, frozen=True, kw_only=True, tag="alert.submit"):
    """The draft is written: warn people, or ask a second person where the realm wants two before."""

    alert: str


class ApproveAlert(Command, frozen=True, kw_only=True, tag="alert.approve"):
    """
    A second person has read what waits and agrees: it goes out.

    Attributes:
        proposal: The number of what was read. When it is given and another was written meanwhile, nothing goes out.
    """

    alert: str
    proposal: Number | None = None


class RejectAlert(Command, frozen=True, kw_only=True, tag="alert.reject"):
    """What waits does not go out. Whoever wrote it may withdraw it so. What has gone out is not touched."""

    alert: str
    reason: Reason


class UpdateAlert(Command, frozen=True, kw_only=True, tag="alert.update"):
    """Change where, what or until when. What is left out stays."""

    alert: str
    areas: Areas | None = None
    threat: Threat | None = None
    phase: Phase | None = None
    texts: Texts | None = None
    expires: Instant | None = None


class ConfirmAlert(Command, frozen=True, kw_only=True, tag="alert.confirm"):
    """A second person agrees with the alert."""

    alert: str


class ClearAlert(Command, frozen=True, kw_only=True, tag="alert.clear"):
    """The danger of this alert is over."""

    alert: str
    texts: Texts = {}


class CancelAlert(Command, frozen=True, kw_only=True, tag="alert.cancel"):
    """The alert was a mistake: disregard it. The prepared correction goes wherever the alert went."""

    alert: str
    reason: Annotated[str, Meta(min_length=1)]
    texts: Texts = {}


class ExpireAlert(Command, frozen=True, kw_only=True, tag="alert.expire"):
    """Record that the alert's time ran out with nobody having cleared it."""

    alert: str


class RemindAlert(Command, frozen=True, kw_only=True, tag="alert.remind"):
    """
    Remind the officers that the alert is about to expire.

    Attributes:
        minutes: How many before its end this reminder is due.
    """

    alert: str
    minutes: Number


class EscalateAlert(Command, frozen=True, kw_only=True, tag="alert.escalate"):
    """Tell everybody on duty that a second person was asked and has not answered in time."""

    alert: str
