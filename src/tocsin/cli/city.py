"""tocsin city: make a city folder, made up or from OpenStreetMap, and say what is wrong with one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.output import Json, emit, progress, table

if TYPE_CHECKING:
    from tocsin.city.osm.report import ImportReport

app = typer.Typer(help="Cities: generate one, import one, check one.", no_args_is_help=True)


@app.command()
def generate(
    out: Annotated[Path, typer.Option("--out", help="Folder to make")],
    scale: Annotated[float, typer.Option("--scale", help="0.01 to 1")] = 0.1,
    seed: Annotated[int, typer.Option("--seed")] = 1,
    as_json: Json = False,
) -> None:
    """Make the demo city: Kyiv's districts, metro, river and bridges; streets and people are made up."""
    from tocsin.city.generate import generate_city
    from tocsin.city.place import load_city

    with progress("generating") as advance:
        generate_city(out, scale, seed, advance)
    city = load_city(out)
    counts = {
        "folder": str(out),
        "areas": len(city.areas.codes()),
        "shelters": len(city.shelters),
        "hospitals": len(city.hospitals),
        "sirens": len(city.sirens),
    }
    emit(counts, ", ".join(f"{value} {name}" for name, value in counts.items()), as_json=as_json)


@app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="An .osm.pbf or .osm file")],
    out: Annotated[Path, typer.Option("--out", help="Folder to make")],
    areas: Annotated[Path | None, typer.Option("--areas", help="GeoJSON of the areas, in place of boundaries")] = None,
    shelters: Annotated[Path | None, typer.Option("--shelters", help="A list of shelters, CSV or GeoJSON")] = None,
    column: Annotated[
        list[str] | None, typer.Option("--column", help="FIELD=HEADING where the list has headings of its own")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="What the city is called")] = None,
    time_zone: Annotated[str | None, typer.Option("--time-zone", help="Such as Europe/Kyiv")] = None,
    as_json: Json = False,
) -> None:
    """Make a city of an OpenStreetMap extract: streets, residents, shelters, areas, base map. Says what it left out."""
    from tocsin.city.osm.importing import Wishes, import_city

    wishes = Wishes(areas=areas, shelters=shelters, columns=_columns(column or []), name=name, time_zone=time_zone)
    with progress("importing") as advance:
        report = import_city(source, out, wishes, advance)
    emit(report, lambda: _tell(report), as_json=as_json)


def _columns(told: list[str]) -> dict[str, str]:
    """
    Raises:
        Invalid: If one is not FIELD=HEADING.
    """
    from tocsin.kernel.errors import Invalid

    pairs = [text.partition("=") for text in told]
    for text, (field, _, heading) in zip(told, pairs, strict=True):
        if not field or not heading:
            raise Invalid(f"{text!r} is not FIELD=HEADING", "--column")
    return {field: heading for field, _, heading in pairs}


def _tell(report: "ImportReport") -> None:
    for name, count in report.counts.items():
        typer.echo(f"{name}: {count}")
    for note in report.notes:
        typer.echo(f"Note: {note}")
    if report.skipped:
        rows = [(row.count, row.what, row.why, " ".join(row.examples)) for row in report.skipped]
        table("Left out", ("count", "what", "why", "such as"), rows)
    if report.unplaced:
        typer.echo(f"{len(report.unplaced)} rows of the list have no place; they are whole in import.json")


@app.command()
def check(folder: Annotated[Path, typer.Argument(help="A city folder")], as_json: Json = False) -> None:
    """Count what is in a city and say what is wrong with it. Exit 1 if anything is."""
    from tocsin.city.check import check_city

    found = check_city(folder)
    rows = [(finding.severity, finding.rule, finding.where, finding.message) for finding in found.findings]

    def words() -> None:
        for name, count in found.counts.items():
            typer.echo(f"{name}: {count}")
        if rows:
            table("Findings", ("severity", "rule", "where", "what"), rows)

    emit(found, words, as_json=as_json)
    if any(finding.severity == "error" for finding in found.findings):
        raise typer.Exit(1)
