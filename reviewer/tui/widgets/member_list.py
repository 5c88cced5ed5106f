"""The members of a group: outliers with what is odd about them, then what varies by column."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.strip import Strip

from ..marks import Marks
from .rows import Rows, fit

if TYPE_CHECKING:
    from ...domain.views import Entry
    from ...shapes.series import Column
    from ..group_members import GroupMembers

WIDEST: Final = 28
"""Cells of a column at most, while others want room."""
RULE: Final = ""
"""Stands among the ids for the line between outliers and the others."""


class MemberList(Rows):
    """Outliers, a line, the others by column."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.group: GroupMembers | None = None
        self.marks = Marks()
        self.looked: Set[str] = frozenset()
        self.range_from: str | None = None
        self.first_column = 0
        self.sort_by = 0
        self.downwards = False
        self._ids: list[str] = []
        self._at: dict[str, int] = {}
        self._wanted: dict[int, int] = {}

    # ------------------------------------------------------------------------------ members

    def show(self, group: GroupMembers) -> None:
        """Another group, or the same read anew; the cursor stays with its member."""
        here = self.current
        self.group = group
        self.put(here)

    def put(self, here: str = "") -> None:
        """Puts the members in order; the cursor goes to this one, or stays at its place."""
        group = self.group
        if group is None:
            return
        here = here or self.current
        apart = group.standing_out
        self._ids = [*apart, *([RULE] if apart else []), *self._sorted(group)]
        self._at = {id: at for at, id in enumerate(self._ids)}
        self._wanted.clear()
        at = self._ids.index(here) if here and here in self._ids else self.cursor
        self.cursor = max(0, min(at, len(self._ids) - 1))
        if self.row_count and self._ids[self.cursor] == RULE:
            self.cursor += 1 if self.cursor + 1 < len(self._ids) else -1
        self._keep_in_view()
        self.refresh()
        self.moved()

    def _sorted(self, group: GroupMembers) -> list[str]:
        alike = list(group.alike)
        column = self.sorted_by
        if column is None:
            return alike
        if column.order:
            order = column.order
            alike.sort(key=lambda id: order[group.place[id]], reverse=self.downwards)
        else:
            cells = column.cells
            alike.sort(key=lambda id: cells[group.place[id]], reverse=self.downwards)
        return alike

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns of the group."""
        return self.group.analysis.columns if self.group is not None else ()

    @property
    def sorted_by(self) -> Column | None:
        """The column by which the members are ordered."""
        return self.columns[self.sort_by % len(self.columns)] if self.columns else None

    @property
    def current(self) -> str:
        """The id of the member under the cursor, empty for none."""
        return self._ids[self.cursor] if 0 <= self.cursor < len(self._ids) else ""

    @property
    def entry(self) -> Entry | None:
        """The member under the cursor."""
        return self.group.entries.get(self.current) if self.group is not None else None

    @property
    def row_count(self) -> int:
        return len(self._ids)

    def go(self, index: int) -> None:
        """Moves the cursor; over the line between outliers and the others."""
        index = max(0, min(index, self.row_count - 1))
        if self.row_count and self._ids[index] == RULE:
            index += 1 if index >= self.cursor and index + 1 < self.row_count else -1
        super().go(index)

    @property
    def inside(self) -> list[str]:
        """The ids from the start of the range to the cursor."""
        low, high = self._range()
        return [id for id in self._ids[low : high + 1] if id != RULE]

    def _range(self) -> tuple[int, int]:
        """The first row and the last of the range; none is between them without one."""
        start = self._at.get(self.range_from or RULE, -1)
        if self.range_from is None or start < 0:
            return 0, -1
        return min(start, self.cursor), max(start, self.cursor)

    def beside(self, from_id: str, step: int) -> str | None:
        """The member a step away in the order of the rows."""
        ids = [id for id in self._ids if id != RULE]
        at = ids.index(from_id) + step if from_id in ids else -1
        return ids[at] if 0 <= at < len(ids) else None

    def clicked(self, index: int, x: int, times: int) -> None:
        if self._ids[index] != RULE:
            super().clicked(index, x, times)

    # ------------------------------------------------------------------------------ drawing

    def draw_head(self, width: int) -> Strip:
        group = self.group
        apart = len(group.standing_out) if group is not None else 0
        if group is None or not apart or self.top > apart:
            return self._heads(width - 1).adjust_cell_length(width, self.ground)
        taken = len(group.taken)
        number = "1 stands out" if apart == 1 else f"{apart:,} stand out"
        said = f" ⚑ {number}: left out until looked at (enter)"
        if width > 76:
            said += ", then space takes it in"
        if taken:
            said = f" ⚑ {number}, {taken:,} taken in"
        return self.strip([(fit(said, width), "warn")], width)

    def draw_row(self, index: int, width: int) -> Strip:
        group, id = self.group, self._ids[index]
        assert group is not None
        if id == RULE:
            return self._heads(width)
        low, high = self._range()
        marked = id in self.marks or low <= index <= high
        sign = [(" ", ""), ("●" if marked else " ", "mark"), (" ", "")]
        if id in group.outliers:
            return self.strip([*sign, *self._outlier(group, id, width - 4)], width, marked=marked)
        place = group.place[id]
        cells = list(sign)
        for column, size in self._fitting(width):
            text = fit(column.cells[place], size, right=bool(column.order))
            cells.append((text + " ", "" if column.changed else "quiet"))
        if len(cells) == len(sign):
            cells.append((fit(group.entries[id].title, width - 4), ""))
        return self.strip(cells, width, marked=marked)

    def _outlier(self, group: GroupMembers, id: str, width: int) -> list[tuple[str, str]]:
        entry, sentences = group.entries[id], group.outliers[id]
        if id in group.taken:
            sign, style = "✓ taken in  ", "good"
        elif entry.state.digest in self.looked:
            sign, style = "◐ looked at ", "quiet"
        else:
            sign, style = "⚑ ", "warn"
        name = min(30, max(10, width // 3)) if width >= 40 else 0
        cells = [(sign, style)]
        if name:
            cells.append((fit(entry.title, name) + "  ", ""))
        more = f" (+{len(sentences) - 1})" if len(sentences) > 1 else ""
        room = max(4, width - cell_len(sign) - (name + 2 if name else 0) - len(more))
        return [*cells, (fit(sentences[0], room).rstrip() + more, style)]

    def _heads(self, width: int) -> Strip:
        cells = [("── ", "rule")]
        for column, size in self._fitting(width):
            arrow = ("↓" if self.downwards else "↑") if column is self.sorted_by else ""
            # a sign besides the colour: the write changes this
            title = f"~{column.name}" if column.changed else column.name
            name = fit(title, size - len(arrow), right=bool(column.order))
            shown = name + arrow if column.order else name.rstrip() + arrow
            cells.append((fit(shown, size, right=bool(column.order)) + " ", "head"))
        return self.strip(cells, width)

    def _fitting(self, width: int) -> list[tuple[Column, int]]:
        """The columns that find room from the first one on, with their widths."""
        found: list[tuple[Column, int]] = []
        left = width - 4
        for number in range(min(self.first_column, len(self.columns)), len(self.columns)):
            size = self._length(number)
            if left < min(size, 8):
                break
            found.append((self.columns[number], min(size, left)))
            left -= size + 1
        if found and left > 1:
            last, size = found[-1]
            found[-1] = (last, size + left - 1)
        return found

    def _length(self, number: int) -> int:
        """The width that a column wants: most of its cells, and its name."""
        if number not in self._wanted:
            self._wanted[number] = self._measured(number)
        return self._wanted[number]

    def _measured(self, number: int) -> int:
        column, group = self.columns[number], self.group
        assert group is not None
        sizes = sorted(len(column.cells[group.place[id]]) for id in group.alike[:2_000])
        most = sizes[len(sizes) * 19 // 20] if sizes else 0
        return max(4, min(WIDEST, max(most, len(column.name) + 2)))
