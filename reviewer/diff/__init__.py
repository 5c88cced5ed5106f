"""Diffs as values: what changed in a write, ready to be drawn, never a widget.

Everything here is pure and frozen.  Texts in the values are an artifact's and hostile: draw them
only through `reviewer.untrusted`.

The whole write
    `diff_write(write) -> WriteDiff`                        before -> after
    `diff_write(write, edited) -> WriteDiff`                proposed -> mine
    `diff_write(write, edited, base="before")`              before -> mine
    `diff_write(..., ignore_whitespace=True)`               only on the reviewer's request
    A `WriteDiff` has `type`, `title`, `facts` (`Fact(code, sentence, before, after, alert)`: mode,
    rename, symlink, line endings, missing newline, precondition, ...) and `sections`
    (`Section(name, body, language, filename)`), in the order to draw them; `counts`, `changed`.
    `section.body` is one of five:

    `LineDiff`    texts: lay it out with `unified` or `side_by_side`
    `FieldDiff`   JSON: `.changes`, or `field_rows(diff, context)` with unchanged fields around
    `TableDiff`   rows: `.columns`, `.rows[i] -> RowChange(kind, key, cells)`, virtual
    `ListDiff`    recipients and the like: `.entries`
    `BinaryDiff`  bytes: sizes, digests, `.regions`, `.rows[i] -> HexRow`, virtual

Texts
    `line_diff(left, right, ignore_whitespace=False) -> LineDiff`
    `unified(diff, context=3, opened=frozenset()) -> Layout`
    `side_by_side(diff, context=3, opened=frozenset()) -> Layout`
    A `Layout` is a virtual `Sequence[Row]`: `len(layout)` and `layout[i]` are cheap however long
    the text, rows are made when asked for.  A row is a `Line(kind, left, right, block)` with
    `Side(number, text, ending, marks, show_ending)`, or a `Fold(count, ...)`; put a fold's
    `block` into `opened` to unfold that one, or raise `context` (None shows everything).
    `layout.changes` are the rows where changes start: `layout.next_change(row)`,
    `layout.previous_change(row)`, `layout.change_at(row)` (1-based, of `len(layout.changes)`).
    Word marks are computed when a row of a changed block is first asked for.

JSON, rows, bytes
    `field_diff(before, after) -> FieldDiff`, `apply_changes(before, diff.changes) -> after`
    `field_rows(diff, context=0) -> list[FieldChange | FieldFold]`: one row for each leaf
    `table_diff(rows_write) -> TableDiff`
    `binary_diff(before, after) -> BinaryDiff`
    `list_diff(before, after) -> ListDiff`

Three ways
    `merge_text(base, mine, theirs) -> TextMerge`: `.text` (None with conflicts), `.pieces` in
    order (`Settled(source, base, lines)` or `Conflict(base, mine, theirs)` with `.suggestion()`),
    `.resolved(choose)`
    `merge_json(base, mine, theirs) -> JsonMerge`: `.value` (mine where in conflict), `.conflicts`
"""

from .arrays import form, same
from .layout import Layout, side_by_side, unified
from .lines import diff_lines, line_diff, split_lines
from .lists import list_diff
from .merge import Conflict, JsonConflict, JsonMerge, Settled, TextMerge, merge_json, merge_text
from .model import (
    ABSENT,
    Absent,
    Base,
    BinaryDiff,
    Block,
    Body,
    Cell,
    Counts,
    Entry,
    Fact,
    FieldChange,
    FieldDiff,
    FieldFold,
    FieldRow,
    Fold,
    HexRow,
    Line,
    LineDiff,
    ListDiff,
    Region,
    Row,
    RowChange,
    Section,
    Side,
    TableDiff,
    WriteDiff,
)
from .octets import binary_diff
from .patching import apply_changes
from .rows import table_diff
from .structured import field_diff, field_rows
from .writes import diff_write

__all__ = [
    "ABSENT",
    "Absent",
    "Base",
    "BinaryDiff",
    "Block",
    "Body",
    "Cell",
    "Conflict",
    "Counts",
    "Entry",
    "Fact",
    "FieldChange",
    "FieldDiff",
    "FieldFold",
    "FieldRow",
    "Fold",
    "HexRow",
    "JsonConflict",
    "JsonMerge",
    "Layout",
    "Line",
    "LineDiff",
    "ListDiff",
    "Region",
    "Row",
    "RowChange",
    "Section",
    "Settled",
    "Side",
    "TableDiff",
    "TextMerge",
    "WriteDiff",
    "apply_changes",
    "binary_diff",
    "diff_lines",
    "diff_write",
    "field_diff",
    "field_rows",
    "form",
    "line_diff",
    "list_diff",
    "merge_json",
    "merge_text",
    "same",
    "side_by_side",
    "split_lines",
    "table_diff",
    "unified",
]
