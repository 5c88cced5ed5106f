"""A frame as what is written of it: runs of cells, and what the terminal is sent for them.

Terminals disagree about the width of characters that are not ASCII.  So the cursor is placed for
each such text and after it, and where one may be narrower than thought its cells are blanked first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import CompositorUpdate
from textual.strip import Strip

WIDEST = 2
"""Cells that a terminal gives to one character at most."""
RESET = "\x1b[0m"
BROAD = re.compile("[ -\u02ff\u2010-\u2027\u2030-\u2bff]*")
"""Texts that no terminal draws narrower than one cell for each character."""


class Run(NamedTuple):
    """Cells to write, from a column of a line on."""

    x: int
    y: int
    segments: Sequence[Segment]

    @property
    def reach(self) -> int:
        """The column after the last one that may be written to, on any terminal."""
        return max((reach(x, text) for x, text, _ in self.texts), default=self.x)

    @property
    def texts(self) -> Iterator[tuple[int, str, Style | None]]:
        """Its texts, each with the column at which it begins."""
        x = self.x
        for text, style, _ in self.segments:
            yield x, text, style
            x += len(text) if text.isascii() else cell_len(text)


class Changes(CompositorUpdate):
    """A frame as the runs of cells in which it differs from the one before."""

    def __init__(self, runs: Sequence[Run], colours: ColorSystem) -> None:
        self.runs, self._colours = runs, colours

    def render_segments(self, console: Console) -> str:  # noqa: ARG002 as Textual calls it
        """What the terminal is sent.

        Texts that are ASCII come last, by style: they stand exactly where they should and run over
        nothing, and most of what a frame takes would else be the same few styles, told each time.
        """
        lines: dict[int, list[Run]] = {}
        for run in self.runs:
            lines.setdefault(run.y, []).append(run)
        pen, last = _Pen(), _ByLook()
        for y, runs in sorted(lines.items()):
            loose = _loose(runs)
            for run in runs:
                for x, text, style in run.texts:
                    look = sgr(style, self._colours)
                    if loose and text.isascii():
                        last.add(look, y, x, text)
                        continue
                    if not BROAD.fullmatch(text):
                        pen.write("", y, x, " " * cell_len(text))
                    pen.write(look, y, x, text)
        return pen.written + last.written


class _Pen:
    """Texts for places on the screen, in the order in which they are given."""

    def __init__(self) -> None:
        self._written: list[str] = []
        self._look = ""
        self._end = (0, 0)

    def write(self, look: str, y: int, x: int, text: str) -> None:
        """A text in a look; a look that goes on is not told again, but where the cursor goes back.

        Going back within a look is nothing that a frame needs, so whoever reads what reaches the
        terminal can take it for a text that speaks to it.
        """
        if look != self._look or (y, x) < self._end:
            self._close()
            self._written.append(f"\x1b[{look}m" if look else "")
            self._look = look
        self._written.append(_cursor(y, x) + text)
        self._end = (y, x + cell_len(text) if BROAD.fullmatch(text) else reach(x, text))

    def _close(self) -> None:
        if self._look:
            self._written.append(RESET)
            self._look = ""

    @property
    def written(self) -> str:
        """All of them; no look goes on after it."""
        self._close()
        return "".join(self._written)


class _ByLook:
    """Texts for places on the screen, those of one look together."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {}
        self._ends: dict[str, tuple[int, int]] = {}

    def add(self, look: str, y: int, x: int, text: str) -> None:
        """A text of one cell for each character."""
        texts = self._texts.setdefault(look, [])
        line, column = self._ends.get(look, (-1, 0))
        if line != y or column > x:
            texts.append(_cursor(y, x))
        elif column < x:
            texts.append(_onward(x - column))
        texts.append(text)
        self._ends[look] = (y, x + len(text))

    @property
    def written(self) -> str:
        """All of them, each where it belongs."""
        return "".join(_styled(look, "".join(texts)) for look, texts in self._texts.items())


def _loose(runs: Sequence[Run]) -> bool:
    """Whether it does not matter in which order the texts of a line are written that are ASCII.

    It does where one is written over another, and where a mark goes onto the one before it.
    """
    end = 0
    for run in runs:
        if run.x < end:
            return False
        for x, text, _ in run.texts:
            if marks(text):
                return False
            end = x + cell_len(text)
    return True


def _cursor(y: int, x: int) -> str:
    """Places the cursor (ECMA-48, CUP)."""
    return f"\x1b[{y + 1};{x + 1}H"


def _onward(cells: int) -> str:
    """Moves the cursor to the right (ECMA-48, CUF): half of what placing it takes."""
    return f"\x1b[{cells}C"


def _styled(look: str, text: str) -> str:
    return f"\x1b[{look}m{text}{RESET}" if look else text


def sgr(style: Style | None, colours: ColorSystem) -> str:
    """The parameters of a style's SGR; what else it holds (Textual's offsets) is not drawn."""
    if style is None:
        return ""
    found = style._ansi
    return Strip.render_ansi(style, colours) if found is None else found


def reach(x: int, text: str) -> int:
    """The column after the last one to which a text at a column may be drawn."""
    return x + len(text) * (1 if text.isascii() else WIDEST)


def marks(text: str) -> bool:
    """Whether a text begins with a mark that goes onto the cell before it."""
    return bool(text) and not text.isascii() and not cell_len(text[0])
