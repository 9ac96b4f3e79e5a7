"""One line of somebody's CSV file under our own names for its columns."""

import hashlib
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from tocsin.formats.history.cells import read_count
from tocsin.formats.history.layout import Layout


class Row:
    """
    Args:
        cells: By the file's own names.
        line: In the file, the header being 1.
    """

    def __init__(self, layout: Layout, zone: ZoneInfo, cells: Mapping[str, str], line: int) -> None:
        self.layout, self.zone, self.cells, self.line = layout, zone, cells, line

    def text(self, field: str) -> str:
        """The cell as it is; empty where the file has no such column."""
        return self.cells.get(self.layout.columns.get(field, ""), "")

    def count(self, field: str) -> int | None:
        """
        Raises:
            ValueError: As `read_count`, naming the column.
        """
        try:
            return read_count(self.text(field))
        except ValueError as error:
            raise ValueError(f"{self.layout.columns[field]}: {error}") from None

    def more(self) -> dict[str, str]:
        """The columns that are kept as they are, those that say something."""
        named = {name: self.cells.get(name, "").strip() for name in self.layout.more}
        return {name: text[:2000] for name, text in named.items() if text and text != "{}"}


def row_id(*identity: str) -> str:
    """The id of a row that is the same in every edition: from what names it, not from what it says."""
    return hashlib.sha256("\x1f".join(identity).encode()).hexdigest()[:16]
