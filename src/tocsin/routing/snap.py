"""From a place to the street node nearest to it."""

import numpy as np
from scipy.spatial import cKDTree

from tocsin.routing.plane import Floats, Plane

MAX_SNAP_M = 2000.0
"""Whoever is farther than this from any street is outside the city: the way to that street is anybody's guess."""


class SnapIndex:
    """
    Nodes by place. Does not change, so any thread may ask it.

    Args:
        lat, lon: Degrees, one per node; at least one node.
    """

    def __init__(self, lat: Floats, lon: Floats) -> None:
        self._plane = Plane(float(lat.mean()), float(lon.mean()))
        self._tree = cKDTree(self._plane.metres(lat, lon))

    def nearest(self, lat: float, lon: float, limit: float = MAX_SNAP_M) -> tuple[int, float] | None:
        """The nearest node and its distance in metres as the crow flies; none if it is beyond the limit."""
        asked = self._plane.metres(np.array([lat]), np.array([lon]))[0]
        away, node = self._tree.query(asked, distance_upper_bound=limit)
        return (int(node), float(away)) if np.isfinite(away) else None
