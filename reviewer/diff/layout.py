"""Lays a line diff out in rows, unified or side by side, with unchanged runs folded.

A layout knows how many rows there are and where changes start; a row itself is made when it is
asked for, so a diff of 100,000 lines costs no more to open than its number of changes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from rapidfuzz.distance import Indel

from .align import align
from .model import Block, Fold, Kind, Line, LineDiff, Row, Side
from .virtual import VirtualRows
from .words import BlockMarks, Marks

MAX_ALIGNED: Final = 4_000
"""Pairs of lines that one layout compares to find out which belong side by side."""
MAX_ALIGNED_CHARS: Final = 300

_UNMARKED: Final[BlockMarks] = ((), ())
"""A block that came or went as a whole has no words that changed."""

Pair: TypeAlias = tuple[int | None, int | None]


class _Part(NamedTuple):
    """Rows that come from one block: `size` rows of a kind, from row `offset` of the block on.

    A fold is one row that stands for `folded` ones.
    """

    kind: Literal["same", "fold", "change", "pairs"]
    size: int
    block: int
    offset: int
    folded: int = 0


class Layout(VirtualRows[Row]):
    """The rows of a diff: a virtual sequence.

    `changes` are the indexes of the rows where changes start, in order.
    """

    def __init__(self, rows: _Rows, parts: Sequence[_Part], changes: Sequence[int]) -> None:
        super().__init__(part.size for part in parts)
        self._rows = rows
        self._parts = parts
        self.changes = tuple(changes)

    def row(self, part: int, offset: int) -> Row:
        """As `VirtualRows.row`."""
        return self._rows.row(self._parts[part], offset)

    def next_change(self, row: int) -> int | None:
        """The first row after `row` where a change starts."""
        at = bisect_right(self.changes, row)
        return self.changes[at] if at < len(self.changes) else None

    def previous_change(self, row: int) -> int | None:
        """The last row before `row` where a change starts."""
        at = bisect_left(self.changes, row)
        return self.changes[at - 1] if at else None

    def change_at(self, row: int) -> int:
        """Which change, from 1, starts at or last before `row`; 0 above the first one."""
        return bisect_right(self.changes, row)


def unified(
    diff: LineDiff, context: int | None = 3, opened: frozenset[int] = frozenset()
) -> Layout:
    """One column: removed lines above added ones, `context` unchanged lines around (None: all).

    `opened` are the blocks whose fold is unfolded.
    """
    return _Rows(diff).lay_out(context, opened, side_by_side=False)


def side_by_side(
    diff: LineDiff, context: int | None = 3, opened: frozenset[int] = frozenset()
) -> Layout:
    """Two columns: inside a replaced block, lines that are alike stand beside each other."""
    return _Rows(diff).lay_out(context, opened, side_by_side=True)


class _Rows:
    """Makes the rows of one diff."""

    def __init__(self, diff: LineDiff) -> None:
        self.diff = diff
        self.budget = MAX_ALIGNED
        self.paired: dict[int, list[Pair]] = {}
        self.left_ending = ending(diff.left[0]) if diff.left else ""
        self.right_ending = ending(diff.right[0]) if diff.right else ""

    def lay_out(self, context: int | None, opened: frozenset[int], side_by_side: bool) -> Layout:
        parts: list[_Part] = []
        changes: list[int] = []
        row = 0
        for number, block in enumerate(self.diff.blocks):
            first = len(parts)
            if block.kind == "same":
                parts += self._same(number, block, None if number in opened else context)
            else:
                changes.append(row)
                parts.append(self._change(number, block, side_by_side))
            row += sum(part.size for part in parts[first:])
        return Layout(self, parts, changes)

    def row(self, part: _Part, at: int) -> Row:
        """The row that stands `at` rows below the start of a part."""
        block = self.diff.blocks[part.block]
        place = part.offset + at
        left, right = block.left_start + place, block.right_start + place
        if part.kind == "same":
            return Line("same", self._left(left), self._right(right), part.block)
        if part.kind == "fold":
            return Fold(part.folded, left + 1, right + 1, part.block)
        if part.kind == "pairs":
            return self._pair(part.block, self.paired[part.block][place])
        lefts = block.left_end - block.left_start
        return self._pair(part.block, (place, None) if place < lefts else (None, place - lefts))

    def _same(self, number: int, block: Block, context: int | None) -> list[_Part]:
        size = block.left_end - block.left_start
        before = size if context is None else context * (number > 0)
        after = size if context is None else context * (number + 1 < len(self.diff.blocks))
        folded = size - before - after
        if folded < 2:  # a fold takes a row itself
            return [_Part("same", size, number, 0)]
        return [
            _Part("same", before, number, 0),
            _Part("fold", 1, number, before, folded),
            _Part("same", after, number, size - after),
        ]

    def _change(self, number: int, block: Block, side_by_side: bool) -> _Part:
        if side_by_side and block.kind == "changed":
            self.paired[number] = pairs = self._pairs(block)
            return _Part("pairs", len(pairs), number, 0)
        size = block.left_end - block.left_start + block.right_end - block.right_start
        return _Part("change", size, number, 0)

    def _pair(self, number: int, pair: Pair) -> Line:
        """A row of a change: places within the block on the left and on the right."""
        block = self.diff.blocks[number]
        marks = self.diff.marks(number) if block.kind == "changed" else _UNMARKED
        left = right = None
        if pair[0] is not None:
            left = self._left(block.left_start + pair[0], _of(marks, 0, pair[0]))
        if pair[1] is not None:
            right = self._right(block.right_start + pair[1], _of(marks, 1, pair[1]))
        kind: Kind = "changed" if left and right else "removed" if left else "added"
        return Line(kind, left, right, number)

    def _pairs(self, block: Block) -> list[Pair]:
        lefts = self.diff.left[block.left_start : block.left_end]
        rights = self.diff.right[block.right_start : block.right_end]
        if len(lefts) == len(rights) == 1:
            return [(0, 0)]
        cells = len(lefts) * len(rights)
        matched: list[tuple[int, int]] = []
        if cells <= self.budget:
            self.budget -= cells
            matched = align(len(lefts), len(rights), lambda i, j: alike(lefts[i], rights[j]))
        pairs: list[Pair] = []
        left = right = 0
        for i, j in [*matched, (len(lefts), len(rights))]:
            for step in range(max(i - left, j - right)):
                at, to = left + step, right + step
                pairs.append((at if at < i else None, to if to < j else None))
            if i < len(lefts):
                pairs.append((i, j))
            left, right = i + 1, j + 1
        return pairs

    def _left(self, at: int, marks: Marks | None = ()) -> Side:
        return _side(at, self.diff.left[at], marks, self.left_ending)

    def _right(self, at: int, marks: Marks | None = ()) -> Side:
        return _side(at, self.diff.right[at], marks, self.right_ending)


def ending(line: str) -> str:
    """The terminator of a line: LF, CR LF, CR or nothing."""
    if line.endswith("\r\n"):
        return "\r\n"
    return line[-1:] if line.endswith(("\n", "\r")) else ""


def alike(left: str, right: str) -> float:
    """How much two lines have in common, 0 where that is too little to be the same line."""
    left, right = left.strip()[:MAX_ALIGNED_CHARS], right.strip()[:MAX_ALIGNED_CHARS]
    return Indel.normalized_similarity(left, right, score_cutoff=0.5) if left and right else 0.0


def _of(marks: BlockMarks | None, side: int, at: int) -> Marks | None:
    if marks is None:
        return None
    return marks[side][at] if marks is not _UNMARKED else ()


def _side(at: int, line: str, marks: Marks | None, usual_ending: str) -> Side:
    marks = ((0, len(line)),) if marks is None else marks
    end = ending(line)
    size = len(line) - len(end)
    return Side(
        number=at + 1,
        text=line[:size],
        ending=end,
        marks=tuple((start, min(stop, size)) for start, stop in marks if start < size),
        show_ending=end != usual_ending or bool(marks and marks[-1][1] > size),
    )
