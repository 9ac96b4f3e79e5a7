"""What answers need of the history, in arrays: made once for each state of the record, then only looked up in."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from math import inf
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from tocsin.domain.record.attacks import WeaponClass
from tocsin.domain.record.history import Launch
from tocsin.domain.record.regions import contains, region_of
from tocsin.views.history.spans import Spans
from tocsin.views.history.state import Dataset, HistoryState, OwnAlert

OWN = "tocsin"
"""The name under which alerts of our own stand beside those of data sets."""

Mask = npt.NDArray[np.bool_]
KINDS = (*(each.value for each in WeaponClass), "joined")
"""What a row is of: one class, or several counted as one."""
_BIT = {each: 1 << number for number, each in enumerate(WeaponClass)}
_UNKNOWN = _BIT[WeaponClass.UNKNOWN]


class AlertSpan(msgspec.Struct, frozen=True):
    """
    One alert in one place.

    Attributes:
        start, end: Seconds since 1970; None where the data set does not say.
        ref: `data set/row`, or `tocsin/alert`.
    """

    ref: str
    place: str
    start: float | None
    end: float | None
    how: str = ""


class Alerts:
    """The alerts of one data set, by place."""

    def __init__(self, name: str, alerts: Iterable[AlertSpan]) -> None:
        self.name = name
        self.by_place: dict[str, list[AlertSpan]] = {}
        for alert in alerts:
            self.by_place.setdefault(alert.place, []).append(alert)
        for found in self.by_place.values():
            found.sort(key=_when)
        self._spans: dict[tuple[str, bool], Spans] = {}
        self._covers: dict[str, tuple[float, float] | None] = {}

    def covers(self, place: str) -> tuple[float, float] | None:
        """The first and the last time of any alert there: a source may cover one place for longer than another."""
        if place not in self._covers:
            times = [
                time for alert in self.of(place, inside=True) for time in (alert.start, alert.end) if time is not None
            ]
            self._covers[place] = (min(times), max(times)) if times else None
        return self._covers[place]

    def of(self, place: str, *, inside: bool) -> Iterator[AlertSpan]:
        """Alerts for a place or an area around it; with `inside`, for parts of it too."""
        for path, found in self.by_place.items():
            if contains(path, place) or (inside and contains(place, path)):
                yield from found

    def spans(self, place: str, *, inside: bool) -> Spans:
        """The time for which such an alert stood. One without a start or an end adds nothing."""
        key = (place, inside)
        if key not in self._spans:
            known = ((a.start, a.end) for a in self.of(place, inside=inside))
            self._spans[key] = Spans((start, end) for start, end in known if start is not None and end is not None)
        return self._spans[key]


class Launches:
    """
    The launches of all data sets in columns, by start.

    Attributes:
        start, end: Seconds since 1970. night: ordinal of the date.
        launched, intercepted, lost, still_airborne: NaN where nobody says.
        kind: Index in KINDS.
    """

    def __init__(self, rows: Iterable[tuple[str, Launch]]) -> None:
        listed = sorted(rows, key=lambda each: (each[1].start, each[0]))
        self.refs = [ref for ref, _ in listed]
        self.rows = [row for _, row in listed]
        self.start = np.array([row.start.timestamp() for row in self.rows], dtype=float)
        self.end = np.array([row.end.timestamp() for row in self.rows], dtype=float)
        self.night = np.array([row.night.toordinal() for row in self.rows], dtype=int)
        self.classes = np.array([sum(_BIT[each] for each in row.classes) for row in self.rows], dtype=int)
        self.launched = _column(row.launched for row in self.rows)
        self.intercepted = _column(row.intercepted for row in self.rows)
        self.lost = _column(row.lost for row in self.rows)
        self.still_airborne = _column(row.still_airborne for row in self.rows)
        joined = len(KINDS) - 1
        kinds = [KINDS.index(row.classes[0]) if len(row.classes) == 1 else joined for row in self.rows]
        self.kind = np.array(kinds, dtype=int)
        self._places: dict[str, tuple[Mask, Mask]] = {}
        self._periods: dict[str, tuple[list[str], npt.NDArray[np.int_]]] = {}
        self._windows: dict[tuple[str, frozenset[WeaponClass] | None], tuple[Spans, Spans]] = {}

    @cached_property
    def reporters(self) -> npt.NDArray[np.str_]:
        """Who counted, as the reference of the row has it: two of them may count the same weapons."""
        return np.array([reporter(row) for row in self.rows], dtype=str)

    def between(self, start: float | None, end: float | None) -> Mask:
        return (self.start >= (-np.inf if start is None else start)) & (self.start < (np.inf if end is None else end))

    def of_classes(self, classes: Iterable[WeaponClass] | None) -> tuple[Mask, Mask]:
        """Rows of these classes alone, and rows that may hold some of them."""
        if classes is None:
            every = np.ones(len(self.rows), dtype=bool)
            return every, every
        wanted = sum(_BIT[each] for each in set(classes))
        return (self.classes & ~wanted) == 0, (self.classes & (wanted | _UNKNOWN)) != 0

    def periods(self, name: str, label: Callable[[date], str]) -> tuple[list[str], npt.NDArray[np.int_]]:
        """The periods that any night is in, in order, and of each row the index of its own."""
        if name not in self._periods:
            of = [label(row.night) for row in self.rows]
            labels = sorted(set(of))
            number = {each: index for index, each in enumerate(labels)}
            self._periods[name] = labels, np.array([number[each] for each in of], dtype=int)
        return self._periods[name]

    def windows(self, place: str, classes: frozenset[WeaponClass] | None) -> tuple[Spans, Spans]:
        """The times in which something was surely launched at a place, and those in which something may have been."""
        key = place, classes
        if key not in self._windows:
            here, maybe_here = self.at(place)
            these, maybe_these = self.of_classes(classes)
            surely = here & these
            masks = surely, maybe_here & maybe_these & ~surely
            aimed, possible = (Spans(zip(self.start[m].tolist(), self.end[m].tolist(), strict=True)) for m in masks)
            self._windows[key] = aimed, possible
        return self._windows[key]

    def at(self, place: str) -> tuple[Mask, Mask]:
        """Rows aimed at a place or a part of it alone, and rows that may have been: they name something around it."""
        if place not in self._places:
            surely = [bool(row.places) and all(contains(place, path) for path in row.places) for row in self.rows]
            maybe = [
                not row.places or any(contains(place, path) or _around(path, place) for path in row.places)
                for row in self.rows
            ]
            self._places[place] = np.array(surely, dtype=bool), np.array(maybe, dtype=bool)
        return self._places[place]


class Index:
    """
    The history as it stood at one moment.

    Attributes:
        differing: Place to where its sources differ, once somebody has asked.

    Args:
        recorded: Readings that came in later are left out; None: nothing is.
        around: Area of the city to the areas around it, nearest first.
    """

    def __init__(
        self, state: HistoryState, recorded: datetime | None = None, around: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._around = around or {}
        self.differing: dict[str, Any] = {}
        self.alerts: dict[str, Alerts] = {}
        for dataset in state.datasets.values():
            if dataset.alerts:
                self.alerts[dataset.dataset] = Alerts(dataset.dataset, _past_alerts(dataset, recorded))
        if state.own:
            self.alerts[OWN] = Alerts(OWN, self._own(state.own.values(), recorded))
        self.launches = Launches(
            (f"{dataset.dataset}/{id_}", row)
            for dataset in state.datasets.values()
            for id_, row in _standing(dataset, recorded)
        )

    def path(self, place: str) -> str:
        """The path of a place: of an area of the city, from the codes around it."""
        return "/".join((*reversed(self._around.get(place, ())), place))

    def _own(self, alerts: Iterable[OwnAlert], recorded: datetime | None) -> Iterator[AlertSpan]:
        for alert in alerts:
            for area, start in alert.starts.items():
                end = alert.ends.get(area)
                if recorded is not None and start > recorded:
                    continue
                ended = end is not None and (recorded is None or end <= recorded)
                yield AlertSpan(
                    f"{OWN}/{alert.alert}",
                    self.path(area),
                    start.timestamp(),
                    # It still stands, which is not the same as an end that nobody knows.
                    end.timestamp() if ended and end else inf,
                    alert.ended_by if ended else "",
                )


def reporter(row: Launch) -> str:
    """Whoever's post a row is from: `kpszsu` of `kpszsu/posts/…`, `t.me/kpszsu` of `https://t.me/kpszsu/…`."""
    bare = row.reference.removeprefix("https://").removeprefix("http://").removeprefix("www.")
    parts = bare.split("/")
    return "/".join(parts[:2]) if "." in parts[0] else parts[0]


def _past_alerts(dataset: Dataset, recorded: datetime | None) -> Iterator[AlertSpan]:
    for id_, readings in dataset.alerts.items():
        known = readings if recorded is None else [each for each in readings if each.recorded <= recorded]
        if known:
            row = known[-1].row
            yield AlertSpan(
                f"{dataset.dataset}/{id_}",
                row.place,
                row.start.timestamp() if row.start else None,
                row.end.timestamp() if row.end else None,
            )


def _standing(dataset: Dataset, recorded: datetime | None) -> Iterator[tuple[str, Launch]]:
    for id_, readings in dataset.launches.items():
        known = readings if recorded is None else [each for each in readings if each.recorded <= recorded]
        if known:
            yield id_, known[-1].row


def _when(alert: AlertSpan) -> float:
    time = alert.end if alert.start is None else alert.start
    return 0.0 if time is None else time


def _column(numbers: Iterable[int | None]) -> npt.NDArray[np.float64]:
    return np.array([np.nan if number is None else number for number in numbers], dtype=float)


def _around(path: str, place: str) -> bool:
    # A direction may hold any place.
    return contains(path, place) or region_of(path) == "UA"
