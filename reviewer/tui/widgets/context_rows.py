"""The context of an artifact as beats of a story: messages, calls with their results, documents.

No widget here.  A beat that is folded shows its head, and of a message the first lines.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ...domain.context import ContextItem, ToolCall, ToolResult

OPENING: Final = 8
"""How many lines of a message are shown while it is folded."""
LONG_LINE: Final = 2_000
"""A line is cut to so many characters while its beat is folded."""


@dataclass(frozen=True)
class Beat:
    """One thing that happened; `index` is its first item's place in the context.

    `who` is ours for messages (`user`, `thought`) and the artifact's for tools and documents;
    `text` is what unfolds; `opening` says how many lines show while folded.
    """

    index: int
    kind: str
    who: str
    at: datetime | None
    text: str
    opening: int = 0
    note: str = ""
    failed: bool = False
    uri: str = ""

    @cached_property
    def lines(self) -> list[str]:
        """The lines that unfold."""
        return self.text.split("\n") if self.text else []

    @property
    def foldable(self) -> bool:
        """Whether folding hides anything."""
        return len(self.folded) < len(self.lines) or any(map(_long, self.folded))

    @cached_property
    def folded(self) -> list[str]:
        """The lines that show while it is folded."""
        head = self.text[: (self.opening + 1) * LONG_LINE].split("\n")
        return [line[:LONG_LINE] for line in head[: self.opening] if self.text]

    @property
    def more(self) -> str:
        """What folding hides, in few characters."""
        lines = self.text.count("\n") + 1 if self.text else 0
        if not self.foldable:
            return ""
        if lines > len(self.folded):
            return f"{lines - len(self.folded):,} l"
        return f"{len(self.text) - sum(map(len, self.folded)):,} c"


def beats(context: Sequence[ContextItem]) -> list[Beat]:
    """The story: a call and its result are one beat, found by id, else by being the next result."""
    answers = _answers(context)
    answered = {index for index, _ in answers.values()}
    found = []
    for index, item in enumerate(context):
        if item.type == "tool_call":
            found.append(_call(index, item, answers.get(index, (0, None))[1]))
        elif item.type == "tool_result":
            if index not in answered:
                found.append(_result(index, item))
        else:
            found.append(_told(index, item))
    return found


def _told(index: int, item: Any) -> Beat:
    if item.type == "message":
        folded = item.role in ("thought", "system")
        opening = 0 if folded else OPENING
        return Beat(index, item.role, item.role, item.at, item.text.rstrip("\n"), opening)
    if item.type == "document":
        who = item.title or item.uri or "document"
        return Beat(index, "document", who, item.at, item.text.rstrip("\n"), uri=item.uri)
    if item.type == "link":
        return Beat(index, "link", item.title or "link", item.at, item.uri, 1, uri=item.uri)
    return Beat(index, "note", "note", item.at, item.text.rstrip("\n"), OPENING)


def _call(index: int, call: ToolCall, result: ToolResult | None) -> Beat:
    text = _pretty(call.arguments) if call.arguments not in ({}, None) else ""
    said, failed = "no result", False
    if result is not None:
        said, failed = "", result.error
        text = f"{text}\n⇒ {_pretty(result.output)}" if text else f"⇒ {_pretty(result.output)}"
    return Beat(index, "tool", call.name, call.at, text, note=said, failed=failed)


def _result(index: int, item: ToolResult) -> Beat:
    who = item.name or "result"
    return Beat(index, "tool", who, item.at, f"⇒ {_pretty(item.output)}", failed=item.error)


def _pretty(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, indent=2)


def _answers(context: Sequence[ContextItem]) -> dict[int, tuple[int, ToolResult]]:
    """For the index of each call, its result with that one's index."""
    by_id: dict[str, int] = {}
    waiting: dict[str, list[int]] = {}
    found: dict[int, tuple[int, ToolResult]] = {}
    for index, item in enumerate(context):
        if item.type == "tool_call":
            if item.id:
                by_id[item.id] = index
            waiting.setdefault(item.name, []).append(index)
        elif item.type == "tool_result":
            call = by_id.get(item.id) if item.id else None
            if call is None and item.name and not item.id:
                call = next((c for c in waiting.get(item.name, []) if c not in found), None)
            if call is not None and call not in found:
                found[call] = (index, item)
    return found


def _long(line: str) -> bool:
    return len(line) >= LONG_LINE
