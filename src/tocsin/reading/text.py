"""A text as the grammar sees it: tokens with their places, sentences, quotations. Every step is linear in the text."""
# ruff: noqa: SIM905 - words are read as a row

import re
from bisect import bisect_right
from itertools import islice
from typing import NamedTuple

from tocsin.domain.casualties.numerals import Lang


class Token(NamedTuple):
    """
    One word, number or mark.

    Attributes:
        norm: In lower case, with one kind of apostrophe.
        start, end: Offsets of characters in the text.
        fresh: It is the first on its line.
    """

    text: str
    norm: str
    start: int
    end: int
    fresh: bool

    @property
    def is_word(self) -> bool:
        return self.text[0].isalpha()

    @property
    def is_number(self) -> bool:
        return self.text[0].isdigit()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


# Thousands apart by one space or comma; a time, a date or a decimal stays in one piece. Each alternative begins with
# another kind of character and never gives back what it took, so no text makes it slow.
_TOKEN = re.compile(
    r"(?P<number>\d{1,3}(?:[ \u00a0\u202f,]\d{3})+(?!\d)|\d+(?:[.:,]\d+)*(?:-[^\W\d_]+)*)"
    r"|(?P<word>[^\W\d_]+(?:['\u2019\u02bc`\u2032-][^\W_]+)*)"
    r"|(?P<mark>[^\w\s]|_)"
)
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u02bc`\u2032", "'") | {"\u00a0": " ", "\u202f": " "})


def tokenize(text: str) -> list[Token]:
    """All tokens in order; what is between them is white space."""
    tokens: list[Token] = []
    position = 0
    for match in _TOKEN.finditer(text):
        fresh = not tokens or "\n" in text[position : match.start()]
        position = match.end()
        tokens.append(Token(match[0], match[0].translate(_APOSTROPHES).casefold(), match.start(), position, fresh))
    return tokens


class Sentence(NamedTuple):
    """A run of tokens: a sentence, a headline, or a point of a list."""

    tokens: list[Token]

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end


_STOPS = frozenset(".!?…")
_CLOSING = frozenset("\"'»”’)]*_")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr gen col lt maj sgt st no vs p a.m p.m am pm jan feb mar apr jun jul aug sept sep oct nov dec "
    "м вул просп бул обл р рр с смт им ім тис млн млрд кв км год хв ст див т д ч".split()
)
_LONGEST_SENTENCE = 150
"""Tokens; what goes on longer is a list without line ends, and is cut so that no text takes long to read."""
_WRAPPED = 60
"""A line of at least so many characters may have been broken by its editor in the middle of a sentence."""


def sentences(text: str, tokens: list[Token]) -> list[Sentence]:
    """Cut at full stops, blank lines, and the ends of lines that were meant as such."""
    found: list[Sentence] = []
    begun: list[Token] = []
    for index, token in enumerate(tokens):
        if begun and (len(begun) >= _LONGEST_SENTENCE or _new_line(text, tokens, index) or _after_stop(tokens, index)):
            found.append(Sentence(begun))
            begun = []
        begun.append(token)
    return [*found, Sentence(begun)] if begun else found


def _new_line(text: str, tokens: list[Token], index: int) -> bool:
    token, before = tokens[index], tokens[index - 1]
    if not token.fresh:
        return False
    between = text[before.end : token.start]
    if between.count("\n") > 1:
        return True
    if not (token.is_word or token.is_number):
        return token.text not in _CLOSING and token.text not in "(,"
    if token.text[0].islower():
        return False
    line = text.rfind("\n", 0, before.end) + 1
    return before.end - line < _WRAPPED


def _after_stop(tokens: list[Token], index: int) -> bool:
    """The token before ended a sentence, apart from marks that close what stood in it."""
    token = tokens[index]
    # A straight mark behind a space opens; right behind a word or a stop it closes.
    closes = token.text in _CLOSING and token.start == tokens[index - 1].end
    if closes or token.text in _STOPS or token.text in ",;:%" or (token.is_word and token.text[0].islower()):
        return False
    last = index - 1
    while last > 0 and tokens[last].text in _CLOSING:
        last -= 1
    stop = tokens[last]
    if stop.text not in _STOPS:
        return False
    before = tokens[last - 1] if last else stop
    if stop.text in "!?" and last < index - 1:
        # “Stop!” wrote the president: his name belongs to the quotation.
        return token.fresh
    if stop.text != "." or before.end != stop.start:
        return True
    initial = before.is_word and len(before.text) == 1 and before.is_capital
    glued = token.start == stop.end and token.is_word
    return not (initial or glued or (before.norm in _ABBREVIATIONS and not token.fresh))


class Quotation(NamedTuple):
    """What stands between marks of quotation, without them."""

    start: int
    end: int


_OPENING = {"«": "»", "“": "”", "„": "“”"}
_LONGEST_QUOTATION = 4000
"""A mark that is closed no sooner was a slip of the pen, and must not swallow the rest of the text."""


def quotations(tokens: list[Token]) -> list[Quotation]:
    """Quotations of the outermost level, in order. Quotation marks that never close are passed over."""
    found: list[Quotation] = []
    opened: tuple[str, int] | None = None
    for token in tokens:
        mark = token.text
        if opened and token.start - opened[1] > _LONGEST_QUOTATION:
            opened = None
        if opened is None:
            if mark in _OPENING or mark == '"':
                opened = (_OPENING.get(mark, '"'), token.end)
        elif mark in opened[0]:
            if token.start > opened[1]:
                found.append(Quotation(opened[1], token.start))
            opened = None
    return found


def overlapping(spans: list[Quotation], start: int, end: int) -> list[Quotation]:
    """The quotations that share a character with what stands from `start` to `end`."""
    first = max(0, bisect_right(spans, start, key=lambda span: span.start) - 1)
    found = []
    for span in islice(spans, first, None):
        if span.start >= end:
            break
        if start < span.end:
            found.append(span)
    return found


def within(spans: list[Quotation], offset: int) -> Quotation | None:
    """The quotation that holds a character."""
    index = bisect_right(spans, offset, key=lambda span: span.start) - 1
    return spans[index] if index >= 0 and offset < spans[index].end else None


_UKRAINIAN = frozenset("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")


def language(text: str) -> Lang:
    """Ukrainian if most of its letters are Cyrillic, else English."""
    letters = [char for char in text[:20_000].casefold() if char.isalpha()]
    return Lang.UK if sum(char in _UKRAINIAN for char in letters) * 2 > len(letters) else Lang.EN
