"""A walking network as plain arrays."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Streets:
    """
    Compressed sparse rows: the neighbours of node v are `indices[indptr[v]:indptr[v + 1]]`, so far away as the same
    slice of `lengths` says. Every street is walked both ways and so stands twice.

    Attributes:
        indptr: n + 1.
        indices: One per direction of a street.
        lengths: Decimetres, at least 1. Whole numbers, so that sums are exact in any order.
    """

    indptr: Ints
    indices: Ints
    lengths: Ints

    @property
    def nodes(self) -> int:
        return len(self.indptr) - 1


def streets_between(nodes: int, start: Ints, end: Ints, lengths: Ints) -> Streets:
    """
    Arrays of streets given once each, by their ends.

    Args:
        start, end, lengths: One per street, no street given twice.
    """
    near, far = np.concatenate((start, end)), np.concatenate((end, start))
    order = np.argsort(near.astype(np.int64) * nodes + far, kind="stable")
    indptr = np.zeros(nodes + 1, np.int32)
    np.cumsum(np.bincount(near, minlength=nodes), out=indptr[1:])
    return Streets(indptr, far[order].astype(np.int32), np.concatenate((lengths, lengths))[order].astype(np.int32))
