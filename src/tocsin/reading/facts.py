"""Facts of an attack that are no figures of people: places, times, weapons with their counts, effects on things."""

from collections.abc import Sequence
from typing import NamedTuple

from tocsin.domain.casualties import Interval, Lang
from tocsin.domain.record import WeaponClass
from tocsin.reading.lexicon.attacks import EFFECTS, FATES, NOTHING, WEAPONS
from tocsin.reading.lexicon.grammar import CONJUNCTIONS
from tocsin.reading.lexicon.matching import Match
from tocsin.reading.lexicon.places import PLACES
from tocsin.reading.lexicon.speech import BODIES
from tocsin.reading.proposals import Fate
from tocsin.reading.quantity import Quantity
from tocsin.reading.text import Token


class Weapon(NamedTuple):
    """Tokens `start` to `end` speak of weapons."""

    start: int
    end: int
    word: str
    weapon_class: WeaponClass
    counted: Interval | None
    fate: Fate | None


_BETWEEN = 4
"""So many words describe a weapon between its number and its name."""
_REACH = 9


def places(tokens: Sequence[Token], lang: Lang) -> list[Match[str]]:
    """Places named, but not the Kyiv of "Kyiv City Military Administration"."""
    bodies = BODIES[lang].all(tokens)
    return [
        match
        for match in PLACES[lang].all(tokens)
        if (tokens[match.start].is_capital or lang is Lang.UK)
        and not any(body.start <= match.start < body.end for body in bodies)
    ]


def effects(tokens: Sequence[Token], lang: Lang) -> list[Match[str]]:
    """Each kind of effect once a sentence."""
    seen = {NOTHING}
    found = []
    for match in EFFECTS[lang].all(tokens):
        if match.value not in seen:
            seen.add(match.value)
            found.append(match)
    return found


def weapons(tokens: Sequence[Token], lang: Lang, numbers: Sequence[Quantity], last: str | None) -> list[Weapon]:
    """
    Weapons with their counts.

    Args:
        numbers: Those of the sentence that count no people.
        last: The word for the weapons spoken of before, which "112 were shot down" counts.
    """
    named = _joined(WEAPONS[lang].all(tokens), tokens, lang)
    fates = FATES[lang].all(tokens)
    counted: dict[int, Weapon] = {}
    fate_before: Fate | None = None
    for quantity in numbers:
        weapon = _named_after(tokens, quantity, named, lang)
        fate = _fate(tokens, quantity, weapon, fates, lang) or (fate_before if weapon else None)
        if weapon is not None:
            word = _word(tokens, weapon)
            counted[weapon.start] = Weapon(quantity.start, weapon.end, word, weapon.value, quantity.interval, fate)
        elif (fate is not None and last is not None) or (fate is not None and named):
            word = _word(tokens, named[0]) if named else last or ""
            near = next(each for each in fates if each.value == fate)
            end = max(quantity.end, near.end) if near.start >= quantity.end else quantity.end
            counted[quantity.start] = Weapon(quantity.start, end, word, _class(named), quantity.interval, fate)
        fate_before = fate
    uncounted = [Weapon(m.start, m.end, _word(tokens, m), m.value, None, None) for m in named if m.start not in counted]
    return sorted([*counted.values(), *uncounted])


def _joined(named: Sequence[Match[WeaponClass]], tokens: Sequence[Token], lang: Lang) -> list[Match[WeaponClass]]:
    """ "Missiles and drones" under one number are one kind of thing to count."""
    found: list[Match[WeaponClass]] = []
    for match in named:
        before = found[-1] if found else None
        between = tokens[before.end : match.start] if before else []
        if before is not None and not between:
            # "Kalibr missiles": the general word adds nothing to the name.
            known = match.value if before.value is WeaponClass.UNKNOWN else before.value
            found[-1] = Match(before.start, match.end, known)
        elif before is not None and len(between) == 1 and between[0].norm in CONJUNCTIONS[lang]:
            same = before.value is match.value
            found[-1] = Match(before.start, match.end, match.value if same else WeaponClass.UNKNOWN)
        else:
            found.append(match)
    return found


def _class(named: Sequence[Match[WeaponClass]]) -> WeaponClass:
    return named[0].value if len({match.value for match in named}) == 1 else WeaponClass.UNKNOWN


def _word(tokens: Sequence[Token], match: Match[WeaponClass]) -> str:
    return " ".join(token.text for token in tokens[match.start : match.end])


def _named_after(
    tokens: Sequence[Token], quantity: Quantity, named: Sequence[Match[WeaponClass]], lang: Lang
) -> Match[WeaponClass] | None:
    for match in named:
        if match.start >= quantity.end:
            between = tokens[quantity.end : match.start]
            plain = all(token.is_word and token.norm not in CONJUNCTIONS[lang] for token in between)
            return match if len(between) <= _BETWEEN and plain else None
    return None


def _fate(
    tokens: Sequence[Token],
    quantity: Quantity,
    weapon: Match[WeaponClass] | None,
    fates: Sequence[Match[Fate]],
    lang: Lang,
) -> Fate | None:
    """What became of them: by the verb behind in the same clause, else by the one before."""
    end = weapon.end if weapon else quantity.end
    for fate in fates:
        if fate.start >= end:
            between = tokens[end : fate.start]
            plain = all((t.is_word and t.norm not in CONJUNCTIONS[lang]) or t.text in "–—" for t in between)
            if len(between) <= _BETWEEN and plain:
                return fate.value
            break
    return _fate_before(tokens, quantity, fates)


def _fate_before(tokens: Sequence[Token], quantity: Quantity, fates: Sequence[Match[Fate]]) -> Fate | None:
    for fate in reversed(fates):
        if fate.end <= quantity.start:
            between = tokens[fate.end : quantity.start]
            return fate.value if len(between) <= _REACH and not any(t.text in ",;." for t in between) else None
    return None


def clause_around(tokens: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """The clause a word stands in, from one comma or bracket to the next."""
    while start > 0 and tokens[start - 1].text not in _CLAUSE_ENDS:
        start -= 1
    while end < len(tokens) and tokens[end].text not in _CLAUSE_ENDS:
        end += 1
    return start, end


_CLAUSE_ENDS = frozenset(',;:.!?–—()«»"“”')
