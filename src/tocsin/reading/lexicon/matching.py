"""Tables of words, and how a run of tokens is looked up in them."""

from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from tocsin.reading.text import Token

V = TypeVar("V")
Pattern: TypeAlias = tuple[tuple[str, ...], ...]
"""For each word in order, what it may be."""
Candidates: TypeAlias = tuple[tuple[Pattern, V], ...]
_LEADING = 3
"""Patterns are found by so many of their first letters."""
_KEPT = 20_000


class Match(NamedTuple, Generic[V]):
    """What was found: the tokens `start` to `end` of the run mean `value`."""

    start: int
    end: int
    value: V


class Lexicon(Generic[V]):
    """
    Patterns of one or several words to what they mean; the longest that fits wins.

    A word of a pattern may end in `*`, which stands for any ending, or give several words with `|` between them.
    """

    def __init__(self, rows: Iterable[tuple[str, V]]) -> None:
        self._by_start: dict[str, list[tuple[Pattern, V]]] = {}
        self._known: dict[str, Candidates[V]] = {}
        for patterns, value in rows:
            for pattern in patterns.split(","):
                self._add(tuple(tuple(word.split("|")) for word in pattern.split()), value)
        for candidates in self._by_start.values():
            candidates.sort(key=lambda row: (-len(row[0]), row[0][0][0].endswith("*"), -len(row[0][0][0])))

    def _add(self, pattern: tuple[tuple[str, ...], ...], value: V) -> None:
        for first in pattern[0]:
            key = first.rstrip("*")[:_LEADING]
            self._by_start.setdefault(key, []).append((((first,), *pattern[1:]), value))

    def at(self, tokens: Sequence[Token], index: int) -> Match[V] | None:
        """What begins at this token, if anything does."""
        norm = tokens[index].norm
        candidates = self._known.get(norm)
        if candidates is None:
            candidates = self._look_up(norm)
        for pattern, value in candidates:
            if (end := _fits(pattern, tokens, index)) is not None:
                return Match(index, end, value)
        return None

    def _look_up(self, norm: str) -> Candidates[V]:
        """The patterns whose first word is this one; kept, as a text says the same words again and again."""
        if len(self._known) >= _KEPT:
            self._known.clear()
        sizes = range(min(_LEADING, len(norm)), 0, -1)
        found = tuple(
            row for size in sizes for row in self._by_start.get(norm[:size], ()) if _is_word(norm, row[0][0][0])
        )
        self._known[norm] = found
        return found

    def begins_with(self, norm: str) -> bool:
        """Some pattern has this for its first word."""
        candidates = self._known.get(norm)
        return bool(self._look_up(norm) if candidates is None else candidates)

    def all(self, tokens: Sequence[Token]) -> list[Match[V]]:
        """Everything in a run of tokens, from left to right, none overlapping."""
        found: list[Match[V]] = []
        past = 0
        for index, token in enumerate(tokens):
            if index >= past and self._known.get(token.norm) != () and (match := self.at(tokens, index)) is not None:
                found.append(match)
                past = match.end
        return found


def _fits(pattern: Pattern, tokens: Sequence[Token], index: int) -> int | None:
    if index + len(pattern) > len(tokens):
        return None
    for offset, options in enumerate(pattern):
        norm = tokens[index + offset].norm
        if not any(_is_word(norm, word) for word in options):
            return None
    return index + len(pattern)


def _is_word(norm: str, word: str) -> bool:
    return norm == word or (word[-1] == "*" and norm.startswith(word[:-1]))
