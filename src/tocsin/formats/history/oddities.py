"""What is odd about rows, in words, and what shows only when rows are laid side by side."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from tocsin.domain.record.history import Launch, Odd, PastAlert
from tocsin.domain.record.regions import region_of

WORDS: dict[str, str] = {
    Odd.SWAPPED: "the region stands in the column of the raion, and the other way round",
    Odd.PLACE_UNKNOWN: "a place that we do not know",
    Odd.PLACE_VAGUE: "a direction instead of a place",
    Odd.NAME_MENDED: "a place under a wrong name, read as the region that is meant",
    Odd.NO_START: "no start",
    Odd.NO_END: "no end",
    Odd.LONG: "longer than 24 hours",
    Odd.SHORT: "shorter than a minute",
    Odd.WHOLE_HOURS: "lasts whole hours to the second: the end may be invented",
    Odd.MERGED: "several alerts made into one",
    Odd.LENGTH_DIFFERS: "the stated length is not the time from start to end",
    Odd.MALFORMED_START: "the start is not written as a time; read as it is meant",
    Odd.MALFORMED_END: "the end is not written as a time; read as it is meant",
    Odd.DATE_ONLY: "a date without a time of day",
    Odd.CLOCK_CHANGE: "the clock showed this time twice or never",
    Odd.NOT_COUNTED: "nobody says how many were launched",
    Odd.EXCEEDS_LAUNCHED: "more is accounted for than was launched",
    Odd.JOINED_MODELS: "several models counted as one",
    Odd.MODEL_UNLISTED: "a model that the list of models does not have",
    Odd.CLASS_UNKNOWN: "a model whose class we do not know",
    Odd.LITERAL_NAN: "a literal of Python that holds NaN, which no such literal can",
    Odd.LITERAL_UNREADABLE: "a literal of Python that cannot be read",
    Odd.PARTS_DIFFER: "the parts do not add up to the whole",
    "inside_higher": "overlaps an alert of the area around it: time must not be counted twice",
    "same_window": "another row has the same window, model and target",
    "repeated": "the same row stands in the file twice; kept once",
    "revised": "an earlier edition read otherwise",
    "unread": "cannot be read; kept as text",
}


class OddRow(msgspec.Struct, frozen=True):
    """
    One thing that is odd about one row.

    Attributes:
        line: In the file, the header being 1.
        what: Its stable name.
        why: In words, with what the row has.
    """

    line: int
    what: str
    why: str


def odd_row(line: int, what: str, detail: str = "") -> OddRow:
    return OddRow(line, str(what), f"{WORDS[what]}: {detail}" if detail else WORDS[what])


def overlapping_levels(alerts: Sequence[PastAlert]) -> Iterator[OddRow]:
    """Alerts that lie, for some time, inside an alert of the area around them."""
    outer = _Outer(alerts)
    for alert in alerts:
        if alert.start is None or alert.end is None or "/" not in alert.place:
            continue
        if (over := outer.over(alert.place, alert.start, alert.end)) is not None:
            yield odd_row(alert.line, "inside_higher", f"{alert.place}, line {over.line}")


class _Outer:
    """Alerts of whole regions, by region and start."""

    def __init__(self, alerts: Sequence[PastAlert]) -> None:
        self._of: dict[str, list[PastAlert]] = {}
        for alert in alerts:
            if alert.start is not None and alert.end is not None and "/" not in alert.place:
                self._of.setdefault(alert.place, []).append(alert)
        for found in self._of.values():
            found.sort(key=_start)
        self._starts = {region: [_start(each) for each in found] for region, found in self._of.items()}

    def over(self, place: str, start: datetime, end: datetime) -> PastAlert | None:
        region = region_of(place)
        last = bisect_right(self._starts.get(region, []), end)
        # Alerts of one region hardly ever overlap each other, so the last few before the end suffice; look further
        # back all the same while they may still reach here.
        for each in reversed(self._of.get(region, [])[:last]):
            if each.end is not None and each.end > start and _start(each) < end:
                return each
            if (start - _start(each)).days > 7:  # longer than any alert that was ever lifted
                return None
        return None


def _start(alert: PastAlert) -> datetime:
    if alert.start is None:
        raise ValueError("an alert without a start has no place in time")
    return alert.start


def same_windows(launches: Sequence[Launch]) -> Iterator[OddRow]:
    """Rows that would be one, were it not for the place of the launch, the source or the counts."""
    of = Counter((each.start, each.end, each.models, each.target) for each in launches)
    for each in launches:
        if of[(each.start, each.end, each.models, each.target)] > 1:
            yield odd_row(each.line, "same_window", f"{' and '.join(each.models)}, {each.target}")
