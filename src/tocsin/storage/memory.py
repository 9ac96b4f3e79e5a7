"""The journal in a list. Reading this file is reading the journal's contract."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from threading import Lock

import msgspec

from tocsin.journal import GENESIS, Appended, Head, Line, Verifier, chain
from tocsin.kernel.errors import Conflict
from tocsin.kernel.event import Actor, Cause, Event, Events, Recorded, kind_of


class MemoryJournal:
    def __init__(self, events: Events, *, realm: str = "exercise") -> None:
        self.realm = realm
        self._events = events
        self._lines: list[Line] = []
        self._streams: dict[str, list[int]] = {}
        self._causes: dict[str, Appended] = {}
        self._lock = Lock()

    def append(
        self, stream: str, events: Sequence[Event], *, expect: int, actor: Actor, cause: Cause, time: datetime
    ) -> Appended:
        with self._lock:
            if (first := self._causes.get(cause.key)) is not None:
                return msgspec.structs.replace(first, repeated=True)
            held = len(self._streams.get(stream, ()))
            if held != expect:
                raise Conflict(f"{stream} holds {held} events, not {expect}")
            for version, event in enumerate(events, held + 1):
                position = len(self._lines) + 1
                recorded = Recorded(position, stream, version, time, actor, self.realm, cause, event, event.shape)
                self._keep(recorded, self._events.encode(recorded))
            return self._causes.get(cause.key) or Appended(stream, held, len(self._lines), (), cause)

    async def append_soon(
        self, stream: str, events: Sequence[Event], *, expect: int, actor: Actor, cause: Cause, time: datetime
    ) -> Appended:
        return self.append(stream, events, expect=expect, actor=actor, cause=cause, time=time)

    def _keep(self, recorded: Recorded, text: bytes) -> None:
        self._lines.append(Line(msgspec.Raw(text), chain(self.head().hash, text)))
        self._streams.setdefault(recorded.stream, []).append(recorded.position)
        earlier = self._causes.get(recorded.cause.key)
        kinds = (*(earlier.events if earlier else ()), kind_of(recorded.event))
        self._causes[recorded.cause.key] = Appended(
            recorded.stream, recorded.version, recorded.position, kinds, recorded.cause
        )

    def read(
        self, *, after: int = 0, limit: int | None = None, streams: Collection[str] | None = None
    ) -> Iterator[Recorded]:
        if streams is None:
            places = iter(range(after, len(self._lines)))
        else:
            held = sorted(p - 1 for stream in streams for p in self._streams.get(stream, ()) if p > after)
            places = iter(held)
        for place in islice(places, limit):
            line = self._lines[place]
            yield self._events.decode(bytes(line.record), line.hash)

    def lines(self, *, after: int = 0) -> Iterator[Line]:
        return iter(self._lines[after:])

    def extend(self, lines: Iterable[Line]) -> Head:
        with self._lock:
            verifier = Verifier(self.realm, self.head(), {name: len(held) for name, held in self._streams.items()})
            checked: list[tuple[Recorded, bytes]] = []
            for line in lines:
                verifier.follow(line)
                text = bytes(line.record)
                checked.append((self._events.decode(text, line.hash), text))
            for recorded, text in checked:
                self._keep(recorded, text)
            return verifier.head

    def find(self, key: str) -> Appended | None:
        return self._causes.get(key)

    def head(self) -> Head:
        return Head(len(self._lines), self._lines[-1].hash) if self._lines else Head(0, GENESIS)

    def close(self) -> None:
        """Nothing to close."""
