"""A whole CSV file: every line becomes a row or is kept as text, and everything odd is listed by its line."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import msgspec

from tocsin.domain.record.history import HistoryRow, Launch, Model, Odd, PastAlert, Unread
from tocsin.formats.history.alerts import read_alert
from tocsin.formats.history.launches import read_launch, read_model
from tocsin.formats.history.layout import Layout, find_layout
from tocsin.formats.history.oddities import OddRow, odd_row, overlapping_levels, same_windows
from tocsin.formats.history.row import Row, row_id
from tocsin.kernel.errors import Invalid
from tocsin.kernel.time import zone_of

Reader: TypeAlias = Callable[[Row], tuple[Any, str]]
READERS: dict[str, Reader] = {"alerts": read_alert, "launches": read_launch, "models": read_model}
Progress: TypeAlias = Callable[[float], None]


class ReadFile(msgspec.Struct, frozen=True):
    """
    What a file says.

    Attributes:
        lines: Rows of the file, without its header.
        rows: In the order of the file; a row that stands in it twice is here once.
        odd: By line.
        passed_over: Columns that nobody reads.
    """

    layout: Layout
    lines: int
    rows: tuple[HistoryRow, ...]
    odd: tuple[OddRow, ...]
    passed_over: tuple[str, ...] = ()


def read_history(
    document: bytes, where: str, layout: Layout | None = None, progress: Progress = lambda _share: None
) -> ReadFile:
    """
    Args:
        layout: The column map; the shipped one that fits when left out.
        progress: Called now and then with the share that is done.

    Raises:
        Invalid: If it is not CSV in UTF-8, has no header, or lacks a column of its layout. Single rows never raise.
    """
    try:
        table = csv.reader(io.StringIO(document.decode("utf-8-sig"), newline=""), strict=True)
        header = next(table, [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise Invalid(str(error), where) from None
    layout = layout or find_layout(header, where)
    if missing := sorted({*layout.columns.values(), *layout.places} - set(header)):
        raise Invalid(f"there is no column {missing[0]!r}", f"{where}:1")
    found = _Found(layout, header)
    try:
        for cells in table:
            found.take(cells, table.line_num)
            if not found.lines % 1000:
                progress(min(1.0, table.line_num * 100 / max(1, len(document))))
    except csv.Error as error:
        raise Invalid(str(error), f"{where}:{table.line_num}") from None
    return found.done()


class _Found:
    """The rows of one file so far."""

    def __init__(self, layout: Layout, header: list[str]) -> None:
        self._layout, self._header = layout, header
        self._zone = zone_of(layout.time_zone)
        self._read = READERS[layout.kind]
        self._rows: dict[str, HistoryRow] = {}
        self._odd: list[OddRow] = []
        self.lines = 0

    def take(self, cells: list[str], line: int) -> None:
        if not cells:
            return
        self.lines += 1
        try:
            if len(cells) != len(self._header):
                raise ValueError(f"{len(cells)} cells where the header has {len(self._header)}")
            row, unknown = self._read(Row(self._layout, self._zone, dict(zip(self._header, cells, strict=True)), line))
        except (ValueError, OverflowError) as error:
            text = ",".join(cells)[:4000]
            row, unknown = Unread(id=row_id(text), text=text, why=str(error)[:2000], line=line), ""
            self._odd.append(odd_row(line, "unread", str(error)))
        else:
            self._odd += [odd_row(line, what, _detail(what, row, unknown)) for what in row.odd]
        self._keep(row)

    def _keep(self, row: HistoryRow) -> None:
        name, number = row.id, 1
        while (other := self._rows.get(row.id)) is not None:
            if msgspec.structs.replace(other, line=row.line) == row:
                self._odd.append(odd_row(row.line, "repeated", f"line {other.line}"))
                return
            number += 1
            row = msgspec.structs.replace(row, id=f"{name}-{number}")
        self._rows[row.id] = row

    def done(self) -> ReadFile:
        rows = tuple(self._rows.values())
        beside = [
            *overlapping_levels([row for row in rows if isinstance(row, PastAlert)]),
            *same_windows([row for row in rows if isinstance(row, Launch)]),
        ]
        odd = tuple(sorted((*self._odd, *beside), key=lambda each: each.line))
        known = self._layout.named()
        return ReadFile(self._layout, self.lines, rows, odd, tuple(name for name in self._header if name not in known))


def _detail(what: Odd, row: PastAlert | Launch | Model, unknown: str) -> str:
    match what:
        case Odd.PLACE_UNKNOWN:
            return unknown
        case Odd.JOINED_MODELS | Odd.CLASS_UNKNOWN:
            return " and ".join(row.models) if isinstance(row, Launch) else ""
        case Odd.PLACE_VAGUE | Odd.NAME_MENDED:
            return row.target if isinstance(row, Launch) else ""
        case Odd.EXCEEDS_LAUNCHED if isinstance(row, Launch):
            parts = (row.intercepted or 0, row.lost or 0, row.still_airborne or 0)
            return f"{' + '.join(str(part) for part in parts)} of {row.launched}"
        case _:
            return ""


def unlisted(launches: ReadFile, models: frozenset[str]) -> Iterator[OddRow]:
    """Launches whose model, as the row joins it, is not in a list of models."""
    for row in launches.rows:
        if isinstance(row, Launch) and (name := " and ".join(row.models)) not in models:
            yield odd_row(row.line, Odd.MODEL_UNLISTED, name)
