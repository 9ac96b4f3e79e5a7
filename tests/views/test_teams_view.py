"""Teams: accountability, relief, rest; and the clock that asks for them."""

from datetime import timedelta

import pytest
from tests.town import Town, site, team

from tocsin.domain.response.teams import (
    AccountTeam,
    AssignTeam,
    Duty,
    LocateTeam,
    MissAccount,
    ReleaseTeam,
    RestTeam,
    ReturnTeam,
)
from tocsin.kernel.errors import Invalid, Refused
from tocsin.views.teams import RELIEF_AFTER, RESTED_AFTER, Teams, TeamState

ASSIGN = AssignTeam(team="UKR-01", worksite="C-1")
RELEASE = ReleaseTeam(team="UKR-01", reason="done")
ACCOUNT = AccountTeam(team="UKR-01", people=4, next_minutes=20)


def working() -> Town:
    town = Town()
    town.do(site(), team(), ASSIGN)
    return town


def state(town: Town) -> TeamState:
    found = town.view(Teams).team("UKR-01")
    assert found is not None
    return found


def test_a_team_that_was_heard_of_is_due_again_and_missed_only_once() -> None:
    town = working()
    town.do(ACCOUNT)
    due = town.now + timedelta(minutes=20)
    assert (state(town).accounted, state(town).account_due) == (4, due)
    teams = town.view(Teams)
    assert teams.unheard(due - timedelta(seconds=1)) == []
    assert [each.team for each in teams.unheard(due)] == ["UKR-01"]
    assert town.do(MissAccount(team="UKR-01", due=due)) == ("team.account_missed",)
    assert (state(town).overdue, teams.unheard(due)) == (True, [])
    assert town.do(MissAccount(team="UKR-01", due=due)) == ()
    town.do(ACCOUNT)
    assert not state(town).overdue


def test_whoever_reported_meanwhile_is_not_missed() -> None:
    town = working()
    town.do(ACCOUNT)
    due = state(town).account_due
    assert due is not None
    town.do(ACCOUNT)
    assert town.do(MissAccount(team="UKR-01", due=due)) == ()


def test_a_report_from_the_field_counts_from_its_own_time() -> None:
    town = working()
    told = town.now - timedelta(minutes=15)
    town.do(AccountTeam(team="UKR-01", people=3, next_minutes=20, occurred=told))
    assert state(town).account_due == told + timedelta(minutes=20)


def test_no_more_people_are_accounted_for_than_the_crew_has() -> None:
    with pytest.raises(Invalid, match="people"):
        working().do(AccountTeam(team="UKR-01", people=5))


def test_a_released_team_is_not_waited_for() -> None:
    town = working()
    town.do(ACCOUNT, RELEASE)
    assert state(town).account_due is None


def test_relief_is_due_after_hours_worked_until_the_team_has_rested() -> None:
    town = working()
    due = town.now + RELIEF_AFTER
    assert state(town).relief_due == due
    town.do(RELEASE, ASSIGN)
    assert state(town).relief_due == due
    town.do(RELEASE, RestTeam(team="UKR-01", reason="relieved"))
    assert (state(town).duty, state(town).relief_due) == (Duty.RESTING, None)
    with pytest.raises(Refused, match="resting"):
        town.do(ASSIGN)
    town.do(ReturnTeam(team="UKR-01"), ASSIGN)
    assert state(town).relief_due == town.now + RELIEF_AFTER


def test_a_team_that_was_free_for_long_has_rested() -> None:
    town = working()
    town.do(RELEASE)
    town.now += RESTED_AFTER
    town.do(ASSIGN)
    assert state(town).relief_due == town.now + RELIEF_AFTER


def test_a_team_says_where_it_is() -> None:
    town = working()
    town.do(LocateTeam(team="UKR-01", lat=50.4, lon=30.6))
    assert (state(town).lat, state(town).lon) == (50.4, 30.6)
