"""Which line of the context pane shows what: a head for each beat, and under it its rows, wrapped.

Pure and safe in a thread; what was laid out for the same width before is taken over, so that to
unfold one beat among thousands costs that one.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import accumulate
from typing import Final, NamedTuple

from .context_rows import LONG_LINE, WHO, Beat
from .ink import Ink
from .pane_lines import wrapped_height
from .visual_lines import Wrapped

MANY: Final = 500
"""To go through more beats than this costs more than a few milliseconds, whatever they hold."""
SINGLE_EXTRA: Final = 2
"""Blanks between the name in a head and what is said."""


class Fold(IntEnum):
    """How much of a beat is shown."""

    FOLDED = 0
    OPENING = 1
    WHOLE = 2


class Spot(NamedTuple):
    """What a line shows: a beat, its row (-1: the head) and which part of the wrapped row."""

    beat: int
    row: int
    part: int


class Rows:
    """The rows of one beat at one width; a long line is several rows of `LONG_LINE` characters."""

    def __init__(self, lines: Sequence[str], width: int, goes_on: Callable[[], bool]) -> None:
        self.lines = lines
        self._line: array[int] | None = None
        self._start: array[int] | None = None
        if any(len(line) > LONG_LINE for line in lines):
            self._line, self._start = array("q"), array("q")
            for number, line in enumerate(lines):
                for start in range(0, max(1, len(line)), LONG_LINE):
                    self._line.append(number)
                    self._start.append(start)
        heights = array("q")
        for row in range(len(lines) if self._line is None else len(self._line)):
            if row % 512 == 0 and not goes_on():
                break
            heights.append(wrapped_height(self.text(row), width))
        self.wrapped = Wrapped(heights)

    def place(self, row: int) -> tuple[int, int]:
        """The line of a row and at which of its characters the row begins."""
        if self._line is None or self._start is None:
            return row, 0
        return self._line[row], self._start[row]

    def row_of(self, line: int, at: int) -> int:
        """The row that shows a character of a line."""
        if self._line is None:
            return line
        first = bisect_right(self._line, line - 1)
        return first + at // LONG_LINE

    def text(self, row: int) -> str:
        """The text of a row."""
        line, start = self.place(row)
        whole = self.lines[line]
        return whole if len(whole) <= LONG_LINE else whole[start : start + LONG_LINE]

    @property
    def count(self) -> int:
        """How many lines of the screen they take."""
        return self.wrapped.count


@dataclass(frozen=True)
class Wish:
    """What shall be laid out: the beats in sight, how each is folded, at which width.

    `head_room` is the width for a head's text, `body_room` that for a row's, cells.
    """

    beats: Sequence[Beat]
    order: Sequence[int]
    folds: Mapping[int, Fold]
    all: Fold | None
    head_room: int
    body_room: int

    def fold_of(self, at: int) -> Fold:
        """How a beat is folded."""
        one = self.folds.get(at)
        if one is not None:
            return one
        if self.all is not None:
            return self.all
        return Fold.OPENING if self.beats[at].opens else Fold.FOLDED

    def in_head(self, at: int) -> bool:
        """Whether all of a beat stands in its head, whatever it is folded to."""
        beat = self.beats[at]
        if not beat.single:
            return False
        if not beat.text:
            return True
        cells = Ink(beat.text).width
        return head_width(beat) + SINGLE_EXTRA + cells <= self.head_room

    def key(self, at: int) -> tuple[Fold, int]:
        """What the rows of a beat go by."""
        return self.fold_of(at), self.body_room


def head_width(beat: Beat) -> int:
    """The cells of the name in a head."""
    return Ink(beat.who[:WHO]).width


@dataclass
class Layout:
    """Laid out lines; `rows` has the beats of which more than the head is shown."""

    wish: Wish
    rows: dict[int, Rows] = field(default_factory=dict)
    keys: dict[int, tuple[Fold, int]] = field(default_factory=dict)
    starts: array[int] = field(default_factory=lambda: array("q", [0]))

    @property
    def count(self) -> int:
        """How many lines there are."""
        return self.starts[-1]

    def spot(self, line: int) -> Spot:
        """What a line shows."""
        place = bisect_right(self.starts, line) - 1
        at, within = self.wish.order[place], line - self.starts[place]
        if within == 0:
            return Spot(at, -1, 0)
        row, part = self.rows[at].wrapped.locate(within - 1)
        return Spot(at, row, part or 0)

    def line_of(self, beat: int, row: int = -1, part: int = 0) -> int | None:
        """The line of a row, the nearest there is; None where the beat is not in sight."""
        order = self.wish.order
        place = bisect_right(order, beat) - 1
        if place < 0 or order[place] != beat:
            return None
        if row < 0 or beat not in self.rows:
            return self.starts[place]
        line = self.starts[place] + 1 + self.rows[beat].wrapped.line_of(row) + part
        return min(line, self.starts[place + 1] - 1)


def cost(wish: Wish, known: Layout | None) -> int:
    """Roughly how many characters must be measured for a layout, beyond what is known."""
    if len(wish.order) > MANY:
        return len(wish.order) * 200
    sum_ = 0
    for at in wish.order:
        fold = wish.fold_of(at)
        if fold is Fold.FOLDED or (known is not None and known.keys.get(at) == wish.key(at)):
            continue
        beat = wish.beats[at]
        sum_ += 200 + (beat.weight if fold is Fold.WHOLE else min(len(beat.text), 1_000))
    return sum_


def lay_out(
    wish: Wish, known: Layout | None = None, goes_on: Callable[[], bool] = lambda: True
) -> Layout | None:
    """The layout that is wished for; None where `goes_on` said no."""
    made = Layout(wish)
    heights = array("q")
    for number, at in enumerate(wish.order):
        if number % 64 == 0 and not goes_on():
            return None
        rows = _rows(wish, at, known, goes_on)
        if rows is not None:
            made.rows[at] = rows
            made.keys[at] = wish.key(at)
        elif wish.fold_of(at) is not Fold.FOLDED:
            made.keys[at] = wish.key(at)
        heights.append(1 + (rows.count if rows is not None else 0))
    made.starts = array("q", accumulate(heights, initial=0))
    return made if goes_on() else None


def _rows(wish: Wish, at: int, known: Layout | None, goes_on: Callable[[], bool]) -> Rows | None:
    fold = wish.fold_of(at)
    if fold is Fold.FOLDED:
        return None
    if known is not None and known.keys.get(at) == wish.key(at):
        return known.rows.get(at)
    if wish.in_head(at):
        return None
    beat = wish.beats[at]
    lines = beat.body.lines if fold is Fold.WHOLE else beat.opening
    return Rows(lines, wish.body_room, goes_on) if lines else None
