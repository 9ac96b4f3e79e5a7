"""
Names, encrypted, in a file of their own beside the journal, under a key that is not in it.

Each person's details are one Fernet token (AES-128-CBC with HMAC-SHA-256, of the `cryptography` library). Several keys
may be good at once (MultiFernet): the first encrypts, all decrypt; `rotate` brings everything under a new one.
"""

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import msgspec

from tocsin.flow.people import Act, Details, Look
from tocsin.kernel.errors import Corrupt, Unavailable
from tocsin.kernel.time import format_instant, parse_instant

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
    person TEXT PRIMARY KEY,
    sealed BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS looks (
    id     INTEGER PRIMARY KEY,
    time   TEXT NOT NULL,
    actor  TEXT NOT NULL,
    role   TEXT NOT NULL,
    act    TEXT NOT NULL,
    person TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS looks_by_person ON looks (person);
"""


class _Sealed(msgspec.Struct, frozen=True):
    """
    What is encrypted. The person is in it, so that one person's token put in another's row is found out.
    """

    person: str
    details: Details


def make_key() -> bytes:
    """A new key, as text on one line."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key()


def load_or_make_people_keys(path: Path) -> list[bytes]:
    """
    The keys of a file, one a line, the one that encrypts first; a file is made when absent.

    Raises:
        Corrupt: If a line is no key.
        Unavailable: If it cannot be read or written.
    """
    try:
        if not path.exists():
            write_people_keys(path, [make_key()])
        lines = path.read_bytes().split()
    except OSError as error:
        raise Unavailable(f"{path}: {error}") from error
    if not lines:
        raise Corrupt(f"{path} holds no key")
    return lines


def write_people_keys(path: Path, keys: Sequence[bytes]) -> None:
    """Replace the file as a whole, never for a moment readable by others or half written."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(b"".join(key + b"\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise Unavailable(f"{path}: {error}") from error


class SqlitePeople:
    """
    Args:
        keys: The first encrypts, all decrypt.

    Raises:
        Unavailable: If the file cannot be opened or written.
        Corrupt: If a key is none.
    """

    def __init__(self, path: Path | str, keys: Sequence[bytes]) -> None:
        self._lock = Lock()
        self._sealer = _sealer(keys)
        try:
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
            # What was erased must not be found again in the file's free pages.
            self._db.execute("PRAGMA secure_delete = ON")
            self._db.executescript(SCHEMA)
            if path != ":memory:":
                Path(path).chmod(0o600)
        except (sqlite3.Error, OSError) as error:
            raise Unavailable(f"{path}: {error}") from error

    def get(self, person: str) -> Details | None:
        rows = self._run("SELECT sealed FROM people WHERE person = ?", person)
        return self._open(person, rows[0][0]) if rows else None

    def put(self, person: str, details: Details) -> None:
        sealed = self._sealer.encrypt(msgspec.msgpack.encode(_Sealed(person, details)))
        self._run(
            "INSERT INTO people (person, sealed) VALUES (?, ?) ON CONFLICT DO UPDATE SET sealed = excluded.sealed",
            person,
            sealed,
        )

    def delete(self, person: str) -> bool:
        return bool(self._run("DELETE FROM people WHERE person = ? RETURNING person", person))

    def everybody(self) -> list[tuple[str, Details]]:
        rows = self._run("SELECT person, sealed FROM people ORDER BY person")
        return [(person, self._open(person, sealed)) for person, sealed in rows]

    def record(self, look: Look) -> None:
        self._run(
            "INSERT INTO looks (time, actor, role, act, person, reason) VALUES (?, ?, ?, ?, ?, ?)",
            format_instant(look.time),
            look.actor,
            look.role,
            look.act,
            look.person,
            look.reason,
        )

    def looks(self, limit: int, person: str | None) -> list[Look]:
        where = "" if person is None else "WHERE person = ? "
        sql = f"SELECT time, actor, role, act, person, reason FROM looks {where}ORDER BY id DESC LIMIT ?"  # noqa: S608
        rows = self._run(sql, *(() if person is None else (person,)), limit)
        return [Look(parse_instant(time), actor, role, Act(act), who, why) for time, actor, role, act, who, why in rows]

    def rotate(self, keys: Sequence[bytes]) -> int:
        """
        Bring everybody under the first of these keys; return how many there are.

        Args:
            keys: Those in force so far must be among them. Afterwards they are needed no more.

        Raises:
            Corrupt: If somebody's details are under none of them; nobody is changed then.
        """
        from cryptography.fernet import InvalidToken

        sealer = _sealer(keys)
        with self._lock:
            try:
                rows = self._db.execute("SELECT person, sealed FROM people").fetchall()
                turned = [(sealer.rotate(sealed), person) for person, sealed in rows]
                self._db.execute("BEGIN IMMEDIATE")
                self._db.executemany("UPDATE people SET sealed = ? WHERE person = ?", turned)
                self._db.execute("COMMIT")
            except InvalidToken as error:
                raise Corrupt("somebody's details are under none of these keys") from error
            except sqlite3.Error as error:
                raise Unavailable(f"the people file: {error}") from error
        self._sealer = sealer
        return len(turned)

    def _open(self, person: str, sealed: bytes) -> Details:
        from cryptography.fernet import InvalidToken

        try:
            opened = msgspec.msgpack.decode(self._sealer.decrypt(sealed), type=_Sealed)
        except (InvalidToken, msgspec.DecodeError) as error:
            raise Corrupt(f"what is kept of {person!r} cannot be opened with these keys") from error
        if opened.person != person:
            raise Corrupt(f"what is kept of {person!r} is somebody else's")
        return opened.details

    def _run(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._db.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise Unavailable(f"the people file: {error}") from error

    def close(self) -> None:
        self._db.close()


def _sealer(keys: Sequence[bytes]) -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet

    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        raise Corrupt(f"not a key of the people file: {error}") from error
