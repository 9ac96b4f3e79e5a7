"""
Sectors, and the numbers of the worksites in them.

A worksite has a bare number until its sector exists; then it is the sector's letter and a number, such as `C-6`
(INSARAG Guidelines, Manual B). A number once given is never given to another place, also when the worksite is
moved to another sector later: whoever reads the old sign must still find the same house.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain.place import Names, require_area
from tocsin.domain.response.worksites.form import SectorId, Stage
from tocsin.domain.response.worksites.site import Worksite
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Refused, Unknown
from tocsin.kernel.event import Command, Event

Number = Annotated[int, Meta(ge=1, le=9999)]


class OpenSector(Command, frozen=True, kw_only=True, tag="sector.open"):
    """Divide the city's search: one sector, by its letter. Opening it again tells of other names or areas."""

    sector: SectorId
    names: Names
    areas: tuple[str, ...] = ()


class NumberWorksite(Command, frozen=True, kw_only=True, tag="sector.number"):
    """
    Give a worksite its number in a sector.

    Attributes:
        worksite: By the name it was opened under.
    """

    sector: SectorId
    worksite: str
    number: Number


class SectorOpened(Event, frozen=True, kw_only=True, tag="sector.opened"):
    sector: str
    names: dict[str, str]
    areas: tuple[str, ...]


class WorksiteNumbered(Event, frozen=True, kw_only=True, tag="sector.numbered"):
    sector: str
    worksite: str
    number: int


class Sector(msgspec.Struct, frozen=True):
    """
    Attributes:
        numbers: Every number that was ever given, with the worksite it was given to.
    """

    opened: SectorOpened | None = None
    numbers: Mapping[int, str] = {}

    def holder(self, worksite: str) -> str:
        """The other worksite that has the number in this id; empty if none has."""
        held = self.numbers.get(int(worksite.rpartition("-")[2]), "")
        return "" if held == worksite else held


def sector_of(worksite: str) -> str:
    """The letter in a worksite's id, or empty where it is a bare number."""
    return worksite.rpartition("-")[0]


def consults(command: OpenSector | NumberWorksite) -> Sequence[str]:
    if isinstance(command, OpenSector):
        return ()
    return [f"worksite/{command.worksite}", f"worksite/{command.sector}-{command.number}"]


def decide(sector: Sector, command: OpenSector | NumberWorksite, context: Context) -> Sequence[Event]:
    """
    Raises:
        Unknown: If the sector, an area or the worksite does not exist.
        Refused: If the number belongs to another worksite.
    """
    if isinstance(command, OpenSector):
        for index, area in enumerate(command.areas):
            require_area(context.city, area, f"areas[{index}]")
        event = SectorOpened(**msgspec.structs.asdict(command))
        return [] if event == sector.opened else [event]
    return _number(sector, command, context)


def _number(sector: Sector, command: NumberWorksite, context: Context) -> Sequence[Event]:
    if sector.opened is None:
        raise Unknown(f"there is no sector {command.sector!r}", "sector")
    if _worksite(command.worksite, context).stage is Stage.UNKNOWN:
        raise Unknown(f"there is no worksite {command.worksite!r}", "worksite")
    held, id_ = sector.numbers.get(command.number), f"{command.sector}-{command.number}"
    if held == command.worksite:
        return []
    # A site that was opened under this id has it, though the sector never gave it.
    if held or (id_ != command.worksite and _worksite(id_, context).stage is not Stage.UNKNOWN):
        raise Refused(f"the number {id_} belongs to the worksite {held or id_}", "number")
    return [WorksiteNumbered(sector=command.sector, worksite=command.worksite, number=command.number)]


def _worksite(worksite: str, context: Context) -> Worksite:
    found: Worksite = context.others[f"worksite/{worksite}"]
    return found


def evolve(sector: Sector, event: SectorOpened | WorksiteNumbered) -> Sector:
    if isinstance(event, SectorOpened):
        return msgspec.structs.replace(sector, opened=event)
    return msgspec.structs.replace(sector, numbers={**sector.numbers, event.number: event.worksite})


SECTOR = Subject(
    name="sector",
    id_field="sector",
    commands=(OpenSector, NumberWorksite),
    events=(SectorOpened, WorksiteNumbered),
    blank=Sector(),
    decide=decide,
    evolve=evolve,
    consults=consults,
)
