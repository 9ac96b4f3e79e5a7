"""Which reports are of one place, for a person to decide."""

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.town import START

from tocsin.domain.response.clusters import Rules, Sighting, normal_address, propose

METRE = 1 / 111_195
"""Degrees of latitude."""


def seen(id_: str, metres: float = 0, minutes: float = 0, address: str = "", worksite: bool = False) -> Sighting:
    """A report so many metres north of one place and minutes after the start."""
    return Sighting(
        id=id_,
        lat=50.45 + metres * METRE,
        lon=30.5,
        time=START + timedelta(minutes=minutes),
        address=address,
        worksite=worksite,
    )


def groups(*sightings: Sighting) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(each.impacts, each.worksites) for each in propose(sightings)]


def test_two_calls_of_one_blow_are_proposed_as_one_with_the_reason() -> None:
    (proposal,) = propose([seen("a"), seen("b", metres=60, minutes=4)])
    assert proposal.impacts == ("a", "b")
    (link,) = proposal.links
    assert (link.metres, link.reasons) == (60, ("60 m apart and 4 min",))


@pytest.mark.parametrize(("metres", "minutes", "together"), [(74, 15, True), (76, 0, False), (0, 16, False)])
def test_reports_are_of_one_blow_up_to_75_metres_and_15_minutes(metres: float, minutes: float, together: bool) -> None:
    assert bool(groups(seen("a"), seen("b", metres, minutes))) is together


def test_one_address_is_one_place_though_the_telephones_were_placed_far_apart() -> None:
    a = seen("a", address="вул. Ярославів Вал, 15")
    assert groups(a, seen("b", 900, 60, "Ярославів вал 15")) == [(("a", "b"), ())]
    assert groups(a, seen("b", 900, 121, "Ярославів вал 15")) == []
    assert groups(a, seen("b", 900, 60, "Ярославів вал 17")) == []


def test_a_street_without_a_number_is_no_address() -> None:
    assert normal_address("Харківське шосе") == ""
    assert groups(seen("a", address="Харківське шосе"), seen("b", 900, address="Харківське шосе")) == []


def test_reports_in_a_row_belong_together_though_the_ends_are_far_apart() -> None:
    assert groups(*(seen(f"r{n}", metres=50 * n) for n in range(5))) == [(("r0", "r1", "r2", "r3", "r4"), ())]


def test_a_late_report_at_a_worksite_is_proposed_to_it_and_two_worksites_at_one_place_to_each_other() -> None:
    assert groups(seen("C-1", worksite=True), seen("a", 30, 600)) == [(("a",), ("C-1",))]
    assert groups(seen("C-1", worksite=True), seen("C-2", 39, worksite=True)) == [((), ("C-1", "C-2"))]
    assert groups(seen("C-1", worksite=True), seen("C-2", 41, worksite=True)) == []


def test_a_report_and_a_worksite_of_one_name_are_two_things() -> None:
    assert groups(seen("6", worksite=True), seen("6", 10)) == [(("6",), ("6",))]


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 60)), max_size=14),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_calls_does_not_matter_and_nobody_is_in_two_groups(
    places: list[tuple[int, int]], dice: random.Random
) -> None:
    sightings = [seen(f"r{n:02}", metres, minutes) for n, (metres, minutes) in enumerate(places)]
    shuffled = list(sightings)
    dice.shuffle(shuffled)
    found = propose(sightings)
    assert found == propose(shuffled)
    members = [impact for proposal in found for impact in proposal.impacts]
    assert len(members) == len(set(members))
    alone = {each.id for each in sightings} - set(members)
    rules = Rules()
    for one in (each for each in sightings if each.id in alone):
        assert not any(
            other is not one
            and abs(one.lat - other.lat) / METRE <= rules.near_m - 1
            and abs(one.time - other.time) <= rules.within
            for other in sightings
        )
