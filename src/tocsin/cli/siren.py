"""tocsin siren: credentials for the broker, silent tests, who answered, and simulated sirens."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.cli import client
from tocsin.cli.client import DEFAULT_URL, Token, Url
from tocsin.cli.output import DEFAULT_DB, CityFolder, Db, Json, Realm, emit, require_realm, table

if TYPE_CHECKING:
    from tocsin.storage.siren_devices import Provisioned

app = typer.Typer(help="Sirens.", no_args_is_help=True)


@app.command()
def provision(
    out: Annotated[Path, typer.Option("--out", help="The folder of the credentials; one for each realm")],
    rotate: Annotated[list[str] | None, typer.Option("--rotate", help="A siren that gets a new password")] = None,
    revoke: Annotated[list[str] | None, typer.Option("--revoke", help="A siren that may no longer connect")] = None,
    rotate_server: Annotated[bool, typer.Option("--rotate-server", help="A new password for the server")] = False,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """
    Give every siren of the city a credential of its own, and write what Mosquitto and NATS must know of them.

    Run it again whenever sirens come or go: what is up to date stays as it is. Secrets of new sirens are added to
    secrets.json (mode 0600); delete it when they are installed. Load the files into the broker afterwards.
    """
    from tocsin.cli.serve import open_city
    from tocsin.kernel.time import system_clock
    from tocsin.storage.keys import load_or_make_key
    from tocsin.storage.siren_devices import SirenDevices
    from tocsin.wiring import Settings, beside

    key = load_or_make_key(beside(db, "key"))
    sirens = [siren.id for siren in open_city(Settings(db=db, city=city)).sirens]
    devices = SirenDevices(out, require_realm(realm), key.seed, key.public)
    if rotate_server:
        devices.rotate_server()
    done = devices.provision(sirens, system_clock(), rotate=rotate or (), revoke=revoke or ())
    emit(done, lambda: _say(done), as_json=as_json)


def _say(done: "Provisioned") -> None:
    from tocsin.storage.siren_devices import ACL, NATS, PASSWORDS, SECRETS, SERVER

    typer.echo(f"{len(done.issued)} issued, {len(done.revoked)} revoked, {done.kept} as they were ({done.realm})")
    for name in done.revoked:
        typer.echo(f"revoked: {name}")
    folder = Path(done.folder)
    typer.echo(f"sirens:    {folder / SECRETS} (delete it when they are installed)")
    typer.echo(f"server:    {folder / SERVER} (into tocsin.toml)")
    typer.echo(f"mosquitto: password_file {folder / PASSWORDS}, acl_file {folder / ACL}; then SIGHUP")
    typer.echo(f"nats:      accounts {{ tocsin_{done.realm} {{ include {folder / NATS} }} }}; then reload")


@app.command("test")
def start_test(
    area: Annotated[list[str] | None, typer.Argument(help="Codes; all sirens when left out")] = None,
    minutes: Annotated[int, typer.Option("--minutes", min=1, max=60, help="How long to wait for answers")] = 10,
    url: Url = DEFAULT_URL,
    token: Token = "",
    as_json: Json = False,
) -> None:
    """Start a silent test round now. While an alert stands no siren is told of it; `report` says what came of it."""
    answer = client.command(url, token, "siren_test.start", {"areas": area or [], "minutes": minutes})
    name = str(answer["stream"]).partition("/")[2]
    emit(answer, f"round {name} at position {answer['position']}", as_json=as_json)


@app.command()
def report(
    alert: Annotated[str | None, typer.Option("--alert", help="Who answered this alert")] = None,
    url: Url = DEFAULT_URL,
    token: Token = "",
    as_json: Json = False,
) -> None:
    """The last silent test rounds; or who answered an alert, how fast, and who has not, by name."""
    if alert is not None:
        said = client.get(url, "/v1/sirens", token, alert=alert)
        found = {name: said[name] for name in ("position", "alert", "count", "unanswered")}
        emit(found, lambda: _answers(found), as_json=as_json)
        return
    tests = client.get(url, "/v1/sirens/tests", token)
    emit(tests, lambda: _rounds(tests), as_json=as_json)


def _answers(found: dict[str, Any]) -> None:
    count, missing = found["count"], found["unanswered"]
    columns = ("", "answered", "asked", *SPREAD)
    rows = [
        (name, count[f"acknowledged_{name}"], missing["asked"], *(_seconds(count[f"{name}_latency"])))
        for name in ("alert", "clear")
    ]
    table(f"Alert {found['alert']}", columns, rows)
    _names("no answer to the alert", missing["alert"])
    _names("took it and did not sound", [f"{siren} ({why})" for siren, why in missing["mute"].items()])
    _names("no answer to its end", missing["clear"])


SPREAD = ("p50 s", "p90 s", "p99 s", "last s")


def _seconds(latency: dict[str, Any]) -> list[str]:
    values = (latency[name] for name in ("p50", "p90", "p99", "max"))
    return ["" if value is None else f"{value:.2f}" for value in values]


def _rounds(tests: dict[str, Any]) -> None:
    columns = (
        "round",
        "started",
        "outcome",
        "asked",
        "passed",
        "failed",
        "missing",
        "p50 s",
        "p90 s",
        "p99 s",
        "last s",
    )
    rows = [
        (
            each["round"],
            each["started_at"],
            each["outcome"] or "runs",
            each["asked"],
            *(len(each[name]) for name in ("passed", "failed", "missing")),
            *_seconds(each["latency"]),
        )
        for each in tests["rounds"]
    ]
    table("Silent tests, newest first", columns, rows)
    if tests["rounds"]:
        newest = tests["rounds"][0]
        _names(f"failed in {newest['round']}", [f"{siren} ({why})" for siren, why in newest["failed"].items()])
        _names(f"no answer in {newest['round']}", newest["missing"])
    _names("never tested", [each["siren"] for each in tests["tested"] if each["tested_at"] is None])


def _names(title: str, names: list[str]) -> None:
    if names:
        typer.echo(f"{title}: {', '.join(names)}")


@app.command()
def simulate(
    count: Annotated[int, typer.Option("--count", min=1, help="How many")] = 10,
    key: Annotated[
        str | None, typer.Option("--key", help="The server's public key, pinned; that of --db when left out")
    ] = None,
    secrets: Annotated[
        Path | None, typer.Option("--secrets", help="The secrets.json of provision; they pin the key in it")
    ] = None,
    ca: Annotated[str | None, typer.Option("--ca", help="PEM file of who signed the broker's certificate")] = None,
    db: Db = DEFAULT_DB,
    mqtt: Annotated[str, typer.Option("--mqtt", help="The broker, HOST:PORT")] = "127.0.0.1:1883",
    realm: Realm = "exercise",
    city: CityFolder = None,
) -> None:
    """
    Run simulated sirens until Ctrl-C.

    Each is an MQTT client of its own that verifies signatures, refuses what is expired, older or replayed, answers,
    and leaves a Last Will. They bear the ids of the sirens of --city, or of the demo city beside the journal.
    """
    from contextlib import suppress

    import msgspec

    from tocsin.channels.siren_device import Fleet
    from tocsin.cli.serve import broker_of, open_city
    from tocsin.formats.siren_access import Credential
    from tocsin.storage.keys import load_or_make_key
    from tocsin.storage.siren_devices import read_secrets
    from tocsin.wiring import Settings, beside

    broker = msgspec.structs.replace(broker_of(mqtt), ca=ca)
    known = read_secrets(secrets) if secrets is not None else {}
    pinned = key or next((secret.public_key for secret in known.values()), None)
    ids = [siren.id for siren in open_city(Settings(db=db, city=city)).sirens if not known or siren.id in known][:count]
    typer.echo(f"{len(ids)} sirens on {mqtt}, realm {realm}", err=True)
    fleet = Fleet(
        broker.host,
        broker.port,
        require_realm(realm),
        ids,
        pinned or load_or_make_key(beside(db, "key")).public,
        credentials={siren: Credential(each.username, each.password) for siren, each in known.items()},
        tls=broker.context(),
    )
    with suppress(KeyboardInterrupt):
        asyncio.run(fleet.run())


@app.command()
def key(db: Db = DEFAULT_DB) -> None:
    """Print the public key that sirens must pin; it is made if there is none yet."""
    from tocsin.storage.keys import load_or_make_key
    from tocsin.wiring import beside

    typer.echo(load_or_make_key(beside(db, "key")).public)
