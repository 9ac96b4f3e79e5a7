"""What is allowed at a worksite, and what comes of it."""

from collections.abc import Sequence
from itertools import count

import msgspec

from tocsin.domain.place import require_area
from tocsin.domain.response.field_work import require_past
from tocsin.domain.response.impacts import Impact
from tocsin.domain.response.worksites.closing import disagreements
from tocsin.domain.response.worksites.commands import (
    AttachImpacts,
    ClearWorksite,
    CloseWorksite,
    DescribeWorksite,
    ExtricateVictim,
    FinishTask,
    MarkVictims,
    MergeWorksite,
    OpenWorksite,
    PlanTask,
    ReopenWorksite,
    ReportFire,
    ReportWorksite,
    SplitWorksite,
    TriageWorksite,
    WorksiteCommand,
)
from tocsin.domain.response.worksites.events import (
    FireReported,
    ImpactsAttached,
    TaskFinished,
    TaskPlanned,
    VictimExtricated,
    VictimsMarked,
    WorksiteCleared,
    WorksiteClosed,
    WorksiteDescribed,
    WorksiteMerged,
    WorksiteOpened,
    WorksiteReopened,
    WorksiteReported,
    WorksiteSplit,
    WorksiteTriaged,
)
from tocsin.domain.response.worksites.form import Operation, Stage
from tocsin.domain.response.worksites.sectors import Sector, sector_of
from tocsin.domain.response.worksites.site import Task, Worksite
from tocsin.domain.subject import Context
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Command, Event, kind_of

AT_WORK: frozenset[type[Command]] = frozenset(
    {
        DescribeWorksite,
        AttachImpacts,
        MergeWorksite,
        TriageWorksite,
        PlanTask,
        ReportWorksite,
        ExtricateVictim,
        ClearWorksite,
        MarkVictims,
        CloseWorksite,
    }
)
# Read as: at this stage, these commands are allowed. A report that comes in after the site was closed needs it
# reopened: otherwise the figures of a closed site would move with nobody looking.
ALLOWED: dict[Stage, frozenset[type[Command]]] = {
    Stage.UNKNOWN: frozenset({OpenWorksite, SplitWorksite}),
    Stage.OPENED: AT_WORK,
    Stage.WORKING: AT_WORK | {FinishTask, ReportFire},
    Stage.CLOSED: frozenset({ReopenWorksite}),
    Stage.MERGED: frozenset({ReopenWorksite}),
}
WORKABLE = frozenset({Stage.OPENED, Stage.WORKING})
"""Where teams may be sent."""


def consults(command: WorksiteCommand) -> Sequence[str]:
    match command:
        case OpenWorksite() | SplitWorksite():
            impacts = [f"impact/{impact}" for impact in command.impacts]
            source = [f"worksite/{command.source}"] if isinstance(command, SplitWorksite) else []
            sector = sector_of(command.worksite)
            return [*impacts, *source, *([f"sector/{sector}"] if sector else [])]
        case AttachImpacts(impacts=impacts):
            return [f"impact/{impact}" for impact in impacts]
        case MergeWorksite(into=into):
            return [f"worksite/{into}"]
        case _:
            return ()


def decide(worksite: Worksite, command: WorksiteCommand, context: Context) -> Sequence[Event]:  # noqa: C901 - a table
    """
    Raises:
        Unknown: If the worksite, the task, an impact or the area does not exist.
        Refused: If the stage does not allow it, the totals disagree, or the site is closed with work unfinished.
        Invalid: If a period ends before it starts, or something was done in the future.
    """
    _require_allowed(worksite, command)
    require_past(command, context.now)
    said = msgspec.structs.asdict(command)
    match command:
        case OpenWorksite():
            _require_new(command, context)
            return [WorksiteOpened(**said)]
        case DescribeWorksite():
            return _describe(command, said)
        case AttachImpacts(impacts=impacts):
            _require_impacts(impacts, context)
            return [ImpactsAttached(**said)]
        case MergeWorksite():
            _require_other(command, context)
            return [WorksiteMerged(**said)]
        case SplitWorksite():
            return _split(command, context)
        case TriageWorksite():
            return [WorksiteTriaged(**said)]
        case PlanTask():
            return _plan(worksite, command)
        case FinishTask():
            return _finish(worksite, command)
        case ReportFire():
            return _fire(worksite, command)
        case ReportWorksite():
            return _report(worksite, command)
        case ExtricateVictim():
            return _extricate(worksite, command)
        case ClearWorksite():
            return [WorksiteCleared(**said)]
        case MarkVictims():
            return [VictimsMarked(**said)]
        case CloseWorksite():
            return [_close(worksite, command)]
        case ReopenWorksite():
            return [WorksiteReopened(**said)]


def _require_allowed(worksite: Worksite, command: WorksiteCommand) -> None:
    if worksite.stage is Stage.UNKNOWN and not isinstance(command, OpenWorksite | SplitWorksite):
        raise Unknown(f"there is no worksite {command.worksite!r}", "worksite")
    if type(command) not in ALLOWED[worksite.stage]:
        merged = f" into {worksite.into}" if worksite.into else ""
        raise Refused(
            f"a worksite at the stage {worksite.stage}{merged} cannot be changed by {kind_of(command)}", "worksite"
        )


def _require_new(command: OpenWorksite | SplitWorksite, context: Context) -> None:
    require_area(context.city, command.area)
    _require_impacts(command.impacts, context)
    sector = sector_of(command.worksite)
    if sector and (holder := _sector(sector, context).holder(command.worksite)):
        raise Refused(f"the number {command.worksite} was given to the worksite {holder}", "worksite")


