"""The journal in one SQLite file: write-ahead log, full sync, one writer thread with group commit."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
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
PAGE = 2000
"""How many records a reader takes at a time, so that no reader holds an old snapshot for long."""


@dataclass(frozen=True)
class _Append:
    stream: str
    events: Sequence[Event]
    expect: int
    actor: Actor
    cause: Cause
    time: datetime
    answer: "Future[Appended]" = field(default_factory=Future)


@dataclass(frozen=True)
class _Task:
    """Something else that must run alone on the writer's connection."""

    run: Callable[[sqlite3.Connection], Any]
    answer: "Future[Any]" = field(default_factory=Future)


class _Stop:
    """Nothing comes after this."""


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
        request = _Append(stream, events, expect, actor, cause, time)
        self._put(request)
        return request.answer.result()

    def _put(self, request: "_Append | _Task") -> None:
        if self._closed:
            raise Unavailable(f"{self.path} is closed")
        self._queue.put(request)

    def _write(self) -> None:
        db = self._connect()
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
        answers: list[tuple[_Append, Appended | Conflict]] = []
        try:
            # BEGIN IMMEDIATE takes the write lock before we look, so positions are handed out in commit
            # order, also between processes, and a tailing reader never skips one.
            db.execute("BEGIN IMMEDIATE")
            head = _head(db)
            for request in batch:
                answer, head = self._place(db, request, head)
                answers.append((request, answer))
            db.execute("COMMIT")
        except BaseException as error:
            if db.in_transaction:
                db.execute("ROLLBACK")
            cause = Unavailable(f"{self.path}: {error}") if isinstance(error, sqlite3.Error) else error
            for request in batch:
                request.answer.set_exception(cause)
            return
        # Nobody is answered before the commit: a refusal may rest on events that were still to be kept.
        for request, answer in answers:
            if isinstance(answer, Conflict):
                request.answer.set_exception(answer)
            else:
                request.answer.set_result(answer)

    def _place(self, db: sqlite3.Connection, request: _Append, head: Head) -> tuple[Appended | Conflict, Head]:
        if (first := self._find(db, request.cause.key)) is not None:
            return msgspec.structs.replace(first, repeated=True), head
        held = _version(db, request.stream)
        if held != request.expect:
            return Conflict(f"{request.stream} holds {held} events, not {request.expect}"), head
        for version, event in enumerate(request.events, held + 1):
            recorded = Recorded(
                head.position + 1,
                request.stream,
                version,
                request.time,
                request.actor,
                self.realm,
                request.cause,
                event,
                event.shape,
            )
            text = self._events.encode(recorded)
            head = Head(recorded.position, chain(head.hash, text))
            _insert(db, recorded.stream, version, request.cause.key, text, head)
        kinds = tuple(kind_of(event) for event in request.events)
        return Appended(request.stream, held + len(kinds), head.position, kinds, request.cause), head

    def read(
        self, *, after: int = 0, limit: int | None = None, streams: Collection[str] | None = None
    ) -> Iterator[Recorded]:
        if streams is None:
            where = "position > ?"
        else:
            where = f"stream IN ({','.join('?' * len(streams))}) AND position > ?"
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
        return task.answer.result()

    def _extend(self, db: sqlite3.Connection, lines: Iterable[Line]) -> Head:
        db.execute("BEGIN IMMEDIATE")
        versions = dict(db.execute("SELECT stream, max(version) FROM journal GROUP BY stream"))
        verifier = Verifier(self.realm, _head(db), versions)
        for line in lines:
            verifier.follow(line)
            text = bytes(line.record)
            recorded = self._events.decode(text, line.hash)
            _insert(db, recorded.stream, recorded.version, recorded.cause.key, text, verifier.head)
        db.execute("COMMIT")
        return verifier.head

    def _run(self, db: sqlite3.Connection, task: _Task) -> None:
        try:
            answer = task.run(db)
        except BaseException as error:
            if db.in_transaction:
                db.execute("ROLLBACK")
            task.answer.set_exception(Unavailable(str(error)) if isinstance(error, sqlite3.Error) else error)
        else:
            task.answer.set_result(answer)

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


def _head(db: sqlite3.Connection) -> Head:
    row = db.execute("SELECT position, hash FROM journal ORDER BY position DESC LIMIT 1").fetchone()
    return Head(*row) if row else Head(0, GENESIS)


def _version(db: sqlite3.Connection, stream: str) -> int:
    (held,) = db.execute("SELECT coalesce(max(version), 0) FROM journal WHERE stream = ?", (stream,)).fetchone()
    return int(held)


def _insert(db: sqlite3.Connection, stream: str, version: int, key: str, text: bytes, head: Head) -> None:
    db.execute(
        "INSERT INTO journal (position, stream, version, cause_key, record, hash) VALUES (?, ?, ?, ?, ?, ?)",
        (head.position, stream, version, key, text, head.hash),
    )
