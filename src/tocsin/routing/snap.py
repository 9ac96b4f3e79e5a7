"""From a place to the street nearest to it: any point of a street, not only its ends."""

import math
import threading
from array import array
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from tocsin.routing.compiled import Array, compiled
from tocsin.routing.drawing import Drawing, Positions
from tocsin.routing.nearest import NearestTree, walk
from tocsin.routing.plane import Floats, Plane
from tocsin.routing.streets import Ints

MAX_SNAP_M = 2000.0
"""Whoever is farther than this from any street is outside the city: the way to that street is anybody's guess."""
SLACK_M = 100.0
"""So much farther may a street be that leads to a door than the nearest one, which does not: maps are full of paths in
yards that are joined to nothing. What is farther lies on the other side of something."""
_CELL_M = 40.0
_USUAL = 256
"""Nodes of a way for which room is kept ready."""
_WORKERS = 2


class Snapped(msgspec.Struct, frozen=True, gc=False):
    """
    Attributes:
        door: The node of the nearest door; -1 if no street near enough leads to any.
        away: Metres to the street as the crow flies; infinite if there is none within MAX_SNAP_M.
        metres: From the street's nearest point along streets to the door; infinite if there is none.
        street: Longitude and latitude of that point.
        entry: Of the street, or -1 for a node with no street.
        share: How far along the entry that point is, from 0 to 1.
        on: True if the way goes on in the direction of the entry, false if it goes back.
        way: The nodes from there on, the door's last.
    """

    door: int
    away: float
    metres: float
    street: tuple[float, float]
    entry: int
    share: float
    on: bool
    way: list[int]


class Beside(NamedTuple):
    """
    A place beside a street.

    Attributes:
        entry: Of the street; -1 for a node with no street.
        share: How far along the entry its nearest point is, from 0 to 1.
        away: Metres to that point as the crow flies.
        ends: The nodes the entry leads from and to.
        length: Decimetres of the whole street.
    """

    entry: int
    share: float
    away: float
    ends: tuple[int, int]
    length: int


class _Ready(threading.local):
    """Each thread's room for a way: to hand a kernel a new array, or take one from it, costs more than the question."""

    def __init__(self) -> None:
        self.nodes = array("i", bytes(4 * _USUAL))
        self.way = np.frombuffer(self.nodes, np.int32)


