"""Command in, facts out: load the stream, decide, append. The one way into the journal."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import datetime
from threading import Lock
from typing import Any, TypedDict

import msgspec

from tocsin.domain.approval import USUAL, Approvals
from tocsin.domain.casualties.policy import SHIPPED, Policy
from tocsin.domain.subject import Context, Gazetteer, Subject
from tocsin.flow import roles
from tocsin.flow.bell import Bell
from tocsin.journal import Appended, Journal
from tocsin.kernel.errors import Conflict, Invalid, Unknown
from tocsin.kernel.event import Actor, Cause, Command, Event, kind_of
from tocsin.kernel.ids import digest, id_from, new_key
from tocsin.kernel.time import Clock

ATTEMPTS = 50
"""How often a command is decided anew when others write to its stream first."""
REMEMBERED = 10_000
"""How many streams' states are kept between commands."""


class _Known(msgspec.Struct, frozen=True):
    """A stream's state up to a position."""

    state: Any
    version: int = 0
    position: int = 0


class Wish(TypedDict):
    """The arguments of an append."""

    stream: str
    events: Sequence[Event]
    expect: int
    actor: Actor
    cause: Cause
    time: datetime


class Handler:
    """
    Turns commands into events. Safe to use from many threads.

    Args:
        subjects: The kinds of things there are.
        city: The codes that commands may name.
        approvals: What the realm asks for before an alert goes out.
        bell: Rung after each append.
        policy: Whom the city believes, for decisions that weigh sources; the shipped order when left out.
    """

    def __init__(
        self,
        journal: Journal,
        subjects: Iterable[Subject[Any]],
        city: Gazetteer,
        clock: Clock,
        bell: Bell,
        approvals: Approvals = USUAL,
        policy: Policy = SHIPPED,
    ) -> None:
        self._journal = journal
        self._by_name = {subject.name: subject for subject in subjects}
        self._by_command = {command: subject for subject in self._by_name.values() for command in subject.commands}
        self._city = city
        self._clock = clock
        self._bell = bell
        self.approvals = approvals
        self._policy = policy
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lock = Lock()

    def handle(self, command: Command, actor: Actor, key: str | None = None) -> Appended:
        """
        Carry out a command and return once its events are durable.

        Args:
            key: Names this wish; the same key again returns the first answer and does nothing.

        Raises:
            Unauthorised: If the actor's role may not give it.
            Refused: If a rule says no.
            Conflict: If others kept writing to the same stream first.
            Invalid: If it makes no sense, or the key was used for another command.
            Unavailable: If the journal cannot be written; nothing was kept.
        """
        cause = self._cause(command, actor, key)
        if (first := self._first(cause, key)) is not None:
            return first
        for attempt in range(1, ATTEMPTS + 1):
            wish = self._decide(command, actor, cause)
            if isinstance(wish, Appended):
                return wish
            try:
                return self._done(self._journal.append(**wish), cause)
            except Conflict:
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    async def handle_soon(self, command: Command, actor: Actor, key: str | None = None) -> Appended:
        """The same for coroutines: it holds no thread while the journal writes."""
        cause = self._cause(command, actor, key)
        if (first := self._first(cause, key)) is not None:
            return first
        for attempt in range(1, ATTEMPTS + 1):
            wish = self._decide(command, actor, cause)
            if isinstance(wish, Appended):
                return wish
            try:
                return self._done(await self._journal.append_soon(**wish), cause)
            except Conflict:
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    def _cause(self, command: Command, actor: Actor, key: str | None) -> Cause:
        roles.require(actor, kind_of(command))
        return Cause(key or new_key(), kind_of(command), digest(command))

    def _first(self, cause: Cause, key: str | None) -> Appended | None:
        """The answer that a caller's key got before, if it did."""
        first = self._journal.find(cause.key) if key else None
        return None if first is None else _same(msgspec.structs.replace(first, repeated=True), cause)

    def _done(self, appended: Appended, cause: Cause) -> Appended:
        self._bell.ring(appended.position)
        return _same(appended, cause)

    def _decide(self, command: Command, actor: Actor, cause: Cause) -> "Wish | Appended":
        """What to append, or the answer at once where nothing has to change."""
        now = self._clock()
        subject = self._by_command.get(type(command))
        if subject is None:
            raise Unknown(f"nobody handles {kind_of(command)}", "kind")
        if not getattr(command, subject.id_field):
            command = msgspec.structs.replace(command, **{subject.id_field: id_from(cause.key, now)})
        stream = subject.stream(command)
        known = self._load(stream)
        consulted = (name for name in subject.consults(command) if _subject_of(name) in self._by_name)
        others = {name: self._load(name).state for name in consulted}
        context = Context(now, actor, self._city, others, self.approvals, self._policy)
        events = subject.decide(known.state, command, context)
        if not events:
            return Appended(stream, known.version, self._journal.head().position, (), cause)
        return Wish(stream=stream, events=events, expect=known.version, actor=actor, cause=cause, time=now)

    def _load(self, stream: str) -> _Known:
        subject = self._by_name[_subject_of(stream)]
        with self._lock:
            known = self._known.get(stream) or _Known(subject.blank)
        state, version, position = known.state, known.version, known.position
        for recorded in self._journal.read(after=position, streams=(stream,)):
            state = subject.evolve(state, recorded.event)
            version, position = recorded.version, recorded.position
        known = _Known(state, version, position)
        with self._lock:
            self._known[stream] = known
            self._known.move_to_end(stream)
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return known


def _subject_of(stream: str) -> str:
    return stream.partition("/")[0]


def _same(first: Appended, cause: Cause) -> Appended:
    if first.cause.digest != cause.digest:
        raise Invalid("this key was used for another command", "Idempotency-Key")
    return first
