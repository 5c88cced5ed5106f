"""Finding a text in many lines: every place in order, in pieces so that a thread can be stopped.

Small letters find both; a capital letter in what is looked for makes it exact ("smart case").
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

MOST: Final = 10_000
"""Places that are kept; of more it is said that there are more."""
_LONG: Final = 64 * 1024


class Match(NamedTuple):
    """A place: the part of the whole that holds it (-1 for its head), line, characters."""

    part: int
    line: int
    start: int
    end: int


@dataclass
class Found:
    """All places, sorted; `more` where there are more than were kept."""

    needle: str = ""
    matches: list[Match] = field(default_factory=list)
    more: bool = False

    def between(self, part: int, first: int, end: int | None = None) -> range:
        """The numbers of the matches in a part, from a line to before another, or to its end."""
        low = bisect_left(self.matches, (part, first))
        after = (part + 1, -1) if end is None else (part, end)
        return range(low, bisect_left(self.matches, after, lo=low))

    def said(self, current: int) -> str:
        """`3 of 17` for people; `current` counts from 0."""
        if not self.matches:
            return "nothing found" if self.needle else ""
        more = "+" if self.more else ""
        return f"{current + 1:,} of {len(self.matches):,}{more}"


def pattern(needle: str) -> re.Pattern[str]:
    """What finds a text: exactly where it holds a capital letter, else in any case."""
    exact = any(char.isupper() for char in needle)
    return re.compile(re.escape(needle), 0 if exact else re.IGNORECASE)


def find(
    needle: str,
    parts: Iterable[tuple[int, int, Sequence[str]]],
    goes_on: Callable[[], bool] = lambda: True,
    most: int = MOST,
) -> Found | None:
    """The places of a text in (part, number of the first line, lines); None where stopped.

    The parts and the lines in them ascend.
    """
    found = Found(needle)
    if not needle:
        return found
    wanted = pattern(needle)
    for part, first, lines in parts:
        if not goes_on():
            return None
        for number, line in enumerate(lines, first):
            if number % 4096 == 4095 and not goes_on():
                return None
            for start, end in islice(_spans(wanted, line, len(needle)), most + 1):
                if len(found.matches) == most:
                    found.more = True
                    break
                found.matches.append(Match(part, number, start, end))
            if found.more:
                break
        if found.more:
            break
    return found


def _spans(wanted: re.Pattern[str], line: str, length: int) -> Iterable[tuple[int, int]]:
    """Spans in a line; a long line is searched in blocks, so that other threads get their turn."""
    if len(line) <= _LONG:
        for match in wanted.finditer(line):
            yield match.span()
        return
    at = 0
    while at < len(line):
        # a match that begins in this block ends within the overlap
        end = min(len(line), at + _LONG + length)
        reached = min(len(line), at + _LONG)
        for match in wanted.finditer(line, at, end):
            if match.start() >= at + _LONG:
                break
            yield match.span()
            reached = max(reached, match.end())
        at = reached