class SnapIndex:
    """
    Streets by place, as straight pieces in a grid of square cells. Does not change, so any thread may ask it; the tree
    that is asked with it must be held still meanwhile.

    Args:
        drawing: At least one node.
    """

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._ready = _Ready()
        plane = Plane(float(drawing.lat.mean()), float(drawing.lon.mean()))
        lines, ends = drawing.lines(plane)
        low = np.minimum(lines[:, 0:2].min(axis=0), lines[:, 2:4].min(axis=0))
        lines[:, 0:2] -= low
        lines[:, 2:4] -= low
        self._plane, self._low = plane, low
        side, columns, rows = _grid(lines)
        self._frame = np.array([*low, side, columns, rows, *plane.scale])
        counts = np.zeros(columns * rows + 1, np.int32)
        _count(lines, side, columns, rows, counts)
        self._cells = np.cumsum(counts, dtype=np.int32)
        held = np.empty(int(self._cells[-1]), np.int32)
        _fill(lines, side, columns, rows, self._cells[:-1].copy(), held)
        # Written out cell by cell, so that a search reads on in memory instead of jumping. Single precision is
        # 2 mm at 30 km.
        self._lines = lines[held].astype(np.float32)
        self._ends = ends[held]

    def ask(self, tree: NearestTree, lat: float, lon: float) -> Snapped:
        """
        The nearest street to a place, and the way from there to the nearest door.

        Args:
            tree: Of the same streets.
        """
        ready, state = self._ready, tree.state
        found = _ask(lat, lon, self._frame, self._cells, self._lines, self._ends, state, ready.way)
        door, away, metres, east, north, entry, share, on, node, steps = found
        way = (ready.nodes[:steps] if steps <= _USUAL else walk(state, node)).tolist()
        return Snapped(door, away, metres, (east, north), entry, share, on, way)

    def line(self, snapped: Snapped) -> Positions:
        """The way as it runs on the ground, from the street's nearest point to the node of the door."""
        bends: Positions = []
        if snapped.entry >= 0 and len(self._drawing.bend_lat):
            bends = self._part(snapped)
        return [snapped.street, *bends, *self._drawing.along(snapped.way)]

    def _part(self, snapped: Snapped) -> Positions:
        """The bends between where somebody joins a street and the end they turn to."""
        drawing, entry = self._drawing, snapped.entry
        bends = drawing.between(entry)
        nodes = (int(drawing.streets.starts[entry]), int(drawing.streets.indices[entry]))
        ends = [(float(drawing.lon[node]), float(drawing.lat[node])) for node in nodes]
        lon, lat = np.array([ends[0], *bends, ends[1]]).T
        steps = np.hypot(*np.diff(self._plane.metres(lat, lon), axis=0).T)
        shares = (np.cumsum(steps) / max(float(steps.sum()), 1e-9)).tolist()[:-1]
        if snapped.on:
            return [bend for bend, share in zip(bends, shares, strict=True) if share > snapped.share]
        return [bend for bend, share in zip(bends, shares, strict=True) if share < snapped.share][::-1]

    def ask_all(self, tree: NearestTree, lat: Floats, lon: Floats) -> tuple[Ints, Floats]:
        """
        The same for many places at once, without their ways; half of them in each of two threads.

        Returns:
            The node of each one's door (-1 for none), and metres to it with the way to the street (infinite for none).

        Raises:
            ValueError: If a place is no number of degrees.
        """
        if not (np.isfinite(lat).all() and np.isfinite(lon).all()):
            raise ValueError("a place is no number of degrees")
        places = self._plane.metres(lat, lon) - self._low
        # Cell by cell: neighbours who ask one after another find what they need in the cache.
        order = np.argsort(self._cell_of(places), kind="stable")
        cuts = np.linspace(0, len(lat), _WORKERS + 1).astype(int).tolist()
        door, metres = np.empty(len(lat), np.int32), np.empty(len(lat), np.float64)

        def part(at: int) -> None:
            mine = order[cuts[at] : cuts[at + 1]]
            _ask_all(places, mine, self._frame, self._cells, self._lines, self._ends, tree.state, door, metres)

        with ThreadPoolExecutor(_WORKERS) as pool:
            list(pool.map(part, range(_WORKERS)))
        return door, metres

    def _cell_of(self, places: Floats) -> NDArray[np.int64]:
        side, columns, rows = self._frame[2:5].tolist()
        column, row = np.clip(places / side, 0, (columns - 1, rows - 1)).astype(np.int64).T
        cell: NDArray[np.int64] = column * int(rows) + row
        return cell

    def beside(self, lat: float, lon: float) -> Beside | None:
        """Where on the nearest street a place lies; none if no street is within MAX_SNAP_M."""
        entry, share, away, one, other, length = _beside(lat, lon, self._frame, self._cells, self._lines, self._ends)
        return Beside(entry, share, away, (one, other), length) if one >= 0 else None


def _grid(lines: Floats) -> tuple[float, int, int]:
    """Side of a cell in metres, columns and rows: about one piece of street a cell, whatever the shape of the city."""
    wide, high = np.maximum(lines[:, 0:2].max(axis=0), lines[:, 2:4].max(axis=0)).tolist()
    side = max(_CELL_M, math.sqrt(wide * high / len(lines)), max(wide, high) / (4 * len(lines)))
    return side, int(wide / side) + 1, int(high / side) + 1


@compiled
def _cell(value: float, side: float, count: int) -> int:
    return min(count - 1, max(0, int(value / side)))


