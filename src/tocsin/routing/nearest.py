"""The nearest open shelter of every node at once, and the way to it."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from tocsin.routing.streets import Ints, Streets

WALKING_M_PER_S = 1.3
"""A grown-up in haste but not running; children and the old are slower."""


class NearestTree:
    """
    Shortest ways from every node to the nearest of some sources. Does not change, so any thread may ask it;
    `with_sources` makes the tree for other sources.

    Args:
        streets: At least one node.
        sources: Nodes where an open shelter stands; doubles are harmless, none at all is allowed.
    """

    def __init__(self, streets: Streets, sources: Ints) -> None:
        self._streets = streets
        self._decimetres, self._next, self._source = _grow(streets, np.unique(sources))

    def with_sources(self, sources: Ints) -> "NearestTree":
        """The tree after shelters have opened or closed."""
        return NearestTree(self._streets, sources)

    def reaches(self, node: int) -> bool:
        """False if no way leads from here to any source. Ask before all that follows."""
        return bool(self._source[node] >= 0)

    def source(self, node: int) -> int:
        """The nearest source; of two equally near always the same one."""
        return int(self._source[self._reached(node)])

    def metres(self, node: int) -> float:
        return int(self._decimetres[self._reached(node)]) / 10

    def seconds(self, node: int) -> float:
        return self.metres(node) / WALKING_M_PER_S

    def route(self, node: int) -> list[int]:
        """The nodes of the way: this one first, the source last."""
        way = [self._reached(node)]
        while (after := int(self._next[way[-1]])) >= 0:
            way.append(after)
        return way

    def _reached(self, node: int) -> int:
        # An unreached node would otherwise answer infinity as a number of metres, and somebody would show it.
        if not self.reaches(node):
            raise ValueError(f"no source can be reached from node {node}")
        return node


def _grow(streets: Streets, sources: Ints) -> tuple[NDArray[np.int64], Ints, Ints]:
    """
    Returns:
        Per node: decimetres to its source, the next node on the way (negative at a source), and the source
        (negative where none is reached).
    """
    n = streets.nodes
    if not sources.size:
        nowhere = np.full(n, -1, np.int32)
        return np.zeros(n, np.int64), nowhere, nowhere
    # Sums of whole decimetres stay exact in a double up to 2**53.
    lengths = csr_array((streets.lengths.astype(np.float64), streets.indices, streets.indptr), shape=(n, n))
    far, next_, source = dijkstra(lengths, indices=sources, min_only=True, return_predecessors=True)
    reached = np.isfinite(far)
    return (
        np.where(reached, far, 0).astype(np.int64),
        next_.astype(np.int32),
        np.where(reached, source, -1).astype(np.int32),
    )
