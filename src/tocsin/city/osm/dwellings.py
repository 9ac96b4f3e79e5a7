"""
How many people live in each building: its floor area times what is lived in of it, over the floor area a resident has.

The tags are those of the OpenStreetMap wiki, "Key:building", "Key:building:levels", "Key:height". The figures are our
assumptions, named here so that a city can put its own in their place; where the residents of a district are known, only
their proportions count.
"""

import re
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tocsin.city.osm.harvest import Place
from tocsin.city.osm.report import Tally
from tocsin.city.osm.tags import Tags, words
from tocsin.routing.plane import Floats, Plane

M2_PER_RESIDENT = 35.0
"""Gross floor area: some 24 square metres of dwelling, the rest walls, stairs and cellars."""
_FLOOR_M = 3.0
_USUAL_FLOORS = 1.0
"""Of what nobody lives in: halls, garages, sheds."""
_MOST_FLOORS = 100.0
_SHED_M2 = 25.0
"""A `building=yes` smaller than this on the ground is a shed or a garage."""

# Read as: of a building with this tag, so much is lived in, and so many floors it has where none are tagged.
DWELLINGS: dict[str, tuple[float, float]] = {
    "apartments": (1.0, 5),
    "residential": (1.0, 3),
    "house": (1.0, 2),
    "detached": (1.0, 2),
    "semidetached_house": (1.0, 2),
    "terrace": (1.0, 2),
    "bungalow": (1.0, 1),
    "farm": (0.5, 2),
    "cabin": (0.5, 1),
    "static_caravan": (1.0, 1),
    "houseboat": (1.0, 1),
    "dormitory": (1.0, 5),
    "barracks": (0.5, 2),
    "yes": (0.6, 2),
}
# Read as: `building=yes` with one of these keys is used for that, and nobody lives in it.
_USED = words("amenity shop office craft tourism leisure healthcare aeroway railway public_transport man_made")
_EMPTY = ("abandoned", "disused", "ruins", "demolished")


@dataclass(frozen=True, eq=False)
class Dwellings:
    """
    Per building:

    Attributes:
        lon, lat: Of its middle, in degrees.
        ground_m2: What its outline covers.
        floors: Above the ground, as tagged or as usual for its kind.
        residents: Not yet whole people.
    """

    lon: Floats
    lat: Floats
    ground_m2: Floats
    floors: Floats
    residents: Floats


def estimate(buildings: list[Place], works: list[Place], tally: Tally) -> Dwellings:
    """
    Floors and residents of every building, from its own tags alone, and where it stands.

    Args:
        works: Grounds where people work: what does not say that it is a dwelling is none there.
    """
    lived = np.array([_lived_in(building.tags) for building in buildings]).reshape(-1, 2)
    floors = np.array([_floors(building, usual, tally) for building, usual in zip(buildings, lived[:, 1], strict=True)])
    ground = ground_m2(buildings)
    middle = middles(buildings)
    untold = np.array([building.tags["building"] == "yes" for building in buildings], np.bool_)
    working = untold & (lived[:, 0] > 0) & _inside(middle, works)
    for at in np.flatnonzero(working).tolist():
        tally.skip("residents", "stands where people work, and does not say that it is a dwelling", buildings[at].ref)
    nobody = working | (untold & (ground < _SHED_M2))
    residents = np.where(nobody, 0.0, ground * floors * lived[:, 0] / M2_PER_RESIDENT)
    return Dwellings(middle[:, 0], middle[:, 1], ground, floors, residents)


def _inside(middle: Floats, grounds: list[Place]) -> NDArray[np.bool_]:
    """Per point: whether it lies on any of the grounds."""
    found: NDArray[np.bool_] = np.zeros(len(middle), np.bool_)
    tree = shapely.STRtree([place.shape for place in grounds])
    found[tree.query(shapely.points(middle), predicate="intersects")[0]] = True
    return found


def middles(places: list[Place]) -> Floats:
    """A point inside each outline, as longitude and latitude, shape (n, 2)."""
    inside = shapely.point_on_surface(np.array([place.shape for place in places], object))
    found: Floats = shapely.get_coordinates(inside).reshape(-1, 2)
    return found


def ground_m2(places: list[Place]) -> Floats:
    """What each outline covers, in square metres."""
    shapes = np.array([place.shape for place in places], object)
    if not len(shapes):
        return np.zeros(0)
    west, south, east, north = shapely.total_bounds(shapes)
    plane = Plane((south + north) / 2, (west + east) / 2)
    flat = shapely.transform(shapes, lambda degrees: plane.metres(degrees[:, 1], degrees[:, 0]))
    found: Floats = shapely.area(flat)
    return found


def number(text: str) -> float | None:
    """The first number of a tag's value, such as 12.5 of `12.5 m`; none if there is none."""
    match = re.match(r"\s*(-?\d+(?:[.,]\d+)?(?:[eE]\+?\d+)?)", text)
    return float(match[1].replace(",", ".")) if match else None


def _lived_in(tags: Tags) -> tuple[float, float]:
    """The share that is lived in, and the usual number of floors."""
    kind = tags.get("building", "no")
    share, usual = DWELLINGS.get(kind, (0.0, _USUAL_FLOORS))
    used = kind == "yes" and bool(_USED & tags.keys())
    empty = any(tags.get(key, "no") != "no" for key in _EMPTY)
    return (0.0 if used or empty else share), usual


def _floors(building: Place, usual: float, tally: Tally) -> float:
    for key, metres in (("building:levels", 1.0), ("building:height", _FLOOR_M), ("height", _FLOOR_M)):
        if key not in building.tags:
            continue
        value = number(building.tags[key])
        if value is not None and 0 < value / metres <= _MOST_FLOORS:
            return max(1.0, value / metres)
        tally.skip("floors", f"{key} that cannot be; the usual number is taken", building.ref)
    return usual
