"""How people decided before: on the same resource, and on the same agent's same kind of task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from typing_extensions import override

from ...domain.instant import short_duration
from .diff_draw import Pane
from .pane_lines import PaneLines

if TYPE_CHECKING:
    from ...domain.views import Entry

_MARKS = {
    "approve": ("✓", "good"),
    "edit": ("✎", "warn"),
    "reject": ("✗", "bad"),
    "respond": ("↩", "mark"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Decided artifacts under one heading of ours."""

    heading: str
    entries: tuple[Entry, ...]


class Precedents(PaneLines):
    """Decided artifacts in groups, newest first."""

    shows_cursor_without_focus = False

    DEFAULT_CSS = "Precedents { width: 100%; height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: list[str | Entry] = ["Looking for earlier decisions…"]
        self._now = 0

    def show(self, groups: Sequence[Group], now: int) -> None:
        """Shows groups; each with how often it was decided how."""
        self._now = now
        self._rows = []
        for group in groups:
            counts: dict[str, int] = {}
            for entry in group.entries:
                counts[entry.decision] = counts.get(entry.decision, 0) + 1
            said = ", ".join(f"{number} {kind or 'other'}" for kind, number in counts.items())
            self._rows.append(f"{group.heading}: {said or 'none yet'}")
            self._rows += group.entries
        self.rebuild()

    def entry_at_cursor(self) -> Entry | None:
        """The decided artifact under the cursor."""
        found = self._rows[self.row] if self.row < len(self._rows) else None
        return None if found is None or isinstance(found, str) else found

    @property
    def row_count(self) -> int:
        return len(self._rows)

    @override
    def indent(self, row: int) -> int:
        return 1 if isinstance(self._rows[row], str) else 3

    @override
    def row_pane(self, row: int) -> Pane:
        found, dim = self._rows[row], self.style("dim")
        if isinstance(found, str):
            return self.pane(" ", (found, dim))
        mark, style = _MARKS.get(found.decision, ("·", "dim"))
        ago = short_duration(self._now - (found.state.decided_at or self._now))
        by = f"  {found.decided_by} {ago} ago" if found.decided_by else f"  {ago} ago"
        return self.pane(
            f" {mark} ", (found.title, self.style()), (by, dim), gutter_style=self.style(style)
        )
