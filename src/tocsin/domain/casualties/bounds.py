"""
Bounds of many counts at once: what each claim says, carried along the sums that tie the counts together.

A bound holds for a stretch of time. A count that only grows was at least nine from the moment somebody counted nine,
and at most nine until then; how many are in hospital now is known for that one moment. So 44 taken to hospital by the
afternoon does not contradict 31 wounded by the morning; 44 by the morning would.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from tocsin.domain.casualties.claims import Series, Span

ALWAYS = (float("-inf"), float("inf"))
STEPS = 40
"""For each sum, how often it is looked at before we stop. Only claims that contradict each other come near it."""


class Bound(NamedTuple):
    """
    The least or the most that a count was, from `start` to `end` (seconds of the epoch, both included).

    Attributes:
        claims: Ids of the claims it follows from.
        rules: The rules it follows by; none if it was said outright.
    """

    value: int
    start: float
    end: float
    claims: frozenset[str]
    rules: frozenset[str]


NOTHING = Bound(0, *ALWAYS, frozenset(), frozenset())
"""No count of people is below zero."""


class Sum(NamedTuple):
    """
    The parts together are at most the whole; `equal` if they are all of it.

    Attributes:
        claims: Ids of the claims that say so, where it is not so by nature.
    """

    parts: tuple[Series, ...]
    whole: Series
    rule: str
    equal: bool = False
    claims: frozenset[str] = frozenset()


class Clash(NamedTuple):
    """A count that would have to be more than it can be."""

    series: Series
    claims: frozenset[str]
    rules: frozenset[str]


class Stated(NamedTuple):
    """
    What one claim says of one count at one moment; None for a side it leaves open.

    Attributes:
        rule: By which it holds, if it is not a claim's own word.
    """

    claim: str
    series: Series
    lo: int | None
    hi: int | None
    at: float
    rule: str = ""


class Bounds:
    """
    Everything that follows from some claims and sums. It depends on neither's order.

    Args:
        stated: What was said.
        sums: How the counts hang together.
    """

    def __init__(self, stated: Iterable[Stated], sums: Sequence[Sum]) -> None:
        self._lowers: dict[Series, list[Bound]] = {}
        self._uppers: dict[Series, list[Bound]] = {}
        self._sums_of: dict[Series, list[int]] = {}
        self._sums = sums
        for index, each in enumerate(sums):
            for series in (*each.parts, each.whole):
                self._sums_of.setdefault(series, []).append(index)
        for said in sorted(stated, key=lambda said: said.claim):
            claims, rules = frozenset((said.claim,)), frozenset(filter(None, (said.rule,)))
            if said.lo:
                self._raise(said.series, Bound(said.lo, said.at, said.at, claims, rules))
            if said.hi is not None:
                self._cap(said.series, Bound(said.hi, said.at, said.at, claims, rules))
        self._propagate()

    def at(self, series: Series, moment: float) -> tuple[Bound, Bound | None]:
        """The tightest bounds of a count at a moment; they cross if it is contradicted."""
        lower = max(_valid(self._lowers.get(series, ()), moment), key=lambda bound: bound.value, default=NOTHING)
        upper = min(_valid(self._uppers.get(series, ()), moment), key=lambda bound: bound.value, default=None)
        return lower, upper

    def highest(self, series: Series) -> Bound | None:
        """The most that a count is known to have come to, and since when; None if it may be zero."""
        return max(self._lowers.get(series, ()), key=lambda bound: (bound.value, -bound.start), default=None)

    def series(self) -> Iterator[Series]:
        """Every count that is known to be above zero or below something."""
        yield from dict.fromkeys((*self._lowers, *self._uppers))

    def clashes(self) -> Iterator[Clash]:
        """Every count whose least is more than its most at some moment."""
        for series, uppers in self._uppers.items():
            for upper in uppers:
                for lower in (*self._lowers.get(series, ()), NOTHING):
                    if lower.value > upper.value and max(lower.start, upper.start) <= min(lower.end, upper.end):
                        yield Clash(series, lower.claims | upper.claims, lower.rules | upper.rules)

    def _propagate(self) -> None:
        waiting = deque(range(len(self._sums)))
        queued, left = set(waiting), STEPS * len(self._sums)
        while waiting and left:
            left -= 1
            index = waiting.popleft()
            queued.discard(index)
            for series in self._apply(self._sums[index]):
                for other in self._sums_of[series]:
                    if other not in queued:
                        queued.add(other)
                        waiting.append(other)

    def _apply(self, total: Sum) -> Iterator[Series]:
        """Tighten every count of one sum; yields those that changed."""
        lowers = [self._lowers.get(part, ()) for part in total.parts]
        if any(lowers):
            for bound in _added(lowers, optional=True):
                if bound.value and self._raise(total.whole, _by(bound, total)):
                    yield total.whole
        if uppers := self._uppers.get(total.whole):
            yield from self._share(total, lowers, uppers)
        if total.equal:
            for bound in _added([self._uppers.get(part, ()) for part in total.parts], optional=False):
                if self._cap(total.whole, _by(bound, total)):
                    yield total.whole

    def _share(self, total: Sum, lowers: Sequence[Sequence[Bound]], uppers: Sequence[Bound]) -> Iterator[Series]:
        """No part is more than what the others leave of the whole."""
        for index, part in enumerate(total.parts):
            others = list(_added([*lowers[:index], *lowers[index + 1 :]], optional=True))
            for upper in uppers:
                for taken in others:
                    if (rest := _less(upper, taken)) and self._cap(part, _by(rest, total)):
                        yield part

    def _raise(self, series: Series, bound: Bound) -> bool:
        if _lasts(series):
            bound = Bound(bound.value, bound.start, ALWAYS[1], bound.claims, bound.rules)
        return _insert(self._lowers.setdefault(series, []), bound, 1)

    def _cap(self, series: Series, bound: Bound) -> bool:
        if _lasts(series):
            bound = Bound(bound.value, ALWAYS[0], bound.end, bound.claims, bound.rules)
        return _insert(self._uppers.setdefault(series, []), bound, -1)


@lru_cache(maxsize=16384)
def _lasts(series: Series) -> bool:
    """A count that cannot fall: it only grows, or its period is over."""
    return series.cumulative or series.stratum.span is Span.PER_PERIOD


def _valid(bounds: Iterable[Bound], moment: float) -> Iterator[Bound]:
    return (bound for bound in bounds if bound.start <= moment <= bound.end)


def _covers(one: Bound, other: Bound, sign: int) -> bool:
    """One says all that the other says."""
    return sign * one.value >= sign * other.value and one.start <= other.start and one.end >= other.end


def _insert(front: list[Bound], bound: Bound, sign: int) -> bool:
    """Keep a bound unless another covers it, and drop those that it covers. False if nothing new was said."""
    for old in front:
        if _covers(old, bound, sign):
            return False
    front[:] = [old for old in front if not _covers(bound, old, sign)]
    front.append(bound)
    return True


def _added(fronts: Sequence[Sequence[Bound]], *, optional: bool) -> Iterator[Bound]:
    """
    The sums of one bound of each part, for the time that all of them hold.

    Args:
        optional: A part may be left out: below zero it cannot be.
    """
    found = [NOTHING]
    for front in fronts:
        options = (NOTHING, *front) if optional else front
        found = [
            Bound(one.value + two.value, start, end, one.claims | two.claims, one.rules | two.rules)
            for one in found
            for two in options
            if (start := max(one.start, two.start)) <= (end := min(one.end, two.end))
        ]
    return iter(found)


def _less(upper: Bound, taken: Bound) -> Bound | None:
    start, end = max(upper.start, taken.start), min(upper.end, taken.end)
    if start > end:
        return None
    # Below zero all is contradicted alike; were it to sink on, contradictory claims would never come to rest.
    value = max(-1, upper.value - taken.value)
    return Bound(value, start, end, upper.claims | taken.claims, upper.rules | taken.rules)


def _by(bound: Bound, total: Sum) -> Bound:
    rules = bound.rules if total.rule in bound.rules else bound.rules | {total.rule}
    return Bound(bound.value, bound.start, bound.end, bound.claims | total.claims, rules)
