"""The ground the demo city stands on: raions, water, the land between, and how densely it is built up."""

from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tocsin.city.kyiv.quarters import BACKGROUND, QUARTERS
from tocsin.city.kyiv.raions import CITY_OUTLINE, RAIONS, ring
from tocsin.city.kyiv.river import CHANNELS
from tocsin.routing.plane import Floats, Plane
from tocsin.routing.streets import Ints

PLANE = Plane(50.45, 30.52)

BANKS = 2
"""The right and the left bank are the two largest pieces of land; all others are islands."""

_SLIVER_M2 = 500_000
"""Land smaller than this between water and the limits of the city is an artefact of drawing; nobody lives there."""


class Ground:
    """All arrays of places are metres east and north, shape (n, 2), unless degrees are said."""

    @cached_property
    def land(self) -> list[Any]:
        """The pieces the water cuts the city into, largest first."""
        whole = shapely.Polygon(_metres(ring(CITY_OUTLINE)))
        pieces = shapely.get_parts(shapely.difference(whole, self.water)).tolist()
        return sorted((piece for piece in pieces if piece.area > _SLIVER_M2), key=lambda piece: -piece.area)

    @cached_property
    def water(self) -> shapely.Geometry:
        return shapely.union_all([_channel(channel.line, channel.width) for channel in CHANNELS])

    def piece_of(self, places: Floats) -> Ints:
        """The piece of land each place lies on; -1 in the water and outside."""
        return _first_holding(self.land, places)

    def density_at(self, places: Floats, piece: Ints) -> Floats:
        """How built up each place is, on its piece of land; 1 at most. Islands are parks."""
        found = np.full(len(places), BACKGROUND)
        for quarter in QUARTERS:
            middle = PLANE.metres(np.array([quarter.lat]), np.array([quarter.lon]))
            square = ((places - middle) ** 2).sum(axis=1) / quarter.reach**2
            # The largest, not the sum: quarters that overlap are one town, not a denser one.
            np.maximum(found, quarter.density * np.exp(-square / 2), out=found)
        return np.where(piece < BANKS, found, BACKGROUND)

    def grid(self, step: float) -> Floats:
        """The places on land of a square grid."""
        west, south, east, north = shapely.union_all(self.land).bounds
        x, y = np.meshgrid(np.arange(west, east, step), np.arange(south, north, step))
        places = np.column_stack((x.ravel(), y.ravel()))
        return places[self.piece_of(places) >= 0]


def raion_of(lat: Floats, lon: Floats) -> Ints:
    """The raion at each place in degrees, as an index of RAIONS, as AreaTree.locate says; -1 outside."""
    outlines = [shapely.Polygon(ring(raion.outline)) for raion in RAIONS]
    return _first_holding(outlines, np.column_stack((lon, lat)))


def channel_outline(line: list[tuple[float, float]], width: float) -> list[tuple[float, float]]:
    """The outline of a stretch of water in degrees, as GeoJSON has it, rounded to about a metre."""
    lat, lon = PLANE.degrees(shapely.get_coordinates(_channel(line, width)))
    return [(round(x, 5), round(y, 5)) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]


def _channel(line: list[tuple[float, float]], width: float) -> shapely.Geometry:
    return shapely.LineString(_metres(line)).buffer(width / 2, quad_segs=4)


def _metres(positions: list[tuple[float, float]]) -> Floats:
    lon, lat = np.array(positions).T
    return PLANE.metres(lat, lon)


def _first_holding(polygons: list[Any], places: Floats) -> Ints:
    found: NDArray[np.int32] = np.full(len(places), -1, np.int32)
    for at, polygon in enumerate(polygons):
        shapely.prepare(polygon)
        open_ = np.flatnonzero(found < 0)
        found[open_[shapely.intersects_xy(polygon, places[open_, 0], places[open_, 1])]] = at
    return found
