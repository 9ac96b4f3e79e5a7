"""Other people's data sets into the record: every row once, in batches, and whatever is odd about one reported."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from tocsin.domain.record.history import HistoryRow, Launch, Model, PastAlert, RecordHistory, Unread
from tocsin.domain.source import Source
from tocsin.formats.history import Layout, OddRow, ReadFile
from tocsin.formats.history.oddities import odd_row
from tocsin.formats.history.read import unlisted
from tocsin.kernel.event import Actor

if TYPE_CHECKING:
    from tocsin.flow.system import System

BATCH = 1000
"""Rows of one command: a fraction of a megabyte."""
KINDS: Mapping[type[Any], str] = {PastAlert: "alerts", Launch: "launches", Model: "models", Unread: "unread"}


class Imported(msgspec.Struct, frozen=True):
    """
    What became of one file.

    Attributes:
        sha256: Of the file.
        lines: Its rows, without the header. Each is recorded, revised, known, or repeats another: `repeated`.
        recorded, revised: Rows that were new, and rows that read otherwise before.
        unread: Rows that could only be kept as text, among all of them.
        kinds: How many of the file's rows are of each kind.
        oddities: How many rows have each oddity.
        odd: Row by row.
        passed_over: Columns of the file that nobody reads.
    """

    file: str
    dataset: str
    sha256: str
    lines: int
    recorded: int
    revised: int
    known: int
    repeated: int
    unread: int
    kinds: dict[str, int]
    oddities: dict[str, int]
    odd: list[OddRow]
    passed_over: tuple[str, ...] = ()


def import_history(
    system: "System",
    file: str,
    document: bytes,
    read: ReadFile,
    actor: Actor,
    models: frozenset[str] | None = None,
    progress: Callable[[float], None] = lambda _share: None,
) -> Imported:
    """
    Record the rows of a file. Harmless to repeat, and to go on with after it was interrupted.

    Args:
        models: The names of a list of models, to look the launches up in; the list on record when left out.

    Raises:
        Unauthorised: If the actor may not.
        Unavailable: If the journal cannot be written; what was written before stands.
    """
    layout = read.layout
    with system.projector.looking():
        standing = system.views.history.standing(layout.dataset)
        models = models or _models_on_record(system)
    sha256 = hashlib.sha256(document).hexdigest()
    source = Source(publisher=layout.publisher, url=layout.url, name=file, sha256=sha256)
    new, revised = _changed(read.rows, standing)
    changed = [*new, *revised]
    for done, batch in _batches(changed):
        system.do(_command(layout, source, batch), actor)
        progress(done / len(changed))
    odd = [*read.odd, *(odd_row(row.line, "revised") for row in revised)]
    odd += unlisted(read, models) if models else []
    odd.sort(key=lambda each: each.line)
    kinds = Counter(KINDS[type(row)] for row in read.rows)
    return Imported(
        file=file,
        dataset=layout.dataset,
        sha256=sha256,
        lines=read.lines,
        recorded=len(new),
        revised=len(revised),
        known=len(read.rows) - len(new) - len(revised),
        repeated=read.lines - len(read.rows),
        unread=kinds["unread"],
        kinds=dict(kinds),
        oddities=dict(Counter(each.what for each in odd).most_common()),
        odd=odd,
        passed_over=read.passed_over,
    )


def _command(layout: Layout, source: Source, rows: Sequence[HistoryRow]) -> RecordHistory:
    return RecordHistory(
        dataset=layout.dataset,
        source=source,
        licence=layout.licence,
        time_zone=layout.time_zone,
        alerts=tuple(row for row in rows if isinstance(row, PastAlert)),
        launches=tuple(row for row in rows if isinstance(row, Launch)),
        models=tuple(row for row in rows if isinstance(row, Model)),
        unread=tuple(row for row in rows if isinstance(row, Unread)),
    )


def _changed(
    rows: Sequence[HistoryRow], standing: Mapping[str, HistoryRow]
) -> tuple[list[HistoryRow], list[HistoryRow]]:
    new: list[HistoryRow] = []
    revised: list[HistoryRow] = []
    for row in rows:
        before = standing.get(f"{KINDS[type(row)]}/{row.id}")
        if before is None:
            new.append(row)
        elif msgspec.structs.replace(before, line=row.line) != row:
            revised.append(row)
    return new, revised


def _batches(rows: Sequence[HistoryRow]) -> Iterator[tuple[int, list[HistoryRow]]]:
    each, done = iter(rows), 0
    while batch := list(islice(each, BATCH)):
        done += len(batch)
        yield done, batch


def _models_on_record(system: "System") -> frozenset[str]:
    return frozenset(
        readings[-1].row.name for dataset in system.views.history.datasets() for readings in dataset.models.values()
    )
