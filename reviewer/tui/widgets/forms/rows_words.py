"""What the form of rows says: how many there are above, and about one cell below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ....untrusted import show_line
from ..bar import Part
from .field_lines import KINDS
from .grid import cell_text

if TYPE_CHECKING:
    from ...forms.table import Row, Table

Parts = list[Part]


def counted(counts: Mapping[str, int]) -> tuple[Parts, Parts]:
    """The line above the rows, left and right."""
    left = [
        Part(f"{counts[name]:,} {name}  ", "text" if counts[name] else "quiet", keep=7)
        for name in ("inserted", "updated", "deleted")
    ]
    if counts["changed"]:
        left.append(Part(f"~ {counts['changed']:,} changed  ", "warn", keep=9))
    if counts["left out"]:
        left.append(Part(f"− {counts['left out']:,} left out", "bad", keep=9))
    keys = [Part("enter ", "key", keep=1), Part("edit  ", "quiet", keep=1)]
    keys += [Part("- ", "key", keep=1), Part("leave out", "quiet", keep=1)]
    return left, keys


def about_cell(
    table: Table, row: Row, column: str, at: int, room: int, refused: str
) -> tuple[Parts, Parts]:
    """The two lines about a cell of the row at `at`, in `room` cells: what it is, what it was."""
    first = [Part(show_line(column, room // 2), "strong")]
    place = f"  {KINDS[table.kind(row, column)]}, row {at + 1:,} of {len(table.rows):,}"
    first.append(Part(place, "quiet"))
    if refused:
        return first, [Part(show_line(f"✗ {refused}", room), "bad")]
    said = []
    if table.changed(row, column):
        said.append(f"proposed: {cell_text(table.was(row, column))}")
    before = table.before(row, column)
    if before is not None:
        said.append(f"before: {cell_text(before)}")
    why = table.why_not(row, column)
    if why and not said:
        said.append(why)
    return first, [Part(show_line("   ".join(said), room), "warn" if said else "quiet")]
