"""What followers of the journal hear: frames, a ring of the recent ones, and where each follower goes on."""

import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractContextManager
from itertools import takewhile

import msgspec

from tocsin.domain.warning import Notice, Phase, Threat
from tocsin.flow.bell import Bell
from tocsin.kernel.event import Instant, Recorded, kind_of
from tocsin.kernel.time import Clock
from tocsin.views.board import VALID_FOR, AreaState, Board

HEARTBEAT = 12.0
"""Seconds between heartbeats. The contract promises at most 15."""
RING = 20_000
"""How many frames are kept for those who come back."""


class Frame(msgspec.Struct, frozen=True):
    """
    One message of the stream, written once for everybody.

    Attributes:
        areas: The areas it names. It concerns who follows one of them, one inside or one around. None: everybody.
        duty: It is between the officers, and no resident hears of it.
    """

    position: int
    event: str
    data: bytes
    areas: frozenset[str] | None = None
    duty: bool = False


class AlertFrame(msgspec.Struct, frozen=True):
    """
    A change of an alert, with the state of every area it touches, so that no reader has to work it out.

    Attributes:
        phase: Of the alert itself. What is true of an area stands in `states`.
    """

    position: int
    alert: str
    revision: int
    phase: Phase
    areas: tuple[str, ...]
    threat: Threat
    texts: dict[str, str]
    since: Instant
    sent: Instant
    expires: Instant
    generated_at: Instant
    valid_until: Instant
    realm: str
    states: tuple[AreaState, ...]


class FactFrame(msgspec.Struct, frozen=True):
    """Any other public fact: its kind and fields, as in docs/events.md."""

    position: int
    kind: str
    time: Instant
    realm: str
    fact: msgspec.Raw


class Ring:
    """
    The recent frames, filled by the projector as it goes, read by any number of followers.

    Args:
        topic: The stream event for a record, or None if nobody hears of it. `duty` is for officers alone.
    """

    def __init__(self, board: Board, realm: str, topic: Callable[[Recorded], str | None], size: int = RING) -> None:
        self._board = board
        self._realm = realm
        self._topic = topic
        self._frames: deque[Frame] = deque(maxlen=size)
        self._from = 0
        self.position = 0

    def start(self, position: int) -> None:
        """Begin after a position: frames at or before it are not to be had here."""
        self._from = self.position = position

    def add(self, recorded: Recorded) -> None:
        """Take a record just after all views have it: the states in its frame are those of its own position."""
        topic = self._topic(recorded)
        if topic is not None:
            frame = self._alert(recorded) if topic == "alert" else self._fact(recorded, topic)
            if len(self._frames) == self._frames.maxlen:
                self._from = self._frames[0].position
            self._frames.append(frame)
        self.position = recorded.position

    def _alert(self, recorded: Recorded) -> Frame:
        notice = self._board.last(recorded.event.alert)
        if notice is None:
            raise LookupError(f"{recorded.event.alert} is not on the board")
        # Who was covered until now and is no longer must hear of it too.
        named = self._board.named(notice.alert)
        states = tuple(self._board.area(code) for code in self._board.affected(named))
        frame = _alert_frame(notice, recorded, self._realm, states)
        return Frame(recorded.position, "alert", msgspec.json.encode(frame), named)

    def _fact(self, recorded: Recorded, topic: str) -> Frame:
        fact = FactFrame(
            recorded.position,
            kind_of(recorded.event),
            recorded.time,
            self._realm,
            msgspec.Raw(msgspec.json.encode(recorded.event)),
        )
        return Frame(recorded.position, topic, msgspec.json.encode(fact), duty=topic == "duty")

    def since(self, position: int) -> list[Frame] | None:
        """All frames after a position, or None if some of them are gone or the position was never reached."""
        if position < self._from or position > self.position:
            return None
        newer = list(takewhile(lambda frame: frame.position > position, reversed(self._frames)))
        return newer[::-1]


def _alert_frame(notice: Notice, recorded: Recorded, realm: str, states: tuple[AreaState, ...]) -> AlertFrame:
    return AlertFrame(
        position=recorded.position,
        alert=notice.alert,
        revision=notice.revision,
        phase=notice.phase,
        areas=notice.areas,
        threat=notice.threat,
        texts=notice.texts,
        since=notice.since,
        sent=notice.sent,
        expires=notice.expires,
        generated_at=recorded.time,
        valid_until=recorded.time + VALID_FOR,
        realm=realm,
        states=states,
    )


class Stream:
    """
    Lets anybody follow the board and the public facts, from now or from where they left off.

    Args:
        looking: Holds views and ring still while they are read.
        projected: Rung when the views have moved on.
    """

    def __init__(
        self,
        ring: Ring,
        board: Board,
        looking: Callable[[], AbstractContextManager[int]],
        projected: Bell,
        clock: Clock,
    ) -> None:
        self._ring = ring
        self._board = board
        self._looking = looking
        self._projected = projected
        self._clock = clock

    async def follow(
        self, areas: Collection[str] | None, after: int | None, *, duty: bool = False
    ) -> AsyncIterator[Frame]:
        """
        Yield frames for ever: where the follower stands first, then what happens.

        Args:
            areas: Only what concerns these, those inside them and those around them. None: everything.
            after: The last position the follower has applied; None for a new one.
            duty: Also what is between the officers, of whatever area.
        """
        interest = None if areas is None else frozenset(self._board.affected(areas))
        first, position = self._join(areas, interest, after, duty)
        for frame in first:
            yield frame
        beat = time.monotonic() + HEARTBEAT
        while True:
            await self._projected.wait(position, max(0.0, beat - time.monotonic()))
            with self._looking():
                frames, reached = self._ring.since(position), self._ring.position
            if frames is None:
                # The follower slept through the whole ring; patching over the gap would hide what was in it.
                frames = [self._reset(), self._copy("snapshot", areas)]
                reached = frames[-1].position
            for frame in frames:
                if _concerns(frame, interest, duty):
                    yield frame
            position = reached
            if time.monotonic() >= beat:
                yield self._copy("heartbeat", areas)
                beat = time.monotonic() + HEARTBEAT

    def _join(
        self, areas: Collection[str] | None, interest: frozenset[str] | None, after: int | None, duty: bool
    ) -> tuple[list[Frame], int]:
        with self._looking():
            position = self._ring.position
            if after is None:
                return [self._copy("snapshot", areas)], position
            missed = self._ring.since(after)
            if missed is None:
                return [self._reset(), self._copy("snapshot", areas)], position
            # The heartbeat behind the missed frames says what is true now: they only say what was true then.
            return [*(f for f in missed if _concerns(f, interest, duty)), self._copy("heartbeat", areas)], position

    def _copy(self, event: str, areas: Collection[str] | None) -> Frame:
        with self._looking():
            copy = self._board.copy(self._clock(), self._ring.position, areas)
        return Frame(copy.position, event, msgspec.json.encode(copy))

    def _reset(self) -> Frame:
        return Frame(self._ring.position, "reset", b'{"reason":"the position is not in reach; a snapshot follows"}')


def _concerns(frame: Frame, interest: frozenset[str] | None, duty: bool) -> bool:
    if frame.duty:
        return duty
    return interest is None or frame.areas is None or not interest.isdisjoint(frame.areas)
