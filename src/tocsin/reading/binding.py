"""Which number counts what: the numbers of a sentence tied to words for what happened to people."""

from collections.abc import Iterator, Sequence

from tocsin.domain.casualties import Age, Interval, Lang, Measure, Role, Sex
from tocsin.reading.bound import Bound
from tocsin.reading.items import Clause, Item, age_in
from tocsin.reading.lexicon.casualties import RISES, Happened, Part, People, Place
from tocsin.reading.lexicon.grammar import ARTICLES, CONJUNCTIONS, COPULAS, FILLERS, looks_adjective
from tocsin.reading.negation import negated
from tocsin.reading.quantity import Quantity
from tocsin.reading.text import Token

ONE = Interval.exactly(1)
_STRONG = frozenset(";:()")
_DASHES = frozenset("-–—:")
_FROM = frozenset(("from", "з", "із", "від"))
_PRONOUNS = frozenset(("them", "whom", "which", "these", "those", "них", "яких"))
_OUTCOMES = frozenset(
    {Measure.HOSPITALISED, Measure.TREATED_ON_SCENE, Measure.DISCHARGED, Measure.TRAPPED, Measure.DIED_IN_HOSPITAL}
)
"""What becomes of the wounded."""
_OPENS_LIST = frozenset(":–—-(")
_FAR = 14
"""So many words from its number, a word for what happened tells of somebody else."""


