"""Lines that were drawn, kept until they look other."""

from __future__ import annotations

from typing import TypeAlias

from textual.strip import Strip

from ..newest import Newest

LINES = 600
"""How many are kept."""

Place: TypeAlias = tuple[int, int, int]
"""A line, the cells by which it is scrolled, and the cells that it has."""


class Kept:
    """Drawn lines, and of those that nobody has seen yet how wide they are in full, in cells."""

    def __init__(self) -> None:
        self.strips: Newest[Place, Strip] = Newest(LINES)
        self.needed: dict[int, int] = {}

    def clear(self) -> None:
        """All of them look other now."""
        self.strips.clear()
        self.needed.clear()
