"""The journal's port on an SQLite file."""

import asyncio
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from threading import Lock, local
from typing import Any

import msgspec

from tocsin.journal import Appended, Head, Line, Verifier
from tocsin.kernel.errors import Refused
from tocsin.kernel.event import Actor, Cause, Event, Events, Recorded
from tocsin.storage.sqlite import table
from tocsin.storage.sqlite.writer import Append, Task, Waiting, Writer

PAGE = 2000
"""How many records a reader takes at a time, so that no reader holds an old snapshot for long."""


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
        self._prepare()
        self._writer = Writer(path, events, realm)

    def _prepare(self) -> None:
        with closing(table.connect(self.path)) as db, table.told(self.path):
            db.executescript(table.SCHEMA)
            db.execute("BEGIN IMMEDIATE")
            held = db.execute("SELECT realm FROM journal_realm").fetchone()
            if held is None:
                db.execute("INSERT INTO journal_realm (realm) VALUES (?)", (self.realm,))
            db.execute("COMMIT")
        if held is not None and held[0] != self.realm:
            # Live and exercise never share a file: a drill must not be able to become the truth.
            raise Refused(f"{self.path} is the journal of the realm {held[0]!r}, not {self.realm!r}")

    def _reader(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._readers, "db", None)
        if db is None:
            db = self._readers.db = table.connect(self.path)
            with self._opening:
                self._opened.append(db)
        return db

    def append(
        self, stream: str, events: Sequence[Event], *, expect: int, actor: Actor, cause: Cause, time: datetime
    ) -> Appended:
        waiting = Waiting()
        self._writer.put(Append(stream, events, expect, actor, cause, time, waiting))
        appended: Appended = waiting.result()
        return appended

    def append_soon(
        self, stream: str, events: Sequence[Event], *, expect: int, actor: Actor, cause: Cause, time: datetime
    ) -> "asyncio.Future[Appended]":
        future: asyncio.Future[Appended] = asyncio.get_running_loop().create_future()
        self._writer.put(Append(stream, events, expect, actor, cause, time, future))
        return future

    def read(
        self, *, after: int = 0, limit: int | None = None, streams: Collection[str] | None = None
    ) -> Iterator[Recorded]:
        if streams is None:
            where = "position > ?"
        else:
            where = f"stream IN ({table.marks(streams)}) AND position > ?"
        sql = f"SELECT position, record, hash FROM journal WHERE {where} ORDER BY position LIMIT ?"  # noqa: S608
        left = limit
        while left is None or left > 0:
            page = PAGE if left is None else min(PAGE, left)
            rows = self._rows(sql, (*(streams or ()), after, page))
            for _position, text, hash_ in rows:
                yield self._events.decode(text, hash_)
            if len(rows) < page:
                return
            after = rows[-1][0]
            left = None if left is None else left - page

    def lines(self, *, after: int = 0) -> Iterator[Line]:
        sql = "SELECT position, record, hash FROM journal WHERE position > ? ORDER BY position LIMIT ?"
        while rows := self._rows(sql, (after, PAGE)):
            for _position, text, hash_ in rows:
                yield Line(msgspec.Raw(text), hash_)
            after = rows[-1][0]

    def _rows(self, sql: str, values: tuple[object, ...]) -> list[tuple[int, bytes, str]]:
        with table.told(self.path):
            return self._reader().execute(sql, values).fetchall()

    def extend(self, lines: Iterable[Line]) -> Head:
        head: Head = self.run_on_writer(lambda db: self._extend(db, lines))
        return head

    def run_on_writer(self, run: Callable[[sqlite3.Connection], Any]) -> Any:  # noqa: ANN401
        """
        Run something on the writer's connection, between two batches.

        Raises:
            Unavailable: If the store refuses.
        """
        task = Task(run)
        self._writer.put(task)
        return task.result()

    def _extend(self, db: sqlite3.Connection, lines: Iterable[Line]) -> Head:
        db.execute("BEGIN IMMEDIATE")
        versions = dict(db.execute("SELECT stream, max(version) FROM journal GROUP BY stream"))
        verifier = Verifier(self.realm, table.head(db), versions)
        for line in lines:
            verifier.follow(line)
            text = bytes(line.record)
            recorded = self._events.decode(text, line.hash)
            row = (recorded.position, recorded.stream, recorded.version, recorded.cause.key, text, line.hash)
            table.insert(db, row)
        db.execute("COMMIT")
        return verifier.head

    def find(self, key: str) -> Appended | None:
        with table.told(self.path):
            return table.find(self._reader(), self._events, key)

    def head(self) -> Head:
        with table.told(self.path):
            return table.head(self._reader())

    def backup(self, target: Path) -> Head:
        """
        Copy the journal while it is in use; the copy is a whole journal up to some position.

        Raises:
            Refused: If the target exists.
            Unavailable: If it cannot be written.
        """
        if target.exists():
            raise Refused(f"{target} exists; a backup never overwrites")
        with table.told(target), closing(sqlite3.connect(target)) as copy:
            self._reader().backup(copy, pages=1000)
            return table.head(copy)

    def close(self) -> None:
        self._writer.close()
        with self._opening:
            for db in self._opened:
                db.close()
            self._opened.clear()
