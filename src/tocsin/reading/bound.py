"""A number tied to what it counts."""

from typing import NamedTuple

from tocsin.domain.casualties import Interval
from tocsin.reading.lexicon.casualties import Happened, Part, People
from tocsin.reading.quantity import Quantity


class Bound(NamedTuple):
    """
    A number that counts people to whom something happened.

    Attributes:
        start, end: Tokens of the sentence from the first to the last word that carries it.
        part: How it says that it is a part of what went before; `whole` names that, where it does.
        fresh: Its measure is said by a word of its own, not carried over from the number before.
        before: The number it rose or fell from, where that is said.
    """

    quantity: Quantity
    happened: Happened
    people: People
    start: int
    end: int
    part: Part | None = None
    whole: Happened | None = None
    fresh: bool = True
    before: Interval | None = None
