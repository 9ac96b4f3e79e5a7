"""tocsin people: the key under which names are kept, and who looked at them."""

from typing import Annotated

import typer

from tocsin.cli.output import DEFAULT_DB, Db, Json, emit, table

app = typer.Typer(help="Names of people, encrypted and apart from the journal: keys and audit.", no_args_is_help=True)


@app.command()
def rotate(db: Db = DEFAULT_DB, as_json: Json = False) -> None:
    """
    Bring all names under a new key and forget the old one.

    Stop the server first: it knows only the keys it was started with.
    """
    from tocsin.storage.people import SqlitePeople, load_or_make_people_keys, make_key, write_people_keys
    from tocsin.wiring import beside

    file = beside(db, "people-key")
    keys = load_or_make_people_keys(file)
    fresh = [make_key(), *keys]
    store = SqlitePeople(beside(db, "people"), keys)
    # The new key is on disk before anything is under it: whatever fails after this, every name can be opened.
    write_people_keys(file, fresh)
    turned = store.rotate(fresh)
    store.close()
    write_people_keys(file, fresh[:1])
    emit({"people": turned}, f"{turned} people are under a new key; the old one is forgotten.", as_json=as_json)


@app.command()
def audit(
    person: Annotated[str | None, typer.Option("--person", help="Only this one")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many lines")] = 100,
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Show who looked at whom, newest first. No name is in it."""
    from tocsin.storage.people import SqlitePeople, load_or_make_people_keys
    from tocsin.wiring import beside

    store = SqlitePeople(beside(db, "people"), load_or_make_people_keys(beside(db, "people-key")))
    looks = store.looks(limit, person)
    store.close()
    rows = [
        (f"{look.time:%Y-%m-%d %H:%M:%S}Z", look.actor, look.role, look.act, look.person, look.reason) for look in looks
    ]
    columns = ("time", "actor", "role", "act", "person", "reason")
    emit({"looks": looks}, lambda: table("Looks", columns, rows), as_json=as_json)
