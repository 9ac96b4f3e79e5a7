"""Who wants to be told of which areas: outside the journal, which cannot forget, in a file that can."""

from collections.abc import Collection
from pathlib import Path
from secrets import token_urlsafe

from tocsin.flow.channel import Subscriber
from tocsin.kernel.errors import Unavailable
from tocsin.storage.rows import Rows

SCHEMA = """
CREATE TABLE IF NOT EXISTS subscribers (
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    device  TEXT NOT NULL,
    PRIMARY KEY (channel, address)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS areas (
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    area    TEXT NOT NULL,
    PRIMARY KEY (channel, address, area)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS areas_by_area ON areas (channel, area);
"""


class SqliteSubscribers:
    """
    Any thread may use it, one at a time.

    Args:
        path: The file, or `:memory:`. It is made when absent, for its owner alone.

    Raises:
        Unavailable: If it cannot be opened, and from any method if it cannot be read or written.
    """

    def __init__(self, path: Path | str) -> None:
        if isinstance(path, Path):
            try:
                path.touch(mode=0o600)
            except OSError as error:
                raise Unavailable(f"{path}: {error}") from error
        # What was erased must not lie on in a free page.
        self._rows = Rows(path, SCHEMA, ("secure_delete = ON",))

    def of(self, channel: str, areas: Collection[str]) -> list[Subscriber]:
        marks = ",".join("?" * len(areas))
        sql = (
            "SELECT address, device, area FROM subscribers JOIN areas USING (channel, address)"  # noqa: S608
            f" WHERE channel = ? AND area IN ({marks}) ORDER BY device, area"
        )
        found: dict[tuple[str, str], list[str]] = {}
        for address, device, area in self._rows.run((sql, (channel, *areas))):
            found.setdefault((address, device), []).append(area)
        return [Subscriber(device, address, tuple(areas)) for (address, device), areas in found.items()]

    def areas(self, channel: str, address: str) -> tuple[str, ...]:
        sql = "SELECT area FROM areas WHERE channel = ? AND address = ? ORDER BY area"
        return tuple(area for (area,) in self._rows.run((sql, (channel, address))))

    def add(self, channel: str, address: str, area: str) -> None:
        self._rows.run(
            (
                "INSERT INTO subscribers (channel, address, device) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (channel, address, token_urlsafe(9)),
            ),
            (
                "INSERT INTO areas (channel, address, area) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (channel, address, area),
            ),
        )

    def remove(self, channel: str, address: str, area: str) -> None:
        self._rows.run(("DELETE FROM areas WHERE channel = ? AND address = ? AND area = ?", (channel, address, area)))

    def forget(self, channel: str, address: str) -> str | None:
        where = (channel, address)
        rows = self._rows.run(
            ("DELETE FROM areas WHERE channel = ? AND address = ?", where),
            ("DELETE FROM subscribers WHERE channel = ? AND address = ? RETURNING device", where),
        )
        return rows[0][0] if rows else None

    def close(self) -> None:
        self._rows.close()
