"""Shelters, hospitals, fire stations and sirens, each in the area that holds it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from tocsin.city.osm.candidates import MOST_PLACES, Candidate
from tocsin.city.osm.districts import Districts
from tocsin.city.osm.dwellings import middles, number
from tocsin.city.osm.harvest import Place
from tocsin.city.osm.naming import names_of
from tocsin.city.osm.report import Tally
from tocsin.city.place import FireStation, Hospital, Shelter, Siren
from tocsin.kernel.geo import Point, metres

_SAME_M = 300.0
_HOSPITAL = {"uk": "Лікарня", "en": "Hospital"}
_FIRE_STATION = {"uk": "Пожежна частина", "en": "Fire station"}


@dataclass(frozen=True)
class Standing:
    shelters: tuple[Shelter, ...]
    hospitals: tuple[Hospital, ...]
    fire_stations: tuple[FireStation, ...]
    sirens: tuple[Siren, ...]


def stand(candidates: list[Candidate], sites: list[Place], districts: Districts, tally: Tally) -> Standing:
    """Give everything its area; what stands outside all of them belongs to the nearest."""
    points = [Point(lat, lon) for lon, lat in middles(sites).tolist()]
    areas = _areas(districts, [each.point for each in candidates] + points, tally)
    shelters = tuple(_shelter(each, area) for each, area in zip(candidates, areas, strict=False))
    placed = list(zip(sites, points, areas[len(candidates) :], strict=True))
    hospitals = _once([each for each in placed if each[0].tags.get("amenity") == "hospital"], "hospital", tally)
    stations = _once([each for each in placed if "fire_station" in _what(each[0])], "fire station", tally)
    sirens = [each for each in placed if each[0].tags.get("emergency") == "siren"]
    return Standing(
        shelters=shelters,
        hospitals=tuple(
            Hospital(
                id=f"osm-{place.ref}",
                names=names_of(place.tags) or _HOSPITAL,
                area=area,
                beds=_beds(place, tally),
                point=point,
            )
            for place, point, area in hospitals
        ),
        fire_stations=tuple(
            FireStation(id=f"osm-{place.ref}", names=names_of(place.tags) or _FIRE_STATION, area=area, point=point)
            for place, point, area in stations
        ),
        sirens=tuple(Siren(id=f"osm-{place.ref}", area=area, point=point) for place, point, area in sirens),
    )


def _what(place: Place) -> tuple[str | None, str | None]:
    return place.tags.get("amenity"), place.tags.get("emergency")


def _shelter(each: Candidate, area: str) -> Shelter:
    return Shelter(
        id=each.id,
        names=each.names,
        kind=each.kind,
        capacity=each.capacity,
        area=area,
        step_free=each.step_free,
        point=each.point,
        properties=each.properties,
    )


def _areas(districts: Districts, points: list[Point], tally: Tally) -> list[str]:
    lon, lat = np.array([point.lon for point in points]), np.array([point.lat for point in points])
    codes, at = districts.locate(lon, lat)
    if not codes:
        return [districts.tree.codes()[0]] * len(points)
    outside = np.flatnonzero(at < 0)
    if len(outside):
        outlines = np.array([shape(districts.tree[code].geometry) for code in codes], object)
        for each in outside.tolist():
            at[each] = int(np.argmin(shapely.distance(outlines, shapely.Point(lon[each], lat[each]))))
        tally.note(
            f"{len(outside)} shelters, hospitals, fire stations or sirens stand outside every area and "
            "are counted to the nearest"
        )
    return [codes[each] for each in at.tolist()]


def _once(placed: list[tuple[Place, Point, str]], what: str, tally: Tally) -> list[tuple[Place, Point, str]]:
    """A building and the point in its middle are one, and so are two of one name beside each other."""
    kept: list[tuple[Place, Point, str]] = []
    for each in sorted(placed, key=lambda each: -each[0].shape.area):
        if any(_same(each, other) for other in kept):
            tally.skip(what, "mapped twice", each[0].ref)
        else:
            kept.append(each)
    return sorted(kept, key=lambda each: each[0].ref)


def _same(one: tuple[Place, Point, str], other: tuple[Place, Point, str]) -> bool:
    mine, theirs = (set(names_of(each[0].tags).values()) for each in (one, other))
    if other[0].shape.area > 0 and other[0].shape.covers(one[0].shape):
        return not (mine and theirs) or bool(mine & theirs)
    return bool(mine & theirs) and metres(one[1], other[1]) <= _SAME_M


def _beds(place: Place, tally: Tally) -> dict[str, int]:
    """By the bed types of EDXL-HAVE; OpenStreetMap only knows how many there are (Key:beds)."""
    said: Any = place.tags.get("beds") or place.tags.get("capacity:beds")
    if not said:
        return {}
    value = number(said)
    if value is None or not 0 <= value <= MOST_PLACES:
        tally.skip("beds", "negative, enormous or no number", place.ref)
        return {}
    return {"MedicalSurgical": int(value)}
