"""tocsin alert: raise, update, clear and cancel alerts over the API of a running server, and see where they stand."""

from collections.abc import Mapping
from typing import Annotated

import typer

from tocsin.cli import client
from tocsin.cli.client import DEFAULT_URL, Token, Url
from tocsin.cli.output import Json, emit, table

app = typer.Typer(help="Alerts, over the API of a running server.", no_args_is_help=True)

AlertId = Annotated[str, typer.Argument(help="The alert")]
Uk = Annotated[str | None, typer.Option("--uk", help="Own words in Ukrainian")]
En = Annotated[str | None, typer.Option("--en", help="Own words in English")]
Key = Annotated[str | None, typer.Option("--key", help="Idempotency key: makes a repeat harmless")]


def _texts(uk: str | None, en: str | None) -> dict[str, str] | None:
    given = {"uk": uk, "en": en}
    return {lang: text for lang, text in given.items() if text is not None} or None


def _give(url: str, token: str, kind: str, fields: Mapping[str, object], key: str | None, as_json: bool) -> None:
    answer = client.command(url, token, kind, fields, key)
    words = f"{', '.join(answer['events']) or 'nothing changed'} at position {answer['position']}: {answer['stream']}"
    emit(answer, words, as_json=as_json)


@app.command("raise")
def raise_(
    areas: Annotated[list[str], typer.Argument(help="Codes of the areas")],
    threat: Annotated[str, typer.Option("--threat", help="missile, ballistic, drone, combined, …")] = "other",
    phase: Annotated[str, typer.Option("--phase", help="alert or pre_alert")] = "alert",
    expires: Annotated[str | None, typer.Option("--expires", help="RFC 3339")] = None,
    alert: Annotated[str | None, typer.Option("--id", help="Name of the alert; made when left out")] = None,
    uk: Uk = None,
    en: En = None,
    url: Url = DEFAULT_URL,
    token: Token = "",
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Raise an alert."""
    fields = {
        "alert": alert,
        "areas": areas,
        "threat": threat,
        "phase": phase,
        "expires": expires,
        "texts": _texts(uk, en),
    }
    _give(url, token, "alert.raise", fields, key, as_json)


@app.command()
def update(
    alert: AlertId,
    area: Annotated[list[str] | None, typer.Option("--area", help="All areas from now on; may be repeated")] = None,
    threat: Annotated[str | None, typer.Option("--threat")] = None,
    phase: Annotated[str | None, typer.Option("--phase")] = None,
    expires: Annotated[str | None, typer.Option("--expires", help="RFC 3339")] = None,
    uk: Uk = None,
    en: En = None,
    url: Url = DEFAULT_URL,
    token: Token = "",
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Change an alert: where, what or until when."""
    fields = {
        "alert": alert,
        "areas": area,
        "threat": threat,
        "phase": phase,
        "expires": expires,
        "texts": _texts(uk, en),
    }
    _give(url, token, "alert.update", fields, key, as_json)


@app.command()
def confirm(alert: AlertId, url: Url = DEFAULT_URL, token: Token = "", key: Key = None, as_json: Json = False) -> None:
    """Agree with an alert as the second person."""
    _give(url, token, "alert.confirm", {"alert": alert}, key, as_json)


@app.command()
def clear(
    alert: AlertId,
    uk: Uk = None,
    en: En = None,
    url: Url = DEFAULT_URL,
    token: Token = "",
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Give the all-clear of an alert."""
    _give(url, token, "alert.clear", {"alert": alert, "texts": _texts(uk, en)}, key, as_json)


@app.command()
def cancel(
    alert: AlertId,
    reason: Annotated[str, typer.Option("--reason", help="Why it was a mistake")],
    uk: Uk = None,
    en: En = None,
    url: Url = DEFAULT_URL,
    token: Token = "",
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Correct a false alarm."""
    _give(url, token, "alert.cancel", {"alert": alert, "reason": reason, "texts": _texts(uk, en)}, key, as_json)


@app.command()
def status(
    area: Annotated[list[str] | None, typer.Argument(help="Codes; all areas when left out")] = None,
    url: Url = DEFAULT_URL,
    as_json: Json = False,
) -> None:
    """What is true of every area now."""
    query = {"areas": ",".join(area)} if area else {}
    board = client.get(url, "/v1/board", **query)
    rows = [(each["area"], each["phase"], each["threat"], each["since"], each["alert"]) for each in board["areas"]]
    title = f"Board at position {board['position']}, to be believed until {board['valid_until']}"
    emit(board, lambda: table(title, ("area", "phase", "threat", "since", "alert"), rows), as_json=as_json)