@compiled
def _away(x: float, y: float, lines: Array, at: int) -> tuple[float, float]:
    """The squared distance from a place to a line between two ends, and the share of it where it is nearest."""
    # Element by element: a row taken out of an array costs more here than all the sums.
    x0, y0 = lines[at, 0], lines[at, 1]
    dx, dy = lines[at, 2] - x0, lines[at, 3] - y0
    square = dx * dx + dy * dy
    share = 0.0
    if square > 0:
        share = min(1.0, max(0.0, ((x - x0) * dx + (y - y0) * dy) / square))
    ex, ey = x0 + share * dx - x, y0 + share * dy - y
    return ex * ex + ey * ey, share


@compiled
def _span(lines: Array, at: int, side: float, columns: int, rows: int) -> tuple[int, int, int, int]:
    """The first and last column, and the first and last row, of the cells that a line may touch."""
    return (
        _cell(min(lines[at, 0], lines[at, 2]), side, columns),
        _cell(max(lines[at, 0], lines[at, 2]), side, columns),
        _cell(min(lines[at, 1], lines[at, 3]), side, rows),
        _cell(max(lines[at, 1], lines[at, 3]), side, rows),
    )


@compiled
def _touches(lines: Array, at: int, column: int, row: int, side: float) -> bool:
    """True if a line comes as near to the middle of a cell as its corners are: never false for one that crosses it."""
    return _away((column + 0.5) * side, (row + 0.5) * side, lines, at)[0] <= side * side * 0.501


@compiled
def _count(lines: Array, side: float, columns: int, rows: int, counts: Array) -> None:
    for at in range(len(lines)):
        left, right, low, high = _span(lines, at, side, columns, rows)
        for column in range(left, right + 1):
            for row in range(low, high + 1):
                if _touches(lines, at, column, row, side):
                    counts[column * rows + row + 1] += 1


@compiled
def _fill(lines: Array, side: float, columns: int, rows: int, free: Array, held: Array) -> None:
    for at in range(len(lines)):
        left, right, low, high = _span(lines, at, side, columns, rows)
        for column in range(left, right + 1):
            for row in range(low, high + 1):
                if _touches(lines, at, column, row, side):
                    held[free[column * rows + row]] = at
                    free[column * rows + row] += 1


@compiled
def _search(
    x: float, y: float, frame: Array, cells: Array, lines: Array, ends: Array, state: Array
) -> tuple[int, float, float]:
    """
    The nearest street that leads to a door, ring by ring of cells round the place. Without a state any street does.

    Returns:
        Its entry (-1 for none), the squared distance to it, and the squared distance to the nearest of all.
    """
    side, columns, rows = frame[2], int(frame[3]), int(frame[4])
    column, row = _cell(x, side, columns), _cell(y, side, rows)
    best, found, nearest = MAX_SNAP_M * MAX_SNAP_M, -1, np.inf
    any_will_do = len(state) == 0
    ring = 0
    while True:
        for across in range(max(0, column - ring), min(columns - 1, column + ring) + 1):
            step = 1 if abs(across - column) == ring else 2 * ring
            for up in range(row - ring, row + ring + 1, step):
                if up < 0 or up >= rows:
                    continue
                for entry in range(cells[across * rows + up], cells[across * rows + up + 1]):
                    square = _away(x, y, lines, entry)[0]
                    nearest = min(nearest, square)
                    if square <= best and (any_will_do or state[ends[entry, 0], 2] >= 0):
                        best, found = square, entry
        # All that lies within this of the place has been looked at; outside the grid there is nothing to look at.
        seen = min(
            np.inf if column <= ring else x - (column - ring) * side,
            np.inf if column + ring >= columns - 1 else (column + ring + 1) * side - x,
            np.inf if row <= ring else y - (row - ring) * side,
            np.inf if row + ring >= rows - 1 else (row + ring + 1) * side - y,
        )
        if seen > 0 and seen * seen >= min(best, (math.sqrt(nearest) + SLACK_M) ** 2):
            return found, best, nearest
        ring += 1


