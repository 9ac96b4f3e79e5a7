"""tocsin siren: simulated sirens on a real broker."""

import asyncio
from typing import Annotated

import typer

from tocsin.cli.output import DEFAULT_DB, CityFolder, Db, Realm, require_realm

app = typer.Typer(help="Sirens.", no_args_is_help=True)


@app.command()
def simulate(
    key: Annotated[str, typer.Option("--key", help="The server's public key, pinned; `tocsin siren key` prints it")],
    count: Annotated[int, typer.Option("--count", min=1, help="How many")] = 10,
    mqtt: Annotated[str, typer.Option("--mqtt", help="The broker, HOST:PORT")] = "127.0.0.1:1883",
    realm: Realm = "exercise",
    city: CityFolder = None,
) -> None:
    """
    Run simulated sirens until Ctrl-C.

    Each is an MQTT client of its own that verifies signatures, refuses what is expired, older or replayed, answers,
    and leaves a Last Will. With --city they bear the ids of the city's sirens, else siren-1 and so on.
    """
    from contextlib import suppress

    from tocsin.channels.siren_device import run_fleet
    from tocsin.cli.serve import broker_of

    broker = broker_of(mqtt)
    if city is None:
        ids = [f"siren-{number}" for number in range(1, count + 1)]
    else:
        from tocsin.city.place import load_city

        ids = [siren.id for siren in load_city(city).sirens][:count]
    typer.echo(f"{len(ids)} sirens on {mqtt}, realm {realm}", err=True)
    with suppress(KeyboardInterrupt):
        asyncio.run(run_fleet(broker.host, broker.port, require_realm(realm), ids, key))


@app.command()
def key(db: Db = DEFAULT_DB) -> None:
    """Print the public key that sirens must pin; it is made if there is none yet."""
    from tocsin.storage.keys import load_or_make_key
    from tocsin.wiring import beside

    typer.echo(load_or_make_key(beside(db, "key")).public)
