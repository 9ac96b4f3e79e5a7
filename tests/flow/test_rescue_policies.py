"""What the time and the events order of teams, through the whole system and its running loop of policies."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.running import PODIL
from tests.system.test_replay_equals_live import Time, system

from tocsin.domain.response.teams import AccountTeam, ArriveTeam, AssignTeam, Duty, RegisterTeam, TeamType
from tocsin.domain.response.worksites import Kind, MergeWorksite, OpenWorksite
from tocsin.kernel.event import Actor, Command, kind_of
from tocsin.views.teams import TeamState
from tocsin.wiring import Loops, Running

IRYNA = Actor("iryna", "dispatcher")


class Site:
    """Two worksites and a team with dogs on one of them, in a system whose clock is set by hand."""

    def __init__(self) -> None:
        self.clock = Time()
        self.running: Running = system(self.clock)
        self.loops = Loops(self.running)
        for worksite, lat in (("1", 50.4600), ("2", 50.4601)):
            self.do(OpenWorksite(worksite=worksite, type=Kind.COLLAPSE, lat=lat, lon=30.51, area=PODIL))
        names = {"uk": "Кінологи", "en": "Dogs"}
        self.do(RegisterTeam(team="K9", type=TeamType.SEARCH_DOGS, names=names, area=PODIL, crew=4))
        self.do(AssignTeam(team="K9", worksite="2"))
        self.do(ArriveTeam(team="K9"))

    def do(self, command: Command) -> None:
        self.running.system.do(command, IRYNA)

    def team(self) -> TeamState:
        (team,) = self.running.system.views.teams.all()
        return team

    def kinds(self, after: int) -> list[str]:
        return [kind_of(recorded.event) for recorded in self.running.system.journal.read(after=after)]


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.running.system.close()


async def settled(site: Site) -> None:
    task = asyncio.create_task(site.loops.run())
    await site.loops.settle(20)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_a_crew_that_is_not_heard_of_stands_overdue_once_and_until_it_is(site: Site) -> None:
    site.do(AccountTeam(team="K9", people=4, next_minutes=20))
    head = site.running.system.journal.head().position
    site.clock.now += timedelta(minutes=19)
    site.loops.policies.tick()
    assert site.kinds(head) == []
    site.clock.now += timedelta(minutes=2)
    site.loops.policies.tick()
    site.loops.policies.tick()
    assert site.kinds(head) == ["team.account_missed"]
    assert site.team().overdue
    site.do(AccountTeam(team="K9", people=4))
    assert not site.team().overdue


def test_teams_of_a_merged_worksite_go_on_at_the_one_that_stays(site: Site) -> None:
    head = site.running.system.journal.head().position
    site.do(MergeWorksite(worksite="2", into="1", reason="one house"))
    asyncio.run(settled(site))
    assert site.kinds(head) == ["worksite.merged", "team.released", "team.assigned", "team.arrived"]
    assert (site.team().worksite, site.team().duty) == ("1", Duty.ON_SITE)
    site.loops.policies.tick()
    assert len(site.kinds(head)) == 4
