"""
How a figure is said: words to bounds and back, by one table for English and Ukrainian.

The table is printed in docs/methodology.md. Every interval has a phrase, and reading that phrase gives the interval.
"""

import re
from collections.abc import Callable, Iterator
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
        Form.AT_LEAST: (
            "at least",
            "no fewer than",
            "not fewer than",
            "no less than",
            "not less than",
            "a minimum of",
            "minimum of",
            "minimum",
            "\u2265",
        ),
        Form.MORE_THAN: ("more than", "over", "upwards of", "just over", "in excess of", "above", ">"),
        Form.UP_TO: ("up to", "as many as", "no more than", "not more than", "at most", "\u2264"),
        Form.ALMOST: ("almost", "nearly", "close to", "just under"),
        Form.ABOUT: ("about", "around", "approximately", "roughly", "some", "an estimated", "~", "\u2248"),
    },
    Lang.UK: {
        Form.AT_LEAST: (
            "щонайменше",
            "не менше ніж",
            "не менше",
            "не менш ніж",
            "не менш як",
            "не менше як",
            "щонайменш",
            "принаймні",
            "як мінімум",
            "мінімум",
            "\u2265",
        ),
        Form.MORE_THAN: (
            "понад",
            "більше ніж",
            "більш ніж",
            "більш як",
            "більше",
            "більш",
            "більше як",
            "більше за",
            ">",
        ),
        Form.UP_TO: (
            "до",
            "не більше ніж",
            "не більше",
            "не більш ніж",
            "не більш як",
            "щонайбільше",
            "максимум",
            "\u2264",
        ),
        Form.ALMOST: ("майже", "без малого", "мало не"),
        Form.ABOUT: ("близько", "приблизно", "орієнтовно", "десь", "~", "\u2248"),
    },
}
# Leave out the number itself: "fewer than ten" is up to nine.
_BELOW = {
    Lang.EN: ("fewer than", "less than", "under", "below", "<"),
    Lang.UK: ("менше ніж", "менш ніж", "менш як", "менше", "менш", "<"),
}


def _by_length(lang: Lang) -> list[tuple[str, Callable[[int], Interval]]]:
    """Every lead with what it makes of a number, the longest first."""
    leads = [(f"{lead} ", _COUNTED[form]) for form, words in LEADS[lang].items() for lead in words]
    below = [(f"{lead} ", lambda number: Interval(0, number - 1)) for lead in _BELOW[lang]]
    return sorted([*leads, *below], key=lambda pair: -len(pair[0]))


