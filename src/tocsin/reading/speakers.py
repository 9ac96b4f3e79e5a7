"""Who says it: the offices, bodies and people that a sentence names, and the verbs that make them speak."""
# ruff: noqa: SIM905 - words are read as a row

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tocsin.domain.casualties import Lang, OrgKind
from tocsin.domain.record.statements import Kind
from tocsin.reading.lexicon.grammar import CONJUNCTIONS
from tocsin.reading.lexicon.matching import Match
from tocsin.reading.lexicon.speech import BODIES, CITES, KNOWN, SPEECH, Body
from tocsin.reading.proposals import Speaker
from tocsin.reading.text import Quotation, Token, within


class Mention(NamedTuple):
    """Tokens `start` to `end` name somebody who may speak."""

    start: int
    end: int
    body: Body | None
    office: str
    person: str


class Attribution(NamedTuple):
    """
    Somebody says something in this sentence.

    Attributes:
        start, end: Tokens of the words that say who speaks and that they do.
        cited: The source they cite themselves.
    """

    start: int
    end: int
    kind: Kind
    speaker: Speaker
    cited: Speaker | None = None


_BEFORE_SPEAKER = frozenset(("according", "за", "згідно"))
_PRONOUNS = frozenset(["he", "she", "they", "він", "вона", "вони"])
_GAP = 5
_REACH = 16
"""So many words back stands the subject of a second verb."""
_SKIPPED = {
    Lang.EN: frozenset(
        "the a by to in on ukraine's kyiv's city's country's his her at from it that has have had also "
        "later earlier meanwhile then on telegram thursday separately ukrainian russian kyiv city , 's".split()
    ),
    Lang.UK: frozenset(
        "в у на про також пізніше раніше це ж вже уже у/в київський столичний своєму телеграм telegram , "
        "– — - україни києва київської пресслужбі пресслужба речник речниця".split()
    ),
}
_JOINS = frozenset(("of", "the", ",", "for", "ukraine's", "and", "україни", "києва", "у", "–", "—", "-"))


def mentions(tokens: Sequence[Token], lang: Lang) -> list[Mention]:
    """Everybody named, an office and the name of who holds it taken as one."""
    found: list[Mention] = []
    index = 0
    while index < len(tokens):
        mention = _mention(tokens, index, lang)
        if mention is None:
            index += 1
            continue
        if found and _apposed(tokens, found[-1], mention):
            mention = _merged(found.pop(), mention)
        found.append(mention)
        index = mention.end
    return found


def _mention(tokens: Sequence[Token], index: int, lang: Lang) -> Mention | None:
    known = KNOWN[lang].at(tokens, index)
    if known is not None and tokens[index].is_capital:
        return Mention(index, known.end, known.value[1], "", _text(tokens, index, known.end))
    body = BODIES[lang].at(tokens, index)
    if body is not None:
        return Mention(index, body.end, body.value, _text(tokens, index, body.end), "")
    end = index
    while end < len(tokens) and _is_name(tokens, end, lang):
        end += 1
    if end - index in (2, 3):
        return Mention(index, end, None, "", _text(tokens, index, end))
    return None


def _is_name(tokens: Sequence[Token], index: int, lang: Lang) -> bool:
    token = tokens[index]
    plain = token.is_word and token.is_capital and len(token.text) > 1 and not token.text.isupper()
    return plain and BODIES[lang].at(tokens, index) is None


def _text(tokens: Sequence[Token], start: int, end: int) -> str:
    words = tokens[start].text
    for before, token in zip(tokens[start : end - 1], tokens[start + 1 : end], strict=True):
        words += (" " if token.start > before.end else "") + token.text
    return words


def _apposed(tokens: Sequence[Token], first: Mention, second: Mention) -> bool:
    """ "Mayor Klitschko", "Klitschko, the mayor of Kyiv", `начальник КМВА Тимур Ткаченко`."""
    between = tokens[first.end : second.start]
    if len(between) > 3 or not all(token.norm in _JOINS or token.is_capital for token in between):
        return False
    return bool(first.person) != bool(second.person) or (
        not first.person and first.body is not None and first.body.role
    )


