"""Time under alert, and where two sources tell of one alert differently."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC
from enum import StrEnum
from math import inf

import msgspec

from tocsin.kernel.event import Instant
from tocsin.views.history.index import Alerts, AlertSpan, Index

LONGEST = 8 * 86400.0
"""Seconds: no alert that was lifted lasted longer, so two that begin further apart are not one."""
SAME = 60.0
"""Seconds by which two sources may differ and still say the same."""


class UnderAlert(msgspec.Struct, frozen=True, kw_only=True):
    """
    For how long a place was under alert, by one source.

    Attributes:
        seconds: Alerts for the whole place or an area around it; time of several at once counts once.
        seconds_anywhere: Those for parts of it too: for so long some of it was under alert.
        alerts: Stretches without a break.
        share: Of the part of the window that the source covers.
        without_start, without_end: Alerts that add nothing, as one time of theirs is not known: the truth is longer.
        covered_from, covered_to: The part of the window between the source's first and last alert there.
    """

    source: str
    seconds: float
    seconds_anywhere: float
    alerts: int
    share: float | None
    without_start: int
    without_end: int
    covered_from: Instant | None
    covered_to: Instant | None
    cited: tuple[str, ...]


class Differs(StrEnum):
    START = "start"
    END = "end"
    NO_START = "no_start"
    NO_END = "no_end"
    MISSING = "missing"
    SPLIT = "split"


class Disagreement(msgspec.Struct, frozen=True, kw_only=True):
    """
    One alert as two sources tell of it. Nothing is averaged: both stand.

    Attributes:
        what: `start`, `end`: they give different times. `no_start`, `no_end`: one gives none. `missing`: the second has
            no such alert, though it covers that time. `split`: it has several in place of one.
        seconds: The second's time less the first's.
        one, other: `source/row` of each.
    """

    what: Differs
    place: str
    one: tuple[str, ...]
    other: tuple[str, ...]
    start: Instant | None
    end: Instant | None
    other_start: Instant | None
    other_end: Instant | None
    seconds: float | None = None


class AlertTime(msgspec.Struct, frozen=True, kw_only=True):
    place: str
    start: Instant
    end: Instant
    sources: list[UnderAlert]
    disagreements: int
    definition: dict[str, str]
    would_change: tuple[dict[str, str], ...]


def alert_time(index: Index, place: str, start: dt.datetime, end: dt.datetime) -> AlertTime:
    """For how long a place was under alert between two moments, by each source that covers some of the time."""
    path, begins, ends = index.path(place), start.timestamp(), end.timestamp()
    found = [_under(alerts, path, begins, ends) for alerts in index.alerts.values()]
    return AlertTime(
        place=place,
        start=start,
        end=end,
        sources=[each for each in found if each is not None],
        disagreements=sum(1 for _ in disagreements(index, place, start, end)),
        definition={
            "uk": "Час, упродовж якого для місця або території довкола нього тривала тривога. Накладені тривоги "
            "враховано один раз; джерела не додано й не усереднено.",
            "en": "The time for which an alert stood for the place or an area around it. Overlapping alerts count "
            "once; sources are neither added up nor averaged.",
        },
        would_change=(
            {
                "uk": "Тривоги без початку чи кінця: з ними час був би більшим.",
                "en": "Alerts without a start or an end: with them the time would be longer.",
            },
            {
                "uk": "Місця, де тривога постійна, у даних можуть бути не названі (Луганщина, Крим).",
                "en": "Places under permanent alert may not be in the data (Luhansk, Crimea).",
            },
        ),
    )


def _under(alerts: Alerts, path: str, start: float, end: float) -> UnderAlert | None:
    covers = alerts.covers(path)
    if covers is None or covers[1] <= start or covers[0] >= end:
        return None
    begins, ends = max(start, covers[0]), min(end, covers[1])
    whole = alerts.spans(path, inside=False)
    seconds = whole.within(start, end)
    here = [each for each in alerts.of(path, inside=False) if each.start is None or each.end is None]
    return UnderAlert(
        source=alerts.name,
        seconds=seconds,
        seconds_anywhere=alerts.spans(path, inside=True).within(start, end),
        alerts=whole.count(start, end),
        share=seconds / (ends - begins) if ends > begins else None,
        without_start=sum(1 for each in here if each.start is None and start <= (each.end or 0) < end),
        without_end=sum(1 for each in here if each.end is None and start <= (each.start or 0) < end),
        covered_from=_instant(begins),
        covered_to=_instant(ends),
        cited=tuple(each.ref for each in here),
    )


def disagreements(index: Index, place: str, start: dt.datetime, end: dt.datetime) -> Iterator[Disagreement]:
    """Where two sources differ about a place's alerts between two moments: each pair of sources once."""
    path = index.path(place)
    if path not in index.differing:
        index.differing[path] = tuple(_differing(list(index.alerts.values()), path))
    for each in index.differing[path]:
        moment = each.end if each.start is None else each.start
        if moment is not None and start <= moment < end:
            yield each


