"""One panel of the insights: a title in a rule, and below it what its function draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

if TYPE_CHECKING:
    from ...insights.overview import Overview
    from ..screens.insights_base import Panel


class InsightPanel(Widget, can_focus=True):
    """Draws an overview in the room it has; the row under its cursor is chosen."""

    DEFAULT_CSS = """
    InsightPanel { width: 1fr; height: 100%; background: $background; text-wrap: nowrap; }
    """
    cursor: reactive[int] = reactive(0, repaint=True)

    class Enlarge(Message):
        """The panel was clicked twice."""

    def __init__(self, panel: Panel) -> None:
        super().__init__(id=panel.id)
        self.panel = panel
        self.view: Overview | None = None

    def show(self, view: Overview) -> None:
        """Draws another overview."""
        self.view = view
        self.set_reactive(InsightPanel.cursor, self.validate_cursor(self.cursor))
        self.refresh()

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

    def render(self) -> Content:
        from ..screens.insights_base import Room

        width, height = self.content_size
        lines = [self._title(width)]
        if self.view is not None and height > 1 and width > 8:
            room = Room(width, height - 1, self.cursor if self.has_focus else None)
            lines += self.panel.draw(self.view, room)
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in lines[:height])

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
