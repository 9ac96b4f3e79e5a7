"""What of an extract the base map shows, and from which zoom on."""

from collections.abc import Iterator

import numpy as np
import shapely

from tocsin.city.osm.coast import sea
from tocsin.city.osm.extract import Bounds
from tocsin.city.osm.harvest import Harvest, Lines
from tocsin.city.osm.naming import names_of
from tocsin.city.osm.tags import Tags, words
from tocsin.city.tiles import Drawing, Sketch

# Read as: ways of this highway are drawn as this kind from this zoom on.
_ROADS = (
    ("motorway motorway_link trunk trunk_link", "motorway", 6),
    ("primary primary_link", "major", 8),
    ("secondary secondary_link", "major", 10),
    ("tertiary tertiary_link", "minor", 11),
    ("residential unclassified living_street pedestrian road", "minor", 12),
    ("service track", "service", 13),
    ("footway path steps cycleway bridleway corridor platform", "path", 14),
)
_ROAD = {highway: (kind, since) for highways, kind, since in _ROADS for highway in words(highways)}
_PLACES = {"city": 6, "town": 8, "borough": 10, "suburb": 11, "village": 11, "quarter": 12}
_OTHER_PLACE = 13
_WATER = {"natural": words("water"), "waterway": words("riverbank dock"), "landuse": words("basin reservoir")}
_NAMED_FROM = 14
_GREEN_FROM, _BUILDINGS_FROM = 9, 13


def basemap(found: Harvest, bounds: Bounds) -> Drawing:
    """Roads, railways, water, green, buildings and names."""
    sketch = Sketch()
    shore = [line for tags, line in _drawn(found.drawn) if tags.get("natural") == "coastline"]
    for piece in sea(shore, bounds):
        sketch.add("water", piece, 6, kind="sea")
    for ground in found.grounds:
        if _is_water(ground.tags):
            sketch.add("water", ground.shape, 6)
        else:
            sketch.add("green", ground.shape, _GREEN_FROM)
    for building in found.buildings:
        sketch.add("buildings", building.shape, _BUILDINGS_FROM)
    for lines in (found.walked, found.drawn):
        for tags, line in _drawn(lines):
            _add_line(sketch, tags, line)
    for place in found.settlements:
        names = names_of(place.tags)
        since = _PLACES.get(place.tags["place"], _OTHER_PLACE)
        sketch.add(
            "places",
            place.shape,
            since,
            kind=place.tags["place"],
            name=place.tags["name"],
            name_uk=names.get("uk", ""),
            name_en=names.get("en", ""),
        )
    return sketch.drawing()


def _add_line(sketch: Sketch, tags: Tags, line: shapely.Geometry) -> None:
    highway = tags.get("highway")
    if highway in _ROAD:
        kind, since = _ROAD[highway]
        # A name is drawn along the road where there is room for it; before that it only makes tiles larger.
        name = tags.get("name", "")
        sketch.add("roads", line, since, kind=kind, name=name if since <= _NAMED_FROM else "")
    elif "railway" in tags:
        sketch.add("roads", line, 10, kind="rail")
    elif "waterway" in tags:
        sketch.add("water", line, 9 if tags["waterway"] == "river" else 13, kind="stream")


def _drawn(lines: Lines) -> Iterator[tuple[dict[str, str], shapely.Geometry]]:
    """Each way as a line through those of its nodes that are there."""
    good = lines.on_earth()
    places = np.column_stack(lines.degrees())
    start = 0
    for tags, end in zip(lines.tags, lines.ends, strict=True):
        inside = places[start:end][good[start:end]]
        start = end
        if len(inside) > 1:
            yield tags, shapely.LineString(inside)


def _is_water(tags: Tags) -> bool:
    return any(tags.get(key) in values for key, values in _WATER.items())
