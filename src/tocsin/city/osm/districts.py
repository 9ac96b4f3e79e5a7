"""
The tree of areas of an imported city: from a file; or from administrative boundaries (Tag:boundary=administrative); or,
where none of these holds the city, from the extract's own bounds.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapely
from shapely.geometry import mapping, shape

from tocsin.city.areas import Area, AreaTree
from tocsin.city.geojson import decode_file
from tocsin.city.osm.dwellings import number
from tocsin.city.osm.extract import Bounds
from tocsin.city.osm.harvest import Place
from tocsin.city.osm.naming import names_of
from tocsin.city.osm.report import Tally
from tocsin.kernel.errors import Invalid
from tocsin.routing.plane import Floats
from tocsin.routing.streets import Ints

WHOLE = "extract"
"""The code of the area that is made up of the extract's bounds."""
_HOLDS = 0.9
_ALL = 0.99
_MOSTLY = 0.5
_MOST_PEOPLE = 1e9

# Read as: the first of these properties that is there says it.
_CODE = ("code", "katotth", "ref", "OSM_ID", "id")
_LEVEL = ("level", "admin_level", "ADMIN_LVL")
_NAMES = (("uk", ("name:uk", "NAME", "name")), ("en", ("name:en", "NAME_EN", "name_en")))


@dataclass
class Districts:
    """
    Attributes:
        tree: Every area has an outline unless its file gave none.
        residents: By area, where they are known.
        made_up: True if the outermost area is only the extract's bounds.
    """

    tree: AreaTree
    residents: dict[str, float] = field(default_factory=dict)
    made_up: bool = False

    def locate(self, lon: Floats, lat: Floats) -> tuple[list[str], Ints]:
        """The codes, and per place the index of the deepest area that holds it; -1 outside all."""
        codes = [code for code in self.tree.codes() if self.tree[code].geometry is not None]
        outlines = [shape(self.tree[code].geometry) for code in codes]
        found = np.full(len(lon), -1, np.int32)
        # From the outermost in: what is deeper overwrites.
        for at in sorted(range(len(codes)), key=lambda at: (len(self.tree.ancestors(codes[at])), -at)):
            shapely.prepare(outlines[at])
            found[shapely.intersects_xy(outlines[at], lon, lat)] = at
        return codes, found


def from_file(path: Path) -> Districts:
    """
    Areas of a GeoJSON FeatureCollection: as a city folder has them, or with the properties other tools write.
    A property `population` says how many live there.

    Raises:
        Invalid: If it is none, a code is doubled, an outline malformed, or a population negative or enormous.
    """
    source = decode_file(path, dict[str, Any])
    features = source.get("features")
    if source.get("type") != "FeatureCollection" or not isinstance(features, list) or not features:
        raise Invalid("is not a GeoJSON FeatureCollection with at least one feature", path.name)
    told = [_told(feature, at, path.name) for at, feature in enumerate(features)]
    try:
        tree = AreaTree.from_geojson({"type": "FeatureCollection", "features": [feature for feature, _ in told]})
    except Invalid as error:
        raise Invalid(error.message.removeprefix(f"{error.where}: "), f"{path.name} {error.where}") from None
    known = {feature["properties"]["code"]: people for feature, people in told if people is not None}
    return Districts(tree, known)


def _told(feature: Any, at: int, file: str) -> tuple[dict[str, Any], float | None]:  # noqa: ANN401 - JSON
    where = f"{file} features[{at}]"
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise Invalid("has no properties", where)
    names = properties.get("names") or {
        lang: str(next(properties[key] for key in keys if properties.get(key)))
        for lang, keys in _NAMES
        if any(properties.get(key) for key in keys)
    }
    code = next((str(properties[key]) for key in _CODE if properties.get(key) is not None), "")
    if not code or not names:
        raise Invalid("has no code or no name", f"{where}.properties")
    level = next((str(properties[key]) for key in _LEVEL if properties.get(key) is not None), "area")
    known = {"code": code, "level": level, "names": names, "parent": properties.get("parent")}
    geometry = feature.get("geometry")
    return {"type": "Feature", "properties": known, "geometry": geometry}, _population(properties, where)


def _population(properties: dict[str, Any], where: str) -> float | None:
    people = properties.get("population")
    if people is None:
        return None
    value = number(str(people).replace(" ", ""))
    if value is None or not 0 <= value <= _MOST_PEOPLE:
        raise Invalid(f"{people!r} is no number of residents", f"{where}.properties.population")
    return value


