"""
From ways to the walking network: split where ways meet, true lengths on the ellipsoid, no street between the same two
nodes twice.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tocsin.city.network import Bends, Bytes, Street
from tocsin.city.osm.harvest import Lines
from tocsin.city.osm.report import Tally
from tocsin.city.osm.walking import street_flags
from tocsin.routing.plane import Floats
from tocsin.routing.streets import MAX_LENGTH, Ints, Streets

Longs: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

GEOD = Geod(ellps="WGS84")
_LARGE = 0.05
"""A piece of the network with this share of the largest one's places is no mere fragment."""


@dataclass
class Track:
    """
    Stretches of ways, point after point; a stretch is walked from its first to its last point.

    Attributes:
        vertex: Per point, which place it is: the same number on two stretches is where they meet.
        lon, lat: Degrees, per vertex.
        stretch: Per point, the stretch it is on; never falls.
        way: Per stretch, the index of its way.
    """

    vertex: Longs
    lon: Floats
    lat: Floats
    stretch: Longs
    way: Longs


@dataclass(frozen=True, eq=False)
class Pavement:
    """
    Streets given once each, with the points between their ends.

    Attributes:
        lat, lon: Per node.
        start, end: Nodes, per street; no two streets join the same two.
        lengths: Decimetres.
        flags: Of `Street`.
        way: The index of its way.
        first, last: The points of a street between its ends are `points[first:last]`.
        point_lat, point_lon: Per point.
        stops: The nodes of the places that were asked for; -1 where a place was on no street.
    """

    lat: Floats
    lon: Floats
    start: Ints
    end: Ints
    lengths: Ints
    flags: Bytes
    way: Longs
    first: Longs
    last: Longs
    point_lat: Floats
    point_lon: Floats
    stops: Ints

    def parts(self) -> tuple[int, Ints]:
        """How many pieces there are with no street between them, and the piece of each node."""
        n = len(self.lat)
        ones = np.ones(len(self.start), np.int8)
        count, part = connected_components(coo_array((ones, (self.start, self.end)), shape=(n, n)), directed=False)
        return int(count), part.astype(np.int32)

    def streets(self) -> tuple[Streets, Bytes, Bends]:
        """The arrays of a city folder, each street for both directions."""
        n, m = len(self.lat), len(self.start)
        near, far = np.concatenate((self.start, self.end)), np.concatenate((self.end, self.start))
        order = np.argsort(near.astype(np.int64) * n + far, kind="stable")
        indptr = np.zeros(n + 1, np.int32)
        np.cumsum(np.bincount(near, minlength=n), out=indptr[1:])
        street, back = order % m, order >= m
        count = (self.last - self.first)[street]
        bends = np.zeros(2 * m + 1, np.int32)
        np.cumsum(count, out=bends[1:])
        within = np.arange(bends[-1]) - np.repeat(bends[:-1].astype(np.int64), count)
        forth, reverse = np.repeat(self.first[street], count) + within, np.repeat(self.last[street] - 1, count) - within
        point = np.where(np.repeat(back, count), reverse, forth)
        return (
            Streets(indptr, far[order].astype(np.int32), self.lengths[street]),
            self.flags[street],
            Bends(bends, self.point_lat[point], self.point_lon[point]),
        )


def leads_somewhere(part: Ints) -> Bools:
    """Per place: whether the piece of the network it is on is no mere fragment beside the largest."""
    size = np.bincount(part)
    found: Bools = (size >= _LARGE * size.max())[part]
    return found


def lay_track(lines: Lines, barred: set[int], tally: Tally) -> Track:
    """
    The ways without the nodes that are missing: a way is cut there, not bridged over.

    Args:
        barred: Nodes that nobody may pass: a way is cut there too, and the ways that meet there do not join.
    """
    left, stretch, way = _kept(lines, tally)
    nodes = np.array(lines.nodes, np.int64)[left]
    shut = np.isin(nodes, np.fromiter(barred, np.int64, len(barred)))
    for node in np.unique(nodes[shut]).tolist():
        tally.skip("crossing", "a barrier that may not be passed on foot", f"n{node}")
    # In the middle of a stretch a barrier is the end of one and the beginning of the next.
    twice = np.repeat(np.arange(len(nodes)), 1 + (shut & _inside(stretch)))
    again = np.diff(twice, prepend=-1) == 0
    stretch = np.cumsum((np.diff(stretch[twice], prepend=-1) > 0) | again, dtype=np.int64) - 1
    left, nodes, way, shut = left[twice], nodes[twice], way[twice], shut[twice]
    known, vertex = np.unique(nodes, return_inverse=True)
    vertex[shut] = len(known) + np.arange(shut.sum())
    at = np.zeros(len(known) + int(shut.sum()), np.int64)
    at[vertex] = left
    lon, lat = lines.degrees()
    begins = np.diff(stretch, prepend=-1) > 0
    return Track(vertex.astype(np.int64), lon[at], lat[at], stretch, way[begins])


