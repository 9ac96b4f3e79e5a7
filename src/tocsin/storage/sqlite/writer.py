"""The one thread that writes: it takes all appends that wait, commits them together, and answers each after it."""

import asyncio
import sqlite3
from _thread import allocate_lock
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeAlias

import msgspec

from tocsin.journal import GENESIS, Appended, Head, chain
from tocsin.kernel.errors import Conflict, Invalid, Unavailable
from tocsin.kernel.event import Actor, Cause, Event, Events, Recorded, kind_of
from tocsin.storage.sqlite import table

BATCH = 512
"""How many waiting appends share one commit at most."""
REMEMBERED = 100_000
"""How many streams' versions the writer remembers."""
LOG_PAGES = 8000
CACHE_KIB = 64_000
Row: TypeAlias = tuple[int, str, int, str, bytes, str]


class Waiting:
    """
    Something handed to the writer thread, and its answer.

    A bare lock instead of a Future: with many writers the Future's condition variable cost more than the append.
    """

    __slots__ = ("_answer", "_done", "_error")

    def __init__(self) -> None:
        self._done = allocate_lock()
        self._done.acquire()
        self._answer: Any = None
        self._error: BaseException | None = None

    def result(self) -> Any:  # noqa: ANN401
        self._done.acquire()
        if self._error is not None:
            raise self._error
        return self._answer

    def answer(self, answer: object) -> None:
        self._answer = answer
        self._done.release()

    def fail(self, error: BaseException) -> None:
        self._error = error
        self._done.release()


Waiter: TypeAlias = "Waiting | asyncio.Future[Appended]"


class Append:
    """
    Args:
        waiting: The thread or the coroutine that gets the answer.
    """

    __slots__ = ("actor", "cause", "events", "expect", "stream", "time", "waiting")

    def __init__(
        self,
        stream: str,
        events: Sequence[Event],
        expect: int,
        actor: Actor,
        cause: Cause,
        time: datetime,
        waiting: Waiter,
    ) -> None:
        self.stream = stream
        self.events = events
        self.expect = expect
        self.actor = actor
        self.cause = cause
        self.time = time
        self.waiting = waiting


class Task(Waiting):
    """Something else that must run alone on the writer's connection."""

    __slots__ = ("run",)

    def __init__(self, run: Callable[[sqlite3.Connection], Any]) -> None:
        super().__init__()
        self.run = run


class _Stop:
    """Nothing comes after this."""


class _Tail:
    """
    The end of the journal as the writer left it: the head, and the versions of the streams it wrote to lately.

    It saves looking them up for each append, as long as no other process has written (SQLite's data_version).
    """

    def __init__(self) -> None:
        self.head = Head(0, GENESIS)
        self.versions: dict[str, int] = {}
        self._seen: int | None = None

    def forget(self) -> None:
        self._seen = None

    def follow(self, db: sqlite3.Connection, streams: set[str]) -> None:
        """Bring head and versions up to date for some streams. Within the writer's transaction."""
        (seen,) = db.execute("PRAGMA data_version").fetchone()
        if seen != self._seen or len(self.versions) > REMEMBERED:
            self._seen, self.head, self.versions = seen, table.head(db), {}
        unknown = list(streams - self.versions.keys())
        if unknown:
            sql = f"SELECT stream, max(version) FROM journal WHERE stream IN ({table.marks(unknown)}) GROUP BY stream"  # noqa: S608
            self.versions.update(dict.fromkeys(unknown, 0))
            self.versions.update(db.execute(sql, unknown).fetchall())


