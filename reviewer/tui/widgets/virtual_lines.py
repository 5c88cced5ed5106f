"""Virtual lines: the base of everything that scrolls; a line is drawn when it comes into sight.

Nothing is mounted for a line, so a hundred thousand cost what one screen costs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip

from ..ahead import Ahead
from ..painting import scrolled
from .kept_lines import Kept
from .line_bar import LineBar
from .self_drawn import SelfDrawn

STILL = 0.02
"""Seconds without scrolling after which the pages above and below are drawn."""


class VirtualLines(ScrollView, SelfDrawn, can_focus=True, inherit_bindings=False):
    """Lines that are drawn on demand, with a cursor line that a `▌` marks.

    A subclass gives `line_count` and `draw_line`; it calls `relaid` when the number of lines
    changed and `redraw` when only their looks did.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"lines--cursor"}
    DEFAULT_CSS = """
    VirtualLines {
        background: $background;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 1;
        & > .lines--cursor { background: $foreground 8%; }
        &:focus > .lines--cursor { background: $primary 22%; }
    }
    """

    shows_cursor_without_focus = True
    cursor: reactive[int] = reactive(0, repaint=False)
    wide: reactive[int] = reactive(0, repaint=False)
    """The widest line drawn so far, cells; how far it scrolls to the right."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._kept = Kept()
        self._ahead = Ahead(self, STILL, self._draw_ahead)
        self._down = True
        self._drawing: int | None = None
        self._drawn_in = 0

    # ------------------------------------------------------------------ for subclasses

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    def draw_line(self, index: int, x: int, width: int) -> Strip:
        """The line at `index`, scrolled by `x` cells, in `width` cells, without the cursor.

        The first cell is blank on most lines: the cursor's mark stands there.
        """
        raise NotImplementedError

    def moved(self) -> None:
        """Called after the cursor went to another line."""

    def line_shown(self, index: int) -> None:
        """Called whenever a line is put on the screen."""

    # ------------------------------------------------------------------ keeping up

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The bar on the right; made when it is asked for."""
        if self._vertical_scrollbar is None:
            bar = LineBar(name="vertical", thickness=self.scrollbar_size_vertical)
            self._vertical_scrollbar = self._begun(bar)
        return self._vertical_scrollbar

    @property
    def horizontal_scrollbar(self) -> ScrollBar:
        """The bar below; made when it is asked for."""
        if self._horizontal_scrollbar is None:
            wide = self.scrollbar_size_horizontal
            self._horizontal_scrollbar = self._begun(LineBar(False, "horizontal", thickness=wide))
        return self._horizontal_scrollbar

    def _begun(self, bar: ScrollBar) -> ScrollBar:
        bar.display = False
        self.app._start_widget(self, bar)
        return bar

    @property
    def room(self) -> int:
        """The width for a line, cells."""
        return max(1, self.scrollable_content_region.width)

    def relaid(self, kept: Kept | None = None) -> None:
        """The lines are others now: forget what was drawn and measure again.

        What was drawn of those may be `kept`.  How far it scrolls to the right stays: a scrollbar
        that goes and comes lays out twice.
        """
        if kept is None:
            self._undraw()
        else:
            self._kept = kept
        self._measure()
        self.cursor = min(self.cursor, max(0, self.line_count - 1))
        self.refresh()
        self._ahead.rest()

    def redraw(self) -> None:
        """The same lines look other now."""
        self._undraw()
        self.refresh()
        self._ahead.rest()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._undraw()

    def _undraw(self) -> None:
        self._kept.clear()

    def on_resize(self) -> None:
        if self.room != self._drawn_in:
            self._undraw()
        self._measure()
        self._ahead.rest()

    def _measure(self) -> None:
        size = Size(max(self.wide, 1), self.line_count)
        if not self.display:
            self.set_reactive(ScrollView.virtual_size, size)  # it is laid out when it is shown
        elif self.styles.auto_dimensions or not self.container_size:
            self.virtual_size = size
        elif size != self.virtual_size:
            # the place on the screen does not go by it: lines and scrollbars come in one frame,
            # where a layout would draw the scrollbars once more in a frame of their own
            self.set_reactive(ScrollView.virtual_size, size)
            self._scroll_update(size)

    # ------------------------------------------------------------------ drawing

    def render_line(self, y: int) -> Strip:
        scroll_x, scroll_y = self.scroll_offset
        width, height = self.scrollable_content_region.size
        index = y + scroll_y
        if index >= self.line_count or width <= 0:
            return Strip.blank(max(width, 0), self.ground)
        self._drawn_in = width
        if y < height:  # what lies under the scrollbar is drawn, but nobody sees it
            self.line_shown(index)
        if index in self._kept.needed:
            self.needs(self._kept.needed.pop(index))
        strip = self._drawn(index, scroll_x, width)
        here = index == self.cursor and (self.has_focus or self.shows_cursor_without_focus)
        return self._with_cursor(strip) if here else strip

    def _drawn(self, index: int, x: int, width: int) -> Strip:
        key = (index, x, width)
        strip = self._kept.strips.get(key)
        if strip is None:
            strip = self.draw_line(index, x, width).crop_extend(0, width, self.ground)
            self._kept.strips[key] = strip
        return strip

    def _draw_ahead(self) -> Iterator[int]:
        """Draws the lines of the pages above and below, that where it goes first."""
        (x, top), (width, height) = self.scroll_offset, self.scrollable_content_region.size
        below = range(top + height, min(top + 2 * height, self.line_count))
        above = range(top - 1, max(-1, top - height - 1), -1)
        for index in (*below, *above) if self._down else (*above, *below):
            if (index, x, width) not in self._kept.strips:
                self._drawing = index
                try:
                    self._drawn(index, x, width)
                finally:
                    self._drawing = None
                yield index

    def needs(self, width: int) -> None:
        """A line is so many cells wide; once it is seen it can be scrolled to the right."""
        if self._drawing is not None:  # each side of a diff says how wide it is
            needed = self._kept.needed
            needed[self._drawing] = max(width, needed.get(self._drawing, 0))
        elif self._is_wider(width):
            self.wide = width
            self.call_later(self._measure)

    def _is_wider(self, width: int) -> bool:
        return width > max(self.wide, self.scrollable_content_region.width)

    def widen_to_sight(self) -> None:
        """What was drawn ahead comes into sight: the scrollbar says so in the same frame."""
        top, height = round(self.scroll_y), self.scrollable_content_region.height
        needed = self._kept.needed
        width = max((needed.pop(top + y, 0) for y in range(height)), default=0) if needed else 0
        if self._is_wider(width):
            self.wide = width
            self._measure()

    def _with_cursor(self, strip: Strip) -> Strip:
        """The strip with the cursor's mark and background; what has its own background keeps it."""
        style = Style(bgcolor=self.component("lines--cursor").bgcolor)
        ground = self.ground.bgcolor
        marked: list[Segment] = []
        for number, (text, own, _) in enumerate(strip):
            bare = own is None or own.bgcolor is None or own.bgcolor == ground
            look = (own or Style.null()) + style if bare else own
            mark = number == 0 and text.startswith(" ")
            if mark:
                marked.append(Segment("▌", look))
            marked.append(Segment(text[1:] if mark else text, look))
        return Strip(marked, strip.cell_length)

    # ------------------------------------------------------------------ moving

    def watch_scroll_y(self, old: float, new: float) -> None:
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = new
        by = round(new) - round(old)
        if by:
            self._down = by > 0
            lines, height = range(self.size.height), self.scrollable_content_region.height
            self.widen_to_sight()
            scrolled(self, lines, by, [line for line in lines if line + by >= height])
            self._ahead.rest()

    def validate_cursor(self, value: int) -> int:
        return max(0, min(value, self.line_count - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        self.refresh_line(old)
        self.refresh_line(new)
        self.scroll_to_region(
            Region(self.scroll_offset.x, new, 1, 1), animate=False, force=True, immediate=True
        )
        self.moved()

    def go(self, index: int, *, top: bool = False) -> None:
        """Moves the cursor to a line; `top` brings the line near the upper edge."""
        if top:
            height = self.scrollable_content_region.height
            self.scroll_to(y=max(0, index - height // 4), animate=False, force=True, immediate=True)
        self.cursor = index

    def move(self, where: str) -> None:
        """Moves the cursor by the name of a movement: `down`, `page_up`, `bottom`, ..."""
        page = max(1, self.scrollable_content_region.height - 1)
        steps = {
            "down": 1,
            "up": -1,
            "half_page_down": max(1, page // 2),
            "half_page_up": -max(1, page // 2),
            "page_down": page,
            "page_up": -page,
            "top": -self.line_count,
            "bottom": self.line_count,
        }
        self.cursor += steps[where]

    def scroll_sideways(self, cells: int) -> None:
        """Scrolls long lines to the right, or to the left where negative."""
        self.scroll_relative(x=cells, animate=False, force=True, immediate=True)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = offset.y + self.scroll_offset.y
        if index < self.line_count:
            self.cursor = index
            self.clicked()

    def clicked(self) -> None:
        """Called after a line was clicked and got the cursor."""
