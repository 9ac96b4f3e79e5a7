"""History: what other people's data sets say of past alerts and launches, beside the alerts of our own."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from tocsin.domain.record.history import HistoryRecorded, HistoryRow
from tocsin.domain.source import Source
from tocsin.domain.warning import AlertCancelled, AlertCleared, AlertExpired, AlertRaised, AlertUpdated
from tocsin.kernel.event import Event, Recorded
from tocsin.views.history.index import OWN, AlertSpan, Index, Launches
from tocsin.views.history.state import Dataset, HistoryState, OwnAlert, Reading
from tocsin.views.view import Handler, View

__all__ = ["OWN", "AlertSpan", "Dataset", "Histories", "HistoryState", "Index", "Launches", "OwnAlert", "Reading"]


class Histories(View[HistoryState]):
    """
    Args:
        around: Area of the city to the areas around it, nearest first.
    """

    name: ClassVar[str] = "history"

    def __init__(self, around: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(HistoryState())
        self._around = around or {}
        self._index: tuple[HistoryState, Index] | None = None
        self._past: tuple[datetime, Index] | None = None

    def handlers(self) -> Mapping[type[Event], Handler]:
        return {
            HistoryRecorded: self._rows,
            AlertRaised: self._stands,
            AlertUpdated: self._stands,
            AlertCleared: self._ended,
            AlertCancelled: self._ended,
            AlertExpired: self._ended,
        }

    def _rows(self, recorded: Recorded) -> None:
        event: HistoryRecorded = recorded.event
        self._changed()
        dataset = self.state.datasets.setdefault(event.dataset, Dataset(event.dataset, event.licence, event.time_zone))
        dataset.licence, dataset.time_zone = event.licence, event.time_zone
        if event.source not in dataset.sources:
            dataset.sources.append(event.source)
        source = dataset.sources.index(event.source)
        for name, row in event.rows():
            kind, _, id_ = name.partition("/")
            reading = Reading(row, recorded.position, recorded.time, source)
            dataset.of(kind).setdefault(id_, []).append(reading)

    def _stands(self, recorded: Recorded) -> None:
        event: AlertRaised | AlertUpdated = recorded.event
        self._changed()
        own = self.state.own.setdefault(event.alert, OwnAlert(event.alert))
        for area in event.areas:
            own.starts.setdefault(area, recorded.time)
        self._end(own, [area for area in own.starts if area not in event.areas], recorded, "cleared")

    def _ended(self, recorded: Recorded) -> None:
        event: AlertCleared | AlertCancelled | AlertExpired = recorded.event
        self._changed()
        words = {AlertCleared: "cleared", AlertCancelled: "cancelled", AlertExpired: "expired"}
        if (own := self.state.own.get(event.alert)) is not None:
            self._end(own, event.areas, recorded, words[type(event)])

    def _end(self, own: OwnAlert, areas: Iterable[str], recorded: Recorded, how: str) -> None:
        for area in areas:
            if area in own.starts and own.ends.setdefault(area, recorded.time) == recorded.time:
                own.ended_by = how

    def _changed(self) -> None:
        self._index = self._past = None

    def index(self, recorded: datetime | None = None) -> Index:
        """
        The history in the shape in which it is asked.

        Args:
            recorded: As the record stood then. The last such index is kept; another moment costs another one.
        """
        if recorded is not None:
            if self._past is None or self._past[0] != recorded:
                self._past = recorded, Index(self.state, recorded, self._around)
            return self._past[1]
        # The state is another one after a snapshot was loaded.
        if self._index is None or self._index[0] is not self.state:
            self._index = self.state, Index(self.state, None, self._around)
        return self._index[1]

    def datasets(self) -> Sequence[Dataset]:
        """Every data set, in the order in which they first came in."""
        return tuple(self.state.datasets.values())

    def standing(self, dataset: str) -> dict[str, HistoryRow]:
        """The rows of a data set as they stand, by kind and id."""
        found = self.state.datasets.get(dataset)
        if found is None:
            return {}
        return {
            f"{kind}/{id_}": readings[-1].row
            for kind in ("alerts", "launches", "models", "unread")
            for id_, readings in found.of(kind).items()
        }

    def sources(self, dataset: str) -> tuple[Source, ...]:
        """The files that a data set's rows came from."""
        found = self.state.datasets.get(dataset)
        return tuple(found.sources) if found else ()
