"""Looks at foreign feeds again and again, and takes in what they list: each document once, and none unseen."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import uniform
from typing import TYPE_CHECKING

from tocsin.domain.foreign.receiving import FRESH
from tocsin.feeds.fetch import Fetched, Fetcher
from tocsin.flow.feeds import FeedLedger
from tocsin.flow.intake import Do, Intake, Taken
from tocsin.formats.cap_listing import Link, Listing, read_listing
from tocsin.kernel.errors import Invalid, TocsinError, Unavailable, Undeliverable
from tocsin.kernel.time import Clock

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_log = logging.getLogger(__name__)

AT_ONCE = 4
"""Documents of one source that are asked for at the same time. More would be rude."""
MOST_DOCUMENTS = 500
"""Documents of one look. The rest has its turn in the next."""
LONGEST_PAUSE = 3600.0
"""Seconds. A Retry-After of a year must not silence a source for a year."""


@dataclass(frozen=True)
class Feed:
    """
    A source of alerts.

    Args:
        name: Under which its messages are kept.
        url: Of an Atom or RSS feed, an EDXL distribution, or a single CAP document.
        period: Seconds between two looks.
        hosts: Further hosts that it may lead to.
        trusted: Whose signatures are asked for; None if nobody's.
    """

    name: str
    url: str
    period: float = 60.0
    hosts: Sequence[str] = ()
    trusted: "Sequence[Certificate] | None" = field(default=None, repr=False)


class Poller:
    """
    Args:
        do: Carries a command out; called in a thread.
        keep: As `Intake` takes it.
    """

    def __init__(
        self,
        feeds: Sequence[Feed],
        do: Do,
        ledger: FeedLedger,
        clock: Clock,
        keep: Callable[[bytes], object] = lambda _document: None,
    ) -> None:
        self._feeds = feeds
        self._do = do
        self._ledger = ledger
        self._clock = clock
        self._keep = keep
        for feed in feeds:
            ledger.register(feed.name, feed.url, feed.period)

    async def run(self) -> None:
        """Until cancelled. One source that fails does not concern the others."""
        async with asyncio.TaskGroup() as tasks:
            for feed in self._feeds:
                tasks.create_task(self._follow(feed))

    async def _follow(self, feed: Feed) -> None:
        while True:
            pause = feed.period
            try:
                await self.poll(feed)
            except Unavailable as error:
                pause = max(pause, min(error.retry_after or 0, LONGEST_PAUSE))
            except TocsinError:
                # It is in the ledger for everybody to see. The next look may find it mended.
                _log.warning("the feed %s cannot be read", feed.name)
            # A little apart, or all the world's pollers ask at the same second.
            await asyncio.sleep(pause * uniform(1.0, 1.1))  # noqa: S311

    async def poll(self, feed: Feed) -> list[Taken]:
        """
        Look once.

        The validators of the feed are kept only when all that it listed is in the journal: otherwise the answer
        "nothing has changed" would hide what we have yet to fetch.

        Raises:
            Unavailable: If the feed, or something it lists, cannot be had just now. What could be had is taken.
            Undeliverable: If the feed is not there, or may not be asked.
            Invalid: If it is no feed. In each case the ledger says so.
        """
        fetcher = Fetcher(feed.url, feed.hosts, self._clock)
        try:
            return await self._poll(feed, fetcher)
        except TocsinError as error:
            self._ledger.fail(feed.name, self._clock(), error.message)
            raise
        finally:
            await fetcher.close()

    async def _poll(self, feed: Feed, fetcher: Fetcher) -> list[Taken]:
        held = self._ledger.validators(feed.name)
        fetched = await fetcher.get(feed.url, held)
        if fetched.body is None:
            self._ledger.succeed(feed.name, self._clock(), held)
            return []
        listing = read_listing(fetched.body, fetched.address)
        look = _Look(self._ledger, feed, fetcher, self._intake(feed), self._is_backlog(feed))
        taken = await asyncio.to_thread(look.take_all, listing)
        taken += await look.follow(listing.links)
        self._ledger.forget_others(feed.name, frozenset(link.address for link in listing.links))
        if look.missed:
            wait = max((error.retry_after or 0 for error in look.missed), default=0)
            raise Unavailable(f"documents are still to be fetched: {look.missed[0].message}", retry_after=wait)
        self._ledger.succeed(feed.name, self._clock(), fetched.validators)
        return taken

    def _intake(self, feed: Feed) -> Intake:
        return Intake(self._do, feed.name, feed.trusted, self._clock(), self._keep)

    def _is_backlog(self, feed: Feed) -> bool:
        """Whether we have not heard the source for so long that what it lists is no news (lessons.md 14)."""
        heard: datetime | None = self._ledger.succeeded_at(feed.name)
        return heard is None or self._clock() - heard > FRESH


class _Look:
    """
    One look at one feed.

    Attributes:
        missed: Why documents could not be had just now; they are still to be fetched.
    """

    def __init__(self, ledger: FeedLedger, feed: Feed, fetcher: Fetcher, intake: Intake, backlog: bool) -> None:
        self._ledger = ledger
        self._feed = feed
        self._fetcher = fetcher
        self._intake = intake
        self._backlog = backlog
        self.missed: list[Unavailable] = []

    def take_all(self, listing: Listing) -> list[Taken]:
        taken = [self._intake.take(each.document, each.address, backlog=self._backlog) for each in listing.found]
        return taken + [self._intake.reject(each.document, each.address, each.reason) for each in listing.unusable]

    async def follow(self, links: Sequence[Link]) -> list[Taken]:
        seen = self._ledger.seen(self._feed.name)
        due = [link for link in links if seen.get(link.address) != link.stamp]
        if len(due) > MOST_DOCUMENTS:
            self.missed.append(Unavailable(f"{len(due) - MOST_DOCUMENTS} more have their turn in the next look"))
        taken: list[Taken] = []
        for at in range(0, min(len(due), MOST_DOCUMENTS), AT_ONCE):
            some = due[at : at + AT_ONCE]
            answers = await asyncio.gather(*(self._fetch(link) for link in some))
            for link, answer in zip(some, answers, strict=True):
                taken += await asyncio.to_thread(self._take, link, answer)
            if any(error.retry_after is not None for error in self.missed):
                # It asked to be left alone; what is left has its turn when it may.
                break
        return taken

    async def _fetch(self, link: Link) -> Fetched | TocsinError:
        try:
            return await self._fetcher.get(link.address)
        except (Unavailable, Undeliverable) as error:
            return error

    def _take(self, link: Link, answer: Fetched | TocsinError) -> list[Taken]:
        if isinstance(answer, Unavailable):
            self.missed.append(answer)
            return []
        if isinstance(answer, TocsinError):
            # Kept for all to see, and asked for again with the next change of the feed: it may be late, not gone.
            return [self._intake.reject(f"{link.address} {link.stamp}".encode(), link.address, answer.message)]
        taken = self._documents(link, answer.body or b"")
        # Only now: what is marked as seen before it is kept is lost if we fail in between (lessons.md 15).
        self._ledger.see(self._feed.name, link.address, link.stamp)
        return taken

    def _documents(self, link: Link, body: bytes) -> list[Taken]:
        try:
            listing = read_listing(body, link.address)
        except Invalid as error:
            return [self._intake.reject(body, link.address, error.message)]
        if not listing.found:
            # A feed that leads to feeds could lead us around for ever.
            return [self._intake.reject(body, link.address, "the link leads to no alert")]
        return [self._intake.take(each.document, link.address, backlog=self._backlog) for each in listing.found]
