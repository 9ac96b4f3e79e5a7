"""One reading of an extract: what the city is made of, as plain arrays and lists."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import osmium
import shapely
from numpy.typing import NDArray

from tocsin.city.osm.extract import Extract
from tocsin.city.osm.report import Tally
from tocsin.city.osm.sheltering import is_metro_entrance, is_underpass, shelter_kind
from tocsin.city.osm.tags import Tags, words
from tocsin.city.osm.walking import bars_the_way, is_way_kind, why_not_walked

_SCALE = 1e-7
"""OpenStreetMap keeps degrees as whole numbers of this."""
_LIMIT_X, _LIMIT_Y = 1_800_000_000, 900_000_000


class Place(NamedTuple):
    """
    A tagged thing.

    Attributes:
        ref: As OpenStreetMap names it, such as `w123`.
        shape: A point or an outline, in degrees.
    """

    ref: str
    tags: dict[str, str]
    shape: shapely.Geometry


@dataclass
class Lines:
    """
    Ways as sequences of nodes, one behind the other.

    Attributes:
        tags, refs: Per way.
        ends: Per way, where its nodes end.
        nodes, x, y: Per node of a way: its id, and its place in 1e-7 degrees.
    """

    tags: list[dict[str, str]] = field(default_factory=list)
    refs: list[str] = field(default_factory=list)
    ends: "array[int]" = field(default_factory=lambda: array("q"))
    nodes: "array[int]" = field(default_factory=lambda: array("q"))
    x: "array[int]" = field(default_factory=lambda: array("q"))
    y: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, ref: str, tags: dict[str, str], nodes: Any) -> None:  # noqa: ANN401 - a NodeRefList or an OuterRing
        self.tags.append(tags)
        self.refs.append(ref)
        for node in nodes:
            self.nodes.append(node.ref)
            self.x.append(node.x)
            self.y.append(node.y)
        self.ends.append(len(self.nodes))

    def on_earth(self) -> NDArray[np.bool_]:
        """Per node: false for one that is missing in the extract or out of range."""
        found: NDArray[np.bool_] = np.abs(np.asarray(self.x)) <= _LIMIT_X
        found &= np.abs(np.asarray(self.y)) <= _LIMIT_Y
        return found

    def degrees(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Longitudes and latitudes."""
        return np.asarray(self.x) * _SCALE, np.asarray(self.y) * _SCALE


@dataclass
class Harvest:
    """
    Attributes:
        walked: Ways and the rings of squares that may be walked.
        drawn: Other ways for the map: motorways, railways, streams.
        barred: Ids of nodes that nobody may pass.
        buildings, boundaries, grounds, works: Outlines; grounds are water and green, for the map, and works where
            people work and do not live.
        sheltering: What may be a shelter, with its kind.
        entrances: Of underground stations.
        sites: Hospitals, fire stations, sirens.
        settlements: Named places, for the map and for the city's own name.
        addresses: Points with a house number that are no building.
        awaited: What should become an outline and has not yet, by its ref: in the end, what is cut off or broken.
        walked_ways: How many ways with a `highway` may be walked; squares that are relations are not among them.
        platforms: How many platforms and piers may be.
    """

    walked: Lines = field(default_factory=Lines)
    drawn: Lines = field(default_factory=Lines)
    barred: set[int] = field(default_factory=set)
    buildings: list[Place] = field(default_factory=list)
    boundaries: list[Place] = field(default_factory=list)
    grounds: list[Place] = field(default_factory=list)
    works: list[Place] = field(default_factory=list)
    sheltering: list[tuple[str, Place]] = field(default_factory=list)
    entrances: list[Place] = field(default_factory=list)
    sites: list[Place] = field(default_factory=list)
    settlements: list[Place] = field(default_factory=list)
    addresses: list[Place] = field(default_factory=list)
    awaited: dict[str, str] = field(default_factory=dict)
    walked_ways: int = 0
    platforms: int = 0


GROUNDS = {
    "natural": words("water wood scrub heath grassland beach wetland"),
    "landuse": words(
        "forest grass meadow recreation_ground village_green cemetery allotments orchard vineyard basin reservoir"
    ),
    "leisure": words("park garden nature_reserve playground pitch golf_course swimming_pool"),
    "waterway": words("riverbank dock"),
}
_WORKS = words("industrial commercial retail railway port quarry landfill military")
_DRAWN = {
    "railway": words("rail light_rail tram subway narrow_gauge funicular"),
    "waterway": words("river canal stream"),
    "natural": words("coastline"),
}
_SITES = {"amenity": frozenset(("hospital", "fire_station")), "emergency": frozenset(("siren", "fire_station"))}


