"""The context of an artifact as beats of a story: messages, calls with their results, documents.

No widget here.  A beat folded is one line; its head says who and, in brief, what; its body is made
when somebody looks into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from .json_lines import JsonLines, as_json, brief, keys_of, split_lines

if TYPE_CHECKING:
    from ...domain.context import ContextItem, ToolCall, ToolResult

OPENING: Final = 8
"""How many lines of a message are shown before it is unfolded."""
LONG_LINE: Final = 2_000
"""Of a line, so many characters are shown before its beat is unfolded; then it is cut by them."""
BRIEF: Final = 240
"""Characters of a head."""
WHO: Final = 60
"""Characters of a tool's or document's name in a head."""

SORTS: Final = ("messages", "tools", "thoughts", "documents")
"""What the context can be narrowed to."""
_SORT_OF: Final = {"tool": "tools", "thought": "thoughts", "document": "documents",
                   "link": "documents"}  # fmt: skip


@dataclass(frozen=True)
class Beat:
    """One thing that happened; `index` is its first item's place in the context.

    `who` is ours for messages (`user`, `thought`) and the artifact's for tools and documents;
    `text`, or `arguments` and `output`, is what unfolds.  `answer` is the place of the result of
    a call, `seconds` how long it took where both times are told.
    """

    index: int
    kind: str
    who: str
    at: datetime | None
    text: str = ""
    arguments: Any = None
    output: Any = None
    answered: bool = False
    answer: int | None = None
    opens: bool = False
    note: str = ""
    failed: bool = False
    uri: str = ""
    seconds: float | None = None

    @property
    def sort(self) -> str:
        """Which of `SORTS` it belongs to."""
        return _SORT_OF.get(self.kind, "messages")

    @property
    def weight(self) -> int:
        """Roughly how many characters its body has; a guess for values that are no text."""
        if self.kind != "tool":
            return len(self.text)
        return sum(_weight(side) for side in (self.arguments, self.output))

    @cached_property
    def opening(self) -> list[str]:
        """The lines that show while it is neither folded nor unfolded."""
        if not self.opens or not self.text:
            return []
        head = self.text[: (OPENING + 1) * LONG_LINE].split("\n")
        return [line[:LONG_LINE] for line in head[:OPENING]]

    @cached_property
    def single(self) -> bool:
        """Whether all of it is one line that may stand in the head."""
        return self.kind != "tool" and len(self.text) <= BRIEF and "\n" not in self.text

    @cached_property
    def hides(self) -> bool:
        """Whether its opening is less than the whole."""
        return sum(map(len, self.opening)) + max(0, len(self.opening) - 1) < len(self.text)

    @cached_property
    def body(self) -> JsonLines:
        """All that unfolds; takes long for a large one, so it is asked for in a thread."""
        made = JsonLines()
        if self.kind == "tool":
            if self.arguments not in ({}, None):
                made.add(self.arguments)
            if self.answered:
                made.add(_read(self.output), "⇒ ", "result")
        elif self.text:
            value = as_json(self.text) if self.kind == "document" else None
            made.text(split_lines(self.text)) if value is None else made.add(value)
        return made

    @cached_property
    def told(self) -> str:
        """What of it stands in the head while it is folded."""
        if self.kind == "tool":
            return self.result
        return _first(self.text)

    @cached_property
    def called(self) -> str:
        """The arguments of a call in one line."""
        return "" if self.arguments in ({}, None) else brief(self.arguments)

    @cached_property
    def result(self) -> str:
        """What a call answered, in brief: its size and first line, or its keys."""
        if not self.answered:
            return ""
        value = _read(self.output)
        if isinstance(value, str):
            return f"{_size(value)}{_first(value)}"
        return keys_of(value) if isinstance(value, dict | list) and value else brief(value)


def beats(context: Sequence[ContextItem]) -> list[Beat]:
    """The story: a call and its result are one beat, found by id, else by being the next result."""
    answers = _answers(context)
    answered = {index for index, _ in answers.values()}
    found = []
    for index, item in enumerate(context):
        if item.type == "tool_call":
            found.append(_call(index, item, *answers.get(index, (None, None))))
        elif item.type == "tool_result":
            if index not in answered:
                found.append(_result(index, item))
        else:
            found.append(_told(index, item))
    return found


def _told(index: int, item: Any) -> Beat:
    if item.type == "message":
        opens = item.role not in ("thought", "system")
        return Beat(index, item.role, item.role, item.at, item.text.strip("\n"), opens=opens)
    if item.type == "document":
        who = item.title or item.uri or "document"
        return Beat(index, "document", who, item.at, item.text.rstrip("\n"), uri=item.uri)
    if item.type == "link":
        who = item.title or "link"
        return Beat(index, "link", who, item.at, item.uri, opens=True, uri=item.uri)
    return Beat(index, "note", "note", item.at, item.text.strip("\n"), opens=True)


def _call(index: int, call: ToolCall, place: int | None, result: ToolResult | None) -> Beat:
    if result is None:
        return Beat(index, "tool", call.name, call.at, arguments=call.arguments, note="no result")
    took = None
    if call.at is not None and result.at is not None:
        took = max(0.0, (result.at - call.at).total_seconds())
    return Beat(
        index, "tool", call.name, call.at, arguments=call.arguments, output=result.output,
        answered=True, answer=place, failed=result.error, seconds=took,
    )  # fmt: skip


def _result(index: int, item: ToolResult) -> Beat:
    return Beat(
        index, "tool", item.name or "result", item.at, output=item.output, answered=True,
        failed=item.error,
    )  # fmt: skip


def _read(output: Any) -> Any:
    """A result as a value: tools often answer with JSON in a text."""
    value = as_json(output) if isinstance(output, str) else output
    return output if value is None else value


def _weight(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    # a look at a few hundred values says whether it is small; all other is large
    todo, seen, sum_ = [value], 0, 0
    while todo:
        inner = todo.pop()
        seen += 1
        if seen > 400:
            return 1_000_000
        if isinstance(inner, str):
            sum_ += len(inner)
        elif isinstance(inner, dict):
            todo += list(inner.values())[:400] if len(inner) <= 400 else [*range(401)]
        elif isinstance(inner, list):
            todo += inner[:401]
    return sum_ + 24 * seen


def _first(text: str) -> str:
    """The first line that says something."""
    return text[: 4 * BRIEF].lstrip().partition("\n")[0][:BRIEF]


def _size(text: str) -> str:
    lines = text.count("\n") + 1
    if lines > 1:
        return f"{lines:,} l  "
    return f"{len(text):,} c  " if len(text) > BRIEF else ""


def _answers(context: Sequence[ContextItem]) -> dict[int, tuple[int, ToolResult]]:
    """For the index of each call, its result with that one's index."""
    by_id: dict[str, int] = {}
    waiting: dict[str, list[int]] = {}
    first: dict[str, int] = {}
    found: dict[int, tuple[int, ToolResult]] = {}
    for index, item in enumerate(context):
        if item.type == "tool_call":
            if item.id:
                by_id[item.id] = index
            waiting.setdefault(item.name, []).append(index)
        elif item.type == "tool_result":
            call = by_id.get(item.id) if item.id else None
            if call is None and item.name and not item.id:
                calls = waiting.get(item.name, [])
                at = first.get(item.name, 0)
                while at < len(calls) and calls[at] in found:
                    at += 1
                first[item.name] = at  # calls before it are answered: nothing is looked at twice
                call = calls[at] if at < len(calls) else None
            if call is not None and call not in found:
                found[call] = (index, item)
    return found
