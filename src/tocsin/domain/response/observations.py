"""Observations: what somebody heard or saw, roughly when and where. Not yet a place to send anybody."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain.place import Minutes, require_area
from tocsin.domain.source import Source, require_citable
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Refused
from tocsin.kernel.event import Command, Event, Instant


class Sight(StrEnum):
    """What was heard or seen."""

    SIREN = "siren"
    BLAST = "blast"
    FIRE = "fire"
    SMOKE = "smoke"
    DRONE = "drone"
    AIR_DEFENCE = "air_defence"
    OTHER = "other"


class RecordObservation(Command, frozen=True, kw_only=True, tag="observation.record"):
    """Note what was heard or seen. Without a source it is the actor's own."""

    observation: str = ""
    what: Sight
    time: Instant
    precision_minutes: Minutes = 0
    area: str
    text: Annotated[str, Meta(max_length=2000)] = ""
    source: Source | None = None


class ObservationRecorded(Event, frozen=True, kw_only=True, tag="observation.recorded"):
    observation: str
    what: Sight
    time: Instant
    precision_minutes: int
    area: str
    text: str
    source: Source | None


class Observation(msgspec.Struct, frozen=True):
    recorded: ObservationRecorded | None = None


def decide(observation: Observation, command: RecordObservation, context: Context) -> Sequence[Event]:
    """
    Raises:
        Unknown: If there is no such area.
        Invalid: If the source cannot be cited.
        Refused: If another observation has this id.
    """
    require_area(context.city, command.area)
    if command.source is not None:
        require_citable(command.source)
    event = ObservationRecorded(**msgspec.structs.asdict(command))
    if observation.recorded is None:
        return [event]
    if observation.recorded == event:
        return []
    raise Refused(f"the observation {command.observation!r} is another one", "observation")


def evolve(_observation: Observation, event: ObservationRecorded) -> Observation:
    return Observation(event)


OBSERVATION = Subject(
    name="observation",
    id_field="observation",
    commands=(RecordObservation,),
    events=(ObservationRecorded,),
    blank=Observation(),
    decide=decide,
    evolve=evolve,
)
