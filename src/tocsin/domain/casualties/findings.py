"""
What is wrong or strange about the claims of an attack: the rules of docs/methodology.md, each with its words.

A rule with E says that claims cannot all be true; one with W, that somebody should look again. Neither moves a figure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations, pairwise

import msgspec

from tocsin.domain.casualties.bounds import Bounds, Clash, Stated
from tocsin.domain.casualties.claims import Claim, Measure, Sem, Series, Span, Status
from tocsin.domain.casualties.numerals import Lang
from tocsin.domain.casualties.phrases import render
from tocsin.domain.casualties.policy import label
from tocsin.domain.casualties.sums import Around, stated, sums
from tocsin.domain.casualties.words import EN, MEASURES, PRESENT, RULES, STRATA, UK


class Finding(msgspec.Struct, frozen=True):
    """
    One rule that some claims break.

    Attributes:
        rule: Such as E3; several joined by `+` where they clash only together.
        severity: `error` where the claims cannot all be true, else `warning`.
        claims: The fewest claims that show it.
        why: In words, by language.
    """

    rule: str
    severity: str
    claims: tuple[str, ...]
    why: dict[str, str]


class Counted(msgspec.Struct, frozen=True):
    """
    What worksites or persons come to by themselves, as a bound beside the claims.

    Attributes:
        name: Cited in place of a claim, such as `worksite C-1`.
        rule: By which it binds the claims: E10 or P1.
    """

    name: str
    rule: str
    series: Series
    lo: int
    hi: int | None
    as_of: datetime


def find_clashes(
    claims: Sequence[Claim], around: Around, counted: Sequence[Counted] = (), declared: Sequence[Claim] = ()
) -> tuple[Bounds, list[Finding]]:
    """
    The bounds that follow from claims taken together, and every smallest set of them that cannot be true together.

    Args:
        claims: Those that stand and were not overtaken.
        around: Area to the areas around it, nearest first.
        declared: All claims that were ever public.
    """
    bounds = _bounds(claims, around, counted, declared)
    found: dict[tuple[str, ...], Clash] = {}
    by_id = {claim.id: claim for claim in claims}
    for clash in bounds.clashes():
        if clash.rules:
            least, rules = _smallest(clash, by_id, around, counted, [*declared, *claims])
            if not _differ([by_id[name] for name in least if name in by_id]):
                found.setdefault(least, clash._replace(rules=rules))
    clashes = sorted(found.items(), key=lambda item: (sorted(item[1].rules), item[0]))
    extra: dict[str, list[Counted]] = {}
    for each in counted:
        extra.setdefault(each.name, []).append(each)
    return bounds, [_finding("+".join(sorted(clash.rules)), "error", least, by_id, extra) for least, clash in clashes]


def _differ(claims: Iterable[Claim]) -> bool:
    """Two of them disagree about one count already, which is told where the origins are compared."""
    return any(
        one.series == other.series and not one.interval.meets(other.interval) for one, other in combinations(claims, 2)
    )


def _bounds(claims: Iterable[Claim], around: Around, counted: Iterable[Counted], declared: Iterable[Claim]) -> Bounds:
    claims, counted = list(claims), list(counted)
    beside = [Stated(each.name, each.series, each.lo, each.hi, each.as_of.timestamp(), each.rule) for each in counted]
    return Bounds([*stated(claims), *beside], sums(claims, around, [each.series for each in counted], declared))


def _smallest(
    clash: Clash,
    by_id: Mapping[str, Claim],
    around: Around,
    counted: Sequence[Counted],
    declared: Sequence[Claim],
) -> tuple[tuple[str, ...], frozenset[str]]:
    """Leave out one claim after another, the newest first, as long as the rest still clashes."""
    names, rules = sorted(clash.claims), clash.rules

    def still(left: Sequence[str]) -> Clash | None:
        wholes = {claim.part_of.claim for name in left if (claim := by_id.get(name)) and claim.part_of}
        known = [by_id[name] for name in by_id if name in left]
        # A part is measured by the count it is a part of, though not by what was said of that count.
        silent = [msgspec.structs.replace(by_id[w], lo=0, hi=None, point=None) for w in wholes & set(by_id) - set(left)]
        rest = [each for each in counted if each.name in left]
        bounds = _bounds([*known, *silent], around, rest, declared)
        return next((each for each in bounds.clashes() if each.rules), None)

    for name in sorted(names, key=lambda name: (by_id[name].as_of.timestamp() if name in by_id else 0.0, name))[::-1]:
        left = [other for other in names if other != name]
        if smaller := still(left):
            names, rules = left, smaller.rules
    return tuple(names), rules


def find_oddities(known: Sequence[Claim], standing: Sequence[Claim], start: datetime | None) -> list[Finding]:
    """
    What strikes one about single claims and series of them: E6, E7, E11, E12, W2 to W5.

    Args:
        known: All that were public, the superseded too.
        standing: Those that nothing supersedes.
        start: When the attack began, if that is known.
    """
    by_id = {claim.id: claim for claim in known}
    found = [
        *_drops(standing),
        *_dead_taken_from_wounded(known),
        *_missing_unaccounted(standing),
        *(("E11", "error", (claim.id,)) for claim in standing if _out_of_time(claim, start)),
        *(("E12", "error", (claim.id,)) for claim in standing if unsupported(claim)),
        *_same_number_in_one_document(standing),
        *_round_jumps(standing),
        *_all_wounded_in_hospital(standing),
        *(("W5", "warning", (claim.id,)) for claim in standing if claim.ambiguous),
    ]
    return [_finding(rule, severity, ids, by_id, {}) for rule, severity, ids in sorted(set(found))]


_Found = tuple[str, str, tuple[str, ...]]


def unsupported(claim: Claim) -> bool:
    """It calls itself confirmed and shows neither document nor words (E12)."""
    return claim.status is Status.CONFIRMED and not (claim.source.document and claim.source.quote)


def explained(claim: Claim) -> bool:
    return claim.status is Status.REVISED and claim.reason is not None


def _out_of_time(claim: Claim, start: datetime | None) -> bool:
    return claim.published < claim.as_of or (start is not None and claim.as_of < start)


def _by_origin(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Each claim with the next one of the same origin about the same count."""
    series: dict[tuple[str, Series], list[Claim]] = {}
    for claim in sorted(claims, key=lambda claim: (claim.as_of, claim.published, claim.id)):
        series.setdefault((claim.origin, claim.series), []).append(claim)
    for said in series.values():
        yield from pairwise(said)


