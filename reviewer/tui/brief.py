"""An artifact in brief, as the preview shows it: who, when, why, and what would change.

Every text of an artifact passes through `untrusted` here.  One `Content` is one line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from textual.content import Content

from ..domain.instant import long_duration
from ..untrusted import show, show_line
from .newest import Newest
from .policy_words import SHADOW_SENTENCE

if TYPE_CHECKING:
    from ..diff.model import Fact, LineDiff, TableDiff, WriteDiff
    from ..domain.views import Item

LINES = 120
"""Lines after which the preview refers to the review screen."""
WRITES = 12
"""Writes whose changes the preview shows."""
READY = 16
"""Briefs that are kept."""
_QUIET = "$quiet"
_HEADING = "bold $text-primary"


class Briefs:
    """Briefs as they were made last, so that they can be made before they are asked for."""

    def __init__(self) -> None:
        self._made: Newest[str, tuple[Item, int, str, list[Content]]] = Newest(READY)

    def of(self, item: Item, diffs: Sequence[WriteDiff], now: int, width: int) -> list[Content]:
        """The brief of an artifact; `diffs` are always the same ones for the same item."""
        state = item.entry.state
        due = due_words(state.due_at - now)  # all that changes by itself
        made = self._made.get(state.id)
        if made is None or made[0] is not item or made[1:3] != (width, due):
            made = self._made[state.id] = (item, width, due, brief(item, diffs, now, width))
        self._made.move_to_end(state.id)
        return made[3]


def brief(item: Item, diffs: Sequence[WriteDiff], now: int, width: int) -> list[Content]:
    """The preview's lines in `width` cells; `diffs` are those of the first writes."""
    lines: list[Content] = []
    if item.entry.state.mode == "shadow":
        lines += [*Content.styled(f"◌ {SHADOW_SENTENCE}", "bold $text-warning").wrap(width)]
    lines += [*show(item.artifact.title, "bold").wrap(width)]
    lines += [*_who(item).wrap(width), *_when(item, now).wrap(width), Content("")]
    lines += _why(item, width)
    lines += _claim(item, width)
    total = len(item.artifact.writes)
    for number, diff in enumerate(diffs, 1):
        lines += _write(diff, number, total, width)
    if total > len(diffs):
        more = f"{total - len(diffs)} more writes: enter opens all"
        lines.append(Content.styled(more, _QUIET))
    if len(lines) > LINES:
        rest = Content.styled("… more: enter opens all of it", _QUIET)
        lines = [*lines[:LINES], rest]
    return lines


def _who(item: Item) -> Content:
    agent, identity = item.artifact.agent, item.artifact.identity
    parts = [show_line(f"{agent.name} {agent.version}".strip())]
    if identity.act_as:
        parts += [Content.styled("  as ", _QUIET), show_line(identity.act_as)]
    if identity.on_behalf_of:
        parts += [Content.styled("  for ", _QUIET), show_line(identity.on_behalf_of)]
    return Content("").join(parts)


def _when(item: Item, now: int) -> Content:
    artifact, state = item.artifact, item.entry.state
    facts = [due_words(state.due_at - now) if state.status == "pending" else str(state.status)]
    if artifact.cost.usd is not None:
        facts.append(f"${artifact.cost.usd:,.2f}")
    if artifact.cost.seconds is not None:
        facts.append(f"{artifact.cost.seconds:,.0f} s")
    if artifact.confidence is not None:
        facts.append(f"confidence {artifact.confidence:.2f}")
    late = state.status == "pending" and state.due_at < now
    rest = " · " + " · ".join(facts[1:]) if facts[1:] else ""
    return Content.assemble((facts[0], "bold $text-error" if late else ""), (rest, _QUIET))


def due_words(left: int) -> str:
    """A deadline in words: `due in 2 h 59 min`, `due 4 min ago`."""
    span = long_duration(left)
    return f"due {span} ago" if left < 0 else f"due in {span}"


def _why(item: Item, width: int) -> list[Content]:
    if not item.reasons:
        return []
    lines = [Content.styled("Why you see this", _HEADING)]
    for reason in item.reasons:
        score = "" if reason.score is None else f"  {reason.score:.2f}"
        source = f"{reason.source:<6}{score}"
        words = reason.detail.strip() or reason.code.replace("_", " ")
        room = max(8, width - len(source) - 5)
        text = show_line(words, room)
        gap = " " * max(2, width - 3 - text.cell_length - len(source))
        lines.append(Content.assemble((" ⚑ ", "$text-warning"), text, gap, (source, _QUIET)))
    return [*lines, Content("")]


def _claim(item: Item, width: int) -> list[Content]:
    """The agent's own summary, marked as its claim."""
    if not item.artifact.summary.strip():
        return []
    wrapped = show(item.artifact.summary.strip(), "italic").wrap(max(10, width - 2))
    kept = [Content("  ") + line for line in wrapped[:4]]
    if len(wrapped) > 4:
        kept.append(Content.styled("  …", _QUIET))
    return [Content.styled("The agent claims", _HEADING), *kept, Content("")]


def _write(diff: WriteDiff, number: int, total: int, width: int) -> list[Content]:
    place = f"{number} of {total} writes" if total > 1 else diff.type.replace("_", " ")
    title = show_line(diff.title, max(8, width - len(place) - 2), "bold")
    gap = " " * max(2, width - title.cell_length - len(place))
    lines = [Content.assemble(title, gap, (place, _QUIET))]
    for fact in diff.facts:
        lines += _fact(fact, width)
    for section in diff.sections:
        if len(diff.sections) > 1 and section.body.changed:
            lines.append(Content.styled(f"  {section.name}", _QUIET))
        lines += islice(_body(section.body, width), LINES)
    return [*lines, Content("")]