def harvest(extract: Extract, tally: Tally) -> Harvest:
    """
    Read an extract once through.

    Raises:
        Invalid: If it breaks off.
    """
    found = Harvest()
    geometry = osmium.geom.WKBFactory()
    for thing in extract.objects():
        tags = {tag.k: tag.v for tag in thing.tags}
        if thing.is_node():
            _node(found, thing, tags, tally)
        elif thing.is_way():
            _way(found, thing, tags, tally)
        elif thing.is_area():
            _area(found, thing, tags, geometry, tally)
        elif thing.is_relation() and (what := _outlined(tags)):
            found.awaited[f"r{thing.id}"] = what
    for ref, what in found.awaited.items():
        tally.skip(what, "its outline is cut off or does not close", ref)
    return found


def _node(found: Harvest, node: Any, tags: dict[str, str], tally: Tally) -> None:  # noqa: ANN401 - of osmium
    if bars_the_way(tags):
        found.barred.add(node.id)
    if not node.location.valid():
        return
    place = Place(f"n{node.id}", tags, shapely.Point(node.location.lon, node.location.lat))
    if "place" in tags and "name" in tags:
        found.settlements.append(place)
    if "addr:housenumber" in tags:
        found.addresses.append(place)
    _standing(found, place, tally)


def _way(found: Harvest, way: Any, tags: dict[str, str], tally: Tally) -> None:  # noqa: ANN401 - of osmium
    ref = f"w{way.id}"
    if _is_building(tags) or (way.is_closed() and _outlined(tags)):
        found.awaited[ref] = _outlined(tags)
    if is_way_kind(tags):
        why_not = why_not_walked(tags)
        if why_not is None:
            found.walked.add(ref, tags, way.nodes)
            found.walked_ways += "highway" in tags
            found.platforms += "highway" not in tags
            return
        tally.skip("way", f"not walked: {why_not}", ref)
    if "highway" in tags or any(tags.get(key) in values for key, values in _DRAWN.items()):
        found.drawn.add(ref, tags, way.nodes)


def _area(found: Harvest, area: Any, tags: dict[str, str], geometry: Any, tally: Tally) -> None:  # noqa: ANN401
    ref = f"{'w' if area.from_way() else 'r'}{area.orig_id()}"
    try:
        shape = _sound(shapely.from_wkb(geometry.create_multipolygon(area)))
    except (RuntimeError, shapely.errors.GEOSException):
        return
    found.awaited.pop(ref, None)
    if not area.from_way() and is_way_kind(tags) and why_not_walked(tags) is None:
        for ring in _rings(area):
            # Osmium takes the type of a relation away; what is left says no more that it is a square.
            found.walked.add(ref, {**tags, "area": "yes"}, ring)
    place = Place(ref, tags, shape)
    if _is_building(tags):
        found.buildings.append(place)
    if _is_district(tags) and ("name" in tags or not area.from_way()):
        # A closed way without a name is only the line that a relation goes along.
        found.boundaries.append(place)
    if any(tags.get(key) in values for key, values in GROUNDS.items()):
        found.grounds.append(place)
    if tags.get("landuse") in _WORKS:
        found.works.append(place)
    _standing(found, place, tally)


def _standing(found: Harvest, place: Place, tally: Tally) -> None:
    kind, why_not = shelter_kind(place.tags)
    if kind is not None:
        found.sheltering.append((kind, place))
    elif why_not is not None:
        tally.skip("shelter", why_not, place.ref)
    if is_metro_entrance(place.tags):
        found.entrances.append(place)
    if any(place.tags.get(key) in values for key, values in _SITES.items()):
        found.sites.append(place)


def _sound(outline: shapely.Geometry) -> shapely.Geometry:
    """One that crosses itself parted into pieces that do not: shapely refuses to compare others."""
    if outline.is_valid:
        return outline
    return shapely.union_all([part for part in shapely.get_parts(shapely.make_valid(outline)) if part.area > 0])


def _is_building(tags: Tags) -> bool:
    return tags.get("building", "no") != "no"


def _is_district(tags: Tags) -> bool:
    return tags.get("boundary") == "administrative" and "admin_level" in tags


def _outlined(tags: Tags) -> str:
    """What a closed line with these tags would be the outline of; nothing if we have no use for it."""
    if tags.get("type", "multipolygon") not in ("multipolygon", "boundary"):
        return ""
    if _is_building(tags):
        return "building"
    if _is_district(tags):
        return "boundary"
    if "type" in tags and is_way_kind(tags) and why_not_walked(tags) is None:
        return "square"
    if any(tags.get(key) in values for key, values in GROUNDS.items()) or tags.get("landuse") in _WORKS:
        return "ground"
    return ""


def _rings(area: Any) -> Iterator[Any]:  # noqa: ANN401 - of osmium
    for outer in area.outer_rings():
        yield outer
        yield from area.inner_rings(outer)


def underpasses(walked: Lines) -> list[int]:
    """The ways, by their index, that lead under something on foot."""
    return [at for at, tags in enumerate(walked.tags) if is_underpass(tags)]
