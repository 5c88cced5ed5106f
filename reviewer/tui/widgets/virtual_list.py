"""A list of any length whose lines are drawn when they come into sight, and only then.

It has its own scroll position instead of a virtual height, because a keyset-paged list knows its
neighbours but not its length.  Moving the cursor redraws two lines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.filter import LineFilter
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.visual import Visual

from ..painting import plain, scrolled
from .self_drawn import SelfDrawn

if TYPE_CHECKING:
    from textual.content import Content


class VirtualList(SelfDrawn, can_focus=True):
    """Lines with a cursor.  A subclass gives `row_count`, `draw_row` and `draw_head`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "list--cursor", "list--bar", "list--thumb", "list--track",
    }  # fmt: skip
    DEFAULT_CSS = """
    VirtualList {
        height: 1fr;
        width: 1fr;
        & > .list--cursor { background: $foreground 10%; }
        &:focus > .list--cursor { background: $primary 20%; }
        & > .list--bar { color: $primary; }
        & > .list--thumb { color: $quiet; }
        & > .list--track { color: $border; }
    }
    """
    HEAD = 1
    """Lines above the rows that do not scroll."""
    tall = 1
    """Lines of one row; where there are more than one, `draw_more` draws those below the first."""

    class Opened(Message):
        """A row was double-clicked."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cursor = 0
        self.top = 0
        self.step = 1
        """By how many rows the cursor went last."""
        self._bar: tuple[object, list[Strip]] | None = None
        self._glyphs: list[Strip] | None = None
        self.empty: Sequence[Content] = ()
        """What is said where there are no rows."""
        self._said: tuple[object, int, list[Strip]] | None = None
        self._dragged = False
        self.moved: Callable[[], None] = lambda: None
        """Called when the cursor stands on another row, or on a row that is another one now.

        No message, so that what depends on it is drawn in the same frame as the cursor.
        """

    # ---------------------------------------------------------------------- for subclasses

    @property
    def row_count(self) -> int:
        """How many rows are loaded."""
        raise NotImplementedError

    def draw_row(self, index: int, width: int) -> Strip:
        """One row in exactly `width` cells, without the cursor; its first cell is blank."""
        raise NotImplementedError

    def draw_more(self, index: int, line: int, width: int) -> Strip:  # noqa: ARG002
        """Line `line`, from 1, of a row that is taller than one; its first cell is blank."""
        return Strip.blank(width, self.ground)

    def draw_head(self, width: int) -> Strip:
        """The line above the rows."""
        raise NotImplementedError

    def draw_empty(self, line: int, width: int) -> Strip:
        """Line `line` of what stands there when there are no rows: `empty`, below a blank one."""
        if self._said is None or self._said[0] is not self.empty or self._said[1] != width:
            self._said = (self.empty, width, self._drawn_words(width))
        said = self._said[2]
        return said[line] if line < len(said) else said[0]

    def _drawn_words(self, width: int) -> list[Strip]:
        from ..empty import wrapped

        text, base = self.visual_style, self.ground
        found = [Strip.blank(width, base)]
        for content in wrapped(self.empty, width - 4):
            strips = Visual.to_strips(self, content.pad_left(3), width, 1, text, pad=True)
            found.append(strips[0].adjust_cell_length(width, base))
        return found

    def span(self) -> tuple[int, int]:
        """How many rows there are before the first loaded one, and in all as far as known."""
        return 0, self.row_count

    def came_into_view(self) -> None:
        """Called when other rows are on screen than before."""

    # ------------------------------------------------------------------------------ moving

    @property
    def page(self) -> int:
        """How many rows fit on screen."""
        return max(1, (self.size.height - self.HEAD) // self.tall)

    @property
    def jumps(self) -> tuple[int, int, int, int]:
        """How many rows the cursor goes by half a page, down and up, and by a page."""
        half, page = max(1, self.page // 2), max(1, self.page - 1)
        return half, -half, page, -page

    def row_lines(self, index: int) -> tuple[int, int]:
        """The lines of the widget where a row stands: the first, and one past the last."""
        first = self.HEAD + (index - self.top) * self.tall
        return first, first + self.tall

    def go(self, index: int) -> None:
        """Puts the cursor on a row and scrolls as little as needed."""
        index = max(0, min(index, self.row_count - 1))
        old, old_top, bar = self.cursor, self.top, self._drawn_bar()
        self.cursor = index
        self._keep_in_view()
        if self.top != old_top:
            self._scrolled(old_top, bar, old)
        elif index != old:
            self.refresh_row(old)
            self.refresh_row(index)
        if index != old:
            self.step = index - old
            self.moved()

    def move(self, where: str) -> None:
        """Moves the cursor by the name of a movement: `down`, `half_page_up`, `bottom`, ..."""
        half_down, half_up, page_down, page_up = self.jumps
        steps = {
            "down": 1,
            "up": -1,
            "half_page_down": half_down,
            "half_page_up": half_up,
            "page_down": page_down,
            "page_up": page_up,
            "top": -self.cursor,
            "bottom": self.row_count,
        }
        self.go(self.cursor + steps[where])

    def scroll_rows(self, rows: int) -> None:
        """Scrolls; the cursor stays in sight."""
        top = max(0, min(self.top + rows, self.row_count - self.page))
        if top == self.top:
            return
        old, old_top, bar = self.cursor, self.top, self._drawn_bar()
        self.top = top
        self.cursor = max(top, min(old, top + self.page - 1))
        self._scrolled(old_top, bar, old)
        if self.cursor != old:
            self.moved()

    def _scrolled(self, old_top: int, bar: Sequence[Strip], old: int) -> None:
        """Other rows are in sight: what is drawn of those that were moves on the screen."""
        if not bar:
            self.refresh()
            self.came_into_view()
            return
        by, now = self.top - old_top, self._bar_cells()
        anew = set(range(self.HEAD))
        for index in (old, self.cursor):
            anew.update(range(*self.row_lines(index)))
        lines, last = range(self.size.height), self.page - 1
        for line in lines[self.HEAD :]:
            at = (line - self.HEAD) // self.tall
            if at + by < 0 or bar[min(at + by, last)] is not now[min(at, last)]:
                anew.add(line)
        scrolled(self, lines, by * self.tall, anew)
        self.came_into_view()

    def refresh_row(self, index: int) -> None:
        """Draws one row again."""
        y, end = self.row_lines(index)
        if self.HEAD <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, end - y))

    def _keep_in_view(self) -> None:
        if self.cursor < self.top:
            self.top = self.cursor
        elif self.cursor >= self.top + self.page:
            self.top = self.cursor - self.page + 1
        self.top = max(0, min(self.top, self.row_count - self.page))

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._bar = self._glyphs = self._said = None

    def on_resize(self) -> None:
        self._bar = None
        self._keep_in_view()
        self.came_into_view()

    # ----------------------------------------------------------------------------- drawing

    def get_line_filters(self) -> Sequence[LineFilter]:
        return plain(super().get_line_filters())

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if width < 2:
            return Strip.blank(width, self.ground)
        if y < self.HEAD:
            return self.draw_head(width)
        if not self.row_count:
            return self.draw_empty(y - self.HEAD, width)
        at, line = divmod(y - self.HEAD, self.tall)
        index = self.top + at
        if index >= self.row_count:
            return Strip.blank(width, self.ground)
        row = self.draw_more(index, line, width - 1) if line else self.draw_row(index, width - 1)
        if index == self.cursor:
            row = self._with_cursor(row)
        return Strip.join([row, self._bar_cells()[min(at, self.page - 1)]])

    def _with_cursor(self, row: Strip) -> Strip:
        style = Style(bgcolor=self.component("list--cursor").bgcolor)
        marked = [Segment("▌", style + Style(color=self._cursor_ink))]
        for number, (text, own, _) in enumerate(row):
            rest = text if number else text[1:]
            if rest:
                marked.append(Segment(rest, (own or Style()) + style))
        return Strip(marked, row.cell_length)

    @property
    def _cursor_ink(self) -> Color | None:
        return self.component("list--bar").color

    def style_of(self, name: str) -> Style:
        """The style of a cell by its name, to be laid over a row's; of `marked` only the ground."""
        if not name:
            return Style()
        if name == "marked":
            return Style(bgcolor=self.component("list--marked").bgcolor)
        return self.ink(f"list--{name}")

    def thumb(self) -> tuple[int, int] | None:
        """The first line of the scroll bar's thumb and the one after it, None without a bar."""
        before, total = self.span()
        if total <= self.page:
            return None
        low = (before + self.top) * self.page // total
        high = max(low + 1, -(-(before + self.top + self.page) * self.page // total))
        return (low, high) if low < self.page else (self.page - 1, self.page)

    def _drawn_bar(self) -> Sequence[Strip]:
        """The scroll bar where anything has been drawn yet; before, there are no styles to ask."""
        return self._bar_cells() if self._bar is not None else ()

    def _bar_cells(self) -> Sequence[Strip]:
        """The scroll bar's cell in each row on screen; worked out once for all lines of a frame."""
        state = (self.span(), self.top, self.page)
        if self._bar is None or self._bar[0] != state:
            if self._glyphs is None:
                self._glyphs = [
                    Strip([Segment(glyph, style)], 1)
                    for glyph, style in (
                        ("│", self.component("list--track")),
                        ("┃", self.component("list--thumb")),
                        (" ", self.ground),
                    )
                ]
            track, thumb, blank = self._glyphs
            low, high = self.thumb() or (0, 0)
            cells = [thumb if low <= at < high else track for at in range(self.page)]
            self._bar = (state, cells if high else [blank] * self.page)
        return self._bar[1]

    # ------------------------------------------------------------------------------- mouse

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_rows(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_rows(-3)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        line = (offset.y - self.HEAD) // self.tall
        if line < 0:
            self.head_clicked(offset.x)
        elif offset.x >= self.size.width - 1 and self.span()[1] > self.page:
            self._jump_to(line)
        elif self.top + line < self.row_count:
            self.clicked(self.top + line, offset.x, event.chain)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        offset = event.get_content_offset(self)
        if offset is None or offset.y < self.HEAD or offset.x < self.size.width - 1:
            return
        if event.button == 1 and self.thumb() is not None:
            self._dragged = True
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._dragged:
            self._jump_to(max(0, min((event.y - self.HEAD) // self.tall, self.page - 1)))

    def on_mouse_up(self) -> None:
        if self._dragged:
            self._dragged = False
            self.release_mouse()

    def head_clicked(self, x: int) -> None:
        """The line above the rows was clicked at cell `x`."""

    def clicked(self, index: int, x: int, times: int) -> None:
        """A row was clicked at cell `x`, `times` in a row."""
        self.go(index)
        if times == 2 and x:
            self.post_message(self.Opened())

    def _jump_to(self, line: int) -> None:
        before, total = self.span()
        target = total * line // max(1, self.page - 1) - before
        self.go(max(0, min(target, self.row_count - 1)))
