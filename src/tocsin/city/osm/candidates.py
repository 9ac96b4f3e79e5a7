"""What may shelter people, one entry for each place however often it is mapped."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tocsin.city.osm.dwellings import ground_m2, middles, number
from tocsin.city.osm.harvest import Harvest, Lines, Place, underpasses
from tocsin.city.osm.naming import names_of
from tocsin.city.osm.pavement import GEOD
from tocsin.city.osm.report import Tally
from tocsin.city.osm.sheltering import KINDS
from tocsin.city.osm.tags import Tags
from tocsin.kernel.geo import Point, metres

MOST_PLACES = 200_000
"""A shelter for more than this is a slip of the pen."""
M2_PER_PLACE = 1.0
_USABLE = 0.6
"""Share of the floor that people can stand or sit on; the rest is walls, cars and machines."""
_M2_PER_CAR = 25.0
_PASSAGE_M = 3.0
"""How wide an underpass is taken to be."""
_SHORTEST_M = 8.0
_SAME_NAME_M, _NO_NAME_M, _DOOR_M = 300.0, 40.0, 500.0


@dataclass(frozen=True)
class Entrance:
    point: Point
    step_free: bool


@dataclass(frozen=True)
class Candidate:
    """
    A shelter that has no area and no node yet.

    Attributes:
        entrances: Where it is gone into, if that is known of several.
    """

    id: str
    kind: str
    names: dict[str, str]
    point: Point
    capacity: int
    step_free: bool
    properties: dict[str, str] = field(default_factory=dict)
    entrances: tuple[Entrance, ...] = ()


def from_tags(found: Harvest, tally: Tally) -> list[Candidate]:
    """All that the extract has, each once."""
    places = [place for _, place in found.sheltering]
    grounds, points = ground_m2(places), middles(places)
    tagged = [
        _candidate(kind, place, Point(lat, lon), ground, tally)
        for (kind, place), (lon, lat), ground in zip(found.sheltering, points.tolist(), grounds.tolist(), strict=True)
    ]
    stations = _with_entrances(once(tagged, tally), found.entrances)
    return [*stations, *_passages(found.walked)]


def once(candidates: Iterable[Candidate], tally: Tally) -> list[Candidate]:
    """The first of those that are one place: of one kind, and near each other under one name or without any."""
    kept: list[Candidate] = []
    by_kind: defaultdict[str, list[Candidate]] = defaultdict(list)
    for each in candidates:
        if any(_same(each, other) for other in by_kind[each.kind]):
            tally.skip("shelter", "mapped twice", each.id)
            continue
        by_kind[each.kind].append(each)
        kept.append(each)
    return kept


def joined(listed: list[Candidate], tagged: list[Candidate], tally: Tally) -> list[Candidate]:
    """A city's own list before what is mapped: of one place the list knows more."""
    cells: defaultdict[tuple[str, int, int], list[int]] = defaultdict(list)
    found = list(listed)
    for at, each in enumerate(listed):
        cells[each.kind, *_cell(each.point)].append(at)
    for each in tagged:
        row, column = _cell(each.point)
        near = [at for a in (-1, 0, 1) for b in (-1, 0, 1) for at in cells[each.kind, row + a, column + b]]
        same = [at for at in near if metres(each.point, listed[at].point) <= _NO_NAME_M]
        for at in same:
            # Where its doors are only the map says.
            found[at] = replace(found[at], entrances=found[at].entrances or each.entrances)
        if same:
            tally.skip("shelter", "mapped, and in the list; the list counts", each.id)
        else:
            found.append(each)
    return found


def _cell(point: Point) -> tuple[int, int]:
    """Of a grid finer than which two places are not one."""
    return round(point.lat * 1000), round(point.lon * 1000)


def _same(one: Candidate, other: Candidate) -> bool:
    away = metres(one.point, other.point)
    if away > _SAME_NAME_M:
        return False
    mine, theirs = _own_names(one), _own_names(other)
    return bool(mine & theirs) or (away <= _NO_NAME_M and not (mine and theirs))


def _own_names(one: Candidate) -> set[str]:
    """Without those that only say what kind it is."""
    return {name.casefold() for name in one.names.values()} - {
        KINDS[one.kind].uk.casefold(),
        KINDS[one.kind].en.casefold(),
    }


def _candidate(kind: str, place: Place, point: Point, ground: float, tally: Tally) -> Candidate:
    capacity, source = _capacity(kind, place, ground, tally)
    properties = {"capacity_from": source, "source": f"OpenStreetMap {place.ref}"}
    for key in ("opening_hours", "access"):
        if place.tags.get(key, "yes") not in ("yes", ""):
            properties[key] = place.tags[key]
    if address := " ".join(filter(None, (place.tags.get("addr:street"), place.tags.get("addr:housenumber")))):
        properties["address"] = address
    return Candidate(
        id=f"osm-{place.ref}",
        kind=kind,
        names=names_of(place.tags) or kind_names(kind),
        point=point,
        capacity=capacity,
        step_free=place.tags.get("wheelchair") in ("yes", "designated"),
        properties=properties,
    )


