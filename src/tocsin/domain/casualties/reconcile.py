"""
From claims to figures: what is known at a time, who says so, and where sources differ. Never an average.

The rules and their reasons are in docs/methodology.md. All of this is pure, and no rule looks at the order in which
claims arrived: only at what they were true for, when they were published and who counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import combinations
from operator import attrgetter

import msgspec

from tocsin.domain.casualties.claims import (
    Attachment,
    Claim,
    Claims,
    Measure,
    OrgKind,
    Reason,
    Scope,
    Series,
    Status,
    Stratum,
)
from tocsin.domain.casualties.interval import Interval
from tocsin.domain.casualties.numerals import Lang
from tocsin.domain.casualties.phrases import phrases, render
from tocsin.domain.casualties.policy import SHIPPED, STANDING, Policy, label
from tocsin.kernel.event import Instant

DISAGREE = {
    Lang.EN: "{one} says {one_says}, {other} says {other_says}: these do not agree",
    Lang.UK: "{one} — {one_says}, {other} — {other_says}: ці дані не узгоджуються",
}


SINCE = timedelta(hours=1)
"""So much later any body that counts speaks of another moment, where a count goes up and down."""


class Conflict(msgspec.Struct, frozen=True, gc=False):
    """
    Claims that cannot all be true, with the reason in words by language.

    Attributes:
        claims: The fewest that contradict each other: without any one of them the others could be true.
        rule: Which rule they break; D1 where two origins give one count differently.
    """

    claims: tuple[str, ...]
    why: dict[str, str]
    rule: str = "D1"


class Figure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    What is known of one count at a time.

    Attributes:
        series: What it is a figure of.
        low, high: The least and the most that any source still standing allows; `high` is None while it is open.
        best: The number of the source believed first, or its lower bound if it named none.
        says: The bounds that source gave, and in `phrase` how that is said in each language.
        claims: Ids of the claims it rests on, those behind `best` first.
        overtaken: Ids of older claims that a later count went past: history, not disagreement.
        reason, reason_note: Why the best was revised downward, if it was.
        as_of: The moment the best was true for.
        source: Label of whoever said the best, by language.
        attachment: How sure it is what the best is a part of, if it is a part.
    """

    series: Series
    low: int
    best: int
    high: int | None
    status: Status
    says: Interval
    phrase: dict[str, str]
    claims: tuple[str, ...]
    conflicts: tuple[Conflict, ...] = ()
    overtaken: tuple[str, ...] = ()
    reason: Reason | None = None
    reason_note: dict[Lang, str] = {}
    as_of: Instant
    source: dict[str, str]
    attachment: Attachment | None = None


class Voice(msgspec.Struct, frozen=True, gc=False):
    """
    What one origin says last: its newest claims, taken together.

    Attributes:
        lead: The claim that speaks for it: the most exact, then the earliest published.
        claims: All that agree with it, the lead first.
        kind: What kind of body counted, which is not always the one that is quoted.
        counts: Whether such a body counts for itself.
    """

    interval: Interval
    lead: Claim
    claims: tuple[Claim, ...]
    kind: OrgKind
    counts: bool
    conflicts: tuple[Conflict, ...] = ()


class Weighed(msgspec.Struct, frozen=True):
    """
    What the origins say of one count at a time.

    Attributes:
        live: Those that no later count went past.
        overtaken: The others: history.
    """

    series: Series
    live: tuple[Voice, ...]
    overtaken: tuple[Voice, ...]


def figures(
    claims: Claims,
    as_of: datetime,
    place: str = "",
    *,
    published: datetime | None = None,
    policy: Policy = SHIPPED,
) -> dict[str, Figure]:
    """
    Every figure of an attack at a time, by key: `killed`, `hospitalised:child`, `injured@C-1`.

    Args:
        place: The area whose figures need no mention of it. By default that of the earliest claim.
        published: Count what was public by then, instead of by `as_of`: what we know now of how it was at six.
    """
    place = place or main_place(claims.standing, as_of, published)
    weighed = weigh(standing_at(claims.standing, as_of, published), policy)
    return {each.series.key(place): figure_of(each, policy) for each in weighed}


