"""Notifications that did not arrive, two lines each: who was to be told of what, and why not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from ...effects.notify.unsent import why
from ..due import moment
from .diff_draw import Pane
from .pane_lines import PaneLines

if TYPE_CHECKING:
    from ...domain.governance import Unsent

_SIGNS: Final = {"failed": ("✗", "bad"), "unknown": ("?", "warn")}


class NoticeLines(PaneLines):
    """The newest first; the cursor is on one of them by either of its lines."""

    DEFAULT_CSS = "NoticeLines { width: 100%; height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.notices: list[Unsent] = []
        self.now = 0
        self.read = False

    def show(self, notices: Sequence[Unsent], now: int) -> None:
        """Shows these; the cursor stays on the one on which it was."""
        here = self.chosen
        self.notices, self.now, self.read = list(notices), now, True
        self.rebuild()
        effects = [one.notice.effect for one in self.notices]
        if here is not None and here.notice.effect in effects:
            self.go_row(2 * effects.index(here.notice.effect))

    @property
    def chosen(self) -> Unsent | None:
        """The one under the cursor."""
        return self.notices[min(self.row // 2, len(self.notices) - 1)] if self.notices else None

    @property
    def row_count(self) -> int:
        return max(1, 2 * len(self.notices))

    @override
    def indent(self, row: int) -> int:
        return 4 if row % 2 else 1

    @override
    def row_text(self, row: int) -> str:
        return self.row_pane(row).ink.text

    @override
    def row_pane(self, row: int) -> Pane:
        dim = self.style("dim")
        if not self.notices:
            said = "Everybody was told." if self.read else "Reading what was not sent…"
            return self.pane(" ", (said, dim))
        one = self.notices[row // 2]
        if row % 2:
            return self.pane("    ", (why(one), dim))
        notice = one.notice
        sign, style = _SIGNS[one.state]
        facts = notice.facts
        runs = [
            (f"{sign} {one.state:<8} ", self.style(style)),
            (f"{moment(one.at, self.now):<13} ", dim),
            (notice.to or "nobody", self.style("mark")),
            (f" by {notice.channel}  ", dim),
            (str(facts.get("title", "")), self.style()),
            (f"  {facts.get('queue', '')}", dim),
        ]
        if one.status != "pending":
            runs.append((f"  {one.status} since", dim))
        return self.pane(" ", *runs)
