"""Nobody: "no casualties", which is a count of none, and "no casualties reported", which is no count at all."""

from collections.abc import Iterator

from tocsin.domain.casualties import Interval, Lang, Measure
from tocsin.reading.bound import Bound
from tocsin.reading.items import Clause, Item
from tocsin.reading.lexicon.casualties import People, Place
from tocsin.reading.lexicon.grammar import CONJUNCTIONS
from tocsin.reading.quantity import Quantity

# Words that make the absence one of news, not of people.
_NEWS = {
    Lang.EN: ("report", "inform", "known", "record", "claim", "confirm", "immediate", "data", "word"),
    Lang.UK: ("повідомл", "інформ", "надход", "надійш", "відом", "фіксув", "зафіксов", "даних", "звіт", "дані"),
}
_NEGATABLE = frozenset({Measure.KILLED, Measure.INJURED, Measure.HOSPITALISED, Measure.MISSING})
_REACH = 6


def negated(clause: Clause) -> Iterator[Bound]:
    """Counts of none in a sentence that has no other."""
    for item in clause.items:
        if item.negation:
            happened = _deny(clause, item)
            if happened:
                yield from _none(clause, item, happened)
                return


def _deny(clause: Clause, item: Item) -> list[Item]:
    """What is denied, by the words next to the word that denies."""
    words = [token.norm for token in clause.tokens[item.start : item.end]]
    if clause.lang is Lang.EN:
        direct = words[0] in ("no", "nobody", "none", "without", "no one")
        return (
            _chain(clause, item.end, 1) if direct else (_chain(clause, item.start - 1, -1) if _of_news(clause) else [])
        )
    match words[0]:
        case "без":
            return _chain(clause, item.end, 1)
        case "немає" | "нема" | "відсутні":
            return _chain(clause, item.start - 1, -1) or _chain(clause, item.end, 1)
        case "ніхто" | "нікого":
            return _chain(clause, item.end, 1) or _chain(clause, item.start - 1, -1)
        case "жодного" | "жодної" | "жодних":
            return _chain(clause, item.end, 1)
        case _:
            return _chain(clause, item.start - 1, -1) if _news_next(clause, item.end) else []


def _chain(clause: Clause, index: int, step: int) -> list[Item]:
    """The words for what happened in one direction, with those joined to the first by "and" or "or"."""
    found: list[Item] = []
    passed = 0
    while 0 <= index < len(clause.tokens) and passed < _REACH:
        item, token = clause.at(index), clause.tokens[index]
        if item is not None and item.happened is not None:
            if item.happened.measure not in _NEGATABLE or item.happened.place is Place.AFTER:
                break
            found.append(item)
            passed = _REACH - 3
        elif item is not None and item.quantity is not None:
            return []
        elif not token.is_word or (found and token.norm not in CONJUNCTIONS[clause.lang]):
            break
        passed += 1
        index = (item.end if step > 0 else item.start - 1) if item else index + step
    return found


def _of_news(clause: Clause) -> bool:
    return any(token.norm.startswith(_NEWS[clause.lang]) for token in clause.tokens)


def _news_next(clause: Clause, index: int) -> bool:
    return any(token.norm.startswith(_NEWS[clause.lang]) for token in clause.tokens[index : index + 2])


def _none(clause: Clause, denied: Item, happened: list[Item]) -> Iterator[Bound]:
    start = min(denied.start, *(item.start for item in happened)) if happened else denied.start
    end = max(denied.end, *(item.end for item in happened))
    near = clause.tokens[max(0, start - 4) : end + 5]
    unreported = any(token.norm.startswith(_NEWS[clause.lang]) for token in near)
    interval = Interval(0) if unreported else Interval.exactly(0)
    phrase = " ".join(token.norm for token in clause.tokens[start:end])
    quantity = Quantity(start, end, interval, phrase)
    for item in happened:
        if item.happened is not None:
            measures = [item.happened.measure, item.happened.also]
            for measure in filter(None, measures):
                yield Bound(quantity, item.happened._replace(measure=measure, also=None), People(), start, end)
