"""What stands in the demo city: metro stations and hospitals where they really are, everything else made up."""

import re
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from tocsin.city.ground import raion_of
from tocsin.city.kyiv.hospitals import BED_TYPES, HOSPITALS
from tocsin.city.kyiv.metro import STATIONS
from tocsin.city.kyiv.raions import RAIONS
from tocsin.city.place import Hospital, Shelter, Siren
from tocsin.city.streets import StreetPlan
from tocsin.kernel.geo import Point
from tocsin.routing.plane import Floats
from tocsin.routing.streets import Ints

_SHELTERS = 4_500
"""At scale 1, metro stations included."""
_SIRENS, _SIRENS_PER_RAION = 360, 2
"""At scale 1; and the least a raion has at any scale."""


class _Kind(NamedTuple):
    """
    Attributes:
        share: Of all shelters but metro stations. Shares and the step-free ones roughly as in Kyiv's public list.
        places: Median and spread (of the logarithm) of the capacity, which is made up.
    """

    name: str
    uk: str
    en: str
    share: float
    step_free: float
    places: tuple[float, float]


_KINDS = (
    _Kind("basement", "Підвал", "Basement", 0.64, 0.05, (190, 0.6)),
    _Kind("school", "Школа", "School", 0.14, 0.30, (420, 0.4)),
    _Kind("underground_car_park", "Підземний паркінг", "Underground car park", 0.12, 0.45, (800, 0.6)),
    _Kind("underpass", "Підземний перехід", "Underpass", 0.10, 0.35, (240, 0.5)),
)
_METRO_PLACES = (2600, 0.35)


def metro_shelters(nodes: Ints, plan: StreetPlan, raion: Ints, scale: float, rng: Generator) -> list[Shelter]:
    """
    Every underground station.

    Args:
        nodes: Of the stations, in the order of STATIONS.
    """
    # A small scale is a sample of the residents; were the stations not sampled too, they would hold everybody.
    places = _capacities(np.array([_METRO_PLACES] * len(STATIONS)), rng) * scale
    return [
        Shelter(
            id=f"metro-{_slug(station.en)}",
            names={"uk": f"Станція метро «{station.uk.strip('«»')}»", "en": f"{station.en} metro station"},
            kind="metro",
            capacity=max(1, round(float(places[at]))),
            area=RAIONS[raion[node]].code,
            step_free=station.step_free,
            point=Point(float(plan.lat[node]), float(plan.lon[node])),
            properties={"line": station.line},
        )
        for at, (station, node) in enumerate(zip(STATIONS, nodes, strict=True))
    ]


def other_shelters(
    taken: Ints, plan: StreetPlan, people: Ints, raion: Ints, scale: float, rng: Generator
) -> tuple[list[Shelter], Ints]:
    """
    Shelters where people live, and the node of each.

    Args:
        taken: Nodes that have a shelter already.
    """
    count = round((_SHELTERS - len(STATIONS)) * scale)
    # The square root: a crowded crossing needs a larger shelter rather than ten of them.
    weight = np.sqrt(people)
    weight[taken] = 0
    nodes = np.sort(rng.choice(len(weight), count, replace=False, p=weight / weight.sum())).astype(np.int32)
    kinds = rng.choice(len(_KINDS), count, p=[kind.share for kind in _KINDS])
    places = _capacities(np.array([kind.places for kind in _KINDS])[kinds], rng)
    step_free = rng.random(count) < np.array([kind.step_free for kind in _KINDS])[kinds]
    return [
        Shelter(
            id=f"shelter-{at + 1:04d}",
            names={"uk": f"{_KINDS[kinds[at]].uk} {at + 1}", "en": f"{_KINDS[kinds[at]].en} {at + 1}"},
            kind=_KINDS[kinds[at]].name,
            capacity=round(float(places[at])),
            area=RAIONS[raion[node]].code,
            step_free=bool(step_free[at]),
            point=Point(float(plan.lat[node]), float(plan.lon[node])),
        )
        for at, node in enumerate(nodes)
    ], nodes


def hospitals() -> list[Hospital]:
    lat, lon = (np.array([getattr(facts, name) for facts in HOSPITALS]) for name in ("lat", "lon"))
    return [
        Hospital(
            id=facts.id,
            names={"uk": facts.uk, "en": facts.en},
            area=RAIONS[at].code,
            beds={type_: beds for type_, beds in zip(BED_TYPES, facts.beds, strict=True) if beds},
            synthetic=True,
            point=Point(facts.lat, facts.lon),
        )
        for facts, at in zip(HOSPITALS, raion_of(lat, lon), strict=True)
    ]


def sirens(plan: StreetPlan, raion: Ints, scale: float, rng: Generator) -> list[Siren]:
    """Sirens on crossings, more where more is built, some in every raion."""
    weight = np.sqrt(plan.density)
    found: list[Siren] = []
    for at, facts in enumerate(RAIONS):
        inside = np.flatnonzero(raion == at)
        share = float(weight[inside].sum() / weight.sum())
        count = max(_SIRENS_PER_RAION, round(_SIRENS * scale * share))
        for node in rng.choice(inside, count, replace=False, p=weight[inside] / weight[inside].sum()):
            point = Point(float(plan.lat[node]), float(plan.lon[node]))
            found.append(Siren(id=f"siren-{len(found) + 1:03d}", area=facts.code, point=point))
    return found


def _capacities(shape: Floats, rng: Generator) -> Floats:
    """Log-normal, of the median and spread in each row, in steps of ten."""
    drawn: Floats = shape[:, 0] * np.exp(shape[:, 1] * rng.standard_normal(len(shape)))
    rounded: Floats = np.maximum(20, np.round(drawn, -1))
    return rounded


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
