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
    def light(self) -> bool:
        """Whether it is little work."""
        sections = [section.body for section in self.diff.sections]
        blocks = sum(len(body.blocks) for body in sections if isinstance(body, LineDiff))
        if self.rows is None and blocks > BLOCKS_AT_ONCE:
            return False
        by_row = all(isinstance(body, LineDiff | TableDiff) for body in sections)
        if self.size <= AT_ONCE:
            return True
        return self.painter is None and (by_row or self.rows is not None)

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
