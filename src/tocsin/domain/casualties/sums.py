"""
How counts hang together by nature and by what claims say of each other: rules E2 to E8 and E10 as sums of parts.

Every rule is one line of `_wholes`; nothing here knows a number.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

import msgspec

from tocsin.domain.casualties.bounds import Stated, Sum
from tocsin.domain.casualties.claims import (
    STOCKS,
    Age,
    Claim,
    Measure,
    Role,
    Scope,
    Sem,
    Series,
    Sex,
    Span,
    Stratum,
)

Around: TypeAlias = Mapping[str, Sequence[str]]
"""Area to the areas around it, nearest first."""
Whole: TypeAlias = tuple[Series, str, str]
"""A count that a part belongs to, by which rule, and the name of the group whose parts do not overlap."""

_WITHIN: dict[Measure, Measure] = {
    Measure.HOSPITALISED: Measure.INJURED,
    Measure.TREATED_ON_SCENE: Measure.INJURED,
    Measure.DISCHARGED: Measure.HOSPITALISED,
    Measure.DIED_IN_HOSPITAL: Measure.HOSPITALISED,
}
_EVERYBODY = {"age": Age.ALL, "sex": Sex.ALL, "role": Role.ALL}


def sums(
    claims: Iterable[Claim], around: Around, more: Iterable[Series] = (), declared: Iterable[Claim] = ()
) -> list[Sum]:
    """
    Every sum that ties the claims' counts, and the counts they are parts of, together.

    Args:
        around: Where areas lie.
        more: Counts that are known otherwise than by claims.
        declared: All claims that were ever public. A partition holds only as long as each of its parts does.
    """
    claims = list(claims)
    present = dict.fromkeys((*(claim.series for claim in claims), *more))
    places = {series.scope.place for series in present}
    groups: dict[Whole, dict[Series, None]] = {}
    known, waiting = set(present), list(present)
    while waiting:
        part = waiting.pop()
        for whole in _wholes(part, around, places):
            groups.setdefault(whole, {})[part] = None
            if whole[0] not in known:
                known.add(whole[0])
                waiting.append(whole[0])
    natural = [
        Sum(tuple(sorted(parts, key=_order)), whole, rule, equal=group == "hospital" and len(parts) == 3)
        for (whole, rule, group), parts in groups.items()
    ]
    return sorted([*natural, *_declared(claims, declared)], key=_sum_order)


def _wholes(part: Series, around: Around, places: set[str]) -> Iterator[Whole]:
    yield from _by_nature(part)
    if part.scope.site:
        return
    if outer := next((area for area in around.get(part.scope.place, ()) if area in places), None):
        yield _with(part, scope=Scope(outer)), "E5", "areas"


@lru_cache(maxsize=16384)
def _by_nature(part: Series) -> tuple[Whole, ...]:
    """What a count is a part of wherever it lies: asked for at every claim, and always the same."""
    return tuple(_natural(part))


def _natural(part: Series) -> Iterator[Whole]:
    stratum, scope = part.stratum, part.scope
    for field, everybody in _EVERYBODY.items():
        if getattr(stratum, field) is not everybody:
            yield _with(part, stratum=msgspec.structs.replace(stratum, **{field: everybody})), "E2", field
    if scope.site:
        yield _with(part, scope=Scope(scope.place)), "E5", "sites"
    to_date = Stratum(stratum.age, stratum.sex, stratum.role)
    if stratum.span is Span.PER_PERIOD:
        if part.measure not in STOCKS:
            yield _with(part, stratum=to_date), "E6", f"since {stratum.since}"
    elif stratum.sem is Sem.CURRENT:
        yield _with(part, stratum=to_date), *_CURRENT.get(part.measure, ("E3", "current"))
    elif stratum.sem is None:
        yield from _by_measure(part)


_CURRENT = {Measure.HOSPITALISED: ("E8", "hospital"), Measure.INJURED: ("E7", "wounded")}


def _by_measure(part: Series) -> Iterator[Whole]:
    match part.measure:
        case Measure.HOSPITALISED | Measure.TREATED_ON_SCENE:
            yield _with(part, measure=Measure.INJURED), "E3", "care"
        case Measure.DISCHARGED:
            yield _with(part, measure=Measure.HOSPITALISED), "E8", "hospital"
        case Measure.DIED_IN_HOSPITAL:
            # Whoever dies of a wound in hospital is killed, and stays among those ever wounded and ever admitted.
            yield _with(part, measure=Measure.HOSPITALISED), "E8", "hospital"
            yield _with(part, measure=Measure.KILLED), "E7", "killed"
            yield _with(part, measure=Measure.INJURED), "E7", "wounded"


def _declared(claims: Iterable[Claim], ever: Iterable[Claim]) -> Iterator[Sum]:
    """What claims say themselves: this is a part of that (E4), and these parts are all of it (E2)."""
    by_id = {claim.id: claim for claim in claims}
    for claim in by_id.values():
        if claim.part_of is None or claim.ambiguous or claim.part_of.claim not in by_id:
            continue
        whole = by_id[claim.part_of.claim].series
        if whole != claim.series and not any(found[0] == whole for found in _wholes(claim.series, {}, set())):
            yield Sum((claim.series,), whole, "E4", claims=frozenset((claim.id,)))
    partitions: dict[tuple[str, str], dict[str, Claim]] = {}
    for claim in (*ever, *by_id.values()):
        if claim.part_of is not None and claim.part_of.partition and not claim.ambiguous:
            partitions.setdefault((claim.part_of.claim, claim.origin), {})[claim.id] = claim
    for (whole_id, _), parts in partitions.items():
        if whole_id in by_id and by_id.keys() >= parts.keys():
            series = tuple(sorted({part.series for part in parts.values()}, key=_order))
            yield Sum(series, by_id[whole_id].series, "E2", equal=True, claims=frozenset(parts))


def stated(claims: Iterable[Claim]) -> Iterator[Stated]:
    """What each claim says of a count; of an ambiguous one, only what every reading of it implies (W5)."""
    claims = list(claims)
    for claim in claims:
        at = claim.as_of.timestamp()
        if not claim.ambiguous:
            yield Stated(claim.id, claim.series, claim.lo, claim.hi, at)
            continue
        readings = [reading.measure for reading in readings_of(claim, claims)]
        # Six children are among the wounded or among those in hospital: then at least six are wounded, and at most
        # six are in hospital, whichever it is.
        for measure in readings:
            lo = claim.lo if all(_inside(other, measure) for other in readings) else None
            hi = claim.hi if len(readings) > 1 and all(_inside(measure, other) for other in readings) else None
            if lo is not None or hi is not None:
                yield Stated(claim.id, _with(claim.series, measure=measure), lo, hi, at)


def readings_of(claim: Claim, claims: Iterable[Claim]) -> list[Series]:
    """
    The counts that an ambiguous claim may be of: its own first, then those of the wholes it may be a part of.

    Where it does not name the other whole, any total counts that the same body gave for the same moment and that
    contains its own measure or is contained in it.
    """
    measures = [claim.measure]
    for other in claims:
        if claim.part_of is not None and claim.part_of.alternative:
            named = other.id in (claim.part_of.alternative, claim.part_of.claim)
        else:
            related = _inside(other.measure, claim.measure) or _inside(claim.measure, other.measure)
            named = related and other.stratum_is_all and (other.origin, other.as_of) == (claim.origin, claim.as_of)
        if named and other.measure not in measures:
            measures.append(other.measure)
    return [_with(claim.series, measure=measure) for measure in measures]


def _inside(part: Measure, whole: Measure) -> bool:
    return part is whole or (part in _WITHIN and _inside(_WITHIN[part], whole))


def _with(series: Series, **changes: object) -> Series:
    return msgspec.structs.replace(series, **changes)


@lru_cache(maxsize=16384)
def _order(series: Series) -> tuple[str, ...]:
    return (series.scope.place, series.scope.site, series.key(series.scope.place))


def _sum_order(total: Sum) -> tuple[object, ...]:
    return _order(total.whole), total.rule, [_order(part) for part in total.parts], sorted(total.claims)
