"""Where what stands beside a street meets it: a door becomes a point of the street nearest to it."""

from dataclasses import replace

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tocsin.city.osm.pavement import Bools, Longs, Track, leads_somewhere
from tocsin.routing.plane import Floats, Plane

NEAR_M = 200.0
"""A door farther than this from any street stands on none."""
_AT_M = 0.5


def put_doors(track: Track, lon: Floats, lat: Floats) -> tuple[Track, Longs]:
    """
    Set a vertex into the nearest stretch for each door.

    A fragment (a path in a courtyard that nobody joined to the street) is taken only where no larger piece of the
    network is within reach: nobody gets anywhere from it.

    Returns:
        The track with the new vertices, and the vertex of each door; -1 where no street is within NEAR_M.
    """
    found = np.full(len(lon), -1, np.int64)
    start = np.flatnonzero(np.diff(track.stretch) == 0)
    if not len(lon) or not len(start):
        return track, found
    plane = Plane(float(track.lat.mean()), float(track.lon.mean()))
    points = plane.metres(track.lat, track.lon)[track.vertex]
    doors = plane.metres(lat, lon)
    segment = _nearest(points, start, doors, _large(track)[track.vertex[start]])
    near = np.flatnonzero(segment >= 0)
    a, b = points[segment[near]], points[segment[near] + 1]
    along = np.clip(((doors[near] - a) * (b - a)).sum(1) / np.maximum(((b - a) ** 2).sum(1), 1e-9), 0, 1)
    length = np.hypot(*(b - a).T)
    begin, end = along * length < _AT_M, (1 - along) * length < _AT_M
    found[near[begin]] = track.vertex[segment[near[begin]]]
    found[near[end & ~begin]] = track.vertex[segment[near[end & ~begin]] + 1]
    inner = ~(begin | end)
    order = np.lexsort((along[inner], segment[near[inner]]))
    which = near[inner][order]
    found[which] = len(track.lon) + np.arange(len(which))
    return _inserted(track, segment[which], along[inner][order]), found


def _nearest(points: Floats, start: Longs, doors: Floats, large: Bools) -> Longs:
    """The first point of the segment that each door is set on; -1 if none is near."""
    found = np.full(len(doors), -1, np.int64)
    # The fragments only for the doors that are left over.
    for some in (start[large], start):
        left = np.flatnonzero(found < 0)
        if not len(some) or not len(left):
            continue
        tree = shapely.STRtree(shapely.linestrings(np.stack((points[some], points[some + 1]), axis=1)))
        pairs = tree.query_nearest(shapely.points(doors[left]), max_distance=NEAR_M, all_matches=False)
        found[left[pairs[0]]] = some[pairs[1]]
    return found


def _large(track: Track) -> Bools:
    """Per vertex: whether it is on a piece of the network that leads somewhere."""
    joined = np.flatnonzero(np.diff(track.stretch) == 0)
    n = len(track.lon)
    ends = (track.vertex[joined], track.vertex[joined + 1])
    _, part = connected_components(coo_array((np.ones(len(joined), np.int8), ends), shape=(n, n)), directed=False)
    return leads_somewhere(part)


def _inserted(track: Track, segment: Longs, along: Floats) -> Track:
    """Vertices between the points `segment` and the next, in the order of the stretch."""
    near, far = track.vertex[segment], track.vertex[segment + 1]
    new = len(track.lon) + np.arange(len(segment))
    return replace(
        track,
        vertex=np.insert(track.vertex, segment + 1, new),
        lon=np.concatenate((track.lon, track.lon[near] * (1 - along) + track.lon[far] * along)),
        lat=np.concatenate((track.lat, track.lat[near] * (1 - along) + track.lat[far] * along)),
        stretch=np.insert(track.stretch, segment + 1, track.stretch[segment]),
    )
