"""Two people changed the same field while they were apart: both words are kept until a person decides."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from tocsin.kernel.event import Instant, Recorded


class Edit(msgspec.Struct, frozen=True):
    """
    What somebody wrote into a field.

    Attributes:
        at: When they wrote it, which may be long before it arrived.
        by: Who, by their user's id.
        position: Where the journal has it.
    """

    value: Any
    at: Instant
    by: str
    position: int


class FieldConflict(msgspec.Struct, frozen=True):
    """
    Attributes:
        shown: The word that is shown: the one written last.
        others: What else was written by who had not seen it.
    """

    field: str
    shown: Edit
    others: tuple[Edit, ...]


class Edits(msgspec.Struct, frozen=True):
    """The last word on each field of a thing, and where there are several."""

    last: dict[str, Edit] = {}
    conflicts: tuple[FieldConflict, ...] = ()

    def write(self, fields: Mapping[str, object], recorded: Recorded) -> "tuple[Edits, set[str]]":
        """
        The edits after an event, and the fields in which its words are the ones to show.

        It conflicts where the last word came after what its author had `seen`; where that is not said, where it was
        written before that word. An author who had seen all words of a conflict has decided it.
        """
        last, conflicts, shown = dict(self.last), {each.field: each for each in self.conflicts}, set[str]()
        for field, value in fields.items():
            edit = Edit(_plain(value), occurred(recorded), recorded.actor.id, recorded.position)
            words = _words(field, last, conflicts)
            if not words or all(_saw(recorded, edit, word) for word in words):
                conflicts.pop(field, None)
                last[field], apart = edit, False
            else:
                apart = any(word.value != edit.value for word in words)
                last[field] = max((*words, edit), key=lambda word: (word.at, word.position))
            if apart:
                others = tuple(word for word in (*words, edit) if word is not last[field])
                conflicts[field] = FieldConflict(field, last[field], others)
            if last[field] is edit:
                shown.add(field)
        return Edits(last, tuple(conflicts[field] for field in sorted(conflicts))), shown


def _plain(value: object) -> Any:  # noqa: ANN401 - whatever a field may hold
    """As a snapshot gives it back: lists, where a command had tuples."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(value))


def _words(field: str, last: Mapping[str, Edit], conflicts: Mapping[str, FieldConflict]) -> tuple[Edit, ...]:
    """What was written and not decided so far."""
    if field in conflicts:
        return (conflicts[field].shown, *conflicts[field].others)
    return (last[field],) if field in last else ()


def _saw(recorded: Recorded, edit: Edit, word: Edit) -> bool:
    seen: int | None = getattr(recorded.event, "seen", None)
    return word.position <= seen if seen is not None else word.at <= edit.at


def occurred(recorded: Recorded) -> datetime:
    """When it was done: as its author says, or else when it was recorded."""
    said: datetime | None = getattr(recorded.event, "occurred", None)
    return said or recorded.time
