"""Shelters: which there are, which are open, and how full they are."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain.place import Count, Latitude, Longitude, Names, Reason, require_area
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Command, Event, kind_of


class Status(StrEnum):
    """Whether people can get in."""

    UNKNOWN = "unknown"
    """Nobody has said. What the city's folder says of it holds."""
    OPEN = "open"
    CLOSED = "closed"


class RegisterShelter(Command, frozen=True, kw_only=True, tag="shelter.register"):
    """Add a shelter that the city's folder does not have."""

    shelter: str = ""
    names: Names
    lat: Latitude
    lon: Longitude
    capacity: Annotated[int, Meta(ge=1)]
    area: str
    type: Annotated[str, Meta(min_length=1, max_length=60)]
    step_free: bool = False


class OpenShelter(Command, frozen=True, kw_only=True, tag="shelter.open"):
    shelter: str


class CloseShelter(Command, frozen=True, kw_only=True, tag="shelter.close"):
    shelter: str
    reason: Reason


class ReportOccupancy(Command, frozen=True, kw_only=True, tag="shelter.report_occupancy"):
    """Say how many people are inside now."""

    shelter: str
    people: Count


ShelterCommand = RegisterShelter | OpenShelter | CloseShelter | ReportOccupancy


class ShelterRegistered(Event, frozen=True, kw_only=True, tag="shelter.registered"):
    shelter: str
    names: dict[str, str]
    lat: float
    lon: float
    capacity: int
    area: str
    type: str
    step_free: bool


class ShelterOpened(Event, frozen=True, kw_only=True, tag="shelter.opened"):
    shelter: str


class ShelterClosed(Event, frozen=True, kw_only=True, tag="shelter.closed"):
    shelter: str
    reason: str


class OccupancyReported(Event, frozen=True, kw_only=True, tag="shelter.occupancy_reported"):
    """May say more people than the shelter has places for: that is how it is some nights."""

    shelter: str
    people: int


class Shelter(msgspec.Struct, frozen=True):
    """One shelter as its events leave it. Where it is and what it holds stands in `registered` or in the city."""

    status: Status = Status.UNKNOWN
    registered: ShelterRegistered | None = None


SAID: frozenset[type[Command]] = frozenset({OpenShelter, CloseShelter, ReportOccupancy})

# Read as: with this status, these commands are allowed. Opening an open shelter and closing a closed one are allowed
# and change nothing: two wardens may both report the same door.
ALLOWED: dict[Status, frozenset[type[Command]]] = {
    Status.UNKNOWN: SAID | {RegisterShelter},
    Status.OPEN: SAID,
    Status.CLOSED: SAID,
}


def decide(shelter: Shelter, command: ShelterCommand, context: Context) -> Sequence[Event]:
    """
    Raises:
        Unknown: If there is no such shelter or area.
        Refused: If a shelter is registered that exists already.
        Invalid: If fewer than no people are inside.
    """
    name = command.shelter
    known = shelter.registered is not None or name in context.city.shelters
    if not known and not isinstance(command, RegisterShelter):
        raise Unknown(f"there is no shelter {name!r}", "shelter")
    if type(command) not in ALLOWED[shelter.status]:
        raise Refused(f"a shelter that is {shelter.status} cannot be changed by {kind_of(command)}", "shelter")
    match command:
        case RegisterShelter():
            return _register(shelter, command, context)
        case OpenShelter():
            return [] if shelter.status is Status.OPEN else [ShelterOpened(shelter=name)]
        case CloseShelter(reason=reason):
            return [] if shelter.status is Status.CLOSED else [ShelterClosed(shelter=name, reason=reason)]
        case ReportOccupancy(people=people):
            if people < 0:
                raise Invalid("fewer than no people cannot be inside", "people")
            return [OccupancyReported(shelter=name, people=people)]


def _register(shelter: Shelter, command: RegisterShelter, context: Context) -> Sequence[Event]:
    require_area(context.city, command.area)
    event = ShelterRegistered(**msgspec.structs.asdict(command))
    if event == shelter.registered:
        return []
    if shelter.registered is not None or command.shelter in context.city.shelters:
        # A second one under the same name would send people to where the first one is not.
        raise Refused(f"there is a shelter {command.shelter!r} already", "shelter")
    return [event]


EVENTS = (ShelterRegistered, ShelterOpened, ShelterClosed, OccupancyReported)
ShelterEvent = ShelterRegistered | ShelterOpened | ShelterClosed | OccupancyReported


def evolve(shelter: Shelter, event: ShelterEvent) -> Shelter:
    match event:
        case ShelterRegistered():
            return msgspec.structs.replace(shelter, registered=event)
        case ShelterOpened():
            return msgspec.structs.replace(shelter, status=Status.OPEN)
        case ShelterClosed():
            return msgspec.structs.replace(shelter, status=Status.CLOSED)
        case OccupancyReported():
            return shelter


SHELTER = Subject(
    name="shelter",
    id_field="shelter",
    commands=(RegisterShelter, OpenShelter, CloseShelter, ReportOccupancy),
    events=EVENTS,
    blank=Shelter(),
    decide=decide,
    evolve=evolve,
)
