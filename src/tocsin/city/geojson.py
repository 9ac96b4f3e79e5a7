"""GeoJSON (RFC 7946) as typed Structs, so that a malformed file is refused with the element it is wrong in."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Meta

from tocsin.kernel.errors import Invalid
from tocsin.kernel.geo import Point

P = TypeVar("P")
T = TypeVar("T")

Longitude: TypeAlias = Annotated[float, Meta(ge=-180, le=180)]
Latitude: TypeAlias = Annotated[float, Meta(ge=-90, le=90)]
Position: TypeAlias = tuple[Longitude, Latitude]
Ring: TypeAlias = Annotated[list[Position], Meta(min_length=4)]
Names: TypeAlias = Annotated[dict[str, Annotated[str, Meta(min_length=1)]], Meta(min_length=1)]
"""What something is called, by language, such as `{"uk": "Київ", "en": "Kyiv"}`. Never empty."""


class PointGeometry(msgspec.Struct, frozen=True, tag_field="type", tag="Point"):
    coordinates: Position

    @property
    def point(self) -> Point:
        lon, lat = self.coordinates
        return Point(lat, lon)


class LineString(msgspec.Struct, frozen=True, tag_field="type", tag="LineString"):
    coordinates: Annotated[list[Position], Meta(min_length=2)]


class Polygon(msgspec.Struct, frozen=True, tag_field="type", tag="Polygon"):
    coordinates: Annotated[list[Ring], Meta(min_length=1)]


class MultiPolygon(msgspec.Struct, frozen=True, tag_field="type", tag="MultiPolygon"):
    coordinates: Annotated[list[Annotated[list[Ring], Meta(min_length=1)]], Meta(min_length=1)]


Outline: TypeAlias = Polygon | MultiPolygon
Drawn: TypeAlias = LineString | Polygon | MultiPolygon

G = TypeVar("G")


class Feature(msgspec.Struct, Generic[P, G], frozen=True, kw_only=True):
    type: Literal["Feature"] = "Feature"
    properties: P
    geometry: G


class Collection(msgspec.Struct, Generic[P, G], frozen=True, kw_only=True):
    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: tuple[Feature[P, G], ...]


def collection(parts: list[tuple[Any, Any]]) -> dict[str, Any]:
    """A FeatureCollection of `(properties, geometry)`, ready to be encoded. Every feature says its type."""
    features = [{"type": "Feature", "properties": facts, "geometry": shape} for facts, shape in parts]
    return {"type": "FeatureCollection", "features": features}


def standing(things: Iterable[msgspec.Struct]) -> dict[str, Any]:
    """A FeatureCollection of things that have a `point`: shelters, hospitals, sirens."""
    parts = []
    for thing in things:
        facts = msgspec.structs.asdict(thing)
        point: Any = facts.pop("point")
        parts.append((facts, {"type": "Point", "coordinates": point.position}))
    return collection(parts)


def decode_file(path: Path, type_: type[T]) -> T:
    """
    Read a JSON file of a known type.

    Raises:
        Invalid: If it is absent, not JSON, or does not fit; `where` names the file and the field.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=type_)
    except OSError as error:
        raise Invalid(f"cannot be read: {error.strerror}", path.name) from None
    except msgspec.ValidationError as error:
        raise misfit(error, path.name) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"not JSON: {error}", path.name) from None


def convert(value: object, type_: type[T], where: str = "") -> T:
    """
    The same from JSON that is already parsed.

    Raises:
        Invalid: If it does not fit; `where` gets the field appended.
    """
    try:
        return msgspec.convert(value, type_)
    except msgspec.ValidationError as error:
        raise misfit(error, where) from None


def misfit(error: msgspec.ValidationError, where: str) -> Invalid:
    """What msgspec says of a misfit, as ours: the path behind its message becomes `where`."""
    message, _, path = str(error).partition(" - at `$")
    return Invalid(message, f"{where} {path.rstrip('`').lstrip('.')}".strip())
