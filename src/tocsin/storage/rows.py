"""A small SQLite file beside the journal."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from tocsin.kernel.errors import Unavailable


class Rows:
    """
    Any thread may use it, one at a time.

    Args:
        path: The file, or `:memory:`. It is made when absent.
        pragmas: Set before the schema.

    Raises:
        Unavailable: If it cannot be opened, and from `run` if it cannot be read or written.
    """

    def __init__(self, path: Path | str, schema: str, pragmas: Sequence[str] = ()) -> None:
        self._path = path
        self._lock = Lock()
        try:
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
            for pragma in pragmas:
                self._db.execute(f"PRAGMA {pragma}")
            self._db.executescript(schema)
        except sqlite3.Error as error:
            raise Unavailable(f"{path}: {error}") from error

    def run(self, *statements: tuple[str, tuple[object, ...]]) -> list[tuple[Any, ...]]:
        """Carry out some statements in one transaction; return the rows of the last."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                rows: list[tuple[Any, ...]] = []
                for sql, values in statements:
                    rows = self._db.execute(sql, values).fetchall()
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise Unavailable(f"{self._path}: {error}") from error
        return rows

    def close(self) -> None:
        self._db.close()