def kind_names(kind: str) -> dict[str, str]:
    return {"uk": KINDS[kind].uk, "en": KINDS[kind].en}


def _capacity(kind: str, place: Place, ground: float, tally: Tally) -> tuple[int, str]:
    """How many people, and how we know."""
    cars = kind == "underground_car_park"
    for key in ("capacity:persons",) if cars else ("capacity:persons", "capacity"):
        if key not in place.tags:
            continue
        value = number(place.tags[key])
        if value is not None and 0 <= value <= MOST_PLACES:
            return int(value), "tag"
        tally.skip("capacity", f"{key} that cannot be; estimated instead", place.ref)
    spaces = number(place.tags.get("capacity", "")) if cars else None
    if spaces is not None and 0 < spaces <= MOST_PLACES:
        return _places(spaces * _M2_PER_CAR), "car places"
    if ground > 0 and kind not in ("metro", "station"):
        below = number(place.tags.get("building:levels:underground", "1")) or 1.0
        return _places(ground * min(max(below, 1.0), 10.0)), "floor area"
    return KINDS[kind].assumed, "assumed"


def _places(m2: float) -> int:
    return min(MOST_PLACES, max(1, int(m2 * _USABLE / M2_PER_PLACE)))


def _with_entrances(candidates: list[Candidate], entrances: list[Place]) -> list[Candidate]:
    """Stations stand at the entrance nearest to them; entrances without a station are one of their own."""
    found = list(candidates)
    stations = {at for at, each in enumerate(found) if each.kind in ("metro", "station")}
    doors: defaultdict[int, list[tuple[float, Place, Point]]] = defaultdict(list)
    for place in sorted(entrances, key=lambda place: place.ref):
        lon, lat = shapely.get_coordinates(place.shape)[0].tolist()
        point = Point(lat, lon)
        near = {at: metres(found[at].point, point) for at in stations}
        at = min(near, key=lambda at: near[at], default=-1)
        if at < 0 or near[at] > _DOOR_M:
            at = len(found)
            stations.add(at)
            found.append(_entered("metro", place, point))
        doors[at].append((metres(found[at].point, point), place, point))
    for at, known in doors.items():
        _, _, point = min(known, key=lambda door: door[0])
        step_free = found[at].step_free or any(_step_free(place.tags) for _, place, _ in known)
        properties = {**found[at].properties, "entrances": str(len(known))}
        ways_in = tuple(Entrance(point, _step_free(place.tags)) for _, place, point in known)
        found[at] = replace(found[at], point=point, step_free=step_free, properties=properties, entrances=ways_in)
    return found


def _entered(kind: str, place: Place, point: Point) -> Candidate:
    properties = {"capacity_from": "assumed", "source": f"OpenStreetMap {place.ref}"}
    names = names_of(place.tags) or kind_names(kind)
    return Candidate(f"osm-{place.ref}", kind, names, point, KINDS[kind].assumed, False, properties)


def _step_free(tags: Tags) -> bool:
    return tags.get("wheelchair") in ("yes", "designated")


def _passages(walked: Lines) -> list[Candidate]:
    """Underpasses: tunnels on foot that touch are one."""
    ways = underpasses(walked)
    if not ways:
        return []
    lon, lat = walked.degrees()
    good, nodes = walked.on_earth(), np.asarray(walked.nodes, np.int64)
    spans = []
    for way in ways:
        inside = np.arange(walked.ends[way - 1] if way else 0, walked.ends[way])
        spans.append(inside[good[inside]])
    known, vertex = np.unique(np.concatenate([nodes[span] for span in spans]), return_inverse=True)
    owner = np.repeat(np.arange(len(ways)), [len(span) for span in spans])
    size = len(ways) + len(known)
    touching = coo_array((np.ones(len(owner), np.int8), (owner, len(ways) + vertex)), shape=(size, size))
    part = connected_components(touching, directed=False)[1][: len(ways)]
    found = []
    for group in np.unique(part):
        members = np.flatnonzero(part == group).tolist()
        lengths = {at: GEOD.line_length(lon[spans[at]], lat[spans[at]]) for at in members if len(spans[at]) > 1}
        if sum(lengths.values()) >= _SHORTEST_M:
            longest = max(lengths, key=lambda at: lengths[at])
            middle = spans[longest][len(spans[longest]) // 2]
            point = Point(float(lat[middle]), float(lon[middle]))
            found.append(_passage(walked, [ways[at] for at in members], ways[longest], point, sum(lengths.values())))
    return found


def _passage(walked: Lines, members: list[int], way: int, point: Point, length: float) -> Candidate:
    stairs = any(walked.tags[at].get("highway") == "steps" for at in members)
    return Candidate(
        id=f"osm-{walked.refs[way]}",
        kind="underpass",
        names=names_of(walked.tags[way]) or kind_names("underpass"),
        point=point,
        capacity=_places(length * _PASSAGE_M),
        step_free=not stairs and walked.tags[way].get("wheelchair") == "yes",
        properties={"capacity_from": "floor area", "source": f"OpenStreetMap {walked.refs[way]}"},
    )
