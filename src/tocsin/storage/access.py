"""People, devices and programs that may act, and their tokens. Never in the journal: a token must be forgettable."""

import hashlib
import secrets
import sqlite3
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec

from tocsin.flow.roles import MAY
from tocsin.kernel.errors import Invalid, Refused, Unauthorised, Unavailable, Unknown
from tocsin.kernel.event import Actor

SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    id   TEXT PRIMARY KEY,
    role TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS tokens (
    hash TEXT PRIMARY KEY,
    user TEXT NOT NULL REFERENCES users (id),
    note TEXT NOT NULL
);
"""


class User(msgspec.Struct, frozen=True):
    id: str
    role: str
    tokens: int


class SqliteAccess:
    """
    Tokens are 256 random bits and only their SHA-256 is kept, so that a stolen file lets nobody in.

    Raises:
        Unavailable: If the file cannot be opened or written.
    """

    def __init__(self, path: Path | str) -> None:
        self._lock = Lock()
        try:
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
            self._db.execute("PRAGMA foreign_keys = ON")
            self._db.executescript(SCHEMA)
        except sqlite3.Error as error:
            raise Unavailable(f"{path}: {error}") from error

    def add(self, user: str, role: str) -> None:
        """
        Raises:
            Refused: If the user exists.
            Invalid: If there is no such role, or the name is empty.
        """
        _require_role(role)
        if not user.strip():
            raise Invalid("a user needs a name", "user")
        try:
            self._run("INSERT INTO users (id, role) VALUES (?, ?)", user, role)
        except sqlite3.IntegrityError:
            raise Refused(f"there is a user {user!r} already") from None

    def change_role(self, user: str, role: str) -> None:
        """
        Raises:
            Unknown: If there is no such user.
            Invalid: If there is no such role.
        """
        _require_role(role)
        self._require(user)
        self._run("UPDATE users SET role = ? WHERE id = ?", role, user)

    def issue(self, user: str, note: str = "") -> str:
        """
        A new bearer token for a user. It is shown once and cannot be read again.

        Raises:
            Unknown: If there is no such user.
        """
        self._require(user)
        token = f"tocsin_{secrets.token_urlsafe(32)}"
        self._run("INSERT INTO tokens (hash, user, note) VALUES (?, ?, ?)", _hash(token), user, note)
        return token

    def revoke(self, user: str) -> int:
        """
        Forget all tokens of a user; return how many there were.

        Raises:
            Unknown: If there is no such user.
        """
        self._require(user)
        return len(self._run("DELETE FROM tokens WHERE user = ? RETURNING hash", user))

    def users(self) -> list[User]:
        rows = self._run("SELECT id, role, (SELECT count(*) FROM tokens WHERE user = users.id) FROM users ORDER BY id")
        return [User(name, role, tokens) for name, role, tokens in rows]

    def actor(self, token: str) -> Actor:
        """
        Raises:
            Unauthorised: If the token is not one of ours.
        """
        rows = self._run(
            "SELECT users.id, users.role FROM tokens JOIN users ON users.id = tokens.user WHERE tokens.hash = ?",
            _hash(token),
        )
        if not rows:
            raise Unauthorised("this token is not valid")
        return Actor(*rows[0])

    def _require(self, user: str) -> None:
        if not self._run("SELECT 1 FROM users WHERE id = ?", user):
            raise Unknown(f"there is no user {user!r}", "user")

    def _run(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._db.execute(sql, values).fetchall()
            except sqlite3.IntegrityError:
                raise
            except sqlite3.Error as error:
                raise Unavailable(f"the access file: {error}") from error

    def close(self) -> None:
        self._db.close()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _require_role(role: str) -> None:
    if role not in MAY:
        raise Invalid(f"no role is called {role!r}; there are {', '.join(sorted(MAY))}", "role")
