"""
Synthetic streets. The city is cut into patches, each with a street grid of its own direction and fineness; the
grids are bent a little, joined where patches meet, and thinned. Water is crossed on the bridges only.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay, cKDTree

from tocsin.city.ground import PLANE, Ground
from tocsin.routing.plane import Floats, great_circle
from tocsin.routing.streets import Ints, Streets, streets_between

_RASTER_M = 150.0
_NODES_PER_PATCH = 300
_LONGER_SIDE = 1.2
"""Blocks are longer than wide: this times the mean spacing one way, divided by it the other."""
_BEND = 0.13
"""How far a crossing strays from its grid, as a share of the spacing (one standard deviation)."""
_KEPT = 0.45
"""Share of the streets kept of those nobody needs to get anywhere: sets the mean degree near 2.9, as in real cities."""
_WET = 1e6
"""Cost in metres of a street through water: taken only if a piece of land would fall apart without it."""


@dataclass(frozen=True, eq=False)
class StreetPlan:
    """
    Attributes:
        lat, lon: Degrees, per node, rounded to 0.1 metres.
        piece: The piece of land of the node, as `Ground.land` numbers them.
        density: How built up it is there.
        fixed: The nodes of the places that were asked for, in their order.
    """

    lat: Floats
    lon: Floats
    piece: Ints
    density: Floats
    streets: Streets
    fixed: Ints


@dataclass(frozen=True, eq=False)
class _Patches:
    """Per patch: seed and direction (unit vector) of shape (n, 2), piece of land, spacing and radius in metres."""

    seeds: Floats
    piece: Ints
    direction: Floats
    spacing: Floats
    radius: Floats

    def of(self, places: Floats, piece: Ints) -> NDArray[np.intp]:
        """The patch of each place."""
        return _nearest(self.seeds, self.piece, places, piece)[1]


def lay_streets(ground: Ground, count: int, fixed: Floats, bridges: list[list[int]], rng: Generator) -> StreetPlan:
    """
    Args:
        count: About so many nodes.
        fixed: Places that must be nodes, in metres, shape (n, 2), on land.
        bridges: Chains of indices of `fixed`.
    """
    patches = _cut(ground, count, rng)
    laid = _crossings(ground, patches, rng)
    # Rounded before anything is derived, so that the file says exactly what the streets were measured from.
    lat, lon = (np.round(degrees, 6) for degrees in PLANE.degrees(np.concatenate((fixed, laid))))
    places = PLANE.metres(lat, lon)
    piece = ground.piece_of(places)
    start, end = _choose(ground, patches, places, piece, bridges, rng)
    lengths = np.maximum(1, np.rint(10 * great_circle(lat[start], lon[start], lat[end], lon[end]))).astype(np.int32)
    return StreetPlan(
        lat=lat,
        lon=lon,
        piece=piece,
        density=ground.density_at(places, piece),
        streets=streets_between(len(lat), start, end, lengths),
        fixed=np.arange(len(fixed), dtype=np.int32),
    )


def _cut(ground: Ground, count: int, rng: Generator) -> _Patches:
    cells = ground.grid(_RASTER_M)
    piece = ground.piece_of(cells)
    density = ground.density_at(cells, piece)
    wanted = int(np.clip(count // _NODES_PER_PATCH, 30, 800))
    likely = np.sqrt(density)
    # Every piece of land gets a seed. One without would fall to a patch a world away, with a grid as wide as the world.
    first = [rng.choice(np.flatnonzero(piece == at)) for at in range(piece.max() + 1)]
    likely[first] = 0
    others = rng.choice(len(cells), wanted - len(first), replace=False, p=likely / likely.sum())
    chosen = np.concatenate((first, others))
    seeds = cells[chosen]
    away, owner = _nearest(seeds, piece[chosen], cells, piece)
    mass = np.bincount(owner, density, minlength=wanted)
    area = np.bincount(owner, minlength=wanted) * _RASTER_M**2
    radius = np.zeros(wanted)
    np.maximum.at(radius, owner, away + _RASTER_M)
    angle = rng.uniform(0, np.pi / 2, wanted)
    return _Patches(
        seeds=seeds,
        piece=piece[chosen],
        direction=np.column_stack((np.cos(angle), np.sin(angle))),
        spacing=np.sqrt(area * mass.sum() / (mass * count)),
        radius=radius,
    )


def _nearest(seeds: Floats, seed_piece: Ints, places: Floats, piece: Ints) -> tuple[Floats, NDArray[np.intp]]:
    """
    Metres to the nearest seed on the same piece of land, and which. A seed over the water is put a world away:
    a park on an island must not get the grid of the quarter across.
    """
    world = 1e6
    tree = cKDTree(np.column_stack((seeds, seed_piece * world)))
    away, found = tree.query(np.column_stack((places, piece * world)))
    return np.asarray(away, np.float64), np.asarray(found, np.intp)


def _crossings(ground: Ground, patches: _Patches, rng: Generator) -> Floats:
    parts: list[Floats] = []
    for at, (seed, (cos, sin)) in enumerate(zip(patches.seeds, patches.direction, strict=True)):
        step = patches.spacing[at] * np.array([_LONGER_SIDE, 1 / _LONGER_SIDE])
        across, up = (np.arange(-n, n + 1) for n in np.ceil(patches.radius[at] / step))
        grid: Floats = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2) * step
        grid += rng.normal(0, _BEND * patches.spacing[at], grid.shape)
        turned: Floats = grid @ np.array([[cos, sin], [-sin, cos]]) + seed
        parts.append(turned[(grid**2).sum(axis=1) <= patches.radius[at] ** 2])
    places: Floats = np.concatenate(parts)
    owner = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    piece = ground.piece_of(places)
    kept: Floats = places[(piece >= 0) & (patches.of(places, piece) == owner)]
    return kept


def _choose(
    ground: Ground, patches: _Patches, places: Floats, piece: Ints, bridges: list[list[int]], rng: Generator
) -> tuple[Ints, Ints]:
    """
    The ends of every street: a spanning tree of each piece of land, so that every node is reached by construction,
    the bridges, and some of the other straight streets.
    """
    start, end = _neighbours(places, piece)
    straight = _along_the_grid(patches, places, piece, start, end)
    wet = _through(ground.water, places, start, end)
    away = np.hypot(*(places[start] - places[end]).T)
    cost = np.where(straight, 1, 3) * away * rng.uniform(0.7, 1.3, len(away)) + np.where(wet, _WET, 0)
    needed = _spanning(len(places), start, end, cost)
    kept = needed | (straight & ~wet & (rng.random(len(away)) < _KEPT))
    over = np.array([pair for bridge in bridges for pair in pairwise(bridge)], np.int32)
    return np.concatenate((start[kept], over[:, 0])), np.concatenate((end[kept], over[:, 1]))


def _neighbours(places: Floats, piece: Ints) -> tuple[Ints, Ints]:
    """Pairs of nodes beside each other on one piece of land (Delaunay), the smaller first, each once."""
    pairs = []
    for at in range(piece.max() + 1):
        nodes = np.flatnonzero(piece == at)
        corners = np.sort(nodes[Delaunay(places[nodes]).simplices], axis=1)
        pairs += [corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]
    both = np.concatenate(pairs).astype(np.int64)
    keys = np.unique(both[:, 0] * len(places) + both[:, 1])
    return (keys // len(places)).astype(np.int32), (keys % len(places)).astype(np.int32)


def _along_the_grid(patches: _Patches, places: Floats, piece: Ints, start: Ints, end: Ints) -> NDArray[np.bool_]:
    """True for a street along one side of a block; false for a diagonal or anything longer."""
    owner = patches.of(places, piece)[start]
    (cos, sin), spacing = patches.direction[owner].T, patches.spacing[owner]
    east, north = (places[end] - places[start]).T
    across = np.abs(east * cos + north * sin) / (spacing * _LONGER_SIDE)
    up = np.abs(north * cos - east * sin) / (spacing / _LONGER_SIDE)
    found: NDArray[np.bool_] = (np.minimum(across, up) < 0.5) & (np.maximum(across, up) < 1.5)
    return found


def _through(water: shapely.Geometry, places: Floats, start: Ints, end: Ints) -> NDArray[np.bool_]:
    """True where the straight line between two nodes is in the water at a quarter, a half or three quarters of it."""
    shapely.prepare(water)
    found = np.zeros(len(start), np.bool_)
    for share in (0.25, 0.5, 0.75):
        x, y = (places[start] * (1 - share) + places[end] * share).T
        found |= shapely.contains_xy(water, x, y)
    return found


def _spanning(nodes: int, start: Ints, end: Ints, cost: Floats) -> NDArray[np.bool_]:
    tree = minimum_spanning_tree(csr_array((cost, (start, end)), shape=(nodes, nodes))).tocoo()
    keys = np.sort(tree.row.astype(np.int64) * nodes + tree.col)
    return np.isin(start.astype(np.int64) * nodes + end, keys, assume_unique=True)
