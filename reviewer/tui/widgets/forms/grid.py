"""A table as virtual lines: keys stand still, other columns scroll, what is seen is drawn."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from ....untrusted import one_line
from .form_lines import SIGNS, FormLines

if TYPE_CHECKING:
    from ...forms.json_text import Node
    from ...forms.table import Row, Table

SECTION: Final = {
    "inserted": ("ins", "good"),
    "updated": ("upd", "mark"),
    "deleted": ("del", "bad"),
}
GUTTER: Final = 7
"""Cells before the first column: the cursor, the sign, what happens to the row."""
LEAST, MOST = 4, 28
"""Cells of a column."""
SAMPLED: Final = 300
"""Rows that are measured."""
_AMBIGUOUS: Final = re.compile(
    r"|-?[0-9.]+([eE][+-]?[0-9]+)?|true|false|null|∅|·|\s.*|.*\s", re.DOTALL
)


def cell_text(node: Node | None, most: int = 200) -> str:
    """A cell for people, hostile: a text bare where nothing else looks like it, else as JSON."""
    if node is None:
        return "·"
    if node.kind == "null":
        return "∅"
    if node.kind != "string":
        return node.source[:most]
    text = str(json.loads(node.source))[:most]
    return json.dumps(text, ensure_ascii=False) if _AMBIGUOUS.fullmatch(text) else text


class Grid(FormLines):
    """Rows of a table; `column` is the number of the one under the cursor."""

    DEFAULT_CSS = "Grid { width: 1fr; height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.table: Table | None = None
        self.column = 0
        self._from = 0
        self._widths: list[int] = []
        self._laid: tuple[tuple[int, ...], list[tuple[int, int, int]]] | None = None
        self.head = GridHead(self)

    # ------------------------------------------------------------------ what is shown

    @property
    def line_count(self) -> int:
        return len(self.table.rows) if self.table is not None else 0

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        if self.table is None or not self.table.rows:
            return None
        return self.table.rows[min(self.cursor, len(self.table.rows) - 1)]

    @property
    def column_name(self) -> str:
        """The column under the cursor; hostile."""
        assert self.table is not None
        return self.table.columns[self.column] if self.table.columns else ""

    def show(self, table: Table) -> None:
        """Shows a table; the cursor stays where it can."""
        self.table = table
        self.column = min(self.column, max(0, len(table.columns) - 1))
        self._widths = []
        self.refill()

    def refill(self) -> None:
        """Rows came or went."""
        self.relaid()
        self.head.refresh()

    @property
    def fixed(self) -> int:
        """How many columns stand still: the keys, as long as they leave room for others."""
        assert self.table is not None
        count = min(len(self.table.keys), len(self.table.columns))
        while count and sum(width + 1 for width in self.widths[:count]) > self.room * 6 // 10:
            count -= 1
        return count

    @property
    def widths(self) -> list[int]:
        """The cells of each column, by what stands in some of its rows."""
        if not self._widths and self.table is not None:
            rows = self.table.rows
            step = max(1, len(rows) // SAMPLED)
            some = rows[: SAMPLED // 3] + rows[SAMPLED // 3 :: step]
            self._widths = [self._width(self.table, column, some) for column in self.table.columns]
        return self._widths

    def _width(self, table: Table, column: str, rows: list[Row]) -> int:
        widest = cell_len(one_line(column, MOST))
        for row in rows:
            widest = max(widest, len(cell_text(table.cell(row, column), MOST)))
        return max(LEAST, min(widest, MOST))

    def layout_columns(self) -> list[tuple[int, int, int]]:
        """The columns on screen: number, first cell, width; the last may be cut."""
        assert self.table is not None
        state = (id(self.table), self._from, self.room, len(self._widths))
        if self._laid is not None and self._laid[0] == state:
            return self._laid[1]
        fixed, at, found = self.fixed, GUTTER, []
        for number in (*range(fixed), *range(max(fixed, self._from), len(self.table.columns))):
            if at >= self.room:
                break
            width = min(self.widths[number], self.room - at)
            found.append((number, at, width))
            at += self.widths[number] + 1
        self._laid = ((*state[:3], len(self._widths)), found)
        return found

    # ------------------------------------------------------------------ moving

    def go_column(self, number: int) -> None:
        """Puts the cursor on a column and scrolls as far as it takes."""
        if self.table is None or not self.table.columns:
            return
        self.column = max(0, min(number, len(self.table.columns) - 1))
        fixed = self.fixed
        if self.column < fixed:
            self._from = fixed
        else:
            self._from = min(max(self._from, fixed), self.column)
            while self._from < self.column and not self._whole(self.column):
                self._from += 1
        self.redraw()
        self.head.refresh()
        self.scrolled()
        self.stood()

    def _whole(self, number: int) -> bool:
        return any(
            column == number and width == self.widths[number]
            for column, _, width in self.layout_columns()
        )

    def cell_at(self, x: int) -> int | None:
        """The column at a cell of the screen."""
        for number, at, width in self.layout_columns():
            if at <= x < at + width + 1:
                return number
        return None

    def on_resize(self) -> None:
        super().on_resize()
        if self.table is not None:
            self.go_column(self.column)

    # ------------------------------------------------------------------ drawing

    def redraw(self) -> None:
        super().redraw()
        self.head.refresh()

    def watch_cursor(self, old: int, new: int) -> None:
        for index in (old, new):  # the cell under the cursor looks other than its row
            self.redraw_line(index)
        super().watch_cursor(old, new)

    @override
    def draw_line(self, index: int, x: int, width: int) -> Strip:
        assert self.table is not None
        row = self.table.rows[index]
        sign = row.sign
        out = sign == "−"
        word, name = SECTION[row.section]
        dead = self.look("quiet") + Style(strike=True)
        segments = [
            Segment(f" {sign} ", self.look(SIGNS.get(sign, ""))),
            Segment(f"{word} ", dead if out else self.look(name)),
        ]
        at, fixed = GUTTER, self.fixed
        for number, start, room in self.layout_columns():
            if start > at:
                segments.append(
                    Segment("│" if number >= fixed and fixed else " ", self.look("quiet"))
                )
                at = start
            here = index == self.cursor and number == self.column
            segments += self._cell(row, number, room, dead if out else None, here)
            at += room
        return Strip(segments)

    def _cell(
        self, row: Row, number: int, room: int, dead: Style | None, here: bool
    ) -> list[Segment]:
        assert self.table is not None
        name = self.table.columns[number]
        node = self.table.cell(row, name)
        changed = self.table.changed(row, name)
        look = "mark" if changed else "" if node is not None and node.kind != "null" else "quiet"
        style = dead or self.look(look)
        if changed:
            style += Style(bold=True, underline=True)
        if here:
            style += Style(reverse=True)
        text = self.fitted(cell_text(node), room, style)
        fill = Segment(" " * max(0, room - text.cell_length), style if here else self.ground)
        right = node is not None and node.kind == "number"
        return [fill, *text] if right else [*text, fill]

    def draw_head(self, width: int) -> Strip:
        """The names of the columns."""
        if self.table is None:
            return Strip.blank(width, self.ground)
        hidden = self._from > self.fixed
        segments = [Segment("  ◂    " if hidden else " " * GUTTER, self.look("quiet"))]
        at, fixed = GUTTER, self.fixed
        for number, start, room in self.layout_columns():
            if start > at:
                segments.append(
                    Segment("│" if number >= fixed and fixed else " ", self.look("quiet"))
                )
            style = self.look("head" if number < len(self.table.keys) else "dim")
            if number == self.column:
                style += Style(bold=True, underline=True)
            name = self.fitted(self.table.columns[number], room, style)
            segments += [*name, Segment(" " * max(0, room - name.cell_length), self.ground)]
            at = start + room
        strip = Strip(segments).crop_extend(0, width, self.ground)
        shown = self.layout_columns()
        if shown and shown[-1][0] < len(self.table.columns) - 1:
            strip = Strip.join(
                [strip.crop(0, width - 1), Strip([Segment("▸", self.look("quiet"))])]
            )
        return strip


class GridHead(Widget):
    """The line of names above a grid."""

    DEFAULT_CSS = "GridHead { height: 1; width: 1fr; background: $background; }"

    def __init__(self, grid: Grid) -> None:
        super().__init__()
        self._grid = grid

    def render_lines(self, crop: Region) -> list[Strip]:
        line = self._grid.draw_head(self.size.width)
        return [line.crop(crop.x, crop.right)] * crop.height
