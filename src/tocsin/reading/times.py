"""When: expressions of time in a sentence, resolved against the time of publication."""
# ruff: noqa: SIM905 - words are read as a row

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from tocsin.domain.casualties import Lang
from tocsin.kernel.time import zone_of
from tocsin.reading.lexicon.times import AS_OF, MONTHS, PARTS_OF_DAY, PARTS_OF_MONTH, RELATIVE, SINCE, WEEKDAYS
from tocsin.reading.proposals import Precision
from tocsin.reading.text import Token

ZONE = "Europe/Kyiv"


class When(NamedTuple):
    """
    Tokens `start` to `end` say when.

    Attributes:
        first, last: The local days it can mean; both None where only a time of day is said.
        since: It is where a period begins, not when something happened.
        as_of: It is the time that figures are true for.
    """

    start: int
    end: int
    first: date | None
    last: date | None
    clock: str | None
    precision: Precision
    about: bool = False
    since: bool = False
    as_of: bool = False


def local_day(published: datetime | None) -> date | None:
    return published.astimezone(zone_of(ZONE)).date() if published else None


def times(tokens: Sequence[Token], lang: Lang, today: date | None) -> list[When]:
    """All expressions of time, left to right."""
    found: list[When] = []
    index = 0
    while index < len(tokens):
        begins = tokens[index].is_number or _may_begin(tokens[index].norm, lang)
        when = next(_readings(tokens, index, lang, today), None) if begins else None
        if when is not None:
            when = _in_context(tokens, when, lang)
            found.append(when)
        index = when.end if when else index + 1
    return found


@lru_cache(maxsize=20_000)
def _may_begin(norm: str, lang: Lang) -> bool:
    """One look for the many words that tell no time."""
    tables = (PARTS_OF_MONTH, RELATIVE, PARTS_OF_DAY)
    return norm in MONTHS[lang] or norm in WEEKDAYS[lang] or any(table[lang].begins_with(norm) for table in tables)


def _readings(tokens: Sequence[Token], index: int, lang: Lang, today: date | None) -> Iterator[When]:
    for reader in (_clock, _numeric_date, _day_and_month, _part_of_month, _month, _weekday, _relative, _part_of_day):
        when = reader(tokens, index, lang, today)
        if when is not None:
            yield when


def _norm(tokens: Sequence[Token], index: int) -> str:
    return tokens[index].norm if 0 <= index < len(tokens) else ""


def _clock(tokens: Sequence[Token], index: int, lang: Lang, _today: date | None) -> When | None:
    token = tokens[index]
    hour, colon, minute = token.norm.partition(":")
    if colon and hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and int(hour) < 24 and int(minute) < 60:
        return When(index, index + 1, None, None, f"{int(hour):02}:{minute}", Precision.MINUTE)
    return _hour_en(tokens, index) if lang is Lang.EN else None


def _hour_en(tokens: Sequence[Token], index: int) -> When | None:
    """ "1am", "1 a.m.", "5:30 pm" is taken as it is written."""
    token = tokens[index]
    digits = "".join(char for char in token.norm[:2] if char.isdecimal())
    if not token.is_number or not digits or not 1 <= int(digits) <= 12:
        return None
    rest = token.norm[len(digits) :]
    if rest:
        return None
    after = "".join(_norm(tokens, index + step) for step in (1, 2, 3, 4))
    for mark, shift in (("am", 0), ("pm", 12), ("a.m.", 0), ("p.m.", 12), ("a.m", 0), ("p.m", 12)):
        if after.startswith(mark) and (_norm(tokens, index + 1) in ("am", "pm", "a", "p")):
            end = index + 2 if mark in ("am", "pm") else index + 1 + len(mark)
            return When(index, end, None, None, f"{int(digits) % 12 + shift:02}:00", Precision.HOUR)
    return None


def _day(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1] else None


def _nearest(month: int, day: int, today: date | None) -> date | None:
    """The day of that name closest to the publication, and not after tomorrow; there is none without that."""
    if today is None:
        return None
    days = [found for year in (today.year, today.year - 1) if (found := _day(year, month, day)) is not None]
    past = [each for each in days if each <= today + timedelta(days=1)]
    return max(past, default=None)


def _numeric_date(tokens: Sequence[Token], index: int, _lang: Lang, _today: date | None) -> When | None:
    parts = tokens[index].norm.split(".")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts) or len(parts[2]) != 4:
        return None
    year = int(parts[2])
    found = _day(year, int(parts[1]), int(parts[0])) if 1900 < year < 2200 else None
    return When(index, index + 1, found, found, None, Precision.DAY) if found else None


def _year_after(tokens: Sequence[Token], index: int) -> tuple[int | None, int]:
    at = index + 1 if _norm(tokens, index) == "," else index
    word = _norm(tokens, at)
    if word.isdecimal() and len(word) == 4 and 1900 < int(word) < 2200:
        end = at + 1
        return int(word), end + 1 if _norm(tokens, end) in ("року", "рік", "році") else end
    return None, index


