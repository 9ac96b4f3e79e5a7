"""tocsin record import: data sets of past alerts and launches, into the record."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tocsin.cli.output import progress, table
from tocsin.kernel.event import Actor

if TYPE_CHECKING:
    from tocsin.flow.history import Imported
    from tocsin.formats.history import Layout, ReadFile

ACTOR = Actor("record import", "analyst")
SHOWN = 200
"""Odd rows that people are shown of each file. `--json` and `--report` have all."""


def bring_in(
    files: Sequence[Path], column_map: Path | None, db: Path, realm: str, city: Path | None
) -> "list[Imported]":
    """
    Raises:
        Invalid: If a file, the column map or the city cannot be read. Nothing was imported then.
        Unavailable: If the journal cannot be written. What stands before it is in the journal.
    """
    from tocsin.cli.output import require_realm
    from tocsin.cli.serve import open_city
    from tocsin.domain.record.history import Model
    from tocsin.flow.history import import_history
    from tocsin.wiring import Settings, open_system

    layout = None if column_map is None else _layout(column_map)
    with progress("reading") as advance:
        read: list[tuple[Path, bytes, ReadFile]] = []
        for number, file in enumerate(files):
            document = _bytes(file)
            read.append((file, document, _read(file, document, layout)))
            advance(f"reading {file.name}", (number + 1) / len(files))
    models = frozenset(row.name for _, _, each in read for row in each.rows if isinstance(row, Model))
    settings = Settings(db=db, realm=require_realm(realm), city=city)
    system = open_system(settings, open_city(settings)).system
    try:
        with progress("recording") as advance:
            return [
                import_history(
                    system,
                    file.name,
                    document,
                    each,
                    ACTOR,
                    models or None,
                    lambda share, name=file.name: advance(f"recording {name}", share),  # type: ignore[misc]
                )
                for file, document, each in read
            ]
    finally:
        system.close()


def _layout(file: Path) -> "Layout":
    from tocsin.formats.history import read_layout
    from tocsin.kernel.errors import Invalid

    try:
        return read_layout(file.read_text(encoding="utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(str(error), str(file)) from None


def _read(file: Path, document: bytes, layout: "Layout | None") -> "ReadFile":
    from tocsin.formats.history import read_history

    return read_history(document, str(file), layout)


def _bytes(file: Path) -> bytes:
    from tocsin.kernel.errors import Invalid

    try:
        return file.read_bytes()
    except OSError as error:
        raise Invalid(str(error), str(file)) from None


def show(result: "Sequence[Imported]") -> None:
    """Each file with its counts and its odd rows."""
    for each in result:
        typer.echo(
            f"{each.file}: {each.dataset}: {each.lines} rows: {each.recorded} recorded, {each.revised} revised, "
            f"{each.known} known, {each.repeated} repeated; {each.unread} kept as text"
        )
        if each.passed_over:
            typer.echo(f"  columns that nobody reads: {', '.join(each.passed_over)}")
        if each.oddities:
            table("", ("rows", "odd"), [(count, what) for what, count in each.oddities.items()])
            table("", ("line", "odd", "why"), [(odd.line, odd.what, odd.why) for odd in each.odd[:SHOWN]])
        if len(each.odd) > SHOWN:
            typer.echo(f"  and {len(each.odd) - SHOWN} more; --report FILE writes all of them, --json prints them")


def write_report(result: "Sequence[Imported]", file: Path) -> None:
    """Every odd row as CSV: file, line, oddity, and why."""
    import csv

    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(("file", "line", "odd", "why"))
        rows.writerows((each.file, odd.line, odd.what, odd.why) for each in result for odd in each.odd)
