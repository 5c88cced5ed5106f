"""The rule above the list, which meets the rule between list and preview."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip

from .self_drawn import SelfDrawn


class Seam(SelfDrawn):
    """A horizontal rule; `joint` is the cell where a vertical rule starts below it, or None."""

    DEFAULT_CSS = """
    Seam { height: 1; color: $border; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._joint: int | None = None

    def join_at(self, joint: int | None) -> None:
        """Moves the joint."""
        if joint != self._joint:
            self._joint = joint
            self.refresh()

    def render_line(self, y: int) -> Strip:
        width, joint = self.size.width, self._joint if y == 0 else None
        if joint is None or not 0 <= joint < width:
            text = "─" * width
        else:
            text = "─" * joint + "┬" + "─" * (width - joint - 1)
        return Strip([Segment(text, self.ground)], width)
