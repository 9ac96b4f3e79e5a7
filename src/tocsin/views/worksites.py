"""Worksites: how far each is, who works there, and whom they found."""

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from tocsin.domain.response.teams import TeamArrived, TeamAssigned, TeamReleased
from tocsin.domain.response.worksites import (
    Category,
    Kind,
    Scheme,
    Stage,
    Task,
    TaskFinished,
    TaskPlanned,
    WorksiteClosed,
    WorksiteOpened,
    WorksiteReopened,
    WorksiteReported,
    WorksiteTriaged,
    finished,
)
from tocsin.kernel.event import Event, Instant, Recorded
from tocsin.views.view import Handler, View


class TeamThere(msgspec.Struct, frozen=True):
    """A team at a worksite, or on its way there while `on_site` is false."""

    team: str
    task: str = ""
    on_site: bool = False


class WorksiteState(msgspec.Struct, frozen=True):
    """
    One worksite as it stands.

    Attributes:
        scheme, category: Of the last triage; None before the first. The letter means nothing without the scheme.
        rescued_alive, recovered_dead: Sums over the site's reports (G7, G8).
        missing, live_contacts: As last said by a triage or a report, whichever came later; None if none came.
        asr_level: Of the last report.
        complete: What the last report said of the assignment (G16).
        reports: How many there are.
        position: Of the event that last changed this.
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


class WorksiteLine(msgspec.Struct, frozen=True):
    """One worksite in the report of a replay."""

    id: str
    kind: Kind
    category: Category | None
    rescued_alive: int
    recovered_dead: int


class WorksitesState(msgspec.Struct):
    worksites: dict[str, WorksiteState] = {}


class Worksites(View[WorksitesState]):
    name: ClassVar[str] = "worksites"

    def __init__(self) -> None:
        super().__init__(WorksitesState())

    def handlers(self) -> Mapping[type[Event], Handler]:
        return {
            WorksiteOpened: self._opened,
            WorksiteTriaged: self._triaged,
            TaskPlanned: self._planned,
            TaskFinished: self._finished,
            WorksiteReported: self._reported,
            WorksiteClosed: self._closed,
            WorksiteReopened: self._reopened,
            TeamAssigned: self._assigned,
            TeamArrived: self._arrived,
            TeamReleased: self._released,
        }

    def _opened(self, recorded: Recorded) -> None:
        event: WorksiteOpened = recorded.event
        said = msgspec.structs.asdict(event)
        self.state.worksites[event.worksite] = WorksiteState(
            id=said.pop("worksite"),
            kind=said.pop("type"),
            opened_at=recorded.time,
            position=recorded.position,
            **said,
        )

    def _triaged(self, recorded: Recorded) -> None:
        event: WorksiteTriaged = recorded.event
        self._change(
            recorded,
            scheme=event.scheme,
            category=event.category,
            missing=event.missing,
            live_contacts=event.live_contacts,
        )

    def _planned(self, recorded: Recorded) -> None:
        event: TaskPlanned = recorded.event
        tasks = (*self._of(recorded).tasks, Task(event.task, event.operation))
        self._change(recorded, stage=Stage.WORKING, tasks=tasks)

    def _finished(self, recorded: Recorded) -> None:
        self._change(recorded, tasks=tuple(finished(task, recorded.event) for task in self._of(recorded).tasks))

    def _reported(self, recorded: Recorded) -> None:
        event: WorksiteReported = recorded.event
        site = self._of(recorded)
        self._change(
            recorded,
            stage=Stage.WORKING,
            rescued_alive=site.rescued_alive + event.live_rescues,
            recovered_dead=site.recovered_dead + event.dead_recovered,
            missing=event.missing,
            live_contacts=event.live_contacts,
            asr_level=event.asr_level,
            complete=event.complete,
            reports=event.number,
        )

    def _closed(self, recorded: Recorded) -> None:
        self._change(recorded, stage=Stage.CLOSED)

    def _reopened(self, recorded: Recorded) -> None:
        self._change(recorded, stage=Stage.WORKING)

    def _assigned(self, recorded: Recorded) -> None:
        event: TeamAssigned = recorded.event
        there = self._team(recorded)
        team = TeamThere(event.team, event.task, on_site=there is not None and there.on_site)
        self._change(recorded, teams=(*self._others(recorded), team))

    def _arrived(self, recorded: Recorded) -> None:
        there = self._team(recorded) or TeamThere(recorded.event.team)
        self._change(recorded, teams=(*self._others(recorded), msgspec.structs.replace(there, on_site=True)))

    def _released(self, recorded: Recorded) -> None:
        self._change(recorded, teams=self._others(recorded))

    def _team(self, recorded: Recorded) -> TeamThere | None:
        return next((team for team in self._of(recorded).teams if team.team == recorded.event.team), None)

    def _others(self, recorded: Recorded) -> tuple[TeamThere, ...]:
        return tuple(team for team in self._of(recorded).teams if team.team != recorded.event.team)

    def _of(self, recorded: Recorded) -> WorksiteState:
        return self.state.worksites[recorded.event.worksite]

    def _change(self, recorded: Recorded, **changes: object) -> None:
        changed = msgspec.structs.replace(self._of(recorded), position=recorded.position, **changes)
        self.state.worksites[changed.id] = changed

    def worksite(self, worksite: str) -> WorksiteState | None:
        return self.state.worksites.get(worksite)

    def all(self, attack: str | None = None) -> list[WorksiteState]:
        """All worksites, or those of one attack, by id."""
        sites = self.state.worksites.values()
        return sorted((site for site in sites if attack in (None, site.attack)), key=lambda site: site.id)

    def report(self, attack: str | None = None) -> list[WorksiteLine]:
        """The worksites as the report of a replay has them."""
        return [
            WorksiteLine(site.id, site.kind, site.category, site.rescued_alive, site.recovered_dead)
            for site in self.all(attack)
        ]
