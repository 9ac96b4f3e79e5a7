"""
Attacks under the columns of ACLED (codebook of 2023), for whoever joins both. The ids are ours.

ACLED has no injuries, and takes the most conservative number of reported fatalities where sources differ: so does this.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from tocsin.domain.record.attacks import WEAPONS, WeaponClass
from tocsin.formats.record.row import RecordRow, table

ACLED: Final = (
    "event_id_cnty",
    "event_date",
    "year",
    "time_precision",
    "disorder_type",
    "event_type",
    "sub_event_type",
    "actor1",
    "assoc_actor_1",
    "inter1",
    "actor2",
    "assoc_actor_2",
    "inter2",
    "interaction",
    "civilian_targeting",
    "iso",
    "region",
    "country",
    "admin1",
    "admin2",
    "admin3",
    "location",
    "latitude",
    "longitude",
    "geo_precision",
    "source",
    "source_scale",
    "notes",
    "fatalities",
    "tags",
    "timestamp",
)
_ISO: Final = {"Ukraine": (804, "Europe")}


def write_acled(rows: Sequence[RecordRow]) -> str:
    """One event an attack. Actors, interaction and targeting are ACLED's own decisions and stay empty."""
    return table(ACLED, (_row(each) for each in rows))


def _row(row: RecordRow) -> list[object]:
    iso, region = _ISO.get(row.country, (None, None))
    cells: dict[str, object] = {
        "event_id_cnty": row.attack,
        "event_date": f"{row.date_local:%d %B %Y}",
        "year": row.date_local.year,
        # 1 a day, 2 a week, 3 a month.
        "time_precision": {1: 1, 2: 2, 3: 2}.get(row.date_prec, 3),
        "disorder_type": "Political violence",
        "event_type": "Explosions/Remote violence",
        "sub_event_type": "Shelling/artillery/missile attack" if row.by_missiles_alone else "Air/drone strike",
        "iso": iso,
        "region": region,
        "country": row.country,
        "admin1": row.admin1,
        "admin2": row.admin2,
        "location": row.admin2 or row.admin1 or row.country,
        "latitude": row.lat,
        "longitude": row.lon,
        # 1 the town, 2 its neighbourhood, 3 a larger region.
        "geo_precision": {1: 1, 2: 2, 3: 2}.get(row.where_prec, 3),
        "source": "; ".join(dict.fromkeys(each.publisher for each in row.sources)),
        "notes": _notes(row),
        "fatalities": row.killed.low if row.killed else 0,
        "timestamp": int(datetime.timestamp(row.as_of)),
    }
    return [cells.get(column) for column in ACLED]


def _notes(row: RecordRow) -> str:
    parts = [f"On {row.date_local:%d %B %Y}: {row.names.get('en') or next(iter(row.names.values()))}."]
    weapons = ", ".join(WEAPONS[each]["en"] for each in WeaponClass if each in row.classes)
    parts += [f"By {weapons}."] if weapons else []
    if row.killed is None:
        parts.append("Nobody has said how many were killed: 0 is not a count.")
    elif row.killed.high != row.killed.low:
        parts.append(f"Killed: {row.killed.low} to {'more' if row.killed.high is None else row.killed.high}.")
    parts += [f"Wounded: {row.injured.figure}."] if row.injured else []
    return " ".join(parts)
