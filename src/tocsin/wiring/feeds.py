"""The foreign feeds that the settings name."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from tocsin.flow.system import System
from tocsin.storage.trust import read_trust

if TYPE_CHECKING:
    # Only a server that follows foreign feeds waits for what reads them.
    from tocsin.feeds.poll import Feed, Poller


class FeedSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    A source of foreign alerts.

    Attributes:
        name: Under which its messages are kept.
        url: Of an Atom or RSS feed, an EDXL distribution or a CAP document.
        period: Seconds between two looks.
        hosts: Further hosts, `host` or `host:port`, that it may lead to.
        trust: Folder with the certificates of those who may sign. Without one, signatures are not asked for.
    """

    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,100}$")]
    url: Annotated[str, Meta(pattern="^https?://")]
    period: Annotated[float, Meta(ge=10, le=86400)] = 60.0
    hosts: tuple[str, ...] = ()
    trust: Path | None = None

    def feed(self) -> "Feed":
        """
        Raises:
            Invalid: If the trust store cannot be read.
        """
        from tocsin.feeds.poll import Feed

        trusted = None if self.trust is None else read_trust(self.trust)
        return Feed(self.name, self.url, self.period, self.hosts, trusted)


def make_poller(system: System, feeds: tuple[FeedSettings, ...]) -> "Poller":
    """
    Raises:
        Invalid: If a trust store cannot be read.
    """
    from tocsin.feeds.poll import Poller

    return Poller([feed.feed() for feed in feeds], system.do, system.feeds, system.clock, system.documents.keep)
