"""Texts as lines, and the rows that they are drawn in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from ..words import BlockMarks, Marks, block_marks
from .base import Counts, Kind


class Block(NamedTuple):
    """A run of lines: `left[left_start:left_end]` became `right[right_start:right_end]`."""

    kind: Kind
    left_start: int
    left_end: int
    right_start: int
    right_end: int


@dataclass(frozen=True)
class LineDiff:
    """Two texts as lines with their exact terminators, and the runs that lead from one to other.

    `"".join(left)` and `"".join(right)` are the two texts, byte for byte.  The blocks cover both
    sides without a gap; `changed` blocks have lines on both sides.  `coarse` says that the diff is
    right but may be larger than it had to be (the exact search would have cost too much).  Where
    `whitespace_ignored`, `same` blocks may hold lines that differ in whitespace: `hidden` counts
    them.
    """

    left: Sequence[str]
    right: Sequence[str]
    blocks: tuple[Block, ...]
    coarse: bool = False
    whitespace_ignored: bool = False
    hidden: int = 0
    _marks: dict[int, BlockMarks | None] = field(default_factory=dict, compare=False, repr=False)

    @property
    def changed(self) -> bool:
        """Whether the two texts differ at all, ignored whitespace included."""
        return self.hidden > 0 or any(block.kind != "same" for block in self.blocks)

    @property
    def counts(self) -> Counts:
        """Lines added and removed."""
        changed = [block for block in self.blocks if block.kind != "same"]
        return Counts(
            added=sum(block.right_end - block.right_start for block in changed),
            removed=sum(block.left_end - block.left_start for block in changed),
        )

    def marks(self, block: int) -> BlockMarks | None:
        """The words that changed in a `changed` block: marks per left line and per right line.

        Computed when first asked for.  Marks may reach into a line's terminator.  None where the
        block is too large to look into: all of it counts as changed.
        """
        if block not in self._marks:
            at = self.blocks[block]
            self._marks[block] = block_marks(
                self.left[at.left_start : at.left_end], self.right[at.right_start : at.right_end]
            )
        return self._marks[block]


@dataclass(frozen=True, slots=True)
class Side:
    """One line on one side: its number from 1, its text, its terminator ('' at a ragged end).

    `marks` are the changed words as (start, end).  `show_ending` says that the terminator has to
    be drawn: it is part of what changed, or unlike that of the side's first line.
    """

    number: int
    text: str
    ending: str
    marks: Marks = ()
    show_ending: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One drawn row of text; `block` is its index in `LineDiff.blocks`.

    In a unified view `removed` has only `left`, `added` only `right`, `same` both.  Side by side
    a `changed` line has both.
    """

    kind: Kind
    left: Side | None
    right: Side | None
    block: int


@dataclass(frozen=True, slots=True)
class Fold:
    """A run of unchanged rows that is folded away: how many, and the line numbers it starts at.

    `block` is what `opened` takes to unfold it.
    """

    count: int
    left_number: int
    right_number: int
    block: int


Row: TypeAlias = Line | Fold
