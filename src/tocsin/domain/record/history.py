"""
History: rows of other people's data sets, as they state them. Past alerts, launches counted by an air force, models.

They are events of their own, so that nothing here is ever on the board or sent to anybody. A row keeps what was odd
about it. One that cannot be read is kept too, as text.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from tocsin.domain.place import Count, Minutes
from tocsin.domain.record.attacks import WeaponClass
from tocsin.domain.source import Source, require_citable
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Invalid
from tocsin.kernel.event import Command, Event, Instant
from tocsin.kernel.time import zone_of

RowId = Annotated[
    str, Meta(min_length=1, max_length=80, description="The same for the same row in every edition of its data set")
]
Text = Annotated[str, Meta(max_length=2000)]
Line = Annotated[int, Meta(ge=0, description="In the file it was read from")]
PathText = Annotated[
    str, Meta(min_length=1, max_length=400, description="Code of a region, then names: `UA71…/Umanskyi`")
]


class Odd(StrEnum):
    """What may be odd about one row. Each is said in words by `formats.history`."""

    SWAPPED = "swapped"
    PLACE_UNKNOWN = "place_unknown"
    PLACE_VAGUE = "place_vague"
    NAME_MENDED = "name_mended"
    NO_START = "no_start"
    NO_END = "no_end"
    LONG = "long"
    SHORT = "short"
    WHOLE_HOURS = "whole_hours"
    MERGED = "merged"
    LENGTH_DIFFERS = "length_differs"
    MALFORMED_START = "malformed_start"
    MALFORMED_END = "malformed_end"
    DATE_ONLY = "date_only"
    CLOCK_CHANGE = "clock_change"
    NOT_COUNTED = "not_counted"
    EXCEEDS_LAUNCHED = "exceeds_launched"
    JOINED_MODELS = "joined_models"
    MODEL_UNLISTED = "model_unlisted"
    CLASS_UNKNOWN = "class_unknown"
    LITERAL_NAN = "literal_nan"
    LITERAL_UNREADABLE = "literal_unreadable"
    PARTS_DIFFER = "parts_differ"


class PastAlert(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """
    One alert as a data set has it.

    Attributes:
        start, end: Null: the data set does not say. At least one of them it does.
    """

    id: RowId
    place: PathText
    level: Annotated[str, Meta(max_length=40)] = ""
    start: Instant | None = None
    end: Instant | None = None
    odd: tuple[Odd, ...] = ()
    line: Line = 0


class Launch(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """
    What somebody counted of one model, or of several together, in one window of time.

    Attributes:
        night: The local date on which the window ends: what people call the attack by.
        start_precision_minutes, end_precision_minutes: A day where only the date is known. Then `start` is its first
            moment and `end` its last minute.
        models: As the row joins them.
        classes: Of its models; of more than one class where the row counts them together.
        parts: Launched, by model, where the row tells them apart.
        places: Aimed at, as far as they are known.
        target: In the words of the row.
        reference: The post or page that the row is from.
        more: The row's other columns that say something, as they are.
    """

    id: RowId
    start: Instant
    end: Instant
    night: date
    start_precision_minutes: Minutes = 0
    end_precision_minutes: Minutes = 0
    models: Annotated[tuple[Annotated[str, Meta(max_length=200)], ...], Meta(min_length=1)]
    classes: tuple[WeaponClass, ...]
    launched: Count | None = None
    intercepted: Count | None = None
    lost: Count | None = None
    still_airborne: Count | None = None
    parts: dict[str, Count] = {}
    hit_places: Count | None = None
    debris_places: Count | None = None
    places: tuple[PathText, ...] = ()
    target: Text = ""
    reference: Text = ""
    more: dict[str, Text] = {}
    odd: tuple[Odd, ...] = ()
    line: Line = 0


class Model(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """
    A weapon model as a list has it.

    Attributes:
        category: In the list's words.
        classes: What we hold its parts to be.
    """

    id: RowId
    name: Text
    category: Text = ""
    origin: Text = ""
    type: Text = ""
    classes: tuple[WeaponClass, ...] = ()
    odd: tuple[Odd, ...] = ()
    line: Line = 0


class Unread(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A row that says nothing we could keep otherwise: its text, and why."""

    id: RowId
    text: Annotated[str, Meta(max_length=4000)]
    why: Text
    line: Line = 0


