"""tocsin shelters: the nearest open door, and a place for everybody."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.city.pace import WALKING_LIMIT_MINUTES, Profile
from tocsin.cli.output import CityFolder, Json, emit

if TYPE_CHECKING:
    from tocsin.city.walk import ShelterWay

app = typer.Typer(help="Shelters.", no_args_is_help=True)


@app.command()
def nearest(
    lat: Annotated[float, typer.Argument(help="Degrees north, WGS 84")],
    lon: Annotated[float, typer.Argument(help="Degrees east, WGS 84")],
    city: CityFolder = None,
    profile: Annotated[Profile, typer.Option("--profile", help="Who walks")] = Profile.ADULT,
    minutes: Annotated[float, typer.Option("--minutes", help="Time to get there")] = WALKING_LIMIT_MINUTES,
    as_json: Json = False,
) -> None:
    """The nearest shelter on foot, with the way."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from tocsin.city.place import load_city
    from tocsin.city.walk import Ways, doors_by_hours

    loaded = load_city(require_city(city))
    ways = Ways(loaded)
    ways.stand(doors_by_hours(loaded.shelters, datetime.now(ZoneInfo(loaded.facts.time_zone))))
    way = ways.nearest(lat, lon, profile, minutes)
    emit(way, lambda: _say(way), as_json=as_json)


def _say(way: "ShelterWay") -> None:
    name = way.names.get("uk") or next(iter(way.names.values()))
    typer.echo(f"{name}: {way.metres:.0f} m, {way.seconds / 60:.0f} min on foot; opening hours: {way.hours}")
    for text in (way.advice or {}).values():
        typer.echo(text)


def require_city(folder: Path | None) -> Path:
    """
    Raises:
        Invalid: If no folder was named.
    """
    from tocsin.kernel.errors import Invalid

    if folder is None:
        raise Invalid("name a city folder; `tocsin city generate --out DIR` makes one", "--city")
    return folder
