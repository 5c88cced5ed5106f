"""The scroll bars of virtual lines: most of their cells are the same from one frame to the next."""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

from .self_drawn import SelfDrawn

CELLS = 256
"""Kinds of cells that are kept."""


class LineBar(ScrollBar, SelfDrawn):
    """Looks as Textual's; a cell that stays what it was is the same object, so nothing compares it.

    Textual draws all of a bar with every measure of what scrolls, each cell a line of its own.
    """

    _cells: tuple[object, list[Strip]] = (None, [])

    def render_lines(self, crop: Region) -> list[Strip]:
        bar = self.render()
        assert isinstance(bar, ScrollBarRender)
        size = self.size
        key = (size, bar.virtual_size, bar.window_size, bar.position, bar.style, self.ground)
        if self._cells[0] != key:
            self._cells = (key, _drawn(bar, size, self.ground))
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        return self._cells[1][y]


def _drawn(bar: ScrollBarRender, size: Size, ground: Style) -> list[Strip]:
    style = bar.style
    assert isinstance(style, Style)
    cells = bar.render_bar(
        size=size.height if bar.vertical else size.width,
        virtual_size=bar.virtual_size,
        window_size=bar.window_size,
        position=bar.position,
        thickness=bar.thickness,
        vertical=bar.vertical,
        back_color=style.bgcolor or Color.default(),
        bar_color=style.color or Color.default(),
    ).segments
    if bar.vertical:
        return [_cell(text, ground, style) for text, style, _ in cells]
    line = Strip(Segment.simplify(Segment.apply_style(cells[: size.width], ground)))
    return [line.adjust_cell_length(size.width)] * size.height


@lru_cache(CELLS)
def _cell(text: str, ground: Style, style: Style | None) -> Strip:
    return Strip([Segment(text, ground + style if style else ground)])
