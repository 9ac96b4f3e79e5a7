"""The rules of teams."""

import msgspec
import pytest
from tests.town import START, Town, site, team

from tocsin.domain.response.teams import (
    ALLOWED,
    AccountTeam,
    ArriveTeam,
    AssignTeam,
    Duty,
    LocateTeam,
    MissAccount,
    ReleaseTeam,
    RestTeam,
    ReturnTeam,
    TeamType,
)
from tocsin.domain.response.worksites import CloseWorksite, FinishTask, Operation, PlanTask
from tocsin.kernel.errors import Refused, Unknown
from tocsin.kernel.event import Command, kind_of

TO_C1 = AssignTeam(team="UKR-01", worksite="C-1", task="T1")
ARRIVE = ArriveTeam(team="UKR-01")
RELEASE = ReleaseTeam(team="UKR-01", reason="relieved")
REST = RestTeam(team="UKR-01", reason="relieved")
EVERY = (
    team(),
    AssignTeam(team="UKR-01", worksite="C-1"),
    ARRIVE,
    RELEASE,
    REST,
    ReturnTeam(team="UKR-01"),
    LocateTeam(team="UKR-01", lat=50, lon=30),
    AccountTeam(team="UKR-01", people=4),
    MissAccount(team="UKR-01", due=START),
)

HISTORY: dict[Duty, tuple[Command, ...]] = {
    Duty.UNKNOWN: (),
    Duty.FREE: (team(),),
    Duty.ASSIGNED: (team(), TO_C1),
    Duty.ON_SITE: (team(), TO_C1, ARRIVE),
    Duty.RESTING: (team(), REST),
}
TABLE = {
    Duty.UNKNOWN: {"team.register"},
    Duty.FREE: {"team.register", "team.locate", "team.assign", "team.rest"},
    Duty.ASSIGNED: {
        "team.register",
        "team.locate",
        "team.assign",
        "team.arrive",
        "team.release",
        "team.account",
        "team.miss_account",
    },
    Duty.ON_SITE: {
        "team.register",
        "team.locate",
        "team.assign",
        "team.release",
        "team.account",
        "team.miss_account",
    },
    Duty.RESTING: {"team.register", "team.locate", "team.return"},
}


def town() -> Town:
    """With two worksites and two tasks at the first."""
    made = Town()
    plan = PlanTask(worksite="C-1", operation=Operation.DOG_SEARCH)
    made.do(site("C-1"), site("C-2"), plan, plan)
    return made


@pytest.mark.parametrize("command", EVERY, ids=kind_of)
@pytest.mark.parametrize("duty", Duty)
def test_on_each_duty_exactly_the_commands_of_the_table_are_allowed(duty: Duty, command: Command) -> None:
    there = town()
    there.do(*HISTORY[duty])
    if kind_of(command) in TABLE[duty]:
        there.do(command)
    else:
        with pytest.raises((Refused, Unknown)):
            there.do(command)
    assert {kind_of(each) for each in ALLOWED[duty]} == TABLE[duty]


def test_a_team_is_at_one_worksite_at_a_time() -> None:
    there = town()
    there.do(team(), TO_C1)
    with pytest.raises(Refused, match="C-1; release it first"):
        there.do(AssignTeam(team="UKR-01", worksite="C-2"))
    assert there.do(RELEASE, AssignTeam(team="UKR-01", worksite="C-2")) == ("team.assigned",)


def test_the_same_assignment_again_changes_nothing() -> None:
    there = town()
    there.do(team(), TO_C1)
    assert there.do(TO_C1) == ()


def test_a_team_on_site_takes_another_task_without_arriving_again() -> None:
    there = town()
    there.do(team(), TO_C1, ARRIVE, AssignTeam(team="UKR-01", worksite="C-1", task="T2"))
    with pytest.raises(Refused, match="on_site"):
        there.do(ARRIVE)


def test_a_team_goes_only_to_a_worksite_that_exists_and_is_open() -> None:
    there = town()
    there.do(team(), CloseWorksite(worksite="C-2"))
    with pytest.raises(Unknown, match=r"worksite.*C-9"):
        there.do(AssignTeam(team="UKR-01", worksite="C-9"))
    with pytest.raises(Refused, match="C-2 is closed"):
        there.do(AssignTeam(team="UKR-01", worksite="C-2"))


def test_a_team_gets_only_a_task_that_is_there_and_not_done() -> None:
    there = town()
    there.do(team(), FinishTask(worksite="C-1", task="T1", result="nobody found"))
    with pytest.raises(Refused, match="T1"):
        there.do(TO_C1)
    with pytest.raises(Unknown, match=r"task.*T9"):
        there.do(AssignTeam(team="UKR-01", worksite="C-1", task="T9"))


def test_a_team_registered_again_has_a_new_crew_and_stays_where_it_is() -> None:
    there = town()
    there.do(team(), TO_C1, ARRIVE)
    assert there.do(msgspec.structs.replace(team(), crew=6)) == ("team.registered",)
    assert there.do(msgspec.structs.replace(team(), crew=6)) == ()
    assert there.do(RELEASE) == ("team.released",)


def test_two_teams_of_different_types_do_not_share_a_call_sign() -> None:
    there = town()
    there.do(team())
    with pytest.raises(Refused, match="search_dogs"):
        there.do(team(type_=TeamType.LADDER))


def test_a_team_is_at_home_in_an_area_of_the_city() -> None:
    with pytest.raises(Unknown, match=r"^area"):
        town().do(msgspec.structs.replace(team(), area="lviv"))
