"""tocsin foreign: what other warning services say, and whether they are still heard."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from tocsin.cli.client import DEFAULT_URL, Token, Url, fetch, get
from tocsin.cli.output import Json, emit, table

app = typer.Typer(help="Alerts of other warning services.", no_args_is_help=True)


@app.command("list")
def list_(
    url: Url = DEFAULT_URL,
    token: Token = "",
    here: Annotated[bool, typer.Option("--here", help="Only those about areas of this city")] = False,
    old: Annotated[bool, typer.Option("--old", help="Also what ran out more than a day ago")] = False,
    as_json: Json = False,
) -> None:
    """Show the alerts of other services that are in force. What ran out is among them: nobody has cleared it."""
    found = get(url, "/v1/foreign-alerts", token, here=str(here).lower(), old=str(old).lower())["alerts"]
    columns = ("received", "sources", "message", "event", "areas", "state")
    emit(found, lambda: table("Foreign alerts", columns, map(_line, found)), as_json=as_json)


def _line(alert: dict[str, Any]) -> tuple[object, ...]:
    message = alert["message"]
    infos = message.get("infos", [])
    states = [name for name in ("expired", "disputed") if alert[name]] + (["new"] if alert["fresh"] else [])
    name = f"{message['key']['sender']} {message['key']['identifier']}"
    event = infos[0]["event"] if infos else ""
    return alert["received"], ", ".join(alert["sources"]), name, event, ", ".join(alert["areas"]), ", ".join(states)


@app.command()
def rejected(url: Url = DEFAULT_URL, token: Token = "", as_json: Json = False) -> None:
    """Show what came and could not be taken for an alert, newest first. Somebody has to look at it."""
    found = get(url, "/v1/foreign-alerts", token)["rejected"]
    rows = [(each["time"], each["source"], each["address"], each["reason"], each["document"]) for each in found]
    columns = ("time", "source", "address", "why", "document")
    emit(found, lambda: table("Rejected", columns, rows), as_json=as_json)


@app.command()
def feeds(url: Url = DEFAULT_URL, token: Token = "", as_json: Json = False) -> None:
    """Show how each feed is heard. The silence of one that is stale says nothing."""
    found = get(url, "/v1/feeds", token)["feeds"]
    rows = [
        (each["name"], "stale" if each["stale"] else "heard", each["succeeded"], each["failures"], each["error"])
        for each in found
    ]
    columns = ("feed", "state", "last heard", "failures since", "error")
    emit(found, lambda: table("Feeds", columns, rows), as_json=as_json)


@app.command()
def document(
    digest: Annotated[str, typer.Argument(help="SHA-256, as the lists name it")],
    url: Url = DEFAULT_URL,
    token: Token = "",
    out: Annotated[Path | None, typer.Option("--out", help="File to write; stdout when left out")] = None,
) -> None:
    """Write what came in, byte for byte."""
    body = fetch(url, f"/v1/foreign-alerts/documents/{digest}", token)
    if out is None:
        sys.stdout.buffer.write(body)
    else:
        out.write_bytes(body)
