"""A city as its folder says it: facts, areas, shelters, hospitals, sirens; the walking network only when asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from tocsin.city.areas import AreaTree
from tocsin.city.files import AREAS, CITY, FIRE_STATIONS, HOSPITALS, NETWORK, SHELTERS, SIRENS, WATER
from tocsin.city.geojson import Collection, Drawn, Names, PointGeometry, decode_file
from tocsin.kernel.errors import Invalid
from tocsin.kernel.geo import Point

if TYPE_CHECKING:
    from tocsin.city.network import Network

Id = Annotated[str, Meta(min_length=1, max_length=100)]

F = TypeVar("F", bound=msgspec.Struct)
T = TypeVar("T", bound=msgspec.Struct)


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """
    The file `city.json`.

    Attributes:
        bbox: West, south, east, north, in degrees.
        generated: True for a made-up city, which must never be taken for the real one.
        seed, scale: What it was generated with.
        licence: Where the data comes from and what may be done with it.
        format: Of the folder. Another number is refused, not guessed at.
    """

    name: Annotated[str, Meta(min_length=1)]
    names: Names
    time_zone: str
    bbox: tuple[float, float, float, float]
    generated: bool = False
    seed: int | None = None
    scale: float | None = None
    licence: str = ""
    format: Literal[1]


class _ShelterFacts(msgspec.Struct, frozen=True, kw_only=True):
    id: Id
    names: Names
    kind: Annotated[str, Meta(min_length=1, max_length=60)]
    capacity: Annotated[int, Meta(ge=0)]
    area: str
    step_free: bool
    properties: dict[str, str] = {}


class Shelter(_ShelterFacts, frozen=True, kw_only=True):
    """
    Attributes:
        kind: What it is, such as metro, basement, school, underpass, underground_car_park.
        capacity: How many people it takes.
        area: Code of the deepest area around it.
        step_free: Can be entered in a wheelchair.
        properties: What else is known, such as the line of a metro station.
    """

    point: Point


class _HospitalFacts(msgspec.Struct, frozen=True, kw_only=True):
    id: Id
    names: Names
    area: str
    beds: dict[str, Annotated[int, Meta(ge=0)]]
    synthetic: bool = False


class Hospital(_HospitalFacts, frozen=True, kw_only=True):
    """
    Attributes:
        beds: By the bed types of EDXL-HAVE 1.0, such as AdultICU, Burn, Pediatrics.
        synthetic: True if the beds are made up.
    """

    point: Point


class _SirenFacts(msgspec.Struct, frozen=True, kw_only=True):
    id: Id
    area: str


class Siren(_SirenFacts, frozen=True, kw_only=True):
    """
    Attributes:
        area: The siren sounds when this area or one around it is under alert.
    """

    point: Point


class _FireStationFacts(msgspec.Struct, frozen=True, kw_only=True):
    id: Id
    names: Names
    area: str


class FireStation(_FireStationFacts, frozen=True, kw_only=True):
    point: Point


@dataclass(frozen=True, eq=False)
class City:
    """
    Attributes:
        folder: Where it was loaded from.
        water: Rivers and bridges as a GeoJSON FeatureCollection.
        fire_stations: None in a folder without their file, as the demo city's.
    """

    folder: Path
    facts: Facts
    areas: AreaTree
    water: dict[str, Any]
    shelters: tuple[Shelter, ...]
    hospitals: tuple[Hospital, ...]
    sirens: tuple[Siren, ...]
    fire_stations: tuple[FireStation, ...] = ()

    @cached_property
    def network(self) -> "Network":
        """
        The walking network, read at the first call: a server that only warns must start without it.

        Raises:
            Invalid: If the file is malformed or does not belong to these shelters.
        """
        from tocsin.city.network import load_network

        network = load_network(self.folder / NETWORK)
        if len(network.shelters) != len(self.shelters):
            raise Invalid(f"{len(network.shelters)} nodes for {len(self.shelters)} shelters", f"{NETWORK} shelters")
        return network


def load_city(path: Path) -> City:
    """
    Load a city folder.

    Raises:
        Invalid: If a file is absent or malformed, an id doubled, or an area unknown; `where` names file and field.
    """
    city = read_city(path)
    for file, things in (
        (SHELTERS, city.shelters),
        (HOSPITALS, city.hospitals),
        (SIRENS, city.sirens),
        (FIRE_STATIONS, city.fire_stations),
    ):
        _require_sound(file, things, city.areas)
    return city


def read_city(path: Path) -> City:
    """
    The same without looking whether the files agree: for `tocsin.city.check`, which lists what does not.

    Raises:
        Invalid: If a file is absent or malformed.
    """
    facts = decode_file(path / CITY, Facts)
    areas = decode_file(path / AREAS, dict[str, Any])
    try:
        tree = AreaTree.from_geojson(areas)
    except Invalid as error:
        raise Invalid(error.message.removeprefix(f"{error.where}: "), f"{AREAS} {error.where}") from None
    return City(
        folder=path,
        facts=facts,
        areas=tree,
        water=_water(path),
        shelters=_standing(path / SHELTERS, _ShelterFacts, Shelter),
        hospitals=_standing(path / HOSPITALS, _HospitalFacts, Hospital),
        sirens=_standing(path / SIRENS, _SirenFacts, Siren),
        fire_stations=_fire_stations(path / FIRE_STATIONS),
    )


def _fire_stations(file: Path) -> tuple[FireStation, ...]:
    return _standing(file, _FireStationFacts, FireStation) if file.exists() else ()


class _Water(msgspec.Struct, frozen=True, kw_only=True):
    names: Names
    kind: Literal["river", "bridge"]


def _water(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(decode_file(path / WATER, Collection[_Water, Drawn]))
    return found


def _standing(file: Path, facts: type[F], kind: type[T]) -> tuple[T, ...]:
    """The things of a file, each with the facts of its properties and the point where it stands."""
    read = decode_file(file, Collection[facts, PointGeometry])  # type: ignore[valid-type]
    return tuple(
        kind(point=feature.geometry.point, **msgspec.structs.asdict(feature.properties)) for feature in read.features
    )


def _require_sound(file: str, things: Iterable[Shelter | Hospital | Siren | FireStation], areas: AreaTree) -> None:
    seen: set[str] = set()
    for index, thing in enumerate(things):
        where = f"{file} features[{index}].properties"
        if thing.id in seen:
            raise Invalid(f"{thing.id} is doubled", f"{where}.id")
        if thing.area not in areas:
            raise Invalid(f"no area has the code {thing.area!r}", f"{where}.area")
        seen.add(thing.id)
