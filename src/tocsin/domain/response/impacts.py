"""Impact reports: something came down here. One or more of them become a worksite."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain.place import Latitude, Longitude, require_area
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Refused
from tocsin.kernel.event import Command, Event, Instant


class Effect(StrEnum):
    IMPACT = "impact"
    DEBRIS = "debris"
    FIRE = "fire"
    BLAST = "blast"


class Reporter(StrEnum):
    """Who says so. It tells the dispatcher how far to trust the position."""

    OPERATOR = "operator"
    CALL = "call"
    TEAM = "team"
    RESIDENT = "resident"


class ReportImpact(Command, frozen=True, kw_only=True, tag="impact.report"):
    """
    Report where something came down.

    Attributes:
        attack: Which attack it belongs to, if that is known yet. It is not looked up: rescue never waits for the
            record to be opened.
        text: What was said, without names of people: the journal cannot forget them.
        address: As it was told.
        trapped: How many people are said to be under rubble or cut off; left out where nothing was said.
        photo: SHA-256 of a picture that is kept outside the journal.
    """

    impact: str = ""
    attack: str = ""
    time: Instant
    lat: Latitude
    lon: Longitude
    area: str
    effect: Effect
    text: Annotated[str, Meta(max_length=2000)] = ""
    reporter_kind: Reporter
    address: Annotated[str, Meta(max_length=300)] = ""
    trapped: Annotated[int, Meta(ge=0, le=10_000)] | None = None
    photo: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""


class ImpactReported(Event, frozen=True, kw_only=True, tag="impact.reported"):
    impact: str
    attack: str
    time: Instant
    lat: float
    lon: float
    area: str
    effect: Effect
    text: str
    reporter_kind: Reporter
    address: str = ""
    trapped: int | None = None
    photo: str = ""


class Impact(msgspec.Struct, frozen=True):
    reported: ImpactReported | None = None


def decide(impact: Impact, command: ReportImpact, context: Context) -> Sequence[Event]:
    """
    Raises:
        Unknown: If there is no such area.
        Refused: If another impact has this id.
    """
    require_area(context.city, command.area)
    event = ImpactReported(**msgspec.structs.asdict(command))
    if impact.reported is None:
        return [event]
    if impact.reported == event:
        return []
    raise Refused(f"the impact {command.impact!r} is another one", "impact")


def evolve(_impact: Impact, event: ImpactReported) -> Impact:
    return Impact(event)


IMPACT = Subject(
    name="impact",
    id_field="impact",
    commands=(ReportImpact,),
    events=(ImpactReported,),
    blank=Impact(),
    decide=decide,
    evolve=evolve,
)
