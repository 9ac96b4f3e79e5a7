"""How well we hear other warning services: silence of a source must not pass for silence in the air."""

from datetime import datetime
from typing import Protocol

import msgspec

from tocsin.kernel.event import Instant

MISSED = 3
"""Polls that may fail one after the other before a source counts as stale."""


class FeedStatus(msgspec.Struct, frozen=True):
    """
    How we hear one source.

    Attributes:
        period: Seconds between two looks.
        succeeded: When all that it listed was last taken in, or it said that nothing had changed.
        error: Why the last look failed; empty if it did not.
        failures: Looks that failed since the last that did not.
        stale: We have not heard it for so long that nothing follows from its silence.
    """

    name: str
    url: str
    period: float
    attempted: Instant | None = None
    succeeded: Instant | None = None
    error: str = ""
    failures: int = 0
    stale: bool = True


class Validators(msgspec.Struct, frozen=True):
    """What a server gave us to ask whether anything has changed (RFC 9110, section 8.8)."""

    etag: str = ""
    modified: str = ""


class FeedLedger(Protocol):
    """What was seen of which source, over restarts. Losing it costs a look at everything, never a message."""

    def register(self, name: str, url: str, period: float) -> None:
        """Begin to list a source. At another address it is another source, of which nothing was seen yet."""

    def validators(self, name: str) -> Validators: ...

    def succeeded_at(self, name: str) -> datetime | None: ...

    def seen(self, name: str) -> dict[str, str]:
        """Address to stamp of every document that is done with."""

    def see(self, name: str, address: str, stamp: str) -> None: ...

    def forget_others(self, name: str, addresses: frozenset[str]) -> None:
        """What the source no longer lists need not be remembered."""

    def succeed(self, name: str, now: datetime, validators: Validators) -> None: ...

    def fail(self, name: str, now: datetime, error: str) -> None: ...

    def statuses(self, now: datetime) -> list[FeedStatus]:
        """Every source that is configured, by name."""


def is_stale(succeeded: datetime | None, period: float, now: datetime) -> bool:
    return succeeded is None or (now - succeeded).total_seconds() > MISSED * period
