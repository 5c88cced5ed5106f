"""The hunks of a text, drawn as a diff, each with a mark: taken or left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.strip import Strip
from typing_extensions import override

from ...diff.hunks import AROUND, Hunk, Patch
from .diff_draw import Pane
from .ink import Ink
from .pane_lines import PaneLines

Kind = Literal["head", "same", "removed", "added", "blank"]
_SIGNS = {"same": " ", "removed": "-", "added": "+"}


@dataclass(frozen=True, slots=True)
class HunkRow:
    """One line: of a hunk, or around it; `number` counts from 1."""

    hunk: int
    kind: Kind
    text: str = ""
    number: int = 0
    left_out: bool = False


def rows_of(patch: Patch, hunks: Sequence[Hunk], left_out: frozenset[int]) -> list[HunkRow]:
    """All rows of the hunks with a few unchanged lines around each."""
    rows: list[HunkRow] = []
    for at, hunk in enumerate(hunks):
        if at:
            rows.append(HunkRow(at - 1, "blank"))
        rows.append(HunkRow(at, "head", left_out=set(hunk.pieces) <= left_out))
        rows += _lines(patch, at, hunk, left_out)
    return rows


def _lines(patch: Patch, at: int, hunk: Hunk, left_out: frozenset[int]) -> Iterator[HunkRow]:
    pieces, before = patch.pieces, patch.before
    first, last = pieces[hunk.first], pieces[hunk.end - 1]
    above = pieces[hunk.first - 1].end if hunk.first else 0
    below = pieces[hunk.end].start if hunk.end < len(pieces) else len(before)

    def same(start: int, end: int) -> Iterator[HunkRow]:
        for number in range(start, end):
            yield HunkRow(at, "same", before[number], number + 1)

    yield from same(max(above, first.start - AROUND), first.start)
    line = first.start
    for number in hunk.pieces:
        piece, out = pieces[number], number in left_out
        yield from same(line, piece.start)
        for old in range(piece.start, piece.end):
            yield HunkRow(at, "removed", before[old], old + 1, out)
        for new in range(piece.right, piece.right_end):
            yield HunkRow(at, "added", patch.after[new], new + 1, out)
        line = piece.end
    yield from same(last.end, min(below, last.end + AROUND))


class HunkLines(PaneLines):
    """Draws the rows; the cursor's hunk is the one that keys are about."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "hunk--added", "hunk--removed", "hunk--out", "hunk--taken", "hunk--number",
    }  # fmt: skip
    DEFAULT_CSS = """
    HunkLines {
        & > .hunk--added { background: $success 14%; }
        & > .hunk--removed { background: $error 14%; }
        & > .hunk--out { color: $text-disabled; text-style: strike; }
        & > .hunk--taken { color: $text-success; text-style: bold; }
        & > .hunk--number { color: $text-disabled; }
    }
    """
    wraps = False

    class Clicked(Message):
        """The head of the hunk under the cursor was clicked."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: list[HunkRow] = []
        self._heads: list[int] = []
        self._digits = 1

    @property
    def hunk(self) -> int:
        """The number of the hunk under the cursor."""
        return self._rows[self.row].hunk if self._rows else 0

    def show(self, rows: list[HunkRow], hunk: int) -> None:
        """Shows these rows with the cursor on a hunk."""
        scrolled = self.scroll_offset.y
        same = len(rows) == len(self._rows)
        self._rows = rows
        self._heads = [at for at, row in enumerate(rows) if row.kind == "head"]
        self._digits = len(str(max((row.number for row in rows), default=1)))
        self.rebuild()
        if same:
            self.scroll_to(y=scrolled, animate=False, force=True, immediate=True)
        self.go_hunk(hunk, follow=not same)

    def go_hunk(self, hunk: int, *, follow: bool = True) -> None:
        """Puts the cursor on the head of a hunk, the nearest there is."""
        if not self._heads:
            return
        hunk = max(0, min(hunk, len(self._heads) - 1))
        row = self._heads[hunk]
        end = self._heads[hunk + 1] if hunk + 1 < len(self._heads) else len(self._rows)
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        inside = top <= row and min(end, row + height) <= top + height
        self.go(row, top=follow and not inside)

    @property
    def row_count(self) -> int:
        return len(self._rows)

    @override
    def row_pane(self, row: int) -> Pane:
        shown = self._rows[row]
        if shown.kind == "blank":
            return self.pane("", ("", self.style()))
        if shown.kind == "head":
            return self._head(shown)
        base = self._base(shown)
        number = self.component("hunk--number")
        gutter = Strip([
            Segment(f"   {shown.number:>{self._digits}} ", self.ground + Style(color=number.color)),
            Segment(f"{_SIGNS[shown.kind]} ", base),
        ])  # fmt: skip
        return Pane(gutter, Ink(shown.text.rstrip("\r\n")), base, ())

    @override
    def draw_line(self, index: int, x: int, width: int) -> Strip:
        strip = super().draw_line(index, x, width)
        shown = self._rows[self._visual.locate(index).row]
        changed = shown.kind in ("added", "removed") and not shown.left_out
        return strip.extend_cell_length(width, self._base(shown)) if changed else strip

    def _base(self, shown: HunkRow) -> Style:
        """The style of a line of a hunk."""
        if shown.left_out:
            return self.ground + self.component("hunk--out")
        if shown.kind == "same":
            return self.ground
        look = self.component(f"hunk--{shown.kind}")
        return self.ground + Style(bgcolor=look.bgcolor)

    def _head(self, shown: HunkRow) -> Pane:
        inside = [row for row in self._rows_of(shown.hunk) if row.kind in ("added", "removed")]
        added = sum(row.kind == "added" for row in inside)
        out = sum(row.left_out for row in inside)
        mark, word, look = "[✓]", "taken", self.component("hunk--taken")
        if out == len(inside):
            mark, word, look = "[ ]", "left out", self.style("warn")
        elif out:
            mark, word, look = "[~]", "taken in part", self.style("warn")
        counts = f"  +{added} -{len(inside) - added}"
        line = next((row.number for row in self._rows_of(shown.hunk) if row.number), 1)
        number = (f"{shown.hunk + 1} of {len(self._heads)}", self.style("head"))
        where = (f"  line {line}{counts}  ", self.style("dim"))
        return self.pane(" ", (f"{mark} ", look), number, where, (word, look))

    def _rows_of(self, hunk: int) -> Sequence[HunkRow]:
        start = self._heads[hunk]
        end = self._heads[hunk + 1] if hunk + 1 < len(self._heads) else len(self._rows)
        return self._rows[start + 1 : end]

    def clicked(self) -> None:
        if self._rows and self._rows[self.row].kind == "head":
            self.post_message(self.Clicked())
