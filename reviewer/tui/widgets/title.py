"""The line above a pane.  The same words cost nothing, other words no new layout of the screen."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class Title(Static):
    """One line that is told often and changes seldom; `wraps` gives it as many as it needs."""

    DEFAULT_CSS = """
    Title {
        height: 1; padding: 0 1; color: $text-muted;
        text-wrap: nowrap; text-overflow: ellipsis;
        &.-wraps { height: auto; text-wrap: wrap; }
    }
    """

    def __init__(self, *, id: str | None = None, wraps: bool = False) -> None:
        super().__init__("", markup=False, id=id, classes="-wraps" if wraps else None)
        self._told = Content("")
        self._wraps = wraps

    def tell(self, content: Content) -> None:
        """Shows these words."""
        if not content.is_same(self._told):
            self._told = content
            self.update(content, layout=self._wraps)
