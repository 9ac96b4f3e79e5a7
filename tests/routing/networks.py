"""Small networks at random, and a plain Dijkstra to hold the kernels to."""

from heapq import heappop, heappush
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from tocsin.routing.streets import Ints, Streets, streets_between


class Drawn(NamedTuple):
    """
    Attributes:
        doors: Node and decimetres beyond it.
    """

    nodes: int
    streets: dict[tuple[int, int], int]
    doors: list[tuple[int, int]]

    def arrays(self) -> Streets:
        ends = np.array(list(self.streets), np.int32).reshape(-1, 2)
        lengths = np.array(list(self.streets.values()), np.int32)
        return streets_between(self.nodes, ends[:, 0], ends[:, 1], lengths)

    def length(self, way: list[int]) -> int:
        return sum(self.streets[min(a, b), max(a, b)] for a, b in pairwise(way))


@st.composite
def networks(draw: st.DrawFn) -> Drawn:
    """A few streets at random, often in several pieces, and some doors, often several on a node."""
    nodes = draw(st.integers(1, 14))
    node = st.integers(0, nodes - 1)
    pairs = draw(st.sets(st.tuples(node, node).filter(lambda pair: pair[0] < pair[1]), max_size=24))
    streets = {pair: draw(st.integers(1, 50)) for pair in sorted(pairs)}
    return Drawn(nodes, streets, draw(st.lists(st.tuples(node, st.sampled_from([0, 0, 7, 90])), max_size=6)))


def plain_dijkstra(network: Drawn, doors: list[tuple[int, int]]) -> dict[int, int]:
    """Decimetres to the nearest door, for every node that reaches one."""
    beside: dict[int, list[tuple[int, int]]] = {node: [] for node in range(network.nodes)}
    for (a, b), length in network.streets.items():
        beside[a].append((b, length))
        beside[b].append((a, length))
    found: dict[int, int] = {}
    heap = [(beyond, node) for node, beyond in doors]
    heap.sort()
    while heap:
        far, node = heappop(heap)
        if node not in found:
            found[node] = far
            for other, length in beside[node]:
                heappush(heap, (far + length, other))
    return found


def columns(doors: list[tuple[int, int]]) -> tuple[Ints, Ints]:
    """Nodes, and decimetres beyond."""
    return np.array([node for node, _ in doors], np.int32), np.array([beyond for _, beyond in doors], np.int32)
