"""What was seen of which foreign feed, in an SQLite file beside the journal."""

import sqlite3
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from tocsin.flow.feeds import FeedStatus, Validators, is_stale
from tocsin.kernel.errors import Unavailable
from tocsin.kernel.time import format_instant, parse_instant

SCHEMA = """
CREATE TABLE IF NOT EXISTS feeds (
    name      TEXT PRIMARY KEY,
    url       TEXT NOT NULL,
    etag      TEXT NOT NULL DEFAULT '',
    modified  TEXT NOT NULL DEFAULT '',
    attempted TEXT,
    succeeded TEXT,
    error     TEXT NOT NULL DEFAULT '',
    failures  INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS seen (
    feed    TEXT NOT NULL,
    address TEXT NOT NULL,
    stamp   TEXT NOT NULL,
    PRIMARY KEY (feed, address)
);
"""


class SqliteFeedLedger:
    """
    Args:
        path: The file, made when absent; `:memory:` keeps nothing.

    Raises:
        Unavailable: If it cannot be opened, and from any method if it cannot be read or written.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = path
        self._lock = Lock()
        self._periods: dict[str, float] = {}
        try:
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
            self._db.executescript(SCHEMA)
        except sqlite3.Error as error:
            raise Unavailable(f"{path}: {error}") from error

    def register(self, name: str, url: str, period: float) -> None:
        if self._run("SELECT 1 FROM feeds WHERE name = ? AND url <> ?", name, url):
            self._run("DELETE FROM feeds WHERE name = ?", name)
            self._run("DELETE FROM seen WHERE feed = ?", name)
        self._run("INSERT INTO feeds (name, url) VALUES (?, ?) ON CONFLICT DO NOTHING", name, url)
        self._periods[name] = period

    def validators(self, name: str) -> Validators:
        return Validators(*self._run("SELECT etag, modified FROM feeds WHERE name = ?", name)[0])

    def succeeded_at(self, name: str) -> datetime | None:
        return _instant(self._run("SELECT succeeded FROM feeds WHERE name = ?", name)[0][0])

    def seen(self, name: str) -> dict[str, str]:
        return dict(self._run("SELECT address, stamp FROM seen WHERE feed = ?", name))

    def see(self, name: str, address: str, stamp: str) -> None:
        sql = (
            "INSERT INTO seen (feed, address, stamp) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET stamp = excluded.stamp"
        )
        self._run(sql, name, address, stamp)

    def forget_others(self, name: str, addresses: frozenset[str]) -> None:
        for address in self.seen(name).keys() - addresses:
            self._run("DELETE FROM seen WHERE feed = ? AND address = ?", name, address)

    def succeed(self, name: str, now: datetime, validators: Validators) -> None:
        sql = (
            "UPDATE feeds SET attempted = ?1, succeeded = ?1, etag = ?2, modified = ?3, error = '', failures = 0"
            " WHERE name = ?4"
        )
        self._run(sql, format_instant(now), validators.etag, validators.modified, name)

    def fail(self, name: str, now: datetime, error: str) -> None:
        sql = "UPDATE feeds SET attempted = ?, error = ?, failures = failures + 1 WHERE name = ?"
        self._run(sql, format_instant(now), error, name)

    def statuses(self, now: datetime) -> list[FeedStatus]:
        rows = self._run("SELECT name, url, attempted, succeeded, error, failures FROM feeds ORDER BY name")
        found = []
        for name, url, attempted, succeeded, error, failures in rows:
            # Of a feed that is no longer configured the file may still know.
            if (period := self._periods.get(name)) is not None:
                heard = _instant(succeeded)
                stale = is_stale(heard, period, now)
                found.append(FeedStatus(name, url, period, _instant(attempted), heard, error, failures, stale))
        return found

    def _run(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._db.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise Unavailable(f"{self._path}: {error}") from error

    def close(self) -> None:
        self._db.close()


def _instant(text: str | None) -> datetime | None:
    return None if text is None else parse_instant(text)
