"""tocsin record: the attacks on the record, and its questions answered with citations."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli import record_questions
from tocsin.cli.output import DEFAULT_DB, CityFolder, Db, Json, Realm, emit, table
from tocsin.cli.reading import reading
from tocsin.cli.times import time_option

app = typer.Typer(help="The record of attacks, and its questions.", no_args_is_help=True)
record_questions.add_to(app)


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
    weapon: record_questions.Weapon = "any",
    effect: record_questions.EffectWord = None,
    recorded: record_questions.RecordedBy = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """When a place was last hit, by what, and how that is known."""
    from tocsin.flow import answers

    asked = record_questions.asked_for(weapon=weapon, effect=effect, as_of=before, recorded=recorded)
    with reading(db, realm, city) as system:
        answer = answers.last_hit(system, place, asked.as_of, asked.weapon, asked.effect, asked.recorded)
    words = f"{answer.date or 'not on record'} {answer.attack}\n{answer.definition['en']}"
    emit(answer, words, as_json=as_json)


@app.command()
def deadliest(
    attack: Annotated[
        str | None, typer.Argument(help="Since when none killed more than this one; a list without it")
    ] = None,
    number: Annotated[int, typer.Option("-n", min=1, help="How many, for a list")] = 10,
    start: record_questions.From = None,
    end: record_questions.To = None,
    place: record_questions.Place = "",
    weapon: record_questions.Weapon = "any",
    as_of: record_questions.AsOf = None,
    recorded: record_questions.RecordedBy = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """Since when no attack on the same place killed more; without an attack, those that killed most."""
    from tocsin.flow import answers
    from tocsin.flow.record import deadliest

    asked = record_questions.asked_for(start, end, place, weapon, as_of=as_of, recorded=recorded)
    with reading(db, realm, city) as system:
        if attack is None:
            listed = deadliest(system, asked, number)
            rows = [
                (each.rank, f"{each.best_rank} to {each.worst_rank}", each.attack, each.date, each.killed.best)
                for each in listed.attacks
            ]
            columns = ("rank", "possible", "attack", "date", "killed")
            emit(listed, lambda: table("Deadliest", columns, rows), as_json=as_json)
            return
        answer = answers.deadliest_since(system, attack, asked.as_of, asked.recorded)
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