def _kept(lines: Lines, tally: Tally) -> tuple[Longs, Longs, Longs]:
    """The points that are there and lead somewhere, by their index; and the stretch and the way of each."""
    ends = np.asarray(lines.ends, np.int64)
    way = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
    nodes, good = np.array(lines.nodes, np.int64), lines.on_earth()
    _tell_missing(lines, way, good, tally)
    # Twice the same node in a row is no step.
    again: Bools = np.zeros(len(nodes), np.bool_)
    again[1:] = (nodes[1:] == nodes[:-1]) & (way[1:] == way[:-1])
    kept: Bools = good & ~again
    # A new stretch begins with every way, and after every hole.
    begins: Bools = np.diff(way, prepend=-1) > 0
    begins[1:] |= ~good[:-1]
    stretch: Longs = np.cumsum(begins, dtype=np.int64)[kept]
    long_enough = np.bincount(stretch)[stretch] > 1 if len(stretch) else np.zeros(0, np.bool_)
    left = np.flatnonzero(kept)[long_enough]
    for lost in np.setdiff1d(np.arange(len(ends)), way[left]).tolist():
        tally.skip("way", "fewer than two of its nodes are there", lines.refs[lost])
    return left, stretch[long_enough], way[left]


def _tell_missing(lines: Lines, way: Longs, good: Bools, tally: Tally) -> None:
    for at in way[~good].tolist():
        tally.skip("node", "missing in the extract or not on Earth; its way is cut there", lines.refs[at])


def pave(track: Track, lines: Lines, stops: Longs, tally: Tally) -> Pavement:
    """
    Streets between the places where ways meet or end.

    Args:
        stops: Vertices that become nodes wherever they are; -1 for none.
    """
    node = np.bincount(track.vertex, minlength=len(track.lon)) > 1
    node[track.vertex[~_inside(track.stretch)]] = True
    node[stops[stops >= 0]] = True
    while True:
        start, end = _between(node[track.vertex], track.stretch)
        twin = _twins(track.vertex[start], track.vertex[end])
        bent = twin & (end - start > 1)
        if not bent.any():
            break
        # A street that ends where it began, or has the ends of another, gets a node in its middle.
        node[track.vertex[(start[bent] + end[bent]) // 2]] = True
    flags = np.array([int(street_flags(tags)) for tags in lines.tags], np.uint8)[track.way[track.stretch[start]]]
    kept = _straight_once(track.vertex[start], track.vertex[end], flags)
    start, end, flags = start[kept], end[kept], flags[kept]
    lengths = _lengths(track, start, end)
    # One misplaced node makes a street across the country, and the network of such a street is refused when it is read.
    short = lengths <= MAX_LENGTH
    for way in track.way[track.stretch[start[~short]]].tolist():
        tally.skip(
            "street", f"longer than {MAX_LENGTH // 10_000} km, so one of its nodes is misplaced", lines.refs[way]
        )
    start, end, flags, lengths = start[short], end[short], flags[short], lengths[short]
    number = np.cumsum(node) - 1
    return Pavement(
        lat=track.lat[node],
        lon=track.lon[node],
        start=number[track.vertex[start]].astype(np.int32),
        end=number[track.vertex[end]].astype(np.int32),
        lengths=lengths,
        flags=flags,
        way=track.way[track.stretch[start]],
        first=start + 1,
        last=end,
        point_lat=track.lat[track.vertex],
        point_lon=track.lon[track.vertex],
        stops=np.where(stops >= 0, number[stops], -1).astype(np.int32),
    )


def _inside(stretch: Longs) -> Bools:
    """Per point: true unless it is the first or the last of its stretch."""
    edge = np.diff(stretch) > 0
    found = np.ones(len(stretch), np.bool_)
    found[:1] = found[-1:] = False
    found[1:] &= ~edge
    found[:-1] &= ~edge
    return found


def _between(node: Bools, stretch: Longs) -> tuple[Longs, Longs]:
    """
    The first and the last point of each street: two nodes with none between them on one stretch.

    Args:
        node: Per point.
    """
    at = np.flatnonzero(node)
    start, end = at[:-1], at[1:]
    one = stretch[start] == stretch[end]
    return start[one], end[one]


def _twins(start: Longs, end: Longs) -> Bools:
    """True for a street that ends where it began, or whose ends another one has too."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    _, which, times = np.unique(np.column_stack((low, high)), axis=0, return_inverse=True, return_counts=True)
    found: Bools = (times[which.ravel()] > 1) | (start == end)
    return found


def _straight_once(start: Longs, end: Longs, flags: Bytes) -> Longs:
    """Of straight streets between the same two nodes the one that asks least of who walks it."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    hard = np.bitwise_count(flags & np.uint8(Street.STEPS | Street.NO_WHEELCHAIR))
    order = np.lexsort((flags, hard, high, low))
    first = np.ones(len(order), np.bool_)
    first[1:] = (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)
    kept = order[first]
    return np.sort(kept[low[kept] != high[kept]])


def _lengths(track: Track, start: Longs, end: Longs) -> Ints:
    """Decimetres along the points of each street, on the WGS 84 ellipsoid."""
    lon, lat = track.lon[track.vertex], track.lat[track.vertex]
    steps = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2] if len(lon) > 1 else np.zeros(0)
    along = np.concatenate(([0.0], np.cumsum(steps)))
    found: Ints = np.clip(np.rint((along[end] - along[start]) * 10), 1, np.iinfo(np.int32).max).astype(np.int32)
    return found
