"""What may be ordered at a worksite."""

from typing import Annotated

from msgspec import Meta

from tocsin.domain.place import Count, Latitude, Longitude, Reason
from tocsin.domain.response.field_work import EditCommand, FieldCommand
from tocsin.domain.response.worksites.form import (
    Account,
    Category,
    Clearance,
    Corner,
    Effort,
    Fire,
    HandedTo,
    Injuries,
    Kind,
    Level,
    Note,
    Operation,
    Outcome,
    Position,
    Scheme,
    Survey,
    Tag,
    Word,
    WorksiteId,
)
from tocsin.kernel.event import Instant


class OpenWorksite(FieldCommand, frozen=True, kw_only=True, tag="worksite.open"):
    """
    Make a worksite, of impact reports or of what a team found.

    Attributes:
        attack: Which attack it belongs to, if that is known yet. It is not looked up, as with an impact.
        building: What stood there, such as residential or school (F4).
        impacts: The reports it is made of.
    """

    worksite: WorksiteId
    attack: str = ""
    type: Kind
    lat: Latitude
    lon: Longitude
    area: str
    address: Annotated[str, Meta(max_length=300)] = ""
    building: Annotated[str, Meta(max_length=100)] = ""
    impacts: tuple[str, ...] = ()
    hazards: tuple[Word, ...] = ()


class DescribeWorksite(EditCommand, frozen=True, kw_only=True, tag="worksite.describe"):
    """
    Correct what is written of the place (E2 to E4, F14). What is left out stays.

    Attributes:
        boundary: Corners of the worksite in order (E4).
    """

    worksite: WorksiteId
    lat: Latitude | None = None
    lon: Longitude | None = None
    address: Annotated[str, Meta(max_length=300)] | None = None
    building: Annotated[str, Meta(max_length=100)] | None = None
    hazards: tuple[Word, ...] | None = None
    boundary: tuple[Corner, ...] | None = None


class AttachImpacts(FieldCommand, frozen=True, kw_only=True, tag="worksite.attach"):
    """Say that further impact reports are about this worksite."""

    worksite: WorksiteId
    impacts: Annotated[tuple[str, ...], Meta(min_length=1)]


class MergeWorksite(FieldCommand, frozen=True, kw_only=True, tag="worksite.merge"):
    """Say that this worksite is the same place as another, which goes on with what both had."""

    worksite: WorksiteId
    into: WorksiteId
    reason: Reason


class SplitWorksite(FieldCommand, frozen=True, kw_only=True, tag="worksite.split"):
    """
    Make a worksite of its own out of part of another.

    Attributes:
        worksite: The new one.
        source: The one it was part of.
        impacts: Reports that belong to the new one alone.
    """

    worksite: WorksiteId
    source: WorksiteId
    type: Kind
    lat: Latitude
    lon: Longitude
    area: str
    address: Annotated[str, Meta(max_length=300)] = ""
    building: Annotated[str, Meta(max_length=100)] = ""
    impacts: tuple[str, ...] = ()
    reason: Reason


class TriageWorksite(EditCommand, frozen=True, kw_only=True, tag="worksite.triage"):
    """
    Say how promising the site is: F11, F9 and F10. A later triage replaces an earlier one.

    Attributes:
        survey: The rest of the worksite triage form.
    """

    worksite: WorksiteId
    scheme: Scheme
    category: Category
    missing: Count
    live_contacts: Count
    survey: Survey | None = None


class PlanTask(FieldCommand, frozen=True, kw_only=True, tag="worksite.plan_task"):
    """Order a piece of work. Without a task id it gets the next number of the site."""

    worksite: WorksiteId
    task: Annotated[str, Meta(max_length=40)] = ""
    operation: Operation


class FinishTask(FieldCommand, frozen=True, kw_only=True, tag="worksite.finish_task"):
    worksite: WorksiteId
    task: str
    result: Annotated[str, Meta(min_length=1, max_length=2000)]


class ReportFire(FieldCommand, frozen=True, kw_only=True, tag="worksite.report_fire"):
    """Say how far a fire task is. Extinguished finishes it; until then a fire may flare up again."""

    worksite: WorksiteId
    task: str
    fire: Fire
    area_m2: Count | None = None


