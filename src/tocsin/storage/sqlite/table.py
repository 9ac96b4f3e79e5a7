"""The journal's table, and the plain statements on it."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tocsin.journal import GENESIS, Appended, Head
from tocsin.kernel.errors import Corrupt, Unavailable
from tocsin.kernel.event import Events, kind_of

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
COLUMNS = ("position", "stream", "version", "cause_key", "record", "hash")
AT_ONCE = 64
"""How many records one statement writes."""


@contextmanager
def told(path: Path) -> Iterator[None]:
    """
    SQLite's errors as ours.

    Raises:
        Unavailable: If the file cannot be used just now: locked, full, gone.
        Corrupt: If what is in it is no journal, or a broken one.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        raise Unavailable(f"{path}: {error}") from error
    except sqlite3.DatabaseError as error:
        raise Corrupt(f"{path}: {error}") from error


def connect(path: Path) -> sqlite3.Connection:
    """
    Raises:
        Unavailable, Corrupt: As `told` says.
    """
    with told(path):
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        db.execute("PRAGMA journal_mode = WAL")
        # FULL: the commit returns only after fsync. With NORMAL a power cut takes back acknowledged events.
        db.execute("PRAGMA synchronous = FULL")
    return db


def head(db: sqlite3.Connection) -> Head:
    row = db.execute("SELECT position, hash FROM journal ORDER BY position DESC LIMIT 1").fetchone()
    return Head(*row) if row else Head(0, GENESIS)


def find(db: sqlite3.Connection, events: Events, key: str) -> Appended | None:
    """What was written for a cause, or None."""
    rows = db.execute("SELECT record, hash FROM journal WHERE cause_key = ? ORDER BY position", (key,)).fetchall()
    if not rows:
        return None
    records = [events.decode(text, hash_) for text, hash_ in rows]
    last = records[-1]
    kinds = tuple(kind_of(record.event) for record in records)
    return Appended(last.stream, last.version, last.position, kinds, last.cause)


def marks(values: Collection[object]) -> str:
    """As many question marks as there are values."""
    return ",".join("?" * len(values))


def insert(db: sqlite3.Connection, rows: Sequence[object]) -> None:
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
    row = f"({marks(COLUMNS)})"
    return f"INSERT INTO journal ({', '.join(COLUMNS)}) VALUES {', '.join([row] * records)}"  # noqa: S608
