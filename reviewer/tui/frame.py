"""A frame as what is written of it: runs of cells, and what the terminal is sent for them.

Terminals disagree about the width of characters that are not ASCII.  So the cursor is placed for
each such text and after it, and where one may be narrower than thought its cells are blanked first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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
        x = most = self.x
        for text, _, _ in self.segments:
            if text.isascii():
                x += len(text)
                most = max(most, x)
            else:
                most = max(most, reach(x, text))
                x += cell_len(text)
        return most


class Changes(CompositorUpdate):
    """A frame as the runs of cells in which it differs from the one before."""

    def __init__(self, runs: Sequence[Run], colours: ColorSystem) -> None:
        self.runs, self._colours = runs, colours

    def render_segments(self, console: Console) -> str:  # noqa: ARG002 as Textual calls it
        """What the terminal is sent.

        Texts that are ASCII come last, by style: they stand exactly where they should and run over
        nothing, and most of what a frame takes would else be the same few styles, told each time.
        By style come others before them, where none can run over another one.
        """
        lines: dict[int, list[Run]] = {}
        for run in self.runs:
            lines.setdefault(run.y, []).append(run)
        pen, before, last = _Pen(), _ByLook(), _ByLook()
        for y, runs in sorted(lines.items()):
            texts, loose = _texts(runs)
            near: list[tuple[str, int, str]] = []  # of which each may run over the next
            until = 0
            for x, text, style in texts:
                look = sgr(style, self._colours)
                if not loose:
                    pen.draw(look, y, x, text)
                elif text.isascii():
                    last.add(look, y, x, text)
                else:
                    if x >= until:
                        _place(near, y, pen, before)
                        near = []
                    near.append((look, x, text))
                    until = max(until, reach(x, text))
            _place(near, y, pen, before)
        return pen.written + before.written + last.written


def _place(near: Sequence[tuple[str, int, str]], y: int, pen: _Pen, before: _ByLook) -> None:
    """Texts of which each may run over the next: in this order, by style where it is one."""
    alike = len({look for look, _, _ in near}) == 1
    if alike and all(BROAD.fullmatch(text) for _, _, text in near):
        for look, x, text in near:
            before.add(look, y, x, text)
    else:
        for look, x, text in near:
            pen.draw(look, y, x, text)


class _Pen:
    """Texts for places on the screen, in the order in which they are given."""

    def __init__(self) -> None:
        self._written: list[str] = []
        self._look = ""
        self._end = (0, 0)

    def draw(self, look: str, y: int, x: int, text: str) -> None:
        """A text in a look, over blanks where it may be narrower than thought."""
        if not BROAD.fullmatch(text):
            self._write("", y, x, " " * cell_len(text))
        self._write(look, y, x, text)

    def _write(self, look: str, y: int, x: int, text: str) -> None:
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
        """A text, those of a look each further down or to the right than the one before."""
        texts = self._texts.setdefault(look, [])
        line, column = self._ends.get(look, (-1, 0))
        if line != y or column > x:
            texts.append(_cursor(y, x))
        elif column < x:
            texts.append(_onward(x - column))
        texts.append(text)
        # where the cursor stands after another text no two terminals agree
        self._ends[look] = (y, x + len(text)) if text.isascii() else (-1, 0)

    @property
    def written(self) -> str:
        """All of them, each where it belongs."""
        return "".join(_styled(look, "".join(texts)) for look, texts in self._texts.items())


def _texts(runs: Sequence[Run]) -> tuple[list[tuple[int, str, Style | None]], bool]:
    """The texts of a line, each with the column at which it begins; and whether it does not matter
    in which order those are written that are ASCII.

    It does where one is written over another, and where a mark goes onto the one before it.
    """
    found: list[tuple[int, str, Style | None]] = []
    loose, end = True, 0
    for x, _, segments in runs:
        loose = loose and x >= end
        end = x
        for text, style, _ in segments:
            found.append((end, text, style))
            if text.isascii():
                end += len(text)
            else:
                loose = loose and not marks(text)
                end += cell_len(text)
    return found, loose


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
