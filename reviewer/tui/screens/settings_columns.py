"""The columns of the inbox: which, in what order, how wide; for one view or for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from typing_extensions import override

from ...saved_views import COLUMNS, WIDTHS, column
from ..columns import head
from ..widgets.diff_draw import Pane
from ..widgets.pane_lines import PaneLines

MEANING = {
    "risk": "how bad it can get", "due": "time left until the deadline",
    "agent": "who proposes it", "kind": "what sort of task it is", "title": "what it is about",
    "reasons": "why a person sees it", "holder": "who has claimed it or is to decide",
    "age": "how long ago it was handed in", "queue": "which queue it waits in",
    "status": "pending, approved, applied, …",
    "mode": "shadow, assisted or autonomous",
}  # fmt: skip
STEP = 2
"""Cells by which a column gets wider or narrower."""
START = {"title": 40, "reasons": 20, "agent": 14}
"""The width from which a column without one starts to be changed."""


class ColumnsEdit(PaneLines):
    """The chosen columns in their order, then the others."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "choose", show=False),
        Binding("J,shift+down", "shift(1)", show=False),
        Binding("K,shift+up", "shift(-1)", show=False),
        Binding("greater_than_sign,plus,right", "widen(1)", show=False),
        Binding("less_than_sign,minus,left", "widen(-1)", show=False),
        Binding("equals_sign", "natural", show=False),
    ]
    DEFAULT_CSS = "ColumnsEdit { height: 1fr; background: $surface; }"
    wraps = False

    class Changed(Message):
        """The columns are others now."""

        def __init__(self, columns: tuple[str, ...]) -> None:
            super().__init__()
            self.columns = columns

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: list[tuple[str, int, bool]] = []

    def show(self, columns: Sequence[str]) -> None:
        """Shows these columns as chosen."""
        chosen = [column(text) for text in columns]
        names = {name for name, _ in chosen}
        self._rows = [(name, width, True) for name, width in chosen]
        self._rows += [(name, 0, False) for name in COLUMNS if name not in names]
        self.rebuild()
        self.redraw()

    @property
    def columns(self) -> tuple[str, ...]:
        """The chosen columns as the settings write them."""
        return tuple(
            f"{name}:{width}" if width else name for name, width, chosen in self._rows if chosen
        )

    def _told(self) -> None:
        self._panes.clear()
        self.redraw()
        self.post_message(self.Changed(self.columns))

    def action_choose(self) -> None:
        """Takes the column in, or leaves it out; one stays."""
        if not self._rows:
            return
        name, width, chosen = self._rows[self.row]
        if chosen and len(self.columns) == 1:
            return
        self._rows[self.row] = (name, width, not chosen)
        self._told()

    def action_shift(self, step: int) -> None:
        """Moves the column."""
        here, there = self.row, self.row + step
        if 0 <= there < len(self._rows):
            self._rows[here], self._rows[there] = self._rows[there], self._rows[here]
            self._told()
            self.go_row(there)

    def action_widen(self, step: int) -> None:
        """Makes the column wider or narrower."""
        name, width, chosen = self._rows[self.row]
        least, most = WIDTHS
        wide = (width or START.get(name, 10)) + step * STEP
        self._rows[self.row] = (name, max(least, min(wide, most)), chosen)
        self._told()

    def action_natural(self) -> None:
        """As wide as there is room."""
        name, _, chosen = self._rows[self.row]
        self._rows[self.row] = (name, 0, chosen)
        self._told()

    def clicked(self) -> None:
        self.action_choose()

    @property
    def row_count(self) -> int:
        return len(self._rows)

    @override
    def row_pane(self, row: int) -> Pane:
        name, width, chosen = self._rows[row]
        mark = "●" if chosen else "○"
        wide = f"{width} cells" if width else ""
        text = f"{head(name):<8} {MEANING[name]:<38} {wide}"
        gutter, style = self.style("good" if chosen else "dim"), self.style("" if chosen else "dim")
        return self.pane(f" {mark} ", (text.rstrip(), style), gutter_style=gutter)
