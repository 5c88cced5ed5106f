"""The line above a pane.  The same words cost nothing, other words no new layout of the screen."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class Title(Static):
    """One line that is told often and changes seldom."""

    DEFAULT_CSS = "Title { height: 1; padding: 0 1; color: $text-muted; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", markup=False, id=id)
        self._told = Content("")

    def tell(self, content: Content) -> None:
        """Shows these words."""
        if not content.is_same(self._told):
            self._told = content
            self.update(content, layout=False)