def _drops(standing: Iterable[Claim]) -> Iterator[_Found]:
    for earlier, later in _by_origin(standing):
        below = later.interval.below(earlier.interval) and earlier.as_of < later.as_of
        if later.series.cumulative and below and not explained(later):
            yield "E6", "error", (earlier.id, later.id)


def _dead_taken_from_wounded(known: Iterable[Claim]) -> Iterator[_Found]:
    """The wounded fell by as many as the dead rose: whoever dies of a wound stays among those ever wounded."""
    pairs = list(_by_origin(known))
    killed = [pair for pair in pairs if pair[0].measure is Measure.KILLED and pair[0].series.cumulative]
    for before, after in pairs:
        if before.measure is not Measure.INJURED or not before.series.cumulative or after.hi is None:
            continue
        fallen = before.lo - after.hi
        for was, now in killed:
            same = (was.origin, was.place, was.site, now.as_of) == (after.origin, after.place, after.site, after.as_of)
            if fallen > 0 and same and was.hi is not None and now.lo - was.hi == fallen:
                yield "E7", "error", (before.id, after.id, was.id, now.id)


def _missing_unaccounted(standing: Sequence[Claim]) -> Iterator[_Found]:
    """Fewer missing than before, and not as many more found: somebody was forgotten, or somebody was not told of."""
    for before, after in _by_origin(standing):
        if before.measure is not Measure.MISSING or after.hi is None:
            continue
        gone = before.lo - after.hi
        found = [_rise(measure, before, after, standing) for measure in (Measure.RESCUED_ALIVE, Measure.KILLED)]
        if gone > sum(rise for rise, _ in found):
            yield "E9", "warning", (before.id, after.id, *(id_ for _, ids in found for id_ in ids))


def _rise(measure: Measure, before: Claim, after: Claim, standing: Iterable[Claim]) -> tuple[int, tuple[str, ...]]:
    series = msgspec.structs.replace(before.series, measure=measure)
    said = [claim for claim in standing if claim.series == series and claim.as_of <= after.as_of]
    old = max((claim.lo for claim in said if claim.as_of <= before.as_of), default=0)
    new = max(said, key=lambda claim: (claim.lo, claim.id), default=None)
    return (0, ()) if new is None or new.lo <= old else (new.lo - old, (new.id,))


def _same_number_in_one_document(standing: Sequence[Claim]) -> Iterator[_Found]:
    """One number for two things in one text: perhaps it was read from the wrong line."""
    by_document: dict[tuple[str, ...], list[Claim]] = {}
    for claim in standing:
        if claim.source.document and claim.stratum_is_all and claim.point is not None and claim.point >= TELLING:
            by_document.setdefault(claim.source.document, []).append(claim)
    for said in by_document.values():
        for one, other in combinations(sorted(said, key=lambda claim: claim.id), 2):
            hospital = {one.measure, other.measure} == {Measure.INJURED, Measure.HOSPITALISED}
            if one.measure is not other.measure and one.point == other.point and not hospital:
                yield "W2", "warning", (one.id, other.id)


