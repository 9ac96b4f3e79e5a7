"""tocsin reading: public texts into the queue of a journal, and what waits there."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.output import DEFAULT_DB, CityFolder, Db, Json, Realm, emit, table
from tocsin.cli.reading import reading
from tocsin.cli.times import time_option

app = typer.Typer(help="The queue of public texts that wait for a person.", no_args_is_help=True)


@app.command()
def add(
    files: Annotated[list[Path], typer.Argument(help="Texts in UTF-8; .json is a Telegram export, .xml a feed")],
    source: Annotated[str, typer.Option("--source", help="Who published them; a feed or export says so itself")] = "",
    published: Annotated[str | None, time_option("--published", "When, RFC 3339")] = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """Read texts, keep the originals beside the journal, and queue what they propose. A copy changes nothing."""
    from tocsin.cli.output import require_realm
    from tocsin.cli.read import read_bytes
    from tocsin.cli.serve import open_city
    from tocsin.flow.readings import take
    from tocsin.formats.posts import posts
    from tocsin.kernel.event import Actor
    from tocsin.kernel.time import parse_instant
    from tocsin.wiring import Settings, open_system

    when = None if published is None else parse_instant(published, "--published")
    found = [post for file in files for post in posts(read_bytes(file), file.suffix, source or file.stem, when)]
    settings = Settings(db=db, realm=require_realm(realm), city=city)
    system = open_system(settings, open_city(settings)).system
    try:
        actor = Actor("tocsin", "feed")
        done = [
            take(system, each.text.encode(), each.publisher, actor, published=each.published, url=each.url)
            for each in found
        ]
    finally:
        system.close()
    words = f"{len(done)} texts read; `tocsin reading list` shows what they propose"
    emit([{"position": each.position, "stream": each.stream} for each in done], words, as_json=as_json)


@app.command("list")
def list_(
    waiting: Annotated[bool, typer.Option("--waiting", help="Only texts with something to decide")] = False,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """Texts that were read, newest first, with how much waits and which say nearly the same."""
    with reading(db, realm, city) as system:
        queued = system.views.readings.all(waiting=waiting)
    rows = [
        (each.read.document[:12], each.read.source.publisher, each.received.isoformat(), each.open, each.like[:12])
        for each in queued
    ]
    columns = ("text", "publisher", "received", "open", "like")
    emit(queued, lambda: table("The reading queue", columns, rows), as_json=as_json)
