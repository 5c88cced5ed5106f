"""One panel of the insights: a title in a rule, and below it what its function draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.content import Content, Span
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual
from textual.widget import Widget

from ..newest import Newest
from ..screens.insights_base import Room

if TYPE_CHECKING:
    from ...insights.overview import Overview
    from ..screens.insights_base import Panel


KEPT = 256
"""So many lines are kept as they were put on the screen."""
_Key = tuple[str, tuple[Span, ...], int]


class InsightPanel(Widget, can_focus=True):
    """Draws an overview in the room it has; the row under its cursor is chosen."""

    DEFAULT_CSS = """
    InsightPanel { width: 1fr; height: 100%; background: $background; }
    """
    cursor: reactive[int] = reactive(0, repaint=False)

    class Enlarge(Message):
        """The panel was clicked twice."""

    def __init__(self, panel: Panel) -> None:
        super().__init__(id=panel.id)
        self.panel = panel
        self.view: Overview | None = None
        self._lines: list[Content] = []
        self._strips: Newest[_Key, Strip] = Newest(KEPT)
        self._looks: tuple[str, Style] | None = None

    def ready(self, view: Overview) -> None:
        """Makes the plots of an overview ready, so that drawing finds them; safe in a thread."""
        width, height = self.content_size
        if height > 1 and width > 8:
            self.panel.draw(view, Room(width, height - 1, None))

    def show(self, view: Overview) -> None:
        """Draws another overview."""
        self.view = view
        self.set_reactive(InsightPanel.cursor, self.validate_cursor(self.cursor))
        self._draw()

    @property
    def row_count(self) -> int:
        """How many rows can be chosen."""
        return self.panel.rows(self.view) if self.view is not None else 0

    def validate_cursor(self, value: int) -> int:
        return max(0, min(value, self.row_count - 1))

    def move(self, where: str) -> None:
        """Moves the cursor by the name of a movement."""
        page = max(1, self.size.height // 2)
        steps = {"down": 1, "up": -1, "top": -self.row_count, "bottom": self.row_count}
        steps |= {"half_page_down": page // 2, "half_page_up": -page // 2}
        self.cursor += steps.get(where, page if where == "page_down" else -page)

    def watch_cursor(self) -> None:
        self._draw()

    def on_focus(self) -> None:
        self._draw()

    def on_blur(self) -> None:
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        looks = (self.app.theme, self.visual_style)
        if looks != self._looks:  # focus comes and goes and changes no line's looks
            self._looks = looks
            self._strips.clear()

    # ------------------------------------------------------------------ drawing

    def _draw(self) -> None:
        """Draws anew; only the lines that are others now are put on the screen."""
        width, height = self.content_size
        lines = [self._title(width)]
        if self.view is not None and height > 1 and width > 8:
            room = Room(width, height - 1, self.cursor if self.has_focus else None)
            lines += self.panel.draw(self.view, room)
        before, self._lines = self._lines, lines
        for y in range(height):
            old = before[y] if y < len(before) else None
            new = lines[y] if y < len(lines) else None
            if old is not new and (old is None or new is None or not old.is_same(new)):
                self.refresh(Region(0, y, width, 1))

    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        if y >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        line = self._lines[y]
        key = (line.plain, tuple(line.spans), width)
        strip = self._strips.get(key)
        if strip is None:
            cut = line.truncate(width, ellipsis=True)
            made = Visual.to_strips(self, cut, width, 1, self.visual_style)
            strip = made[0] if made else Strip.blank(width, self.rich_style)
            self._strips[key] = strip = strip.adjust_cell_length(width, self.rich_style)
        return strip

    def _title(self, width: int) -> Content:
        rule, style = ("━", "bold $primary") if self.has_focus else ("─", "$faint")
        title = f" {self.panel.title} "
        left = max(0, width - len(title) - 2)
        return Content.assemble((rule * 2, style), (title, "bold"), (rule * left, style))

    def on_click(self, event: events.Click) -> None:
        if event.chain == 2:
            self.post_message(self.Enlarge())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, step: int) -> None:
        if self.has_focus and self.validate_cursor(self.cursor + step) != self.cursor:
            event.stop()
            event.prevent_default()
            self.cursor += step
