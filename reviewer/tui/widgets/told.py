"""A pane that tells things line by line: a gutter and runs of words, hostile ones among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from typing_extensions import override

from .diff_draw import Pane
from .pane_lines import PaneLines


class Line(NamedTuple):
    """A gutter of ours and words with the name of their style (`dim head mark good bad warn`)."""

    gutter: str
    words: tuple[tuple[str, str], ...]
    style: str = "dim"


class Told(PaneLines):
    """Lines that are given; scrolls."""

    shows_cursor_without_focus = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: Sequence[Line] = ()

    def tell(self, lines: Sequence[Line]) -> None:
        """Shows these lines."""
        if lines != self._lines:
            self._lines = lines
            self.rebuild()

    @property
    def row_count(self) -> int:
        return len(self._lines)

    @override
    def indent(self, row: int) -> int:
        return len(self._lines[row].gutter)

    @override
    def row_text(self, row: int) -> str:
        return "".join(text for text, _ in self._lines[row].words)

    def row_pane(self, row: int) -> Pane:
        line = self._lines[row]
        runs = [(text, self.style(style)) for text, style in line.words]
        return self.pane(line.gutter, *runs, gutter_style=self.style(line.style))