def _sector(sector: str, context: Context) -> Sector:
    found: Sector = context.others[f"sector/{sector}"]
    return found


def _require_impacts(impacts: Sequence[str], context: Context) -> None:
    for index, impact in enumerate(impacts):
        if context.others[f"impact/{impact}"] == Impact():
            raise Unknown(f"there is no impact {impact!r}", f"impacts[{index}]")


def _describe(command: DescribeWorksite, said: dict[str, object]) -> Sequence[Event]:
    if (command.lat is None) is not (command.lon is None):
        raise Invalid("a position has a latitude and a longitude", "lon" if command.lon is None else "lat")
    if command.boundary is not None and 0 < len(command.boundary) < 3:
        raise Invalid("a boundary has three corners or more", "boundary")
    told = {name for name, value in said.items() if value is not None} - {"worksite", "occurred", "seen"}
    return [WorksiteDescribed(**said)] if told else []  # type: ignore[arg-type]


def _require_other(command: MergeWorksite, context: Context) -> None:
    if command.into == command.worksite:
        raise Invalid("a worksite cannot be merged into itself", "into")
    other: Worksite = context.others[f"worksite/{command.into}"]
    if other.stage is Stage.UNKNOWN:
        raise Unknown(f"there is no worksite {command.into!r}", "into")
    if other.stage not in WORKABLE:
        raise Refused(f"the worksite {command.into} is {other.stage}", "into")


def _split(command: SplitWorksite, context: Context) -> Sequence[Event]:
    _require_new(command, context)
    source: Worksite = context.others[f"worksite/{command.source}"]
    if source.stage is Stage.UNKNOWN:
        raise Unknown(f"there is no worksite {command.source!r}", "source")
    if source.stage not in WORKABLE:
        raise Refused(f"the worksite {command.source} is {source.stage}", "source")
    said = msgspec.structs.asdict(command)
    source_id, reason = said.pop("source"), said.pop("reason")
    return [
        WorksiteOpened(attack="", hazards=(), **said),
        WorksiteSplit(
            worksite=command.worksite,
            source=source_id,
            impacts=command.impacts,
            reason=reason,
            occurred=command.occurred,
        ),
    ]


def _plan(worksite: Worksite, command: PlanTask) -> Sequence[Event]:
    task = command.task or next(f"T{n}" for n in count(1) if worksite.task(f"T{n}") is None)
    planned = worksite.task(task)
    if planned is None:
        return [
            TaskPlanned(worksite=command.worksite, task=task, operation=command.operation, occurred=command.occurred)
        ]
    if planned == Task(task, command.operation):
        return []
    raise Refused(f"the site has a task {task!r} already: {planned.operation}", "task")


def _required_task(worksite: Worksite, name: str) -> Task:
    task = worksite.task(name)
    if task is None:
        raise Unknown(f"the site has no task {name!r}", "task")
    return task


def _finish(worksite: Worksite, command: FinishTask) -> Sequence[Event]:
    task = _required_task(worksite, command.task)
    if task.result == command.result:
        return []
    if task.result:
        raise Refused(f"the task {command.task!r} is finished already: {task.result}", "task")
    return [TaskFinished(**msgspec.structs.asdict(command))]


def _fire(worksite: Worksite, command: ReportFire) -> Sequence[Event]:
    task = _required_task(worksite, command.task)
    if task.operation is not Operation.SUPPRESS_FIRE:
        raise Refused(f"the task {command.task!r} is {task.operation}, not {Operation.SUPPRESS_FIRE}", "task")
    if task.fire is command.fire:
        return []
    if task.result:
        raise Refused(
            f"the task {command.task!r} is finished already: {task.result}; plan another for a new fire", "task"
        )
    return [FireReported(**msgspec.structs.asdict(command))]


def _report(worksite: Worksite, command: ReportWorksite) -> Sequence[Event]:
    if command.period_end < command.period_start:
        raise Invalid("the period ends before it starts", "period_end")
    for index, victim in enumerate(command.account.victims if command.account else ()):
        if all(form.victim != victim for form in worksite.victims):
            raise Unknown(f"the site has no extrication form {victim}", f"account.victims[{index}]")
    report = WorksiteReported(number=len(worksite.reports) + 1, **msgspec.structs.asdict(command))
    if any(msgspec.structs.replace(report, number=earlier.number) == earlier for earlier in worksite.reports):
        # The same form handed in twice would count the same people twice.
        return []
    return [report]


def _extricate(worksite: Worksite, command: ExtricateVictim) -> Sequence[Event]:
    numbers = [form.victim for form in worksite.victims]
    said = msgspec.structs.asdict(command) | {"victim": command.victim or max(numbers, default=0) + 1}
    form = VictimExtricated(**said)
    if form in worksite.victims:
        return []
    if form.victim in numbers:
        raise Refused(f"the site has another victim {form.victim} already", "victim")
    if command.patient and (held := [each for each in worksite.victims if each.patient == command.patient]):
        # One person on two forms would be two people in the total.
        raise Refused(f"the patient {command.patient} is on the form of victim {held[0].victim} already", "patient")
    return [form]


def _close(worksite: Worksite, command: CloseWorksite) -> WorksiteClosed:
    unfinished = [task.task for task in worksite.tasks if not task.result]
    if unfinished:
        raise Refused(f"the site has unfinished tasks: {', '.join(unfinished)}", "worksite")
    found = disagreements(worksite, command)
    if found and not command.reason.strip():
        raise Refused(f"{'; '.join(found)}. Put it right, or close with a reason", "reason")
    return WorksiteClosed(
        worksite=command.worksite,
        note=command.note,
        reason=command.reason,
        disagreements=found,
        occurred=command.occurred,
    )