_LEADS = {lang: _by_length(lang) for lang in Lang}
CASES: dict[Form, Case] = {Form.UP_TO: Case.GENITIVE, Form.ABOUT: Case.GENITIVE, Form.RANGE: Case.GENITIVE}
"""The case of the number after our Ukrainian words; nominative where nothing is said."""
WORDS: dict[Lang, dict[Form, tuple[str, ...]]] = {
    Lang.EN: {
        Form.SEVERAL: ("several", "a few", "a handful", "a number of"),
        # "Several dozen" says no more than "dozens": the lower bound stays the careful one.
        Form.DOZENS: ("dozens", "dozens of", "several dozen", "scores", "scores of", "tens", "tens of"),
        Form.HUNDREDS: ("hundreds", "hundreds of", "several hundred"),
        Form.NONE: (
            "none",
            "no casualties",
            "no injuries",
            "no deaths",
            "no fatalities",
            "no one",
            "nobody",
            "no people",
            "without casualties",
        ),
        Form.UNREPORTED: (
            "no casualties reported",
            "no casualties were reported",
            "no casualties have been reported",
            "no reports of casualties",
            "there were no reports of casualties",
            "no injuries reported",
            "no injuries were reported",
            "no information about casualties",
            "none reported",
        ),
    },
    Lang.UK: {
        Form.SEVERAL: ("кілька", "декілька", "кількоро", "кількох", "декількох", "кільком", "декільком"),
        Form.DOZENS: ("десятки", "кілька десятків", "декілька десятків", "кількох десятків", "десятків"),
        Form.HUNDREDS: ("сотні", "кілька сотень", "декілька сотень", "кількох сотень"),
        Form.NONE: (
            "жодного",
            "жодної",
            "жодних",
            "без постраждалих",
            "обійшлося без постраждалих",
            "минулося без постраждалих",
            "без загиблих",
            "без загиблих і постраждалих",
            "без загиблих та постраждалих",
            "без жертв",
            "постраждалих немає",
            "немає постраждалих",
            "жертв немає",
            "немає жертв",
            "загиблих немає",
            "немає загиблих",
            "ніхто",
            "ніхто не постраждав",
            "ніхто не загинув",
        ),
        Form.UNREPORTED: (
            "про постраждалих не повідомляли",
            "про постраждалих не повідомлялося",
            "про постраждалих не повідомляється",
            "про жертв не повідомляли",
            "про загиблих не повідомляли",
            "про загиблих не повідомлялося",
            "про загиблих і постраждалих не повідомляли",
            "про загиблих та постраждалих не повідомляли",
            "про загиблих і постраждалих не повідомлялося",
            "про загиблих та постраждалих не повідомлялося",
            "інформації про постраждалих не надходило",
            "інформації про постраждалих немає",
            "наразі інформації про постраждалих немає",
            "інформація про постраждалих не надходила",
        ),
    },
}
RANGES: dict[Lang, tuple[str, ...]] = {
    Lang.EN: ("from {a} to {b}", "between {a} and {b}", "{a} to {b}"),
    Lang.UK: ("від {a} до {b}", "між {a} і {b}", "між {a} та {b}", "з {a} до {b}"),
}
_TAILS = {
    Lang.EN: ("or more", "and counting", "+"),
    Lang.UK: ("або більше", "чи більше", "і більше", "та більше", "+"),
}
_PRELIMINARY = {
    Lang.EN: r"(?:according to )?(?:preliminary|initial|early) (?:information|data|reports|estimates|figures)"
    r"(?: (?:say|said|suggest|indicate))?|preliminarily|preliminary",
    Lang.UK: r"за попередн(?:іми|ьою) (?:даними|інформацією|підрахунками|оцінками|оцінкою)|за першими даними"
    r"|попередньо(?: відомо про)?",
}
# Words that go together around a number and change nothing. Apart they would: "зросла до 12" is not "up to 12", and
# "among 12" is not 12.
_ASIDE = {
    Lang.EN: r"\b(?:(?:has |had )?(?:risen|rose|rises|rising|grown|grew|climbed|increased) to|including|among them"
    r"|of them|of whom|at the scene|on the spot|under the rubble)\b",
    Lang.UK: r"\b(?:зросл[аои] до|збільшил(?:ася|ась|ося|ось|ися|ись) до|зокрема|[ув] тому числі|серед (?:них|яких)"
    r"|[зі]з? (?:них|яких)|відомо про|на місці|під завалами|[ув] лікарн(?:і|ях))\b",
}
# One person without a number: "including a child", "зокрема дитина".
_ONE = {
    Lang.EN: frozenset(f"a {who}" for who in ("child", "man", "woman", "person", "boy", "girl", "teenager")),
    Lang.UK: frozenset(("дитина", "дитину", "жінка", "жінку", "чоловік", "чоловіка", "підліток", "підлітка")),
}
# What may stand around the number and changes nothing. Any other word is refused: "nine of 12" is not nine.
_NOUNS = {
    Lang.EN: "people persons? civilians? residents? citizens? children child minors? boys? girls? teenagers? "
    "adults? men man women woman rescuers? responders? medics? paramedics? firefighters? officers? police "
    "soldiers? were was are is have has had been being got of killed killing dead deaths? died injured "
    "injuring wounded wounding hurt hospitali[sz]ed hospitals? casualties casualty injuries fatalities "
    "missing trapped rescued alive evacuated treated others in the death toll number already exactly only "
    "bod(?:y|ies) fragments remains may be",
    Lang.UK: "людей люди людини людина людину людям людьми осіб особи особа особу особам діти дітей дитини дитина "
    "дитину дітям підлітків підлітки дорослих дорослі дорослий жінок жінки жінка жінку чоловіків чоловіки "
    "чоловік чоловіка громадян цивільних цивільні цивільний містян мешканців мешканці жителів "
    "рятувальників рятувальники рятувальник пожежників пожежники пожежник поліцейських поліцейські "
    "поліцейський медиків медики військових військові загиблих загиблі загиблий загиблого загибла "
    "загинуло загинули загинув загинула вбито вбитих вбиті померло померли помер померла поранених "
    "поранені поранений пораненого поранена поранено поранення постраждалих постраждалі постраждалий "
    "постраждалого постраждали постраждало постраждав постраждала травмовано травмованих травмовані "
    "травмувалися госпіталізовано госпіталізованих госпіталізовані госпіталізували шпиталізовано "
    "врятовано врятовані врятували живими евакуйовано евакуйовані евакуювали зниклих зникли зниклими "
    "вважаються безвісти отримали дістали зазнали допомогу є було були тіл тіла тіло фрагменти фрагментів "
    "рештки кількість число вже наразі зараз рівно лише перебувають перебуває перебувати можуть може",
}
_AROUND = {lang: re.compile(rf"(?:{'|'.join(words.split())})") for lang, words in _NOUNS.items()}


def parse(phrase: str, lang: Lang) -> Said:
    """
    Read a phrase.

    Raises:
        Invalid: If it is not one of the forms of the table.
    """
    text, marks = re.subn(_PRELIMINARY[lang], " ", _normal(phrase))
    text = re.sub(_ASIDE[lang], " ", text)
    text = re.sub(r"\s+", " ", text).strip(" ,.:;")
    interval = _interval(text, lang)
    if interval is None:
        raise Invalid(f"{phrase!r} is not a figure we can read in {lang}", "phrase")
    return Said(interval, bool(marks))


def _normal(phrase: str) -> str:
    text = phrase.casefold().replace("\u00a0", " ").replace("\u202f", " ")
    text = re.sub(r"([<>~\u2248\u2264\u2265])\s*", r"\1 ", re.sub(r"\s*[\u2013\u2014]\s*", "-", text))
    return re.sub(r"[\u2019\u02bc`\u2032]", "'", text)


def _interval(text: str, lang: Lang) -> Interval | None:
    for candidate in _bare(text, lang):
        for reader in (_read_words, _read_within, _read_range, _read_counted):
            try:
                interval = reader(candidate, lang)
            except ValueError:
                continue
            if interval is not None:
                return interval
    return None


def _bare(text: str, lang: Lang) -> Iterator[str]:
    """The text, then the text with fewer and fewer of the words around its number."""
    words = text.split()
    after = len(words)
    while True:
        before = 0
        while before < after:
            yield " ".join(words[before:after])
            if not _AROUND[lang].fullmatch(words[before]):
                break
            before += 1
        if after < 2 or not _AROUND[lang].fullmatch(words[after - 1]):
            return
        after -= 1


def _read_words(text: str, lang: Lang) -> Interval | None:
    if text in _ONE[lang]:
        return Interval.exactly(1)
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
    for lead, bounds in _LEADS[lang]:
        if text.startswith(lead):
            number = read(text.removeprefix(lead), lang)
            return None if number is None else bounds(number)
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
