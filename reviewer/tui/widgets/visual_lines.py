"""Which line of the screen shows which row: one each, or several where long rows are wrapped."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple


class Place(NamedTuple):
    """A row and, where rows are wrapped, which part of it (None: rows are not wrapped)."""

    row: int
    part: int | None


class Plain:
    """Every row is one line."""

    def __init__(self, rows: int) -> None:
        self.count = rows

    def locate(self, line: int) -> Place:
        """What a line shows."""
        return Place(line, None)

    def line_of(self, row: int) -> int:
        """The line at which a row starts."""
        return row


class Wrapped:
    """Rows of given heights, in lines."""

    def __init__(self, heights: Iterable[int]) -> None:
        self._starts = array("q", accumulate(heights, initial=0))
        self.count = self._starts[-1]

    def locate(self, line: int) -> Place:
        """What a line shows."""
        row = bisect_right(self._starts, line) - 1
        return Place(row, line - self._starts[row])

    def line_of(self, row: int) -> int:
        """The line at which a row starts."""
        return self._starts[min(row, len(self._starts) - 1)]
