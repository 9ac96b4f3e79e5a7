"""The journal in one SQLite file: write-ahead log, full sync, one writer thread with group commit."""

import asyncio
import sqlite3
from _thread import allocate_lock
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread, local
from typing import Any

import msgspec

from tocsin.journal import GENESIS, Appended, Head, Line, Verifier, chain
from tocsin.kernel.errors import Conflict, Corrupt, Refused, Unavailable
from tocsin.kernel.event import Actor, Cause, Event, Events, Recorded, kind_of

SCHEMA = """
CREATE TABLE IF NOT EXISTS journal (
    position  INTEGER PRIMARY KEY,
    stream    TEXT NOT NULL,
    version   INTEGER NOT NULL,
    cause_key TEXT NOT NULL,
    record    BLOB NOT NULL,
    hash      TEXT NOT NULL,
    UNIQUE (stream, version)
);
CREATE INDEX IF NOT EXISTS journal_by_cause ON journal (cause_key);
CREATE TABLE IF NOT EXISTS journal_realm (realm TEXT NOT NULL);
"""
BATCH = 512
"""How many waiting appends share one commit at most."""
REMEMBERED = 100_000
"""How many streams' versions the writer remembers."""
COLUMNS = ("position", "stream", "version", "cause_key", "record", "hash")
AT_ONCE = 64
"""How many records one statement writes."""
LOG_PAGES = 8000
CACHE_KIB = 64_000
PAGE = 2000
"""How many records a reader takes at a time, so that no reader holds an old snapshot for long."""


class _Waiting:
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


class _Append:
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
        waiting: "_Waiting | asyncio.Future[Appended]",
    ) -> None:
        self.stream = stream
        self.events = events
        self.expect = expect
        self.actor = actor
        self.cause = cause
        self.time = time
        self.waiting = waiting


class _Task(_Waiting):
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
            self._seen, self.head, self.versions = seen, _head(db), {}
        unknown = list(streams - self.versions.keys())
        if unknown:
            sql = f"SELECT stream, max(version) FROM journal WHERE stream IN ({_marks(unknown)}) GROUP BY stream"  # noqa: S608
            self.versions.update(dict.fromkeys(unknown, 0))
            self.versions.update(db.execute(sql, unknown).fetchall())


