"""Which patient goes where: never more than a hospital has, the worst first, and the best of all ways."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.domain.response.distribution import MOST, SUITABLE, WEIGHT, Case, Distribution, Room, distribute
from tocsin.domain.response.hospitals import BedType
from tocsin.domain.response.patients import Category
from tocsin.kernel.errors import Invalid

HOSPITALS = ("h-1", "h-2", "h-3")


def case(patient: str, category: Category, minutes: tuple[float, ...] = (5, 10, 15), child: bool = False) -> Case:
    seconds = {hospital: 60 * away for hospital, away in zip(HOSPITALS, minutes, strict=False)}
    return Case(patient=patient, category=category, child=child, seconds=seconds)


def room(hospital: str, bed: BedType, free: int, wait: float = 0) -> Room:
    return Room(hospital=hospital, bed=bed, free=free, wait_seconds=wait)


def places(found: Distribution) -> dict[str, tuple[str, BedType]]:
    return {each.patient: (each.hospital, each.bed) for each in found.placements}


def test_the_only_bed_goes_to_the_worst_though_another_is_nearer() -> None:
    found = distribute(
        [case("near", Category.YELLOW, (1,)), case("far", Category.RED, (40,))],
        [room("h-1", BedType.EMERGENCY_DEPARTMENT, 1)],
    )
    assert places(found) == {"far": ("h-1", BedType.EMERGENCY_DEPARTMENT)}
    assert found.unplaced == ("near",)


def test_a_child_goes_to_a_childrens_bed_and_an_adult_never_does() -> None:
    rooms = [room("h-1", BedType.PEDIATRIC_ICU, 2), room("h-2", BedType.ADULT_ICU, 1)]
    found = distribute([case("a", Category.RED), case("b", Category.RED), case("c", Category.RED, child=True)], rooms)
    assert places(found) == {"a": ("h-2", BedType.ADULT_ICU), "c": ("h-1", BedType.PEDIATRIC_ICU)} or places(found) == {
        "b": ("h-2", BedType.ADULT_ICU),
        "c": ("h-1", BedType.PEDIATRIC_ICU),
    }


def test_a_long_wait_at_the_door_sends_the_ambulance_farther() -> None:
    rooms = [room("h-1", BedType.MEDICAL_SURGICAL, 1, wait=3600), room("h-3", BedType.MEDICAL_SURGICAL, 1)]
    found = distribute([case("a", Category.YELLOW)], rooms)
    assert places(found)["a"][0] == "h-3"


def test_no_bed_is_taken_by_the_dead_and_nobody_is_sent_where_no_way_leads() -> None:
    rooms = [room("h-2", BedType.ADULT_ICU, 9)]
    found = distribute([case("dead", Category.BLACK), case("cut-off", Category.RED, (5,))], rooms)
    assert (found.placements, found.unplaced) == ((), ("cut-off",))


def test_nobody_and_nothing_is_no_error() -> None:
    assert distribute([], [room("h-1", BedType.BURN, 3)]) == Distribution((), ())
    assert distribute([case("a", Category.RED)], []).unplaced == ("a",)


def test_too_many_at_once_are_refused_not_placed_inexactly() -> None:
    with pytest.raises(Invalid, match="worksite"):
        distribute([case(f"p{n}", Category.GREEN) for n in range(MOST + 1)], [])


@st.composite
def nights(draw: st.DrawFn, most: int) -> tuple[list[Case], list[Room]]:
    minutes = st.tuples(*(st.integers(1, 60) for _ in HOSPITALS))
    cases = [
        case(f"p{n}", draw(st.sampled_from(Category)), draw(minutes), draw(st.booleans()))
        for n in range(draw(st.integers(0, most)))
    ]
    chosen = draw(st.lists(st.tuples(st.sampled_from(HOSPITALS), st.sampled_from(BedType)), max_size=5, unique=True))
    return cases, [room(hospital, bed, draw(st.integers(0, 2)), draw(st.integers(0, 900))) for hospital, bed in chosen]


@given(nights(12))
def test_no_hospital_is_ever_overfilled_and_everybody_is_placed_once_or_named(
    night: tuple[list[Case], list[Room]],
) -> None:
    cases, rooms = night
    found = distribute(cases, rooms)
    used = Counter((each.hospital, each.bed) for each in found.placements)
    assert all(used[each.hospital, each.bed] <= each.free for each in rooms)
    assert used.total() == sum(used[each.hospital, each.bed] for each in rooms)
    told = [each.patient for each in found.placements] + list(found.unplaced)
    assert sorted(told) == sorted(each.patient for each in cases if each.category is not Category.BLACK)
    by_patient = {each.patient: each for each in cases}
    for each in found.placements:
        one = by_patient[each.patient]
        assert each.bed in dict(SUITABLE[one.category, one.child])


Score = tuple[int, int, int, float]


def score(cases: list[Case], chosen: list[Room | None]) -> Score:
    """The immediate, delayed and minor left over, then the weighted seconds: less is better."""
    left = Counter(one.category for one, where in zip(cases, chosen, strict=True) if where is None)
    cost = 0.0
    for one, where in zip(cases, chosen, strict=True):
        if where is not None:
            minutes = dict(SUITABLE[one.category, one.child])[where.bed]
            cost += WEIGHT[one.category] * (one.seconds[where.hospital] + where.wait_seconds + 60 * minutes)
    return left[Category.RED], left[Category.YELLOW], left[Category.GREEN], cost


@settings(max_examples=60)
@given(nights(4))
def test_no_other_way_is_better_by_trying_all_of_them(night: tuple[list[Case], list[Room]]) -> None:
    cases = [each for each in night[0] if each.category is not Category.BLACK]
    rooms = night[1]
    where = places(distribute(cases, rooms))
    by_name = {(each.hospital, each.bed): each for each in rooms}
    ours = score(cases, [by_name[where[one.patient]] if one.patient in where else None for one in cases])
    options = [
        [None, *(each for each in rooms if each.bed in dict(SUITABLE[one.category, one.child]))] for one in cases
    ]
    best = min(
        score(cases, list(chosen))
        for chosen in product(*options)
        if all(sum(each is place for each in chosen) <= place.free for place in rooms)
    )
    assert ours == best
