"""Rows of past alerts."""

from datetime import datetime, timedelta

from tocsin.domain.record.history import Odd, PastAlert
from tocsin.domain.record.regions import region_code
from tocsin.formats.history.cells import Moment, read_moment
from tocsin.formats.history.row import Row, row_id

LONG, SHORT = timedelta(hours=24), timedelta(minutes=1)
HOUR = timedelta(hours=1)
ROUNDING = 0.011
"""Minutes by which a stated length may differ: it is written with two decimals."""


def read_alert(row: Row) -> tuple[PastAlert, str]:
    """
    Returns:
        The alert, and what of its place is not known.

    Raises:
        ValueError: If a time cannot be read, or it would end before it starts, or it has neither start nor end.
    """
    path, odd, unknown = _place([row.cells.get(column, "").strip() for column in row.layout.places])
    start = _moment(row, "start")
    end = _moment(row, "end")
    if start is None and end is None:
        raise ValueError("neither a start nor an end")
    odd += [*(start.odd if start else (Odd.NO_START,)), *(end.odd if end else (Odd.NO_END,))]
    begins, ends = (start.instant if start else None), (end.instant if end else None)
    if begins is not None and ends is not None:
        odd += _length(row, begins, ends)
    if (row.count("merged") or 1) > 1:
        odd.append(Odd.MERGED)
    level = row.text("level").strip() or "oblast"
    when = begins.isoformat() if begins else f"until {ends.isoformat()}" if ends else ""
    alert = PastAlert(
        id=row_id(path, level, when),
        place=path,
        level=level,
        start=begins,
        end=ends,
        odd=tuple(dict.fromkeys(odd)),
        line=row.line,
    )
    return alert, unknown


def _moment(row: Row, field: str) -> Moment | None:
    text = row.text(field)
    if not text.strip():
        return None
    try:
        return read_moment(text, row.zone, end=field == "end")
    except ValueError:
        raise ValueError(f"{row.layout.columns[field]}: {text!r} is not a time") from None


def _length(row: Row, start: datetime, end: datetime) -> list[Odd]:
    length = end - start
    if length < timedelta():
        raise ValueError("it would end before it starts")
    odd = [Odd.LONG] if length > LONG else []
    odd += [Odd.SHORT] if length < SHORT else []
    odd += [Odd.WHOLE_HOURS] if length and not length % HOUR else []
    if (stated := row.text("minutes").strip()) and abs(float(stated) - length.total_seconds() / 60) > ROUNDING:
        odd.append(Odd.LENGTH_DIFFERS)
    return odd


def _place(names: list[str]) -> tuple[str, list[Odd], str]:
    """The path of a place whose names stand from the outermost inwards."""
    odd: list[Odd] = []
    code = region_code(names[0])
    if code is None and len(names) > 1 and (swapped := region_code(names[1])):
        names = [names[1], names[0], *names[2:]]
        code, odd = swapped, [Odd.SWAPPED]
    if code is None:
        if not any(names):
            raise ValueError("no place")
        # Kept under its own name: it is somewhere, and somebody may say where.
        return "/".join(name for name in names if name), [Odd.PLACE_UNKNOWN], names[0]
    return "/".join([code, *(name for name in names[1:] if name)]), odd, ""
