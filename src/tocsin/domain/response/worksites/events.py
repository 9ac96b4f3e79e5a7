"""What has happened at a worksite."""

from tocsin.domain.response.field_work import EditEvent, FieldEvent
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
    Operation,
    Outcome,
    Position,
    Scheme,
    Survey,
)
from tocsin.kernel.event import Instant


class WorksiteOpened(FieldEvent, frozen=True, kw_only=True, tag="worksite.opened"):
    worksite: str
    attack: str
    type: Kind
    lat: float
    lon: float
    area: str
    address: str
    building: str
    impacts: tuple[str, ...]
    hazards: tuple[str, ...]


class WorksiteDescribed(EditEvent, frozen=True, kw_only=True, tag="worksite.described"):
    """None where nothing was said of it."""

    worksite: str
    lat: float | None
    lon: float | None
    address: str | None
    building: str | None
    hazards: tuple[str, ...] | None
    boundary: tuple[Corner, ...] | None


class ImpactsAttached(FieldEvent, frozen=True, kw_only=True, tag="worksite.attached"):
    worksite: str
    impacts: tuple[str, ...]


class WorksiteMerged(FieldEvent, frozen=True, kw_only=True, tag="worksite.merged"):
    """The worksite is the same place as `into`. What was reported at it counts there from now on."""

    worksite: str
    into: str
    reason: str


class WorksiteSplit(FieldEvent, frozen=True, kw_only=True, tag="worksite.split_off"):
    """The worksite was part of `source`. The impacts are its own now."""

    worksite: str
    source: str
    impacts: tuple[str, ...]
    reason: str


class WorksiteTriaged(EditEvent, frozen=True, kw_only=True, tag="worksite.triaged"):
    worksite: str
    scheme: Scheme
    category: Category
    missing: int
    live_contacts: int
    survey: Survey | None = None


class TaskPlanned(FieldEvent, frozen=True, kw_only=True, tag="worksite.task_planned"):
    worksite: str
    task: str
    operation: Operation


class TaskFinished(FieldEvent, frozen=True, kw_only=True, tag="worksite.task_finished"):
    worksite: str
    task: str
    result: str


class FireReported(FieldEvent, frozen=True, kw_only=True, tag="worksite.fire_reported"):
    worksite: str
    task: str
    fire: Fire
    area_m2: int | None


class WorksiteReported(FieldEvent, frozen=True, kw_only=True, tag="worksite.reported"):
    """One report form. `number` counts the site's reports from 1 (G15)."""

    worksite: str
    number: int
    period_start: Instant
    period_end: Instant
    asr_level: int
    live_rescues: int
    dead_recovered: int
    missing: int
    live_contacts: int
    complete: bool
    note: str
    account: Account | None = None


class VictimExtricated(FieldEvent, frozen=True, kw_only=True, tag="worksite.extricated"):
    """One victim extrication form. The worksite's id with `victim` behind it is the victim's (V1)."""

    worksite: str
    victim: int
    patient: str
    lat: float | None
    lon: float | None
    team: str
    floor: int | None
    position: Position
    work: Effort
    minutes: int | None
    outcome: Outcome
    injuries: Injuries | None
    handed_to: HandedTo


class WorksiteCleared(FieldEvent, frozen=True, kw_only=True, tag="worksite.cleared_rapidly"):
    worksite: str
    mark: Clearance
    team: str
    ordered_by: str


class VictimsMarked(FieldEvent, frozen=True, kw_only=True, tag="worksite.victims_marked"):
    worksite: str
    spot: str
    live: int
    dead: int
    bearing: int | None


class WorksiteClosed(FieldEvent, frozen=True, kw_only=True, tag="worksite.closed"):
    """
    Attributes:
        disagreements: What did not add up when it was closed with a reason.
    """

    worksite: str
    note: str
    reason: str = ""
    disagreements: tuple[str, ...] = ()


class WorksiteReopened(FieldEvent, frozen=True, kw_only=True, tag="worksite.reopened"):
    worksite: str
    reason: str


EVENTS = (
    WorksiteOpened,
    WorksiteDescribed,
    ImpactsAttached,
    WorksiteMerged,
    WorksiteSplit,
    WorksiteTriaged,
    TaskPlanned,
    TaskFinished,
    FireReported,
    WorksiteReported,
    VictimExtricated,
    WorksiteCleared,
    VictimsMarked,
    WorksiteClosed,
    WorksiteReopened,
)
WorksiteEvent = (
    WorksiteOpened
    | WorksiteDescribed
    | ImpactsAttached
    | WorksiteMerged
    | WorksiteSplit
    | WorksiteTriaged
    | TaskPlanned
    | TaskFinished
    | FireReported
    | WorksiteReported
    | VictimExtricated
    | WorksiteCleared
    | VictimsMarked
    | WorksiteClosed
    | WorksiteReopened
)
