"""Numbers of people in a sentence: which words say a number, with what bounds, and which numbers are something else."""
# ruff: noqa: SIM905 - words are read as a row

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from tocsin.domain.casualties import Interval, Lang, parse
from tocsin.domain.casualties.numerals import read
from tocsin.domain.casualties.phrases import LEADS, WORDS, Form
from tocsin.kernel.errors import Invalid
from tocsin.reading.lexicon.casualties import RISES
from tocsin.reading.lexicon.times import MONTHS, UNITS
from tocsin.reading.text import Token


class Quantity(NamedTuple):
    """Tokens `start` to `end` of a sentence say a number. `more`: besides those counted before, as in "two more"."""

    start: int
    end: int
    interval: Interval
    phrase: str
    more: bool = False


_LONGEST_NUMBER = 5
_LONGEST_LEAD = 5
_NEAR = 6
"""So many words back, a verb of rising still governs the number: `зросла, за даними ДСНС, до 12`."""

_VAGUE = {
    lang: frozenset(f for form in (Form.SEVERAL, Form.DOZENS, Form.HUNDREDS) for f in WORDS[lang][form])
    for lang in Lang
}
_VAGUE_FIRST = {lang: frozenset(words.split()[0] for words in _VAGUE[lang]) for lang in Lang}
# Words that make a number only with others.
_NUMERAL_PARTS = {
    Lang.EN: frozenset("a an half one and hundred thousand dozen score".split()),
    Lang.UK: frozenset(
        "пів півтора півтори півторьох десяток десятка десятку десятки десятків дюжина дюжини дюжину дюжин сотня сотні "
        "сотню сотень сотнею тисяча тисячі тисячу тисяч".split()
    ),
}
_LEADING = {
    lang: frozenset(lead for words in LEADS[lang].values() for lead in words) | extra
    for lang, extra in (
        (Lang.EN, frozenset({"fewer than", "less than", "under"})),
        (Lang.UK, frozenset({"менше ніж", "менш ніж", "менше"})),
    )
}
_EXCEEDS = frozenset("exceeded exceeds surpassed topped tops passed перевищила перевищило перевищує перевищив".split())
"""Verbs that say "more than"."""
_TAILS = {Lang.EN: ("or more", "and counting"), Lang.UK: ("або більше", "чи більше", "і більше")}
_TO = {Lang.EN: frozenset({"to", "and"}), Lang.UK: frozenset({"до", "і", "та"})}
_FROM = {Lang.EN: frozenset({"from", "between"}), Lang.UK: frozenset({"від", "між", "з"})}
_MORE_BEFORE = {Lang.EN: frozenset({"another", "further"}), Lang.UK: frozenset({"ще"})}
_MORE_AFTER = {Lang.EN: frozenset({"more", "others", "other"}), Lang.UK: frozenset()}


@lru_cache(maxsize=20_000)
def number(words: str, lang: Lang) -> int | None:
    return read(words, lang)


@lru_cache(maxsize=20_000)
def bounds(phrase: str, lang: Lang) -> Interval | None:
    try:
        return parse(phrase, lang).interval
    except Invalid:
        return None


def quantities(tokens: Sequence[Token], lang: Lang) -> list[Quantity]:
    """Every number that may count people, with its bounds; times, dates, ages and addresses left out."""
    found: list[Quantity] = []
    index = 0
    while index < len(tokens):
        quantity = _at(tokens, index, lang, found[-1].end if found else 0)
        if quantity is not None:
            found.append(quantity)
        index = max(index + 1, quantity.end if quantity else _past_number(tokens, index, lang))
    return found


def _past_number(tokens: Sequence[Token], index: int, lang: Lang) -> int:
    return _core(tokens, index, lang) or index + 1


def _at(tokens: Sequence[Token], index: int, lang: Lang, earliest: int) -> Quantity | None:
    end = _vague(tokens, index, lang)
    if end is None:
        end = _core(tokens, index, lang)
        if end is None or _is_something_else(tokens, index, end, lang):
            return None
        end = _range_end(tokens, index, end, lang)
    start = _lead_start(tokens, index, lang, earliest)
    end = _tail_end(tokens, end, lang)
    phrase = " ".join(token.norm for token in tokens[start:end])
    if start and tokens[start - 1].norm in _EXCEEDS and start == index:
        start, phrase = start - 1, f"{LEADS[lang][Form.MORE_THAN][0]} {phrase}"
    interval = bounds(phrase, lang) or bounds(" ".join(token.norm for token in tokens[index:end]), lang)
    if interval is None:
        return None
    more = (start > 0 and tokens[start - 1].norm in _MORE_BEFORE[lang]) or (
        end < len(tokens) and tokens[end].norm in _MORE_AFTER[lang]
    )
    return Quantity(start, end, interval, phrase, more)


