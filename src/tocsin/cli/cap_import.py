"""tocsin cap import: files and feeds of other services, into a journal."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec
import typer

from tocsin.cli.output import table
from tocsin.flow.intake import Result, Taken

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from tocsin.flow.system import System


class Imported(msgspec.Struct, frozen=True):
    """
    What became of one file or feed.

    Attributes:
        received: Messages that were new; `known` ones this source had said before.
        rejected: Documents that could not be taken, which the journal lists with the reason.
        linked: Documents that a file only names. Import the feed by its address to fetch them.
    """

    source: str
    received: int
    known: int
    rejected: int
    linked: tuple[str, ...]
    documents: list[Taken]


def bring_in(
    sources: Sequence[str],
    name: str | None,
    trust: Path | None,
    hosts: Sequence[str],
    db: Path,
    realm: str,
    city: Path | None,
) -> list[Imported]:
    """
    Raises:
        Invalid: If a file, the trust store or the city cannot be read. Nothing was imported then.
        Unavailable, Undeliverable: If a feed cannot be had. What stands before it is in the journal.
    """
    from tocsin.cli.output import require_realm
    from tocsin.cli.serve import open_city
    from tocsin.storage.trust import read_trust
    from tocsin.wiring import Settings, open_system

    trusted = None if trust is None else read_trust(trust)
    files = {each: _read(Path(each)) for each in sources if not _is_address(each)}
    settings = Settings(db=db, realm=require_realm(realm), city=city)
    system = open_system(settings, open_city(settings)).system
    try:
        return [
            _file(system, each, files[each], name or Path(each).name, trusted)
            if each in files
            else _feed(system, each, name or urlsplit(each).netloc, trusted, hosts)
            for each in sources
        ]
    finally:
        system.close()


def show(result: Sequence[Imported]) -> None:
    for each in result:
        typer.echo(f"{each.source}: {each.received} received, {each.known} known, {each.rejected} rejected")
        rows = [(taken.result, f"{taken.sender} {taken.identifier}".strip(), taken.reason) for taken in each.documents]
        if rows:
            table("", ("result", "message", "why"), rows)
        if each.linked:
            typer.echo(f"{len(each.linked)} documents are only named here; import the feed by its address.", err=True)


def _is_address(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def _read(file: Path) -> bytes:
    from tocsin.kernel.errors import Invalid

    try:
        return file.read_bytes()
    except OSError as error:
        raise Invalid(str(error), str(file)) from None


def _file(system: "System", file: str, document: bytes, name: str, trusted: "Sequence[Certificate] | None") -> Imported:
    from tocsin.flow.intake import Intake
    from tocsin.formats.cap_listing import read_listing
    from tocsin.kernel.errors import Invalid

    intake = Intake(system.do, name, trusted, system.clock(), system.documents.keep)
    try:
        listing = read_listing(document)
    except Invalid as error:
        return _imported(file, [intake.reject(document, file, error.message)])
    # What lies in a file lay there before we looked: it is never news.
    taken = [intake.take(each.document, each.address or file, backlog=True) for each in listing.found]
    taken += [intake.reject(each.document, each.address, each.reason) for each in listing.unusable]
    return _imported(file, taken, tuple(link.address for link in listing.links))


def _feed(
    system: "System", url: str, name: str, trusted: "Sequence[Certificate] | None", hosts: Sequence[str]
) -> Imported:
    from tocsin.feeds.poll import Feed, Poller
    from tocsin.storage.feeds import SqliteFeedLedger

    # A ledger of its own: what `tocsin serve` has seen of the feed is not touched.
    ledger = SqliteFeedLedger(":memory:")
    try:
        feed = Feed(name, url, hosts=hosts, trusted=trusted)
        return _imported(
            url, asyncio.run(Poller([feed], system.do, ledger, system.clock, system.documents.keep).poll(feed))
        )
    finally:
        ledger.close()


def _imported(source: str, taken: list[Taken], linked: tuple[str, ...] = ()) -> Imported:
    count = {result: sum(1 for each in taken if each.result is result) for result in Result}
    return Imported(source, count[Result.RECEIVED], count[Result.KNOWN], count[Result.REJECTED], linked, taken)
