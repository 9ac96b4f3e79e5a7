"""Cursors and attempts of the channels: in memory, and in an SQLite file beside the journal."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tocsin.flow.deliver import Attempt, DeviceReceipt, DeviceResult, Lane, Outcome
from tocsin.kernel.time import format_instant, parse_instant
from tocsin.storage.rows import Rows

SCHEMA = """
CREATE TABLE IF NOT EXISTS cursors (
    channel  TEXT NOT NULL,
    lane     TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (channel, lane)
);
CREATE TABLE IF NOT EXISTS attempts (
    id       INTEGER PRIMARY KEY,
    channel  TEXT NOT NULL,
    lane     TEXT NOT NULL,
    position INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    time     TEXT NOT NULL,
    outcome  TEXT NOT NULL,
    detail   TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS attempts_by_position ON attempts (position, channel);
CREATE TABLE IF NOT EXISTS posted (
    key     TEXT PRIMARY KEY,
    message INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS devices (
    channel  TEXT NOT NULL,
    position INTEGER NOT NULL,
    device   TEXT NOT NULL,
    tries    INTEGER NOT NULL,
    time     TEXT NOT NULL,
    outcome  TEXT NOT NULL,
    detail   TEXT NOT NULL,
    PRIMARY KEY (channel, position, device)
) WITHOUT ROWID;
"""


class MemoryReceipts:
    """Forgets everything with the process: for replays and tests."""

    def __init__(self) -> None:
        self._cursors: dict[tuple[str, Lane], int] = {}
        self._attempts: list[Attempt] = []
        self._posted: dict[str, int] = {}
        self._devices: dict[tuple[str, int, str], DeviceReceipt] = {}

    def cursor(self, channel: str, lane: Lane) -> int | None:
        return self._cursors.get((channel, lane))

    def move(self, channel: str, lane: Lane, position: int) -> None:
        self._cursors[channel, lane] = position

    def record(self, attempt: Attempt, *, done: bool) -> None:
        self._attempts.append(attempt)
        if done:
            self.move(attempt.channel, attempt.lane, attempt.position)

    def attempts(self, channel: str, position: int) -> int:
        return sum(1 for a in self._attempts if a.channel == channel and a.position == position)

    def latest(self, limit: int, positions: Sequence[int] | None = None, channel: str | None = None) -> list[Attempt]:
        wanted = (
            a
            for a in reversed(self._attempts)
            if (positions is None or a.position in positions) and channel in (None, a.channel)
        )
        return [attempt for _, attempt in zip(range(limit), wanted, strict=False)]

    def get(self, key: str) -> int | None:
        return self._posted.get(key)

    def put(self, key: str, message: int) -> None:
        self._posted[key] = message

    def record_devices(self, channel: str, position: int, time: datetime, results: Sequence[DeviceResult]) -> None:
        for result in results:
            key = (channel, position, result.device)
            before = self._devices.get(key)
            tries = before.tries + 1 if before else 1
            self._devices[key] = DeviceReceipt(*key, tries, time, result.outcome, result.detail)

    def devices(self, channel: str, position: int) -> list[DeviceReceipt]:
        return [each for key, each in sorted(self._devices.items()) if key[:2] == (channel, position)]

    def forget_device(self, channel: str, device: str) -> None:
        for key in [key for key in self._devices if (key[0], key[2]) == (channel, device)]:
            del self._devices[key]

    def close(self) -> None:
        """Nothing to close."""


class SqliteReceipts:
    """
    Args:
        path: The file; it is made when absent.

    Raises:
        Unavailable: If it cannot be opened, and from any method if it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        # Losing the last cursor in a power cut repeats a send, which every channel must bear anyway.
        self._rows = Rows(path, SCHEMA, ("journal_mode = WAL", "synchronous = NORMAL"))

    def cursor(self, channel: str, lane: Lane) -> int | None:
        rows = self._rows.run(("SELECT position FROM cursors WHERE channel = ? AND lane = ?", (channel, lane)))
        return int(rows[0][0]) if rows else None

    def move(self, channel: str, lane: Lane, position: int) -> None:
        self._rows.run(_move(channel, lane, position))

    def record(self, attempt: Attempt, *, done: bool) -> None:
        row = (
            "INSERT INTO attempts (channel, lane, position, number, time, outcome, detail)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                attempt.channel,
                attempt.lane,
                attempt.position,
                attempt.number,
                format_instant(attempt.time),
                attempt.outcome,
                attempt.detail,
            ),
        )
        moves = [_move(attempt.channel, attempt.lane, attempt.position)] if done else []
        self._rows.run(row, *moves)

    def attempts(self, channel: str, position: int) -> int:
        rows = self._rows.run(("SELECT count(*) FROM attempts WHERE position = ? AND channel = ?", (position, channel)))
        return int(rows[0][0])

    def latest(self, limit: int, positions: Sequence[int] | None = None, channel: str | None = None) -> list[Attempt]:
        conditions: list[tuple[str, object]] = []
        if positions is not None:
            # As one JSON text: there may be more of them than a statement takes values.
            conditions.append(("position IN (SELECT value FROM json_each(?))", json.dumps(list(positions))))
        if channel is not None:
            conditions.append(("channel = ?", channel))
        where = " AND ".join(["true", *(condition for condition, _ in conditions)])
        columns = "channel, lane, position, number, time, outcome, detail"
        sql = f"SELECT {columns} FROM attempts WHERE {where} ORDER BY id DESC LIMIT ?"  # noqa: S608
        rows = self._rows.run((sql, (*(value for _, value in conditions), limit)))
        return [
            Attempt(
                channel,
                Lane(lane),
                position,
                number,
                parse_instant(time),
                Outcome(outcome),
                detail,
            )
            for channel, lane, position, number, time, outcome, detail in rows
        ]

    def get(self, key: str) -> int | None:
        rows = self._rows.run(("SELECT message FROM posted WHERE key = ?", (key,)))
        return int(rows[0][0]) if rows else None

    def put(self, key: str, message: int) -> None:
        self._rows.run(
            (
                "INSERT INTO posted (key, message) VALUES (?, ?) ON CONFLICT DO UPDATE SET message = excluded.message",
                (key, message),
            )
        )

    def record_devices(self, channel: str, position: int, time: datetime, results: Sequence[DeviceResult]) -> None:
        sql = (
            "INSERT INTO devices (channel, position, device, tries, time, outcome, detail) VALUES (?, ?, ?, 1, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET tries = tries + 1,"
            " time = excluded.time, outcome = excluded.outcome, detail = excluded.detail"
        )
        at = format_instant(time)
        self._rows.run(*((sql, (channel, position, each.device, at, each.outcome, each.detail)) for each in results))

    def devices(self, channel: str, position: int) -> list[DeviceReceipt]:
        sql = (
            "SELECT channel, position, device, tries, time, outcome, detail FROM devices"
            " WHERE channel = ? AND position = ? ORDER BY device"
        )
        return [
            DeviceReceipt(channel, position, device, tries, parse_instant(time), Outcome(outcome), detail)
            for channel, position, device, tries, time, outcome, detail in self._rows.run((sql, (channel, position)))
        ]

    def forget_device(self, channel: str, device: str) -> None:
        self._rows.run(("DELETE FROM devices WHERE channel = ? AND device = ?", (channel, device)))

    def close(self) -> None:
        self._rows.close()


def _move(channel: str, lane: Lane, position: int) -> tuple[str, tuple[object, ...]]:
    sql = (
        "INSERT INTO cursors (channel, lane, position) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET position = excluded.position"
    )
    return sql, (channel, lane, position)
