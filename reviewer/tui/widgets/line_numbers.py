"""From a line's number, as the gutter of a diff shows it, to the row that shows the line."""

from __future__ import annotations

from .diff_rows import DiffRows, FoldRow, TextRow

FAR = 2_000
"""How many rows without a number on the right (removed ones) are walked over at most."""


def row_of_line(rows: DiffRows, number: int) -> int | None:
    """The row that shows this line of the text afterwards, or the fold that it is folded into.

    The last row for a number beyond the end; None where the rows have no line numbers.
    """
    low, high = 0, len(rows)
    seen = False
    while low < high:
        middle = (low + high) // 2
        start = _starts(rows, middle, high)
        seen = seen or start is not None
        if start is None or start > number:
            high = middle
        else:
            low = middle + 1
    if not seen:
        return None
    return max(0, low - 1)


def _starts(rows: DiffRows, row: int, end: int) -> int | None:
    """The number of a row, or of the next one that has one."""
    for at in range(row, min(end, row + FAR)):
        number = _number(rows, at)
        if number is not None:
            return number
    return None


def _number(rows: DiffRows, at: int) -> int | None:
    row = rows[at]
    if isinstance(row, FoldRow):
        return row.fold.right_number
    if isinstance(row, TextRow) and row.line.right is not None:
        return row.line.right.number
    return None