def weigh(standing: Iterable[Claim], policy: Policy = SHIPPED) -> list[Weighed]:
    """Claims that stand at a time, put together by what they count and who counted, in the order of telling."""
    standing = list(standing)
    by_series: dict[Series, list[Claim]] = {}
    for claim in standing:
        by_series.setdefault(claim.series, []).append(claim)
    counted_by = bodies(standing, policy)
    return [weigh_one(series, by_series[series], policy, counted_by) for series in sorted(by_series, key=telling_order)]


Bodies = Mapping[str, OrgKind]
"""Origin to the kind of body that it is, for those that have been quoted by somebody who does not count."""


def bodies(claims: Iterable[Claim], policy: Policy = SHIPPED) -> Bodies:
    """
    Who counted, where a newsroom tells it: the kind of body that speaks for that origin elsewhere.

    Without this a newsroom's newer copy would take the agency's word for that of a newsroom, which overtakes nobody.
    """
    counting = policy.counting
    origins = {claim.origin for claim in claims if claim.speaker.org_kind not in counting}
    if not origins:
        return {}
    found: dict[str, Counter[OrgKind]] = {}
    for claim in claims:
        if claim.origin in origins and (kind := claim.speaker.org_kind) in counting:
            # One who repeats another's count is asked last.
            found.setdefault(claim.origin, Counter())[kind] += 1 if claim.quotes else len(OrgKind) ** 3
    order = policy.order(Measure.KILLED)
    return {origin: max(kinds, key=lambda kind: (kinds[kind], -order.index(kind))) for origin, kinds in found.items()}


def figure(claims: Iterable[Claim], measure: Measure, stratum: Stratum, scope: Scope, as_of: datetime) -> Figure | None:
    """
    One figure at a time; None when no claim about it stands.

    Args:
        claims: All claims of the attack that were not retracted, also of other measures: one of them may
            supersede another's.
    """
    series, standing = Series(measure, stratum, scope), standing_at(claims, as_of)
    found = [claim for claim in standing if claim.series == series]
    return figure_of(weigh_one(series, found, SHIPPED, bodies(standing)), SHIPPED) if found else None


def main_place(claims: Iterable[Claim], as_of: datetime, published: datetime | None = None) -> str:
    """The area the earliest known claim is about; empty if there is none."""
    known = known_at(claims, as_of, published)
    return min(known, key=history).place if known else ""


def known_at(claims: Iterable[Claim], as_of: datetime, published: datetime | None = None) -> list[Claim]:
    """The claims that are true for a time or an earlier one, and public by then or by the other time given."""
    public = as_of if published is None else published
    return [claim for claim in claims if claim.as_of <= as_of and claim.source.published <= public]


def standing_at(claims: Iterable[Claim], as_of: datetime, published: datetime | None = None) -> list[Claim]:
    """The claims known by a time that none of the others known then supersedes."""
    known = known_at(claims, as_of, published)
    if not any(claim.supersedes for claim in known):
        return known
    by_id = {claim.id: claim for claim in known}
    gone = {
        claim.id
        for later in known
        for target in later.supersedes
        if target in by_id
        for claim in known
        if claim.id == target or _goes_with(claim, by_id[target], later)
    }
    return [claim for claim in known if claim.id not in gone]


def _goes_with(claim: Claim, target: Claim, later: Claim) -> bool:
    """
    Copies and earlier counts of a superseded origin go with it: else withdrawing its nine would bring back its two.
    So does what says it less exactly or over again until then: a newsroom's "at least nine" of a quarter to eleven.

    A claim that itself supersedes goes only if it is older than the one that supersedes now. Otherwise two
    corrections of one moment would remove each other, and no figure would be left.
    """
    same = claim.series == target.series and claim.origin == target.origin
    before = claim.as_of <= target.as_of
    repeats = claim.as_of <= later.as_of and target.interval.within(claim.interval)
    newer = later.id in claim.supersedes or claim.published >= later.published
    return same and (before or repeats) and claim.id != later.id and not (claim.supersedes and newer)


def weigh_one(series: Series, claims: Sequence[Claim], policy: Policy, counted_by: Bodies = {}) -> Weighed:  # noqa: B006
    """What the origins say of one count: of the claims about it that stand, and no others."""
    voices = list(_voices(series, claims, policy, counted_by))
    if len(voices) == 1:
        return Weighed(series, tuple(voices), ())
    past = _is_overtaken if series.grows else _is_past
    live = [voice for voice in voices if not any(past(series.measure, voice, other, policy) for other in voices)]
    return Weighed(series, tuple(live), tuple(voice for voice in voices if voice not in live))


