"""The nearest shelter: the tree of all ways, one closing mended, one question answered; beside scipy and a KD-tree."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from tocsin.city.footways import Footways
from tocsin.cli.bench.ground import ground, memory_mib
from tocsin.cli.bench.measure import Bench, Row, bench, row
from tocsin.routing.nearest import NearestTree
from tocsin.routing.plane import Floats, Plane
from tocsin.routing.streets import Ints

ROUNDS = 7
CLOSINGS = 200
QUESTIONS = 5_000
TURN = 100
"""So many questions one after another: turn by turn, each would find its data put out of the cache by the other."""
BATCH = 1_000_000
STRAY_M = 30.0
"""How far from their crossing people stand who ask."""


def run(folder: Path | None, scales: Sequence[float]) -> Bench:
    """
    Contenders take turns, round by round. With several scales the metrics of each but the first carry its name.

    All have the same whole decimetres, from the same doors. The peer of `point_us` is what one would write with scipy:
    the nearest node by a KD-tree, then the predecessors followed in Python. It does less than ours, which looks for the
    nearest point of a street and weighs both ways along it.
    """
    rows: list[Row] = []
    for number, scale in enumerate(scales):
        suffix = "" if number == 0 else f"@{scale:g}"
        with ground(folder, scale) as (city, ways):
            nodes, _, _ = ways.all_doors(city.shelters)
            rows += _measure(ways, np.unique(nodes), suffix)
    return bench("nearest", rows)


def _measure(ways: Footways, doors: Ints, suffix: str) -> list[Row]:
    streets = ways.streets
    tree = NearestTree(streets, doors)
    tree.close(doors[:1])
    tree.open(doors[:1])
    lengths = csr_array((streets.lengths.astype(np.float64), streets.indices, streets.indptr))

    def by_scipy() -> Any:  # noqa: ANN401 - a tuple of arrays
        return dijkstra(lengths, indices=doors, min_only=True, return_predecessors=True)

    found: dict[tuple[str, str, str], list[float]] = {}
    for _ in range(ROUNDS):
        found.setdefault(("tocsin", "tree_ms", "ms"), []).append(_ms(tree.grow))
        found.setdefault(("scipy", "tree_ms", "ms"), []).append(_ms(by_scipy))
        if pandana := _pandana(ways, doors):
            found.setdefault(("pandana", "tree_ms", "ms"), []).append(_ms(pandana))
    far, before, _ = by_scipy()
    if not (np.where(np.isfinite(far), far, 2.0**31 - 1) == tree.decimetres).all():
        raise AssertionError("our distances are not scipy's")
    closed, opened = _mendings(tree, doors)
    found["tocsin", "repair_1_ms", "ms"] = closed
    # What everybody else does when a door closes: the whole tree again.
    found["scipy", "repair_1_ms", "ms"] = found["scipy", "tree_ms", "ms"]
    found["tocsin_whole_tree", "repair_1_ms", "ms"] = found["tocsin", "tree_ms", "ms"]
    found["tocsin", "reopen_1_ms", "ms"] = opened
    ours, theirs, batch = _questions(ways, tree, far, before)
    found["tocsin", "point_us", "us"] = ours
    found["kdtree", "point_us", "us"] = theirs
    found["tocsin", "million_points_ms", "ms"] = batch
    found["tocsin", "memory_mib", "MiB"] = [memory_mib()]
    return [row(name, metric + suffix, unit, "lower", values) for (name, metric, unit), values in found.items()]


def _ms(what: Callable[[], object]) -> float:
    start = time.perf_counter()
    what()
    return (time.perf_counter() - start) * 1e3


def _mendings(tree: NearestTree, doors: Ints) -> tuple[list[float], list[float]]:
    chosen = np.random.default_rng(1).permutation(doors)[:CLOSINGS]
    closed, opened = [], []
    for door in chosen:
        one = np.array([door], np.int32)
        closed.append(_ms(lambda one=one: tree.close(one)))  # type: ignore[misc]
        opened.append(_ms(lambda one=one: tree.open(one)))  # type: ignore[misc]
    return closed, opened


def _questions(ways: Footways, tree: NearestTree, far: Floats, before: Ints) -> tuple[list[float], ...]:
    """Microseconds of single questions, ours and the peer's in turns, and milliseconds of a batch of a million."""
    rng = np.random.default_rng(2)
    share = ways.people / ways.people.sum()
    asked = rng.choice(len(share), QUESTIONS, p=share)
    plane = Plane(float(ways.lat.mean()), float(ways.lon.mean()))
    nodes = plane.metres(ways.lat, ways.lon)
    lat, lon = plane.degrees(nodes[asked] + rng.normal(0, STRAY_M, (QUESTIONS, 2)))
    lat0, lon0, east, north = plane.scale
    index = cKDTree(nodes)

    def peer(lat: float, lon: float) -> tuple[float, list[int]]:
        _, node = index.query(((lon - lon0) * east, (lat - lat0) * north))
        way: list[Any] = [node]
        while (after := before[way[-1]]) >= 0:
            way.append(after)
        return far[node] / 10, way  # type: ignore[return-value]

    ways.snap.ask(tree, float(lat[0]), float(lon[0]))
    ours, theirs = [], []
    places = list(zip(lat.tolist(), lon.tolist(), strict=True))
    for turn in range(0, QUESTIONS, TURN):
        for y, x in places[turn : turn + TURN]:
            ours.append(_ms(lambda y=y, x=x: ways.snap.ask(tree, y, x)) * 1e3)  # type: ignore[misc]
        for y, x in places[turn : turn + TURN]:
            theirs.append(_ms(lambda y=y, x=x: peer(y, x)) * 1e3)  # type: ignore[misc]
    many = rng.choice(len(share), BATCH, p=share)
    all_lat, all_lon = plane.degrees(nodes[many] + rng.normal(0, STRAY_M, (BATCH, 2)))
    return ours, theirs, [_ms(lambda: ways.snap.ask_all(tree, all_lat, all_lon)) for _ in range(5)]


def _pandana(ways: Footways, doors: Ints) -> Callable[[], object] | None:
    """Where pandana is installed, its nearest point of interest for every node."""
    try:
        import pandana
        import pandas as pd
    except ImportError:
        return None
    streets = ways.streets
    once = streets.starts < streets.indices
    network = pandana.Network(
        pd.Series(ways.lon),
        pd.Series(ways.lat),
        pd.Series(streets.starts[once]),
        pd.Series(streets.indices[once]),
        pd.DataFrame({"length": streets.lengths[once]}),
    )
    network.set_pois("shelters", 10_000_000, 1, pd.Series(ways.lon[doors]), pd.Series(ways.lat[doors]))
    return lambda: network.nearest_pois(10_000_000, "shelters", num_pois=1)
