"""Teams: who there is, and where each of them is."""

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from tocsin.domain.response.teams import Duty, TeamArrived, TeamAssigned, TeamRegistered, TeamReleased, TeamType
from tocsin.kernel.event import Event, Instant, Recorded
from tocsin.views.view import Handler, View


class TeamState(msgspec.Struct, frozen=True):
    """
    One team as it stands.

    Attributes:
        area: Where it is at home.
        since: When its duty last changed.
        position: Of the event that last changed this.
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


class TeamsState(msgspec.Struct):
    teams: dict[str, TeamState] = {}


class Teams(View[TeamsState]):
    name: ClassVar[str] = "teams"

    def __init__(self) -> None:
        super().__init__(TeamsState())

    def handlers(self) -> Mapping[type[Event], Handler]:
        return {
            TeamRegistered: self._registered,
            TeamAssigned: self._assigned,
            TeamArrived: self._arrived,
            TeamReleased: self._released,
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
        self._change(recorded, duty, event.worksite, event.task)

    def _arrived(self, recorded: Recorded) -> None:
        team = self.state.teams[recorded.event.team]
        self._change(recorded, Duty.ON_SITE, team.worksite, team.task)

    def _released(self, recorded: Recorded) -> None:
        self._change(recorded, Duty.FREE, "", "")

    def _change(self, recorded: Recorded, duty: Duty, worksite: str, task: str) -> None:
        team = self.state.teams[recorded.event.team]
        self.state.teams[team.team] = msgspec.structs.replace(
            team,
            duty=duty,
            worksite=worksite,
            task=task,
            since=team.since if duty is team.duty else recorded.time,
            position=recorded.position,
        )

    def team(self, team: str) -> TeamState | None:
        return self.state.teams.get(team)

    def all(self) -> list[TeamState]:
        """All teams by id."""
        return [self.state.teams[team] for team in sorted(self.state.teams)]
