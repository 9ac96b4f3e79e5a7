"""Which attack a stretch of the text is about: the one reported, or an earlier one that it mentions."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from tocsin.domain.casualties import Lang
from tocsin.reading.lexicon.times import EARLIER, THAT
from tocsin.reading.proposals import THIS, AttackMention
from tocsin.reading.text import Sentence
from tocsin.reading.times import When

_FAR_APART = timedelta(days=2)
"""Reports of one night go on for a day or two; what is dated further away is another attack."""
_BREAKS = frozenset(";–—,")
_WHEN = frozenset(["when", "which", "where", "коли", "якого", "якої", "під"])


class Stretch(NamedTuple):
    """Characters `start` to `end` speak of `attack`."""

    start: int
    end: int
    attack: str


class Segments:
    """The attacks of a text, and where each is spoken of."""

    def __init__(self, lang: Lang, today: date | None) -> None:
        self.lang = lang
        self.today = today
        self.mentions: list[AttackMention] = [AttackMention(id=THIS)]
        self._stretches: list[Stretch] = []
        self._by_day: dict[date, str] = {}
        self._last = THIS

    def take(self, sentence: Sentence, whens: Sequence[When]) -> None:
        """Go through the sentences in order: "in that attack" means the one before."""
        found = list(self._earlier_in(sentence, whens))
        self._stretches.extend(found)
        if found:
            self._last = found[-1].attack
        elif self._last != THIS and THAT[self.lang].all(sentence.tokens):
            self._stretches.append(Stretch(sentence.start, sentence.end, self._last))
        else:
            self._last = THIS
            self._date(sentence, whens)

    def attack_at(self, offset: int) -> str:
        """The attack that the text speaks of at a character."""
        for stretch in reversed(self._stretches):
            if stretch.start <= offset < stretch.end:
                return stretch.attack
            if stretch.end <= offset:
                break
        return THIS

    def _date(self, sentence: Sentence, whens: Sequence[When]) -> None:
        for when in whens:
            if self.today is None and when.first is not None and when.first == when.last and not when.since:
                self.today = when.first
        if self.mentions[0].day is None and self.today is not None:
            self.mentions[0] = AttackMention(id=THIS, day=self.today)

    def _earlier_in(self, sentence: Sentence, whens: Sequence[When]) -> Iterator[Stretch]:
        for when in whens:
            if not when.as_of and self._is_far(when):
                stretch = self._around(sentence, when.start, when.end, when.since)
                if stretch is not None:
                    words = " ".join(token.text for token in sentence.tokens[when.start : when.end])
                    yield self._name(stretch, when.first, words)
                    return
        for cue in EARLIER[self.lang].all(sentence.tokens):
            stretch = self._around(sentence, cue.start, cue.end, False)
            if stretch is not None:
                yield self._name(stretch, None, " ".join(token.text for token in sentence.tokens[cue.start : cue.end]))
                return

    def _is_far(self, when: When) -> bool:
        if when.first is None or when.last is None or self.today is None:
            # Nobody dates the night they report on as "early April".
            return when.precision.value in ("part_of_month", "month", "year") and when.first is None
        return when.last < self.today - _FAR_APART or when.first > self.today + _FAR_APART

    def _around(self, sentence: Sentence, start: int, end: int, since: bool) -> tuple[int, int] | None:
        """The clause a mention stands in; of "since July, when 33 died" only what "when" brings in."""
        tokens = sentence.tokens
        if since:
            opening = next((at for at in range(end, min(end + 6, len(tokens))) if tokens[at].norm in _WHEN), None)
            return None if opening is None else (tokens[opening].start, sentence.end)
        for at in range(start - 1, 0, -1):
            if tokens[at].text in _BREAKS:
                closing = None
                if tokens[at + 1].norm in _WHEN:
                    closing = next((to for to in range(end, len(tokens)) if tokens[to].text == ","), None)
                return tokens[at + 1].start, tokens[closing].start if closing else sentence.end
        return sentence.start, sentence.end

    def _name(self, stretch: tuple[int, int], day: date | None, words: str) -> Stretch:
        known = self._by_day.get(day) if day is not None else None
        if known is None:
            known = f"earlier-{len(self.mentions)}"
            self.mentions.append(AttackMention(id=known, day=day, words=words))
            if day is not None:
                self._by_day[day] = known
        return Stretch(*stretch, known)
