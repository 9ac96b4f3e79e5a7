"""tocsin figures: what is known of an attack's casualties as of a time."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.output import DEFAULT_DB, CityFolder, Db, Json, Realm, emit, table
from tocsin.cli.reading import reading
from tocsin.cli.times import time_option

if TYPE_CHECKING:
    from datetime import datetime

    from tocsin.flow.answers import FiguresAnswer


def figures(
    attack: Annotated[str, typer.Argument(help="The attack, such as kyiv-2025-04-24")],
    as_of: Annotated[str | None, time_option("--as-of", "RFC 3339; now when left out")] = None,
    published: Annotated[str | None, time_option("--published", "Count what was public by then")] = None,
    recorded: Annotated[str | None, time_option("--recorded", "As the ledger stood then")] = None,
    form: Annotated[
        str | None, typer.Option("--format", help="Instead of a table: csv, hxl, sitrep-xml, ics-209 or json")
    ] = None,
    since: Annotated[
        str | None, time_option("--since", "Start of the period of a report; the attack's when left out")
    ] = None,
    policy: Annotated[Path | None, typer.Option("--policy", help="Which source is believed first, from a file")] = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """Per measure and stratum: low, best, high, status, the claims it rests on, where they conflict, and the persons
    counted one by one beside them."""
    from tocsin.flow import answers
    from tocsin.formats.casualties import WRITERS
    from tocsin.kernel.errors import Invalid
    from tocsin.kernel.time import parse_instant, system_clock

    def instant(text: str | None, option: str) -> "datetime | None":
        return None if text is None else parse_instant(text, option)

    moment = instant(as_of, "--as-of") or system_clock()
    if form not in (None, "json", *WRITERS):
        raise Invalid(f"there is no format {form!r}; there are json, {', '.join(WRITERS)}", "--format")
    with reading(db, realm, city, policy) as system:
        if form in WRITERS:
            begins = instant(since, "--since")
            report = answers.casualty_report(system, attack, moment, begins, system.sender)
            sys.stdout.write(WRITERS[form][1](report).decode())
            return
        found = answers.figures(
            system,
            attack,
            moment,
            published=instant(published, "--published"),
            recorded=instant(recorded, "--recorded"),
        )
    emit(found, lambda: _show(found), as_json=as_json or form == "json")


def _show(found: "FiguresAnswer") -> None:
    columns = ("measure", "low", "best", "high", "counted", "status", "in words", "claims")
    rows: list[tuple[object, ...]] = [
        (key, each.low, each.best, each.high, _counted(found, key), each.status, each.phrase, ", ".join(each.claims))
        for key, each in found.figures.items()
    ]
    rows += [
        (key, None, None, None, each.counted, "", "stated by nobody", "")
        for key, each in found.counted.items()
        if key not in found.figures
    ]
    table(f"{found.attack} as of {found.as_of.isoformat()}", columns, rows)
    if found.implied:
        implied = [(key, each.phrase["en"], ", ".join(each.claims)) for key, each in found.implied.items()]
        table("What follows, though nobody stated it", ("measure", "in words", "claims"), implied)
    findings = [(each.rule, "conflict", each.why["en"]) for each in found.conflicts]
    findings += [(each.rule, "warning", each.why["en"]) for each in found.warnings]
    if findings:
        table("What does not agree, or should be looked at again", ("rule", "", "why"), findings)
    if differing := [(key, each.why["en"]) for key, each in found.counted.items() if each.difference]:
        table("Where persons and claims differ", ("measure", "why"), differing)


def _counted(found: "FiguresAnswer", key: str) -> int | None:
    joined = found.counted.get(key)
    return joined.counted if joined else None
