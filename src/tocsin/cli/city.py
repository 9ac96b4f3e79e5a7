"""tocsin city: make a city folder, and say what is wrong with one."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.output import Json, emit, progress, table

app = typer.Typer(help="Cities: generate one, check one.", no_args_is_help=True)


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


@app.command()
def check(folder: Annotated[Path, typer.Argument(help="A city folder")], as_json: Json = False) -> None:
    """Count what is in a city and say what is wrong with it. Exit 1 if anything is."""
    from tocsin.city.check import check_city

    found = check_city(folder)
    rows = [(finding.severity, finding.rule, finding.where, finding.message) for finding in found.findings]

    def words() -> None:
        for name, count in found.counts.items():
            typer.echo(f"{name}: {count}")
        if any(finding.severity == "error" for finding in found.findings):
            table("Findings", ("severity", "rule", "where", "what"), rows)

    emit(found, words, as_json=as_json)
    if any(finding.severity == "error" for finding in found.findings):
        raise typer.Exit(1)
