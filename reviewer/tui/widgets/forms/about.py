"""Two lines about the field under the cursor: what may stand there, and what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....untrusted import show_line
from ...forms.fields import preview
from ...forms.typed import dumps
from ..bar import Part
from .field_lines import KINDS

if TYPE_CHECKING:
    from ...forms.fields import Fields, Line
    from ...forms.json_text import Path

Parts = list[Part]


def about(fields: Fields, line: Line | None, room: int) -> tuple[Parts, Parts]:
    """The parts of the two lines, in at most `room` cells each."""
    if line is None:
        return [Part("no fields; + adds one", "quiet")], []
    facts = fields.facts(line.path)
    name = facts.title or named(line.path)
    first = [Part(show_line(name, room // 2), "strong")]
    left = room - first[0].width - 2
    may = _may(fields, line)
    if may and left > 3:
        first.append(Part(show_line(f"  {may}", left), "quiet"))
    wrong = fields.wrong.get(line.path, ())
    if fields.refused is not None and fields.refused[0] == line.path:
        wrong = (fields.refused[1],)
    if wrong:
        return first, [Part(show_line("✗ " + "; ".join(wrong), room), "bad")]
    was = fields.compared.counterpart(line.path) if line.what == "field" else None
    if was is not None and fields.sign(line) == "~" and was.kind not in ("object", "array"):
        return first, [Part(show_line(f"proposed: {preview(was)}", room), "warn")]
    return first, [Part(show_line(facts.description, room), "quiet")]


def _may(fields: Fields, line: Line) -> str:
    """What may stand in a field: its types, choices and bounds; hostile."""
    facts = fields.facts(line.path)
    if facts.choices is not None:
        return "one of " + ", ".join(dumps(choice) for choice in facts.choices[:50])
    kinds = [KINDS.get("number" if type == "integer" else type, type) for type in facts.types]
    if "integer" in facts.types:
        kinds[facts.types.index("integer")] = "whole number"
    if not kinds and line.node is not None:
        kinds = [KINDS[line.node.kind]]
    return ", ".join([" or ".join(dict.fromkeys(kinds)), *facts.bounds])


def named(path: Path) -> str:
    """A path as people write it: `refund.lines[0].sku`; hostile."""
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text
