"""
How a figure is said: words to bounds and back, by one table for English and Ukrainian.

The table is printed in docs/methodology.md. Every interval has a phrase, and reading that phrase gives the interval.
"""

import re
from collections.abc import Callable
from enum import StrEnum

import msgspec

from tocsin.domain.casualties.interval import Interval
from tocsin.domain.casualties.numerals import Case, Lang, read, write
from tocsin.kernel.errors import Invalid


class Form(StrEnum):
    """The ways to say a figure."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    UP_TO = "up_to"
    ALMOST = "almost"
    ABOUT = "about"
    RANGE = "range"
    SEVERAL = "several"
    DOZENS = "dozens"
    HUNDREDS = "hundreds"
    NONE = "none"
    UNREPORTED = "unreported"
    WITHIN = "within"
    """A number with bounds that no other form has: "nine (from five to 20)". Sources seldom speak so; sums do."""


class Said(msgspec.Struct, frozen=True):
    """
    What a phrase means.

    Attributes:
        preliminary: The phrase calls itself preliminary. That is a status; it never moves the bounds.
    """

    interval: Interval
    preliminary: bool


class Shape(msgspec.Struct, frozen=True):
    """A form with its numbers: two for a range, none for "several"."""

    form: Form
    numbers: tuple[int, ...] = ()


def rounding_unit(number: int) -> int:
    """What it was probably rounded to: the largest power of ten below it that divides it."""
    unit = 1
    while number % (unit * 10) == 0 and unit * 10 < number:
        unit *= 10
    return unit


def _almost(number: int) -> Interval:
    if number < 1:
        raise ValueError("nothing is almost zero")
    return Interval(min(number - rounding_unit(number) + 1, number - 1), number - 1)


def _about(number: int) -> Interval:
    half = max(1, rounding_unit(number) // 2)
    return Interval(max(0, number - half), number + half, number)


# One number in, bounds out.
_COUNTED: dict[Form, Callable[[int], Interval]] = {
    Form.EXACT: Interval.exactly,
    Form.AT_LEAST: lambda number: Interval(number, None, number),
    Form.MORE_THAN: lambda number: Interval(number + 1),
    Form.UP_TO: lambda number: Interval(0, number),
    Form.ALMOST: _almost,
    Form.ABOUT: _about,
}
# Policy: what vague words are taken to mean. "Dozens" begins at 12, as ACLED counts them.
_FIXED: dict[Form, Interval] = {
    Form.SEVERAL: Interval(3, 9),
    Form.DOZENS: Interval(12, 99),
    Form.HUNDREDS: Interval(100, 999),
    Form.NONE: Interval.exactly(0),
    Form.UNREPORTED: Interval(0),
}

# Words before the number, the one we write first, and the case they ask for. The longest that fits is the one meant.
LEADS: dict[Lang, dict[Form, tuple[str, ...]]] = {
    Lang.EN: {
        Form.AT_LEAST: ("at least", "no fewer than", "not fewer than", "no less than", "not less than", "a minimum of"),
        Form.MORE_THAN: ("more than", "over", "upwards of"),
        Form.UP_TO: ("up to", "as many as", "no more than", "not more than", "at most"),
        Form.ALMOST: ("almost", "nearly", "close to"),
        Form.ABOUT: ("about", "around", "approximately", "roughly", "some"),
    },
    Lang.UK: {
        Form.AT_LEAST: (
            "щонайменше",
            "не менше ніж",
            "не менше",
            "не менш ніж",
            "не менш як",
            "принаймні",
            "як мінімум",
            "мінімум",
        ),
        Form.MORE_THAN: ("понад", "більше ніж", "більш ніж", "більш як", "більше", "більш"),
        Form.UP_TO: ("до", "не більше ніж", "не більше", "не більш як", "щонайбільше"),
        Form.ALMOST: ("майже", "без малого"),
        Form.ABOUT: ("близько", "приблизно", "орієнтовно"),
    },
}
CASES: dict[Form, Case] = {Form.UP_TO: Case.GENITIVE, Form.ABOUT: Case.GENITIVE, Form.RANGE: Case.GENITIVE}
"""The case of the number after our Ukrainian words; nominative where nothing is said."""
WORDS: dict[Lang, dict[Form, tuple[str, ...]]] = {
    Lang.EN: {
        Form.SEVERAL: ("several", "a few"),
        Form.DOZENS: ("dozens",),
        Form.HUNDREDS: ("hundreds",),
        Form.NONE: ("none", "no casualties", "no one", "nobody"),
        Form.UNREPORTED: (
            "no casualties reported",
            "no casualties were reported",
            "no casualties have been reported",
            "no reports of casualties",
            "none reported",
        ),
    },
    Lang.UK: {
        Form.SEVERAL: ("кілька", "декілька", "кількоро"),
        Form.DOZENS: ("десятки",),
        Form.HUNDREDS: ("сотні",),
        Form.NONE: ("жодного", "без постраждалих", "постраждалих немає", "немає постраждалих", "ніхто"),
        Form.UNREPORTED: (
            "про постраждалих не повідомляли",
            "про постраждалих не повідомлялося",
            "інформації про постраждалих немає",
            "інформація про постраждалих не надходила",
        ),
    },
}
RANGES: dict[Lang, tuple[str, ...]] = {
    Lang.EN: ("from {a} to {b}", "between {a} and {b}"),
    Lang.UK: ("від {a} до {b}", "між {a} і {b}"),
}
_TAILS = {Lang.EN: ("or more", "+"), Lang.UK: ("або більше", "чи більше", "+")}
_PRELIMINARY = {
    Lang.EN: r"according to preliminary (?:information|data|reports)|preliminarily|preliminary",
    Lang.UK: r"за попередн(?:іми|ьою) (?:даними|інформацією)|попередньо",
}
# What may follow the number and changes nothing. Any other word is refused: "nine of 12" is not nine.
_NOUNS = {
    Lang.EN: r"(?: (?:people|persons?|civilians?|residents?|children|child|adults?|men|women|were|was|are|is|have been"
    r"|killed|dead|deaths?|died|injured|wounded|hurt|hospitali[sz]ed|casualties|injuries|fatalities))+$",
    Lang.UK: r"(?: (?:людей|люди|людини|людина|людину|осіб|особи|особа|дітей|дитини|дитина|дорослих|мешканців"
    r"|загиблих|загинуло|загинули|загинув|загинула|поранених|поранено|постраждалих|постраждали|постраждало"
    r"|травмовано|травмованих|госпіталізовано|шпиталізовано|госпіталізованих))+$",
}


def parse(phrase: str, lang: Lang) -> Said:
    """
    Read a phrase.

    Raises:
        Invalid: If it is not one of the forms of the table.
    """
    text, marks = re.subn(_PRELIMINARY[lang], " ", _normal(phrase))
    text = re.sub(r"\s+", " ", text).strip(" ,.:;")
    interval = _interval(text, lang)
    if interval is None:
        raise Invalid(f"{phrase!r} is not a figure we can read in {lang}", "phrase")
    return Said(interval, bool(marks))


def _normal(phrase: str) -> str:
    text = phrase.casefold().replace("\u00a0", " ").replace("\u202f", " ")
    return re.sub(r"[\u2019\u02bc`\u2032]", "'", re.sub(r"\s*[\u2013\u2014]\s*", "-", text))


def _interval(text: str, lang: Lang) -> Interval | None:
    for candidate in dict.fromkeys((text, re.sub(_NOUNS[lang], "", text))):
        for reader in (_read_words, _read_within, _read_range, _read_counted):
            try:
                interval = reader(candidate, lang)
            except ValueError:
                continue
            if interval is not None:
                return interval
    return None


def _read_words(text: str, lang: Lang) -> Interval | None:
    return next((_FIXED[form] for form, words in WORDS[lang].items() if text in words), None)


def _read_within(text: str, lang: Lang) -> Interval | None:
    if (match := re.fullmatch(r"(.+?) \((.+)\)", text)) is None:
        return None
    number, bounds = read(match[1], lang), _interval(match[2], lang)
    return None if number is None or bounds is None else Interval(bounds.lo, bounds.hi, number)


def _read_range(text: str, lang: Lang) -> Interval | None:
    number = r"(.+?)"
    patterns = [form.format(a=number, b=number) for form in RANGES[lang]] + [r"(\d+)-(\d+)"]
    for pattern in patterns:
        if (match := re.fullmatch(pattern, text)) is not None:
            a, b = read(match[1], lang), read(match[2], lang)
            if a is not None and b is not None:
                return Interval(a, b)
    return None


def _read_counted(text: str, lang: Lang) -> Interval | None:
    for tail in _TAILS[lang]:
        if text.endswith(tail):
            number = read(text.removesuffix(tail).strip(), lang)
            return None if number is None else _COUNTED[Form.AT_LEAST](number)
    leads = [(lead, form) for form, words in LEADS[lang].items() for lead in words]
    for lead, form in sorted(leads, key=lambda pair: -len(pair[0])):
        if text.startswith(f"{lead} "):
            number = read(text.removeprefix(f"{lead} "), lang)
            return None if number is None else _COUNTED[form](number)
    number = read(text, lang)
    return None if number is None else Interval.exactly(number)


def shape_of(interval: Interval) -> Shape:
    """The form that says exactly this interval; the plainest where several would."""
    for form, fixed in _FIXED.items():
        if interval == fixed:
            return Shape(form)
    lo, hi, point = interval.lo, interval.hi, interval.point
    if point is None:
        return _bounds_shape(lo, hi)
    for form in (Form.EXACT, Form.AT_LEAST, Form.ABOUT):
        if _COUNTED[form](point) == interval:
            return Shape(form, (point,))
    return Shape(Form.WITHIN, (point,))


def _bounds_shape(lo: int, hi: int | None) -> Shape:
    if hi is None:
        return Shape(Form.MORE_THAN, (lo - 1,))
    if lo == 0:
        return Shape(Form.UP_TO, (hi,))
    if _almost(hi + 1) == Interval(lo, hi):
        return Shape(Form.ALMOST, (hi + 1,))
    return Shape(Form.RANGE, (lo, hi))


def render(interval: Interval, lang: Lang, *, words: bool = True) -> str:
    """
    The interval in words, such as "more than 60" or `щонайменше дев'ять`. `parse` reads it back.

    Args:
        words: Small numbers in words, as in a sentence; else all in figures, as in a list.
    """
    shape = shape_of(interval)
    if shape.form is Form.WITHIN:
        return f"{write(shape.numbers[0], lang, words=words)} ({render_bounds(interval, lang, words=words)})"
    if not shape.numbers:
        return WORDS[lang][shape.form][0]
    return _written(shape, lang, words)


def render_bounds(interval: Interval, lang: Lang, *, words: bool = True) -> str:
    """Its bounds alone, such as "from five to 20", without the number that was named."""
    if interval.hi is None:
        return _written(Shape(Form.AT_LEAST, (interval.lo,)), lang, words)
    return _written(Shape(Form.RANGE, (interval.lo, interval.hi)), lang, words)


def _written(shape: Shape, lang: Lang, words: bool) -> str:
    case = CASES.get(shape.form, Case.NOMINATIVE)
    return say(shape.form, tuple(write(number, lang, case, words=words) for number in shape.numbers), lang)


def say(form: Form, numbers: tuple[str, ...], lang: Lang) -> str:
    """Put numbers that are already in words into the words of a form."""
    if form is Form.RANGE:
        return RANGES[lang][0].format(a=numbers[0], b=numbers[1])
    lead = LEADS[lang].get(form)
    return f"{lead[0]} {numbers[0]}" if lead else numbers[0]


def phrases(interval: Interval) -> dict[str, str]:
    """The interval in every language we speak."""
    return {lang.value: render(interval, lang) for lang in Lang}
