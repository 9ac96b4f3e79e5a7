"""Stretches of time made one, so that what overlaps is counted once."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate


class Spans:
    """
    The union of intervals, in seconds since 1970. Asking how much of it lies in a window takes two bisections.

    Args:
        intervals: From and to, in any order; those that overlap or touch become one.
    """

    def __init__(self, intervals: Iterable[tuple[float, float]]) -> None:
        self.starts: list[float] = []
        self.ends: list[float] = []
        for start, end in sorted(intervals):
            if self.ends and start <= self.ends[-1]:
                self.ends[-1] = max(self.ends[-1], end)
            else:
                self.starts.append(start)
                self.ends.append(end)
        lengths = (end - start for start, end in zip(self.starts, self.ends, strict=True))
        self._before = [0.0, *accumulate(lengths)]

    def within(self, start: float, end: float) -> float:
        """Seconds of the union between two moments."""
        return max(0.0, self._until(end) - self._until(start))

    def count(self, start: float, end: float) -> int:
        """How many of its stretches have some of their time between two moments."""
        return max(0, bisect_left(self.starts, end) - bisect_right(self.ends, start))

    def _until(self, moment: float) -> float:
        index = bisect_right(self.starts, moment)
        if not index:
            return 0.0
        return self._before[index - 1] + min(moment, self.ends[index - 1]) - self.starts[index - 1]

    def since(self, moment: float) -> float | None:
        """Where the stretch that holds a moment begins; None if none does."""
        index = bisect_right(self.starts, moment) - 1
        return self.starts[index] if index >= 0 and moment <= self.ends[index] else None
