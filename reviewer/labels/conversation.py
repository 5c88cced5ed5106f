"""The prompt side of a label: an artifact's context as chat messages, and its proposal as a text.

What the agent saw becomes a message, what only the reviewer saw does not: notes, links and the
agent's thoughts are left out.  A last user message asks for the writes, so that every prompt ends
where the assistant speaks next and makes sense without this program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..domain.artifact import Artifact
from ..domain.context import Document, Message, ToolCall, ToolResult
from ..domain.digest import canonical
from ..domain.writes import ToolCallWrite

ROLES = {
    "system": "system",
    "user": "user",
    "person": "user",
    "assistant": "assistant",
    "agent": "assistant",
}
_FUNCTION_NAME = re.compile(r"[^A-Za-z0-9_-]")


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call; `id` is unique within the conversation."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One message: `calls` belong to role assistant, `answers` (a call's id) to role tool."""

    role: str
    text: str
    calls: tuple[Call, ...] = ()
    answers: str = ""


def json_text(value: Any) -> str:
    """The one text of a JSON value in all exports: canonical (RFC 8785)."""
    return canonical(value).decode("utf-8")


def writes_text(writes: Sequence[Any]) -> str:
    """The one text of writes, given as JSON documents: a JSON array that `parse_writes` reads."""
    return json_text(list(writes))


def request(artifact: Artifact, *, asked: bool) -> str:
    """The last user message; where nobody asked for anything the title stands for the task."""
    task = artifact.kind if asked else f"{artifact.kind}: {artifact.title}"
    return f"Propose the writes for this task ({task}) as a JSON array in reviewer's wire format 1."


def conversation(artifact: Artifact) -> tuple[Turn, ...]:
    """The context as turns, oldest first; every call in it is followed at once by its result.

    Calls without a result and results without a call are told as text.
    """
    pairs, orphans = _pairs(artifact.context)
    turns = tuple(_turns(artifact.context, pairs, orphans))
    asked = any(turn.role == "user" for turn in turns)
    return (*turns, Turn("user", request(artifact, asked=asked)))


def plain_messages(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """Messages of exactly `role` and `content`; calls are JSON texts in the assistant's content."""
    return [{"role": turn.role, "content": _plain(turn)} for turn in turns]


def openai_messages(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """Chat Completions messages; a call's arguments are a JSON text, ids match."""
    return [_openai(turn) for turn in turns]


def openai_tools(artifact: Artifact, turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """A function for every tool that was called or is proposed, by name; schemas where known."""
    schemas: dict[str, Any] = {
        function_name(call.name): None for turn in turns for call in turn.calls
    }
    for write in artifact.writes:
        if isinstance(write, ToolCallWrite):
            name = function_name(write.name)
            schemas[name] = schemas.get(name) or write.arguments_schema
    return [
        {
            "type": "function",
            "function": {"name": name, "parameters": schema or {"type": "object"}},
        }
        for name, schema in sorted(schemas.items())
    ]


def function_name(name: str) -> str:
    """A tool's name as OpenAI accepts it: 1 to 64 of letters, digits, `_` and `-`."""
    return _FUNCTION_NAME.sub("_", name)[:64]


def _pairs(context: Sequence[Any]) -> tuple[dict[int, int], set[int]]:
    """Which result (index) answers which call (index), and the results that answer none.

    A result goes with the oldest open call of its id, or of its name where one has no id.
    """
    pairs: dict[int, int] = {}
    orphans: set[int] = set()
    waiting: list[int] = []
    for index, item in enumerate(context):
        if isinstance(item, ToolCall):
            waiting.append(index)
        elif isinstance(item, ToolResult):
            call = next((i for i in waiting if _answers(item, context[i])), None)
            if call is None:
                orphans.add(index)
            else:
                waiting.remove(call)
                pairs[call] = index
    return pairs, orphans


def _answers(result: ToolResult, call: ToolCall) -> bool:
    if result.id and call.id:
        return result.id == call.id
    return not result.name or result.name == call.name


def _turns(context: Sequence[Any], pairs: dict[int, int], orphans: set[int]) -> Iterator[Turn]:
    group: list[int] = []
    spoken, said = "", False
    for index, item in enumerate(context):
        if index in pairs:
            group.append(index)
            continue
        told = _told(item, index in orphans, said)
        if told is None and not isinstance(item, ToolResult):
            continue
        yield from _flush(context, pairs, spoken, group)
        spoken, group = "", []
        if told is None:
            continue
        said = said or isinstance(item, Message)
        if told.role == "assistant":
            spoken = told.text
        else:
            yield told
    yield from _flush(context, pairs, spoken, group)


def _flush(
    context: Sequence[Any], pairs: dict[int, int], spoken: str, group: list[int]
) -> Iterator[Turn]:
    """What the assistant said and the calls it made in the same breath, then their results."""
    if not spoken and not group:
        return
    calls = tuple(
        Call(f"call_{i}", context[i].name, json_text(context[i].arguments)) for i in group
    )
    yield Turn("assistant", spoken, calls)
    for call, i in zip(calls, group, strict=True):
        yield Turn("tool", _output(context[pairs[i]]), answers=call.id)


def _told(item: Any, orphan: bool, said: bool) -> Turn | None:
    """A context item as a message of its own, or None where it is none."""
    if isinstance(item, Message):
        role = ROLES.get(item.role)
        return Turn(role, item.text) if role and item.text else None
    if isinstance(item, Document):
        # what the agent was given before the conversation are its instructions
        head = " ".join(part for part in (item.title, item.uri and f"<{item.uri}>") if part)
        text = f"{head}\n\n{item.text}".strip()
        return Turn("user" if said else "system", text) if text else None
    if isinstance(item, ToolCall):
        return Turn("assistant", _call_text(item.name, json_text(item.arguments)))
    if isinstance(item, ToolResult) and orphan:
        return Turn("user", f"{item.name or 'tool'}: {_output(item)}")
    return None


def _output(result: ToolResult) -> str:
    text = result.output if isinstance(result.output, str) else json_text(result.output)
    return f"Error: {text}" if result.error and not text.startswith("Error") else text


def _call_text(name: str, arguments: str) -> str:
    return f'{{"arguments":{arguments},"name":{json_text(name)}}}'


def _plain(turn: Turn) -> str:
    calls = [_call_text(call.name, call.arguments) for call in turn.calls]
    return "\n".join([turn.text, *calls] if turn.text else calls)


def _openai(turn: Turn) -> dict[str, Any]:
    if turn.role == "tool":
        return {"role": "tool", "tool_call_id": turn.answers, "content": turn.text}
    if not turn.calls:
        return {"role": turn.role, "content": turn.text}
    calls = [
        {
            "id": call.id,
            "type": "function",
            "function": {"name": function_name(call.name), "arguments": call.arguments},
        }
        for call in turn.calls
    ]
    return {"role": "assistant", "content": turn.text or None, "tool_calls": calls}
