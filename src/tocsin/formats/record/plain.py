"""Attacks as CSV, one a line, and their hits as GeoJSON (RFC 7946)."""

from collections.abc import Sequence
from typing import Any

import msgspec

from tocsin.formats.record.row import Bounds, Down, RecordRow, table

COLUMNS = (
    "attack",
    "date_local",
    "start",
    "start_precision_minutes",
    "end",
    "time_zone",
    "area",
    "where_prec",
    "date_prec",
    "name_en",
    "name_uk",
    "weapon_classes",
    "launched",
    "intercepted",
    "hits",
    "killed_low",
    "killed_best",
    "killed_high",
    "injured_low",
    "injured_best",
    "injured_high",
    "as_of",
    "sources",
)


def write_csv(rows: Sequence[RecordRow]) -> str:
    """Empty is not zero: nobody has counted, or the count is open."""
    return table(COLUMNS, (_row(each) for each in rows))


def _row(row: RecordRow) -> list[object]:
    return [
        row.attack,
        row.date_local,
        row.start.isoformat(),
        row.start_precision_minutes,
        row.end.isoformat() if row.end else None,
        row.time_zone,
        row.area,
        row.where_prec,
        row.date_prec,
        row.names.get("en"),
        row.names.get("uk"),
        " ".join(sorted(row.classes)),
        sum(row.counted.values()) if row.counted else None,
        row.intercepted,
        len(row.hits),
        *_cells(row.killed),
        *_cells(row.injured),
        row.as_of.isoformat(),
        " ".join(each.url for each in row.sources if each.url),
    ]


def _cells(bounds: Bounds | None) -> tuple[int | None, int | None, int | None]:
    return (None, None, None) if bounds is None else (bounds.low, bounds.best, bounds.high)


def write_geojson(rows: Sequence[RecordRow]) -> str:
    """A feature for each hit, at its position where that is known; for an attack without hits one without geometry."""
    features = [feature for row in rows for feature in _features(row)]
    return msgspec.json.encode({"type": "FeatureCollection", "features": features}).decode()


def _features(row: RecordRow) -> list[dict[str, Any]]:
    shared = {
        "attack": row.attack,
        "date": row.date_local,
        "names": row.names,
        "killed": row.killed,
        "injured": row.injured,
        "as_of": row.as_of,
    }
    return [_hit(row, hit, shared) for hit in row.hits] or [
        {"type": "Feature", "id": row.attack, "geometry": None, "properties": shared | {"area": row.area}}
    ]


def _hit(row: RecordRow, hit: Down, shared: dict[str, Any]) -> dict[str, Any]:
    place = None if hit.lat is None else {"type": "Point", "coordinates": [hit.lon, hit.lat]}
    facts = msgspec.to_builtins(hit)
    return {"type": "Feature", "id": f"{row.attack}/{hit.hit}", "geometry": place, "properties": shared | facts}
