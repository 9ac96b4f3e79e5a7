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
_UK_COLLECTIVE = "двоє троє четверо п'ятеро шестеро семеро восьмеро дев'ятеро десятеро".split()

# A row for each number: all its forms, since a sentence declines a number as it declines a noun.
_UK_ONES: dict[int, str] = {
    0: "нуль нуля нулю нулем",
    1: "один одна одне одного одну одному одній однієї одної одним однією одних",
    2: "два дві двох двом двома двоє",
    3: "три трьох трьом трьома троє",
    4: "чотири чотирьох чотирьом чотирма четверо",
    5: "п'ять п'яти п'ятьох п'ятьом п'ятьма п'ятьома п'ятеро",
    6: "шість шести шістьох шістьом шістьма шістьома шестеро",
    7: "сім семи сімох сімом сьома сімома семеро",
    8: "вісім восьми вісьмох вісьмом вісьма вісьмома восьмеро",
    9: "дев'ять дев'яти дев'ятьох дев'ятьом дев'ятьма дев'ятьома дев'ятеро",
}
_UK_DECLINED = ("ь", "и", "ьох", "ьом", "ьма", "ьома", "еро")
"""Endings of ten to twenty and thirty: десять, десяти, десятьох, … десятеро."""
_UK_DECLINED_TENS = ("", "и", "ьох", "ьом", "ьма", "ьома")
"""Endings of fifty to eighty: п'ятдесят, п'ятдесяти, …"""
_UK_HUNDREDS: dict[int, str] = {
    100: "сто ста",
    200: "двісті двохсот двомстам двомастами двохстах",
    300: "триста трьохсот трьомстам трьомастами трьохстах",
    400: "чотириста чотирьохсот чотирьомстам чотирмастами чотирьохстах",
    500: "п'ятсот п'ятисот п'ятистам п'ятьмастами п'ятистах",
    600: "шістсот шестисот шестистам шістьмастами шестистах",
    700: "сімсот семисот семистам сьомастами семистах",
    800: "вісімсот восьмисот восьмистам вісьмастами восьмистах",
    900: "дев'ятсот дев'ятисот дев'ятистам дев'ятьмастами дев'ятистах",
}
# What is counted in: "two dozen", "півтори сотні".
_GROUPS: dict[Lang, dict[str, int]] = {
    Lang.EN: {"dozen": 12, "score": 20, "hundred": 100, "thousand": 1000},
    Lang.UK: dict.fromkeys("десяток десятка десятку десятки десятків".split(), 10)
    | dict.fromkeys("дюжина дюжини дюжину дюжин".split(), 12)
    | dict.fromkeys("сотня сотні сотню сотень сотнею".split(), 100)
    | dict.fromkeys("тисяча тисячі тисячу тисяч".split(), 1000),
}
_HALVES: dict[Lang, dict[str, float]] = {
    Lang.EN: {"a": 1, "an": 1, "half a": 0.5, "one and a half": 1.5},
    Lang.UK: {"пів": 0.5, "півтора": 1.5, "півтори": 1.5, "півторьох": 1.5},
}


def _declined() -> dict[str, int]:
    teens = {word[:-1] + ending: n for n, word in enumerate(_UK[10:], 10) for ending in _UK_DECLINED}
    ones = {form: number for number, forms in _UK_ONES.items() for form in forms.split()}
    return ones | teens | {word: n for n, word in enumerate(_UK_COLLECTIVE, 2)}


def _declined_tens() -> dict[str, int]:
    early = {word[:-1] + ending: n for n, word in ((20, _UK_TENS[0]), (30, _UK_TENS[1])) for ending in _UK_DECLINED}
    later = {word + ending: n * 10 for n, word in enumerate(_UK_TENS[3:7], 5) for ending in _UK_DECLINED_TENS}
    return early | later | {"сорок": 40, "сорока": 40, "дев'яносто": 90, "дев'яноста": 90}


