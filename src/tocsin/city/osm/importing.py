"""From an extract to a city folder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from tocsin.city.arrays import save_arrays
from tocsin.city.files import (
    AREAS,
    BUILDINGS,
    CITY,
    FIRE_STATIONS,
    HOSPITALS,
    IMPORT,
    NETWORK,
    SHELTERS,
    SIRENS,
    TILES,
    WATER,
)
from tocsin.city.folder import replace_folder, require_replaceable
from tocsin.city.geojson import collection
from tocsin.city.geojson import standing as placed
from tocsin.city.network import Entrances, Network, save_network
from tocsin.city.osm.addresses import AddressBook
from tocsin.city.osm.basemap import basemap
from tocsin.city.osm.candidates import Candidate, from_tags, joined
from tocsin.city.osm.census import per_node, settle, whole_residents
from tocsin.city.osm.clocks import nearest_time_zone, require_time_zone
from tocsin.city.osm.districts import WHOLE, Districts, from_boundaries, from_file
from tocsin.city.osm.doors import put_doors
from tocsin.city.osm.dwellings import Dwellings, estimate
from tocsin.city.osm.extract import Bounds, open_extract
from tocsin.city.osm.harvest import Harvest, harvest
from tocsin.city.osm.naming import names_of
from tocsin.city.osm.pavement import Pavement, Track, lay_track, pave
from tocsin.city.osm.report import ImportReport, Tally
from tocsin.city.osm.shelter_list import Listed, read_list
from tocsin.city.osm.standing import Standing, stand
from tocsin.city.place import Facts
from tocsin.city.tiles import Drawing, write_tiles
from tocsin.kernel.errors import Invalid
from tocsin.kernel.geo import Point
from tocsin.routing.streets import Ints

LICENCE = (
    "© OpenStreetMap contributors, Open Database License (ODbL) 1.0. Residents are estimated from buildings; "
    "capacities that no tag or list gives are assumed."
)

# Read as: of the settlements in an extract the one of the first kind names the city.
_RANKS = ("city", "town", "village", "suburb", "hamlet")

_NARROW = 1e-3
"""Degrees."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """
    What a person says about an import beyond the extract.

    Attributes:
        areas: A GeoJSON file that replaces the boundaries of the extract.
        shelters: A list, CSV or GeoJSON.
        columns: Its headings by our field.
        name: The city's; otherwise its area's or its largest settlement's.
        time_zone: Otherwise the nearest.
    """

    areas: Path | None = None
    shelters: Path | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    name: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True)
class _Made:
    """A whole city, not yet written."""

    facts: Facts
    districts: Districts
    standing: Standing
    network: Network
    buildings: dict[str, Any]
    drawing: Drawing
    report: ImportReport


def import_city(source: Path, out: Path, wishes: Wishes, progress: Progress | None = None) -> ImportReport:
    """
    Make a city folder of an OpenStreetMap file.

    Args:
        source: PBF or XML, also compressed.
        out: The folder to make; a city folder that is there already is replaced.

    Raises:
        Invalid: If a file is malformed, breaks off, or there is nothing in it that may be walked; `where` names it.
        Refused: If `out` is something else than a city folder or an empty one. Nothing is written then.
    """
    require_replaceable(out)
    tell = progress or _silent
    made = _make(source, wishes, tell)
    tell("tiles", 0.6)
    replace_folder(out, partial(_write, made, tell))
    tell("done", 1.0)
    return made.report


def _make(source: Path, wishes: Wishes, tell: Progress) -> _Made:
    tally = Tally()
    given = from_file(wishes.areas) if wishes.areas else None
    zone = require_time_zone(wishes.time_zone) if wishes.time_zone else None
    tell("reading", 0.0)
    with open_extract(source, tally) as extract:
        found = harvest(extract, tally)
        said = extract.bounds
    track = lay_track(found.walked, found.barred, tally)
    if not len(track.vertex):
        raise Invalid(_nothing(found, tally), source.name)
    bounds = _bounds(said, track)
    tell("shelters", 0.3)
    candidates, listed = _candidates(found, wishes, bounds, tally)
    tell("streets", 0.35)
    track, pavement = _paved(track, found, candidates, tally)
    tell("areas and residents", 0.5)
    districts = given or from_boundaries(found.boundaries, bounds, pavement.lon, pavement.lat, tally)
    if (districts.locate(pavement.lon, pavement.lat)[1] < 0).all():
        raise Invalid("none of its areas holds any street of the extract", str(wishes.areas))
    standing = stand(candidates, found.sites, districts, tally)
    dwellings = estimate(found.buildings, found.works, tally)
    residents, node = whole_residents(dwellings, districts, tally), settle(dwellings, pavement)
    streets, flags, bends = pavement.streets()
    people = per_node(residents, node, len(pavement.lat))
    stops, entrances = _entered(candidates, pavement.stops)
    network = Network(pavement.lat, pavement.lon, streets, people, stops, flags, bends, entrances)
    facts = _facts(found, districts, bounds, wishes, zone, source, tally)
    return _Made(
        facts=facts,
        districts=districts,
        standing=standing,
        network=network,
        buildings=_buildings(dwellings, residents, node),
        drawing=basemap(found, bounds),
        report=ImportReport(
            source=source.name,
            counts=_counts(found, standing, districts, pavement, residents, listed),
            notes=tuple(tally.notes),
            skipped=tally.skipped(),
            unplaced=tuple(listed.unplaced),
        ),
    )


def _nothing(found: Harvest, tally: Tally) -> str:
    reasons = "; ".join(f"{row.count} × {row.what}: {row.why}" for row in tally.skipped()[:3])
    return f"has no street or path that may be walked{f' ({reasons})' if reasons else ''}"


def _bounds(said: Bounds | None, track: Track) -> Bounds:
    """What the file says it covers, unless its streets are elsewhere."""
    west, south, east, north = track.lon.min(), track.lat.min(), track.lon.max(), track.lat.max()
    if said is not None:
        inside = max(west, said[0]), max(south, said[1]), min(east, said[2]), min(north, said[3])
        if inside[0] < inside[2] and inside[1] < inside[3]:
            west, south, east, north = inside
    # A single straight street has no width; as an area it would hold nobody.
    wide, high = (0.0 if far - near > _NARROW else _NARROW for near, far in ((west, east), (south, north)))
    return float(west) - wide, float(south) - high, float(east) + wide, float(north) + high


def _candidates(found: Harvest, wishes: Wishes, bounds: Bounds, tally: Tally) -> tuple[list[Candidate], Listed]:
    tagged = from_tags(found, tally)
    if wishes.shelters is None:
        return tagged, Listed([], [])
    stations = {name.casefold(): each.point for each in tagged if each.kind == "metro" for name in each.names.values()}
    book = AddressBook([*found.buildings, *found.addresses])
    listed = read_list(wishes.shelters, wishes.columns, book, stations, bounds, tally)
    return joined(listed.placed, tagged, tally), listed


def _paved(track: Track, found: Harvest, candidates: list[Candidate], tally: Tally) -> tuple[Track, Pavement]:
    points = [each.point for each in candidates] + [door.point for each in candidates for door in each.entrances]
    track, stops = put_doors(
        track, np.array([place.lon for place in points]), np.array([place.lat for place in points])
    )
    return track, pave(track, found.walked, stops, tally)


def _entered(candidates: list[Candidate], stops: Ints) -> tuple[Ints, Entrances]:
    """The nodes of the shelters, and of their entrances, which stand after all of those."""
    doors = [door for each in candidates for door in each.entrances]
    indptr = np.zeros(len(candidates) + 1, np.int32)
    np.cumsum([len(each.entrances) for each in candidates], out=indptr[1:])
    return stops[: len(candidates)], Entrances(
        indptr=indptr,
        node=stops[len(candidates) :],
        lat=np.array([door.point.lat for door in doors], np.float64),
        lon=np.array([door.point.lon for door in doors], np.float64),
        step_free=np.array([door.step_free for door in doors], np.uint8),
    )


def _facts(
    found: Harvest, districts: Districts, bounds: Bounds, wishes: Wishes, zone: str | None, source: Path, tally: Tally
) -> Facts:
    west, south, east, north = bounds
    if zone is None:
        zone = nearest_time_zone(Point((south + north) / 2, (west + east) / 2))
        tally.note(f"the time zone is a guess by the nearest city that has one: {zone}; --time-zone says it")
    names = {"und": wishes.name} if wishes.name else _names(found, districts)
    names = names or {"und": source.name.partition(".")[0]}
    return Facts(
        name=names.get("en") or next(iter(names.values())),
        names=names,
        time_zone=zone,
        bbox=bounds,
        licence=LICENCE,
        format=1,
    )


def _names(found: Harvest, districts: Districts) -> dict[str, str]:
    roots = [code for code in districts.tree.codes() if districts.tree[code].parent is None]
    if len(roots) == 1 and roots[0] != WHOLE:
        return districts.tree[roots[0]].names
    ranked = [place for place in found.settlements if place.tags["place"] in _RANKS]
    first = min(ranked, key=lambda place: (_RANKS.index(place.tags["place"]), place.ref), default=None)
    return names_of(first.tags) if first else {}


def _buildings(dwellings: Dwellings, residents: Ints, node: Ints) -> dict[str, Any]:
    return {
        "lat": dwellings.lat,
        "lon": dwellings.lon,
        "ground_m2": dwellings.ground_m2.astype(np.float32),
        "floors": dwellings.floors.astype(np.float32),
        "residents": residents,
        "node": node,
    }


def _counts(
    found: Harvest, standing: Standing, districts: Districts, pavement: Pavement, residents: Ints, listed: Listed
) -> dict[str, int]:
    parts, part = pavement.parts()
    return {
        "walkable_ways": found.walked_ways,
        "platforms": found.platforms,
        "nodes": len(pavement.lat),
        "streets": len(pavement.start),
        "street_metres": round(int(pavement.lengths.sum(dtype=np.int64)) / 10),
        "islands": parts - 1,
        "nodes_on_islands": len(part) - int(np.bincount(part).max()),
        "buildings": len(found.buildings),
        "people": int(residents.sum(dtype=np.int64)),
        "areas": len(districts.tree.codes()),
        "shelters": len(standing.shelters),
        "capacity": sum(shelter.capacity for shelter in standing.shelters),
        "listed_shelters": len(listed.placed),
        "unplaced_rows": len(listed.unplaced),
        "hospitals": len(standing.hospitals),
        "fire_stations": len(standing.fire_stations),
        "sirens": len(standing.sirens),
    }


def _write(made: _Made, tell: Progress, folder: Path) -> None:
    standing = made.standing
    files = {
        CITY: made.facts,
        AREAS: made.districts.tree.geojson(),
        WATER: collection([]),
        SHELTERS: placed(standing.shelters),
        HOSPITALS: placed(standing.hospitals),
        SIRENS: placed(standing.sirens),
        FIRE_STATIONS: placed(standing.fire_stations),
        IMPORT: made.report,
    }
    for name, content in files.items():
        (folder / name).write_bytes(msgspec.json.encode(content))
    save_network(folder / NETWORK, made.network)
    save_arrays(folder / BUILDINGS, made.buildings)
    write_tiles(folder / TILES, made.drawing, made.facts, lambda done: tell("tiles", 0.6 + 0.4 * done))


def _silent(doing: str, done: float) -> None:
    """Nobody wants to know."""
