"""A place for everybody: as many people placed as can be, then the least walking in all; changed and still exact."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.routing.augment import MAX_DOORS, dual_value, prices_of, pull_in, push_out, settle_greedily, worth_of
from tocsin.routing.cold import solve_cold
from tocsin.routing.reach import Longs, Reach, within
from tocsin.routing.streets import streets_between


class Allocation:
    """
    People on arcs, and a price per door that proves them optimal. Not safe to change from two threads.

    Everybody unplaced costs more than any rearrangement could save, so that a plan which places more is always the
    cheaper one. Changes of places are mended by augmenting paths between doors (successive shortest paths; Ahuja,
    Magnanti, Orlin: Network Flows, 1993, chapter 9): outwards from a door with too few places, inwards to one with new
    ones. `gap` is the proof: what the plan costs less what the prices say it must cost at least. Zero is optimal.

    Args:
        reach: May be without arcs: then nobody is placed.
        places: Per door, at least 0; more than there are people is as many as there are people.
        solve: Makes the first plan, as `tocsin.routing.cold` does.

    Raises:
        ValueError: If a door has fewer than no places, their number is not that of the doors, or there are too many.
    """

    def __init__(self, reach: Reach, places: Longs, solve: Callable[[Reach, Longs], Longs] = solve_cold) -> None:
        self.reach = reach
        if reach.doors > MAX_DOORS:
            raise ValueError(f"{reach.doors} doors are more than {MAX_DOORS}")
        self._everybody = int(reach.people.sum())
        self.places = self._sound(places)
        self.unplaced_costs = 2 * (reach.doors + 2) * max(1, reach.limit)
        self._net = _net(reach, self.unplaced_costs)
        self.take(solve(reach, self.places))

    def take(self, flow: Longs, places: Longs | None = None) -> None:
        """
        Take over an optimal plan from elsewhere, and find the prices that prove it.

        Args:
            places: What it was made for; left out, the places as they are.
        """
        reach = self.reach
        if places is not None:
            self.places = places
        placed = np.bincount(reach.home, flow, len(reach.homes)).astype(np.int64)
        self.flow = np.concatenate((flow, reach.people - placed))
        self._count()
        self.prices = prices_of(self._net, self.places, self.load, self.flow, self.unplaced_costs)

    def change(self, places: Mapping[int, int]) -> None:
        """
        Give some doors another number of places, and mend the plan exactly.

        Raises:
            ValueError: If that is less than none.
        """
        before, self.places = self.places, self._changed(places)
        fewer = np.flatnonzero((self.places < before) & (self.load[:-1] > self.places)).astype(np.int32)
        push_out(self._net, self.places, self.load, fewer, self.prices, self.flow)
        shut = np.flatnonzero(self.places == 0)
        # Nobody walks there, so any price proves it; this one is high enough that nobody would want to.
        self.prices[shut] = self.unplaced_costs
        more = np.flatnonzero(self.places > before).astype(np.int32)
        pull_in(self._net, self.places, self.load, more, self.prices, self.flow)

    def change_quickly(self, places: Mapping[int, int]) -> None:
        """
        The same, but only so that nobody is sent where there is no place: each to the nearest door with room. The gap
        says how far that is from the best.
        """
        self.places = self._changed(places)
        settle_greedily(self._net, self.places, self.load, self.flow)

    def gap(self) -> int:
        """Person-decimetres by which the plan may be dearer than the best one; zero proves that it is the best."""
        least = int(dual_value(self._net, self.reach.people, self.prices))
        return self.cost() - (least - int((self.prices[:-1] * self.places).sum()))

    def cost(self) -> int:
        """Person-decimetres, each unplaced counted as `unplaced_costs`."""
        walked = int((self.flow[: len(self.reach.home)] * self.reach.cost).sum())
        return walked + self.unplaced * self.unplaced_costs

    @property
    def walked(self) -> float:
        """Metres that all who are placed walk together."""
        return int((self.flow[: len(self.reach.home)] * self.reach.cost).sum()) / 10

    @property
    def unplaced(self) -> int:
        return int(self.load[-1])

    @property
    def unplaced_by_home(self) -> Longs:
        return self.flow[len(self.reach.home) :]

    @property
    def loads(self) -> Longs:
        """People sent to each door."""
        return self.load[:-1]

    def worth(self) -> tuple[Longs, Longs]:
        """
        What one more place at each door would change (the lowest dual prices), where the gap is zero.

        Returns:
            People more placed, 0 or 1; and decimetres that all together would walk less, if nobody more is placed.
        """
        worth = worth_of(self._net, self.places, self.flow)[:-1]
        # Placing one more may make others walk farther, but never as far as half of what an unplaced one costs.
        placing = worth > self.unplaced_costs // 2
        return placing.astype(np.int64), np.where(placing, 0, worth)

    def _count(self) -> None:
        reach = self.reach
        door = np.repeat(np.arange(reach.doors), np.diff(reach.first))
        loads = np.bincount(door, self.flow[: len(reach.home)], reach.doors).astype(np.int64)
        self.load = np.concatenate((loads, [self.flow[len(reach.home) :].sum()]))

    def _changed(self, places: Mapping[int, int]) -> Longs:
        found = self.places.copy()
        found[np.fromiter(places.keys(), np.int64, len(places))] = [
            min(max(value, -1), self._everybody) for value in places.values()
        ]
        return self._sound(found)

    def _sound(self, places: Longs) -> Longs:
        if len(places) != self.reach.doors:
            raise ValueError(f"{len(places)} numbers of places for {self.reach.doors} doors")
        if (places < 0).any():
            raise ValueError(f"door {int(np.flatnonzero(places < 0)[0])} has fewer than no places")
        return np.minimum(places, self._everybody).astype(np.int64)


def _net(reach: Reach, unplaced_costs: int) -> tuple[NDArray[Any], ...]:
    """
    The arcs home by home as well as door by door, as `tocsin.routing.augment` wants them. Each home gets one entry
    more, which leads nowhere; its arc is numbered on after those of the `Reach`.
    """
    arcs, homes = len(reach.home), len(reach.homes)
    first = np.zeros(homes + 1, np.int32)
    np.cumsum(np.bincount(reach.home, minlength=homes) + 1, out=first[1:])
    order = np.argsort(reach.home, kind="stable")
    entry = np.empty(arcs, np.int32)
    entry[order] = np.arange(arcs, dtype=np.int32) + reach.home[order]
    door = np.full(arcs + homes, reach.doors, np.int32)
    cost = np.full(arcs + homes, unplaced_costs, np.int64)
    arc = np.empty(arcs + homes, np.int32)
    door[entry] = np.repeat(np.arange(reach.doors, dtype=np.int32), np.diff(reach.first))
    cost[entry], arc[entry] = reach.cost, np.arange(arcs, dtype=np.int32)
    arc[first[1:] - 1] = arcs + np.arange(homes, dtype=np.int32)
    return first, door, cost, arc, reach.first, reach.home, entry


def rehearse() -> None:
    """Have every kernel of a plan loaded or compiled, on a street with one home and one door."""
    one = np.array([1], np.int32)
    street = streets_between(2, one - 1, one, one)
    plan = Allocation(within(street, np.array([2, 0], np.int32), one, one, 10), np.array([1], np.int64))
    for places in (2, 0, 1):
        plan.change({0: places})
    plan.change_quickly({0: 2})
    plan.take(solve_cold(plan.reach, plan.places))
    plan.worth()
    if plan.gap():
        raise ArithmeticError(f"the rehearsed plan has a gap of {plan.gap()}")
