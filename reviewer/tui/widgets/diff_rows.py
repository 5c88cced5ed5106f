"""A write's diff as one long list of rows, virtual like the layouts it is made of.  No widget here.

Facts come first, then each section with its heading; a row is made when it is asked for.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final, TypeAlias

from ...diff.layout import side_by_side, unified
from ...diff.model import (
    ABSENT,
    BinaryDiff,
    Body,
    Cell,
    Entry,
    Fact,
    FieldChange,
    FieldDiff,
    FieldFold,
    Fold,
    HexRow,
    Line,
    LineDiff,
    ListDiff,
    RowChange,
    Section,
    TableDiff,
    WriteDiff,
)
from ...diff.structured import field_rows

SHORT: Final = 60
"""Values whose JSON is at most this long stand beside their path; longer ones below it."""
_SAMPLE: Final = 200
_COLUMN: Final = 32


@dataclass(frozen=True, slots=True)
class Options:
    """How a diff is laid out; `opened` holds (section, block) of folds that were unfolded."""

    split: bool = True
    context: int | None = 3
    opened: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class FactRow:
    """Something no line shows, such as a mode or a rename."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class HeadRow:
    """The heading of a section."""

    section: Section


@dataclass(frozen=True, slots=True)
class SpaceRow:
    """An empty row between sections."""


@dataclass(frozen=True, slots=True)
class SaidRow:
    """A sentence of ours about what follows or is missing."""

    sentence: str


@dataclass(frozen=True, slots=True)
class TextRow:
    """A line of a text diff; `block` is (section, block)."""

    line: Line
    section: int


@dataclass(frozen=True, slots=True)
class FoldRow:
    """Unchanged lines that are folded away."""

    fold: Fold
    section: int


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field that changed, on one row, or the path above the rows of its long values."""

    change: FieldChange
    pad: int
    short: bool


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One line of a long value: `-` before, `+` after."""

    op: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldFoldRow:
    """Unchanged fields that are folded away."""

    count: int


