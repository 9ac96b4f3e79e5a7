"""Facts to the outside world: a cursor per channel and lane that moves only after the send."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from tocsin.domain.warning import (
    AlertCancelled,
    AlertCleared,
    AlertExpired,
    AlertNews,
    AlertRaised,
    AlertUpdated,
    Phase,
)
from tocsin.flow.bell import Bell
from tocsin.journal import Journal
from tocsin.kernel.errors import Unavailable, Undeliverable
from tocsin.kernel.event import Instant, Recorded
from tocsin.kernel.tasks import apart
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
        """When sending it stops making sense. An all-clear has none: it is tried for ever."""

    def superseded(self, recorded: Recorded) -> bool:
        """True if something later already said more, so that this need not go out any more."""

    async def send(self, recorded: Recorded) -> str:
        """
        Send, and return what the other side answered, for the receipt.

        Raises:
            Unavailable: If the other side could not be reached. We will call again.
            Undeliverable: If it never will go through.
        """


def phase_of(news: AlertNews) -> Phase:
    """What is true of the alert from this event on."""
    match news:
        case AlertCleared():
            return Phase.ALL_CLEAR
        case AlertCancelled():
            return Phase.CORRECTION
        case AlertExpired():
            return Phase.EXPIRED
        case _:
            return news.phase


def alert_deadline(recorded: Recorded) -> datetime | None:
    """The deadline for whoever tells people in words: an alert is not news after it ran out; its end always is."""
    event = recorded.event
    return event.expires if isinstance(event, AlertRaised | AlertUpdated) else None


def alert_superseded(recorded: Recorded, ended: Callable[[str, int], bool]) -> bool:
    """
    Whether an alert need not be told any more, since it is over. Its end is never superseded.

    Args:
        ended: Tells whether an alert is over by something later than a revision.
    """
    event = recorded.event
    return isinstance(event, AlertRaised | AlertUpdated) and ended(event.alert, event.revision)


class DeviceResult(msgspec.Struct, frozen=True):
    """
    What became of one event at one device: a phone, a browser, a subscriber.

    Attributes:
        device: A name that tells nobody who it is, such as a digest of its address.
    """

    device: str
    outcome: Outcome
    detail: str = ""


class DeviceReceipt(msgspec.Struct, frozen=True):
    """
    The last result for one device, and how often it was tried.

    Attributes:
        position: Of the event.
        time: Of the last try.
    """

    channel: str
    position: int
    device: str
    tries: int
    time: Instant
    outcome: Outcome
    detail: str = ""


class Devices(Protocol):
    """Receipts of channels that reach many devices with one event. An attempt counts the event, these each device."""

    def record_devices(self, channel: str, position: int, time: datetime, results: Sequence[DeviceResult]) -> None:
        """Keep the results of one round. A device that was tried before is counted on, with its newest result."""

    def devices(self, channel: str, position: int) -> list[DeviceReceipt]:
        """Of one event on one channel, by device. A channel that tries again asks whom it has reached already."""

    def forget_device(self, channel: str, device: str) -> None:
        """Erase what is kept of a device, when somebody unsubscribes."""


class Receipts(Protocol):
    """Cursors and attempts, kept so that a restart goes on where the last process stopped."""

    def cursor(self, channel: str, lane: Lane) -> int | None:
        """The last position that is done with, or None for a channel never seen before."""

    def move(self, channel: str, lane: Lane, position: int) -> None: ...

    def record(self, attempt: Attempt, *, done: bool) -> None:
        """Keep an attempt; when `done`, move the cursor to its position in the same transaction."""

    def attempts(self, channel: str, position: int) -> int: ...

    def latest(self, limit: int, positions: Sequence[int] | None = None, channel: str | None = None) -> list[Attempt]:
        """The newest attempts, newest first, of all events or of some, on all channels or on one."""

    def devices(self, channel: str, position: int) -> list[DeviceReceipt]:
        """See `Devices`."""


PAGE = 200
POLL = 1.0
"""Seconds after which the journal is looked at even if no bell rang."""
POISON = 5
"""How often an event may make a channel fail in a way nobody foresaw before it is passed over."""
BACKOFF = (0.5, 1.0, 2.0, 5.0, 10.0, 15.0)
"""Seconds before the next try. It stays short: people are waiting for the alert."""


class Delivery:
    """
    Brings every event to every channel that wants it: at least once, in order within a lane.

    Args:
        catch_up: Brings the views up to the head and returns it. A channel that asks a view whether an event
            still matters must not be told the state of before the event.
    """

    def __init__(
        self,
        journal: Journal,
        receipts: Receipts,
        channels: Sequence[Channel],
        clock: Clock,
        bell: Bell,
        catch_up: Callable[[], int],
    ) -> None:
        self._catch_up = catch_up
        self._journal = journal
        self._receipts = receipts
        self._channels = channels
        self._clock = clock
        self._bell = bell

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for channel in self._channels:
                for lane in Lane:
                    tasks.create_task(self._follow(channel, lane))

    async def _follow(self, channel: Channel, lane: Lane) -> None:
        cursor = self._start(channel, lane)
        while True:
            try:
                cursor = await self.drain(channel, lane, cursor)
            except Unavailable:
                # Our own journal or receipts cannot be read just now. Giving up would silence the channel for good.
                await asyncio.sleep(POLL)
            await self._bell.wait(cursor, POLL)

    def _start(self, channel: Channel, lane: Lane) -> int:
        cursor = self._receipts.cursor(channel.name, lane)
        if cursor is None:
            # A channel that was plugged in today must not send yesterday's alerts.
            cursor = self._journal.head().position
            self._receipts.move(channel.name, lane, cursor)
        return cursor

    async def drain(self, channel: Channel, lane: Lane, cursor: int) -> int:
        """Deliver all that is due in a lane after a position; return the position reached."""
        while page := list(self._journal.read(after=cursor, limit=PAGE)):
            self._catch_up()
            kept = True
            for recorded in page:
                kept = channel.lane(recorded) is lane
                if kept:
                    await self._deliver(channel, lane, recorded)
                cursor = recorded.position
            if not kept:
                self._receipts.move(channel.name, lane, cursor)
        return cursor

    async def _deliver(self, channel: Channel, lane: Lane, recorded: Recorded) -> None:
        number = self._receipts.attempts(channel.name, recorded.position)
        while True:
            number += 1
            outcome, detail, pause = await self._attempt(channel, recorded, number)
            attempt = Attempt(channel.name, lane, recorded.position, number, self._clock(), outcome, detail)
            done = outcome is not Outcome.FAILED
            self._receipts.record(attempt, done=done)
            if done:
                return
            await self._pause(channel, recorded, pause)

    async def _pause(self, channel: Channel, recorded: Recorded, seconds: float) -> None:
        until = time.monotonic() + seconds
        # A newer event may make this one pointless, so a ring is a reason to look, but not to hurry the other side.
        while (left := until - time.monotonic()) > 0 and not channel.superseded(recorded):
            await self._bell.wait(self._catch_up(), min(left, POLL))

    async def _attempt(self, channel: Channel, recorded: Recorded, number: int) -> tuple[Outcome, str, float]:
        if channel.superseded(recorded):
            return Outcome.SUPERSEDED, "", 0
        deadline = channel.deadline(recorded)
        if deadline is not None and self._clock() >= deadline:
            return Outcome.EXPIRED, f"not sent by {deadline.isoformat()}", 0
        pause = BACKOFF[min(number, len(BACKOFF)) - 1]
        try:
            return Outcome.SENT, await apart(channel.send(recorded)), 0
        except Undeliverable as error:
            return Outcome.UNDELIVERABLE, error.message, 0
        except Unavailable as error:
            return Outcome.FAILED, error.message, max(pause, error.retry_after or 0)
        except Exception as error:
            # A fault of our own. It is tried again in case it passes, then recorded and passed over: one event
            # that cannot be sent must not hold up the all-clear behind it.
            detail = f"{type(error).__name__}: {error}"
            return (Outcome.UNDELIVERABLE if number >= POISON else Outcome.FAILED), detail, pause
