"""Facts to the outside world: a cursor per channel and lane that moves only after the send."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

import msgspec

from tocsin.journal import Journal
from tocsin.kernel.errors import Unavailable, Undeliverable
from tocsin.kernel.event import Instant, Recorded
from tocsin.kernel.time import Clock


class Lane(StrEnum):
    """What may wait for what. Each lane of a channel has a cursor and a loop of its own, so an alert never waits."""

    ALERT = "alert"
    """Alerts and all-clears, in their order."""
    INFO = "info"
    """Everything else."""


class Outcome(StrEnum):
    SENT = "sent"
    FAILED = "failed"
    """The other side could not be reached; it will be tried again."""
    SUPERSEDED = "superseded"
    """A later event of the same thing made it pointless before it could go out."""
    EXPIRED = "expired"
    """It could not be sent while it mattered."""
    UNDELIVERABLE = "undeliverable"
    """It can never be sent. Recorded and passed over, so that what follows is not held up."""


class Attempt(msgspec.Struct, frozen=True):
    """One try to send one event on one channel. The rows of these are the receipts."""

    channel: str
    lane: Lane
    position: int
    number: int
    time: Instant
    outcome: Outcome
    detail: str = ""


class Channel(Protocol):
    """
    One way to reach people. Sending twice must be harmless: after a crash the last send is repeated.

    Attributes:
        name: Of the channel; its cursors are kept under it.
    """

    name: str

    def lane(self, recorded: Recorded) -> Lane | None:
        """Which lane the event goes in, or None if this channel has nothing to say about it."""

    def deadline(self, recorded: Recorded) -> datetime | None:
        """When sending it stops making sense. An all-clear has none: it is tried for ever (lessons.md 5)."""

    def superseded(self, recorded: Recorded) -> bool:
        """True if something later already said more, so that this need not go out any more."""

    async def send(self, recorded: Recorded) -> str:
        """
        Send, and return what the other side answered, for the receipt.

        Raises:
            Unavailable: If the other side could not be reached. We will call again.
            Undeliverable: If it never will go through.
        """