def _merged(first: Mention, second: Mention) -> Mention:
    office = next((m for m in (first, second) if m.office and m.body), None)
    named = next((m for m in (first, second) if m.person), None)
    body = office.body if office else (first.body or second.body)
    return Mention(first.start, second.end, body, office.office if office else "", named.person if named else "")


def speaker_of(mention: Mention) -> Speaker:
    body = mention.body
    is_role = body is not None and body.role
    office = mention.office
    return Speaker(
        person=mention.person,
        role=office if is_role else "",
        org=office if body is not None and not is_role else "",
        org_kind=body.kind if body else OrgKind.OTHER,
        origin=body.origin if body else mention.person.casefold().replace(" ", "-"),
    )


def attributions(
    tokens: Sequence[Token], lang: Lang, quoted: list[Quotation], last: Speaker | None
) -> list[Attribution]:
    """Who speaks in this sentence, outside of what is quoted. `last` is whom "he" means."""
    named = mentions(tokens, lang)
    outside = [m for m in named if within(quoted, tokens[m.start].start) is None]
    found: list[Attribution] = []
    for verb in SPEECH[lang].all(tokens):
        if within(quoted, tokens[verb.start].start) is None:
            found.extend(_attribution(tokens, verb, outside, lang, last))
    return _cited(tokens, found, outside, lang)


def _attribution(
    tokens: Sequence[Token], verb: Match[Kind], named: Sequence[Mention], lang: Lang, last: Speaker | None
) -> Iterator[Attribution]:
    prefixed = tokens[verb.start].norm in _BEFORE_SPEAKER
    after = _next(tokens, named, verb.end, lang)
    before = None if prefixed else _previous(tokens, named, verb.start, lang)
    if before is None and not prefixed and tokens[verb.start - 1].norm in CONJUNCTIONS[lang]:
        before = _subject(tokens, named, verb.start)
    # Ukrainian reports end "повідомив мер"; of whoever "закликав Путіна" the name stands before.
    reports = lang is Lang.UK and verb.value is Kind.REPORT and after is not None
    mention = after if prefixed or reports or before is None else before
    if mention is not None:
        start, end = min(mention.start, verb.start), max(mention.end, verb.end)
        yield Attribution(start, end, verb.value, speaker_of(mention))
    elif last is not None and verb.start and _is_pronoun(tokens, verb, prefixed):
        yield Attribution(verb.start - 1, verb.end, verb.value, last)


def _is_pronoun(tokens: Sequence[Token], verb: Match[Kind], prefixed: bool) -> bool:
    around = (tokens[verb.end] if verb.end < len(tokens) else None) if prefixed else tokens[verb.start - 1]
    behind = tokens[verb.end] if verb.end < len(tokens) else None
    return any(token is not None and token.norm in _PRONOUNS for token in (around, behind))


def _next(tokens: Sequence[Token], named: Sequence[Mention], index: int, lang: Lang) -> Mention | None:
    for mention in named:
        if mention.start >= index:
            between = tokens[index : mention.start]
            near = len(between) < _GAP and all(token.norm in _SKIPPED[lang] for token in between)
            return mention if near and not any(token.text == "," for token in between) else None
    return None


def _previous(tokens: Sequence[Token], named: Sequence[Mention], index: int, lang: Lang) -> Mention | None:
    for mention in reversed(named):
        if mention.end <= index:
            between = tokens[mention.end : index]
            near = len(between) < _GAP and all(token.norm in _SKIPPED[lang] or token.is_capital for token in between)
            return mention if near else None
    return None


def _subject(tokens: Sequence[Token], named: Sequence[Mention], index: int) -> Mention | None:
    """Who does the first of two things: "Zelensky cut his visit short and said"."""
    before = [mention for mention in named if mention.end <= index and mention.start >= index - _REACH]
    return next((mention for mention in before if mention.person or mention.body), None)


def _cited(
    tokens: Sequence[Token], found: list[Attribution], named: Sequence[Mention], lang: Lang
) -> list[Attribution]:
    """ "Ukrinform reported, citing the emergency service": the one cited counted."""
    for cite in CITES[lang].all(tokens):
        mention = _next(tokens, named, cite.end, lang)
        if mention is None:
            continue
        source = speaker_of(mention)
        if found:
            return [each._replace(cited=source) if each.speaker != source else each for each in found]
        return [Attribution(cite.start, mention.end, Kind.REPORT, source)]
    return found
