"""Virtual lines made of panes: a gutter and a text that wraps.  Trees, lists and stories use it."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from typing_extensions import override

from ..newest import Newest
from .diff_draw import Pane
from .ink import Ink, Looks, Overlay
from .virtual_lines import VirtualLines
from .visual_lines import Plain, Wrapped

Run = tuple[str, Style]
"""A piece of a line and its style; the text may be hostile."""


PANES = 1024
"""How many rows are kept as panes."""


class PaneInk(VirtualLines):
    """Makes panes of runs of text, in the theme's styles, and draws them wrapped or scrolled."""

    COMPONENT_CLASSES = {
        "pane--dim", "pane--head", "pane--mark", "pane--good", "pane--bad", "pane--warn",
        "pane--hidden", "pane--quiet",
    }  # fmt: skip
    DEFAULT_CSS = """
    PaneInk {
        & > .pane--dim { color: $text-muted; }
        & > .pane--head { color: $text-primary; text-style: bold; }
        & > .pane--mark { color: $text-accent; }
        & > .pane--good { color: $text-success; }
        & > .pane--bad { color: $text-error; }
        & > .pane--warn { color: $text-warning; }
        & > .pane--hidden { color: $text-error; background: $error 30%; text-style: bold; }
        & > .pane--quiet { color: $text-disabled; }
    }
    """

    @property
    def looks(self) -> Looks:
        """How made-visible characters look here."""
        quiet = self.component("pane--quiet")
        hidden = self.component("pane--hidden")
        if self.app.no_color:
            hidden += Style(reverse=True)
        return Looks(hidden, Style(color=quiet.color))

    def style(self, name: str = "") -> Style:
        """A style of the theme: `dim head mark good bad warn`; the text's own without a name."""
        # a worker may fill a pane that is being removed, which has lost its styles by then
        styled = name and self.is_attached
        return self.component(f"pane--{name}") if styled else self.ground

    def pane(self, gutter: str, *runs: Run, gutter_style: Style | None = None) -> Pane:
        """A pane of a gutter and of runs one after the other."""
        text, overlays = "", []
        for piece, style in runs:
            overlays.append(Overlay(len(text), len(text) + len(piece), style))
            text += piece
        base = self.ground
        return Pane(Strip([Segment(gutter, gutter_style or base)]), Ink(text), base, overlays)

    def part_strip(self, pane: Pane, part: int | None, x: int, width: int) -> Strip:
        """A pane in `width` cells: one part of it wrapped, or scrolled by `x` cells (None)."""
        room = pane.text_width(width)
        gutter = pane.gutter
        if part is None:
            text = pane.ink.strip(x, x + room, pane.base, pane.overlays, self.looks)
            return Strip.join([gutter, text])
        breaks = pane.ink.breaks(room, words=True)
        if part >= len(breaks):
            return Strip.blank(width, pane.base)
        start = breaks[part]
        stop = breaks[part + 1] if part + 1 < len(breaks) else start + room
        text = pane.ink.strip(start, min(stop, start + room), pane.base, pane.overlays, self.looks)
        if part:
            gutter = Strip([Segment(" " * gutter.cell_length, pane.base)])
        return Strip.join([gutter, text])


class PaneLines(PaneInk):
    """A subclass gives `row_count`, `row_pane` and, where it wraps, `row_text` and `indent`."""

    wraps = True

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._visual: Plain | Wrapped = Plain(0)
        self._panes: Newest[int, Pane] = Newest(PANES)

    # ------------------------------------------------------------------ for subclasses

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def row_pane(self, row: int) -> Pane:
        """One row, ready to be drawn."""
        raise NotImplementedError

    def row_text(self, row: int) -> str:
        """The text of a row, to measure it without making its pane."""
        return self.row_pane(row).ink.text

    def indent(self, row: int) -> int:
        """The width of a row's gutter, cells."""
        return self.row_pane(row).gutter.cell_length

    # ------------------------------------------------------------------ drawing

    def rebuild(self) -> None:
        """The rows are others now; the cursor stays on its row as far as there is one."""
        row = self.row
        self._panes.clear()
        self.wide = 0
        self._lay_out()
        self.cursor = min(self._visual.line_of(row), max(0, self.line_count - 1))

    @property
    def row(self) -> int:
        """The row under the cursor."""
        return self._visual.locate(self.cursor).row if self._visual.count else 0

    def go_row(self, row: int) -> None:
        """Puts the cursor on a row."""
        if 0 <= row < self.row_count:
            self.go(self._visual.line_of(row))

    def jumps_to(self, height: int) -> list[tuple[int, int]]:
        """Lines on screen that a jump can go to, and their indexes: the first line of each row."""
        top, found, last = self.scroll_offset.y, [], -1
        for index in range(top, min(top + height, self.line_count)):
            row = self._visual.locate(index).row
            if row != last:
                found.append((index - top, index))
            last = row
        return found

    @property
    def line_count(self) -> int:
        return self._visual.count

    @override
    def draw_line(self, index: int, x: int, width: int) -> Strip:
        place = self._visual.locate(index)
        pane = self._panes.get(place.row)
        if pane is None:
            pane = self._panes[place.row] = self.row_pane(place.row)
        if place.part is None:
            self.needs(pane.ink.width + pane.gutter.cell_length)
        return self.part_strip(pane, place.part, x, width)

    def _lay_out(self) -> None:
        if not self.wraps:
            self._visual = Plain(self.row_count)
            self.relaid()
            return
        # a scrollbar comes or goes by the height and takes a cell of the width, without a resize;
        # narrower is never lower, so the second time it is as it was measured
        for _ in range(2):
            room = self.room
            self._visual = Wrapped(
                wrapped_height(self.row_text(row), room - self.indent(row))
                for row in range(self.row_count)
            )
            self.relaid()
            if self.room == room:
                break

    def on_resize(self) -> None:
        super().on_resize()
        self.rebuild()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._panes.clear()


def wrapped_height(text: str, width: int) -> int:
    """How many lines a text takes when it is wrapped at `width` cells."""
    width = max(2, width)
    if len(text) <= width and text.isascii() and text.isprintable():
        return 1
    return len(Ink(text).breaks(width, words=True))
