"""tocsin replay: a scenario through the same handlers that everybody else uses, and what the night came to."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.output import CityFolder, Json, emit, progress, table
from tocsin.cli.times import time_option

if TYPE_CHECKING:
    from tocsin.channels.siren_device import Fleet
    from tocsin.flow.replay import ScenarioClock
    from tocsin.flow.report import Report
    from tocsin.flow.scenario import Scenario
    from tocsin.wiring import Loops, Running

PATIENCE = 30.0
"""Seconds that a step may take to come to rest: every channel done and every siren heard."""


def replay(
    file: Annotated[Path, typer.Argument(help="A scenario, such as scenarios/kyiv-2025-04-24.toml")],
    until: Annotated[str | None, time_option("--until", "Stop at this time, RFC 3339")] = None,
    speed: Annotated[str, typer.Option("--speed", help="Scenario seconds per second, or max")] = "max",
    db: Annotated[Path | None, typer.Option("--db", help="Keep the journal in this file")] = None,
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """Play a scenario in the exercise realm, with real sirens on a real broker, and print the report."""
    from tocsin.kernel.time import parse_instant

    end = None if until is None else parse_instant(until, "--until")
    scenario = load(file)
    found = asyncio.run(_replay(scenario, end, speed_of(speed), db, city))
    emit(found, lambda: show(found), as_json=as_json)


def speed_of(text: str) -> float | None:
    """
    Raises:
        Invalid: If it is neither a positive number nor max.
    """
    from tocsin.kernel.errors import Invalid

    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed < 1e9:
        raise Invalid(f"{text!r} is neither a positive number nor max", "--speed")
    return speed


def load(file: Path) -> "Scenario":
    """
    Raises:
        Invalid: If the file cannot be read, or as `read_scenario` does.
    """
    from tocsin.domain.catalogue import all_commands
    from tocsin.flow.scenario import read_scenario
    from tocsin.kernel.errors import Invalid

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(str(error), str(file)) from None
    return read_scenario(text, all_commands(), str(file))


async def _replay(
    scenario: "Scenario", end: datetime | None, speed: float | None, db: Path | None, city: Path | None
) -> "Report":
    from tocsin.flow.replay import ScenarioClock

    clock = ScenarioClock(scenario.steps[0].at, speed)
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
        async with stage(Path(folder), clock, db, city) as (running, loops, _fleet):
            task = asyncio.create_task(loops.run())
            try:
                return await perform(running, loops, scenario, clock, end)
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def stage(
    folder: Path, clock: "ScenarioClock", db: Path | None, city: Path | None, port: int = 0
) -> "AsyncIterator[tuple[Running, Loops, Fleet]]":
    """The exercise realm on a scenario's clock: a real broker, a simulated siren for each of the city, the system."""
    from tocsin.bus.broker import nats
    from tocsin.channels.siren_device import Fleet
    from tocsin.cli.serve import open_city
    from tocsin.wiring import Loops, Mqtt, Settings, open_system

    with nats(folder / "broker") as broker:
        settings = Settings(
            db=db or folder / "exercise.db",
            realm="exercise",
            city=city,
            port=port,
            channels={"siren": Mqtt(host=broker.host, port=broker.port)},
        )
        running = open_system(settings, open_city(settings), clock=clock, in_memory=db is None)
        system = running.system
        ids = [siren.id for siren in system.city.sirens]
        fleet = Fleet(broker.host, broker.port, "exercise", ids, running.signer.public, clock)
        sirens = asyncio.create_task(fleet.run())
        try:
            async with asyncio.timeout(PATIENCE):
                await fleet.all_online()
            yield running, Loops(running), fleet
        finally:
            sirens.cancel()
            await asyncio.gather(sirens, return_exceptions=True)
            system.close()


async def perform(
    running: "Running", loops: "Loops", scenario: "Scenario", clock: "ScenarioClock", end: datetime | None
) -> "Report":
    """Play the scenario to the end and report."""
    from tocsin.flow.replay import play
    from tocsin.flow.report import report

    system = running.system
    total = len(scenario.steps)
    with progress(scenario.names.get("en", scenario.id)) as advance:
        done = 0

        def played(step: object) -> None:
            nonlocal done
            done += 1
            advance(f"{clock():%d %b %H:%M}", done / total)

        async def settle() -> None:
            await loops.settle(PATIENCE)

        await play(scenario, clock, system.do, until=end, settle=settle, played=played)
        await settle()
    return await asyncio.to_thread(report, system, scenario, clock())


def show(found: "Report") -> None:
    """The report in words."""
    typer.echo(f"{found.scenario} in the realm {found.realm}, as of {found.as_of.isoformat()}")
    typer.echo(f"journal: {found.head} records, chain {found.chain}")
    sirens = found.sirens
    typer.echo(
        f"sirens: {sirens.total}; {sirens.acknowledged_alert} acknowledged the alert, "
        f"{sirens.acknowledged_clear} the all-clear"
    )
    for alert in found.alerts:
        typer.echo(
            f"alert {alert.alert} in {alert.area}: {alert.phase}, raised {alert.raised_at}, over {alert.cleared_at}"
        )
    rows = [
        (key, figure.low, figure.best, figure.high, figure.status, figure.phrase, figure.source.get("en", ""))
        for key, figure in found.figures.items()
    ]
    table("Figures", ("measure", "low", "best", "high", "status", "in words", "source"), rows)
    sites = [(site.id, site.kind, site.category, site.rescued_alive, site.recovered_dead) for site in found.worksites]
    table("Worksites", ("id", "kind", "category", "rescued alive", "recovered dead"), sites)
    for bulletin in found.bulletins:
        typer.echo(f"\nBulletin {bulletin.number} ({bulletin.version})\n{bulletin.text.get('en', '')}")
    hit, deadliest = found.answers.last_hit, found.answers.deadliest_since
    typer.echo(f"\nLast hit by missiles before: {hit.date if hit else 'not on record'}")
    typer.echo(f"Deadliest since: {deadliest.date if deadliest else 'not on record'}")