def from_boundaries(boundaries: list[Place], bounds: Bounds, lon: Floats, lat: Floats, tally: Tally) -> Districts:
    """
    Args:
        bounds: Of the extract.
        lon, lat: The nodes of the walking network: what the areas should hold.
    """
    extent = shapely.box(*bounds)
    kept = [place for place in _nested(boundaries, tally) if _concerns(place, extent, tally)]
    found = Districts(AreaTree([]))
    areas: list[Area] = []
    for at, place in enumerate(kept):
        parent = next((other for other in reversed(kept[:at]) if _inside(place, other)), None)
        code = code_of(place)
        areas.append(
            Area(
                code=code,
                level=f"admin_level_{place.tags['admin_level']}",
                names=names_of(place.tags) or {"und": place.ref},
                parent=code_of(parent) if parent is not None else None,
                geometry=_geometry(place.shape),
            )
        )
        people = number(place.tags.get("population", "").replace(" ", ""))
        if people is not None and not 0 <= people <= _MOST_PEOPLE:
            tally.skip("population", "negative or enormous", place.ref)
        elif people is not None and extent.buffer(1e-6).covers(place.shape):
            found.residents[code] = people
        elif people is not None:
            tally.skip("population", "the area reaches beyond the extract", place.ref)
    if not _one_holds_all(areas, lon, lat):
        areas = _around(areas, extent, tally)
        found.made_up = True
    found.tree = AreaTree(areas)
    return found


def code_of(place: Place) -> str:
    """The country's own code, where OpenStreetMap has it; in Ukraine KATOTTG (Key:katotth)."""
    return place.tags.get("katotth") or place.tags.get("ISO3166-2") or place.tags.get("ISO3166-1") or f"osm-{place.ref}"


def _nested(boundaries: list[Place], tally: Tally) -> list[Place]:
    """By level, outermost first; of two with one code the larger."""
    found: dict[str, Place] = {}
    for place in boundaries:
        if not place.tags["admin_level"].isdigit():
            tally.skip("boundary", "its admin_level is no number", place.ref)
            continue
        code = code_of(place)
        if code in found:
            tally.skip("boundary", "its code stands twice; the larger outline counts", place.ref)
            if place.shape.area <= found[code].shape.area:
                continue
        found[code] = place
    return sorted(found.values(), key=lambda place: (int(place.tags["admin_level"]), -place.shape.area, place.ref))


def _concerns(place: Place, extent: shapely.Geometry, tally: Tally) -> bool:
    within = place.shape.intersection(extent).area
    if within >= _MOSTLY * place.shape.area or within >= _ALL * extent.area:
        return True
    tally.skip("boundary", "mostly outside the extract", place.ref)
    return False


def _inside(inner: Place, outer: Place) -> bool:
    if int(inner.tags["admin_level"]) <= int(outer.tags["admin_level"]):
        return False
    return bool(inner.shape.intersection(outer.shape).area >= _HOLDS * inner.shape.area)


def _one_holds_all(areas: list[Area], lon: Floats, lat: Floats) -> bool:
    roots = [area for area in areas if area.parent is None]
    if len(roots) != 1:
        return False
    outline = shape(roots[0].geometry)
    shapely.prepare(outline)
    return bool(shapely.intersects_xy(outline, lon, lat).mean() >= _ALL)


def _around(areas: list[Area], extent: shapely.Geometry, tally: Tally) -> list[Area]:
    why = "no administrative boundary" if not areas else "no single administrative boundary"
    tally.note(
        f"{why} holds the whole extract: the outermost area, {WHOLE!r}, is a rectangle round it; "
        "--areas gives the real ones"
    )
    names = {"uk": "Уся територія карти", "en": "The whole extract"}
    whole = Area(code=WHOLE, level="extract", names=names, geometry=_geometry(extent))
    inner = [msgspec.structs.replace(area, parent=WHOLE) if area.parent is None else area for area in areas]
    return [whole, *inner]


def _geometry(outline: shapely.Geometry) -> dict[str, Any]:
    """Rounded to a centimetre."""
    rounded = shapely.set_precision(outline, 1e-7)
    found: dict[str, Any] = msgspec.to_builtins(mapping(rounded if not rounded.is_empty else outline))
    return found