class Binder:
    """Goes through one sentence from left to right."""

    def __init__(self, clause: Clause, inherited: Happened | None = None) -> None:
        self.clause = clause
        self.tokens: Sequence[Token] = clause.tokens
        self.lang: Lang = clause.lang
        self.inherited = inherited
        self.used: set[int] = set()
        self.found: list[Bound] = []

    def bind(self) -> list[Bound]:
        counted = [pair for pair in (*self._counted(), *self._single()) if not self._is_former(pair[0])]
        for quantity, people in sorted(counted, key=lambda pair: pair[0].start):
            self.found.extend(self._bind(quantity, people))
        self.found.extend(negated(self.clause))
        return self.found

    def _counted(self) -> Iterator[tuple[Quantity, Item | None]]:
        for item in self.clause.items:
            if item.quantity is not None:
                counts, people = self._people_after(item.end)
                if counts:
                    yield item.quantity, people

    def _is_former(self, quantity: Quantity) -> bool:
        """The nine of "rises to 12 from nine": it was counted before, and is not counted now."""
        before = self.tokens[quantity.start - 1].norm if quantity.start else ""
        return before in _FROM and self._has_risen(quantity.start)

    def _people_after(self, index: int) -> tuple[bool, Item | None]:
        """Whether what stands behind a number lets it count people, and the word for them."""
        for at in range(index, min(index + 5, len(self.tokens))):
            token, item = self.tokens[at], self.clause.at(at)
            if item is not None:
                if item.part is Part.OF_THEM and at == index:
                    following = self._past_copulas(item.end)
                    return True, following if following and following.people else None
                if item.people is not None:
                    return True, self._last_people(item)
                if item.happened is not None and item.happened.place is Place.ANY and at == index:
                    # "Nine wounded people": the word for the people may follow.
                    following = self.clause.at(item.end)
                    return True, following if following and following.people else None
                return item.quantity is None, None
            if not token.is_word:
                return not token.is_number, None
            if token.norm in FILLERS[self.lang] or token.norm in CONJUNCTIONS[self.lang]:
                return True, None
            if not looks_adjective(token.norm, self.lang):
                return False, None
        return index >= len(self.tokens), None

    def _last_people(self, item: Item) -> Item:
        """The word that says most of them: "two people, women" stays people, "child patients" is both."""
        following = self.clause.at(item.end)
        return following if following is not None and following.people and not following.people.one else item

    def _single(self) -> Iterator[tuple[Quantity, Item | None]]:
        """One person without a number: "a woman died", `загинула жінка`."""
        for item in self.clause.items:
            if item.people is not None and item.people.one and (start := self._unnumbered(item)) is not None:
                phrase = " ".join(token.norm for token in self.tokens[start : item.end])
                yield Quantity(start, item.end, ONE, phrase, self._is_another(start)), item

    def _is_another(self, start: int) -> bool:
        words = {token.norm for token in self.tokens[max(0, start - 1) : start + 1]}
        return bool(words & {"another", "ще"})

    def _unnumbered(self, item: Item) -> int | None:
        start = item.start
        while start > 0 and self._describes(start - 1):
            start -= 1
        before = self.tokens[start - 1] if start else None
        numbered = start > 0 and (found := self.clause.at(start - 1)) is not None and found.quantity is not None
        if numbered:
            return None
        if self.lang is Lang.EN:
            return start - 1 if before is not None and before.norm in ARTICLES else None
        return start

    def _describes(self, index: int) -> bool:
        token = self.tokens[index]
        if self.clause.at(index) is not None:
            return False
        return age_in(self.tokens, index, index + 1, self.lang) is not None or (
            token.is_word and looks_adjective(token.norm, self.lang)
        )

    def _bind(self, quantity: Quantity, people: Item | None) -> Iterator[Bound]:
        implied = quantity.interval == ONE and people is not None and people.end == quantity.end
        part, part_start, whole = self._part(quantity, people)
        past = max(quantity.end, people.end if people else 0)
        headed = self._under_heading(quantity, past)
        own = self._before(quantity) if part is not Part.INCLUDING and not headed else None
        own = own or self._after(quantity, past, whole, 0 if self._alone(quantity, past, part, implied) else 2)
        own = own or (self._far_before(quantity, implied) if part is None else None)
        who = self._who(quantity, people)
        if own is not None:
            yield from self._with(own, quantity, who, past, part, whole)
        elif whole is not None and whole.happened is not None and self._says_more(who := self._said_after(whole, who)):
            start = min(part_start, quantity.start, whole.start)
            yield Bound(quantity, whole.happened, who, start, max(past, whole.end), Part.OF_THEM, whole.happened)
        elif (carried := self._carried(quantity, part, who)) is not None:
            part = part or self._listed(quantity)
            yield Bound(quantity, carried, who, min(part_start, quantity.start), past, part, None, False)

    def _said_after(self, whole: Item, who: People) -> People:
        """ "Three of the wounded are children"."""
        following = self._past_copulas(whole.end)
        return following.people if following is not None and following.people is not None else who

    def _past_copulas(self, index: int) -> Item | None:
        while index < len(self.tokens) and (
            self.tokens[index].norm in COPULAS[self.lang] or self.tokens[index].text in _DASHES
        ):
            index += 1
        return self.clause.at(index)

    @staticmethod
    def _says_more(who: People) -> bool:
        return (who.age, who.sex, who.role) != (Age.ALL, Sex.ALL, Role.ALL)

    def _with(
        self, own: Item, quantity: Quantity, who: People, past: int, part: Part | None, whole: Item | None
    ) -> Iterator[Bound]:
        assert own.happened is not None  # noqa: S101 - said by the type of what `_before` and `_after` look for
        self.used.add(own.start)
        start, end = min(own.start, quantity.start), max(own.end, past)
        of = whole.happened if whole else None
        yield Bound(quantity, own.happened, who, start, end, part, of, True, self._risen_from(quantity))
        if own.happened.also:
            also = own.happened._replace(measure=own.happened.also, also=None)
            yield Bound(quantity, also, who, start, end, part, of)
        second = self._joined(own) if own.start >= quantity.end else None
        if second is not None and second.happened is not None and second.happened.measure != own.happened.measure:
            self.used.add(second.start)
            yield Bound(quantity, second.happened, who, start, second.end)

    def _joined(self, item: Item) -> Item | None:
        """The second of "were injured and taken to hospital"."""
        index = item.end
        if index >= len(self.tokens) or self.tokens[index].norm not in CONJUNCTIONS[self.lang]:
            return None
        while index < len(self.tokens) and (
            self.tokens[index].norm in CONJUNCTIONS[self.lang] or self.tokens[index].norm in FILLERS[self.lang]
        ):
            index += 1
        following = self.clause.at(index)
        if following is None or following.happened is None or item.happened is None:
            return None
        outcome = following.happened.measure in _OUTCOMES
        return following if outcome and following.happened.place is Place.ANY else None

    def _risen_from(self, quantity: Quantity) -> Interval | None:
        """Nine, in "rises to 12 from nine" and `зросла з 9 до 12`."""
        for item in self.clause.items:
            if item.quantity is not None and item.quantity != quantity and item.start > 0:
                before = self.tokens[item.start - 1].norm
                near = abs(item.start - quantity.start) <= 4
                if near and before in _FROM and self._has_risen(quantity.start):
                    return item.quantity.interval
        return None

    def _has_risen(self, index: int) -> bool:
        return any(RISES[self.lang].at(self.tokens, at) for at in range(max(0, index - _FAR), index))

    def _part(self, quantity: Quantity, people: Item | None) -> tuple[Part | None, int, Item | None]:
        """Whether the number counts a part, where the words for that begin, and the whole where it is named."""
        past = max(quantity.end, people.end if people else 0)
        after = self._part_after(quantity.end) or self._part_after(past)
        if after is not None:
            return after
        index = quantity.start - 1
        whole: Item | None = None
        for _ in range(10):
            if index < 0:
                return None, quantity.start, None
            item = self.clause.at(index)
            if item is not None and item.part is not None:
                # "31 of them in hospital: 26 adults": the pronoun belongs to the 31.
                taken = whole is not None and self.tokens[item.end - 1].norm in _PRONOUNS
                return (None, quantity.start, None) if taken else (item.part, item.start, whole)
            if item is not None and item.happened is not None and whole is None:
                whole = item
                index = item.start - 1
                continue
            if item is not None or not self._may_stand_in_part(index):
                return None, quantity.start, None
            index -= 1
        return None, quantity.start, None

    def _may_stand_in_part(self, index: int) -> bool:
        token = self.tokens[index]
        return token.norm in FILLERS[self.lang] or token.text in "–—-:" or token.norm in ARTICLES

    def _part_after(self, index: int) -> tuple[Part, int, Item | None] | None:
        """ "Six of them", "two of the wounded", `двоє з поранених`, "six children among the dead"."""
        while index < len(self.tokens) and self.tokens[index].norm in ("is", "are", "was", "were", "є"):
            index += 1
        item = self.clause.at(index) if index < len(self.tokens) else None
        if index + 1 >= len(self.tokens):
            return None
        if item is not None and item.part is not None:
            if self.tokens[item.end - 1].norm in _PRONOUNS:
                return (Part.OF_THEM, index, None) if item.part is Part.OF_THEM or self._ends(item.end) else None
            named = self._past_article(item.end)
            return (Part.OF_THEM, index, named) if named else None
        if self.tokens[index].norm in ("of", "з", "із"):
            named = self._past_article(index + 1)
            return (Part.OF_THEM, index, named) if named else None
        return None

    def _ends(self, index: int) -> bool:
        return index >= len(self.tokens) or not self.tokens[index].is_word

    def _past_article(self, index: int) -> Item | None:
        while index < len(self.tokens) and (
            self.tokens[index].norm in ARTICLES
            or (self.clause.at(index) is None and looks_adjective(self.tokens[index].norm, self.lang))
        ):
            index += 1
        item = self.clause.at(index)
        return item if item is not None and item.happened is not None else None

    def _under_heading(self, quantity: Quantity, past: int) -> bool:
        """ "Casualties: nine killed": the word behind a colon says more than the one before it."""
        before = self.tokens[quantity.start - 1].text if quantity.start else ""
        behind = self.clause.at(past) if before == ":" else None
        return behind is not None and behind.happened is not None

    def _before(self, quantity: Quantity) -> Item | None:
        """The word right before the number, with nothing between that could belong to another: "killing nine"."""
        index = quantity.start - 1
        toll = False
        for _ in range(_FAR):
            if index < 0:
                return None
            item, token = self.clause.at(index), self.tokens[index]
            if item is not None and item.happened is not None:
                return None if item.start in self.used else item
            rises = self._has_risen(quantity.start)
            toll = toll or rises
            if item is not None and (item.quantity is not None or item.part is not None) and not toll:
                return None
            passable = (
                token.norm in COPULAS[self.lang] or token.text in _DASHES or RISES[self.lang].at(self.tokens, index)
            )
            if not (passable or (item is not None and item.people and not item.people.one) or toll):
                return None
            if toll and token.text == ";":
                return None
            index = (item.start if item else index) - 1
        return None

    def _outcome(self, item: Item) -> Item:
        """What became of them, where the number stands before both: "four wounded were taken to hospital"."""
        index = item.end
        while (
            index < len(self.tokens)
            and self.clause.at(index) is None
            and (
                self.tokens[index].norm in FILLERS[self.lang]
                and self.tokens[index].norm not in ("who", "which", "яких")
            )
        ):
            index += 1
        following = self.clause.at(index)
        if following is None or following.happened is None or item.happened is None:
            return item
        wounded = item.happened.measure is Measure.INJURED
        return following if wounded and following.happened.measure in _OUTCOMES else item

    def _alone(self, quantity: Quantity, past: int, part: Part | None, implied: bool) -> bool:
        """What follows a comma cannot be its verb."""
        return part is not None or self._before_any(quantity) or (implied and not self._appositive(past))

    def _after(self, quantity: Quantity, past: int, whole: Item | None, most_commas: int) -> Item | None:
        """The word that follows the number in its clause: "nine people were killed"."""
        index, commas = past, 0
        while index < min(len(self.tokens), past + _FAR):
            item, token = self.clause.at(index), self.tokens[index]
            if token.text in ",(" and (closing := self._closing(index)) is not None:
                index = closing + 1
                continue
            commas += token.text == ","
            if token.text in ";:" or commas > most_commas:
                return None
            if item is not None and item is not whole:
                if item.happened is not None:
                    return self._outcome(item) if self._may_follow(item, quantity) else None
                if item.quantity is not None and not self._coordinates(past, item):
                    return None
                if item.part is not None and index > past:
                    return None
            index = item.end if item else index + 1
        return None

    def _closing(self, opening: int) -> int | None:
        """Where what was put in ends: "38 of them, including six children, were taken to hospital"."""
        inside = self.clause.at(opening + 1)
        if inside is None or inside.part is None:
            return None
        mark = ")" if self.tokens[opening].text == "(" else ","
        for at in range(opening + 1, min(opening + 12, len(self.tokens) - 1)):
            if self.tokens[at].text == mark:
                goes_on = self.tokens[at + 1].norm not in CONJUNCTIONS[self.lang] and not self._is_count(at + 1)
                return at if goes_on else None
        return None

    def _is_count(self, index: int) -> bool:
        item = self.clause.at(index)
        return item is not None and item.quantity is not None

    def _before_any(self, quantity: Quantity) -> bool:
        return self._far_before(quantity, False) is not None

    def _appositive(self, past: int) -> bool:
        return past + 2 < len(self.tokens) and self.tokens[past].text == "," and self.tokens[past + 2].text == ","

    def _may_follow(self, item: Item, quantity: Quantity) -> bool:
        shared = self.found and item.start in self.used and self.found[-1].quantity.end <= item.start
        if item.happened is None or item.happened.place is Place.AFTER or (item.start in self.used and not shared):
            return False
        # An active verb with an object of its own: "dozens of drones killed nine" counts no drones.
        before_number = self.clause.at(item.end)
        return not (before_number is not None and before_number.quantity is not None and item.start - quantity.end > 3)

    def _coordinates(self, past: int, item: Item) -> bool:
        """ "Two women and a child": the numbers share the word that follows the last."""
        between = self.tokens[past : item.start]
        if all(token.text == "," for token in between) and self._people_after(item.end)[1] is None:
            # "16 people came, three were taken to hospital": only the second number is of the verb.
            return False
        return bool(between) and all(
            token.norm in CONJUNCTIONS[self.lang] or token.text == "," or token.norm in ("also", "ще", "також")
            for token in between
        )

    def _far_before(self, quantity: Quantity, implied: bool) -> Item | None:
        """The word earlier in the clause: `загинули внаслідок атаки на Київ дев'ятеро`."""
        index = quantity.start - 1
        reach = 5 if implied else _FAR
        while index >= max(0, quantity.start - reach):
            item, token = self.clause.at(index), self.tokens[index]
            if token.text in _STRONG or token.norm in CONJUNCTIONS[self.lang]:
                return None
            if item is not None:
                if item.happened is not None:
                    return item if self._governs(item, implied) else None
                if item.quantity is not None or item.part is not None:
                    return None
            index = (item.start if item else index) - 1
        return None

    def _governs(self, item: Item, implied: bool) -> bool:
        if item.start in self.used or item.happened is None:
            return False
        return not implied or item.happened.one or item.happened.place is Place.AFTER or self.lang is Lang.EN

    def _carried(self, quantity: Quantity, part: Part | None, who: People) -> Happened | None:
        """The measure of the number before, which this one is a part of or stands beside."""
        previous = self.found[-1] if self.found else None
        if part is not None:
            if not self._says_more(who):
                return None
            return previous.happened if previous else self.inherited
        if previous is None or (not self._says_more(who) and quantity.interval != ONE):
            return self.inherited if previous is None and self._says_anything(who) else None
        between = self.tokens[previous.end : quantity.start]
        joined = all(token.norm in CONJUNCTIONS[self.lang] or token.text in ",:–—-(" for token in between)
        return previous.happened if between and joined else None

    def _listed(self, quantity: Quantity) -> Part | None:
        """What a colon, dash or bracket opens are the parts of the number before: "31: 26 adults and five children"."""
        before = self.tokens[quantity.start - 1].text if quantity.start else ""
        previous = self.found[-1] if self.found else None
        in_list = previous is not None and previous.part is Part.OF_THEM and not previous.fresh
        return Part.OF_THEM if before in _OPENS_LIST or in_list else None

    def _says_anything(self, who: People) -> bool:
        return who != People()

    def _who(self, quantity: Quantity, people: Item | None) -> People:
        who = people.people if people is not None and people.people is not None else People()
        start = quantity.start - 2
        end = (people.end if people else quantity.end) + 2
        age = age_in(self.tokens, start, end, self.lang) if quantity.interval == ONE else None
        return who._replace(age=age) if age is not None and who.age is Age.ALL else who