_ONES: dict[Lang, dict[str, int]] = {
    Lang.EN: {word: number for number, word in enumerate(_EN)},
    Lang.UK: _declined(),
}
_TENS: dict[Lang, dict[str, int]] = {
    Lang.EN: {word: 10 * number for number, word in enumerate(_EN_TENS, 2)},
    Lang.UK: _declined_tens(),
}
_HUNDREDS: dict[Lang, dict[str, int]] = {
    Lang.EN: {},
    Lang.UK: {form: number for number, forms in _UK_HUNDREDS.items() for form in forms.split()},
}
_SPELLED: dict[tuple[Lang, Case], list[str]] = {
    (Lang.EN, Case.NOMINATIVE): _EN,
    (Lang.EN, Case.GENITIVE): _EN,
    (Lang.UK, Case.NOMINATIVE): _UK,
    (Lang.UK, Case.GENITIVE): _UK_GENITIVE,
}
# In Ukrainian figures take the ending of the word they stand for: 5-ти, 9-ро, 63-х.
_FIGURES = {
    Lang.EN: re.compile(r"(\d{1,3}(?:[ ,]\d{3})+|\d+)"),
    Lang.UK: re.compile(r"(\d{1,3}(?:[ ,]\d{3})+|\d+)(?:-(?:ть|ти|х|ох|м|ма|ми|ро|го|му|є))?"),
}


def write(number: int, lang: Lang, case: Case = Case.NOMINATIVE, *, words: bool = True) -> str:
    """The number as a newsroom writes it: in words below ten, else in figures. In a list, always in figures."""
    return _SPELLED[lang, case][number] if words and number < SPELLED_BELOW else str(number)


def collective(number: int) -> str | None:
    """The Ukrainian numeral for a group of two to nine people, such as `дев'ятеро`."""
    return _UK_COLLECTIVE[number - 2] if 2 <= number < SPELLED_BELOW else None


def read(text: str, lang: Lang) -> int | None:
    """
    The number that a text in lower case is, in figures or in words below ten thousand; None if it is not one.

    Words may be declined and may count in groups: "two dozen", `півтори сотні`, `двох десятків`.
    """
    if match := _FIGURES[lang].fullmatch(text):
        digits = match[1]
        number = int(re.sub("[ ,]", "", digits)) if len(digits) <= len(f"{LARGEST:,}") else LARGEST + 1
        return number if number <= LARGEST else None
    if (grouped := _in_groups(text, lang)) is not None:
        return grouped
    words = re.sub(r"\bhundred and\b", "hundred", text).replace("-", " ").split()
    return _spoken(words, lang) if words and len(words) <= 7 else None


def _in_groups(text: str, lang: Lang) -> int | None:
    """A number of dozens, tens or hundreds: "a dozen", `півсотні`, `три десятки`."""
    if lang is Lang.UK and text.startswith("пів") and text[3:] in _GROUPS[lang]:
        return _GROUPS[lang][text[3:]] // 2
    many, _, group = text.rpartition(" ")
    size = _GROUPS[lang].get(group)
    if size is None:
        return None
    if many in _HALVES[lang]:
        return int(_HALVES[lang][many] * size)
    if not many:
        # "Hundred" alone is how English headlines say it; a bare "dozen" or plural is no number.
        return size if group in ("hundred", "сотня", "сотню", "тисяча", "десяток", "дюжина") else None
    number = _spoken(many.replace("-", " ").split(), lang) if size < 1000 else None
    return number * size if number is not None and 1 <= number < 100 else None


def _spoken(words: list[str], lang: Lang) -> int | None:
    for index, word in enumerate(words):
        if _GROUPS[lang].get(word) == 1000:
            thousands = _below_thousand(words[:index], lang) if index else 1
            rest = _below_thousand(words[index + 1 :], lang) if words[index + 1 :] else 0
            return None if not thousands or rest is None else thousands * 1000 + rest
    return _below_thousand(words, lang)


def _below_thousand(words: list[str], lang: Lang) -> int | None:
    hundreds = 0
    if words and words[0] in _HUNDREDS[lang]:
        hundreds, words = _HUNDREDS[lang][words[0]], words[1:]
    elif lang is Lang.EN and len(words) > 1 and words[1] == "hundred":
        many = 1 if words[0] == "a" else _ONES[lang].get(words[0], 0)
        if not 1 <= many <= 9:
            return None
        hundreds, words = many * 100, words[2:]
    if not words:
        return hundreds or None
    rest = _below_hundred(words, lang)
    return None if rest is None or (hundreds and not rest) else hundreds + rest


def _below_hundred(words: list[str], lang: Lang) -> int | None:
    if len(words) == 1:
        return _ONES[lang].get(words[0], _TENS[lang].get(words[0]))
    if len(words) != 2:
        return None
    tens, ones = _TENS[lang].get(words[0]), _ONES[lang].get(words[1])
    return tens + ones if tens is not None and ones is not None and 1 <= ones <= 9 else None
