"""
A city's own list of shelters, CSV or GeoJSON: columns found by their usual names or told, blanks in all spellings,
order put into words, doubled rows joined, and every row that cannot be placed kept for a person to see.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import shapely
from shapely.geometry import shape

from tocsin.city.geojson import decode_file
from tocsin.city.osm.addresses import AddressBook
from tocsin.city.osm.candidates import MOST_PLACES, Candidate, kind_names
from tocsin.city.osm.dwellings import number
from tocsin.city.osm.extract import Bounds
from tocsin.city.osm.report import Tally
from tocsin.city.osm.sheltering import KINDS
from tocsin.kernel.errors import Invalid
from tocsin.kernel.geo import Point

Row: TypeAlias = dict[str, str]

# Read as: the first of these headings that a list has is that field.
COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "row", "no", "№", "ref"),
    "name": ("name", "назва"),
    "kind": ("kind", "вид", "type", "тип", "shelter_type"),
    "address": ("address", "адреса", "addr"),
    "address_old": ("address_old",),
    "district": ("raion", "district", "район"),
    "lat": ("lat", "latitude", "широта", "y"),
    "lon": ("lon", "lng", "long", "longitude", "довгота", "x"),
    "capacity": ("capacity", "places", "місткість"),
    "accessible": ("accessible", "wheelchair", "step_free", "доступність"),
    "hours": ("working_time", "opening_hours", "hours", "режим роботи"),
    "building": ("building_type", "building"),
}
_BLANK = frozenset(("", "<null>", "null", "none", "<scrubbed>", "-", "–", "—", "n/a", "nan", "невідомо"))
# Read as: a kind that says this is ours of that name. The first that fits counts.
_KINDS = (
    (r"метро|metro|subway|underground station", "metro"),
    (r"перех[іо]д|underpass", "underpass"),
    (r"паркінг|паркинг|parking|car.?park|garage|гараж", "underground_car_park"),
    (r"сховище|протирадіац|bunker|бункер", "bunker"),
    (r"школа|ліцей|гімназія|school", "school"),
    (r"підвал|цокол|basement|cellar", "basement"),
)
_YES = frozenset(("в наявності", "обладнано", "наявний", "наявне", "є", "так", "yes", "true", "1", "designated"))
_RAMP = re.compile("з пандусом|with a? ?ramp")
_ALWAYS = re.compile("цілодобово|24/7|around the clock|постійно")
_PUPILS = re.compile("навчального дня|учасникам освітнього|pupils|school hours")
_FROM_TO = re.compile(r"(\d{1,2}[:.]\d{2})\s*(?:до|-|–|to)\s*(\d{1,2}[:.]\d{2})")
_OSM_HOURS = re.compile(r"(Mo|Tu|We|Th|Fr|Sa|Su|PH|\d\d:\d\d)[\w\s:,;+\-]*$")


class Listed(NamedTuple):
    """
    Attributes:
        placed: Each shelter once.
        unplaced: Whole rows, with `line` and `why`.
    """

    placed: list[Candidate]
    unplaced: list[Row]


def read_list(
    path: Path,
    columns: Mapping[str, str],
    book: AddressBook,
    stations: Mapping[str, Point],
    bounds: Bounds,
    tally: Tally,
) -> Listed:
    """
    Args:
        columns: Headings by our field, where they are none of COLUMNS.
        stations: Underground stations of the extract by name, casefolded.
        bounds: Of the extract: a place outside is none of its.

    Raises:
        Invalid: If the file cannot be read, or has neither coordinates nor addresses; `where` names file and line.
    """
    rows = list(_geojson(path) if path.suffix.lower() in (".geojson", ".json") else _csv(path))
    headings = _headings(path, [heading for _, row in rows[:1] for heading in row], columns)
    placed: dict[tuple[str, ...], Candidate] = {}
    unplaced: list[Row] = []
    for line, raw in rows:
        row = {field: clean(raw.get(heading, "")) for field, heading in headings.items()}
        point, why_not = _point(row, book, stations, bounds)
        if point is None:
            tally.skip("shelter list row", why_not, f"line {line}")
            unplaced.append({**raw, "line": str(line), "why": why_not})
            continue
        kind = kind_of(row)
        # Two doors of one cellar are two rows; two cellars of one house cannot be told from that.
        same = (row.get("district", ""), row.get("address", "").casefold() or str(point), kind)
        if same in placed:
            tally.skip("shelter list row", "the same address and kind as a row before", f"line {line}")
            continue
        placed[same] = _candidate(row, kind, point, line, tally)
    return Listed(_distinct(placed.values(), tally), unplaced)


def clean(text: str) -> str:
    """Without the blanks and the words that mean nothing is known."""
    plain = " ".join(text.split())
    return "" if plain.casefold() in _BLANK else plain


def kind_of(row: Row) -> str:
    said = f"{row.get('kind', '')} {row.get('name', '')}".casefold()
    return next((kind for pattern, kind in _KINDS if re.search(pattern, said)), "shelter")


def _csv(path: Path) -> Iterator[tuple[int, Row]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Invalid(f"cannot be read: {error.strerror}", path.name) from None
    except UnicodeDecodeError as error:
        raise Invalid(f"is not UTF-8: {error.reason} at byte {error.start}", path.name) from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter, restkey="", restval="")
    try:
        for row in reader:
            if row.pop("", None):
                raise Invalid("has more fields than there are headings", f"{path.name}:{reader.line_num}")
            yield reader.line_num, {str(heading).strip(): value or "" for heading, value in row.items()}
    except csv.Error as error:
        raise Invalid(str(error), f"{path.name}:{reader.line_num}") from None


def _geojson(path: Path) -> Iterator[tuple[int, Row]]:
    source = decode_file(path, dict[str, Any])
    features = source.get("features")
    if not isinstance(features, list):
        raise Invalid("is no FeatureCollection", path.name)
    for at, feature in enumerate(features):
        try:
            properties = {str(key): "" if value is None else str(value) for key, value in feature["properties"].items()}
            if feature.get("geometry") is not None:
                lon, lat = shapely.get_coordinates(shapely.centroid(shape(feature["geometry"])))[0].tolist()
                properties |= {"lat": str(lat), "lon": str(lon)}
        except (KeyError, TypeError, AttributeError, ValueError, IndexError, shapely.errors.ShapelyError) as error:
            raise Invalid(f"is no feature with a place: {error}", f"{path.name} features[{at}]") from None
        yield at, properties


def _headings(path: Path, present: list[str], told: Mapping[str, str]) -> dict[str, str]:
    if not present:
        raise Invalid("has no rows", path.name)
    found: dict[str, str] = {}
    by_name = {heading.casefold(): heading for heading in present}
    for field, usual in COLUMNS.items():
        heading = told.get(field) or next((by_name[name] for name in usual if name in by_name), None)
        if heading is not None:
            found[field] = heading
    for field, heading in told.items():
        if field not in COLUMNS:
            raise Invalid(f"there is no field {field!r}; there are {', '.join(COLUMNS)}", "--column")
        if heading not in present:
            raise Invalid(f"has no column {heading!r}; it has {', '.join(present)}", path.name)
    if not ({"lat", "lon"} <= found.keys() or "address" in found):
        raise Invalid(f"has neither lat and lon nor address among its columns {', '.join(present)}", path.name)
    return found


def _point(row: Row, book: AddressBook, stations: Mapping[str, Point], bounds: Bounds) -> tuple[Point | None, str]:
    """Where a row is; or nothing, and why not."""
    if row.get("lat") and row.get("lon"):
        return _coordinates(row["lat"], row["lon"], bounds)
    addresses = [row[field] for field in ("address", "address_old") if row.get(field)]
    for text in addresses:
        if point := book.find(text):
            return point, ""
    if point := _station(" ".join((row.get("name", ""), *addresses)), stations):
        return point, ""
    return None, "its address is not in the extract" if addresses else "has neither coordinates nor an address"


def _coordinates(lat: str, lon: str, bounds: Bounds) -> tuple[Point | None, str]:
    try:
        point = Point(float(lat.replace(",", ".")), float(lon.replace(",", ".")))
    except (ValueError, Invalid):
        return None, "its coordinates are no place on Earth"
    west, south, east, north = bounds
    if not (west <= point.lon <= east and south <= point.lat <= north):
        return None, "lies outside the extract"
    return point, ""


def _station(text: str, stations: Mapping[str, Point]) -> Point | None:
    """By the station's name in quotation marks."""
    if not re.search("метро|metro|subway", text, re.IGNORECASE):
        return None
    quoted = re.findall('[«"“]([^»"”]+)', text.casefold())
    return next((stations[name.strip()] for name in quoted if name.strip() in stations), None)


