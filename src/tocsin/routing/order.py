"""An order of places in which neighbours stand near each other in memory."""

import numpy as np
from numpy.typing import NDArray

from tocsin.routing.plane import Floats
from tocsin.routing.streets import Ints

_BITS = 12
"""The curve runs through a square of 4096 cells a side: finer than a street in any city."""


def hilbert_order(metres: Floats) -> NDArray[np.int64]:
    """
    The places along a Hilbert curve through their bounding square.

    Args:
        metres: Shape (n, 2).

    Returns:
        Their indices, in order along the curve; of places in one cell the first one first.
    """
    if not len(metres):
        return np.empty(0, np.int64)
    low = metres.min(axis=0)
    side = max(float((metres.max(axis=0) - low).max()), 1e-9)
    cells = np.minimum((metres - low) / side * (1 << _BITS), (1 << _BITS) - 1).astype(np.int64)
    return np.argsort(_along(cells[:, 0], cells[:, 1]), kind="stable")


def _along(x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.int64]:
    """How far along the curve each cell lies: a quadrant at a time, turned so that the next one joins on."""
    found = np.zeros(len(x), np.int64)
    bit = 1 << (_BITS - 1)
    while bit:
        right, up = (x & bit) > 0, (y & bit) > 0
        found += bit * bit * ((3 * right) ^ up)
        mirrored = right & ~up
        x, y = np.where(mirrored, (1 << _BITS) - 1 - x, x), np.where(mirrored, (1 << _BITS) - 1 - y, y)
        x, y = np.where(up, x, y), np.where(up, y, x)
        bit >>= 1
    return found


def inverse(order: NDArray[np.int64]) -> Ints:
    """Where each index has gone: `inverse(order)[order[k]] == k`."""
    gone = np.empty(len(order), np.int32)
    gone[order] = np.arange(len(order), dtype=np.int32)
    return gone
