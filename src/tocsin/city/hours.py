"""When a shelter lets people in, as far as the data says: who may enter, and a part of opening_hours."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum

# Read as: with this access nobody may count on being let in who just comes by. `pupils`: only those of the school.
_CLOSED_TO_PASSERS_BY = frozenset(
    {"no", "private", "pupils", "students", "employees", "residents", "permit", "military"}
)
_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MINUTES = re.compile(r"(\d\d?):(\d\d)\s*-\s*(\d\d?):(\d\d)")
_RULE = re.compile(
    r"(?:(?P<days>(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:\s*[-,]\s*(?:Mo|Tu|We|Th|Fr|Sa|Su))*)\s*:?\s+)?"
    r"(?P<times>\d\d?:\d\d\s*-\s*\d\d?:\d\d(?:\s*,\s*\d\d?:\d\d\s*-\s*\d\d?:\d\d)*|24/7|off|closed)"
)
_DAY_MINUTES = 24 * 60


class Hours(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"
    """Nobody has said, or not in words we can read. People are sent there, and told so."""


def hours_of(properties: Mapping[str, str], now: datetime) -> Hours:
    """
    Whether a shelter lets in whoever comes by, from its properties `access` and `opening_hours`.

    Args:
        now: In the city's time zone.
    """
    if properties.get("access", "") in _CLOSED_TO_PASSERS_BY:
        return Hours.CLOSED
    return read_hours(properties.get("opening_hours", ""), now)


def read_hours(text: str, now: datetime) -> Hours:
    """
    One opening_hours value (wiki.openstreetmap.org/wiki/Key:opening_hours/specification): weekdays with spans of time,
    `24/7` and `off`, rules parted by semicolons, of which a later one replaces an earlier one for its days. A span may
    run over midnight. Holidays, months, sunrise and comments are not read, and make the whole unknown: a rule that is
    passed over could be the one that says closed.
    """
    rules = list(_rules(text))
    if not rules or None in rules:
        return Hours.UNKNOWN
    minute, today = now.hour * 60 + now.minute, now.weekday()
    spans: dict[int, list[tuple[int, int]]] = {day: [] for day in range(7)}
    for days, times in filter(None, rules):
        spans |= dict.fromkeys(days, times)
    open_ = any(start <= minute < end for start, end in spans[today]) or any(
        minute < end - _DAY_MINUTES for _, end in spans[(today - 1) % 7]
    )
    return Hours.OPEN if open_ else Hours.CLOSED


def _rules(text: str) -> Iterator[tuple[list[int], list[tuple[int, int]]] | None]:
    """The days and spans of each rule; None for one that cannot be read."""
    for rule in filter(None, (part.strip() for part in text.split(";"))):
        found = _RULE.fullmatch(rule)
        yield None if found is None else (_days(found["days"] or "Mo-Su"), _times(found["times"]))


def _days(text: str) -> list[int]:
    found: list[int] = []
    for part in text.split(","):
        first, _, last = (day.strip() for day in part.partition("-"))
        start, end = _DAYS.index(first), _DAYS.index(last or first)
        found += [day % 7 for day in range(start, end + 1 if end >= start else end + 8)]
    return found


def _times(text: str) -> list[tuple[int, int]]:
    if text == "24/7":
        return [(0, _DAY_MINUTES)]
    found = []
    for hour, minute, last_hour, last_minute in _MINUTES.findall(text):
        start, end = int(hour) * 60 + int(minute), int(last_hour) * 60 + int(last_minute)
        found.append((start, end if end > start else end + _DAY_MINUTES))
    return found
