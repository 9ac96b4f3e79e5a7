"""tocsin shelters: the nearest open door."""

from typing import Annotated

import typer

from tocsin.cli.output import CityFolder, Json, emit

app = typer.Typer(help="Shelters.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keeps `nearest` a subcommand while it is the only one."""


@app.command()
def nearest(
    lat: Annotated[float, typer.Argument(help="Degrees north, WGS 84")],
    lon: Annotated[float, typer.Argument(help="Degrees east, WGS 84")],
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """The nearest shelter on foot, with the way."""
    from tocsin.city.place import load_city
    from tocsin.city.walk import nearest_shelter
    from tocsin.kernel.errors import Invalid

    if city is None:
        raise Invalid("name a city folder; `tocsin city generate --out DIR` makes one", "--city")
    loaded = load_city(city)
    way = nearest_shelter(loaded, lat, lon, [shelter.id for shelter in loaded.shelters])
    names = next(shelter.names for shelter in loaded.shelters if shelter.id == way.shelter)
    minutes = way.seconds / 60
    emit(way, f"{names.get('uk', way.shelter)}: {way.metres:.0f} m, {minutes:.0f} min on foot", as_json=as_json)
