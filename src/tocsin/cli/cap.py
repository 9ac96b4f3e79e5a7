"""tocsin cap: check, sign, verify, import and export documents of the Common Alerting Protocol."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.output import DEFAULT_DB, CityFolder, Db, Json, Realm, emit, table

if TYPE_CHECKING:
    from tocsin.domain.warning import Notice
    from tocsin.flow.system import System
    from tocsin.formats.cap_check import Report

app = typer.Typer(help="The Common Alerting Protocol.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="A CAP document")]
Out = Annotated[Path | None, typer.Option("--out", help="File to write; stdout when left out")]


@app.command()
def validate(
    files: Annotated[list[Path], typer.Argument(help="CAP documents")],
    profile: Annotated[
        list[str] | None, typer.Option("--profile", help="core, google, ipaws, cap-cp or wmo; may be repeated")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check documents against the schema, the rules of CAP and profiles. Exit 1 if any has an error."""
    from tocsin.formats.cap_check import check_cap

    documents = [(str(file), _read(file)) for file in files]
    reports = [(file, check_cap(document, profile or ())) for file, document in documents]
    result = [
        {
            "file": file,
            "version": report.version,
            "valid": report.valid,
            "schema_valid": report.schema_valid,
            "findings": report.findings,
        }
        for file, report in reports
    ]
    emit(result, lambda: _show(reports), as_json=as_json)
    if not all(report.valid for _, report in reports):
        raise typer.Exit(1)


def _show(reports: "list[tuple[str, Report]]") -> None:
    for file, report in reports:
        what = f"CAP {report.version}" if report.version else "no CAP"
        valid = "valid" if report.valid else "NOT VALID"
        typer.echo(f"{file}: {what}, {valid}, by the schema {'valid' if report.schema_valid else 'NOT VALID'}")
        if report.findings:
            rows = [(found.severity, found.rule, found.path, found.message) for found in report.findings]
            table("", ("severity", "rule", "where", "what"), rows)


@app.command()
def sign(
    file: File,
    key: Annotated[Path, typer.Option("--key", help="Private key in PEM: RSA, or a curve of NIST")],
    cert: Annotated[Path, typer.Option("--cert", help="Its certificate in PEM or DER")],
    out: Out = None,
) -> None:
    """Sign an alert."""
    from tocsin.formats.cap_sign import sign_cap

    _write(sign_cap(_read(file), _read(key), _read(cert)), out)


@app.command()
def verify(
    file: File,
    trust: Annotated[Path, typer.Option("--trust", help="Folder with the certificates of those who may sign")],
    out: Annotated[Path | None, typer.Option("--out", help="File for the alert as it was signed")] = None,
    as_json: Json = False,
) -> None:
    """Verify that somebody who is trusted signed the whole alert. Exit 1 if not."""
    from tocsin.formats.cap_sign import verify_cap
    from tocsin.kernel.time import system_clock
    from tocsin.storage.trust import read_trust

    verified = verify_cap(_read(file), read_trust(trust), system_clock())
    if out is not None:
        _write(verified.document, out)
    result = {"file": str(file), "subject": verified.subject, "fingerprint": verified.fingerprint}
    emit(result, f"{file}: signed by {verified.subject}, certificate {verified.fingerprint}", as_json=as_json)


@app.command()
def export(
    alert: Annotated[str, typer.Argument(help="The alert")],
    revision: Annotated[int | None, typer.Option("--revision", help="The newest message when left out")] = None,
    sender: Annotated[str | None, typer.Option("--sender", help="Who it is from, without spaces")] = None,
    web: Annotated[str | None, typer.Option("--web", help="Address of a page about the alert")] = None,
    out: Out = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
) -> None:
    """Write a message of an alert in the journal as CAP 1.2."""
    from tocsin.cli.reading import reading
    from tocsin.formats.cap import write_cap

    with reading(db, realm, city) as system:
        notice = _notice(system, alert, revision)
        document = write_cap(notice, system.cap_areas, sender or system.sender, system.realm, web)
    _write(document, out)


@app.command("import")
def import_(
    sources: Annotated[
        list[str], typer.Argument(help="CAP documents, feeds or EDXL distributions: files or addresses")
    ],
    source: Annotated[
        str | None, typer.Option("--source", help="Name to keep them under; that of the file or host when left out")
    ] = None,
    trust: Annotated[
        Path | None, typer.Option("--trust", help="Folder with the certificates of those who may sign; else any may")
    ] = None,
    host: Annotated[
        list[str] | None, typer.Option("--host", help="Further host that a feed may lead to; may be repeated")
    ] = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """
    Keep alerts of other services in the journal, each once. Exit 1 if any was rejected.

    They inform our officers; none of them sounds a siren.
    """
    from tocsin.cli.cap_import import bring_in, show

    result = bring_in(sources, source, trust, host or (), db, realm, city)
    emit(result, lambda: show(result), as_json=as_json)
    if any(each.rejected for each in result):
        raise typer.Exit(1)


def _notice(system: "System", alert: str, revision: int | None) -> "Notice":
    from tocsin.kernel.errors import Unknown

    fitting = [
        notice
        for notice in system.views.board.notices()
        if notice.alert == alert and revision in (None, notice.revision)
    ]
    if not fitting:
        raise Unknown(f"the journal has no such message of an alert {alert!r}", "alert")
    return max(fitting, key=lambda notice: notice.revision)


def _read(file: Path) -> bytes:
    from tocsin.kernel.errors import Invalid

    try:
        return file.read_bytes()
    except OSError as error:
        raise Invalid(str(error), str(file)) from None


def _write(document: bytes, out: Path | None) -> None:
    from tocsin.kernel.errors import Invalid

    if out is None:
        sys.stdout.buffer.write(document + b"\n")
        return
    try:
        out.write_bytes(document)
    except OSError as error:
        raise Invalid(str(error), str(out)) from None