def _differing(sources: Sequence[Alerts], path: str) -> Iterator[Disagreement]:
    for number, one in enumerate(sources):
        for other in sources[number + 1 :]:
            ours, theirs = one.covers(path), other.covers(path)
            if ours and theirs:
                # Alerts of areas around the place are other alerts; compare those of the place itself.
                pair = one.by_place.get(path, []), other.by_place.get(path, [])
                yield from _between(*pair, path, (max(ours[0], theirs[0]), min(ours[1], theirs[1])))


def _between(
    ours: Sequence[AlertSpan], theirs: Sequence[AlertSpan], path: str, covered: tuple[float, float]
) -> Iterator[Disagreement]:
    times, matched = [_moment(each) for each in theirs], set[str]()
    for alert in ours:
        if not covered[0] <= _moment(alert) <= covered[1]:
            continue
        near = slice(bisect_left(times, _moment(alert) - LONGEST), bisect_right(times, _moment(alert) + LONGEST))
        fitting = [each for each in theirs[near] if _same_alert(alert, each)]
        matched.update(each.ref for each in fitting)
        yield from _compare(path, alert, fitting)
    for alert in theirs:
        if covered[0] <= _moment(alert) <= covered[1] and alert.ref not in matched:
            yield _disagreement(Differs.MISSING, path, alert, ())


def _moment(alert: AlertSpan) -> float:
    moment = alert.end if alert.start is None else alert.start
    return 0.0 if moment is None else moment


def _same_alert(one: AlertSpan, other: AlertSpan) -> bool:
    """Whether two rows tell of one alert: they overlap, or share the only time that one of them has."""
    if one.start is not None and one.end is not None and other.start is not None and other.end is not None:
        return one.start <= other.end and other.start <= one.end
    if one.start is not None and other.start is not None:
        return (
            abs(one.start - other.start) <= SAME
            or (one.end is not None and one.start <= other.start <= one.end)
            or (other.end is not None and other.start <= one.start <= other.end)
        )
    return one.end is not None and other.end is not None and abs(one.end - other.end) <= SAME


def _compare(path: str, alert: AlertSpan, fitting: Sequence[AlertSpan]) -> Iterator[Disagreement]:
    if not fitting:
        yield _disagreement(Differs.MISSING, path, alert, ())
        return
    if len(fitting) > 1:
        yield _disagreement(Differs.SPLIT, path, alert, fitting)
        return
    other = fitting[0]
    for what, none, mine, theirs in (
        (Differs.START, Differs.NO_START, alert.start, other.start),
        (Differs.END, Differs.NO_END, alert.end, other.end),
    ):
        if (mine is None) != (theirs is None):
            yield _disagreement(none, path, alert, fitting)
        elif mine is not None and theirs is not None and abs(mine - theirs) > SAME:
            yield _disagreement(what, path, alert, fitting, theirs - mine)


def _disagreement(
    what: Differs, path: str, alert: AlertSpan, fitting: Sequence[AlertSpan], seconds: float | None = None
) -> Disagreement:
    starts = [each.start for each in fitting if each.start is not None]
    ends = [each.end for each in fitting if each.end is not None]
    return Disagreement(
        what=what,
        place=path,
        one=(alert.ref,),
        other=tuple(each.ref for each in fitting),
        start=_instant(alert.start),
        end=_instant(alert.end),
        other_start=_instant(min(starts, default=None)),
        other_end=_instant(max(ends, default=None)),
        seconds=seconds,
    )


def _instant(seconds: float | None) -> dt.datetime | None:
    return None if seconds is None or seconds == inf else dt.datetime.fromtimestamp(seconds, UTC)
