"""Places on the Earth: WGS 84 degrees, and the metres between them."""

from math import asin, cos, radians, sin, sqrt
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.kernel.errors import Invalid

EARTH_RADIUS_M = 6_371_008.8
"""The mean radius (IUGG). The sphere is within 0.6 % of the ellipsoid, far less than any walk is known to."""


class Point(msgspec.Struct, frozen=True):
    """
    A place in WGS 84 degrees, latitude first. GeoJSON writes longitude first: see `position`.

    Raises:
        Invalid: If a coordinate is out of range or not a number.
    """

    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]

    def __post_init__(self) -> None:
        # Written so that NaN fails too: every comparison with it is false.
        if not -90 <= self.lat <= 90:
            raise Invalid(f"{self.lat} is not a latitude from -90 to 90", "lat")
        if not -180 <= self.lon <= 180:
            raise Invalid(f"{self.lon} is not a longitude from -180 to 180", "lon")

    @property
    def position(self) -> tuple[float, float]:
        """As GeoJSON writes it (RFC 7946): longitude, latitude."""
        return (self.lon, self.lat)


def metres(a: Point, b: Point) -> float:
    """The great-circle distance (haversine)."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    h = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(b.lon - a.lon) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(h)))