def figure_of(weighed: Weighed, policy: Policy = SHIPPED) -> Figure:
    """The figure that the origins together give."""
    live = weighed.live
    best = _best(weighed.series.measure, live, policy)
    lead, others = best.lead, [voice for voice in live if voice is not best]
    low, high = _span(live)
    # One preliminary number that nobody bounds is a count still running: no source has said where it will end.
    if high == low and lead.status is Status.PRELIMINARY:
        high = None
    return Figure(
        series=weighed.series,
        low=low,
        best=best.interval.lo if best.interval.point is None else best.interval.point,
        high=high,
        status=lead.status,
        says=best.interval,
        phrase=dict(_phrases(best.interval)),
        claims=tuple(claim.id for voice in (best, *others) for claim in voice.claims),
        conflicts=tuple(_conflicts(live)),
        overtaken=tuple(claim.id for voice in weighed.overtaken for claim in voice.claims) if weighed.overtaken else (),
        reason=lead.reason,
        reason_note=lead.reason_note,
        as_of=lead.as_of,
        source={"en": label(lead.speaker, Lang.EN), "uk": label(lead.speaker, Lang.UK)},
        attachment=lead.part_of.attachment if lead.part_of else None,
    )


def _span(live: Sequence[Voice]) -> tuple[int, int | None]:
    """The least and the most that any of them allows; None where one sets no limit."""
    low, high = live[0].interval.lo, live[0].interval.hi
    for voice in live[1:]:
        said = voice.interval
        low = min(low, said.lo)
        high = None if high is None or said.hi is None else max(high, said.hi)
    return low, high


_phrases = lru_cache(maxsize=4096)(phrases)


def _voices(series: Series, claims: Sequence[Claim], policy: Policy, counted_by: Bodies) -> Iterator[Voice]:
    """The newest claims of each origin, in an order that arrival does not change."""
    by_origin: dict[str, list[Claim]] = {}
    for claim in sorted(claims, key=history) if len(claims) > 1 else claims:
        by_origin.setdefault(claim.origin, []).append(claim)
    for origin, said in by_origin.items():
        kind = counted_by.get(origin)
        newest = _newest(said)
        voice = _voice(newest, policy, kind)
        if len(said) > len(newest) and voice.interval.lo != voice.interval.hi and series.grows:
            voice = _sharpened(voice, said[: -len(newest)], policy, kind)
        yield voice


def _newest(said: list[Claim]) -> list[Claim]:
    """Those of the last moment, of claims in their order."""
    start = len(said) - 1
    while start and said[start - 1].as_of == said[start].as_of:
        start -= 1
    return said[start:]


def _sharpened(voice: Voice, before: list[Claim], policy: Policy, kind: OrgKind | None) -> Voice:
    """
    What an origin said before, where its newest words only say it less exactly: "more than 60" after 63 is a
    rounding, not a second count. A revision, or a word that weighs more, stands by itself.
    """
    if voice.lead.status is Status.REVISED:
        return voice
    while before:
        group = _newest(before)
        before = before[: -len(group)]
        earlier = _voice(group, policy, kind)
        if earlier.interval == voice.interval:
            continue
        weaker = STANDING.index(earlier.lead.status) < STANDING.index(voice.lead.status)
        if weaker or not earlier.interval.within(voice.interval):
            return voice
        return Voice(
            earlier.interval,
            earlier.lead,
            (*earlier.claims, *voice.claims),
            earlier.kind,
            earlier.counts,
            (*earlier.conflicts, *voice.conflicts),
        )
    return voice