TELLING = 10
"""Below this two counts are equal by chance."""
JUMP = 1.25
"""A round number so many times the last count is looked at again."""


def _round_jumps(standing: Sequence[Claim]) -> Iterator[_Found]:
    by_series: dict[Series, list[Claim]] = {}
    for claim in sorted(standing, key=lambda claim: (claim.as_of, claim.id)):
        before = by_series.setdefault(claim.series, [])
        highest = max(
            (old for old in before if old.as_of < claim.as_of), key=lambda old: (old.lo, old.id), default=None
        )
        said = claim.lo - 1 if claim.point is None and claim.hi is None else claim.point or 0
        far = highest is not None and said > max(highest.lo * JUMP, highest.lo + TELLING)
        if highest and far and said >= TELLING and said % 10 == 0 and not _borne_out(claim, said, standing):
            yield "W3", "warning", (highest.id, claim.id)
        before.append(claim)


def _borne_out(claim: Claim, number: int, standing: Iterable[Claim]) -> bool:
    """Another origin has come to as many since."""
    return any(
        other.series == claim.series
        and other.origin != claim.origin
        and other.as_of >= claim.as_of
        and other.lo >= number
        for other in standing
    )


def _all_wounded_in_hospital(standing: Sequence[Claim]) -> Iterator[_Found]:
    wounded = {
        (claim.origin, claim.as_of, claim.series): claim
        for claim in standing
        if claim.measure is Measure.INJURED and not claim.ambiguous
    }
    for claim in standing:
        if claim.measure is Measure.HOSPITALISED and claim.point is not None and claim.point > 1:
            same = msgspec.structs.replace(claim.series, measure=Measure.INJURED)
            whole = wounded.get((claim.origin, claim.as_of, same))
            if whole is not None and whole.point == claim.point:
                yield "W4", "warning", (whole.id, claim.id)


def find_overstated(live: Iterable[Sequence[Claim]]) -> list[Finding]:
    """More killed than somebody who counted later allows (W1), among the claims that speak for each origin."""
    found: dict[tuple[str, ...], Finding] = {}
    for leads in live:
        for one, other in combinations(sorted(leads, key=lambda claim: (claim.as_of, claim.id)), 2):
            killed = one.measure is Measure.KILLED and one.span is Span.TO_DATE
            if killed and one.as_of < other.as_of and other.interval.below(one.interval):
                by_id = {one.id: one, other.id: other}
                found[one.id, other.id] = _finding("W1", "warning", (one.id, other.id), by_id, {})
    return [found[key] for key in sorted(found)]


def _finding(
    rule: str, severity: str, ids: tuple[str, ...], by_id: Mapping[str, Claim], extra: Mapping[str, Sequence[Counted]]
) -> Finding:
    claims = [by_id[id_] for id_ in ids if id_ in by_id]
    why = {}
    for lang in Lang:
        rules = "; ".join(RULES[each][lang] for each in rule.split("+"))
        said = [_said(claim, lang) for claim in claims]
        said += [_tallied(each, lang) for id_ in ids for each in extra.get(id_, ())]
        why[lang.value] = f"{rules} — {'; '.join(said)}{_differently(claims, lang)}"
    return Finding(rule, severity, ids, why)


def _said(claim: Claim, lang: Lang) -> str:
    says = render(claim.interval, lang, words=False)
    return f"{label(claim.speaker, lang)}: {name_of(claim.series, lang)} {says}"


def _tallied(counted: Counted, lang: Lang) -> str:
    return f"{counted.name}: {name_of(counted.series, lang)} {counted.lo}"


def _differently(claims: Iterable[Claim], lang: Lang) -> str:
    notes = {claim.definition_note for claim in claims}
    if len(notes) < 2:
        return ""
    said = ", ".join(sorted(note for note in notes if note))
    return {EN: f". They do not count alike: {said}", UK: f". Рахують по-різному: {said}"}[lang]


def name_of(series: Series, lang: Lang) -> str:
    """What a count is a count of, in lower case: "taken to hospital (children), C-1"."""
    tokens = series.stratum.tokens
    present = series.measure in PRESENT and Sem.CURRENT in tokens
    named = (PRESENT if present else MEASURES)[series.measure][lang].lower()
    strata = ", ".join(STRATA[token][lang] for token in tokens if not present or token != Sem.CURRENT)
    return named + (f" ({strata})" if strata else "") + (f", {series.scope.site}" if series.scope.site else "")
