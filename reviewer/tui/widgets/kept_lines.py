"""Lines that were drawn, kept until they look other."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TypeAlias

from textual.strip import Strip

LINES = 600
"""How many are kept."""

Place: TypeAlias = tuple[int, int, int]
"""A line, the cells by which it is scrolled, and the cells that it has."""


@dataclass
class Kept:
    """Drawn lines, and of those that nobody has seen yet how wide they are in full, in cells."""

    strips: OrderedDict[Place, Strip] = field(default_factory=OrderedDict)
    needed: dict[int, int] = field(default_factory=dict)

    def keep(self, place: Place, strip: Strip) -> None:
        """Keeps a line; those drawn first go first."""
        self.strips[place] = strip
        if len(self.strips) > LINES:
            self.strips.popitem(last=False)

    def keep_few(self, number: int) -> None:
        """Lets go of those drawn first, but for so many."""
        while len(self.strips) > number:
            self.strips.popitem(last=False)

    def clear(self) -> None:
        """All of them look other now."""
        self.strips.clear()
        self.needed.clear()