def _voice(said: Sequence[Claim], policy: Policy, kind: OrgKind | None) -> Voice:
    """Claims of one origin for one moment: a copy can sharpen the figure, never widen it."""
    if len(said) == 1:
        only = said[0]
        kind = kind or only.speaker.org_kind
        return Voice(only.interval, only, (only,), kind, policy.counts(kind))
    ordered = sorted(said, key=_latest_published)
    agreeing, bounds = [ordered[0]], ordered[0].interval
    conflicts: dict[Interval, Conflict] = {}
    for claim in ordered[1:]:
        if claim.interval.meets(bounds):
            bounds = bounds.bounds_with(claim.interval)
            agreeing.append(claim)
        else:
            against = next(kept for kept in agreeing if not kept.interval.meets(claim.interval))
            conflicts.setdefault(claim.interval, _conflict(against, claim))
    agreeing.sort(key=_exactness)
    points = [claim.interval.point for claim in agreeing if claim.interval.point is not None]
    point = next((point for point in points if bounds.holds(point)), None)
    kind = kind or agreeing[0].speaker.org_kind
    return Voice(
        Interval(bounds.lo, bounds.hi, point),
        agreeing[0],
        tuple(agreeing),
        kind,
        policy.counts(kind),
        tuple(conflicts.values()),
    )


def _is_overtaken(_measure: Measure, voice: Voice, other: Voice, _policy: Policy) -> bool:
    """
    A later count went past it, or says more exactly what it said: 46 after "more than 40". Somebody who does not count
    for themselves cannot overtake one who does: their larger number may be somebody's sum of two reports.
    """
    said, later = voice.interval, other.interval
    return (
        voice.lead.as_of < other.lead.as_of
        and (other.counts or not voice.counts)
        and (said.below(later) or (later.within(said) and not said.within(later)))
    )


def _is_past(measure: Measure, voice: Voice, other: Voice, policy: Policy) -> bool:
    """
    Where a count goes up and down, a later one is of another moment, and no disagreement: eight were missing at three,
    five are at seven. Within the hour whoever is believed more is not set aside by whoever is believed less.
    """
    as_much = policy.rank(measure, other.kind) >= policy.rank(measure, voice.kind)
    gap = other.lead.as_of - voice.lead.as_of
    return gap > timedelta(0) and (other.counts or not voice.counts) and (as_much or gap > SINCE)


def _best(measure: Measure, live: Sequence[Voice], policy: Policy) -> Voice:
    if len(live) == 1:
        return live[0]
    ranked = sorted(live, key=lambda voice: _authority(measure, voice, policy), reverse=True)
    top = ranked[0]
    if top.interval.point is not None:
        return top
    # "More than 70" is a bound. Another body's number within it says more; one outside it does not count against it.
    named = (
        voice
        for voice in ranked
        if voice.counts == top.counts and voice.interval.point is not None and top.interval.holds(voice.interval.point)
    )
    return next(named, top)


def _authority(measure: Measure, voice: Voice, policy: Policy) -> tuple[bool, int, int, datetime, datetime, str]:
    lead = voice.lead
    strength = STANDING.index(lead.status)
    return (
        voice.counts,
        strength,
        policy.rank(measure, voice.kind),
        lead.as_of,
        lead.published,
        lead.origin,
    )


def _conflicts(live: Sequence[Voice]) -> Iterator[Conflict]:
    for voice in live:
        yield from voice.conflicts
    if len(live) == 1:
        return
    for one, other in combinations(live, 2):
        if not one.interval.meets(other.interval):
            yield _conflict(one.lead, other.lead)


def _conflict(one: Claim, other: Claim) -> Conflict:
    first, second = sorted((one, other), key=history)
    why = {
        lang.value: DISAGREE[lang].format(
            one=label(first.speaker, lang),
            one_says=render(first.interval, lang, words=False),
            other=label(second.speaker, lang),
            other_says=render(second.interval, lang, words=False),
        )
        for lang in Lang
    }
    return Conflict((first.id, second.id), why)


history = attrgetter("told")
"""The order in which claims tell of a night."""


def _latest_published(claim: Claim) -> tuple[float, int, float, str]:
    # Of two published at once the lower is kept, and a copy of either changes nothing.
    return -claim.published.timestamp(), claim.lo, claim.interval.width, claim.id


def _exactness(claim: Claim) -> tuple[float, int, bool, datetime, str]:
    # Of two open ones the higher says more; a copy that says nearly nothing must not lend the figure its status.
    return claim.interval.width, -claim.lo, claim.point is None, claim.published, claim.id


_TOLD = {measure: place for place, measure in enumerate(Measure)}


@lru_cache(maxsize=16384)
def telling_order(series: Series) -> tuple[bool, Scope, int, bool, int, tuple[str, ...]]:
    tokens, scope = series.stratum.tokens, series.scope
    return bool(scope.site), scope, _TOLD[series.measure], "current" in tokens, len(tokens), tokens
