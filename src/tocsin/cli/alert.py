"""tocsin alert: raise, approve, update, clear, cancel alerts over the API of a running server; see where they stand."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from tocsin.cli import client
from tocsin.cli.client import DEFAULT_URL, Token, Url
from tocsin.cli.output import Json, emit, table
from tocsin.cli.times import time_option

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


Areas = Annotated[list[str], typer.Argument(help="Codes of the areas")]
ThreatName = Annotated[str, typer.Option("--threat", help="missile, ballistic, drone, combined, …")]
PhaseName = Annotated[str, typer.Option("--phase", help="alert or pre_alert")]
NewId = Annotated[str | None, typer.Option("--id", help="Name of the alert; made when left out")]
Expires = Annotated[str | None, time_option("--expires")]


def _wanted(
    areas: list[str],
    threat: str,
    phase: str,
    expires: str | None,
    alert: str | None,
    texts: dict[str, str] | None,
) -> dict[str, object]:
    return {"alert": alert, "areas": areas, "threat": threat, "phase": phase, "expires": expires, "texts": texts}


@app.command("raise")
def raise_(
    areas: Areas,
    threat: ThreatName = "other",
    phase: PhaseName = "alert",
    expires: Expires = None,
    alert: NewId = None,
    uk: Uk = None,
    en: En = None,
    url: Url = DEFAULT_URL,
    token: Token = "",
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Raise an alert. It sounds at once, unless the realm asks for two people before an alert of this threat."""
    fields = _wanted(areas, threat, phase, expires, alert, _texts(uk, en))
    _give(url, token, "alert.raise", fields, key, as_json)


@app.command()
def draft(
    areas: Areas,
    threat: ThreatName = "other",
    phase: PhaseName = "alert",
    expires: Expires = None,
    alert: NewId = None,
    uk: Uk = None,
    en: En = None,
    url: Url = DEFAULT_URL,
    token: Token = "",
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Write an alert that nobody sees before it is submitted."""
    fields = _wanted(areas, threat, phase, expires, alert, _texts(uk, en))
    _give(url, token, "alert.draft", fields, key, as_json)


@app.command()
def submit(alert: AlertId, url: Url = DEFAULT_URL, token: Token = "", key: Key = None, as_json: Json = False) -> None:
    """Raise an alert that was drafted, or ask a second person where the realm wants two before."""
    _give(url, token, "alert.submit", {"alert": alert}, key, as_json)


@app.command()
def approve(
    alert: AlertId,
    proposal: Annotated[int | None, typer.Option("--proposal", help="Only if this is still what waits")] = None,
    url: Url = DEFAULT_URL,
    token: Token = "",
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Let what waits go out, as the second person."""
    _give(url, token, "alert.approve", {"alert": alert, "proposal": proposal}, key, as_json)


@app.command()
def reject(
    alert: AlertId,
    reason: Annotated[str, typer.Option("--reason", help="Why it does not go out")],
    url: Url = DEFAULT_URL,
    token: Token = "",
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Keep what waits from going out; your own draft or proposal too."""
    _give(url, token, "alert.reject", {"alert": alert, "reason": reason}, key, as_json)


@app.command()
def update(
    alert: AlertId,
    area: Annotated[list[str] | None, typer.Option("--area", help="All areas from now on; may be repeated")] = None,
    threat: Annotated[str | None, typer.Option("--threat")] = None,
    phase: Annotated[str | None, typer.Option("--phase")] = None,
    expires: Expires = None,
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
    token: Token = "",
    as_json: Json = False,
) -> None:
    """What is true of every area now; with a token also what waits, what is unconfirmed, and when alerts expire."""
    query = {"areas": ",".join(area)} if area else {}
    board = client.get(url, "/v1/board", **query)
    desk = client.get(url, "/v1/alerts", token)["alerts"] if token else None

    def show() -> None:
        rows = [(each["area"], each["phase"], each["threat"], each["since"], each["alert"]) for each in board["areas"]]
        title = f"Board at position {board['position']}, to be believed until {board['valid_until']}"
        table(title, ("area", "phase", "threat", "since", "alert"), rows)
        if desk is not None:
            columns = ("alert", "stage", "waits for", "since", "expires in", "raised by", "confirmed by")
            table("Alerts that are not over", columns, map(_desk_row, desk))

    emit(board if desk is None else {**board, "alerts": desk}, show, as_json=as_json)


def _desk_row(line: Mapping[str, Any]) -> tuple[object, ...]:
    waits = list(_waits(line))
    return (
        line["alert"],
        line["stage"],
        "\n".join(what for what, _ in waits),
        "\n".join(_lasting(seconds) for _, seconds in waits),
        _lasting(line["expires_in"]),
        line["raised_by"] or (line["proposal"] or {}).get("by", ""),
        line["confirmed_by"],
    )


def _waits(line: Mapping[str, Any]) -> Iterator[tuple[str, float | None]]:
    """What a second person is asked for, and for how many seconds."""
    proposal = line["proposal"]
    if proposal is not None:
        what = "to be submitted" if proposal["answer_by"] is None else f"approval of proposal {proposal['number']}"
        yield what + " (late)" * proposal["escalated"], line["waits_for"]
    if line["unconfirmed_for"] is not None:
        yield "confirmation" + " (late)" * line["overdue"], line["unconfirmed_for"]


def _lasting(seconds: float | None) -> str:
    """Seconds as hours, minutes and seconds, such as `11:58:03`."""
    if seconds is None:
        return ""
    if seconds < 0:
        return f"-{_lasting(-seconds)}"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
