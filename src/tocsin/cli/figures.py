"""tocsin figures: what is known of an attack's casualties as of a time."""

from typing import Annotated

import typer

from tocsin.cli.output import DEFAULT_DB, CityFolder, Db, Json, Realm, emit, table
from tocsin.cli.reading import reading
from tocsin.cli.times import time_option


def figures(
    attack: Annotated[str, typer.Argument(help="The attack, such as kyiv-2025-04-24")],
    as_of: Annotated[str | None, time_option("--as-of", "RFC 3339; now when left out")] = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """Per measure and stratum: low, best, high, status, the claims it rests on, and where they conflict."""
    from tocsin.flow import answers
    from tocsin.kernel.time import parse_instant, system_clock

    moment = system_clock() if as_of is None else parse_instant(as_of, "--as-of")
    with reading(db, realm, city) as system:
        found = answers.figures(system, attack, moment)
    rows = [
        (key, each.low, each.best, each.high, each.status, each.phrase, ", ".join(each.claims))
        for key, each in found.figures.items()
    ]
    columns = ("measure", "low", "best", "high", "status", "in words", "claims")
    emit(found, lambda: table(f"{attack} as of {found.as_of.isoformat()}", columns, rows), as_json=as_json)
