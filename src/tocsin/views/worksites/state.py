"""One worksite as the pages show it."""

import msgspec

from tocsin.domain.response.worksites import Category, Clearance, Corner, Kind, Scheme, Stage, Survey, Task
from tocsin.kernel.event import Instant
from tocsin.views.edits import Edits


class TeamThere(msgspec.Struct, frozen=True):
    """A team at a worksite, or on its way there while `on_site` is false."""

    team: str
    task: str = ""
    on_site: bool = False


class LevelDone(msgspec.Struct, frozen=True):
    """A level of search that a team completed there, as it is painted on the wall."""

    team: str
    asr_level: int
    at: Instant


class Victims(msgspec.Struct, frozen=True):
    """Victim extrication forms, counted."""

    live: int = 0
    deceased: int = 0


class ClearanceMark(msgspec.Struct, frozen=True):
    """The rapid clearance mark, by whom and when."""

    mark: Clearance
    team: str
    at: Instant


class VictimMark(msgspec.Struct, frozen=True):
    """
    The victim marking at one spot.

    Attributes:
        counts: `L-n` and `D-n` as they were painted one after another; all but the last are struck out.
    """

    spot: str
    bearing: int | None
    counts: tuple[tuple[int, int], ...]


class WorksiteState(msgspec.Struct, frozen=True):
    """
    One worksite as it stands.

    Attributes:
        scheme, category: Of the last triage; None before the first. The letter means nothing without the scheme.
        rescued_alive, recovered_dead: Sums over the site's reports (G7, G8), with those of sites merged into it.
        missing, live_contacts: As last said by a triage or a report, whichever is of the later time; None if none came.
        asr_level: Of the last report.
        complete: What the last report said of the assignment (G16).
        reports: How many there are.
        position: Of the event that last changed this. An edit made offline carries it as `seen`.
        number: What is painted on it now: its INSARAG id. `id` stays what it was opened under.
        former: Numbers it had before.
        merged: Worksites that were found to be this same place.
        into: The worksite this one was merged into.
        boundary: Its corners in order (E4).
        survey: The rest of the last triage form.
        levels: Levels of search completed, in the order of their ends.
        victims: Extrication forms of this site alone.
        clearance: The rapid clearance mark, where LEMA ordered one.
        marks: Victim markings, by spot.
        closed_reason: Why it was closed although something did not add up.
        as_of: The time that `missing` and `live_contacts` are of.
        edits: The last word on each field that people edit, with the conflicts among them.
    """

    id: str
    kind: Kind
    attack: str
    lat: float
    lon: float
    area: str
    address: str
    building: str
    impacts: tuple[str, ...]
    hazards: tuple[str, ...]
    opened_at: Instant
    position: int
    stage: Stage = Stage.OPENED
    scheme: Scheme | None = None
    category: Category | None = None
    rescued_alive: int = 0
    recovered_dead: int = 0
    missing: int | None = None
    live_contacts: int | None = None
    asr_level: int | None = None
    complete: bool = False
    reports: int = 0
    tasks: tuple[Task, ...] = ()
    teams: tuple[TeamThere, ...] = ()
    number: str = ""
    former: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    into: str = ""
    boundary: tuple[Corner, ...] = ()
    survey: Survey | None = None
    levels: tuple[LevelDone, ...] = ()
    victims: Victims = Victims()
    clearance: ClearanceMark | None = None
    marks: tuple[VictimMark, ...] = ()
    closed_reason: str = ""
    as_of: Instant | None = None
    edits: Edits = msgspec.field(default_factory=Edits)


class WorksiteLine(msgspec.Struct, frozen=True):
    """One worksite in the report of a replay."""

    id: str
    kind: Kind
    category: Category | None
    rescued_alive: int
    recovered_dead: int


class WorksitesState(msgspec.Struct):
    """
    Attributes:
        named: Number now painted to the worksite's own id, for those that were renumbered.
    """

    worksites: dict[str, WorksiteState] = {}
    named: dict[str, str] = {}
