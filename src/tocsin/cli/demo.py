"""tocsin demo: the whole system on the night of 24 April 2025, in the exercise realm."""

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.output import CityFolder, Json, emit
from tocsin.cli.replay import load, perform, show, speed_of, stage

if TYPE_CHECKING:
    from tocsin.flow.report import Report
    from tocsin.flow.scenario import Scenario

NAME = "kyiv-2025-04-24.toml"


def scenario_file() -> Path:
    """Where the scenario lies: in the installed package, or beside the sources."""
    package = Path(__file__).parents[1] / "scenarios" / NAME
    return package if package.exists() else Path(__file__).parents[3] / "scenarios" / NAME


def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Play to the end, print the report, stop")] = False,
    speed: Annotated[str | None, typer.Option("--speed", help="Scenario seconds per second, or max")] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="8080, or any free one with --headless")
    ] = None,
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """
    Replay the Kyiv night with a real broker, simulated sirens and live pages on 127.0.0.1.

    Everything is in a temporary folder and in the exercise realm; nothing is left behind.
    """
    scenario = load(scenario_file())
    pace = speed_of(speed or ("max" if headless else "60"))
    try:
        if port is None:
            port = 0 if headless else 8080
        found = asyncio.run(_demo(scenario, pace, port, city, headless))
    except KeyboardInterrupt:
        return
    if found is not None:
        emit(found, lambda: show(found), as_json=as_json)


async def _demo(
    scenario: "Scenario", speed: float | None, port: int, city: Path | None, headless: bool
) -> "Report | None":
    from tocsin.cli.web import run
    from tocsin.flow.replay import ScenarioClock
    from tocsin.http.demo import clock_routes

    clock = ScenarioClock(scenario.steps[0].at, speed)
    found: list[Report] = []
    with tempfile.TemporaryDirectory(prefix="tocsin-demo-") as folder:
        async with stage(Path(folder), clock, Path(folder) / "demo.db", city, port) as (running, loops, _fleet):

            async def ready(address: str) -> None:
                if not headless:
                    typer.echo(f"Open {address}/city for the whole night; {address}/ is what a resident sees", err=True)
                found.append(await perform(running, loops, scenario, clock, None))
                if headless:
                    return
                typer.echo("The night is over; the pages stay until Ctrl-C.", err=True)
                await asyncio.Event().wait()

            await run(running, clock_routes(clock, scenario), loops=loops, ready=ready)
    return found[0] if found and headless else None
