"""Streets as they run on the ground: from node to node, round their bends."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tocsin.routing.plane import Floats, Plane
from tocsin.routing.streets import Ints, Streets

Positions: TypeAlias = list[tuple[float, float]]
"""Longitude and latitude of each point, as GeoJSON has them."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """
    Attributes:
        lat, lon: Degrees, per node.
        bends: The points of the entry e of `Streets.indices` between its ends are those from `bends[e]` to
            `bends[e + 1]` of `bend_lat` and `bend_lon`, in the order they are walked.
    """

    streets: Streets
    lat: Floats
    lon: Floats
    bends: NDArray[np.integer]
    bend_lat: Floats
    bend_lon: Floats

    def chosen(self, streets: Streets, lat: Floats, lon: Floats, entries: NDArray[np.int64]) -> "Drawing":
        """
        The same lines for other entries.

        Args:
            streets, lat, lon: Of which the new drawing is.
            entries: The entry of this drawing for each of theirs.
        """
        many = np.diff(self.bends)[entries]
        bends = np.concatenate((np.zeros(1, np.int64), np.cumsum(many)))
        # The old place of each bend: where its entry began, and how far on it is.
        taken = np.repeat(self.bends[entries] - bends[:-1], many) + np.arange(bends[-1])
        return Drawing(streets, lat, lon, bends, self.bend_lat[taken], self.bend_lon[taken])

    def between(self, entry: int) -> Positions:
        """The bends of one entry."""
        bends = slice(int(self.bends[entry]), int(self.bends[entry + 1]))
        return list(zip(self.bend_lon[bends].tolist(), self.bend_lat[bends].tolist(), strict=True))

    def along(self, way: Sequence[int]) -> Positions:
        """The line through some nodes, each the neighbour of the one before."""
        nodes = list(zip(self.lon[way].tolist(), self.lat[way].tolist(), strict=True))
        found = nodes[:1]
        for at in range(1, len(way)):
            if len(self.bend_lat):
                found += self.between(self.streets.entry(way[at - 1], way[at]))
            found.append(nodes[at])
        return found

    def lines(self, plane: Plane) -> tuple[Floats, Ints]:
        """
        Every straight piece of every street, once.

        Returns:
            Shape (k, 6): its ends in metres on the plane (x, y, x, y), and the shares of its street they are at; and
            shape (k, 4): the street's nodes, its length in decimetres, and its entry. A node with no street is a piece
            of no length: somebody may stand there.
        """
        streets = self.streets
        once = np.flatnonzero(streets.starts < streets.indices)
        many = np.diff(self.bends)[once]
        points = self._points(once, many)
        street = np.repeat(np.arange(len(once)), many + 1)
        first = np.arange(len(street)) + street
        places = plane.metres(*points)
        steps = np.hypot(*(places[first + 1] - places[first]).T)
        shares = _shares(steps, street, len(once))
        alone = np.flatnonzero(np.diff(streets.indptr) == 0)
        lines = np.column_stack((places[first], places[first + 1], *shares))
        ends = np.column_stack((streets.starts[once], streets.indices[once], streets.lengths[once], once))[street]
        lone = plane.metres(self.lat[alone], self.lon[alone])
        none = np.zeros_like(alone)
        return (
            np.concatenate((lines, np.column_stack((lone, lone, none, none)))),
            np.concatenate((ends, np.column_stack((alone, alone, none, none - 1)))).astype(np.int32),
        )

    def _points(self, once: NDArray[np.int64], many: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """All points of the streets, street after street: the first node, the bends, the last node."""
        start = np.concatenate((np.zeros(1, np.int64), np.cumsum(many + 2)))
        inner = np.ones(int(start[-1]), np.bool_)
        inner[start[:-1]] = inner[start[1:] - 1] = False
        taken = np.repeat(self.bends[once] - start[:-1] - 1, many) + np.flatnonzero(inner)
        found: list[Floats] = []
        for nodes, bends in ((self.lat, self.bend_lat), (self.lon, self.bend_lon)):
            points: Floats = np.empty(int(start[-1]), np.float64)
            points[start[:-1]] = nodes[self.streets.starts[once]]
            points[start[1:] - 1] = nodes[self.streets.indices[once]]
            points[inner] = bends[taken]
            found.append(points)
        return found[0], found[1]


def _shares(steps: Floats, street: NDArray[np.int64], streets: int) -> tuple[Floats, Floats]:
    """The share of its street that each piece begins and ends at."""
    whole = np.bincount(street, steps, minlength=streets)
    after = np.cumsum(steps)
    before = np.cumsum(whole) - whole
    long = np.where(whole > 0, whole, 1.0)[street]
    end: Floats = np.clip((after - before[street]) / long, 0.0, 1.0)
    start: Floats = np.clip(end - steps / long, 0.0, 1.0)
    return start, end


def straight(streets: Streets, lat: Floats, lon: Floats) -> Drawing:
    """Streets without bends."""
    none = np.empty(0)
    return Drawing(streets, lat, lon, np.zeros(len(streets.indices) + 1, np.int64), none, none)
