"""
The account of an attack at a time: every figure, what follows from all of them together, and what is wrong with them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

import msgspec

from tocsin.domain.casualties.bounds import Bound, Bounds
from tocsin.domain.casualties.claims import Claim, Claims
from tocsin.domain.casualties.findings import Counted, Finding, find_clashes, find_oddities, find_overstated
from tocsin.domain.casualties.interval import Interval
from tocsin.domain.casualties.phrases import phrases
from tocsin.domain.casualties.policy import SHIPPED, Policy
from tocsin.domain.casualties.reconcile import (
    Figure,
    Weighed,
    figure_of,
    known_at,
    main_place,
    standing_at,
    weigh,
)
from tocsin.domain.casualties.sums import Around, readings_of
from tocsin.kernel.event import Instant


class Feasible(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a count can have been at a moment, by everything that was said of it and of the counts it hangs together with.

    Attributes:
        lo, hi: The bounds; `hi` is None while nothing limits it. They cross where claims contradict each other.
        phrase: In words, by language; empty where they cross.
        claims: Ids of the claims the bounds follow from, or names of worksites and registers.
        rules: The rules they follow by; none where a claim says so itself.
    """

    lo: int
    hi: int | None
    phrase: dict[str, str]
    as_of: Instant
    claims: tuple[str, ...]
    rules: tuple[str, ...]


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        place: The area that needs no mention in a key.
        figures: By key, as `reconcile.figures` has them.
        feasible: By key of a figure, at the moment that the figure's best was true for.
        implied: By key, what follows and nobody stated: six children in hospital mean that six were wounded. Of a count
            that was stated too, where more has followed since.
        readings: By ambiguous claim, the keys of the counts it may be of.
        findings: Every rule that is broken, and everything that should be looked at again.
    """

    place: str
    figures: dict[str, Figure]
    feasible: dict[str, Feasible]
    implied: dict[str, Feasible]
    readings: dict[str, tuple[str, ...]]
    findings: tuple[Finding, ...]


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """
    What else is known when claims are accounted for.

    Attributes:
        policy: Whom the city believes.
        around: Area to the areas around it, nearest first.
        start: When the attack began, if that is known.
        counted: What worksites and persons come to by themselves.
    """

    policy: Policy = SHIPPED
    around: Around = {}
    start: datetime | None = None
    counted: tuple[Counted, ...] = ()


BARE = Setting()


def account(
    claims: Claims, as_of: datetime, *, published: datetime | None = None, setting: Setting = BARE, place: str = ""
) -> Known:
    """Account for the claims of an attack at a time. Arguments as of `reconcile.figures`."""
    place = place or main_place(claims.standing, as_of, published)
    standing = standing_at(claims.standing, as_of, published)
    weighed = weigh(standing, setting.policy)
    figures = {each.series.key(place): figure_of(each, setting.policy) for each in weighed}
    heard, trusted = list(_spoken(weighed, trusted=False)), list(_spoken(weighed, trusted=True))
    counted = tuple(each for each in setting.counted if each.as_of <= as_of)
    known = known_at(claims.standing, as_of, published)
    bounds, clashes = find_clashes(trusted, setting.around, counted, known)
    if len(heard) > len(trusted):
        others = find_clashes(heard, setting.around, counted, known)[1]
        clashes += [finding for finding in others if finding not in clashes]
    oddities = find_oddities(known, standing, setting.start)
    overstated = find_overstated([voice.lead for voice in each.live] for each in weighed)
    return Known(
        place=place,
        figures=figures,
        feasible={key: _feasible(bounds, figure) for key, figure in figures.items()},
        implied=_implied(bounds, figures, place),
        readings={
            claim.id: tuple(series.key(place) for series in readings_of(claim, standing))
            for claim in standing
            if claim.ambiguous
        },
        findings=(*_disagreements(figures.values()), *clashes, *oddities, *overstated),
    )


def _spoken(weighed: Iterable[Weighed], *, trusted: bool) -> Iterator[Claim]:
    """The claims that speak for each origin; only of bodies that count, where any of them spoke."""
    for each in weighed:
        counting = any(voice.counts for voice in each.live)
        for voice in each.live:
            if voice.counts or not (trusted and counting):
                yield from voice.claims


def _feasible(bounds: Bounds, figure: Figure) -> Feasible:
    lower, upper = bounds.at(figure.series, figure.as_of.timestamp())
    return _said(lower, upper, figure.as_of)


def _said(lower: Bound, upper: Bound | None, as_of: datetime) -> Feasible:
    hi = None if upper is None else max(0, upper.value)
    cites = (lower, upper) if upper else (lower,)
    meets = hi is None or lower.value <= hi
    return Feasible(
        lo=lower.value,
        hi=hi,
        # "At least one", not "more than zero": of a bound that follows, its own number is the one to name.
        phrase=phrases(Interval(lower.value, hi, lower.value if hi is None else None)) if meets else {},
        as_of=as_of,
        claims=tuple(sorted(frozenset().union(*(bound.claims for bound in cites)))),
        rules=tuple(sorted(frozenset().union(*(bound.rules for bound in cites)))),
    )


def _implied(bounds: Bounds, figures: Mapping[str, Figure], place: str) -> dict[str, Feasible]:
    found: dict[str, Feasible] = {}
    for series in sorted(bounds.series(), key=lambda series: series.key(place)):
        lower = bounds.highest(series)
        stated = figures.get(key := series.key(place))
        # Also of a count that was stated, where more has followed since: 22 in hospital and nine treated by eight are
        # 31 wounded, though the last count of them said 28 at half past five.
        if lower is not None and (stated is None or (series.cumulative and lower.value > stated.best)):
            found[key] = _said(lower, None, datetime.fromtimestamp(lower.start, UTC))
    return found


def _disagreements(figures: Iterable[Figure]) -> Iterator[Finding]:
    for figure in figures:
        for conflict in figure.conflicts:
            yield Finding(conflict.rule, "error", conflict.claims, conflict.why)
