"""Teams: who there is, and where each of them is."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

import msgspec

from tocsin.domain.response.teams import (
    AccountMissed,
    Duty,
    TeamAccounted,
    TeamArrived,
    TeamAssigned,
    TeamLocated,
    TeamRegistered,
    TeamReleased,
    TeamRested,
    TeamReturned,
    TeamType,
)
from tocsin.kernel.event import Event, Instant, Recorded
from tocsin.views.edits import occurred
from tocsin.views.view import Handler, View

RELIEF_AFTER = timedelta(hours=8)
"""Worked so long, counted from the first assignment, a team is due for relief. A policy of ours."""
RESTED_AFTER = timedelta(hours=4)
"""Whoever was free so long has rested, also without saying so."""


class TeamState(msgspec.Struct, frozen=True):
    """
    One team as it stands.

    Attributes:
        area: Where it is at home.
        since: When its duty last changed.
        position: Of the event that last changed this.
        lat, lon: Where it last said it is.
        accounted: How many of the crew were accounted for at the last report.
        account_due: When the next accountability report has to come; None if no timer runs.
        overdue: The report that was due did not come.
        relief_due: When it has worked as long as it may.
    """

    team: str
    type: TeamType
    names: dict[str, str]
    area: str
    crew: int
    since: Instant
    position: int
    duty: Duty = Duty.FREE
    worksite: str = ""
    task: str = ""
    equipment: tuple[str, ...] = ()
    agency: str = ""
    mutual_aid: bool = False
    lat: float | None = None
    lon: float | None = None
    accounted: int | None = None
    account_due: Instant | None = None
    overdue: bool = False
    relief_due: Instant | None = None


class TeamsState(msgspec.Struct):
    teams: dict[str, TeamState] = {}


class Teams(View[TeamsState]):
    name: ClassVar[str] = "teams"
    version: ClassVar[int] = 2

    def __init__(self) -> None:
        super().__init__(TeamsState())

    def handlers(self) -> Mapping[type[Event], Handler]:
        return {
            TeamRegistered: self._registered,
            TeamAssigned: self._assigned,
            TeamArrived: self._arrived,
            TeamReleased: self._released,
            TeamLocated: self._located,
            TeamAccounted: self._accounted,
            AccountMissed: self._missed,
            TeamRested: self._rested,
            TeamReturned: self._released,
        }

    def _registered(self, recorded: Recorded) -> None:
        event: TeamRegistered = recorded.event
        known = self.state.teams.get(event.team)
        said = msgspec.structs.asdict(event)
        if known is not None:
            self.state.teams[event.team] = msgspec.structs.replace(known, position=recorded.position, **said)
        else:
            self.state.teams[event.team] = TeamState(since=recorded.time, position=recorded.position, **said)

    def _assigned(self, recorded: Recorded) -> None:
        event: TeamAssigned = recorded.event
        team = self.state.teams[event.team]
        duty = Duty.ON_SITE if team.duty is Duty.ON_SITE else Duty.ASSIGNED
        at = occurred(recorded)
        rested = team.relief_due is None or (team.duty is Duty.FREE and at - team.since >= RESTED_AFTER)
        due = at + RELIEF_AFTER if rested else team.relief_due
        self._change(recorded, duty, event.worksite, event.task, relief_due=due)

    def _arrived(self, recorded: Recorded) -> None:
        team = self.state.teams[recorded.event.team]
        self._change(recorded, Duty.ON_SITE, team.worksite, team.task)

    def _released(self, recorded: Recorded) -> None:
        self._change(recorded, Duty.FREE, "", "", account_due=None, overdue=False)

    def _located(self, recorded: Recorded) -> None:
        event: TeamLocated = recorded.event
        self._put(recorded, lat=event.lat, lon=event.lon)

    def _accounted(self, recorded: Recorded) -> None:
        event: TeamAccounted = recorded.event
        self._put(recorded, accounted=event.people, account_due=event.due, overdue=False)

    def _missed(self, recorded: Recorded) -> None:
        self._put(recorded, account_due=None, overdue=True)

    def _rested(self, recorded: Recorded) -> None:
        self._change(recorded, Duty.RESTING, "", "", relief_due=None)

    def _put(self, recorded: Recorded, **changes: object) -> None:
        team = self.state.teams[recorded.event.team]
        self.state.teams[team.team] = msgspec.structs.replace(team, position=recorded.position, **changes)

    def _change(self, recorded: Recorded, duty: Duty, worksite: str, task: str, **more: object) -> None:
        team = self.state.teams[recorded.event.team]
        self.state.teams[team.team] = msgspec.structs.replace(
            team,
            duty=duty,
            worksite=worksite,
            task=task,
            since=team.since if duty is team.duty else occurred(recorded),
            position=recorded.position,
            **more,
        )

    def team(self, team: str) -> TeamState | None:
        return self.state.teams.get(team)

    def unheard(self, now: datetime) -> list[TeamState]:
        """Teams whose accountability report is due by now, by id."""
        return [team for team in self.all() if team.account_due is not None and team.account_due <= now]

    def all(self) -> list[TeamState]:
        """All teams by id."""
        return [self.state.teams[team] for team in sorted(self.state.teams)]
