"""The tree of nearest shelters, against a plain Dijkstra."""

from heapq import heappop, heappush
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.routing.nearest import NearestTree
from tocsin.routing.snap import SnapIndex
from tocsin.routing.streets import Streets, streets_between


class Drawn(NamedTuple):
    nodes: int
    streets: dict[tuple[int, int], int]
    sources: list[int]

    def arrays(self) -> Streets:
        ends = np.array(list(self.streets), np.int32).reshape(-1, 2)
        lengths = np.array(list(self.streets.values()), np.int32)
        return streets_between(self.nodes, ends[:, 0], ends[:, 1], lengths)

    def length(self, way: list[int]) -> int:
        return sum(self.streets[min(a, b), max(a, b)] for a, b in pairwise(way))


@st.composite
def networks(draw: st.DrawFn) -> Drawn:
    """A few streets at random, often in several pieces, and the nodes of some shelters."""
    nodes = draw(st.integers(1, 14))
    node = st.integers(0, nodes - 1)
    pairs = draw(st.sets(st.tuples(node, node).filter(lambda pair: pair[0] < pair[1]), max_size=24))
    streets = {pair: draw(st.integers(1, 50)) for pair in sorted(pairs)}
    return Drawn(nodes, streets, draw(st.lists(node, max_size=5)))


def plain_dijkstra(network: Drawn, sources: list[int]) -> dict[int, int]:
    """Decimetres to the nearest source, for every node that reaches one."""
    beside: dict[int, list[tuple[int, int]]] = {node: [] for node in range(network.nodes)}
    for (a, b), length in network.streets.items():
        beside[a].append((b, length))
        beside[b].append((a, length))
    found: dict[int, int] = {}
    heap = [(0, source) for source in sources]
    while heap:
        far, node = heappop(heap)
        if node not in found:
            found[node] = far
            for other, length in beside[node]:
                heappush(heap, (far + length, other))
    return found


def assert_right(tree: NearestTree, network: Drawn, sources: list[int]) -> None:
    expected = plain_dijkstra(network, sources)
    for node in range(network.nodes):
        assert tree.reaches(node) == (node in expected)
        if node in expected:
            way = tree.route(node)
            assert (way[0], way[-1]) == (node, tree.source(node))
            assert way[-1] in sources
            assert network.length(way) == expected[node]
            assert tree.metres(node) == expected[node] / 10
            assert tree.seconds(node) == pytest.approx(expected[node] / 13)


@given(networks(), st.data())
def test_the_nearest_is_the_nearest_whatever_closes_and_opens(network: Drawn, data: st.DataObject) -> None:
    tree = NearestTree(network.arrays(), np.array(network.sources, np.int32))
    assert_right(tree, network, network.sources)
    left = data.draw(st.lists(st.sampled_from(network.sources), unique=True)) if network.sources else []
    closed = tree.with_sources(np.array(left, np.int32))
    assert_right(closed, network, left)
    assert_right(closed.with_sources(np.array(network.sources, np.int32)), network, network.sources)
    assert_right(tree, network, network.sources)


def test_a_way_where_there_is_none_is_an_error_not_infinity() -> None:
    island = Drawn(3, {(0, 1): 10}, [0])
    tree = NearestTree(island.arrays(), np.array(island.sources, np.int32))
    assert not tree.reaches(2)
    for ask in (tree.source, tree.metres, tree.seconds, tree.route):
        with pytest.raises(ValueError, match="node 2"):
            ask(2)


def test_a_place_snaps_to_the_nearest_node_or_to_none() -> None:
    index = SnapIndex(np.array([50.45, 50.46]), np.array([30.52, 30.52]))
    found = index.nearest(50.4510, 30.52)
    assert found is not None
    assert found[0] == 0
    assert found[1] == pytest.approx(111.2, abs=0.1)
    assert index.nearest(50.43, 30.52) is None
    assert index.nearest(50.43, 30.52, limit=3000) is not None
