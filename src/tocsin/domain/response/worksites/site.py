"""One worksite as its events leave it."""

import msgspec

from tocsin.domain.response.worksites.events import (
    FireReported,
    TaskFinished,
    TaskPlanned,
    VictimExtricated,
    WorksiteClosed,
    WorksiteEvent,
    WorksiteMerged,
    WorksiteOpened,
    WorksiteReopened,
    WorksiteReported,
    WorksiteTriaged,
)
from tocsin.domain.response.worksites.form import Fire, Operation, Stage

EXTINGUISHED = "extinguished"
"""The result of a fire task whose fire is out."""


class Task(msgspec.Struct, frozen=True):
    """A piece of work. It has a result once it is finished."""

    task: str
    operation: Operation
    result: str = ""
    fire: Fire | None = None


class Worksite(msgspec.Struct, frozen=True):
    """
    One worksite as its events leave it.

    Attributes:
        into: The worksite it was merged into.
        missing, live_contacts: As last said.
    """

    stage: Stage = Stage.UNKNOWN
    tasks: tuple[Task, ...] = ()
    reports: tuple[WorksiteReported, ...] = ()
    victims: tuple[VictimExtricated, ...] = ()
    into: str = ""
    missing: int = 0
    live_contacts: int = 0

    def task(self, name: str) -> Task | None:
        return next((task for task in self.tasks if task.task == name), None)


def evolve(worksite: Worksite, event: WorksiteEvent) -> Worksite:  # noqa: C901 - a table
    changed = msgspec.structs.replace
    match event:
        case WorksiteOpened():
            return changed(worksite, stage=Stage.OPENED)
        case WorksiteTriaged(missing=missing, live_contacts=contacts):
            return changed(worksite, missing=missing, live_contacts=contacts)
        case TaskPlanned(task=task, operation=operation):
            return changed(worksite, stage=Stage.WORKING, tasks=(*worksite.tasks, Task(task, operation)))
        case TaskFinished() | FireReported():
            return changed(worksite, tasks=tuple(progressed(task, event) for task in worksite.tasks))
        case WorksiteReported():
            return _reported(worksite, event)
        case VictimExtricated():
            return changed(worksite, stage=Stage.WORKING, victims=(*worksite.victims, event))
        case WorksiteClosed():
            return changed(worksite, stage=Stage.CLOSED)
        case WorksiteMerged(into=into):
            return changed(worksite, stage=Stage.MERGED, into=into)
        case WorksiteReopened():
            return changed(worksite, stage=Stage.WORKING, into="")
        case _:
            return worksite


def _reported(worksite: Worksite, event: WorksiteReported) -> Worksite:
    # A form that comes in late tells how it was then, not how it is: G17 and G18 are those of the latest period.
    latest = all(event.period_end >= earlier.period_end for earlier in worksite.reports)
    return msgspec.structs.replace(
        worksite,
        stage=Stage.WORKING,
        reports=(*worksite.reports, event),
        missing=event.missing if latest else worksite.missing,
        live_contacts=event.live_contacts if latest else worksite.live_contacts,
    )


def progressed(task: Task, event: TaskFinished | FireReported) -> Task:
    """The task after the event, which may be about another one."""
    if task.task != event.task:
        return task
    if isinstance(event, TaskFinished):
        return msgspec.structs.replace(task, result=event.result)
    out = event.fire is Fire.EXTINGUISHED
    return msgspec.structs.replace(task, fire=event.fire, result=EXTINGUISHED if out else task.result)
