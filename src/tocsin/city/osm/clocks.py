"""Which clock a place keeps."""

import re
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tocsin.kernel.errors import Invalid
from tocsin.kernel.geo import Point, metres

_AT = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?$")


def nearest_time_zone(point: Point) -> str:
    """The zone whose own city, by the table of the IANA time zone database, is nearest: a guess near borders."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return min(rows, key=lambda row: metres(point, _point(row[1])))[2]


def require_time_zone(name: str) -> str:
    """
    Raises:
        Invalid: If there is none of this name.
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(f"there is no time zone {name!r}", "--time-zone") from None
    return name


def _point(text: str) -> Point:
    """ISO 6709 as the table writes it: +DDMM+DDDMM or +DDMMSS+DDDMMSS."""
    match = _AT.match(text)
    if match is None:
        raise ValueError(f"{text} is not as zone.tab writes places")
    south, *lat, west, lon, lon_m, lon_s = match.groups()
    degrees = [
        int(whole) + int(minutes) / 60 + int(seconds or 0) / 3600
        for whole, minutes, seconds in (lat, (lon, lon_m, lon_s))
    ]
    return Point(-degrees[0] if south == "-" else degrees[0], -degrees[1] if west == "-" else degrees[1])
