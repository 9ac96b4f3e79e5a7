"""Numbers with the noun they count, so that a bulletin reads as a person would write it."""

from enum import StrEnum
from functools import lru_cache

import msgspec

from tocsin.domain.casualties import Interval, Lang, render
from tocsin.domain.casualties.numerals import SPELLED_BELOW, Case, collective, write
from tocsin.domain.casualties.phrases import CASES, Form, Shape, render_bounds, say, shape_of


class Agrees(StrEnum):
    """The form of the verb that goes with it: CLDR's plural categories."""

    ONE = "one"
    FEW = "few"
    MANY = "many"


class Counted(msgspec.Struct, frozen=True):
    """A number with its noun, and how the verb agrees with it."""

    text: str
    agrees: Agrees


class Noun(msgspec.Struct, frozen=True):
    """
    A word for people in the forms that numbers ask for. All our Ukrainian ones are feminine.

    Attributes:
        one, few, many: By CLDR plural category; `many` is also the genitive plural.
        of_one, to_one: Genitive and accusative singular.
    """

    one: str
    few: str
    many: str
    of_one: str = ""
    to_one: str = ""


PEOPLE = {
    Lang.EN: Noun("person", "people", "people"),
    Lang.UK: Noun("людина", "людини", "людей", "людини", "людину"),
}
CHILDREN = {
    Lang.EN: Noun("child", "children", "children"),
    Lang.UK: Noun("дитина", "дитини", "дітей", "дитини", "дитину"),
}


@lru_cache
def plural(number: int, lang: Lang) -> Agrees:
    """CLDR's category of a whole number: 21 is "one" in Ukrainian, and 63 is "few"."""
    from babel import Locale

    category = Locale.parse(lang.value).plural_form(number)
    return Agrees.MANY if category == "other" else Agrees(category)


def counted(interval: Interval, nouns: dict[Lang, Noun], lang: Lang) -> Counted:
    """Such as "more than 70 people" or `щонайменше дев'ятеро людей`."""
    shape = shape_of(interval)
    if lang is Lang.EN:
        return _english(interval, shape, nouns[lang])
    if shape.form is Form.WITHIN:
        number = _nominative(Shape(Form.EXACT, shape.numbers), nouns[lang])
        return Counted(f"{number.text} ({render_bounds(interval, lang)})", number.agrees)
    if not shape.numbers:
        return Counted(f"{render(interval, lang)} {nouns[lang].many}", Agrees.FEW)
    if CASES.get(shape.form) is Case.GENITIVE:
        return _genitive(shape, nouns[lang])
    return _accusative(shape, nouns[lang]) if shape.form is Form.MORE_THAN else _nominative(shape, nouns[lang])


def _english(interval: Interval, shape: Shape, noun: Noun) -> Counted:
    agrees = plural(shape.numbers[-1], Lang.EN) if shape.numbers else Agrees.MANY
    of = " of" if shape.form in (Form.DOZENS, Form.HUNDREDS) else ""
    return Counted(f"{render(interval, Lang.EN)}{of} {noun.one if agrees is Agrees.ONE else noun.many}", agrees)


def _nominative(shape: Shape, noun: Noun) -> Counted:
    number = shape.numbers[0]
    agrees = plural(number, Lang.UK)
    if number == 1:
        text = f"одна {noun.one}"
    elif group := collective(number):
        # People are counted in groups up to nine, and the group does something together: `дев'ятеро людей загинули`.
        text, agrees = f"{group} {noun.many}", Agrees.FEW
    else:
        text = f"{write(number, Lang.UK)} {_form(noun, agrees)}"
    return Counted(say(shape.form, (text,), Lang.UK), agrees)


def _genitive(shape: Shape, noun: Noun) -> Counted:
    *_, last = shape.numbers
    words = ["однієї" if number == 1 else write(number, Lang.UK, Case.GENITIVE) for number in shape.numbers]
    one = plural(last, Lang.UK) is Agrees.ONE
    words[-1] = f"{words[-1]} {noun.of_one if one else noun.many}"
    return Counted(say(shape.form, tuple(words), Lang.UK), Agrees.MANY)


def _accusative(shape: Shape, noun: Noun) -> Counted:
    number = shape.numbers[0]
    agrees = plural(number, Lang.UK)
    if number == 1:
        text = f"одну {noun.to_one}"
    elif agrees is Agrees.FEW and number < SPELLED_BELOW:
        text = f"{write(number, Lang.UK, Case.GENITIVE)} {noun.many}"
    else:
        text = f"{write(number, Lang.UK)} {noun.to_one if agrees is Agrees.ONE else _form(noun, agrees)}"
    return Counted(say(shape.form, (text,), Lang.UK), Agrees.MANY)


def _form(noun: Noun, agrees: Agrees) -> str:
    return {Agrees.ONE: noun.one, Agrees.FEW: noun.few, Agrees.MANY: noun.many}[agrees]
