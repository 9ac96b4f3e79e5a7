"""The plan from nothing, by OR-Tools' min-cost flow. It holds the interpreter's lock: a server runs it in a process."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from tocsin.routing.reach import Longs, Reach


def solve_cold(reach: Reach, places: Longs) -> Longs:
    """
    As many people placed as can be, and then the least walking in all (A. V. Goldberg's cost scaling).

    Args:
        places: Per door, at least 0.

    Returns:
        People on each arc.
    """
    homes, doors, arcs = len(reach.homes), reach.doors, len(reach.home)
    if not arcs:
        return np.zeros(0, np.int64)
    solver = SimpleMinCostFlow()
    door = np.repeat(np.arange(doors), np.diff(reach.first))
    everybody = int(reach.people.sum())
    walks = solver.add_arcs_with_capacity_and_unit_cost(
        reach.home, door + homes, reach.people[reach.home], reach.cost.astype(np.int64)
    )
    solver.add_arcs_with_capacity_and_unit_cost(
        np.arange(doors) + homes,
        np.full(doors, homes + doors),
        np.minimum(places, everybody),
        np.zeros(doors, np.int64),
    )
    solver.set_nodes_supplies(np.arange(homes), reach.people)
    solver.set_node_supply(homes + doors, -everybody)
    status = solver.solve_max_flow_with_min_cost()
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"the min-cost flow ended with {status}")
    return np.asarray(solver.flows(walks), np.int64)


SMALL = 5_000
"""Arcs that are solved within some milliseconds, which anybody can wait for."""


def solve_apart(reach: Reach, places: Longs) -> Longs:
    """The same in a process of its own where it takes longer: other threads go on meanwhile."""
    if len(reach.home) <= SMALL:
        return solve_cold(reach, places)
    # Spawned, not forked: a fork of a process with threads inherits their locks, held for ever.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(solve_cold, reach, places).result()
