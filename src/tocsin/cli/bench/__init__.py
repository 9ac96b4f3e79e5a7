"""tocsin bench: the benchmarks behind every published figure, beside named peers in the same run."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.output import Json

City = Annotated[Path | None, typer.Option("--city", help="A city folder in place of the demo city")]
Scales = Annotated[list[float] | None, typer.Option("--scale", help="Of the demo city; several are compared")]
MoreScales = Annotated[list[float] | None, typer.Argument(help="Further scales", hidden=True)]

app = typer.Typer(help="Benchmarks. The machine's noise is in the spread; only ratios travel.", no_args_is_help=True)


@app.command()
def journal(as_json: Json = False) -> None:
    """Durable appends per second, alone and with 64 writers, beside the eventsourcing library on the same disk."""
    from tocsin.cli.bench.journal import run

    run().show(as_json)


@app.command()
def replay(events: int = typer.Option(1_000_000, "--events", min=1000), as_json: Json = False) -> None:
    """A journal of a million events into all views: from zero, and from a snapshot."""
    from tocsin.cli.bench.replay import run

    run(events).show(as_json)


@app.command()
def reconcile(
    attacks: int = typer.Option(1000, "--attacks", min=1),
    claims: int = typer.Option(100, "--claims", min=1, help="Of each attack"),
    as_json: Json = False,
) -> None:
    """The figures of a thousand attacks from a hundred thousand claims, beside pandas' plain group-by."""
    from tocsin.cli.bench.reconcile import run

    run(attacks, claims).show(as_json)


@app.command()
def sirens(
    sirens: int = typer.Option(2000, "--sirens", min=1, help="Simulated, each an MQTT client of its own"),
    rounds: int = typer.Option(7, "--rounds", min=1, help="Alerts that are raised, acknowledged and cleared"),
    restarts: int = typer.Option(3, "--restarts", min=0, help="Alerts in which the broker is killed and started again"),
    broker: str = typer.Option("", "--broker", help="mosquitto or nats; Mosquitto where it is installed"),
    as_json: Json = False,
) -> None:
    """
    From raising an alert to every siren's answer in the journal, beside the bare broker and devices.

    Then kill the broker in the middle of alerts, and count the sirens that their all-clear leaves sounding.
    """
    from tocsin.cli.bench.sirens import run

    run(sirens, rounds, restarts, broker).show(as_json)


@app.command()
def nearest(more: MoreScales = None, city: City = None, scale: Scales = None, as_json: Json = False) -> None:
    """The tree of nearest shelters, one closing, one question; beside scipy, a KD-tree, and pandana if it is there."""
    from tocsin.cli.bench.nearest import run

    run(city, _scales(scale, more)).show(as_json)


@app.command()
def plan(more: MoreScales = None, city: City = None, scale: Scales = None, as_json: Json = False) -> None:
    """The plan of a whole city mended after 45 closings and 10 reopenings, beside OR-Tools from nothing. Minutes."""
    from tocsin.cli.bench.plan import run

    run(city, _scales(scale, more)).show(as_json)


def _scales(scale: list[float] | None, more: list[float] | None) -> list[float]:
    return [*(scale or [1.0]), *(more or [])]


@app.command()
def read(as_json: Json = False) -> None:
    """A page of a news report into proposals, in English and Ukrainian, beside a bare split into words."""
    from tocsin.cli.bench.read import run

    run().show(as_json)


@app.command()
def record(
    files: Annotated[list[Path], typer.Argument(help="The data sets: past alerts and launches, as for record import")],
    as_json: Json = False,
) -> None:
    """The record's questions on whole imported data sets, beside pandas on the same rows."""
    from tocsin.cli.bench.record import run

    run(files).show(as_json)