def _fact(fact: Fact, width: int) -> list[Content]:
    mark, style = ("⚠ ", "bold $text-warning") if fact.alert else ("  ", _QUIET)
    line = Content.styled(fact.sentence, style)
    sides = [side for side in (fact.before, fact.after) if side is not None]
    if sides:
        room = max(6, (width - line.cell_length - 6) // len(set(sides)))
        shown = [show_line(side, room) for side in dict.fromkeys(sides)]
        line += Content("  ") + Content(" → ").join(shown)
    first, *rest = line.wrap(max(8, width - 2))
    return [Content.styled(mark, style) + first, *(Content("  ") + more for more in rest)]


def _body(body: Any, width: int) -> Iterator[Content]:
    from ..diff.model import BinaryDiff, FieldDiff, LineDiff, ListDiff, TableDiff

    if isinstance(body, FieldDiff):
        yield from _fields(body.changes, width)
    elif isinstance(body, LineDiff):
        yield from _lines(body, width)
    elif isinstance(body, TableDiff):
        yield from _table(body, width)
    elif isinstance(body, ListDiff):
        for entry in body.entries:
            yield _signed(entry.kind, entry.text, width)
    elif isinstance(body, BinaryDiff):
        before, after = (0 if side is None else len(side) for side in (body.before, body.after))
        yield Content.styled(f"  bytes: {before:,} → {after:,}", _QUIET)


def _fields(changes: Sequence[Any], width: int) -> Iterator[Content]:
    rows = [row for change in islice(changes, LINES) for row in _leaves(change)]
    if not rows:
        return
    names = [show_line(name, max(8, width * 2 // 5)) for name, _, _ in rows]
    pad = max(name.cell_length for name in names)
    for name, (_, before, after) in zip(names, rows, strict=True):
        room = max(6, width - pad - 8)
        old = _value(before, max(1, room // 2))
        new = _value(after, max(1, room - old.cell_length))
        head = Content.assemble("  ", name, " " * (pad - name.cell_length + 2))
        yield Content.assemble(
            head, old.stylize("$text-error"), " → ", new.stylize("$text-success")
        )


def _leaves(change: Any) -> Iterator[tuple[str, Any, Any]]:
    """A change as rows; what came or went as a whole object is shown by its fields."""
    from ..diff.model import ABSENT

    for sign, whole in (("after", change.after), ("before", change.before)):
        other = change.before if sign == "after" else change.after
        if isinstance(whole, dict) and whole and other is ABSENT:
            for key, value in islice(whole.items(), LINES):
                name = _dotted(f"{change.path}/{str(key).replace('~', '~0').replace('/', '~1')}")
                yield (name, ABSENT, value) if sign == "after" else (name, value, ABSENT)
            return
    yield _dotted(change.path), change.before, change.after


def _dotted(pointer: str) -> str:
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    return ".".join(parts) or "(all)"


def _value(value: Any, room: int) -> Content:
    """A JSON value; texts without quotes where they cannot be taken for anything else."""
    from ..diff.model import ABSENT

    if value is ABSENT or value is None:
        return Content("∅" if value is ABSENT else "null")
    if isinstance(value, str):
        plain = value.replace("_", "").replace("-", "").isalnum() and not value.isdigit()
        if plain and value not in ("null", "true", "false"):
            return show_line(value, room)
        return show_line(f'"{value}"', room)
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = str(value)
    return show_line(text, room)


def _lines(diff: LineDiff, width: int) -> Iterator[Content]:
    from ..diff import unified

    layout = unified(diff, context=1)
    for index in range(min(len(layout), LINES)):
        row = layout[index]
        count = getattr(row, "count", None)
        if count is not None:
            yield Content.styled(f"  ╌╌ {count:,} unchanged ╌╌", _QUIET)
            continue
        side = row.right if row.right is not None else row.left  # type: ignore[union-attr]
        yield _signed(row.kind, side.text if side else "", width)  # type: ignore[union-attr]


def _signed(kind: str, text: str, width: int) -> Content:
    sign, style = {"removed": ("-", "$text-error"), "added": ("+", "$text-success")}.get(
        kind, (" ", _QUIET)
    )
    return Content.styled(f"  {sign} ", style) + show_line(text, max(4, width - 4), style)


def _table(diff: TableDiff, width: int) -> Iterator[Content]:
    counts = (("inserted", diff.inserted), ("updated", diff.updated), ("deleted", diff.deleted))
    words = ", ".join(f"{number:,} {word}" for word, number in counts if number)
    yield Content.styled(f"  rows: {words}", _QUIET)
    signs = {"inserted": "+", "updated": "~", "deleted": "-"}
    for index in range(min(len(diff.rows), LINES)):
        row = diff.rows[index]
        line = Content(f"  {signs[row.kind]} ")
        for cell in (*row.key, *(cell for cell in row.cells if cell.changed)):
            value = cell.after if row.kind != "deleted" else cell.before
            line += Content.assemble(show_line(cell.column, 20, _QUIET), " ")
            if row.kind == "updated" and cell.changed:
                line += Content.assemble(_value(cell.before, 24), " → ")
            line += Content.assemble(_value(value, 24), "  ")
        yield line.truncate(width, ellipsis=True)
