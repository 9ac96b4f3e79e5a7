"""A sentence as counted people see it: numbers, people, what happened to them, parts and breaks, in order."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from tocsin.domain.casualties import Age, Lang
from tocsin.reading.lexicon.casualties import HAPPENED, NOT, PARTS, PEOPLE, TOLLS, Happened, Part, People
from tocsin.reading.quantity import Quantity, is_age, number, quantities
from tocsin.reading.text import Token


class Item(NamedTuple):
    """Tokens `start` to `end`; exactly one of the others says what they are."""

    start: int
    end: int
    quantity: Quantity | None = None
    people: People | None = None
    happened: Happened | None = None
    part: Part | None = None
    negation: bool = False
    toll: bool = False


class Clause(NamedTuple):
    """A sentence's tokens and what was recognised in them."""

    tokens: Sequence[Token]
    items: list[Item]
    lang: Lang
    by_token: dict[int, Item]

    def at(self, index: int) -> Item | None:
        """The item that a token is of."""
        return self.by_token.get(index)


def clause(tokens: Sequence[Token], lang: Lang) -> Clause:
    numbers = {quantity.start: quantity for quantity in quantities(tokens, lang)}
    items: list[Item] = []
    index = 0
    while index < len(tokens):
        quantity = numbers.get(index)
        item = Item(index, quantity.end, quantity=quantity) if quantity else _item(tokens, index, lang)
        if item is not None:
            items.append(item)
        index = item.end if item else index + 1
    by_token = {at: item for item in items for at in range(item.start, item.end)}
    return Clause(tokens, items, lang, by_token)


@lru_cache(maxsize=20_000)
def _is_known(norm: str, lang: Lang) -> bool:
    """One look for the many words that are in no table."""
    return any(table[lang].begins_with(norm) for table in (HAPPENED, PARTS, PEOPLE, TOLLS, NOT))


def _item(tokens: Sequence[Token], index: int, lang: Lang) -> Item | None:
    if not _is_known(tokens[index].norm, lang):
        return None
    happened = HAPPENED[lang].at(tokens, index)
    part = PARTS[lang].at(tokens, index)
    if part is not None and (happened is None or part.end > happened.end):
        return Item(index, part.end, part=part.value)
    if happened is not None:
        return Item(index, happened.end, happened=happened.value)
    people = PEOPLE[lang].at(tokens, index)
    if people is not None:
        return Item(index, people.end, people=people.value)
    if (toll := TOLLS[lang].at(tokens, index)) is not None:
        return Item(index, toll.end, toll=True)
    negation = NOT[lang].at(tokens, index)
    return Item(index, negation.end, negation=True) if negation else None


_OLD = {Lang.EN: "year-old", Lang.UK: "річн"}
_GROWN = 18


def age_in(tokens: Sequence[Token], start: int, end: int, lang: Lang) -> Age | None:
    """The age that is told of one person: "17-year-old", `45-річний`, "a man, 45,"."""
    for index in range(max(0, start), min(end, len(tokens))):
        token = tokens[index]
        head, _, tail = token.norm.partition("-")
        if tail.startswith(_OLD[lang]) and (years := number(head, lang)) is not None:
            return Age.CHILD if years < _GROWN else Age.ADULT
        if is_age(tokens, index, index + 1):
            return Age.CHILD if int(token.norm) < _GROWN else Age.ADULT
    return None
