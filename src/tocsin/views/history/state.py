"""Rows of data sets, and our own alerts, as the history has them."""

from typing import Generic, TypeAlias, TypeVar

import msgspec

from tocsin.domain.record.history import HistoryRow, Launch, Model, PastAlert, Unread
from tocsin.domain.source import Source
from tocsin.kernel.event import Instant

RowT = TypeVar("RowT", bound=PastAlert | Launch | Model | Unread)


class Reading(msgspec.Struct, Generic[RowT], frozen=True):
    """
    A row as one edition of its data set read.

    Attributes:
        recorded: When it came into the record.
        source: Index of its file among those of the data set.
    """

    row: RowT
    position: int
    recorded: Instant
    source: int


Readings: TypeAlias = dict[str, list[Reading[RowT]]]
"""Row id to its readings, the one that stands last."""


class Dataset(msgspec.Struct):
    """
    One data set.

    Attributes:
        sources: The files that its rows came from, in the order of their import.
    """

    dataset: str
    licence: str
    time_zone: str
    sources: list[Source] = []
    alerts: Readings[PastAlert] = {}
    launches: Readings[Launch] = {}
    models: Readings[Model] = {}
    unread: Readings[Unread] = {}

    def of(self, kind: str) -> dict[str, list[Reading[HistoryRow]]]:
        """The readings of one kind of row."""
        found: dict[str, list[Reading[HistoryRow]]] = getattr(self, kind)
        return found


class OwnAlert(msgspec.Struct):
    """
    An alert of ours, area by area.

    Attributes:
        starts, ends: By area. One without an end still stands.
        ended_by: `cleared`, `cancelled` (it was false) or `expired` (nobody cleared it).
    """

    alert: str
    starts: dict[str, Instant] = {}
    ends: dict[str, Instant] = {}
    ended_by: str = ""


class HistoryState(msgspec.Struct):
    datasets: dict[str, Dataset] = {}
    own: dict[str, OwnAlert] = {}
