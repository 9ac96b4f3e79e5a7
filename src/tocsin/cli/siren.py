"""tocsin siren: simulated sirens on a real broker."""

import asyncio
from typing import Annotated

import typer

from tocsin.cli.output import DEFAULT_DB, CityFolder, Db, Realm, require_realm

app = typer.Typer(help="Sirens.", no_args_is_help=True)


@app.command()
def simulate(
    count: Annotated[int, typer.Option("--count", min=1, help="How many")] = 10,
    key: Annotated[
        str | None, typer.Option("--key", help="The server's public key, pinned; that of --db when left out")
    ] = None,
    db: Db = DEFAULT_DB,
    mqtt: Annotated[str, typer.Option("--mqtt", help="The broker, HOST:PORT")] = "127.0.0.1:1883",
    realm: Realm = "exercise",
    city: CityFolder = None,
) -> None:
    """
    Run simulated sirens until Ctrl-C.

    Each is an MQTT client of its own that verifies signatures, refuses what is expired, older or replayed, answers,
    and leaves a Last Will. They bear the ids of the sirens of --city, or of the demo city beside the journal.
    """
    from contextlib import suppress

    from tocsin.channels.siren_device import run_fleet
    from tocsin.cli.serve import broker_of, open_city
    from tocsin.storage.keys import load_or_make_key
    from tocsin.wiring import Settings, beside

    broker = broker_of(mqtt)
    key = key or load_or_make_key(beside(db, "key")).public
    ids = [siren.id for siren in open_city(Settings(db=db, city=city)).sirens][:count]
    typer.echo(f"{len(ids)} sirens on {mqtt}, realm {realm}", err=True)
    with suppress(KeyboardInterrupt):
        asyncio.run(run_fleet(broker.host, broker.port, require_realm(realm), ids, key))


@app.command()
def key(db: Db = DEFAULT_DB) -> None:
    """Print the public key that sirens must pin; it is made if there is none yet."""
    from tocsin.storage.keys import load_or_make_key
    from tocsin.wiring import beside

    typer.echo(load_or_make_key(beside(db, "key")).public)
