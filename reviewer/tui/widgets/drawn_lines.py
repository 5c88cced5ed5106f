"""Lines of content that a function makes for a width; scrolls, with or without a cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.strip import Strip
from textual.visual import Visual
from typing_extensions import override

from .virtual_lines import VirtualLines

Make = Callable[[int], Sequence[Content]]
"""Makes the lines for so many cells; every text in them has been through `untrusted`."""


class DrawnLines(VirtualLines):
    """What is drawn, is drawn anew for another width; lines that are too long are cut with `…`."""

    shows_cursor_without_focus = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._make: Make = lambda _width: ()
        self._lines: Sequence[Content] = ()
        self._for = -1

    def show(self, make: Make) -> None:
        """Shows other lines."""
        self._make, self._for = make, -1
        self._remake()
        self.go(0)

    def _remake(self) -> None:
        # the second time where the lines made a scrollbar come or go, which is no resize
        for _ in range(2):
            width = self.room
            if width != self._for and self.size.width:
                self._for = width
                self._lines = self._make(max(10, width - 1))
                self.relaid()

    def on_resize(self) -> None:
        super().on_resize()
        self._remake()

    @property
    def line_count(self) -> int:
        return len(self._lines)

    @override
    def draw_line(self, index: int, x: int, width: int) -> Strip:
        line = Content(" ") + self._lines[index].truncate(max(1, width - 1), ellipsis=True)
        strips = Visual.to_strips(self, line, width, 1, self.visual_style)
        return strips[0] if strips else Strip.blank(width, self.ground)
