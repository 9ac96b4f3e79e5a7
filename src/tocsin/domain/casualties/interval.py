"""What a figure can be: bounds, and the one number that was said, if one was."""

import msgspec

LARGEST = 99_999_999
"""No count of people in one attack is larger; a longer number in a text is something else, such as a telephone."""


class Interval(msgspec.Struct, frozen=True, gc=False):
    """
    Bounds of a count of people.

    Attributes:
        lo: The least it can be.
        hi: The most it can be; None when nothing was said about it.
        point: The number that was named. "More than 60" names a bound and no number.

    Raises:
        ValueError: Unless 0 <= lo <= point <= hi (rule E1).
    """

    lo: int
    hi: int | None = None
    point: int | None = None

    def __post_init__(self) -> None:
        numbers = [number for number in (self.lo, self.point, self.hi) if number is not None]
        if self.lo < 0 or numbers != sorted(numbers) or numbers[-1] > LARGEST:
            raise ValueError("a figure needs 0 <= lo <= point <= hi (E1)")
        if self.lo == self.hi and self.point is None:
            # Where only one number is possible, two spellings of it must not count as two figures.
            msgspec.structs.force_setattr(self, "point", self.lo)

    @classmethod
    def exactly(cls, number: int) -> "Interval":
        return cls(number, number, number)

    @property
    def width(self) -> float:
        return float("inf") if self.hi is None else self.hi - self.lo

    def holds(self, number: int) -> bool:
        return self.lo <= number and (self.hi is None or number <= self.hi)

    def within(self, other: "Interval") -> bool:
        """Every number it allows the other allows too."""
        return self.lo >= other.lo and (other.hi is None or (self.hi is not None and self.hi <= other.hi))

    def below(self, other: "Interval") -> bool:
        """Every number it allows is less than every number the other allows."""
        return self.hi is not None and self.hi < other.lo

    def meets(self, other: "Interval") -> bool:
        """Some number is allowed by both."""
        return not self.below(other) and not other.below(self)

    def bounds_with(self, other: "Interval") -> "Interval":
        """
        The numbers allowed by both; it names none of them.

        Raises:
            ValueError: If they do not meet.
        """
        his = [interval.hi for interval in (self, other) if interval.hi is not None]
        return Interval(max(self.lo, other.lo), min(his, default=None))
