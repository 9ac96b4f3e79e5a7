"""
Attacks under the 49 columns of the UCDP Georeferenced Event Dataset 25.1 (Sundberg and Melander 2013; codebook of GED).

UCDP's own decisions stay empty: conflict, dyad, sides and type of violence are nothing this record says.
"""

from collections.abc import Sequence
from typing import Final

from tocsin.formats.record.row import RecordRow, table

GED: Final = (
    "id",
    "relid",
    "year",
    "active_year",
    "code_status",
    "type_of_violence",
    "conflict_dset_id",
    "conflict_new_id",
    "conflict_name",
    "dyad_dset_id",
    "dyad_new_id",
    "dyad_name",
    "side_a_dset_id",
    "side_a_new_id",
    "side_a",
    "side_b_dset_id",
    "side_b_new_id",
    "side_b",
    "number_of_sources",
    "source_article",
    "source_office",
    "source_date",
    "source_headline",
    "source_original",
    "where_prec",
    "where_coordinates",
    "where_description",
    "adm_1",
    "adm_2",
    "latitude",
    "longitude",
    "geom_wkt",
    "priogrid_gid",
    "country",
    "country_id",
    "region",
    "event_clarity",
    "date_prec",
    "date_start",
    "date_end",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "best",
    "high",
    "low",
    "gwnoa",
    "gwnob",
)
_COUNTRIES: Final = {"Ukraine": (369, "Europe")}
"""Gleditsch and Ward's number, and UCDP's region."""


def write_ged(rows: Sequence[RecordRow]) -> str:
    """
    One event an attack; those without a known death are left out, as GED has none of them.

    An open `high` is written as the best figure: GED's is the highest reliable estimate, and there is none higher.
    """
    return table(GED, (_row(each) for each in rows if each.killed is not None and each.killed.figure > 0))


def _row(row: RecordRow) -> list[object]:
    cells: dict[str, object] = {
        "id": row.number,
        "relid": row.attack,
        "year": row.date_local.year,
        "code_status": "Clear",
        **_sources(row),
        **_where(row),
        "event_clarity": 1,
        "date_prec": row.date_prec,
        "date_start": f"{row.date_local:%Y-%m-%d} 00:00:00.000",
        "date_end": f"{row.last_day:%Y-%m-%d} 00:00:00.000",
        **_deaths(row),
    }
    return [cells.get(column) for column in GED]


def _sources(row: RecordRow) -> dict[str, object]:
    dates = [f"{each.published:%Y-%m-%d}" for each in row.sources if each.published]
    return {
        "number_of_sources": len({each.publisher for each in row.sources}),
        "source_article": ";".join(
            ",".join(part for part in (each.publisher, each.headline, each.url) if part) for each in row.sources
        ),
        "source_office": ";".join(dict.fromkeys(each.publisher for each in row.sources)),
        "source_date": ";".join(dates),
        "source_headline": ";".join(each.headline for each in row.sources if each.headline),
    }


def _where(row: RecordRow) -> dict[str, object]:
    country_id, region = _COUNTRIES.get(row.country, (None, None))
    point = row.lat is not None and row.lon is not None
    return {
        "where_prec": row.where_prec,
        "where_coordinates": row.admin1 or row.country,
        "where_description": "; ".join(hit.damage for hit in row.hits if hit.damage),
        "adm_1": row.admin1,
        "adm_2": row.admin2,
        "latitude": row.lat,
        "longitude": row.lon,
        "geom_wkt": f"POINT ({row.lon} {row.lat})" if point else None,
        "priogrid_gid": priogrid(row.lat, row.lon) if row.lat is not None and row.lon is not None else None,
        "country": row.country,
        "country_id": country_id,
        "region": region,
    }


def _deaths(row: RecordRow) -> dict[str, object]:
    if row.killed is None:
        return {}
    best = row.killed.figure
    civilians = min(row.civilians or 0, best)
    return {
        "deaths_a": 0,
        "deaths_b": 0,
        "deaths_civilians": civilians,
        "deaths_unknown": best - civilians,
        "best": best,
        "high": best if row.killed.high is None else row.killed.high,
        "low": row.killed.low,
    }


def priogrid(lat: float, lon: float) -> int:
    """The cell of PRIO-GRID: half a degree wide, from 1 at the south-west corner eastwards (Tollefsen 2012)."""
    return int((lat + 90) * 2) * 720 + int((lon + 180) * 2) + 1