class ReportWorksite(FieldCommand, frozen=True, kw_only=True, tag="worksite.report"):
    """
    The worksite report form for one period of work.

    Attributes:
        asr_level: 1 wide-area assessment to 5 total coverage and recovery (G5).
        live_rescues: People brought out alive in this period (G7).
        dead_recovered: Dead recovered in this period (G8).
        missing: People still missing at its end (G17).
        live_contacts: Live contacts and rescues in progress at its end (G18).
        complete: Whether the assignment is complete (G16).
        account: The rest of the form.
    """

    worksite: WorksiteId
    period_start: Instant
    period_end: Instant
    asr_level: Level
    live_rescues: Count
    dead_recovered: Count
    missing: Count
    live_contacts: Count
    complete: bool = False
    note: Note = ""
    account: Account | None = None


class ExtricateVictim(FieldCommand, frozen=True, kw_only=True, tag="worksite.extricate"):
    """
    The victim extrication form. What would name the victim (V4) goes to the encrypted store, never here.

    Attributes:
        victim: The victim's number at this site (V1); left out, the next one.
        patient: The victim's triage tag, where they have one.
        lat, lon: Where exactly (E2).
        team: Who brought the victim out (G3).
        floor: V5. 0 is the ground floor, below it are basements.
        minutes: How long it took (V8).
    """

    worksite: WorksiteId
    victim: Annotated[int, Meta(ge=1)] | None = None
    patient: Tag = ""
    lat: Latitude | None = None
    lon: Longitude | None = None
    team: Annotated[str, Meta(max_length=40)] = ""
    floor: Annotated[int, Meta(ge=-20, le=200)] | None = None
    position: Position = Position.OTHER
    work: Effort
    minutes: Count | None = None
    outcome: Outcome
    injuries: Injuries | None = None
    handed_to: HandedTo


class ClearWorksite(FieldCommand, frozen=True, kw_only=True, tag="worksite.clear_rapidly"):
    """
    Paint the rapid clearance mark.

    Attributes:
        ordered_by: The authority that ordered rapid clearance marking (LEMA).
    """

    worksite: WorksiteId
    mark: Clearance
    team: Annotated[str, Meta(min_length=1, max_length=40)]
    ordered_by: Annotated[str, Meta(min_length=1, max_length=200)]


class MarkVictims(FieldCommand, frozen=True, kw_only=True, tag="worksite.mark_victims"):
    """
    Paint, or strike out and paint anew, the victim marking at one spot of the site.

    Attributes:
        spot: Which spot, as those there call it, such as `stairwell 2`.
        live, dead: How many are there now: `L-n` and `D-n`.
        bearing: Where the arrow points, in degrees from north; left out where no arrow is needed.
    """

    worksite: WorksiteId
    spot: Word
    live: Count
    dead: Count
    bearing: Annotated[int, Meta(ge=0, le=359)] | None = None


class CloseWorksite(FieldCommand, frozen=True, kw_only=True, tag="worksite.close"):
    """
    Close a site whose totals reconcile: reports, extrication forms and what is stated here.

    Attributes:
        rescued_alive, recovered_dead: The totals as whoever closes it has them.
        reason: Why it is closed although they disagree, or somebody is still missing.
    """

    worksite: WorksiteId
    note: Note = ""
    rescued_alive: Count | None = None
    recovered_dead: Count | None = None
    reason: Annotated[str, Meta(max_length=2000)] = ""


class ReopenWorksite(FieldCommand, frozen=True, kw_only=True, tag="worksite.reopen"):
    """Go on with a closed or merged site, for a late report or a new sign of life."""

    worksite: WorksiteId
    reason: Reason


COMMANDS = (
    OpenWorksite,
    DescribeWorksite,
    AttachImpacts,
    MergeWorksite,
    SplitWorksite,
    TriageWorksite,
    PlanTask,
    FinishTask,
    ReportFire,
    ReportWorksite,
    ExtricateVictim,
    ClearWorksite,
    MarkVictims,
    CloseWorksite,
    ReopenWorksite,
)
WorksiteCommand = (
    OpenWorksite
    | DescribeWorksite
    | AttachImpacts
    | MergeWorksite
    | SplitWorksite
    | TriageWorksite
    | PlanTask
    | FinishTask
    | ReportFire
    | ReportWorksite
    | ExtricateVictim
    | ClearWorksite
    | MarkVictims
    | CloseWorksite
    | ReopenWorksite
)
