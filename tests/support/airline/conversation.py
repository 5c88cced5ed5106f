"""A conversation up to a call, as context items and as something rules can ask."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .source import Call, Episode, Record, is_error


@dataclass(frozen=True)
class Answered:
    """An earlier call with its answer; `index` is the answer's place in the context."""

    index: int
    name: str
    arguments: Record
    output: Any
    error: bool


@dataclass(frozen=True)
class Conversation:
    """Context items of wire format 1, oldest first."""

    items: tuple[Record, ...]

    def said(self, role: str) -> Iterator[tuple[int, str]]:
        """What `user` or `agent` said, newest first, with its index in the context."""
        for index in reversed(range(len(self.items))):
            item = self.items[index]
            if item["type"] == "message" and item["role"] == role:
                yield index, item["text"]

    def answered(self) -> Iterator[Answered]:
        """Earlier calls with their answers, newest first."""
        for index in reversed(range(len(self.items))):
            item = self.items[index]
            if item["type"] == "tool_result":
                # by place, not by id: ids repeat within an episode, the answer follows its call
                arguments = self.items[index - 1]["arguments"]
                yield Answered(index, item["name"], arguments, item["output"], item["error"])

    def read(self, tool: str, **arguments: str) -> int | None:
        """The index of the newest answer to this reading call, or None if it was never made."""
        for one in self.answered():
            if one.name == tool and one.arguments == arguments and not one.error:
                return one.index
        return None


def conversation_before(episode: Episode, call: Call) -> Conversation:
    """Everything before `call`, and what the agent said in the same breath, but not the call."""
    items = [item for m in episode.messages[: call.position] for item in _items(m)]
    if call.spoken:
        items.append({"type": "message", "role": "agent", "text": call.spoken})
    return Conversation(tuple(items))


def _items(message: Record) -> Iterator[Record]:
    role, text = message["role"], message["content"] or ""
    if role == "system":
        yield {"type": "document", "title": "policy", "text": text}
    elif role == "tool":
        # the tool 'think' answers nothing: its call is the thought
        if message["name"] != "think":
            yield _result(message)
    else:
        if text:
            yield {"type": "message", "role": "user" if role == "user" else "agent", "text": text}
        for call in message.get("tool_calls") or ():
            yield _call(call)


def _call(call: Record) -> Record:
    name, arguments = call["function"]["name"], json.loads(call["function"]["arguments"])
    if name == "think":
        return {"type": "message", "role": "thought", "text": arguments["thought"]}
    return {"type": "tool_call", "name": name, "arguments": arguments, "id": call["id"]}


def _result(message: Record) -> Record:
    return {
        "type": "tool_result",
        "name": message["name"],
        "id": message["tool_call_id"],
        "output": _exact(message["content"]),
        "error": is_error(message["content"]),
    }


def _exact(text: str) -> Any:
    """An object or array where writing it again gives the same text, else the text itself."""
    if text[:1] in ("{", "["):
        value = json.loads(text)
        return value if json.dumps(value) == text else text
    return text
