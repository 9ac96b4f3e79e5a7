"""From numbers tied to what they count to proposed claims: whose they are, of which attack, and part of what."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from tocsin.domain.casualties import Age, Attachment, Interval, Lang, Measure, OrgKind, Role, Sex, Status
from tocsin.kernel.time import zone_of
from tocsin.reading.bound import Bound
from tocsin.reading.lexicon.casualties import Part
from tocsin.reading.lexicon.grammar import CONJUNCTIONS
from tocsin.reading.lexicon.places import PLACES
from tocsin.reading.lexicon.speech import STATUS
from tocsin.reading.proposals import Belongs, Bounds, ProposedClaim, Spanned, Speaker, span_of
from tocsin.reading.segments import Segments
from tocsin.reading.speakers import Attribution
from tocsin.reading.text import Sentence
from tocsin.reading.times import ZONE, When

# Read as: people of the first may be among those of the others.
_WITHIN: dict[Measure, frozenset[Measure]] = {
    Measure.HOSPITALISED: frozenset({Measure.INJURED}),
    Measure.TREATED_ON_SCENE: frozenset({Measure.INJURED}),
    Measure.DISCHARGED: frozenset({Measure.HOSPITALISED}),
    Measure.DIED_IN_HOSPITAL: frozenset({Measure.KILLED}),
    Measure.REMAINS_UNIDENTIFIED: frozenset({Measure.KILLED}),
}


_KEPT = 20
"""So many figures back, one of the same thing is looked for."""
_NOBODY = frozenset({"officials"})
"""Names nobody: "officials said" is how a lead speaks of those it names further down."""


class _Draft(NamedTuple):
    claim: ProposedClaim
    own: bool
    """Its sentence says who counted."""


class ClaimSheet:
    """Collects the claims of a text, sentence by sentence."""

    def __init__(self, text: str, lang: Lang, source: str, published: datetime | None, segments: Segments) -> None:
        self.text = text
        self.lang = lang
        self.publisher = Speaker(org=source, org_kind=OrgKind.NEWSROOM, origin=_origin_name(source))
        self.published = published
        self.segments = segments
        self._drafts: list[_Draft] = []
        self._totals: dict[tuple[str, Measure], list[_Draft]] = {}
        self._place: dict[str, str] = {}

    def take(
        self, sentence: Sentence, bound: Sequence[Bound], said: Sequence[Attribution], whens: Sequence[When]
    ) -> None:
        as_of = self._as_of(whens)
        status = self._status(sentence)
        here: list[_Draft] = []
        for each in bound:
            span = span_of(self.text, sentence.tokens, each.start, each.end)
            attribution = _nearest(said, each)
            claim = self._claim(each, span, attribution, as_of, status, sentence)
            draft = _Draft(claim, attribution is not None and claim.origin not in _NOBODY)
            belongs = self._belongs(each, draft, here)
            claim = msgspec.structs.replace(claim, part_of=belongs)
            draft = self._with_speaker(draft._replace(claim=claim))
            here.append(draft)
            self._drafts.append(draft)
            totals = self._totals.setdefault((claim.attack, claim.measure), [])
            totals.append(draft)
            del totals[:-_KEPT]
        self._mark_partitions(here)

    def _claim(
        self,
        bound: Bound,
        span: Spanned,
        said: Attribution | None,
        as_of: datetime | None,
        status: Status,
        sentence: Sentence,
    ) -> ProposedClaim:
        attack = self.segments.attack_at(span.start)
        interval, people = bound.quantity.interval, bound.people
        speaker = said.speaker if said else self.publisher
        source = (said.cited or said.speaker) if said else self.publisher
        return ProposedClaim(
            id=f"c{len(self._drafts) + 1}",
            attack=attack,
            place=self._place_of(sentence, span, attack),
            measure=bound.happened.measure,
            age=people.age,
            sex=people.sex,
            role=people.role,
            sem=bound.happened.sem,
            lo=interval.lo,
            hi=interval.hi,
            point=interval.point,
            phrase=bound.quantity.phrase,
            more=bound.quantity.more and self._is_more(bound, attack),
            previous=_bounds(bound.before),
            status=status,
            speaker=speaker,
            origin=source.origin,
            quoted_by=self._chain(said),
            as_of=as_of,
            **span.as_fields(),
        )

    def _with_speaker(self, draft: _Draft) -> _Draft:
        """Whoever counted the whole counted the part, where nobody else is named: "four of them are in hospital"."""
        part = draft.claim.part_of
        if draft.own or part is None or part.attachment is not Attachment.EXPLICIT:
            return draft
        whole = self._drafts[int(part.claim[1:]) - 1]
        claim = msgspec.structs.replace(
            draft.claim, speaker=whole.claim.speaker, origin=whole.claim.origin, quoted_by=whole.claim.quoted_by
        )
        return _Draft(claim, whole.own)

    def _is_more(self, bound: Bound, attack: str) -> bool:
        """Another two of those counted before; not two others, of whom something else is told."""
        same = (attack, bound.happened.measure) in self._totals
        return same or not any(known == attack for known, _ in self._totals)

    def _chain(self, said: Attribution | None) -> tuple[str, ...]:
        between = [said.speaker.origin] if said is not None and said.cited is not None else []
        publisher = [self.publisher.origin] if said is not None and self.publisher.origin else []
        return (*between, *publisher)

    def _place_of(self, sentence: Sentence, span: Spanned, attack: str) -> str:
        """The place named last before the figure or else after it in its sentence; else that of the sentence before."""
        named = PLACES[self.lang].all(sentence.tokens)
        before = [match.value for match in named if sentence.tokens[match.start].start < span.end]
        place = before[-1] if before else named[0].value if named else self._place.get(attack, "")
        self._place[attack] = place
        return place

    def _as_of(self, whens: Sequence[When]) -> datetime | None:
        if self.published is None:
            return None
        here = self.published.astimezone(zone_of(ZONE))
        for when in whens:
            if when.as_of and when.clock is not None:
                hour, minute = (int(part) for part in when.clock.split(":"))
                at = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
                return at if at <= here else at - timedelta(days=1)
        return self.published

    def _status(self, sentence: Sentence) -> Status:
        marks = [match.value for match in STATUS[self.lang].all(sentence.tokens)]
        return marks[0] if marks else Status.PRELIMINARY

    def _belongs(self, bound: Bound, draft: _Draft, here: Sequence[_Draft]) -> Belongs | None:
        if bound.part is None:
            return self._implied_part(draft, here)
        candidates = [each for each in here if _may_hold(each.claim, draft.claim)]
        if bound.whole is not None or (bound.part is Part.OF_THEM and not candidates):
            if bound.whole is not None:
                return _explicit(self._wholes(draft, bound.whole.measure))
            # "Four of them are in hospital" behind the sentence that says how many were wounded.
            around = (draft.claim.measure, *_WITHIN.get(draft.claim.measure, ()))
            return next(filter(None, (_explicit(self._wholes(draft, measure)) for measure in around)), None)
        if not candidates:
            return _explicit(self._wholes(draft, draft.claim.measure))
        if bound.part is Part.OF_THEM or bound.fresh or len(candidates) == 1:
            return _explicit(candidates)
        nearest, other = candidates[-1], candidates[-2]
        nested = nearest.claim.part_of is not None and nearest.claim.part_of.attachment is Attachment.EXPLICIT
        if (
            nested
            or self._directly_follows(nearest.claim, draft.claim)
            or not self._one_list(other.claim, nearest.claim)
        ):
            return _explicit(candidates)
        return Belongs(claim=nearest.claim.id, attachment=Attachment.AMBIGUOUS, alternative=other.claim.id)

    def _wholes(self, draft: _Draft, measure: Measure) -> list[_Draft]:
        """Earlier in the text, all those of whom these may be a part."""
        totals = self._totals.get((draft.claim.attack, measure), ())
        return [each for each in totals if _may_hold(each.claim, draft.claim)]

    def _implied_part(self, draft: _Draft, here: Sequence[_Draft]) -> Belongs | None:
        """Those in hospital are among the wounded of the same sentence, though it does not say so."""
        wholes = _WITHIN.get(draft.claim.measure, frozenset())
        inferred = [each for each in here if each.claim.measure in wholes and _holds(each.claim, draft.claim)]
        return Belongs(claim=inferred[-1].claim.id, attachment=Attachment.INFERRED) if inferred else None

    def _directly_follows(self, whole: ProposedClaim, part: ProposedClaim) -> bool:
        return part.start > whole.end and not self.text[whole.end : part.start].strip(" –—-(")

    def _one_list(self, first: ProposedClaim, second: ProposedClaim) -> bool:
        """Nothing but commas and "and" between them, so that what follows may speak of both."""
        between = self.text[first.end : second.start].casefold().replace(",", " ").split()
        return all(word in CONJUNCTIONS[self.lang] for word in between)

    def _mark_partitions(self, here: list[_Draft]) -> None:
        """Parts of one whole that sum up to it are all of it: "31: 26 adults and five children"."""
        for whole in here:
            parts = [d for d in here if d.claim.part_of and d.claim.part_of.claim == whole.claim.id]
            strata = {(d.claim.age, d.claim.sex, d.claim.role) for d in parts}
            total = sum(d.claim.point or 0 for d in parts)
            same = all(d.claim.measure is whole.claim.measure for d in parts)
            if len(parts) > 1 and len(strata) == len(parts) and same and total == whole.claim.point:
                for part in parts:
                    self._replace_part(part)

    def _replace_part(self, part: _Draft) -> None:
        index = int(part.claim.id[1:]) - 1
        if part.claim.part_of is not None:
            whole = msgspec.structs.replace(part.claim.part_of, partition=True)
            self._drafts[index] = part._replace(claim=msgspec.structs.replace(part.claim, part_of=whole))

    def proposed(self) -> tuple[ProposedClaim, ...]:
        """All claims; what the text says twice is one, and a lead has the origin of the figure it rounds."""
        counted = self._counted()
        merged: dict[tuple[object, ...], list[ProposedClaim]] = {}
        renamed: dict[str, str] = {}
        for draft in self._drafts:
            claim = draft.claim if draft.own else self._inherit(draft.claim, counted.get(_series(draft.claim), {}))
            same = merged.setdefault(_key(claim), [])
            same.append(claim)
            renamed[claim.id] = same[0].id
        return tuple(_renamed(_as_one(same), renamed) for same in merged.values())

    def _counted(self) -> dict[tuple[object, ...], dict[str, Interval]]:
        """By what is counted, each origin with the last figure it is said to have counted."""
        counted: dict[tuple[object, ...], dict[str, Interval]] = {}
        for draft in self._drafts:
            if draft.own:
                counted.setdefault(_series(draft.claim), {})[draft.claim.origin] = _interval(draft.claim)
        return counted

    def _inherit(self, claim: ProposedClaim, counted: dict[str, Interval]) -> ProposedClaim:
        """ "At least nine" in the lead is the nine that the emergency service counted further down."""
        mine = Interval(claim.lo, claim.hi, claim.point)
        origins = [origin for origin, interval in counted.items() if interval.meets(mine)]
        if len(origins) != 1:
            return claim
        (origin,) = origins
        quoted_by = (self.publisher.origin,) if self.publisher.origin else ()
        return msgspec.structs.replace(claim, origin=origin, quoted_by=quoted_by)


def _interval(claim: ProposedClaim) -> Interval:
    return Interval(claim.lo, claim.hi, claim.point)


def _bounds(interval: Interval | None) -> Bounds | None:
    return Bounds(interval.lo, interval.hi, interval.point) if interval else None


def _origin_name(source: str) -> str:
    return source.casefold().replace(" ", "-")


def _nearest(said: Sequence[Attribution], bound: Bound) -> Attribution | None:
    def distance(each: Attribution) -> int:
        return max(bound.start - each.end, each.start - bound.end, 0)

    return min(said, key=distance, default=None)


def _series(claim: ProposedClaim) -> tuple[object, ...]:
    return claim.attack, claim.measure, claim.age, claim.sex, claim.role, claim.sem


def _key(claim: ProposedClaim) -> tuple[object, ...]:
    return *_series(claim), claim.lo, claim.hi, claim.point, claim.origin, claim.more


def _as_one(same: list[ProposedClaim]) -> ProposedClaim:
    first, *others = same
    again = tuple(Spanned(start=each.start, end=each.end, quote=each.quote) for each in others)
    part = next((each.part_of for each in same if each.part_of), None)
    return msgspec.structs.replace(first, again=again, part_of=part)


def _renamed(claim: ProposedClaim, names: dict[str, str]) -> ProposedClaim:
    part = claim.part_of
    if part is None:
        return claim
    whole = names.get(part.claim, part.claim)
    other = names.get(part.alternative, part.alternative)
    if whole == claim.id:
        return msgspec.structs.replace(claim, part_of=None)
    return msgspec.structs.replace(claim, part_of=msgspec.structs.replace(part, claim=whole, alternative=other))


def _holds(whole: ProposedClaim, part: ProposedClaim) -> bool:
    """The whole can be as large as its part."""
    return whole.attack == part.attack and (whole.hi is None or whole.hi >= part.lo)


def _may_hold(whole: ProposedClaim, part: ProposedClaim) -> bool:
    everybody = (whole.age, whole.sex, whole.role) == (Age.ALL, Sex.ALL, Role.ALL)
    return _holds(whole, part) and everybody


def _explicit(candidates: Sequence[_Draft]) -> Belongs | None:
    if not candidates:
        return None
    return Belongs(claim=candidates[-1].claim.id, attachment=Attachment.EXPLICIT)
