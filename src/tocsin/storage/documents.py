"""Documents that were published and received, in an SQLite file beside the journal."""

import hashlib
from pathlib import Path

from tocsin.storage.rows import Rows

SCHEMA = """
CREATE TABLE IF NOT EXISTS published (
    name TEXT PRIMARY KEY,
    body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS received (
    id     INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    body   BLOB NOT NULL
);
"""
MOST = 200_000_000
"""Bytes of documents received. A source that floods us must not fill the disk that the journal is on."""


class SqliteDocuments:
    """
    Args:
        path: The file, made when absent; `:memory:` keeps nothing.
        most: Bytes of documents received that are kept.

    Raises:
        Unavailable: If it cannot be opened, and from any method if it cannot be read or written.
    """

    def __init__(self, path: Path | str, most: int = MOST) -> None:
        self._rows = Rows(path, SCHEMA, ("journal_mode = WAL", "synchronous = FULL"))
        self._most = most

    def published(self, name: str) -> bytes | None:
        rows = self._rows.run(("SELECT body FROM published WHERE name = ?", (name,)))
        return bytes(rows[0][0]) if rows else None

    def publish(self, name: str, body: bytes) -> bytes:
        rows = self._rows.run(
            ("INSERT INTO published (name, body) VALUES (?, ?) ON CONFLICT DO NOTHING", (name, body)),
            ("SELECT body FROM published WHERE name = ?", (name,)),
        )
        return bytes(rows[0][0])

    def keep(self, document: bytes) -> None:
        digest = hashlib.sha256(document).hexdigest()
        # The newest stays however large it is: somebody is about to ask what it was.
        drop = (
            "DELETE FROM received WHERE id IN (SELECT id FROM (SELECT id, sum(length(body)) OVER (ORDER BY id DESC) AS"
            " held FROM received) WHERE held > ? AND id <> (SELECT max(id) FROM received))"
        )
        self._rows.run(
            ("INSERT INTO received (sha256, body) VALUES (?, ?) ON CONFLICT DO NOTHING", (digest, document)),
            (drop, (self._most,)),
        )

    def received(self, digest: str) -> bytes | None:
        rows = self._rows.run(("SELECT body FROM received WHERE sha256 = ?", (digest,)))
        return bytes(rows[0][0]) if rows else None

    def close(self) -> None:
        self._rows.close()
