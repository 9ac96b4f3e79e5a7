"""Single cells as exports write them: times without a zone, counts as floats, literals of Python, names of places."""

import ast
import re
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tocsin.domain.record.history import Odd
from tocsin.domain.record.regions import DIRECTIONS, region_code, town_path

_WRITTEN = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$")
_PLAIN = re.compile(r"^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?)?$")
DAY = 24 * 60
_MISNAMED = {"lutsk oblast": "Volyn oblast", "dnipropetrovsk oblas": "Dnipropetrovsk oblast"}


class Moment(NamedTuple):
    """An instant with its precision in minutes, and what was odd about how it was written."""

    instant: datetime
    precision: int
    odd: tuple[Odd, ...]


def read_moment(text: str, zone: ZoneInfo, *, end: bool = False) -> Moment:
    """
    A time with an offset; or one without, by the clocks of the zone; or a date, which is its first moment or, for an
    end, its last minute.

    Raises:
        ValueError: If it is none of them.
    """
    malformed = Odd.MALFORMED_END if end else Odd.MALFORMED_START
    found = _WRITTEN.match(text.strip())
    if found is None:
        instant = datetime.fromisoformat(text.strip())
        if instant.tzinfo is None:
            raise ValueError(f"{text!r} is not a time")
        return Moment(instant, 0, ())
    odd = [] if _PLAIN.match(text) else [malformed]
    year, month, day, hour, minute, second = (int(part) if part else 0 for part in found.groups())
    here = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    precision = 0
    if found.group(4) is None:
        odd.append(Odd.DATE_ONLY)
        precision = DAY
        here = datetime.combine(here.date(), time(23, 59) if end else time(), zone)
    instant = here.astimezone(UTC)
    if here.utcoffset() != here.replace(fold=1).utcoffset():
        odd.append(Odd.CLOCK_CHANGE)
        precision = max(precision, 60)
    return Moment(instant, precision, tuple(odd))


def local_night(end: datetime, zone: ZoneInfo) -> datetime:
    """The local time whose date an attack bears that ends then: one that ends at midnight is of the day before."""
    return end.astimezone(zone) - timedelta(seconds=1)


def read_count(text: str) -> int | None:
    """
    A count, which may be written `12.0`; None for an empty cell.

    Raises:
        ValueError: If it is no whole number, or negative.
    """
    if not text.strip() or text.strip().casefold() == "nan":
        return None
    number = float(text)
    if number < 0 or not number.is_integer():
        raise ValueError(f"{text!r} is not a count")
    return int(number)


class Literal(NamedTuple):
    value: object
    odd: tuple[Odd, ...]


def read_literal(text: str) -> Literal:
    """A literal of Python. `NaN`, which is none, becomes None; nothing is ever run."""
    if not text.strip():
        return Literal(None, ())
    mended = re.sub(r"\bnan\b", "None", text, flags=re.IGNORECASE)
    odd = (Odd.LITERAL_NAN,) if mended != text else ()
    try:
        return Literal(ast.literal_eval(mended), odd)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return Literal(None, (*odd, Odd.LITERAL_UNREADABLE))


class Places(NamedTuple):
    paths: tuple[str, ...]
    odd: tuple[Odd, ...]
    unknown: tuple[str, ...]


def read_targets(text: str) -> Places:
    """Places joined by `and`, each a region, a region with a raion after a comma, a town, or a direction."""
    paths: list[str] = []
    odd: list[Odd] = []
    unknown: list[str] = []
    for part in re.split(r"\s+and\s+", text.strip()) if text.strip() else ():
        around = ""
        for name in (each.strip() for each in part.split(",")):
            path, found = _path(name, around)
            odd += found
            if path:
                around = path
                paths.append(path)
            else:
                unknown.append(name)
    # `Dnipropetrovsk oblast, Dnipro Raion` is one place, the inner one.
    inner = [each for each in paths if not any(other.startswith(f"{each}/") for other in paths)]
    return Places(tuple(dict.fromkeys(inner)), tuple(dict.fromkeys(odd)), tuple(unknown))


def _path(name: str, around: str) -> tuple[str, list[Odd]]:
    bare = re.sub(r"\s*\(.*\)$", "", name)
    if bare.casefold() in DIRECTIONS:
        return f"UA/{bare.casefold()}", [Odd.PLACE_VAGUE]
    if meant := _MISNAMED.get(bare.casefold()):
        return region_code(meant) or "", [Odd.NAME_MENDED]
    if path := region_code(bare) or town_path(bare):
        return path, []
    if around and (bare.casefold().endswith(" raion") or bare.casefold().endswith(" sea")):
        return f"{around}/{bare}", []
    return "", [Odd.PLACE_UNKNOWN]
