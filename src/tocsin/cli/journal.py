"""tocsin journal: verify, export, import, back up, and sign a checkpoint."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.output import DEFAULT_DB, Db, Json, Realm, emit, require_realm

if TYPE_CHECKING:
    from tocsin.journal import Line
    from tocsin.storage.sqlite import SqliteJournal

app = typer.Typer(help="The journal: verify, export, import, back up, sign a checkpoint.", no_args_is_help=True)


def _open(db: Path, realm: str, *, must_exist: bool = True) -> "SqliteJournal":
    from tocsin.domain.catalogue import all_events
    from tocsin.kernel.errors import Invalid
    from tocsin.storage.sqlite import SqliteJournal

    if must_exist and not db.exists():
        raise Invalid("there is no such journal", str(db))
    return SqliteJournal(db, all_events(), realm=require_realm(realm))


@app.command()
def verify(
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    checkpoint: Annotated[
        Path | None, typer.Option(help="A signed checkpoint that the journal must agree with")
    ] = None,
    key: Annotated[str | None, typer.Option(help="The public key the checkpoint must be signed with")] = None,
    as_json: Json = False,
) -> None:
    """Check every record against the hash chain, and the chain against a signed checkpoint."""
    from tocsin.journal import agree, read_checkpoint
    from tocsin.journal import verify as follow
    from tocsin.kernel.errors import Invalid

    if (checkpoint is None) is not (key is None):
        raise Invalid("a checkpoint needs the key it was signed with, and a key needs a checkpoint", "--checkpoint")
    journal = _open(db, realm)
    head = follow(journal)
    if checkpoint is not None and key is not None:
        agree(journal, read_checkpoint(checkpoint.read_bytes()), key)
    result = {"chain": "ok", "position": head.position, "hash": head.hash, "checkpoint": checkpoint is not None}
    emit(result, f"{head.position} records, chain ok, head {head.hash}", as_json=as_json)
    journal.close()


@app.command()
def checkpoint(
    db: Db = DEFAULT_DB, realm: Realm = "exercise", out: Annotated[Path | None, typer.Option()] = None
) -> None:
    """Sign the head of the journal, so that a truncated or rewritten journal is found out later."""
    import msgspec

    from tocsin.journal import sign_checkpoint
    from tocsin.kernel.time import system_clock
    from tocsin.storage.keys import load_or_make_key
    from tocsin.wiring import beside

    journal = _open(db, realm)
    text = msgspec.json.encode(sign_checkpoint(journal, load_or_make_key(beside(db, "key")), system_clock()))
    journal.close()
    if out is None:
        sys.stdout.buffer.write(text + b"\n")
    else:
        out.write_bytes(text + b"\n")


@app.command()
def export(
    out: Annotated[Path | None, typer.Argument(help="File to write; stdout when left out")] = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
) -> None:
    """Write the journal as JSON Lines, each record as it was hashed."""
    import msgspec

    journal = _open(db, realm)
    target = sys.stdout.buffer if out is None else out.open("wb")
    try:
        for line in journal.lines():
            target.write(msgspec.json.encode(line) + b"\n")
        target.flush()
    finally:
        if out is not None:
            target.close()
        journal.close()


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="JSON Lines of an export")],
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    as_json: Json = False,
) -> None:
    """Append an export to the end of a journal: all of it, or nothing."""
    journal = _open(db, realm, must_exist=False)
    head = journal.extend(_lines(file))
    journal.close()
    emit(head, f"the journal now holds {head.position} records, head {head.hash}", as_json=as_json)


def _lines(file: Path) -> "Iterator[Line]":
    import msgspec

    from tocsin.journal import Line
    from tocsin.kernel.errors import Invalid

    decoder = msgspec.json.Decoder(Line)
    try:
        with file.open("rb") as source:
            for number, text in enumerate(source, 1):
                if not text.strip():
                    continue
                try:
                    yield decoder.decode(text)
                except (msgspec.DecodeError, UnicodeDecodeError) as error:
                    raise Invalid(str(error), f"{file}:{number}") from None
    except OSError as error:
        raise Invalid(str(error), str(file)) from None


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="File to make")],
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    as_json: Json = False,
) -> None:
    """Copy the journal while it is in use."""
    journal = _open(db, realm)
    head = journal.backup(target)
    journal.close()
    emit(head, f"{target} holds {head.position} records, head {head.hash}", as_json=as_json)


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A backup")],
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    as_json: Json = False,
) -> None:
    """Make a journal from a backup that verifies. Never overwrites."""
    from tocsin.journal import verify as follow

    kept = _open(source, realm)
    head = follow(kept)
    kept.backup(db)
    kept.close()
    emit(head, f"{db} holds {head.position} records, head {head.hash}", as_json=as_json)