def _candidate(row: Row, kind: str, point: Point, line: int, tally: Tally) -> Candidate:
    capacity, source = _capacity(row, kind, line, tally)
    properties = {"capacity_from": source, "source": f"list, line {line}"}
    if row.get("address"):
        properties["address"] = row["address"]
    properties |= opening(row.get("hours", ""))
    said = f"{row.get('kind', '')} {row.get('accessible', '')}".casefold()
    name = row.get("name") or (f"{KINDS[kind].uk}, {row['address']}" if row.get("address") else "")
    return Candidate(
        id=f"list-{row.get('id') or line}"[:100],
        kind=kind,
        names={"uk": name, "en": KINDS[kind].en} if name else kind_names(kind),
        point=point,
        capacity=capacity,
        step_free=row.get("accessible", "").casefold() in _YES or bool(_RAMP.search(said)),
        properties=properties,
    )


def opening(text: str) -> Row:
    """Hours in OpenStreetMap's syntax and for whom, as far as they can be read; the words themselves otherwise."""
    said = text.casefold()
    if not said:
        return {}
    if _PUPILS.search(said):
        return {"access": "pupils"}
    if _ALWAYS.search(said):
        return {"opening_hours": "24/7"}
    if _OSM_HOURS.match(text):
        return {"opening_hours": text}
    if match := _FROM_TO.search(said):
        start, end = (f"{clock.replace('.', ':'):0>5}" for clock in match.groups())
        return {"opening_hours": f"{'Mo-Fr ' if 'робоч' in said else ''}{start}-{end}"}
    return {"hours_as_listed": text}


def _capacity(row: Row, kind: str, line: int, tally: Tally) -> tuple[int, str]:
    if row.get("capacity"):
        value = number(row["capacity"].replace(" ", ""))
        if value is not None and 0 <= value <= MOST_PLACES:
            return int(value), "list"
        tally.skip("capacity", "negative, enormous or no number; the usual one of its kind is taken", f"line {line}")
    return KINDS[kind].assumed, "assumed"


def _distinct(placed: Any, tally: Tally) -> list[Candidate]:  # noqa: ANN401 - the values of a dict
    """With ids that stand once: a list may number its rows anew on every sheet."""
    seen: set[str] = set()
    found: list[Candidate] = []
    for each in placed:
        if each.id in seen:
            tally.skip("shelter list row", "its id stands twice", each.id)
            continue
        seen.add(each.id)
        found.append(each)
    return found
