"""A diff laid out in one way, with its lines as far as they were drawn; several are kept.

What a person looks at in another way, and then as before, is not laid out and drawn again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Final

from textual.strip import Strip

from ...diff.model import WriteDiff
from ..newest import Newest
from .diff_draw import Painter, Pane
from .diff_layout import Laid
from .diff_rows import DiffRows, Options, TextRow
from .ink import Ink, Overlay
from .kept_lines import Kept
from .visual_lines import Plain, Wrapped

if TYPE_CHECKING:
    from .syntax import Syntax

SHEETS: Final = 20
"""How many are kept."""
PANES: Final = 600
"""How many rows of one are kept as panes."""
FEW: Final = 80
"""How many lines are kept of one that is not on the screen."""
LONG_LINES: Final = 64
"""So many long lines are kept laid out."""
MEASURED: Final = 10_000
"""Of a longer line that is not plain the width is estimated, to scroll by."""


class Sheet:
    """Rows and their places on the screen; `syntax` colours them as far as colours are there."""

    def __init__(
        self, laid: Laid, syntax: Syntax | None, inks: dict[tuple[str, bool], Ink], room: int
    ) -> None:
        self.rows: DiffRows = laid.rows
        self.visual: Plain | Wrapped = laid.visual
        self.syntax = syntax
        self.inks = inks
        inks.update(laid.inks)
        while len(inks) > LONG_LINES:
            del inks[next(iter(inks))]
        self.kept = Kept()
        self.wide = 0
        self.laid_for = room
        self._painter: Painter | None = None
        self._panes: Newest[int, tuple[Pane, ...]] = Newest(PANES)

    def serves(self, diff: WriteDiff, options: Options, wrapped: bool, room: int) -> bool:
        """Whether it shows this diff in this way; what is wrapped serves for one width alone."""
        if self.rows.diff is not diff or self.rows.options != options:
            return False
        if isinstance(self.visual, Wrapped):
            return wrapped and self.laid_for == room
        return not wrapped

    @property
    def painted_for(self) -> int:
        """The cells for which lines are drawn; 0 where none was."""
        return self._painter.room if self._painter is not None else 0

    def paint_for(self, room: int, painter: Callable[[Sheet, int], Painter]) -> None:
        """From now on lines are drawn for so many cells."""
        if self._painter is None or self._painter.room != room:
            self.undraw()
            self._painter = painter(self, room)

    def colours(self, section: int, side: str, number: int) -> Sequence[Overlay]:
        """The colours of one line, counted from 1, as far as they are there."""
        return self.syntax.overlays(section, side, number) if self.syntax else ()

    def panes(self, row: int) -> tuple[Pane, ...]:
        """A row as panes."""
        panes = self._panes.get(row)
        if panes is None:
            assert self._painter is not None
            panes = self._panes[row] = self._painter.panes(self.rows[row])
        return panes

    def draw(self, index: int, x: int, width: int) -> tuple[Strip, int]:
        """A line, scrolled by `x` cells, in `width` cells; and the cells that it takes in full."""
        assert self._painter is not None
        place = self.visual.locate(index)
        panes = self.panes(place.row)
        full = 0
        if place.part is None:
            for pane in panes:
                known = pane.ink.plain or len(pane.ink.text) < MEASURED
                cells = pane.ink.width if known else 4 * len(pane.ink.text)
                full = max(full, cells + width - pane.text_width(width))
        return self._painter.strip(panes, 0 if place.part is not None else x, place.part), full

    def recolour(self, section: int, side: str, first: int, last: int) -> Collection[int]:
        """Lines from `first` to before `last` of one side have other colours: their rows."""
        strips = self.kept.strips
        drawn = {self.visual.locate(place[0]).row for place in strips}
        gone = {
            row for row in drawn.union(self._panes) if self._among(row, section, side, first, last)
        }
        for row in gone:
            self._panes.pop(row, None)
        for place in [at for at in strips if self.visual.locate(at[0]).row in gone]:
            del strips[place]
        return gone

    def _among(self, row: int, section: int, side: str, first: int, last: int) -> bool:
        shown = self.rows[row]
        if not isinstance(shown, TextRow) or shown.section != section:
            return False
        here = shown.line.left if side == "left" else shown.line.right
        return here is not None and first <= here.number < last

    def keep_few(self) -> None:
        """It is not on the screen: of what was drawn only the last lines are kept."""
        self.kept.strips.keep_few(FEW)
        self._panes.keep_few(FEW)

    def undraw(self) -> None:
        """All lines look other now."""
        self._painter = None
        self._panes.clear()
        self.kept.clear()


class Sheets:
    """The sheets that were looked at last, or may be next."""

    def __init__(self) -> None:
        self._all: list[Sheet] = []
        self._measured: tuple[DiffRows, int, list[int]] | None = None

    def find(self, diff: WriteDiff, options: Options, wrapped: bool, room: int) -> Sheet | None:
        """The one that shows a diff in this way."""
        for sheet in self._all:
            if sheet.serves(diff, options, wrapped, room):
                return sheet
        return None

    def rows_of(self, diff: WriteDiff, options: Options) -> DiffRows | None:
        """The rows of a diff under these options, wrapped or not."""
        for sheet in self._all:
            if sheet.rows.diff is diff and sheet.rows.options == options:
                return sheet.rows
        return None

    def keep(self, sheet: Sheet) -> None:
        """Keeps one; those that were kept longest go."""
        self._all = [each for each in self._all if each is not sheet][1 - SHEETS :]
        self._all.append(sheet)

    def measured(self, rows: DiffRows, room: int) -> list[int]:
        """The heights of rows wrapped in so many cells, as far as they were measured: a key that
        comes meanwhile does not let it begin again.
        """
        if self._measured is None or self._measured[0] is not rows or self._measured[1] != room:
            self._measured = (rows, room, [])
        return self._measured[2]

    def of(self, diff: WriteDiff) -> list[Sheet]:
        """All that show a diff."""
        return [sheet for sheet in self._all if sheet.rows.diff is diff]

    def only(self, diffs: Collection[WriteDiff]) -> None:
        """Lets all others go: they hold the texts."""
        wanted = {id(diff) for diff in diffs}
        self._all = [sheet for sheet in self._all if id(sheet.rows.diff) in wanted]
        if self._measured is not None and id(self._measured[0].diff) not in wanted:
            self._measured = None

    def undraw(self) -> None:
        """All lines of all look other now."""
        for sheet in self._all:
            sheet.undraw()

    def clear(self) -> None:
        """Lets all go."""
        self._all, self._measured = [], None
