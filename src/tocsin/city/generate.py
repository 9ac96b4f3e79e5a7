"""The demo city: Kyiv's raions, metro stations, river and bridges on made-up streets with made-up residents."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import numpy as np
from numpy.random import Generator

from tocsin.city.areas import Area, AreaTree
from tocsin.city.files import AREAS, CITY, HOSPITALS, NETWORK, SHELTERS, SIRENS, WATER
from tocsin.city.folder import replace_folder, require_replaceable
from tocsin.city.geojson import Position, collection, standing
from tocsin.city.ground import PLANE, Ground, channel_outline, raion_of
from tocsin.city.kyiv.metro import STATIONS
from tocsin.city.kyiv.raions import CITY_OUTLINE, KYIV, KYIV_NAMES, RAIONS, ring
from tocsin.city.kyiv.river import BRIDGES, CHANNELS
from tocsin.city.network import Network, save_network
from tocsin.city.place import Facts, Hospital, Shelter, Siren
from tocsin.city.residents import settle
from tocsin.city.sites import hospitals, metro_shelters, other_shelters, sirens
from tocsin.city.streets import StreetPlan, lay_streets
from tocsin.kernel.errors import Invalid
from tocsin.routing.plane import Floats

Progress: TypeAlias = Callable[[str, float], None]
"""Is told what is being done, and how much of the whole is done, from 0 to 1."""

MIN_SCALE, MAX_SCALE = 0.01, 1.0
NODES = 320_000
"""Crossings at scale 1."""

LICENCE = (
    "Made up by `tocsin city generate`; Apache-2.0 as Tocsin itself. Raions, metro stations, bridges and hospitals "
    "have their real names and roughly their places; streets, residents, shelters, sirens and beds are synthetic. "
    "Not fit for finding shelter."
)


@dataclass(frozen=True)
class _Sketch:
    """A whole city, not yet written."""

    facts: Facts
    areas: AreaTree
    shelters: list[Shelter]
    hospitals: list[Hospital]
    sirens: list[Siren]
    network: Network


def generate_city(
    out: Path, scale: float, seed: int, progress: Progress | None = None, most: float = MAX_SCALE
) -> None:
    """
    Write the demo city. The same scale and seed make the same bytes.

    Args:
        out: The folder to make; a city folder that is there already is replaced.
        scale: From 0.01 to 1: share of Kyiv's streets, residents, shelters and sirens. Raions, metro
            stations, bridges and hospitals are always all there.
        seed: At least 0.
        most: The largest scale that is taken. Kyiv is 1; benchmarks ask for more, to see how the cost grows.

    Raises:
        Invalid: If the scale or the seed is out of range.
        Refused: If `out` is something else than a city folder or an empty one. Nothing is written then.
    """
    if not MIN_SCALE <= scale <= most:
        raise Invalid(f"{scale} is not from {MIN_SCALE} to {most:g}", "scale")
    if seed < 0:
        raise Invalid(f"{seed} is less than 0", "seed")
    require_replaceable(out)
    tell = progress or _silent
    sketch = _sketch(scale, seed, tell)
    tell("writing", 0.8)
    replace_folder(out, partial(_write, sketch))
    tell("done", 1.0)


def kyiv_areas() -> AreaTree:
    """Kyiv and its ten raions, with the outlines drawn by hand."""
    city = Area(code=KYIV, level="city", names=KYIV_NAMES, geometry=_polygon(ring(CITY_OUTLINE)))
    raions = [
        Area(
            code=raion.code,
            level="raion",
            names={"uk": f"{raion.uk} район", "en": f"{raion.en} raion"},
            parent=KYIV,
            geometry=_polygon(ring(raion.outline)),
        )
        for raion in RAIONS
    ]
    return AreaTree([city, *raions])


def _sketch(scale: float, seed: int, tell: Progress) -> _Sketch:
    # One stream of chance per subject: a change in one does not shuffle the others.
    for_streets, for_people, for_shelters, for_sirens = np.random.default_rng(seed).spawn(4)
    tell("streets", 0.0)
    plan = _streets(scale, for_streets)
    tell("residents", 0.6)
    raion = raion_of(plan.lat, plan.lon)
    people = settle(plan, raion, scale, for_people)
    tell("shelters and sirens", 0.7)
    stations = plan.fixed[-len(STATIONS) :]
    metro = metro_shelters(stations, plan, raion, scale, for_shelters)
    others, nodes = other_shelters(stations, plan, people, raion, scale, for_shelters)
    return _Sketch(
        facts=_facts(scale, seed),
        areas=kyiv_areas(),
        shelters=[*metro, *others],
        hospitals=hospitals(),
        sirens=sirens(plan, raion, scale, for_sirens),
        network=Network(plan.lat, plan.lon, plan.streets, people, np.concatenate((stations, nodes))),
    )


def _streets(scale: float, rng: Generator) -> StreetPlan:
    landings = [landing for bridge in BRIDGES for landing in bridge.landings]
    ends = np.cumsum([len(bridge.landings) for bridge in BRIDGES]).tolist()
    chains = [list(range(end - len(bridge.landings), end)) for bridge, end in zip(BRIDGES, ends, strict=True)]
    positions = landings + [(station.lon, station.lat) for station in STATIONS]
    return lay_streets(Ground(), round(NODES * scale), _metres(positions), chains, rng)


def _metres(positions: list[Position]) -> Floats:
    lon, lat = np.array(positions).T
    return PLANE.metres(lat, lon)


def _facts(scale: float, seed: int) -> Facts:
    lon, lat = zip(*ring(CITY_OUTLINE), strict=True)
    return Facts(
        name="Kyiv",
        names=KYIV_NAMES,
        time_zone="Europe/Kyiv",
        bbox=(min(lon), min(lat), max(lon), max(lat)),
        generated=True,
        seed=seed,
        scale=scale,
        licence=LICENCE,
        format=1,
    )


def _write(sketch: _Sketch, folder: Path) -> None:
    files = {
        CITY: sketch.facts,
        AREAS: sketch.areas.geojson(),
        WATER: _water(),
        SHELTERS: standing(sketch.shelters),
        HOSPITALS: standing(sketch.hospitals),
        SIRENS: standing(sketch.sirens),
    }
    for name, content in files.items():
        (folder / name).write_bytes(msgspec.json.encode(content))
    save_network(folder / NETWORK, sketch.network)


def _water() -> dict[str, Any]:
    rivers = [
        (
            {"kind": "river", "names": {"uk": channel.uk, "en": channel.en}},
            _polygon(channel_outline(channel.line, channel.width)),
        )
        for channel in CHANNELS
    ]
    bridges = [
        (
            {"kind": "bridge", "names": {"uk": bridge.uk, "en": bridge.en}},
            {"type": "LineString", "coordinates": bridge.landings},
        )
        for bridge in BRIDGES
    ]
    return collection([*rivers, *bridges])


def _polygon(outline: list[Position]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [outline]}


def _silent(doing: str, done: float) -> None:
    """Nobody wants to know."""
