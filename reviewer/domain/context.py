"""Context: what the reviewer needs to judge a write, a discriminated union on `type`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, JsonValue

from .writes import Model, Name, Text


class Timed(Model):
    """A context item; `at` is when it happened."""

    at: AwareDatetime | None = None


class Message(Timed):
    """One message of a conversation; role `thought` is the agent's own reasoning."""

    type: Literal["message"]
    role: Literal["system", "user", "assistant", "agent", "person", "thought"]
    text: Text


class ToolCall(Timed):
    """A call that the agent made while working."""

    type: Literal["tool_call"]
    name: Name
    arguments: JsonValue = {}
    id: Annotated[str, Field(max_length=200)] = ""


class ToolResult(Timed):
    """What a tool answered; `id` is the call's."""

    type: Literal["tool_result"]
    name: Annotated[str, Field(max_length=512)] = ""
    id: Annotated[str, Field(max_length=200)] = ""
    output: JsonValue = None
    error: bool = False


class Document(Timed):
    """A document that the agent read."""

    type: Literal["document"]
    title: Text = ""
    uri: Annotated[str, Field(max_length=8192)] = ""
    text: Text = ""


class Note(Timed):
    """A remark for the reviewer."""

    type: Literal["note"]
    text: Text


class Link(Timed):
    """Somewhere to look further."""

    type: Literal["link"]
    title: Text = ""
    uri: Annotated[str, Field(min_length=1, max_length=8192)]


ContextItem = Annotated[
    Message | ToolCall | ToolResult | Document | Note | Link, Field(discriminator="type")
]
