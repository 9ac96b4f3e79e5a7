"""tocsin serve: the whole system in one process."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.cli.output import CityFolder, require_realm

if TYPE_CHECKING:
    from tocsin.city.place import City
    from tocsin.wiring import Settings


def serve(
    config: Annotated[Path | None, typer.Option("--config", help="A TOML file; options given here win over it")] = None,
    db: Annotated[Path | None, typer.Option("--db", help="The journal's file", envvar="TOCSIN_DB")] = None,
    realm: Annotated[str | None, typer.Option("--realm", help="live or exercise")] = None,
    host: Annotated[str | None, typer.Option("--host")] = None,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535)] = None,
    city: CityFolder = None,
    mqtt: Annotated[str | None, typer.Option("--mqtt", help="The sirens' broker, HOST:PORT")] = None,
) -> None:
    """Run the whole system in one process: journal, views, channels, API and pages."""
    settings = _settings(config, db, realm, host, port, city, mqtt)
    asyncio.run(_serve(settings))


def _settings(
    config: Path | None,
    db: Path | None,
    realm: str | None,
    host: str | None,
    port: int | None,
    city: Path | None,
    mqtt: str | None,
) -> "Settings":
    import msgspec

    from tocsin.wiring import Settings, read_settings

    settings = Settings() if config is None else read_settings(config)
    given: dict[str, Any] = {"db": db, "host": host, "port": port, "city": city}
    if realm is not None:
        given["realm"] = require_realm(realm)
    if mqtt is not None:
        given["channels"] = {**settings.channels, "siren": broker_of(mqtt)}
    return msgspec.structs.replace(settings, **{name: value for name, value in given.items() if value is not None})


def broker_of(text: str) -> Any:  # noqa: ANN401 - an Mqtt, whose module is loaded only here
    """
    Raises:
        Invalid: If it is not HOST:PORT.
    """
    from tocsin.kernel.errors import Invalid
    from tocsin.wiring import Mqtt

    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise Invalid(f"{text!r} is not HOST:PORT", "--mqtt")
    return Mqtt(host=host, port=int(port))


def open_city(settings: "Settings") -> "City":
    """The city of the settings; without one, the demo city, made beside the journal the first time."""
    from tocsin.city.place import load_city

    folder = settings.city
    if folder is None:
        from tocsin.city.generate import generate_city
        from tocsin.wiring import beside

        folder = beside(settings.db, "city")
        if not folder.exists():
            generate_city(folder, DEMO_SCALE, DEMO_SEED, None)
    return load_city(folder)


DEMO_SCALE, DEMO_SEED = 0.02, 20250424


async def _serve(settings: "Settings") -> None:
    from tocsin.cli.web import run
    from tocsin.wiring import open_system

    city = open_city(settings)
    if settings.city is None:
        typer.echo(f"no city is configured: using the made-up one in {city.folder}", err=True)
    running = open_system(settings, city)
    try:
        await run(running)
    finally:
        running.system.close()
