"""tocsin template: the prepared words of alerts, written by one person and read by another."""

from typing import Annotated

import typer

from tocsin.cli import client
from tocsin.cli.client import DEFAULT_URL, Token, Url
from tocsin.cli.output import Json, emit, table

app = typer.Typer(help="The prepared words of alerts, over the API of a running server.", no_args_is_help=True)

ThreatName = Annotated[str, typer.Argument(help="missile, ballistic, drone, combined, …")]
PhaseName = Annotated[str, typer.Argument(help="pre_alert, alert, all_clear or correction")]
Version = Annotated[int, typer.Argument(help="As `list` shows it")]


def _give(url: str, token: str, kind: str, fields: dict[str, object], as_json: bool) -> None:
    answer = client.command(url, token, kind, fields)
    emit(
        answer, f"{', '.join(answer['events']) or 'nothing changed'} at position {answer['position']}", as_json=as_json
    )


@app.command("list")
def list_(url: Url = DEFAULT_URL, token: Token = "", as_json: Json = False) -> None:
    """What would be said now of every threat in every phase, and the versions that wait to be read."""
    found = client.get(url, "/v1/alerts/templates", token)["templates"]
    rows = []
    for each in found:
        editions = [edition for edition in each["editions"] if edition["version"] > each["version"]]
        waiting = ", ".join(str(edition["version"]) for edition in editions if not edition["withdrawn"])
        texts = "\n".join(f"{lang}: {text}" for lang, text in each["texts"].items())
        rows.append((each["threat"], each["phase"], each["version"], texts, waiting))
    columns = ("threat", "phase", "version", "words", "waiting")
    emit(found, lambda: table("Prepared words; version 0 is built in", columns, rows), as_json=as_json)


@app.command()
def write(
    threat: ThreatName,
    phase: PhaseName,
    uk: Annotated[str, typer.Option("--uk", help="The words in Ukrainian")],
    en: Annotated[str, typer.Option("--en", help="The words in English")],
    url: Url = DEFAULT_URL,
    token: Token = "",
    as_json: Json = False,
) -> None:
    """Write a new version. It is used once a second person has approved both languages."""
    fields: dict[str, object] = {"threat": threat, "phase": phase, "texts": {"uk": uk, "en": en}}
    _give(url, token, "template.write", fields, as_json)


@app.command()
def approve(
    threat: ThreatName,
    phase: PhaseName,
    version: Version,
    lang: Annotated[list[str] | None, typer.Option("--lang", help="That you have read; both when left out")] = None,
    url: Url = DEFAULT_URL,
    token: Token = "",
    as_json: Json = False,
) -> None:
    """Say, as the second person, that you have read a version and found it right."""
    languages = lang or ["uk", "en"]
    fields: dict[str, object] = {"threat": threat, "phase": phase, "version": version, "languages": languages}
    _give(url, token, "template.approve", fields, as_json)


@app.command()
def withdraw(
    threat: ThreatName,
    phase: PhaseName,
    version: Version,
    reason: Annotated[str, typer.Option("--reason", help="Why it is not to be used any more")],
    url: Url = DEFAULT_URL,
    token: Token = "",
    as_json: Json = False,
) -> None:
    """Take a version out of use; the one before it is in force again."""
    fields: dict[str, object] = {"threat": threat, "phase": phase, "version": version, "reason": reason}
    _give(url, token, "template.withdraw", fields, as_json)