def _vague(tokens: Sequence[Token], index: int, lang: Lang) -> int | None:
    if tokens[index].norm not in _VAGUE_FIRST[lang]:
        return None
    for size in (3, 2, 1):
        words = " ".join([token.norm for token in tokens[index : index + size]])
        if words in _VAGUE[lang] and index + size <= len(tokens):
            return index + size
    return None


def _core(tokens: Sequence[Token], index: int, lang: Lang) -> int | None:
    """Where the number that begins here ends: figures, or as many words as make one number."""
    token = tokens[index]
    if not _in_number(token.norm, lang):
        return None
    if token.is_number:
        return index + 1 if number(token.norm, lang) is not None else None
    end = index + 1
    while end < min(index + _LONGEST_NUMBER, len(tokens)) and _in_number(tokens[end].norm, lang):
        end += 1
    for last in range(end, index, -1):
        if number(" ".join([each.norm for each in tokens[index:last]]), lang) is not None:
            return last
    return None


@lru_cache(maxsize=20_000)
def _in_number(norm: str, lang: Lang) -> bool:
    """A number may begin with this word or go on with it."""
    return norm in _NUMERAL_PARTS[lang] or norm[0].isdecimal() or read(norm, lang) is not None


def _range_end(tokens: Sequence[Token], start: int, end: int, lang: Lang) -> int:
    """The end of "5-7", or of "from five to seven" where what rises does not rise from five to seven."""
    if end + 1 >= len(tokens):
        return end
    after = _core(tokens, end + 1, lang)
    if after is None:
        return end
    if tokens[end].text in "-–—" and tokens[start].is_number and tokens[end].start == tokens[end - 1].end:
        return after
    ranged = start > 0 and tokens[start - 1].norm in _FROM[lang] and tokens[end].norm in _TO[lang]
    return after if ranged and not _rising(tokens, start, lang) else end


def _rising(tokens: Sequence[Token], index: int, lang: Lang) -> bool:
    return any(RISES[lang].at(tokens, each) for each in range(max(0, index - _NEAR), index))


def _lead_start(tokens: Sequence[Token], index: int, lang: Lang, earliest: int) -> int:
    for size in range(min(_LONGEST_LEAD, index - earliest), 0, -1):
        start = index - size
        words = " ".join([token.norm for token in tokens[start:index]])
        # "Rose to 12" is not "up to 12", though Ukrainian has one word for both.
        if words in _LEADING[lang] and not (words in ("до", "up to") and _rising(tokens, start, lang)):
            return start
        if size == 1 and words in _FROM[lang] and not _rising(tokens, start, lang) and _is_range(tokens, index, lang):
            return start
    return index


def _is_range(tokens: Sequence[Token], index: int, lang: Lang) -> bool:
    core = _core(tokens, index, lang)
    return core is not None and core < len(tokens) and tokens[core].norm in _TO[lang]


def _tail_end(tokens: Sequence[Token], end: int, lang: Lang) -> int:
    if end < len(tokens) and tokens[end].text == "+":
        return end + 1
    return end + 2 if " ".join(token.norm for token in tokens[end : end + 2]) in _TAILS[lang] else end


_YEARS = range(1900, 2101)
_NOT_BEFORE = frozenset("№ # $ € £ no kh х xх".split())
_UNITS_AFTER = frozenset(["%", "°", "$", "€"])


def _is_something_else(tokens: Sequence[Token], start: int, end: int, lang: Lang) -> bool:
    """A date, a time, an age, a length, money, the number of a house: anything but a count."""
    before = tokens[start - 1] if start else None
    after = tokens[end] if end < len(tokens) else None
    if before is not None and (before.norm in _NOT_BEFORE or before.norm in MONTHS[lang]):
        return True
    if after is not None and (after.norm in MONTHS[lang] or after.text in _UNITS_AFTER):
        return True
    value = number(" ".join(token.norm for token in tokens[start:end]), lang)
    if tokens[start].is_number and value in _YEARS and (before is None or not before.is_number):
        return "," not in tokens[start].text
    if is_age(tokens, start, end):
        return True
    return UNITS[lang].at(tokens, end) is not None if after is not None else False


_AGED = frozenset(("aged", "age", "віком"))


def is_age(tokens: Sequence[Token], start: int, end: int) -> bool:
    """The 45 of "a man, 45, died" or "aged 45": figures between commas behind a word."""
    if start == 0 or not tokens[start].is_number or end - start > 1:
        return False
    before = tokens[start - 1]
    if before.norm in _AGED:
        return True
    if before.norm in ("and", "та", "і", ",") and start > 2 and is_age(tokens, start - 2, start - 1):
        return True
    closed = end < len(tokens) and tokens[end].text == ","
    return before.text == "," and closed and start > 1 and _ends_singular(tokens[start - 2])


def _ends_singular(token: Token) -> bool:
    return token.is_word and (token.is_capital or token.norm in _SINGULAR)


_SINGULAR = frozenset(
    "man woman boy girl child person resident чоловік жінка хлопець дівчина хлопчик дівчинка дитина".split()
)
