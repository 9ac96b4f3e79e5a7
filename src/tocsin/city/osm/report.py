"""What an import left out, and why: kept beside the city, and printed."""

from collections import defaultdict
from typing import Annotated

import msgspec
from msgspec import Meta

_EXAMPLES = 5


class Skipped(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        what: The kind of thing, such as `way` or `shelter list row`.
        why: The rule, in words.
        count: How many.
        examples: A few of them, as the source calls them, such as `w123`.
    """

    what: str
    why: str
    count: Annotated[int, Meta(ge=1)]
    examples: tuple[str, ...] = ()


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """
    The file `import.json`.

    Attributes:
        source: The extract's file name.
        counts: How many of what was made, and of what.
        notes: Decisions a person should know of, such as an area that had to be made up.
        skipped: Largest first.
        unplaced: Rows of a shelter list that no place was found for, whole.
    """

    source: str
    counts: dict[str, int]
    notes: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    unplaced: tuple[dict[str, str], ...] = ()


class Tally:
    """Counts what is left out while it happens, keeping a few examples of each reason."""

    def __init__(self) -> None:
        self._counts: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._examples: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self.notes: list[str] = []

    def skip(self, what: str, why: str, example: str = "", count: int = 1) -> None:
        if count < 1:
            return
        self._counts[what, why] += count
        examples = self._examples[what, why]
        if example and len(examples) < _EXAMPLES:
            examples.append(example)

    def note(self, words: str) -> None:
        self.notes.append(words)

    def skipped(self) -> tuple[Skipped, ...]:
        rows = sorted(self._counts.items(), key=lambda row: (-row[1], row[0]))
        return tuple(
            Skipped(what=key[0], why=key[1], count=count, examples=tuple(self._examples[key])) for key, count in rows
        )
