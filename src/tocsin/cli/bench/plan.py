"""A place for everybody: the plan from nothing and the plan mended, beside OR-Tools from nothing."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from tocsin.city.footways import Footways
from tocsin.city.pace import PACES, WALKING_LIMIT_MINUTES, Profile
from tocsin.city.place import City
from tocsin.cli.bench.ground import ground, memory_mib
from tocsin.cli.bench.measure import Bench, Row, bench, row
from tocsin.routing.allocation import Allocation
from tocsin.routing.cold import solve_cold
from tocsin.routing.reach import Longs, within

ROUNDS = 5
CLOSED, REOPENED = 45, 10


def run(folder: Path | None, scales: Sequence[float], minutes: float = WALKING_LIMIT_MINUTES) -> Bench:
    """With several scales the metrics of each but the first carry its name."""
    rows: list[Row] = []
    for number, scale in enumerate(scales):
        suffix = "" if number == 0 else f"@{scale:g}"
        with ground(folder, scale) as (city, ways):
            rows += _measure(city, ways, minutes, suffix)
    return bench("plan", rows)


def _measure(city: City, ways: Footways, minutes: float, suffix: str) -> list[Row]:
    """
    In each round: OR-Tools from nothing; 45 shelters closed, mended, and solved from nothing as well; 10 of them
    reopened likewise. Ours from nothing is that solution of OR-Tools, and then the prices that prove it.

    Raises:
        AssertionError: If a mended plan costs anything else than OR-Tools', or its gap is not zero.
    """
    nodes, beyond, begin = ways.all_doors(city.shelters)
    places = np.array([shelter.capacity for shelter in city.shelters], np.int64)
    limit = int(minutes * 60 * PACES[Profile.ADULT].metres_per_second * 10)
    found: dict[tuple[str, str, str], list[float]] = {}

    def note(name: str, metric: str, milliseconds: float) -> None:
        found.setdefault((name, metric, "ms"), []).append(milliseconds)

    reach = within(ways.streets, ways.people, nodes, beyond, limit, begin)
    plan = Allocation(reach, places)
    plan.change({0: 0})
    plan.change({0: int(places[0])})
    rng = np.random.default_rng(3)
    for _ in range(ROUNDS):
        note("tocsin", "arcs_ms", _ms(lambda: within(ways.streets, ways.people, nodes, beyond, limit, begin)))
        cold, flow = _by_ortools(plan)
        note("ortools", "cold_ms", cold)
        note("tocsin", "cold_ms", cold + _ms(lambda: plan.take(flow)))  # noqa: B023
        chosen = rng.choice(len(places), min(CLOSED, len(places)), replace=False).tolist()
        note("tocsin", "replan_45_closed", _ms(lambda: plan.change(dict.fromkeys(chosen, 0))))  # noqa: B023
        note("ortools", "replan_45_closed", _by_ortools(plan)[0])
        back = {door: int(places[door]) for door in chosen[:REOPENED]}
        note("tocsin", "replan_10_reopened", _ms(lambda: plan.change(back)))  # noqa: B023
        note("ortools", "replan_10_reopened", _by_ortools(plan)[0])
        plan.change({door: int(places[door]) for door in chosen})
    found["tocsin", "gap_m", "person-metres"] = [plan.gap() / 10]
    found["tocsin", "arcs", "arcs"] = [float(len(reach.home))]
    found["tocsin", "memory_mib", "MiB"] = [memory_mib()]
    return [row(name, metric + suffix, unit, "lower", values) for (name, metric, unit), values in found.items()]


def _ms(what: Callable[[], object]) -> float:
    start = time.perf_counter()
    what()
    return (time.perf_counter() - start) * 1e3


def _by_ortools(plan: Allocation) -> tuple[float, Longs]:
    """Milliseconds to solve the same from nothing, and the flow, which has to cost the same."""
    start = time.perf_counter()
    flow = solve_cold(plan.reach, plan.places)
    took = (time.perf_counter() - start) * 1e3
    reach = plan.reach
    cost = int((flow * reach.cost).sum()) + (int(reach.people.sum()) - int(flow.sum())) * plan.unplaced_costs
    if cost != plan.cost() or plan.gap() != 0:
        raise AssertionError(f"mended {plan.cost()}, from nothing {cost}, gap {plan.gap()}")
    return took, flow
