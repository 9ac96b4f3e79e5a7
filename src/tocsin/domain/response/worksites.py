"""
Worksites: the places that are searched, from the first triage to the last report.

Field letters such as F11 and G7 are those of the worksite triage and worksite report forms of the INSARAG
Guidelines, volume II, manual B.
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import count
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tocsin.domain.place import Count, Latitude, Longitude, Reason, require_area
from tocsin.domain.response.impacts import Impact
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Command, Event, Instant, kind_of

WorksiteId = Annotated[
    str, Meta(pattern="^([A-Z]{1,3}-)?[1-9][0-9]{0,3}$", description="Sector and number, such as C-6; 6 before sectors")
]
Note = Annotated[str, Meta(max_length=4000)]


class Kind(StrEnum):
    COLLAPSE = "collapse"
    FIRE = "fire"
    DEBRIS = "debris"
    DAMAGE = "damage"


class Scheme(StrEnum):
    """Which edition gives the category letter its meaning. D differs between them, so the letter never goes alone."""

    INSARAG_2015 = "insarag-2015"
    INSARAG_2020 = "insarag-2020"


Category = Literal["A", "B", "C", "D", "E", "F"]


class Operation(StrEnum):
    """Work that a site needs: F15 A to F, and what a burning house needs besides."""

    DOG_SEARCH = "dog_search"
    TECHNICAL_SEARCH = "technical_search"
    SHORING = "shoring"
    BREACHING = "breaching"
    LIFTING = "lifting"
    ROPE = "rope"
    MEDICAL = "medical"
    SUPPRESS_FIRE = "suppress_fire"
    LADDER_RESCUE = "ladder_rescue"
    EVACUATE = "evacuate"


class Stage(StrEnum):
    UNKNOWN = "unknown"
    """There is no such worksite."""
    OPENED = "opened"
    WORKING = "working"
    CLOSED = "closed"


class OpenWorksite(Command, frozen=True, kw_only=True, tag="worksite.open"):
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
    hazards: tuple[Annotated[str, Meta(min_length=1, max_length=100)], ...] = ()


class TriageWorksite(Command, frozen=True, kw_only=True, tag="worksite.triage"):
    """Say how promising the site is: F11, F9 and F10. A later triage replaces an earlier one."""

    worksite: WorksiteId
    scheme: Scheme
    category: Category
    missing: Count
    live_contacts: Count


class PlanTask(Command, frozen=True, kw_only=True, tag="worksite.plan_task"):
    """Order a piece of work. Without a task id it gets the next number of the site."""

    worksite: WorksiteId
    task: Annotated[str, Meta(max_length=40)] = ""
    operation: Operation


class FinishTask(Command, frozen=True, kw_only=True, tag="worksite.finish_task"):
    worksite: WorksiteId
    task: str
    result: Annotated[str, Meta(min_length=1, max_length=2000)]


class ReportWorksite(Command, frozen=True, kw_only=True, tag="worksite.report"):
    """
    The worksite report form for one period of work.

    Attributes:
        asr_level: 1 wide-area assessment to 5 total coverage and recovery (G5).
        live_rescues: People brought out alive in this period (G7).
        dead_recovered: Dead recovered in this period (G8).
        missing: People still missing at its end (G17).
        live_contacts: Live contacts and rescues in progress at its end (G18).
        complete: Whether the assignment is complete (G16).
    """

    worksite: WorksiteId
    period_start: Instant
    period_end: Instant
    asr_level: Annotated[int, Meta(ge=1, le=5)]
    live_rescues: Count
    dead_recovered: Count
    missing: Count
    live_contacts: Count
    complete: bool = False
    note: Note = ""


class CloseWorksite(Command, frozen=True, kw_only=True, tag="worksite.close"):
    worksite: WorksiteId
    note: Note = ""


class ReopenWorksite(Command, frozen=True, kw_only=True, tag="worksite.reopen"):
    """Go on with a closed site, for a late report or a new sign of life."""

    worksite: WorksiteId
    reason: Reason


WorksiteCommand = (
    OpenWorksite | TriageWorksite | PlanTask | FinishTask | ReportWorksite | CloseWorksite | ReopenWorksite
)


class WorksiteOpened(Event, frozen=True, kw_only=True, tag="worksite.opened"):
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


class WorksiteTriaged(Event, frozen=True, kw_only=True, tag="worksite.triaged"):
    worksite: str
    scheme: Scheme
    category: Category
    missing: int
    live_contacts: int


class TaskPlanned(Event, frozen=True, kw_only=True, tag="worksite.task_planned"):
    worksite: str
    task: str
    operation: Operation


class TaskFinished(Event, frozen=True, kw_only=True, tag="worksite.task_finished"):
    worksite: str
    task: str
    result: str


class WorksiteReported(Event, frozen=True, kw_only=True, tag="worksite.reported"):
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


class WorksiteClosed(Event, frozen=True, kw_only=True, tag="worksite.closed"):
    worksite: str
    note: str


class WorksiteReopened(Event, frozen=True, kw_only=True, tag="worksite.reopened"):
    worksite: str
    reason: str


class Task(msgspec.Struct, frozen=True):
    """A piece of work. It has a result once it is finished."""

    task: str
    operation: Operation
    result: str = ""


class Worksite(msgspec.Struct, frozen=True):
    """One worksite as its events leave it."""

    stage: Stage = Stage.UNKNOWN
    tasks: tuple[Task, ...] = ()
    reports: tuple[WorksiteReported, ...] = ()

    def task(self, name: str) -> Task | None:
        return next((task for task in self.tasks if task.task == name), None)


# Read as: at this stage, these commands are allowed. A report that comes in after the site was closed needs it
# reopened: otherwise the figures of a closed site would move with nobody looking.
ALLOWED: dict[Stage, frozenset[type[Command]]] = {
    Stage.UNKNOWN: frozenset({OpenWorksite}),
    Stage.OPENED: frozenset({TriageWorksite, PlanTask, ReportWorksite, CloseWorksite}),
    Stage.WORKING: frozenset({TriageWorksite, PlanTask, FinishTask, ReportWorksite, CloseWorksite}),
    Stage.CLOSED: frozenset({ReopenWorksite}),
}
WORKABLE = frozenset({Stage.OPENED, Stage.WORKING})
"""Where teams may be sent."""


def consults(command: WorksiteCommand) -> Sequence[str]:
    return [f"impact/{impact}" for impact in command.impacts] if isinstance(command, OpenWorksite) else ()


def decide(worksite: Worksite, command: WorksiteCommand, context: Context) -> Sequence[Event]:
    """
    Raises:
        Unknown: If the worksite, the task, an impact or the area does not exist.
        Refused: If the stage does not allow it, or the site is closed with work unfinished.
        Invalid: If a period ends before it starts.
    """
    _require_allowed(worksite, command)
    match command:
        case OpenWorksite():
            return [_open(command, context)]
        case TriageWorksite():
            return [WorksiteTriaged(**msgspec.structs.asdict(command))]
        case PlanTask():
            return _plan(worksite, command)
        case FinishTask():
            return _finish(worksite, command)
        case ReportWorksite():
            return _report(worksite, command)
        case CloseWorksite():
            return [_close(worksite, command)]
        case ReopenWorksite(reason=reason):
            return [WorksiteReopened(worksite=command.worksite, reason=reason)]


def _require_allowed(worksite: Worksite, command: WorksiteCommand) -> None:
    if worksite.stage is Stage.UNKNOWN and not isinstance(command, OpenWorksite):
        raise Unknown(f"there is no worksite {command.worksite!r}", "worksite")
    if type(command) not in ALLOWED[worksite.stage]:
        raise Refused(f"a worksite at the stage {worksite.stage} cannot be changed by {kind_of(command)}")


def _open(command: OpenWorksite, context: Context) -> WorksiteOpened:
    require_area(context.city, command.area)
    for index, impact in enumerate(command.impacts):
        if context.others[f"impact/{impact}"] == Impact():
            raise Unknown(f"there is no impact {impact!r}", f"impacts[{index}]")
    return WorksiteOpened(**msgspec.structs.asdict(command))


def _plan(worksite: Worksite, command: PlanTask) -> Sequence[Event]:
    task = command.task or next(f"T{n}" for n in count(1) if worksite.task(f"T{n}") is None)
    planned = worksite.task(task)
    if planned is None:
        return [TaskPlanned(worksite=command.worksite, task=task, operation=command.operation)]
    if planned == Task(task, command.operation):
        return []
    raise Refused(f"the site has a task {task!r} already: {planned.operation}")


def _finish(worksite: Worksite, command: FinishTask) -> Sequence[Event]:
    task = worksite.task(command.task)
    if task is None:
        raise Unknown(f"the site has no task {command.task!r}", "task")
    if task.result == command.result:
        return []
    if task.result:
        raise Refused(f"the task {command.task!r} is finished already: {task.result}")
    return [TaskFinished(worksite=command.worksite, task=command.task, result=command.result)]


def _report(worksite: Worksite, command: ReportWorksite) -> Sequence[Event]:
    if command.period_end < command.period_start:
        raise Invalid("the period ends before it starts", "period_end")
    report = WorksiteReported(number=len(worksite.reports) + 1, **msgspec.structs.asdict(command))
    if any(msgspec.structs.replace(report, number=earlier.number) == earlier for earlier in worksite.reports):
        # The same form handed in twice would count the same people twice.
        return []
    return [report]


def _close(worksite: Worksite, command: CloseWorksite) -> WorksiteClosed:
    unfinished = [task.task for task in worksite.tasks if not task.result]
    if unfinished:
        raise Refused(f"the site has unfinished tasks: {', '.join(unfinished)}")
    return WorksiteClosed(worksite=command.worksite, note=command.note)


EVENTS = (
    WorksiteOpened,
    WorksiteTriaged,
    TaskPlanned,
    TaskFinished,
    WorksiteReported,
    WorksiteClosed,
    WorksiteReopened,
)
WorksiteEvent = (
    WorksiteOpened | WorksiteTriaged | TaskPlanned | TaskFinished | WorksiteReported | WorksiteClosed | WorksiteReopened
)


def evolve(worksite: Worksite, event: WorksiteEvent) -> Worksite:
    changed = msgspec.structs.replace
    match event:
        case WorksiteOpened():
            return changed(worksite, stage=Stage.OPENED)
        case WorksiteTriaged():
            return worksite
        case TaskPlanned(task=task, operation=operation):
            return changed(worksite, stage=Stage.WORKING, tasks=(*worksite.tasks, Task(task, operation)))
        case TaskFinished():
            return changed(worksite, tasks=tuple(finished(task, event) for task in worksite.tasks))
        case WorksiteReported():
            return changed(worksite, stage=Stage.WORKING, reports=(*worksite.reports, event))
        case WorksiteClosed():
            return changed(worksite, stage=Stage.CLOSED)
        case WorksiteReopened():
            return changed(worksite, stage=Stage.WORKING)


def finished(task: Task, event: TaskFinished) -> Task:
    """The task after the event, which may be about another one."""
    return msgspec.structs.replace(task, result=event.result) if task.task == event.task else task


WORKSITE = Subject(
    name="worksite",
    id_field="worksite",
    commands=(
        OpenWorksite,
        TriageWorksite,
        PlanTask,
        FinishTask,
        ReportWorksite,
        CloseWorksite,
        ReopenWorksite,
    ),
    events=EVENTS,
    blank=Worksite(),
    decide=decide,
    evolve=evolve,
    consults=consults,
)
