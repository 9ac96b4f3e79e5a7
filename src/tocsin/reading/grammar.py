"""Reading by rules and tables alone: the same text gives the same proposals on any machine, without a network."""

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from typing import NamedTuple

from tocsin.domain.casualties import Lang
from tocsin.kernel.errors import Invalid
from tocsin.reading.binding import Binder
from tocsin.reading.bound import Bound
from tocsin.reading.claims import ClaimSheet
from tocsin.reading.facts import clause_around, effects, places, weapons
from tocsin.reading.items import clause
from tocsin.reading.lexicon.casualties import Happened
from tocsin.reading.proposals import (
    AnyFact,
    Bounds,
    EffectFact,
    PlaceFact,
    Reading,
    Spanned,
    Speaker,
    TimeFact,
    WeaponFact,
    span_of,
)
from tocsin.reading.quantity import Quantity
from tocsin.reading.segments import Segments
from tocsin.reading.speakers import Attribution, attributions
from tocsin.reading.statements import StatementSheet
from tocsin.reading.text import Quotation, Sentence, language, quotations, sentences, tokenize
from tocsin.reading.times import When, local_day, times

LONGEST = 1_000_000
"""Characters; a longer text is no report."""


class Parsed(NamedTuple):
    """A sentence with what is found in it before anything is tied together."""

    sentence: Sentence
    whens: list[When]
    said: list[Attribution]
    bound: list[Bound]
    numbers: list[Quantity]


def read(text: str, *, lang: Lang | None = None, source: str = "", published: datetime | None = None) -> Reading:
    """
    Everything the text proposes.

    Args:
        lang: Found from its letters when left out.
        source: Who publishes it; the speaker of what it says for itself.
        published: Against which "Thursday" and "early April" are understood.

    Raises:
        Invalid: If the text is too long to be one.
    """
    if len(text) > LONGEST:
        raise Invalid(f"the text has {len(text)} characters; no more than {LONGEST} are read", "text")
    lang = lang or language(text)
    tokens = tokenize(text)
    quoted = quotations(tokens)
    parsed = _parse(sentences(text, tokens), lang, quoted, published)
    segments = Segments(lang, local_day(published))
    claims = ClaimSheet(text, lang, source, published, segments)
    statements = StatementSheet(text, lang, quoted)
    facts = _Facts(text, lang, segments)
    speaking = _speakers(parsed, quoted)
    for each, said in zip(parsed, speaking, strict=True):
        segments.take(each.sentence, each.whens)
        claims.take(each.sentence, each.bound, said, each.whens)
        statements.take(each.sentence, said, segments.attack_at(each.sentence.start))
        facts.take(each)
    return Reading(
        lang=lang,
        source=source,
        published=published,
        sha256=hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest(),
        attacks=tuple(segments.mentions),
        claims=claims.proposed(),
        facts=tuple(sorted(facts.found, key=lambda fact: (fact.start, fact.end))),
        statements=tuple(statements.found),
    )


def _parse(found: Sequence[Sentence], lang: Lang, quoted: list[Quotation], published: datetime | None) -> list[Parsed]:
    parsed: list[Parsed] = []
    today = local_day(published)
    last: Speaker | None = None
    heading: Happened | None = None
    for sentence in found:
        said = attributions(sentence.tokens, lang, quoted, last)
        last = next((each.speaker for each in reversed(said) if each.speaker.person or each.speaker.role), last)
        marked = clause(sentence.tokens, lang)
        bound = Binder(marked, heading).bind()
        numbers = [item.quantity for item in marked.items if item.quantity]
        parsed.append(Parsed(sentence, times(sentence.tokens, lang, today), said, bound, numbers))
        # "Wounded:" over a list of points says what they count.
        named = [item.happened for item in marked.items if item.happened]
        heads = sentence.tokens[-1].text == ":" and named and not bound
        heading = named[0] if heads else (heading if _is_point(sentence) else None)
    return parsed


def _is_point(sentence: Sentence) -> bool:
    return sentence.tokens[0].fresh and not sentence.tokens[0].is_word