class SqliteJournal:
    """
    Args:
        path: The file; it is made when absent.

    Raises:
        Refused: If the file holds a journal of the other realm.
        Unavailable: If the file cannot be opened.
        Corrupt: If the file is not a journal.
    """

    def __init__(self, path: Path, events: Events, *, realm: str) -> None:
        self.realm = realm
        self.path = path
        self._events = events
        self._readers = local()
        self._opened: list[sqlite3.Connection] = []
        self._opening = Lock()
        self._queue: SimpleQueue[_Append | _Task | _Stop] = SimpleQueue()
        self._closed = False
        self._tail = _Tail()
        self._prepare()
        self._writer = Thread(target=self._write, name="journal-writer", daemon=True)
        self._writer.start()

    def _prepare(self) -> None:
        db = self._connect()
        try:
            db.executescript(SCHEMA)
            db.execute("BEGIN IMMEDIATE")
            held = db.execute("SELECT realm FROM journal_realm").fetchone()
            if held is None:
                db.execute("INSERT INTO journal_realm (realm) VALUES (?)", (self.realm,))
            db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise Unavailable(f"{self.path}: {error}") from error
        except sqlite3.DatabaseError as error:
            raise Corrupt(f"{self.path}: {error}") from error
        finally:
            db.close()
        if held is not None and held[0] != self.realm:
            # Live and exercise never share a file: a drill must not be able to become the truth.
            raise Refused(f"{self.path} is the journal of the realm {held[0]!r}, not {self.realm!r}")

    def _connect(self) -> sqlite3.Connection:
        try:
            db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=10)
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            raise Unavailable(f"{self.path}: {error}") from error
        except sqlite3.DatabaseError as error:
            raise Corrupt(f"{self.path}: {error}") from error
        # FULL: the commit returns only after fsync. With NORMAL a power cut takes back acknowledged events.
        db.execute("PRAGMA synchronous = FULL")
        return db

    def _reader(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._readers, "db", None)
        if db is None:
            db = self._readers.db = self._connect()
            with self._opening:
                self._opened.append(db)
        return db

    def append(
        self, stream: str, events: Sequence[Event], *, expect: int, actor: Actor, cause: Cause, time: datetime
    ) -> Appended:
        waiting = _Waiting()
        self._put(_Append(stream, events, expect, actor, cause, time, waiting))
        appended: Appended = waiting.result()
        return appended

    def append_soon(
        self, stream: str, events: Sequence[Event], *, expect: int, actor: Actor, cause: Cause, time: datetime
    ) -> "asyncio.Future[Appended]":
        future: asyncio.Future[Appended] = asyncio.get_running_loop().create_future()
        self._put(_Append(stream, events, expect, actor, cause, time, future))
        return future

    def _put(self, request: "_Append | _Task") -> None:
        if self._closed:
            raise Unavailable(f"{self.path} is closed")
        self._queue.put(request)

    def _write(self) -> None:
        db = self._connect()
        # By default the log is folded back every 4 MB, which under many writers is every few commits, each time
        # with two more syncs. A reader pays nothing for a longer log; a crash costs a little longer to recover.
        db.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        request: _Append | _Task | _Stop | None = self._queue.get()
        while not isinstance(request, _Stop):
            if isinstance(request, _Append):
                batch, request = self._gather(request)
                self._commit(db, batch)
            elif isinstance(request, _Task):
                self._run(db, request)
                request = None
            request = request or self._queue.get()
        db.close()

    def _gather(self, first: _Append) -> "tuple[list[_Append], _Task | _Stop | None]":
        """All appends that wait by now, and whatever came after them that is not one."""
        batch = [first]
        while len(batch) < BATCH:
            try:
                request = self._queue.get_nowait()
            except Empty:
                break
            if not isinstance(request, _Append):
                return batch, request
            batch.append(request)
        return batch, None

    def _commit(self, db: sqlite3.Connection, batch: list[_Append]) -> None:
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
            cause = Unavailable(f"{self.path}: {error}") if isinstance(error, sqlite3.Error) else error
            answers = [cause] * len(batch)
        # Nobody is answered before the commit: a refusal may rest on events that were still to be kept.
        _answer([(request.waiting, answer) for request, answer in zip(batch, answers, strict=True)])

    def _place(self, db: sqlite3.Connection, batch: list[_Append]) -> list[Appended | BaseException]:
        """Write the events of a batch with one statement; say what became of each request."""
        tail = self._tail
        tail.follow(db, {request.stream for request in batch})
        written = self._written(db, [request.cause.key for request in batch])
        answers: list[Appended | BaseException] = []
        rows: list[object] = []
        for request in batch:
            key, stream = request.cause.key, request.stream
            if (first := written.get(key)) is not None:
                answers.append(msgspec.structs.replace(first, repeated=True))
                continue
            held = tail.versions[stream]
            if held != request.expect:
                answers.append(Conflict(f"{stream} holds {held} events, not {request.expect}"))
                continue
            for event in request.events:
                rows += self._row(request, event)
            kinds = tuple([kind_of(event) for event in request.events])
            appended = Appended(stream, tail.versions[stream], tail.head.position, kinds, request.cause)
            if kinds:
                written[key] = appended
            answers.append(appended)
        _insert(db, rows)
        return answers

    def _row(self, request: _Append, event: Event) -> tuple[int, str, int, str, bytes, str]:
        tail, stream = self._tail, request.stream
        position, version = tail.head.position + 1, tail.versions[stream] + 1
        cause = request.cause
        recorded = Recorded(
            position, stream, version, request.time, request.actor, self.realm, cause, event, event.shape
        )
        text = self._events.encode(recorded)
        tail.head = Head(position, chain(tail.head.hash, text))
        tail.versions[stream] = version
        return position, stream, version, cause.key, text, tail.head.hash

    def _written(self, db: sqlite3.Connection, keys: list[str]) -> dict[str, Appended]:
        """Those of some causes that are in the journal already, with what was written for them."""
        sql = f"SELECT DISTINCT cause_key FROM journal WHERE cause_key IN ({_marks(keys)})"  # noqa: S608
        found = [self._find(db, key) for (key,) in db.execute(sql, keys)]
        return {appended.cause.key: appended for appended in found if appended is not None}

    def read(
        self, *, after: int = 0, limit: int | None = None, streams: Collection[str] | None = None
    ) -> Iterator[Recorded]:
        if streams is None:
            where = "position > ?"
        else:
            where = f"stream IN ({_marks(streams)}) AND position > ?"
        sql = f"SELECT position, record, hash FROM journal WHERE {where} ORDER BY position LIMIT ?"  # noqa: S608
        left = limit
        while left is None or left > 0:
            page = PAGE if left is None else min(PAGE, left)
            rows = self._reader().execute(sql, (*(streams or ()), after, page)).fetchall()
            for _position, text, hash_ in rows:
                yield self._events.decode(text, hash_)
            if len(rows) < page:
                return
            after = rows[-1][0]
            left = None if left is None else left - page

    def lines(self, *, after: int = 0) -> Iterator[Line]:
        sql = "SELECT position, record, hash FROM journal WHERE position > ? ORDER BY position LIMIT ?"
        while rows := self._reader().execute(sql, (after, PAGE)).fetchall():
            for _position, text, hash_ in rows:
                yield Line(msgspec.Raw(text), hash_)
            after = rows[-1][0]

    def extend(self, lines: Iterable[Line]) -> Head:
        head: Head = self.run_on_writer(lambda db: self._extend(db, lines))
        return head

    def run_on_writer(self, run: Callable[[sqlite3.Connection], Any]) -> Any:  # noqa: ANN401
        """
        Run something on the writer's connection, between two batches.

        Raises:
            Unavailable: If the store refuses.
        """
        task = _Task(run)
        self._put(task)
        return task.result()

    def _extend(self, db: sqlite3.Connection, lines: Iterable[Line]) -> Head:
        db.execute("BEGIN IMMEDIATE")
        versions = dict(db.execute("SELECT stream, max(version) FROM journal GROUP BY stream"))
        verifier = Verifier(self.realm, _head(db), versions)
        for line in lines:
            verifier.follow(line)
            text = bytes(line.record)
            recorded = self._events.decode(text, line.hash)
            row = (recorded.position, recorded.stream, recorded.version, recorded.cause.key, text, line.hash)
            _insert(db, row)
        db.execute("COMMIT")
        return verifier.head

    def _run(self, db: sqlite3.Connection, task: _Task) -> None:
        try:
            answer = task.run(db)
        except BaseException as error:
            if db.in_transaction:
                db.execute("ROLLBACK")
            task.fail(Unavailable(str(error)) if isinstance(error, sqlite3.Error) else error)
        else:
            task.answer(answer)
        self._tail.forget()

    def find(self, key: str) -> Appended | None:
        return self._find(self._reader(), key)

    def _find(self, db: sqlite3.Connection, key: str) -> Appended | None:
        rows = db.execute("SELECT record, hash FROM journal WHERE cause_key = ? ORDER BY position", (key,)).fetchall()
        if not rows:
            return None
        records = [self._events.decode(text, hash_) for text, hash_ in rows]
        last = records[-1]
        kinds = tuple(kind_of(record.event) for record in records)
        return Appended(last.stream, last.version, last.position, kinds, last.cause)

    def head(self) -> Head:
        return _head(self._reader())

    def backup(self, target: Path) -> Head:
        """
        Copy the journal while it is in use; the copy is a whole journal up to some position.

        Raises:
            Refused: If the target exists.
            Unavailable: If it cannot be written.
        """
        if target.exists():
            raise Refused(f"{target} exists; a backup never overwrites")
        try:
            copy = sqlite3.connect(target)
            with copy:
                self._reader().backup(copy, pages=1000)
            head = _head(copy)
            copy.close()
        except sqlite3.Error as error:
            raise Unavailable(f"{target}: {error}") from error
        return head

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._queue.put(_Stop())
        self._writer.join()
        with self._opening:
            for db in self._opened:
                db.close()
            self._opened.clear()


Answered = tuple["_Waiting | asyncio.Future[Appended]", "Appended | BaseException"]


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


def _head(db: sqlite3.Connection) -> Head:
    row = db.execute("SELECT position, hash FROM journal ORDER BY position DESC LIMIT 1").fetchone()
    return Head(*row) if row else Head(0, GENESIS)


def _marks(values: Collection[object]) -> str:
    return ",".join("?" * len(values))


def _insert(db: sqlite3.Connection, rows: Sequence[object]) -> None:
    """
    Write records, given as the values of their columns one after another.

    Many in one statement: the interpreter lock is let go at every step of a statement, and with many writers
    waiting for it, getting it back after each record costs more than writing them all.
    """
    width, size = len(COLUMNS), AT_ONCE
    start = 0
    while start < len(rows):
        while (len(rows) - start) // width < size:
            size //= 2
        db.execute(_insert_statement(size), rows[start : start + size * width])
        start += size * width


@cache
def _insert_statement(records: int) -> str:
    row = f"({_marks(COLUMNS)})"
    return f"INSERT INTO journal ({', '.join(COLUMNS)}) VALUES {', '.join([row] * records)}"  # noqa: S608
