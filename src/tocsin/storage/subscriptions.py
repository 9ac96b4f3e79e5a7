"""Subscriptions of Web Push, in an SQLite file beside the journal. Never in the journal: they can be forgotten."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec

from tocsin.flow.push import Subscription, Waiting
from tocsin.kernel.errors import Unavailable

SCHEMA = """
CREATE TABLE IF NOT EXISTS subscriptions (
    id         TEXT PRIMARY KEY,
    endpoint   TEXT NOT NULL,
    p256dh     TEXT NOT NULL,
    auth       TEXT NOT NULL,
    language   TEXT NOT NULL,
    generation INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS areas (
    id    TEXT NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
    area  TEXT NOT NULL,
    place INTEGER NOT NULL,
    alert TEXT,
    PRIMARY KEY (id, area)
);
CREATE INDEX IF NOT EXISTS areas_by_area ON areas (area);
CREATE INDEX IF NOT EXISTS areas_waiting ON areas (id) WHERE alert IS NOT NULL;
"""
COLUMNS = "s.id, s.endpoint, s.p256dh, s.auth, s.language, s.generation"


class SqliteSubscriptions:
    """
    Args:
        path: The file, made when absent; `:memory:` keeps nothing.

    Raises:
        Unavailable: If it cannot be opened, and from any method if it cannot be read or written.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = path
        self._lock = Lock()
        try:
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA foreign_keys = ON")
            # What somebody has withdrawn must not lie about in free pages.
            self._db.execute("PRAGMA secure_delete = ON")
            self._db.executescript(SCHEMA)
        except sqlite3.Error as error:
            raise Unavailable(f"{path}: {error}") from error

    def put(self, subscription: Subscription) -> Subscription:
        each = subscription
        upsert = (
            "INSERT INTO subscriptions (id, endpoint, p256dh, auth, language, generation) VALUES (?, ?, ?, ?, ?, 1)"
            " ON CONFLICT DO UPDATE SET p256dh = excluded.p256dh, auth = excluded.auth,"
            " language = excluded.language, generation = generation + 1 RETURNING generation"
        )
        rows = self._run(
            ("DELETE FROM areas WHERE id = ?", (each.id,)),
            (upsert, (each.id, each.endpoint, each.p256dh, each.auth, each.language)),
            *(
                ("INSERT INTO areas (id, area, place) VALUES (?, ?, ?)", (each.id, area, place))
                for place, area in enumerate(each.areas)
            ),
        )
        return msgspec.structs.replace(subscription, generation=rows[1][0][0])

    def get(self, id_: str) -> Subscription | None:
        found = self._whole(f"SELECT {COLUMNS} FROM subscriptions s WHERE s.id = ?", id_)  # noqa: S608
        return found[0] if found else None

    def remove(self, id_: str, generation: int | None = None) -> bool:
        sql = "DELETE FROM subscriptions WHERE id = ?1 AND (?2 IS NULL OR generation = ?2) RETURNING id"
        return bool(self._run((sql, (id_, generation)))[0])

    def of(self, areas: Collection[str]) -> list[tuple[Subscription, str]]:
        sql = f"SELECT {COLUMNS}, a.area FROM areas a JOIN subscriptions s USING (id) WHERE a.area = ?"  # noqa: S608
        return [(_subscription(row, (row[6],)), row[6]) for area in areas for row in self._run((sql, (area,)))[0]]

    def wait(self, alerts: Mapping[tuple[str, str], str | None]) -> None:
        sql = "UPDATE areas SET alert = ?1 WHERE id = ?2 AND area = ?3 AND alert IS NOT ?1"
        self._run(*((sql, (alert, *whose)) for whose, alert in alerts.items()))

    def waiting(self) -> list[Waiting]:
        sql = (
            f"SELECT {COLUMNS}, a.area, a.alert FROM areas a JOIN subscriptions s USING (id) WHERE a.alert IS NOT NULL"  # noqa: S608
        )
        return [Waiting(_subscription(row, (row[6],)), row[6], row[7]) for row in self._run((sql, ()))[0]]

    def _whole(self, sql: str, *values: object) -> list[Subscription]:
        places = "SELECT area FROM areas WHERE id = ? ORDER BY place"
        return [
            _subscription(row, (area for (area,) in self._run((places, (row[0],)))[0]))
            for row in self._run((sql, values))[0]
        ]

    def _run(self, *statements: tuple[str, tuple[object, ...]]) -> list[list[tuple[Any, ...]]]:
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                rows = [self._db.execute(sql, values).fetchall() for sql, values in statements]
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise Unavailable(f"{self._path}: {error}") from error
        return rows

    def close(self) -> None:
        self._db.close()


def _subscription(row: tuple[Any, ...], areas: Iterable[str]) -> Subscription:
    id_, endpoint, p256dh, auth, language, generation = row[:6]
    return Subscription(id_, endpoint, p256dh, auth, tuple(areas), language, generation)
