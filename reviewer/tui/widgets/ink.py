"""One line of hostile text as styled cells: shown through `untrusted`, sliced and wrapped by cell.

Long lines are laid out in chunks, so that a line of a megabyte costs what is seen of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ...untrusted import Shown, lay_out

CHUNK: Final = 2048
"""Characters that are laid out at once."""
_SEAM: Final = 64


class Overlay(NamedTuple):
    """A style over source[start:end]; later overlays win."""

    start: int
    end: int
    style: Style


class Looks(NamedTuple):
    """How made-visible characters look: those that would hide, and glyphs for blanks and tabs."""

    hidden: Style
    quiet: Style


class _Chunk(NamedTuple):
    start: int
    shown: Shown
    width: int


class Ink:
    """A line's text, ready to be drawn; widths and places in cells, counted from 0.

    With `tabs` they are shown by a glyph, not by blanks alone.
    """

    def __init__(self, text: str, *, tabs: bool = False) -> None:
        self.text = text
        self._tabs: Literal["expand", "show"] = "show" if tabs else "expand"
        self._starts = _seams(text)
        self._chunks: list[_Chunk] = []
        self._ends: list[int] = []
        self._broken: tuple[int, bool, Sequence[int]] | None = None

    @cached_property
    def plain(self) -> bool:
        """Whether every character is one cell wide and shown as itself."""
        return self.text.isascii() and self.text.isprintable()

    @cached_property
    def width(self) -> int:
        """The width of the whole line; lays all of it out unless it is plain."""
        if self.plain:
            return len(self.text)
        self._until_chunk(len(self._starts) - 1)
        return self._ends[-1] if self._ends else 0

    def reaches(self, cell: int) -> bool:
        """Whether the line goes on beyond a cell; lays out no more of it than that takes."""
        if self.plain:
            return len(self.text) > cell
        while len(self._ends) < len(self._starts) and (not self._ends or self._ends[-1] <= cell):
            self._until_chunk(len(self._ends))
        return self._ends[-1] > cell

    def cell(self, offset: int) -> int:
        """The cell at which the text's character at `offset` begins."""
        if self.plain:
            return offset
        index = max(0, bisect_right(self._starts, offset) - 1)
        chunk = self._until_chunk(index)
        before = self._ends[index - 1] if index else 0
        return before + chunk.shown.column(offset - chunk.start)

    def strip(
        self, start: int, end: int, base: Style, overlays: Sequence[Overlay], looks: Looks
    ) -> Strip:
        """The cells from `start` to `end`, or to the line's end; `looks` win over `overlays`."""
        if self.plain:
            text = self.text[start:end]
            spans = [
                (max(low - start, 0), min(high - start, len(text)), style)
                for low, high, style in overlays
                if low < end and high > start
            ]
            return Strip(_merged(text, base, spans), len(text))
        first = self._chunk_at(start)
        segments: list[Segment] = []
        at = origin = self._ends[first - 1] if first else 0
        for index in range(first, len(self._starts)):
            if at >= end:
                break
            chunk = self._until_chunk(index)
            segments.extend(_segments(chunk, base, overlays, looks))
            at += chunk.width
        return Strip(segments, at - origin).crop(start - origin, min(end, at) - origin)

    def breaks(self, width: int, *, words: bool = False) -> Sequence[int]:
        """The cells at which the line's wrapped rows start, for rows of at most `width` cells.

        With `words` rows end after a blank where there is one; that blank may hang over.  The
        latest answer is kept: of a long line every row on the screen asks for it.
        """
        if self._broken is None or self._broken[:2] != (width, words):
            self._broken = (width, words, self._breaks(max(width, 2), words))
        return self._broken[2]

    def _breaks(self, width: int, words: bool) -> Sequence[int]:
        total = self.width
        shown = self.text if self.plain else "".join(c.shown.text for c in self._chunks)
        if len(shown) == total:
            if words:
                return _word_breaks(shown, width)
            return range(0, max(1, total), width)
        found, row_start, at, blank = [0], 0, 0, 0
        for char in shown:
            cells = cell_len(char)
            if at + cells - row_start > width and char != " ":
                row_start = blank if words and blank > row_start else at
                found.append(row_start)
            at += cells
            if char == " ":
                blank = at
        return found

    def _chunk_at(self, cell: int) -> int:
        """The chunk that holds a cell; lays out everything before it."""
        while len(self._ends) < len(self._starts) and (not self._ends or self._ends[-1] <= cell):
            self._until_chunk(len(self._ends))
        return min(bisect_right(self._ends, cell), len(self._starts) - 1)

    def _until_chunk(self, index: int) -> _Chunk:
        while len(self._chunks) <= index:
            start = self._starts[len(self._chunks)]
            later = len(self._chunks) + 1
            end = self._starts[later] if later < len(self._starts) else len(self.text)
            shown = lay_out(self.text[start:end], newlines="show", tabs=self._tabs)
            width = cell_len(shown.text)
            self._chunks.append(_Chunk(start, shown, width))
            self._ends.append((self._ends[-1] if self._ends else 0) + width)
        return self._chunks[index]


def _seams(text: str) -> list[int]:
    """Where chunks start; after an ASCII character where one is near, never before a mark there."""
    if len(text) <= CHUNK:
        return [0]
    starts, at = [0], CHUNK
    while at < len(text):
        seam = at
        while seam > at - _SEAM and not (text[seam - 1].isascii() and text[seam].isascii()):
            seam -= 1
        starts.append(seam if seam > at - _SEAM else at)
        at = starts[-1] + CHUNK
    return starts


def _word_breaks(text: str, width: int) -> list[int]:
    """The same for a text of which every character is one cell wide."""
    found, at = [0], 0
    while len(text) - at > width:
        blank = text.rfind(" ", at + 1, at + width + 1)
        at = blank + 1 if blank > at else at + width
        if at < len(text):
            found.append(at)
    return found


def _segments(
    chunk: _Chunk, base: Style, overlays: Sequence[Overlay], looks: Looks
) -> Iterable[Segment]:
    shown = chunk.shown
    text = shown.text
    end = chunk.start + (shown.pieces[-1].end if shown.pieces else 0)
    spans: list[tuple[int, int, Style]] = []
    for start, stop, style in overlays:
        if start < end and stop > chunk.start:
            low = shown.at(max(start - chunk.start, 0))
            spans.append((low, shown.at(min(stop, end) - chunk.start), style))
    at = 0
    for piece in shown.pieces:
        if piece.kind != "text":
            style = looks.hidden if piece.kind == "hidden" else looks.quiet
            spans.append((at, at + len(piece.shown), style))
        at += len(piece.shown)
    return _merged(text, base, spans)


def _merged(text: str, base: Style, spans: list[tuple[int, int, Style]]) -> list[Segment]:
    if not spans:
        return [Segment(text, base)] if text else []
    cuts = sorted({0, len(text), *(x for low, high, _ in spans for x in (low, high))})
    opens: dict[int, list[int]] = {}
    closes: dict[int, list[int]] = {}
    for number, (low, high, _) in enumerate(spans):
        if low < high:
            opens.setdefault(low, []).append(number)
            closes.setdefault(high, []).append(number)
    active: set[int] = set()
    segments: list[Segment] = []
    for low, high in pairwise(cuts):
        active.difference_update(closes.get(low, ()))
        active.update(opens.get(low, ()))
        style = base
        for number in sorted(active):
            style += spans[number][2]
        segments.append(Segment(text[low:high], style))
    return segments
