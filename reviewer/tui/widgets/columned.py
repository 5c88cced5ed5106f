"""A small table for a panel: the columns that find room, the rows around the chosen one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from textual.content import Content

QUIET = "$quiet"


class Col(NamedTuple):
    """A column beside the name: its head, its width, how long it stays, and a cell by row.

    The columns with the lowest `keep` go first where room gets short.
    """

    head: str
    width: int
    keep: int
    cell: Callable[[int], Content | tuple[str, str] | str]
    left: bool = False


def table(
    cols: Sequence[Col],
    name: Callable[[int, int], Content],
    count: int,
    width: int,
    height: int,
    *,
    head: str = "",
    cursor: int | None = None,
    least: int = 12,
    most: int = 26,
) -> list[Content]:
    """The lines of a table in `width` by `height` cells; `cursor` is marked where it is given.

    `name(row, width)` gives the first cell in exactly that width.  The head says how many rows are
    out of sight above and below.
    """
    kept = list(cols)
    while kept and sum(col.width + 1 for col in kept) + least + 1 > width:
        kept.remove(min(kept, key=lambda col: col.keep))
    wide = min(most, width - 1 - sum(col.width + 1 for col in kept))
    room = max(0, height - (1 if height >= 2 else 0))
    first = min(max(0, (cursor or 0) - room // 2), max(0, count - room))
    last = min(count, first + room)
    lines = []
    if height >= 2:
        hidden = f" ↑{first}" * bool(first) + f" ↓{count - last}" * bool(count - last)
        heads = (_fit(col.head, col.width, col.left) for col in kept)
        titled = (head + hidden).ljust(wide)[:wide]
        lines.append(Content.styled(" ".join((" " + titled, *heads)), QUIET))
    for row in range(first, last):
        parts: list[Content | tuple[str, str] | str] = [
            ("▌", "bold $primary") if row == cursor else " ",
            name(row, wide),
        ]
        for col in kept:
            cell = col.cell(row)
            if isinstance(cell, Content):
                parts += [" ", cell]
            else:
                text, style = (cell, "") if isinstance(cell, str) else cell
                parts += [" ", (_fit(text, col.width, col.left), style)]
        lines.append(Content.assemble(*parts))
    return lines


def _fit(text: str, width: int, left: bool) -> str:
    return text.ljust(width)[:width] if left else text.rjust(width)[-width:]
