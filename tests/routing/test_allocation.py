"""A place for everybody: against OR-Tools from nothing, and with the gap as proof."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.routing.networks import Drawn, columns, networks, plain_dijkstra

from tocsin.routing.allocation import Allocation
from tocsin.routing.cold import solve_cold
from tocsin.routing.reach import Reach, within

places_ = st.one_of(st.integers(0, 12), st.just(2**62))


@st.composite
def allocations(draw: st.DrawFn) -> tuple[Reach, list[int]]:
    """A few homes and doors, with arcs between some of them."""
    homes, doors = draw(st.integers(1, 8)), draw(st.integers(1, 6))
    pairs = draw(st.sets(st.tuples(st.integers(0, doors - 1), st.integers(0, homes - 1)), max_size=30))
    arcs = sorted(pairs)
    costs = [draw(st.integers(0, 20)) for _ in arcs]
    counts = np.bincount([door for door, _ in arcs], minlength=doors) if arcs else np.zeros(doors, np.int64)
    reach = Reach(
        homes=np.arange(homes, dtype=np.int32),
        people=np.array([draw(st.integers(1, 9)) for _ in range(homes)], np.int64),
        first=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        home=np.array([home for _, home in arcs], np.int32),
        cost=np.array(costs, np.int32),
        limit=20,
    )
    return reach, [draw(places_) for _ in range(doors)]


def cost_from_nothing(reach: Reach, allocation: Allocation) -> int:
    flow = solve_cold(reach, allocation.places)
    left = int(reach.people.sum() - flow.sum())
    return int((flow * reach.cost).sum()) + left * allocation.unplaced_costs


def assert_sound(allocation: Allocation) -> None:
    reach = allocation.reach
    assert (allocation.flow >= 0).all()
    placed = np.bincount(reach.home, allocation.flow[: len(reach.home)], len(reach.homes))
    assert (placed + allocation.unplaced_by_home == reach.people).all()
    door = np.repeat(np.arange(reach.doors), np.diff(reach.first))
    loads = np.bincount(door, allocation.flow[: len(reach.home)], reach.doors)
    assert (loads == allocation.loads).all()
    assert (allocation.loads <= allocation.places).all()
    assert allocation.unplaced == allocation.unplaced_by_home.sum()


@settings(max_examples=150, deadline=None)
@given(allocations(), st.data())
def test_the_plan_is_as_good_as_from_nothing_whatever_closes_fills_and_reopens(
    drawn: tuple[Reach, list[int]], data: st.DataObject
) -> None:
    reach, places = drawn
    allocation = Allocation(reach, np.array(places, np.int64))
    for _ in range(4):
        assert_sound(allocation)
        assert allocation.cost() == cost_from_nothing(reach, allocation)
        assert allocation.gap() == 0
        allocation.change(data.draw(st.dictionaries(st.integers(0, reach.doors - 1), places_, max_size=4)))
    assert_sound(allocation)
    assert allocation.gap() == 0


@settings(max_examples=60, deadline=None)
@given(allocations(), st.data())
def test_the_quick_repair_sends_nobody_where_there_is_no_place_and_the_gap_says_what_it_costs(
    drawn: tuple[Reach, list[int]], data: st.DataObject
) -> None:
    reach, places = drawn
    allocation = Allocation(reach, np.array(places, np.int64))
    allocation.change_quickly(data.draw(st.dictionaries(st.integers(0, reach.doors - 1), places_, max_size=4)))
    assert_sound(allocation)
    best = cost_from_nothing(reach, allocation)
    assert allocation.cost() >= best
    assert allocation.gap() >= allocation.cost() - best
    allocation.take(solve_cold(reach, allocation.places))
    assert (allocation.cost(), allocation.gap()) == (best, 0)


@settings(max_examples=60, deadline=None)
@given(allocations())
def test_one_more_place_is_worth_what_the_prices_say(drawn: tuple[Reach, list[int]]) -> None:
    reach, places = drawn
    allocation = Allocation(reach, np.array(places, np.int64))
    before, (placing, walking) = allocation.cost(), allocation.worth()
    for door in np.flatnonzero(allocation.places > 0)[:3].tolist():
        richer = Allocation(reach, allocation.places + (np.arange(reach.doors) == door))
        saved = before - richer.cost()
        if placing[door]:
            assert saved > allocation.unplaced_costs // 2
            assert richer.unplaced == allocation.unplaced - 1
        else:
            assert saved == walking[door]


@settings(deadline=None)
@given(networks(), st.integers(0, 120))
def test_every_pair_in_reach_is_there_with_its_distance(network: Drawn, limit: int) -> None:
    people = np.arange(network.nodes, dtype=np.int32) % 3
    reach = within(network.arrays(), people, *columns(network.doors), limit)
    found = {}
    for door in range(reach.doors):
        for arc in range(int(reach.first[door]), int(reach.first[door + 1])):
            found[door, int(reach.homes[reach.home[arc]])] = int(reach.cost[arc])
    expected = {
        (at, node): far
        for at, door in enumerate(network.doors)
        for node, far in plain_dijkstra(network, [door]).items()
        if far <= limit and people[node]
    }
    assert found == expected


@settings(deadline=None)
@given(networks(), st.integers(0, 120), st.data())
def test_a_door_with_several_ways_in_is_as_far_as_the_nearest_of_them(
    network: Drawn, limit: int, data: st.DataObject
) -> None:
    people = np.ones(network.nodes, np.int32)
    many = len(network.doors)
    cuts = sorted(data.draw(st.lists(st.integers(0, many), max_size=3)))
    begin = np.array([0, *cuts, many], np.int64)
    reach = within(network.arrays(), people, *columns(network.doors), limit, begin)
    assert reach.doors == len(begin) - 1
    for door in range(reach.doors):
        arcs = slice(int(reach.first[door]), int(reach.first[door + 1]))
        found = dict(zip(reach.home[arcs].tolist(), reach.cost[arcs].tolist(), strict=True))
        nearest = plain_dijkstra(network, network.doors[int(begin[door]) : int(begin[door + 1])])
        assert found == {node: far for node, far in nearest.items() if far <= limit}


def test_with_no_door_or_nobody_in_reach_all_are_unplaced() -> None:
    network = Drawn(3, {(0, 1): 10}, [])
    people = np.array([5, 0, 7], np.int32)
    none = Allocation(within(network.arrays(), people, *columns([]), 100), np.zeros(0, np.int64))
    assert (none.unplaced, none.gap()) == (12, 0)
    island = Allocation(within(network.arrays(), people, *columns([(1, 0)]), 5), np.array([9], np.int64))
    assert (island.unplaced, island.gap()) == (12, 0)
    doorless = within(network.arrays(), people, *columns([]), 100, np.zeros(2, np.int64))
    nowhere = Allocation(doorless, np.array([9], np.int64))
    assert (nowhere.unplaced, nowhere.gap()) == (12, 0)


def test_fewer_than_no_places_are_refused_and_change_nothing() -> None:
    reach = within(Drawn(2, {(0, 1): 10}, []).arrays(), np.array([5, 0], np.int32), *columns([(1, 0)]), 100)
    allocation = Allocation(reach, np.array([3], np.int64))
    with pytest.raises(ValueError, match="fewer than no places"):
        allocation.change({0: -1})
    assert (allocation.places.tolist(), allocation.unplaced) == ([3], 2)
    with pytest.raises(ValueError, match="1 doors"):
        Allocation(reach, np.array([1, 1], np.int64))
