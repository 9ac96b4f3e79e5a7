"""What every command prints: one JSON document on stdout, or words and tables; logs go to stderr."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document")]
Db = Annotated[Path, typer.Option("--db", help="The journal's file", envvar="TOCSIN_DB")]
Realm = Annotated[str, typer.Option("--realm", help="live or exercise")]
CityFolder = Annotated[
    Path | None, typer.Option("--city", help="The city's folder; the demo city when left out", envvar="TOCSIN_CITY")
]

DEFAULT_DB = Path("tocsin.db")


def emit(result: object, words: str | Callable[[], object], *, as_json: bool) -> None:
    """Print a result as JSON, or as words for people."""
    if as_json:
        import msgspec

        sys.stdout.write(msgspec.json.format(msgspec.json.encode(result), indent=2).decode() + "\n")
    elif callable(words):
        words()
    else:
        typer.echo(words)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    from rich.console import Console
    from rich.table import Table

    drawn = Table(title=title, title_justify="left")
    for column in columns:
        drawn.add_column(column, overflow="fold")
    for row in rows:
        drawn.add_row(*("" if cell is None else str(cell) for cell in row))
    # A pipe has no width of its own; a file that cuts words apart helps nobody. Cells are data: rich would draw
    # `hospitalised:child:current` with the picture of a child, and leave `[1]` out.
    Console(width=None if sys.stdout.isatty() else 140, emoji=False, markup=False).print(drawn)


@contextmanager
def progress(label: str) -> Iterator[Callable[[str, float], None]]:
    """A bar on stderr for work of more than two seconds, when a person is watching; yields `advance(what, share)`."""
    if not sys.stderr.isatty():
        yield lambda _what, _share: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task: Any = bar.add_task(label, total=1.0)
        yield lambda what, share: bar.update(task, description=what, completed=share)


def require_realm(realm: str) -> Any:  # noqa: ANN401 - a Literal that typer cannot speak
    """
    Raises:
        Invalid: If there is no such realm.
    """
    from tocsin.kernel.errors import Invalid

    if realm not in ("live", "exercise"):
        raise Invalid(f"there is no realm {realm!r}; there are live and exercise", "--realm")
    return realm
