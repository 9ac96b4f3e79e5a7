"""tocsin shelters: the nearest open door, and a place for everybody."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.city.pace import WALKING_LIMIT_MINUTES, Profile
from tocsin.cli.output import CityFolder, Json, emit, table

if TYPE_CHECKING:
    from tocsin.city.place import City
    from tocsin.city.plan import PlanReport
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


@app.command()
def plan(
    more: Annotated[list[str] | None, typer.Argument(help="Further shelters to close", hidden=True)] = None,
    city: CityFolder = None,
    minutes: Annotated[float, typer.Option("--minutes", help="The longest walk")] = WALKING_LIMIT_MINUTES,
    close: Annotated[list[str] | None, typer.Option("--close", help="A shelter that is closed; repeat it")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Also write a .csv, .json or .geojson file")] = None,
    as_json: Json = False,
) -> None:
    """A place for every resident within the walk, with the least walking in all; who has none, and where."""
    import time
    from datetime import datetime
    from zoneinfo import ZoneInfo

    import msgspec

    from tocsin.city.footways import footways
    from tocsin.city.place import load_city
    from tocsin.city.plan import CityPlan
    from tocsin.city.walk import doors_by_hours

    _require_writable(out)
    loaded = load_city(require_city(city))
    ways = footways(loaded, step_free=False)
    doors = doors_by_hours(loaded.shelters, datetime.now(ZoneInfo(loaded.facts.time_zone)))
    places = {shelter.id: shelter.capacity for shelter in loaded.shelters if shelter.id in doors}
    start = time.perf_counter()
    made = CityPlan(loaded, ways, loaded.shelters, places, minutes)
    made.change(dict.fromkeys([*(close or ()), *(more or ())], 0))
    report = msgspec.structs.replace(made.report(), seconds=round(time.perf_counter() - start, 3))
    if out is not None:
        _write(out, report, loaded)
    emit(report, lambda: _say_plan(report), as_json=as_json)


def _require_writable(out: Path | None) -> None:
    from tocsin.kernel.errors import Invalid

    if out is not None and out.suffix not in (".csv", ".json", ".geojson"):
        raise Invalid(f"{out.name} is not a .csv, .json or .geojson file", "--out")


def _write(out: Path, report: "PlanReport", city: "City") -> None:
    import msgspec

    from tocsin.city.plan import plan_csv, plan_geojson

    if out.suffix == ".csv":
        out.write_text(plan_csv(report), encoding="utf-8")
    else:
        content = report if out.suffix == ".json" else plan_geojson(report, city.shelters, city)
        out.write_bytes(msgspec.json.encode(content))


def _say_plan(report: "PlanReport") -> None:
    typer.echo(f"{report.placed:,} of {report.people:,} placed within {report.minutes:g} min; {report.unplaced:,} not")
    typer.echo(f"mean walk {report.mean_walk_m:,.0f} m, in all {report.total_walk_m / 1000:,.0f} km")
    typer.echo(f"duality gap {report.gap_m:g} person-metres; {report.seconds:.2f} s")
    if report.unplaced_areas:
        rows = [(unplaced.area or "outside", f"{unplaced.people:,}") for unplaced in report.unplaced_areas]
        table("Without a place", ("area", "people"), rows)
    by_id = {load.shelter: load for load in report.shelters}
    helpful = [by_id[shelter] for shelter in report.most_helpful[:10]]
    if helpful:
        lines = [(load.shelter, load.area, f"{load.places:,}", f"{load.people:,}") for load in helpful]
        table("Where one more place helps most", ("shelter", "area", "places", "people"), lines)


def require_city(folder: Path | None) -> Path:
    """
    Raises:
        Invalid: If no folder was named.
    """
    from tocsin.kernel.errors import Invalid

    if folder is None:
        raise Invalid("name a city folder; `tocsin city generate --out DIR` makes one", "--city")
    return folder