def _speakers(parsed: Sequence[Parsed], quoted: Sequence[Quotation]) -> list[list[Attribution]]:
    """For each sentence who says it. Within a quotation of several sentences, whoever is named at one end of it."""
    said = [list(each.said) for each in parsed]
    for quotation in quoted:
        inside = _overlapping(parsed, quotation)
        speaker = next((said[index][-1] for index in reversed(inside) if said[index]), None)
        if speaker is None and inside and inside[0] > 0 and said[inside[0] - 1]:
            # Brought in with a colon, or the second half of a quotation that was broken off to name the speaker.
            introduced = parsed[inside[0] - 1].sentence
            opens = parsed[inside[0]].sentence.tokens[0].end == quotation.start
            goes_on = introduced.tokens[-1].text == ":" or opens
            speaker = said[inside[0] - 1][-1] if goes_on else None
        if speaker is not None:
            for index in inside:
                said[index] = said[index] or [speaker]
    return said


def _overlapping(parsed: Sequence[Parsed], quotation: Quotation) -> list[int]:
    """The sentences, by number, that a quotation has a part in."""
    first = bisect_right(parsed, quotation.start, key=lambda each: each.sentence.end)
    rest = range(first, len(parsed))
    return list(takewhile(lambda index: parsed[index].sentence.start < quotation.end, rest))


class _Facts:
    """Collects the facts, each place and uncounted weapon once an attack."""

    def __init__(self, text: str, lang: Lang, segments: Segments) -> None:
        self.text = text
        self.lang = lang
        self.segments = segments
        self.found: list[AnyFact] = []
        self._seen: set[tuple[str, ...]] = set()
        self._last_weapon: str | None = None

    def take(self, parsed: Parsed) -> None:
        tokens = parsed.sentence.tokens
        for place in places(tokens, self.lang):
            span = self._span(parsed, place.start, place.end)
            if self._is_new("place", self._attack(span), place.value):
                self.found.append(PlaceFact(attack=self._attack(span), name=place.value, **span.as_fields()))
        for when in parsed.whens:
            self._take_time(parsed, when)
        for effect in effects(tokens, self.lang):
            span = self._span(parsed, *clause_around(tokens, effect.start, effect.end))
            self.found.append(EffectFact(attack=self._attack(span), effect=effect.value, **span.as_fields()))
        self._take_weapons(parsed)

    def _take_time(self, parsed: Parsed, when: When) -> None:
        if when.since or when.as_of:
            return
        span = self._span(parsed, when.start, when.end)
        fact = TimeFact(
            attack=self._attack(span),
            day=when.first,
            clock=when.clock,
            precision=when.precision,
            about=when.about,
            **span.as_fields(),
        )
        if self._is_new("time", fact.attack, str(when.first), str(when.clock), when.precision.value):
            self.found.append(fact)

    def _take_weapons(self, parsed: Parsed) -> None:
        tokens = parsed.sentence.tokens
        people = {each.quantity.start for each in parsed.bound}
        numbers = [each for each in parsed.numbers if each.start not in people]
        for weapon in weapons(tokens, self.lang, numbers, self._last_weapon):
            span = self._span(parsed, weapon.start, weapon.end)
            count = weapon.counted
            self._last_weapon = weapon.word
            counted = [str(count), str(weapon.fate)] if count else []
            if self._is_new("weapon", self._attack(span), weapon.weapon_class, *counted):
                fact = WeaponFact(
                    attack=self._attack(span),
                    word=weapon.word,
                    weapon_class=weapon.weapon_class,
                    count=Bounds(count.lo, count.hi, count.point) if count else None,
                    fate=weapon.fate,
                    **span.as_fields(),
                )
                self.found.append(fact)

    def _attack(self, span: Spanned) -> str:
        return self.segments.attack_at(span.start)

    def _span(self, parsed: Parsed, start: int, end: int) -> Spanned:
        return span_of(self.text, parsed.sentence.tokens, start, end)

    def _is_new(self, *key: str) -> bool:
        new = key not in self._seen
        self._seen.add(key)
        return new
