"""A diff laid out: its rows, and which line of the screen shows which.

At once where that is little work, else in a thread; what is counted is the work, not the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ...diff.model import LineDiff, TableDiff, WriteDiff
from .diff_rows import DiffRows, Options
from .visual_lines import Plain, Wrapped

if TYPE_CHECKING:
    from .diff_draw import Painter
    from .ink import Ink

AT_ONCE: Final = 100_000
"""A write of at most this many characters is compared and laid out at once."""
BLOCKS_AT_ONCE: Final = 4_000
"""So many blocks of a text's diff are laid out at once."""
_STEP: Final = 256
"""Rows that are measured between two looks at whether that is still wanted."""


@dataclass(frozen=True)
class Laid:
    """Rows and their places; `inks` are the long lines that had to be laid out for it."""

    rows: DiffRows
    visual: Plain | Wrapped
    inks: Mapping[tuple[str, bool], Ink]


@dataclass(frozen=True)
class Plan:
    """What shall be laid out; `painter` measures where rows are wrapped, `size` is in characters.

    `run` may be called in any thread: nothing in it belongs to a widget.
    """

    diff: WriteDiff
    options: Options
    painter: Painter | None
    size: int
    rows: DiffRows | None = field(default=None, compare=False)

    @property
    def blocks(self) -> int:
        """How many blocks its texts have."""
        bodies = [section.body for section in self.diff.sections]
        return sum(len(body.blocks) for body in bodies if isinstance(body, LineDiff))

    @property
    def by_row(self) -> bool:
        """Whether each row is made when it is asked for, and not all of them at once."""
        return all(isinstance(each.body, LineDiff | TableDiff) for each in self.diff.sections)

    @property
    def light(self) -> bool:
        """Whether it is little work."""
        if self.rows is None and self.blocks > BLOCKS_AT_ONCE:
            return False
        if self.size <= AT_ONCE:
            return True
        return self.painter is None and (self.by_row or self.rows is not None)

    def run(self, wanted: Callable[[], bool] = lambda: True) -> Laid | None:
        """Lays it out; None as soon as it is not `wanted` any more."""
        rows = self.rows or DiffRows(self.diff, self.options)
        if self.painter is None:
            return Laid(rows, Plain(len(rows)), {})
        heights = list(_heights(rows, self.painter, wanted))
        if len(heights) < len(rows):
            return None
        return Laid(rows, Wrapped(heights), self.painter.inks)


def _heights(rows: DiffRows, painter: Painter, wanted: Callable[[], bool]) -> Iterator[int]:
    for number, row in enumerate(rows):
        if number % _STEP == 0 and not wanted():
            return
        yield painter.height(row)


def same_place(old: DiffRows, new: DiffRows, at: int) -> int:
    """The row of the new layout that stands where `at` stood in the old one."""
    number = old.change_at(at)
    if number == 0 or number > len(new.changes):
        return min(at, len(new) - 1)
    offset = at - old.changes[number - 1]
    end = new.changes[number] if number < len(new.changes) else len(new)
    return min(new.changes[number - 1] + offset, end - 1)


def digits(diff: WriteDiff) -> int:
    """How wide line numbers get, in cells."""
    lines = [
        max(len(section.body.left), len(section.body.right))
        for section in diff.sections
        if isinstance(section.body, LineDiff)
    ]
    return max(2, len(str(max(lines, default=1))))
