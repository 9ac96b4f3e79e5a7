"""Where an alert holds, read from the texts of CAP (CAP 1.2, 3.2.4 polygon and circle; 3.3.3)."""

import re
from collections.abc import Iterator
from math import cos, pi, radians, sin
from typing import NamedTuple, TypeAlias

from tocsin.domain.foreign.message import Area

_NUMBER = r"[+-]?(?:\d{1,12}(?:\.\d{0,30})?|\.\d{1,30})"
_PAIR = re.compile(rf"({_NUMBER}),({_NUMBER})", re.ASCII)
KM_PER_DEGREE = 111.2
SIDES = 32
"""Of the polygon that stands for a circle."""

Ring: TypeAlias = list[tuple[float, float]]
"""Longitude and latitude in degrees, as GeoJSON has them."""


class Point(NamedTuple):
    """Degrees, WGS 84."""

    lat: float
    lon: float

    @property
    def on_earth(self) -> bool:
        return -90 <= self.lat <= 90 and -180 <= self.lon <= 180


def read_polygon(text: str) -> list[Point] | None:
    """The corners; None if the text is not pairs of numbers."""
    points = [_point(pair) for pair in text.split()]
    found = [point for point in points if point is not None]
    return found if found and len(found) == len(points) else None


def read_circle(text: str) -> tuple[Point, float] | None:
    """Centre and radius in kilometres; None if the text is neither."""
    words = text.split()
    centre = _point(words[0]) if len(words) == 2 else None
    return None if centre is None or not re.fullmatch(_NUMBER, words[1], re.ASCII) else (centre, float(words[1]))


def _point(text: str) -> Point | None:
    found = _PAIR.fullmatch(text)
    return Point(float(found[1]), float(found[2])) if found else None


def rings(area: Area) -> Iterator[Ring]:
    """The outlines of an area, circles as polygons. What cannot be read, or is not on earth, is left out."""
    for text in area.polygons:
        corners = read_polygon(text)
        if corners is not None and len(set(corners)) >= 3 and all(point.on_earth for point in corners):
            yield [(point.lon, point.lat) for point in corners]
    for text in area.circles:
        circle = read_circle(text)
        if circle is not None and circle[0].on_earth and circle[1] >= 0:
            yield _around(*circle)


def _around(centre: Point, kilometres: float) -> Ring:
    # A circle without a radius is a place; a hundred metres make it one that can lie in an area.
    lat = max(kilometres, 0.1) / KM_PER_DEGREE
    lon = lat / max(cos(radians(centre.lat)), 0.01)
    steps = [2 * pi * step / SIDES for step in range(SIDES)]
    return [(centre.lon + lon * cos(at), centre.lat + lat * sin(at)) for at in steps]