def _number_of_day(word: str) -> int | None:
    digits = word.removesuffix("th").removesuffix("st").removesuffix("nd").removesuffix("rd")
    digits = digits.split("-")[0]
    return int(digits) if digits.isdecimal() and len(digits) <= 2 and 1 <= int(digits) <= 31 else None


def _day_and_month(tokens: Sequence[Token], index: int, lang: Lang, today: date | None) -> When | None:
    """ "24 April", "April 24, 2025", `24 квітня 2025 року`."""
    months = MONTHS[lang]
    first, second = _norm(tokens, index), _norm(tokens, index + 1)
    if second in months and (day := _number_of_day(first)) is not None:
        month = months[second]
    elif (
        lang is Lang.EN and first in months and tokens[index].is_capital and (day := _number_of_day(second)) is not None
    ):
        month = months[first]
    else:
        return None
    year, end = _year_after(tokens, index + 2)
    found = _day(year, month, day) if year else _nearest(month, day, today)
    return When(index, end, found, found, None, Precision.DAY)


def _part_of_month(tokens: Sequence[Token], index: int, lang: Lang, today: date | None) -> When | None:
    """ "Early April", `на початку квітня`."""
    part = PARTS_OF_MONTH[lang].at(tokens, index)
    if part is None:
        return None
    at = part.end + 1 if _norm(tokens, part.end) in ("of", "this") else part.end
    month = MONTHS[lang].get(_norm(tokens, at))
    if month is None:
        return None
    year, end = _year_after(tokens, at + 1)
    begins, ends = part.value
    anchor = _nearest(month, begins, today)
    year = year or (anchor.year if anchor else None)
    if year is None:
        return When(index, end, None, None, None, Precision.PART_OF_MONTH)
    last = min(ends, monthrange(year, month)[1])
    return When(index, end, date(year, month, begins), date(year, month, last), None, Precision.PART_OF_MONTH)


def _month(tokens: Sequence[Token], index: int, lang: Lang, today: date | None) -> When | None:
    word = _norm(tokens, index)
    month = MONTHS[lang].get(word)
    before = _norm(tokens, index - 1)
    if month is None or (
        lang is Lang.EN and (not tokens[index].is_capital or (word == "may" and before not in _BEFORE_MONTH))
    ):
        return None
    year, end = _year_after(tokens, index + 1)
    anchor = _nearest(month, 1, today)
    year = year or (anchor.year if anchor else None)
    if year is not None and before == "last" and today is not None and date(year, month, 1) == today.replace(day=1):
        year -= 1
    if year is None:
        return When(index, end, None, None, None, Precision.MONTH)
    return When(index, end, date(year, month, 1), date(year, month, monthrange(year, month)[1]), None, Precision.MONTH)


_BEFORE_MONTH = frozenset(["in", "of", "last", "since", "this"])


def _weekday(tokens: Sequence[Token], index: int, lang: Lang, today: date | None) -> When | None:
    weekday = WEEKDAYS[lang].get(_norm(tokens, index))
    if weekday is None:
        return None
    past = (today.weekday() - weekday) % 7 if today else 0
    # A Thursday's paper that says "Friday" means tomorrow.
    day = today - timedelta(days=past if past < 6 else -1) if today else None
    return When(index, index + 1, day, day, None, Precision.DAY)


def _relative(tokens: Sequence[Token], index: int, lang: Lang, today: date | None) -> When | None:
    match = RELATIVE[lang].at(tokens, index)
    if match is None:
        return None
    most, least, precision = match.value
    first = today - timedelta(days=most) if today else None
    last = today - timedelta(days=least) if today else None
    return When(index, match.end, first, last, None, precision)


def _part_of_day(tokens: Sequence[Token], index: int, lang: Lang, _today: date | None) -> When | None:
    match = PARTS_OF_DAY[lang].at(tokens, index)
    return When(index, match.end, None, None, None, Precision.PART_OF_DAY) if match else None


_ABOUT = frozenset(["around", "about", "approximately", "circa", "близько", "приблизно", "орієнтовно"])
_ABOVE = frozenset("at on in of the last о об у в на".split())


def _in_context(tokens: Sequence[Token], when: When, lang: Lang) -> When:
    """With the words before it: "since", "around", "as of"."""
    index = when.start
    about = since = as_of = False
    for _ in range(4):
        index -= 1
        word = _norm(tokens, index)
        about = about or word in _ABOUT
        since = since or word in SINCE[lang]
        as_of = as_of or AS_OF[lang].at(tokens, index) is not None if index >= 0 else as_of
        if word not in _ABOVE and word not in _ABOUT and word != "of":
            break
    return when._replace(about=about, since=since, as_of=as_of)
