"""Going to a line by the number that the gutter shows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reviewer.diff import diff_write
from reviewer.domain.artifact import parse
from reviewer.tui.widgets.diff_rows import DiffRows, FoldRow, Options, TextRow
from reviewer.tui.widgets.line_numbers import row_of_line

from .review_desk import document


def rows_of(before: list[str], after: list[str], *, split: bool) -> DiffRows:
    write = {
        "type": "document",
        "system": "s",
        "resource": "a.txt",
        "before": "".join(f"{line}\n" for line in before),
        "after": "".join(f"{line}\n" for line in after),
    }
    made = parse(document(writes=[write])).writes[0]
    return DiffRows(diff_write(made), Options(split=split))


LINES = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=60)


@given(LINES, LINES, st.booleans(), st.integers(1, 70))
def test_the_row_shows_the_line_or_folds_it(
    before: list[str], after: list[str], split: bool, number: int
) -> None:
    rows = rows_of(before, after, split=split)
    at = row_of_line(rows, number)
    numbered = [row for row in rows if isinstance(row, FoldRow | TextRow)]
    if not any(isinstance(row, FoldRow) or row.line.right for row in numbered):
        assert at is None
        return
    assert at is not None
    row = rows[at]
    if number > len(after):
        assert at < len(rows)
    elif isinstance(row, FoldRow):
        assert row.fold.right_number <= number < row.fold.right_number + row.fold.count
    else:
        assert isinstance(row, TextRow)
        assert row.line.right is not None
        assert row.line.right.number == number
