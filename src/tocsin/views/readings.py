"""The reading queue: which texts wait for a person, with what they propose, and which say nearly the same."""

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from tocsin.domain.reading import READING, Decided, Read, ReadingProposed
from tocsin.kernel.event import Event, Instant, Recorded
from tocsin.views.view import Handler, View

ALIKE = 0.5
"""Texts with so large a share of their numbers in common say the same."""
LOOKED_BACK = 500
"""Texts that a new one is compared with: copies come within hours."""


class Queued(msgspec.Struct, frozen=True):
    """
    A text in the queue.

    Attributes:
        received: When it was read.
        like: The first text that says nearly the same; itself, where it is the first.
        decided: What became of its proposals, by their ids.
        open: How many wait for a decision.
    """

    read: ReadingProposed
    received: Instant
    like: str
    decided: dict[str, Decided]
    open: int


class ReadingsState(msgspec.Struct):
    """`texts` in the order in which they came; `like` by document."""

    texts: dict[str, Read] = {}
    received: dict[str, Instant] = {}
    like: dict[str, str] = {}


class Readings(View[ReadingsState]):
    name: ClassVar[str] = "readings"

    def __init__(self) -> None:
        super().__init__(ReadingsState())

    def handlers(self) -> Mapping[type[Event], Handler]:
        return dict.fromkeys(READING.events, self._happened)

    def _happened(self, recorded: Recorded) -> None:
        document = recorded.event.document
        if isinstance(recorded.event, ReadingProposed):
            self.state.received[document] = recorded.time
            self.state.like[document] = self._first_like(recorded.event)
        self.state.texts[document] = READING.evolve(self.state.texts.get(document, Read()), recorded.event)

    def _first_like(self, read: ReadingProposed) -> str:
        for document in [*self.state.texts][-LOOKED_BACK:]:
            other = self.state.texts[document].proposed
            if other is not None and likeness(read.likeness, other.likeness) >= ALIKE:
                return self.state.like[document]
        return read.document

    def all(self, *, waiting: bool = False) -> list[Queued]:
        """Every text, newest first; only those with something to decide, where `waiting`."""
        queued = [self._queued(document) for document in reversed(self.state.texts)]
        return [each for each in queued if each is not None and (each.open or not waiting)]

    def get(self, document: str) -> Queued | None:
        return self._queued(document) if document in self.state.texts else None

    def _queued(self, document: str) -> Queued | None:
        text = self.state.texts[document]
        if text.proposed is None:
            return None
        waits = sum(each.id not in text.decided for each in text.proposed.proposals)
        return Queued(text.proposed, self.state.received[document], self.state.like[document], text.decided, waits)


def likeness(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The share of shingles two texts have in common, estimated from the least of their hashes (Broder 1997)."""
    if not one or not other:
        return 0.0
    size = min(len(one), len(other))
    least = set(sorted({*one, *other})[:size])
    return len(least & set(one) & set(other)) / len(least)
