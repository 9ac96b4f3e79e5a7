"""tocsin record: the attacks on the record, and its questions answered with citations."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.output import DEFAULT_DB, CityFolder, Db, Json, Realm, emit, table
from tocsin.cli.reading import reading
from tocsin.cli.times import time_option

app = typer.Typer(help="The record of attacks, and its questions.", no_args_is_help=True)


@app.command("list")
def list_(db: Db = DEFAULT_DB, realm: Realm = "exercise", city: CityFolder = None, as_json: Json = False) -> None:
    """Every attack on the record, oldest first."""
    with reading(db, realm, city) as system:
        attacks = system.views.attacks.all()
    rows = [(each.attack, each.date_local, each.names.get("en", ""), len(each.hits)) for each in attacks]
    emit(attacks, lambda: table("Attacks", ("attack", "date", "name", "hits"), rows), as_json=as_json)


@app.command("last-hit")
def last_hit(
    place: Annotated[str, typer.Argument(help="Code of the area")],
    before: Annotated[str | None, time_option("--before", "RFC 3339; now when left out")] = None,
    weapon: Annotated[str, typer.Option("--weapon", help="any, missile, or a weapon class")] = "any",
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """When a place was last hit, by what, and how that is known."""
    from tocsin.domain.record import weapon_classes
    from tocsin.flow import answers
    from tocsin.kernel.time import parse_instant, system_clock

    moment = system_clock() if before is None else parse_instant(before, "--before")
    with reading(db, realm, city) as system:
        answer = answers.last_hit(system, place, moment, weapon_classes(weapon))
    words = f"{answer.date or 'not on record'} {answer.attack}\n{answer.definition['en']}"
    emit(answer, words, as_json=as_json)


@app.command()
def deadliest(
    attack: Annotated[str, typer.Argument(help="The attack")],
    as_of: Annotated[str | None, time_option("--as-of", "RFC 3339; now when left out")] = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """Since when no attack on the same place killed more."""
    from tocsin.flow import answers
    from tocsin.kernel.time import parse_instant, system_clock

    moment = system_clock() if as_of is None else parse_instant(as_of, "--as-of")
    with reading(db, realm, city) as system:
        answer = answers.deadliest_since(system, attack, moment)
    words = f"{answer.date or 'none on record killed more'} {answer.since}\n{answer.definition['en']}"
    emit(answer, words, as_json=as_json)


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="CSV files: past alerts, launches, lists of models")],
    column_map: Annotated[
        Path | None, typer.Option("--map", help="TOML file that says which column is what, for other data sets")
    ] = None,
    report: Annotated[Path | None, typer.Option("--report", help="Write every odd row to this CSV file")] = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """Record the rows of data sets, each once, and list everything odd about them. The board is not touched."""
    from tocsin.cli import record_import

    result = record_import.bring_in(files, column_map, db, realm, city)
    if report is not None:
        record_import.write_report(result, report)
    emit(result, lambda: record_import.show(result), as_json=as_json)
