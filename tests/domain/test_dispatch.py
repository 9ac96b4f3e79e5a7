"""Which team is suggested, and why."""

import random

from hypothesis import given
from hypothesis import strategies as st

from tocsin.domain.response.dispatch import SUITABLE, Candidate, rank
from tocsin.domain.response.teams import Duty, TeamType
from tocsin.domain.response.worksites import Operation


def candidate(team: str, minutes: float | None = 5, type_: TeamType = TeamType.LADDER, **more: object) -> Candidate:
    seconds = None if minutes is None else 60 * minutes
    return Candidate(**{"team": team, "type": type_, "duty": Duty.FREE, "seconds": seconds, **more})  # type: ignore[arg-type]


def order(*candidates: Candidate, operation: Operation = Operation.LADDER_RESCUE) -> list[str]:
    return [each.team for each in rank(operation, candidates)]


def test_the_nearest_that_is_free_comes_first_and_those_that_are_not_say_why() -> None:
    found = rank(
        Operation.LADDER_RESCUE,
        [
            candidate("busy", 1, duty=Duty.ON_SITE, worksite="C-1"),
            candidate("tired", 2, relief_due=True),
            candidate("far", 20),
            candidate("near", 6),
            candidate("somewhere", None),
            candidate("dogs", 1, TeamType.SEARCH_DOGS),
        ],
    )
    assert [each.team for each in found] == ["near", "far", "somewhere", "busy", "tired"]
    assert [each.sendable for each in found] == [True, True, True, False, False]
    assert found[0].why == ("ladder", "6 min on the way")
    assert "on_site C-1" in found[3].why
    assert "relief is due" in found[4].why


def test_a_less_fitting_type_counts_as_ten_minutes_farther_and_a_lent_team_as_five() -> None:
    engineers = candidate("e", 1, TeamType.ENGINEERS)
    assert order(engineers, candidate("h", 10, TeamType.HEAVY_RESCUE), operation=Operation.SHORING) == ["h", "e"]
    assert order(engineers, candidate("h", 12, TeamType.HEAVY_RESCUE), operation=Operation.SHORING) == ["e", "h"]
    assert order(candidate("lent", 2, mutual_aid=True), candidate("ours", 6)) == ["ours", "lent"]


def test_every_operation_has_a_team_that_does_it() -> None:
    assert set(SUITABLE) == set(Operation)
    assert all(SUITABLE.values())


@given(
    st.lists(st.tuples(st.sampled_from(TeamType), st.integers(0, 60), st.sampled_from(Duty)), max_size=12),
    st.sampled_from(Operation),
    st.randoms(use_true_random=False),
)
def test_the_order_they_are_given_in_does_not_matter_and_only_those_that_suit_are_named(
    teams: list[tuple[TeamType, int, Duty]], operation: Operation, dice: random.Random
) -> None:
    candidates = [candidate(f"t{n:02}", away, type_, duty=duty) for n, (type_, away, duty) in enumerate(teams)]
    shuffled = list(candidates)
    dice.shuffle(shuffled)
    found = rank(operation, candidates)
    assert found == rank(operation, shuffled)
    assert {each.team for each in found} == {each.team for each in candidates if each.type in SUITABLE[operation]}
    sendable = [each.sendable for each in found]
    assert sendable == sorted(sendable, reverse=True)