@dataclass(frozen=True, slots=True)
class ColumnsRow:
    """The heading of a table."""

    names: tuple[str, ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CellsRow:
    """One row of a table."""

    change: RowChange
    cells: tuple[Cell | None, ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry of a list, such as a recipient."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class BytesRow:
    """At most 16 bytes before and after."""

    row: HexRow


Row: TypeAlias = (
    FactRow | HeadRow | SpaceRow | SaidRow | TextRow | FoldRow | FieldRow | ValueRow | FieldFoldRow
    | ColumnsRow | CellsRow | EntryRow | BytesRow
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A run of rows of one kind: how many, how to make one, and where in it changes start."""

    count: int
    row: Callable[[int], Row]
    changes: Sequence[int] = ()


class DiffRows(Sequence[Row]):
    """All rows of a write's diff.  `changes` are the rows where changes start, ascending."""

    def __init__(self, diff: WriteDiff, options: Options) -> None:
        self.diff = diff
        self.options = options
        self._parts = [part for part in _parts(diff, options) if part.count]
        self._starts = list(accumulate((part.count for part in self._parts), initial=0))
        self.changes: list[int] = [
            start + change
            for part, start in zip(self._parts, self._starts, strict=False)
            for change in part.changes
        ]

    def __len__(self) -> int:
        return self._starts[-1]

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        at = bisect_right(self._starts, index) - 1
        return self._parts[at].row(index - self._starts[at])

    def next_change(self, row: int) -> int | None:
        """The row where the first change after `row` starts."""
        at = bisect_right(self.changes, row)
        return self.changes[at] if at < len(self.changes) else None

    def previous_change(self, row: int) -> int | None:
        """The row where the last change before `row` starts."""
        at = bisect_left(self.changes, row)
        return self.changes[at - 1] if at else None

    def change_at(self, row: int) -> int:
        """The number, from 1, of the change that `row` is in or follows; 0 before the first."""
        return bisect_right(self.changes, row)


def value_text(value: Any) -> str:
    """A JSON value on one line, for people: texts in quotes, `∅` where there is none."""
    return "∅" if value is ABSENT else json.dumps(value, ensure_ascii=False)


def fixed(rows: Sequence[Row], changes: Sequence[int] = ()) -> Part:
    """A part of rows that are there already."""
    return Part(len(rows), rows.__getitem__, changes)


def _parts(diff: WriteDiff, options: Options) -> Iterator[Part]:
    facts = [FactRow(fact) for fact in diff.facts]
    yield fixed(facts, [i for i, row in enumerate(facts) if row.fact.before != row.fact.after])
    if facts and diff.sections:
        yield fixed([SpaceRow()])
    for number, section in enumerate(diff.sections):
        if len(diff.sections) > 1:
            yield fixed([SpaceRow(), HeadRow(section)] if number else [HeadRow(section)])
        yield from _body(section.body, number, options)
    if not diff.facts and not diff.sections:
        yield fixed([SaidRow("Nothing to show: this write carries no content.")])


def _body(body: Body, section: int, options: Options) -> Iterator[Part]:
    if isinstance(body, LineDiff):
        yield from _lines(body, section, options)
    elif isinstance(body, FieldDiff):
        yield _fields(body, options)
    elif isinstance(body, TableDiff):
        yield from _table(body)
    elif isinstance(body, ListDiff):
        rows = [EntryRow(entry) for entry in body.entries]
        yield fixed(rows or [SaidRow("nobody")], _starts([r.entry.kind != "same" for r in rows]))
    else:
        yield from _binary(body)


def _lines(body: LineDiff, section: int, options: Options) -> Iterator[Part]:
    if body.hidden:
        plural = "line differs" if body.hidden == 1 else "lines differ"
        yield fixed([SaidRow(f"{body.hidden:,} {plural} in whitespace only (w shows them)")])
    if not body.left and not body.right:
        yield fixed([SaidRow("empty before and after")])
        return
    opened = frozenset(block for number, block in options.opened if number == section)
    make = side_by_side if options.split else unified
    layout = make(body, options.context, opened)

    def row(index: int) -> Row:
        found = layout[index]
        return FoldRow(found, section) if isinstance(found, Fold) else TextRow(found, section)

    yield Part(len(layout), row, layout.changes)


def _fields(body: FieldDiff, options: Options) -> Part:
    shown = list(field_rows(body, options.context))
    paths = [len(path_text(row)) for row in shown if isinstance(row, FieldChange)]
    pad = min(max(paths, default=0), 28)
    rows: list[Row] = []
    changes: list[int] = []
    for item in shown:
        if isinstance(item, FieldFold):
            rows.append(FieldFoldRow(item.count))
            continue
        if item.op != "same":
            changes.append(len(rows))
        rows.extend(_field(item, pad))
    return fixed(rows or [SaidRow("no fields")], changes)


def _field(change: FieldChange, pad: int) -> Iterator[Row]:
    before, after = value_text(change.before), value_text(change.after)
    if change.text is None and len(before) <= SHORT and len(after) <= SHORT:
        yield FieldRow(change, pad, True)
        return
    yield FieldRow(change, pad, False)
    if change.text is not None:
        layout = unified(change.text, None)
        for line in layout:
            assert isinstance(line, Line)
            side = line.left if line.kind == "removed" else line.right or line.left
            assert side is not None
            mark = {"removed": "-", "added": "+"}.get(line.kind, " ")
            yield ValueRow(mark, side.text + (_ending(side.ending) if side.show_ending else ""))
        return
    same = change.op == "same"
    if change.before is not ABSENT and not same:
        yield from (ValueRow("-", line) for line in _pretty(change.before))
    if change.after is not ABSENT:
        yield from (ValueRow(" " if same else "+", line) for line in _pretty(change.after))


def _ending(ending: str) -> str:
    return {"\r\n": "␍␊", "\n": "␊", "\r": "␍", "": "␄"}[ending]


def _pretty(value: Any) -> list[str]:
    return json.dumps(value, ensure_ascii=False, indent=2).split("\n")


def path_text(change: FieldChange) -> str:
    """A field's path for people: `refund.amount`, `items[2].sku`; moved ones as `from → to`."""
    if change.op == "moved" and change.before_path != change.after_path:
        return f"{dotted(change.before_path or '')} → {dotted(change.after_path or '')}"
    return dotted(change.path)


def dotted(pointer: str) -> str:
    """A JSON pointer as a dotted path; keys that would be ambiguous are quoted."""
    if not pointer:
        return "(all)"
    found = ""
    for raw in pointer[1:].split("/"):
        key = raw.replace("~1", "/").replace("~0", "~")
        if key.isdigit():
            found += f"[{key}]"
        elif key and not set(key) & set('.[]" '):
            found += f".{key}" if found else key
        else:
            found += f"[{json.dumps(key, ensure_ascii=False)}]"
    return found


def _table(body: TableDiff) -> Iterator[Part]:
    sample = [body.rows[i] for i in range(min(_SAMPLE, len(body.rows)))]
    widths = [len(name) for name in body.columns]
    for change in sample:
        for at, cell in enumerate(_ordered(change, body.columns)):
            if cell is not None:
                widths[at] = max(widths[at], min(_COLUMN, len(cell_text(cell))))
    fits = tuple(widths)
    words = [(body.inserted, "inserted"), (body.updated, "updated"), (body.deleted, "deleted")]
    said = ", ".join(f"{count:,} {word}" for count, word in words if count)
    yield fixed([SaidRow(f"{len(body.rows):,} rows: {said}"), ColumnsRow(body.columns, fits)])

    def row(index: int) -> Row:
        change = body.rows[index]
        return CellsRow(change, _ordered(change, body.columns), fits)

    yield Part(len(body.rows), row, range(len(body.rows)))


def cell_text(cell: Cell) -> str:
    """A cell on one line: its value, or `before → after` where it changed."""
    if cell.changed and cell.before is not ABSENT and cell.after is not ABSENT:
        return f"{_bare(cell.before)} → {_bare(cell.after)}"
    if cell.after is ABSENT:
        return _bare(cell.before)
    return f"→ {_bare(cell.after)}" if cell.changed else _bare(cell.after)


def _bare(value: Any) -> str:
    """A cell's value: a text that cannot be taken for another type goes without quotes."""
    if isinstance(value, str) and value[:1].isalpha() and value.strip() == value:
        plain = value not in ("null", "true", "false") and "→" not in value
        return value if plain else value_text(value)
    return value_text(value)


def _ordered(change: RowChange, columns: tuple[str, ...]) -> tuple[Cell | None, ...]:
    given = {cell.column: cell for cell in (*change.key, *change.cells)}
    return tuple(given.get(column) for column in columns)


def _binary(body: BinaryDiff) -> Iterator[Part]:
    def side(name: str, raw: bytes | None, digest: str | None) -> str:
        return f"{name}: none" if raw is None else f"{name}: {len(raw):,} bytes  {digest}"

    yield fixed(
        [
            SaidRow("binary; every byte that differs is below"),
            SaidRow(side("before", body.before, body.before_digest)),
            SaidRow(side("after", body.after, body.after_digest)),
        ]
    )
    changes = [0] if len(body.rows) else []
    yield Part(len(body.rows), lambda index: BytesRow(body.rows[index]), changes)


def _starts(flags: list[bool]) -> list[int]:
    return [i for i, on in enumerate(flags) if on and (i == 0 or not flags[i - 1])]
