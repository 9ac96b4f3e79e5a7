"""A walking network as plain arrays."""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int32]
Bools: TypeAlias = NDArray[np.bool_]

MAX_LENGTH = 1_000_000
"""Decimetres of the longest street. Nothing one may walk is 100 km without a junction; a length that is, is a fault."""


@dataclass(frozen=True, eq=False)
class Streets:
    """
    Compressed sparse rows: the neighbours of node v are `indices[indptr[v]:indptr[v + 1]]`, so far away as the same
    slice of `lengths` says. Every street is walked both ways and so stands twice.

    Attributes:
        indptr: n + 1.
        indices: One per direction of a street.
        lengths: Decimetres, 1 to MAX_LENGTH. Whole numbers, so that sums are exact in any order.
    """

    indptr: Ints
    indices: Ints
    lengths: Ints

    @property
    def nodes(self) -> int:
        return len(self.indptr) - 1

    @cached_property
    def pairs(self) -> Ints:
        """Shape (m, 2): neighbour and length side by side, so that a kernel touches one line of memory for both."""
        return np.ascontiguousarray(np.column_stack((self.indices, self.lengths)))

    @cached_property
    def starts(self) -> Ints:
        """The node each direction of a street leaves from."""
        return np.repeat(np.arange(self.nodes, dtype=np.int32), np.diff(self.indptr))

    def between_blocks(self, block: int) -> Ints:
        """
        Shape (k, 3): the directions of streets that lead from one block of so many consecutive nodes into another, as
        the node, the neighbour and the length.
        """
        seams = np.flatnonzero(self.starts // block != self.indices // block)
        return np.column_stack((self.starts[seams], self.indices[seams], self.lengths[seams]))

    def reordered(self, order: NDArray[np.int64], gone: Ints) -> "tuple[Streets, NDArray[np.int64]]":
        """
        The same streets with the nodes in another order.

        Args:
            order: The old number of each new node.
            gone: The new number of each old node.

        Returns:
            The streets, and for each of their entries the old one.
        """
        return _compressed(self.nodes, gone[self.starts], gone[self.indices], self.lengths)

    def without(self, closed: Bools) -> "tuple[Streets, NDArray[np.int64]]":
        """
        The same nodes without some streets.

        Args:
            closed: One per direction of a street.

        Returns:
            The streets, and for each of their entries the old one.
        """
        left = np.flatnonzero(~closed)
        streets, order = _compressed(self.nodes, self.starts[left], self.indices[left], self.lengths[left])
        return streets, left[order]

    def entry(self, near: int, far: int) -> int:
        """The entry of the shortest street from one node to its neighbour."""
        first, last = int(self.indptr[near]), int(self.indptr[near + 1])
        beside = first + np.flatnonzero(self.indices[first:last] == far)
        return int(beside[np.argmin(self.lengths[beside])])


def streets_between(nodes: int, start: Ints, end: Ints, lengths: Ints) -> Streets:
    """
    Arrays of streets given once each, by their ends.

    Args:
        start, end, lengths: One per street, no street given twice.
    """
    both = np.concatenate((lengths, lengths))
    return _compressed(nodes, np.concatenate((start, end)), np.concatenate((end, start)), both)[0]


def _compressed(nodes: int, near: Ints, far: Ints, lengths: Ints) -> tuple[Streets, NDArray[np.int64]]:
    order = np.argsort(near.astype(np.int64) * nodes + far, kind="stable")
    indptr = np.zeros(nodes + 1, np.int32)
    np.cumsum(np.bincount(near, minlength=nodes), out=indptr[1:])
    return Streets(indptr, far[order].astype(np.int32), lengths[order].astype(np.int32)), order