@compiled
def _flat(lat: float, lon: float, frame: Array) -> tuple[float, float]:
    """A place in metres from the corner of the grid."""
    return (lon - frame[6]) * frame[7] - frame[0], (lat - frame[5]) * frame[8] - frame[1]


@compiled
def _beside(
    lat: float, lon: float, frame: Array, cells: Array, lines: Array, ends: Array
) -> tuple[int, float, float, int, int, int]:
    x, y = _flat(lat, lon, frame)
    at = _search(x, y, frame, cells, lines, ends, np.empty((0, 4), np.int32))[0]
    if at < 0:
        return -1, 0.0, np.inf, -1, -1, 0
    square, part = _away(x, y, lines, at)
    share = lines[at, 4] + part * (lines[at, 5] - lines[at, 4])
    return ends[at, 3], share, math.sqrt(square), ends[at, 0], ends[at, 1], ends[at, 2]


@compiled
def _stand(
    x: float, y: float, frame: Array, cells: Array, lines: Array, ends: Array, state: Array
) -> tuple[int, int, float, float, float]:
    """
    Where somebody stands: their piece of street (-1 for none) and the end of the street they turn to (0 or 1);
    metres to it (infinite if out of reach), the share of the street, and decimetres to the door.
    """
    # What streets lead to lies elsewhere in memory, and the nearest of all nearly always leads to a door.
    entry, square, nearest = _search(x, y, frame, cells, lines, ends, state[:0])
    if entry >= 0 and state[ends[entry, 0], 2] < 0:
        entry, square, nearest = _search(x, y, frame, cells, lines, ends, state)
    if entry < 0 or math.sqrt(square) > math.sqrt(nearest) + SLACK_M:
        return -1, 0, math.sqrt(nearest) if nearest <= MAX_SNAP_M * MAX_SNAP_M else np.inf, 0.0, 0.0
    share = lines[entry, 4] + _away(x, y, lines, entry)[1] * (lines[entry, 5] - lines[entry, 4])
    length = ends[entry, 2]
    back, on = share * length + state[ends[entry, 0], 0], (1 - share) * length + state[ends[entry, 1], 0]
    if back <= on:
        return entry, 0, math.sqrt(square), share, back
    return entry, 1, math.sqrt(square), share, on


@compiled
def _ask(
    lat: float, lon: float, frame: Array, cells: Array, lines: Array, ends: Array, state: Array, way: Array
) -> tuple[int, float, float, float, float, int, float, bool, int, int]:
    """The fields of a `Snapped`, but for the way its first node and how many; so many are written as there is room."""
    x, y = _flat(lat, lon, frame)
    entry, end, away, share, decimetres = _stand(x, y, frame, cells, lines, ends, state)
    if entry < 0:
        return -1, away, np.inf, lon, lat, -1, 0.0, False, -1, 0
    part = _away(x, y, lines, entry)[1]
    east = frame[6] + (frame[0] + lines[entry, 0] + part * (lines[entry, 2] - lines[entry, 0])) / frame[7]
    north = frame[5] + (frame[1] + lines[entry, 1] + part * (lines[entry, 3] - lines[entry, 1])) / frame[8]
    node = ends[entry, end]
    at, steps = node, 0
    while at >= 0:
        if steps < len(way):
            way[steps] = at
        steps += 1
        at = state[at, 1]
    return state[node, 2], away, decimetres / 10, east, north, ends[entry, 3], share, end == 1, node, steps


@compiled
def _ask_all(
    places: Array,
    order: Array,
    frame: Array,
    cells: Array,
    lines: Array,
    ends: Array,
    state: Array,
    doors: Array,
    metres: Array,
) -> None:
    for at in order:
        x, y = places[at, 0], places[at, 1]
        entry, end, away, _, decimetres = _stand(x, y, frame, cells, lines, ends, state)
        if entry < 0:
            doors[at], metres[at] = -1, np.inf
        else:
            doors[at], metres[at] = state[ends[entry, end], 2], away + decimetres / 10