class Writer:
    """
    Args:
        path: The journal's file, with its table.
    """

    def __init__(self, path: Path, events: Events, realm: str) -> None:
        self._path = path
        self._events = events
        self._realm = realm
        self._queue: SimpleQueue[Append | Task | _Stop] = SimpleQueue()
        self._tail = _Tail()
        self._closed = False
        self._closing = Lock()
        self._thread = Thread(target=self._write, name="journal-writer", daemon=True)
        self._thread.start()

    def put(self, request: Append | Task) -> None:
        """
        Raises:
            Unavailable: If the writer was closed. Nobody would ever answer.
        """
        with self._closing:
            if self._closed:
                raise Unavailable(f"{self._path} is closed")
            self._queue.put(request)

    def close(self) -> None:
        """Finish what waits, then end."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(_Stop())
        self._thread.join()

    def _write(self) -> None:
        db = table.connect(self._path)
        # By default the log is folded back every 4 MB, which under many writers is every few commits, each time
        # with two more syncs. A reader pays nothing for a longer log; a crash costs a little longer to recover.
        db.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        request: Append | Task | _Stop | None = self._queue.get()
        while not isinstance(request, _Stop):
            if isinstance(request, Append):
                batch, request = self._gather(request)
                self._commit(db, batch)
            elif isinstance(request, Task):
                self._run(db, request)
                request = None
            request = request or self._queue.get()
        db.close()

    def _gather(self, first: Append) -> tuple[list[Append], Task | _Stop | None]:
        """All appends that wait by now, and whatever came after them that is not one."""
        batch = [first]
        while len(batch) < BATCH:
            try:
                request = self._queue.get_nowait()
            except Empty:
                break
            if not isinstance(request, Append):
                return batch, request
            batch.append(request)
        return batch, None

    def _commit(self, db: sqlite3.Connection, batch: list[Append]) -> None:
        try:
            # BEGIN IMMEDIATE takes the write lock before we look, so positions are handed out in commit
            # order, also between processes, and a tailing reader never skips one.
            db.execute("BEGIN IMMEDIATE")
            answers = self._place(db, batch)
            db.execute("COMMIT")
        except BaseException as error:
            if db.in_transaction:
                db.execute("ROLLBACK")
            self._tail.forget()
            cause = Unavailable(f"{self._path}: {error}") if isinstance(error, sqlite3.Error) else error
            answers = [cause] * len(batch)
        # Nobody is answered before the commit: a refusal may rest on events that were still to be kept.
        _answer([(request.waiting, answer) for request, answer in zip(batch, answers, strict=True)])

    def _place(self, db: sqlite3.Connection, batch: list[Append]) -> list[Appended | BaseException]:
        """Write the events of a batch with one statement; say what became of each request."""
        self._tail.follow(db, {request.stream for request in batch})
        written = self._written(db, [request.cause.key for request in batch])
        answers: list[Appended | BaseException] = []
        values: list[object] = []
        for request in batch:
            if (first := written.get(request.cause.key)) is not None:
                answers.append(msgspec.structs.replace(first, repeated=True))
                continue
            try:
                for row in self._rows(request):
                    values += row
            except (Conflict, Invalid) as error:
                answers.append(error)
                continue
            appended = self._appended(request)
            if appended.events:
                written[request.cause.key] = appended
            answers.append(appended)
        table.insert(db, values)
        return answers

    def _rows(self, request: Append) -> list[Row]:
        """
        The records of a request, with the tail moved behind them.

        Raises:
            Conflict: If the stream does not hold what is expected.
            Invalid: If an event cannot be written. It is this request's fault alone and must not fail the others
                of its batch.
        """
        tail, stream, held = self._tail, request.stream, self._tail.versions[request.stream]
        if held != request.expect:
            raise Conflict(f"{stream} holds {held} events, not {request.expect}")
        before = tail.head
        try:
            return [self._row(request, event) for event in request.events]
        except (OverflowError, TypeError, ValueError) as error:
            tail.head, tail.versions[stream] = before, held
            raise Invalid(f"cannot be written: {error}", stream) from error

    def _row(self, request: Append, event: Event) -> Row:
        tail, stream, cause = self._tail, request.stream, request.cause
        position, version = tail.head.position + 1, tail.versions[stream] + 1
        recorded = Recorded(
            position, stream, version, request.time, request.actor, self._realm, cause, event, event.shape
        )
        text = self._events.encode(recorded)
        tail.head = Head(position, chain(tail.head.hash, text))
        tail.versions[stream] = version
        return position, stream, version, cause.key, text, tail.head.hash

    def _appended(self, request: Append) -> Appended:
        kinds = tuple([kind_of(event) for event in request.events])
        version, position = self._tail.versions[request.stream], self._tail.head.position
        return Appended(request.stream, version, position, kinds, request.cause)

    def _written(self, db: sqlite3.Connection, keys: list[str]) -> dict[str, Appended]:
        """Those of some causes that are in the journal already, with what was written for them."""
        sql = f"SELECT DISTINCT cause_key FROM journal WHERE cause_key IN ({table.marks(keys)})"  # noqa: S608
        found = [table.find(db, self._events, key) for (key,) in db.execute(sql, keys)]
        return {appended.cause.key: appended for appended in found if appended is not None}

    def _run(self, db: sqlite3.Connection, task: Task) -> None:
        try:
            answer = task.run(db)
        except BaseException as error:
            if db.in_transaction:
                db.execute("ROLLBACK")
            task.fail(Unavailable(str(error)) if isinstance(error, sqlite3.Error) else error)
        else:
            task.answer(answer)
        self._tail.forget()


Answered: TypeAlias = tuple[Waiter, "Appended | BaseException"]


def _answer(answers: list[Answered]) -> None:
    """Wake everybody who waits; coroutines of one loop together, since waking a loop costs more than an append."""
    loops: dict[asyncio.AbstractEventLoop, list[Answered]] = {}
    for waiting, answer in answers:
        if isinstance(waiting, asyncio.Future):
            loops.setdefault(waiting.get_loop(), []).append((waiting, answer))
        elif isinstance(answer, BaseException):
            waiting.fail(answer)
        else:
            waiting.answer(answer)
    for loop, its in loops.items():
        # A loop that closed meanwhile has nobody left to tell; what was kept is kept.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_resolve, its)


def _resolve(answers: list[Answered]) -> None:
    for future, answer in answers:
        if not isinstance(future, asyncio.Future) or future.done():
            continue
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        else:
            future.set_result(answer)
