"""Numbers in words, read and written, in English and Ukrainian."""
# ruff: noqa: SIM905 - the numbers of a language are read as one row

import re
from enum import StrEnum

from tocsin.domain.casualties.interval import LARGEST


class Lang(StrEnum):
    EN = "en"
    UK = "uk"


class Case(StrEnum):
    """The grammatical cases that words before a number ask of it. English has one form for all."""

    NOMINATIVE = "nominative"
    GENITIVE = "genitive"


SPELLED_BELOW = 10
"""From here on numbers are written in figures, as newsrooms do: "nine", but "10"."""

_EN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_UK = (
    "нуль один два три чотири п'ять шість сім вісім дев'ять десять одинадцять дванадцять тринадцять чотирнадцять "
    "п'ятнадцять шістнадцять сімнадцять вісімнадцять дев'ятнадцять"
).split()
_UK_TENS = "двадцять тридцять сорок п'ятдесят шістдесят сімдесят вісімдесят дев'яносто".split()
_UK_GENITIVE = "нуля одного двох трьох чотирьох п'яти шести семи восьми дев'яти".split()
_UK_GENITIVE_TEENS = (
    "десяти одинадцяти дванадцяти тринадцяти чотирнадцяти п'ятнадцяти шістнадцяти сімнадцяти вісімнадцяти дев'ятнадцяти"
).split()
_UK_GENITIVE_TENS = "двадцяти тридцяти сорока п'ятдесяти шістдесяти сімдесяти вісімдесяти дев'яноста".split()
_UK_COLLECTIVE = "двоє троє четверо п'ятеро шестеро семеро восьмеро дев'ятеро десятеро".split()
_UK_GENDERED = {"одна": 1, "одне": 1, "одну": 1, "однієї": 1, "дві": 2}

_ONES: dict[Lang, dict[str, int]] = {
    Lang.EN: {word: number for number, word in enumerate(_EN)},
    Lang.UK: _UK_GENDERED
    | {word: number for number, word in enumerate(_UK)}
    | {word: number for number, word in enumerate((*_UK_GENITIVE, *_UK_GENITIVE_TEENS))}
    | {word: number for number, word in enumerate(_UK_COLLECTIVE, 2)},
}
_TENS: dict[Lang, dict[str, int]] = {
    Lang.EN: {word: 10 * number for number, word in enumerate(_EN_TENS, 2)},
    Lang.UK: {word: 10 * number for words in (_UK_TENS, _UK_GENITIVE_TENS) for number, word in enumerate(words, 2)},
}
_HUNDRED = {Lang.EN: {"hundred", "a hundred", "one hundred"}, Lang.UK: {"сто", "ста", "сотня"}}
_SPELLED: dict[tuple[Lang, Case], list[str]] = {
    (Lang.EN, Case.NOMINATIVE): _EN,
    (Lang.EN, Case.GENITIVE): _EN,
    (Lang.UK, Case.NOMINATIVE): _UK,
    (Lang.UK, Case.GENITIVE): _UK_GENITIVE,
}
_FIGURES = re.compile(r"\d{1,3}(?:[ ,]\d{3})+|\d+")


def write(number: int, lang: Lang, case: Case = Case.NOMINATIVE, *, words: bool = True) -> str:
    """The number as a newsroom writes it: in words below ten, else in figures. In a list, always in figures."""
    return _SPELLED[lang, case][number] if words and number < SPELLED_BELOW else str(number)


def collective(number: int) -> str | None:
    """The Ukrainian numeral for a group of two to nine people, such as `дев'ятеро`."""
    return _UK_COLLECTIVE[number - 2] if 2 <= number < SPELLED_BELOW else None


def read(text: str, lang: Lang) -> int | None:
    """The number that a text in lower case is, in figures or in words up to a hundred; None if it is not one."""
    if _FIGURES.fullmatch(text):
        number = int(re.sub("[ ,]", "", text)) if len(text) <= len(f"{LARGEST:,}") else LARGEST + 1
        return number if number <= LARGEST else None
    if text in _HUNDRED[lang]:
        return 100
    first, _, second = text.replace("-", " ").partition(" ")
    if not second:
        return _ONES[lang].get(first, _TENS[lang].get(first))
    tens, ones = _TENS[lang].get(first), _ONES[lang].get(second)
    return tens + ones if tens is not None and ones is not None and 1 <= ones <= 9 else None
