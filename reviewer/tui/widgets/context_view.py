"""What led to the artifact, beat by beat; folds open and close under the cursor."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from typing_extensions import override

from .context_rows import Beat, beats
from .diff_draw import Pane
from .pane_lines import PaneLines

if TYPE_CHECKING:
    from ...domain.context import ContextItem

_STYLES = {"user": "head", "person": "head", "tool": "mark", "document": "mark", "link": "mark"}


class ContextView(PaneLines):
    """Virtual lines over the beats of the context."""

    shows_cursor_without_focus = False

    DEFAULT_CSS = "ContextView { width: 100%; height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._beats: list[Beat] = []
        self._evidence: frozenset[int] = frozenset()
        self._open: set[int] = set()
        self._rows: list[tuple[int, int]] = []
        self._trace = ""
        self._known = False

    def show(
        self, context: Sequence[ContextItem], evidence: Collection[int] = (), trace: str = ""
    ) -> None:
        """Shows a context; `evidence` are the items that an escalation points to."""
        self._beats = beats(context)
        self._evidence, self._trace = frozenset(evidence), trace
        self._open = set()
        self._known = True
        self._fill()
        self.cursor = 0

    @property
    def link(self) -> str:
        """The address under the cursor, or that of the trace (hostile text), or nothing."""
        at = self._rows[self.row][0] if self._rows else -1
        return self._beats[at].uri if 0 <= at < len(self._beats) else self._trace

    def line_text(self) -> str:
        """The line under the cursor as it stands in the artifact, for copying."""
        if not self._rows:
            return ""
        beat, line = self._rows[self.row]
        if beat >= len(self._beats):
            return self._trace
        return self._lines(beat)[line] if line >= 0 else self._beats[beat].text

    def unfold(self) -> bool:
        """Opens or closes the beat under the cursor; False where there is nothing to fold."""
        at = self._rows[self.row][0] if self._rows else -1
        if not 0 <= at < len(self._beats) or not self._beats[at].foldable:
            return False
        self._open ^= {at}
        self._fill()
        self.go_row(self._rows.index((at, -1)))
        return True

    def clicked(self) -> None:
        if self._rows and self._rows[self.row][1] == -1:
            self.unfold()

    def _lines(self, at: int) -> list[str]:
        beat = self._beats[at]
        return beat.lines if at in self._open else beat.folded

    def _fill(self) -> None:
        rows: list[tuple[int, int]] = []
        for at in range(len(self._beats)):
            rows.append((at, -1))
            rows.extend((at, line) for line in range(len(self._lines(at))))
        if self._trace:
            rows.append((len(self._beats), -1))
        self._rows = rows
        self.rebuild()

    @property
    def _nothing(self) -> str:
        return "The agent gave no context." if self._known else "…"

    @property
    def row_count(self) -> int:
        return max(1, len(self._rows))

    @override
    def indent(self, row: int) -> int:
        return 3 if self._rows and self._rows[row][1] >= 0 else 1

    def row_text(self, row: int) -> str:
        if not self._rows:
            return self._nothing
        beat, line = self._rows[row]
        if line >= 0:
            return self._lines(beat)[line]
        return self.row_pane(row).ink.text

    @override
    def row_pane(self, row: int) -> Pane:
        dim = self.style("dim")
        if not self._rows:
            return self.pane(" ", (self._nothing, dim))
        at, line = self._rows[row]
        if at >= len(self._beats):
            return self.pane(" ", ("trace ", dim), (self._trace, self.style("mark")))
        beat = self._beats[at]
        if line >= 0:
            quiet = beat.kind in ("thought", "system", "tool", "document")
            return self.pane("   ", (self._lines(at)[line], self.style("dim" if quiet else "")))
        return self._head(at, beat)

    def _head(self, at: int, beat: Beat) -> Pane:
        dim = self.style("dim")
        flag = "⚑" if beat.index in self._evidence else ""
        clock = f"{beat.at.astimezone():%H:%M} " if beat.at else ""
        runs = [(f"{flag} " if flag else "", self.style("warn")), (clock, dim)]
        runs.append((beat.who, self.style(_STYLES.get(beat.kind, "dim"))))
        if beat.failed:
            runs.append((" ✗ failed", self.style("bad")))
        if beat.note:
            runs.append((f" ✗ {beat.note}", self.style("warn")))
        if beat.foldable:
            sign = "▾" if at in self._open else f"▸ {beat.more}"
            runs.append((f" {sign}", dim))
        return self.pane(" ", *(run for run in runs if run[0]))
