"""What a city folder holds, and what is wrong with it though every file is well formed."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain, combinations
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from tocsin.city.areas import Area
from tocsin.city.buildings import load_buildings
from tocsin.city.files import (
    AREAS,
    BUILDINGS,
    FIRE_STATIONS,
    HOSPITALS,
    IMPORT,
    NETWORK,
    SHELTERS,
    SIRENS,
    TILES,
)
from tocsin.city.geojson import decode_file
from tocsin.city.network import NO_NODE, Network
from tocsin.city.osm.report import ImportReport
from tocsin.city.place import City, FireStation, Hospital, Shelter, Siren, read_city
from tocsin.city.tiles import TileFile
from tocsin.kernel.errors import Invalid
from tocsin.kernel.geo import Point, metres
from tocsin.routing.streets import Streets

_FAR_M = 100.0
"""A shelter farther from its node than this stands somewhere else than people are sent."""
_OVERLAP = 0.001
"""Share of the smaller outline two areas may have in common: real borders are drawn twice, a little differently."""


Severity: TypeAlias = Literal["error", "warning"]
"""A warning is odd, and may be right: real cities have islands. An error leads people astray."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        rule: Stable name of what is wrong, such as `id-doubled`.
        where: File and id.
    """

    rule: str
    where: str
    message: str
    severity: Severity = "error"


class CityCheck(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        counts: How many of what; `capacity` in people, `streets` each counted once.
        findings: Empty if the city is sound.
    """

    counts: dict[str, int]
    findings: tuple[Finding, ...]


_Thing: TypeAlias = Shelter | Hospital | Siren | FireStation


def check_city(path: Path) -> CityCheck:
    """
    Read a city folder and look whether its parts agree.

    Raises:
        Invalid: If a file is absent or malformed, so that nothing more can be said.
    """
    city = read_city(path)
    islands = _Islands.of(city.network.streets)
    findings = chain(
        _doubled_ids(city),
        _unknown_areas(city),
        _outside(city),
        _overlaps(city),
        _shelters(city),
        _streets(city.network, islands),
        _emptiness(city),
    )
    counts, found = _counts(city, islands), list(findings)
    if (path / BUILDINGS).exists():
        found += _buildings(city, counts)
    if (path / IMPORT).exists():
        found += _import(path / IMPORT, counts)
    if (path / TILES).exists():
        found += _tiles(path / TILES)
    return CityCheck(counts=counts, findings=tuple(found))


def _emptiness(city: City) -> Iterator[Finding]:
    """A city that can do nothing for its people, though nothing in it is false."""
    if not city.shelters:
        yield Finding(rule="no-shelters", where=SHELTERS, message="nobody can be sent anywhere", severity="warning")
    if not city.sirens:
        yield Finding(rule="no-sirens", where=SIRENS, message="an alert makes no sound here", severity="warning")
    if not city.network.people.any():
        yield Finding(rule="no-people", where=NETWORK, message="no residents are known", severity="warning")


def _buildings(city: City, counts: dict[str, int]) -> Iterator[Finding]:
    """Counts the buildings, and looks whether their residents are those of the network."""
    arrays = load_buildings(city.folder / BUILDINGS)
    counts["buildings"] = len(arrays["residents"])
    counts["inhabited_buildings"] = int((arrays["residents"] > 0).sum())
    nodes = city.network.streets.nodes
    if not ((arrays["node"] >= 0) & (arrays["node"] < nodes)).all():
        yield Finding(rule="building-without-node", where=BUILDINGS, message="names a node that is not there")
        return
    at_home = np.bincount(arrays["node"], weights=arrays["residents"], minlength=nodes)
    if wrong := int((at_home != city.network.people).sum()):
        message = f"{wrong} nodes have other residents than their buildings"
        yield Finding(rule="people-differ", where=BUILDINGS, message=message)


def _import(file: Path, counts: dict[str, int]) -> Iterator[Finding]:
    """What the import said it made must be what is there."""
    report = decode_file(file, ImportReport)
    for name in sorted(report.counts.keys() & counts.keys()):
        if report.counts[name] != counts[name]:
            message = f"{report.counts[name]} were made, {counts[name]} are here"
            yield Finding(rule="counts-differ", where=f"{IMPORT} {name}", message=message)
    for note in report.notes:
        yield Finding(rule="import-note", where=IMPORT, message=note, severity="warning")
    if report.unplaced:
        message = f"{len(report.unplaced)} rows of the shelter list have no place"
        yield Finding(rule="shelters-unplaced", where=IMPORT, message=message, severity="warning")


def _tiles(file: Path) -> Iterator[Finding]:
    try:
        TileFile(file)
    except Invalid as error:
        yield Finding(rule="tiles-unreadable", where=TILES, message=error.message)


class _Islands(NamedTuple):
    """
    Attributes:
        parts: Pieces of the network with no street between one and another.
        cut_off: True per node outside the largest piece.
    """

    parts: int
    cut_off: NDArray[np.bool_]

    @classmethod
    def of(cls, streets: Streets) -> "_Islands":
        n = streets.nodes
        matrix = csr_array((streets.lengths, streets.indices, streets.indptr), shape=(n, n))
        parts, part = connected_components(matrix, directed=False)
        return cls(int(parts), part != np.bincount(part).argmax())