HistoryRow: TypeAlias = PastAlert | Launch | Model | Unread


class _Rows(msgspec.Struct, frozen=True, kw_only=True):
    dataset: Annotated[str, Meta(max_length=80, pattern="^[a-z0-9][a-z0-9.-]*$")]
    source: Source
    licence: Annotated[str, Meta(max_length=200)] = ""
    time_zone: str = "UTC"
    alerts: tuple[PastAlert, ...] = ()
    launches: tuple[Launch, ...] = ()
    models: tuple[Model, ...] = ()
    unread: tuple[Unread, ...] = ()

    def rows(self) -> Iterator[tuple[str, HistoryRow]]:
        """Every row under a name that no other row of the data set has."""
        for kind in ("alerts", "launches", "models", "unread"):
            for row in getattr(self, kind):
                yield f"{kind}/{row.id}", row


class RecordHistory(Command, _Rows, frozen=True, kw_only=True, tag="history.record"):
    """
    Record rows of a data set. Rows that stand already are passed over; one that reads otherwise now is a revision.

    Attributes:
        source: The file, with its SHA-256.
        time_zone: Of the data set's own times, for its nights.
    """


class HistoryRecorded(Event, _Rows, frozen=True, kw_only=True, tag="history.recorded"):
    """Rows that were new, and rows that now read otherwise. The earlier reading stays in the journal."""


class History(msgspec.Struct, frozen=True):
    """The rows of one data set as they stand, without their lines."""

    rows: dict[str, HistoryRow] = {}


def decide(history: History, command: RecordHistory, _context: Context) -> Sequence[Event]:
    """
    Raises:
        Invalid: If the source cannot be cited, there are no rows, two share an id, or the times of one contradict
            each other.
    """
    require_citable(command.source)
    zone_of(command.time_zone, "time_zone")
    named = dict(command.rows())
    if len(named) != sum(1 for _ in command.rows()):
        raise Invalid("two rows have one id", "id")
    if not named:
        raise Invalid("there are no rows", "alerts")
    for index, alert in enumerate(command.alerts):
        _check_alert(alert, f"alerts[{index}]")
    for index, launch in enumerate(command.launches):
        if launch.end < launch.start:
            raise Invalid("it would end before it starts", f"launches[{index}].end")
    changed = {name for name, row in named.items() if history.rows.get(name) != _without_line(row)}
    if not changed:
        return []
    kept = {
        kind: tuple(row for row in getattr(command, kind) if f"{kind}/{row.id}" in changed)
        for kind in ("alerts", "launches", "models", "unread")
    }
    return [HistoryRecorded(**{**msgspec.structs.asdict(command), **kept})]


def _check_alert(alert: PastAlert, where: str) -> None:
    if alert.start is None and alert.end is None:
        raise Invalid("an alert has a start or an end", f"{where}.start")
    if alert.start is not None and alert.end is not None and alert.end < alert.start:
        raise Invalid("it would end before it starts", f"{where}.end")


def _without_line(row: HistoryRow) -> HistoryRow:
    # A newer edition has the same row on another line; that changes nothing.
    return msgspec.structs.replace(row, line=0)


def evolve(history: History, event: HistoryRecorded) -> History:
    return History(history.rows | {name: _without_line(row) for name, row in event.rows()})


HISTORY = Subject(
    name="history",
    id_field="dataset",
    commands=(RecordHistory,),
    events=(HistoryRecorded,),
    blank=History(),
    decide=decide,
    evolve=evolve,
)
