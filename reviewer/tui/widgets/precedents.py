"""How people decided before: on the same resource, and on proposals of the same shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from typing_extensions import override

from ...domain.instant import long_duration
from ...policy.reasons import codes
from ..precedent_reading import Group
from .diff_draw import Pane
from .pane_lines import PaneLines, Run

if TYPE_CHECKING:
    from ...domain.views import Entry

_MARKS = {
    "approve": ("✓", "good", "approved"),
    "edit": ("✎", "warn", "edited"),
    "reject": ("✗", "bad", "rejected"),
    "respond": ("↩", "mark", "answered"),
}
"""Sign, style and word of each decision."""
COMMENT = 200
"""Characters of a comment that are shown."""

Row = tuple[Group, "Entry | str"]
"""A decided artifact in its group; or `heading`, or `counts` (`none` where there is nothing)."""


class Precedents(PaneLines):
    """Decided artifacts in groups, newest first; the heading says how they were decided."""

    shows_cursor_without_focus = False

    DEFAULT_CSS = "Precedents { width: 100%; height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: list[Row] = []
        self._now = 0
        self._known = False
        self._reasons: Mapping[str, str] = codes(None)

    def clear(self) -> None:
        """They are being looked for."""
        self._rows, self._known = [], False
        self.rebuild()

    def show(
        self, groups: Sequence[Group], now: int, reasons: Mapping[str, str] | None = None
    ) -> None:
        """Shows groups; `now` is the queue's clock, `reasons` the meanings of reason codes."""
        self._reasons = codes(None) if reasons is None else reasons
        self._now, self._known = now, True
        self._rows = []
        for group in groups:
            self._rows += [(group, "heading"), (group, "counts" if group.entries else "none")]
            self._rows += [(group, entry) for entry in group.entries]
        self.rebuild()

    def entry_at_cursor(self) -> Entry | None:
        """The decided artifact under the cursor."""
        found = self._rows[self.row][1] if self.row < len(self._rows) else None
        return None if found is None or isinstance(found, str) else found

    def line_text(self) -> str:
        """The title under the cursor, for copying."""
        entry = self.entry_at_cursor()
        return entry.title if entry is not None else ""

    @property
    def row_count(self) -> int:
        return max(1, len(self._rows))

    @override
    def indent(self, row: int) -> int:
        return 3 if row < len(self._rows) and self._rows[row][1] != "heading" else 1

    @override
    def row_pane(self, row: int) -> Pane:
        dim = self.style("dim")
        if not self._rows:
            return self.pane(" ", ("Nothing found." if self._known else "Looking…", dim))
        group, found = self._rows[row]
        if found == "heading":
            return self.pane(" ", (group.heading, self.style("head")))
        if isinstance(found, str):
            none = found == "none"
            return self.pane("   ", (group.none, dim)) if none else self._counts(group)
        return self._entry(group, found)

    def _counts(self, group: Group) -> Pane:
        dim = self.style("dim")
        runs: list[Run] = []
        for number, (decision, count) in enumerate(group.counts):
            _, style, word = _MARKS.get(decision, ("·", "dim", decision))
            runs.append((f"{' · ' if number else ''}{count} {word}", self.style(style)))
            reasons = group.reasons(decision)
            if decision == "reject" and reasons:
                why = ", ".join(
                    f"{self._reasons.get(code, code)}{f' {times}×' if times > 1 else ''}"
                    for code, times in reasons[:3]
                )
                runs.append((f" ({why})", dim))
        if group.more:
            runs.append((" · older ones not counted", dim))
        return self.pane("   ", *runs)

    def _entry(self, group: Group, entry: Entry) -> Pane:
        dim = self.style("dim")
        mark, style, _ = _MARKS.get(entry.decision, ("·", "dim", ""))
        ago = long_duration(self._now - (entry.state.decided_at or self._now))
        runs: list[Run] = [(entry.title, self.style())]
        runs.append((f"  {entry.decided_by} {ago} ago".replace("   ", "  "), dim))
        said = group.said.get(entry.state.id)
        if said is not None:
            if said.reasons:
                why = ", ".join(self._reasons.get(code, code) for code in said.reasons)
                runs.append((f" · {why}", self.style(style)))
            if said.comment.strip():
                runs.append((f" “{said.comment.strip()[:COMMENT]}”", self.style()))
        return self.pane(f" {mark} ", *runs, gutter_style=self.style(style))
