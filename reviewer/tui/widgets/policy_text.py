"""The text of a policy: line numbers, syntax colours, and signs where something is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from typing_extensions import override

from .diff_draw import Pane
from .ink import Ink, Overlay
from .pane_lines import PaneLines
from .syntax import LONGEST, colours_for, highlighter_of

LANGUAGE = "yaml"
STEP = 400
"""Lines whose colours are asked for at once."""


class PolicyText(PaneLines):
    """Wrapped lines of YAML; whoever wrote them, they are shown as untrusted text is."""

    shows_cursor_without_focus = False
    DEFAULT_CSS = "PolicyText { width: 1fr; height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.text = ""
        self._lines: list[str] = []
        self._digest = ""
        self._wrong: frozenset[int] = frozenset()
        self._colour = lru_cache(maxsize=256)(colours_for(self))

    def show(self, text: str, wrong: Collection[int] = ()) -> None:
        """Shows a text; `wrong` are the numbers of lines to be marked."""
        same = text == self.text and bool(self._lines) == bool(text)
        self._wrong = frozenset(wrong)
        if same:
            self._panes.clear()
            self.redraw()
            return
        self.text, self._lines = text, text.split("\n")
        if self._lines[-1:] == [""]:
            self._lines.pop()
        self._digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        self.rebuild()
        self.go(0)
        if all(len(line) <= LONGEST for line in self._lines):
            self.run_worker(self._colours(text), group="colours", exclusive=True)

    async def _colours(self, text: str) -> None:
        highlighter = highlighter_of(self.app)
        if len(text) > highlighter.largest:
            return
        for first in range(0, len(self._lines), STEP):
            last = min(first + STEP, len(self._lines))
            await highlighter.spans(self._digest, text, first, last, language=LANGUAGE)
            self._panes.clear()
            self.redraw()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self.is_attached:
            self._colour = lru_cache(maxsize=256)(colours_for(self))
            self._panes.clear()

    def go_line(self, number: int) -> None:
        """Puts the cursor on a line of the text, counted from 1, in sight."""
        row = max(0, min(number - 1, self.row_count - 1))
        self.go(self._visual.line_of(row), top=True)

    def line_text(self) -> str:
        """The line under the cursor, for copying."""
        return self._lines[self.row] if self.row < len(self._lines) else ""

    @property
    def row_count(self) -> int:
        return len(self._lines)

    @override
    def indent(self, row: int) -> int:
        return len(str(len(self._lines))) + 3

    @override
    def row_text(self, row: int) -> str:
        return self._lines[row]

    @override
    def row_pane(self, row: int) -> Pane:
        text, number = self._lines[row], row + 1
        width = self.indent(row) - 3
        wrong = number in self._wrong
        sign = "✗" if wrong else " "
        gutter = Strip(
            [
                Segment(f" {number:>{width}}", self.style("bad" if wrong else "quiet")),
                Segment(f"{sign} ", self.style("bad")),
            ]
        )
        (spans,) = highlighter_of(self.app).peek(self._digest, row, row + 1, language=LANGUAGE)
        overlays = [Overlay(start, end, self._token(token)) for start, end, token in spans]
        return Pane(gutter, Ink(text), self.ground, overlays)

    def _token(self, token: str) -> Style:
        return self._colour(token)