def _counts(city: City, islands: _Islands) -> dict[str, int]:
    network = city.network
    return {
        "areas": len(city.areas.codes()),
        "shelters": len(city.shelters),
        "capacity": sum(shelter.capacity for shelter in city.shelters),
        "step_free_shelters": sum(shelter.step_free for shelter in city.shelters),
        "hospitals": len(city.hospitals),
        "beds": sum(sum(hospital.beds.values()) for hospital in city.hospitals),
        "sirens": len(city.sirens),
        "fire_stations": len(city.fire_stations),
        "nodes": network.streets.nodes,
        "streets": len(network.streets.indices) // 2,
        "street_metres": round(int(network.streets.lengths.sum(dtype=np.int64)) / 20),
        "people": int(network.people.sum(dtype=np.int64)),
        "islands": islands.parts - 1,
        "nodes_on_islands": int(islands.cut_off.sum()),
        "people_on_islands": int(network.people[islands.cut_off].sum(dtype=np.int64)),
    }


def _standing(city: City) -> Iterator[tuple[str, tuple[_Thing, ...]]]:
    yield SHELTERS, city.shelters
    yield HOSPITALS, city.hospitals
    yield SIRENS, city.sirens
    yield FIRE_STATIONS, city.fire_stations


def _doubled_ids(city: City) -> Iterator[Finding]:
    for file, things in _standing(city):
        for id_, times in Counter(thing.id for thing in things).items():
            if times > 1:
                yield Finding(rule="id-doubled", where=f"{file} {id_}", message=f"{times} of them are called {id_}")


def _unknown_areas(city: City) -> Iterator[Finding]:
    for file, things in _standing(city):
        for thing in things:
            if thing.area not in city.areas:
                message = f"no area has the code {thing.area!r}"
                yield Finding(rule="area-unknown", where=f"{file} {thing.id}", message=message)


def _outside(city: City) -> Iterator[Finding]:
    west, south, east, north = city.facts.bbox
    for file, things in _standing(city):
        for thing in things:
            if not (west <= thing.point.lon <= east and south <= thing.point.lat <= north):
                message = f"{thing.point.lat}, {thing.point.lon} is outside the city's bbox"
                yield Finding(rule="outside-bbox", where=f"{file} {thing.id}", message=message, severity="warning")
    around = shapely.box(west, south, east, north)
    for code, outline in _outlines(city).items():
        if not around.covers(outline):
            message = "reaches beyond the city's bbox"
            yield Finding(rule="outside-bbox", where=f"{AREAS} {code}", message=message, severity="warning")


def _overlaps(city: City) -> Iterator[Finding]:
    """Outlines that cross themselves, and areas of one parent that share ground."""
    outlines = _outlines(city)
    for code in [code for code, outline in outlines.items() if not outline.is_valid]:
        yield Finding(rule="outline-invalid", where=f"{AREAS} {code}", message=explain_validity(outlines.pop(code)))
    for one, other in combinations(outlines, 2):
        if not _beside(city.areas[one], city.areas[other]):
            continue
        shared = outlines[one].intersection(outlines[other]).area
        if shared > _OVERLAP * min(outlines[one].area, outlines[other].area):
            yield Finding(rule="area-overlap", where=f"{AREAS} {one}", message=f"shares ground with {other}")


def _beside(one: Area, other: Area) -> bool:
    """Whether two areas divide the same ground, so that a place is in one of them only."""
    return (one.parent, one.level) == (other.parent, other.level)


def _outlines(city: City) -> dict[str, BaseGeometry]:
    areas = [city.areas[code] for code in city.areas.codes()]
    return {area.code: shape(area.geometry) for area in areas if area.geometry is not None}


def _shelters(city: City) -> Iterator[Finding]:
    network = city.network
    for shelter, node in zip(city.shelters, network.shelters.tolist(), strict=True):
        where = f"{SHELTERS} {shelter.id}"
        if shelter.capacity == 0:
            yield Finding(rule="capacity-zero", where=where, message="takes nobody", severity="warning")
        if node == NO_NODE:
            yield Finding(rule="shelter-without-node", where=where, message="stands on no street; nobody is sent there")
            continue
        away = metres(shelter.point, Point(float(network.lat[node]), float(network.lon[node])))
        if away > _FAR_M:
            yield Finding(rule="shelter-far", where=where, message=f"{away:.0f} m from the street node it stands on")


def _streets(network: Network, islands: _Islands) -> Iterator[Finding]:
    if islands.parts > 1:
        people = int(network.people[islands.cut_off].sum(dtype=np.int64))
        message = f"{islands.parts - 1} islands of {int(islands.cut_off.sum())} nodes, where {people} people live"
        yield Finding(rule="islands", where=NETWORK, message=message, severity="warning")
    if not _both_ways(network.streets):
        yield Finding(rule="one-way", where=NETWORK, message="a street has no way back, or a longer one")


def _both_ways(streets: Streets) -> bool:
    near = np.repeat(np.arange(streets.nodes, dtype=np.int64), np.diff(streets.indptr))
    there, back = near * streets.nodes + streets.indices, streets.indices * np.int64(streets.nodes) + near
    by_there, by_back = np.lexsort((streets.lengths, there)), np.lexsort((streets.lengths, back))
    return bool(
        (there[by_there] == back[by_back]).all() and (streets.lengths[by_there] == streets.lengths[by_back]).all()
    )
