"""Searching long texts a piece at a time.

A call of `re` lets no other thread of the program go on until it is through, and one over ten
megabytes takes half a second: the screen would stand still.  What is found is what the pattern
finds in the whole text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

PIECE = 1 << 15
"""Characters that are searched by one call."""


def found(
    pattern: re.Pattern[str], text: str, run: re.Pattern[str] | None = None
) -> Iterator[re.Match[str]]:
    """Every match of a pattern.

    A match is one character, or lies within a run of characters that `run` matches: there no
    piece ends.
    """
    start = 0
    while start < len(text):
        end = min(start + PIECE, len(text))
        inside = run.match(text, end) if run is not None else None
        end = inside.end() if inside is not None else end
        yield from pattern.finditer(text, start, end)
        start = end


def holds(pattern: re.Pattern[str], text: str, longest: int = 1) -> bool:
    """Whether a pattern matches anywhere; a match and what it looks at are `longest` characters."""
    return any(
        pattern.search(text, start, min(start + PIECE + longest, len(text)))
        for start in range(0, len(text), PIECE)
    )
