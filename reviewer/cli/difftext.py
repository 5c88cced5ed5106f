"""The diff of a write as lines of text: unified for texts, by path, cell, entry or byte otherwise.

Every changed place is in the lines; only unchanged ones are folded.  The sign in front of a line
(`-`, `+`, `~`) says what it is without colour.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ..diff import ABSENT, BinaryDiff, FieldDiff, Fold, LineDiff, ListDiff, TableDiff, unified
from ..untrusted import lay_out, one_line
from .output import json_text

if TYPE_CHECKING:
    from ..diff import Section, Side, WriteDiff


class Styled(NamedTuple):
    """A line, its style, and the stretches of it (from, to) that changed within the line."""

    text: str
    style: str
    marks: tuple[tuple[int, int], ...] = ()


ENDINGS = {"": "no newline at the end", "\r\n": "CRLF", "\r": "CR", "\n": "LF"}


def lines(diff: WriteDiff, number: int, total: int, around: int) -> Iterator[Styled]:
    """Lines and styles of one write; `around` is how many unchanged lines stand by a change."""
    if number > 1:
        yield Styled("", "")
    of = f"  ({number} of {total})" if total > 1 else ""
    yield Styled(f"{diff.type} {one_line(diff.title)}{of}", "bold")
    for fact in diff.facts:
        values = _values(fact.before, fact.after)
        yield Styled(f"  {'⚑ ' if fact.alert else ''}{fact.sentence}{values}", "alert" * fact.alert)
    for section in diff.sections:
        yield from _section(section, around, alone=len(diff.sections) == 1)
    if not diff.changed:
        yield Styled("  nothing changes", "dim")


def _values(before: str | None, after: str | None) -> str:
    if before is None and after is None:
        return ""
    shown = ["∅" if value is None else one_line(value) for value in (before, after)]
    return f": {shown[0]}" if before == after else f": {shown[0]} → {shown[1]}"


def _section(section: Section, around: int, alone: bool) -> Iterator[Styled]:
    if not alone:
        yield Styled(f"{one_line(section.name)}:", "cyan")
    body = section.body
    if isinstance(body, LineDiff):
        yield from _text(body, around)
    elif isinstance(body, FieldDiff):
        yield from _fields(body, around)
    elif isinstance(body, TableDiff):
        yield from _table(body)
    elif isinstance(body, ListDiff):
        yield from _list(body)
    elif isinstance(body, BinaryDiff):
        yield from _bytes(body)


def _text(diff: LineDiff, around: int, indent: str = "") -> Iterator[Styled]:
    if diff.hidden:
        yield Styled(f"{indent}({diff.hidden} lines differ in whitespace alone)", "alert")
    for row in unified(diff, context=around):
        if isinstance(row, Fold):
            left, right = row.left_number, row.right_number
            yield Styled(f"{indent}@@ {row.count} unchanged from line {left}/{right} @@", "dim")
            continue
        side = row.left or row.right
        if side is None:
            continue
        sign, style = {"removed": ("-", "removed"), "added": ("+", "added")}.get(
            row.kind, (" ", "")
        )
        yield _marked(indent + sign, side, style)
        if side.show_ending:
            what = ENDINGS.get(side.ending) or one_line(side.ending)
            yield Styled(f"{indent}\\ {what}", "dim")


def _marked(lead: str, side: Side, style: str) -> Styled:
    """A line of text with its changed words, at their places in what is shown of it."""
    shown = lay_out(side.text, newlines="show", tabs="show", tab=1)
    marks = [
        (len(lead) + shown.at(start), len(lead) + shown.at(min(end, len(side.text))))
        for start, end in side.marks
        if start < len(side.text)
    ]
    return Styled(lead + shown.text, style, tuple(marks))


def _fields(diff: FieldDiff, around: int) -> Iterator[Styled]:
    for change in diff.changes:
        path = one_line(change.path or "/")
        if change.text is not None:
            yield Styled(f"~ {path}", "yellow")
            yield from _text(change.text, around, "    ")
        elif change.op == "moved":
            yield Styled(f"~ {one_line(change.before_path or '/')} moved to {path}", "yellow")
        elif change.op == "added":
            yield Styled(f"+ {path}: {_value(change.after)}", "added")
        elif change.op == "removed":
            yield Styled(f"- {path}: {_value(change.before)}", "removed")
        else:
            yield Styled(f"~ {path}: {_value(change.before)} → {_value(change.after)}", "yellow")


def _value(value: Any) -> str:
    import json

    if value is ABSENT:
        return "∅"
    if isinstance(value, str) and not value.isascii():
        return one_line('"' + value + '"')
    return one_line(
        json.dumps(value, ensure_ascii=False) if value is not None else json_text(value)
    )


def _table(diff: TableDiff) -> Iterator[Styled]:
    counts = f"{diff.inserted} inserted, {diff.updated} updated, {diff.deleted} deleted"
    yield Styled(f"@@ {counts} @@", "dim")
    signs = {"inserted": ("+", "added"), "deleted": ("-", "removed"), "updated": ("~", "yellow")}
    for row in diff.rows:
        sign, style = signs[row.kind]
        key = ", ".join(f"{one_line(c.column)}={_value(_present(c))}" for c in row.key)
        keys = {c.column for c in row.key}
        updated = row.kind == "updated"
        rest = [c for c in row.cells if c.column not in keys or (updated and c.changed)]
        cells = "  ".join(_shown_cell(row.kind, c) for c in rest)
        yield Styled(f"{sign} {key}  {cells}".rstrip(), style)


def _present(cell: Any) -> Any:
    return cell.before if cell.after is ABSENT else cell.after


def _shown_cell(kind: str, cell: Any) -> str:
    name = one_line(cell.column)
    if kind == "updated" and cell.changed:
        return f"{name}: {_value(cell.before)} → {_value(cell.after)}"
    return f"{name}={_value(_present(cell))}"


def _list(diff: ListDiff) -> Iterator[Styled]:
    signs = {"same": (" ", ""), "removed": ("-", "removed"), "added": ("+", "added")}
    for entry in diff.entries:
        sign, style = signs[entry.kind]
        yield Styled(f"{sign} {one_line(entry.text)}", style)


def _bytes(diff: BinaryDiff) -> Iterator[Styled]:
    for sign, style, raw, digest in (
        ("-", "removed", diff.before, diff.before_digest),
        ("+", "added", diff.after, diff.after_digest),
    ):
        if raw is not None:
            yield Styled(f"{sign} {len(raw):,} bytes {digest}", style)
    for row in diff.rows:
        if row.before:
            yield Styled(f"- {_hex(row.before_offset, row.before)}", "removed")
        if row.after:
            yield Styled(f"+ {_hex(row.after_offset, row.after)}", "added")


def _hex(offset: int, raw: bytes) -> str:
    letters = "".join(chr(b) if 0x20 <= b < 0x7F else "." for b in raw)
    return f"{offset:08x}  {raw.hex(' '):<47}  {letters}"
