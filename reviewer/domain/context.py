"""Context: what the reviewer needs to judge a write, a discriminated union on `type`."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BeforeValidator, Field, JsonValue

from .writes import Model, Name, Text


def _rfc3339(value: object) -> object:
    """Texts and datetimes only: a bare number is no time, though pydantic would read one."""
    if isinstance(value, str) and not re.match(r"\d{4}-\d\d-\d\d[Tt ]", value):
        raise ValueError("a time is written like 2026-11-20T10:00:00Z (RFC 3339)")
    if not isinstance(value, str | datetime | None):
        raise ValueError("a time is a text like 2026-11-20T10:00:00Z (RFC 3339)")
    return value


When = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_rfc3339)]
"""A time with an offset (RFC 3339)."""


class Timed(Model):
    """A context item; `at` is when it happened."""

    at: When | None = None


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
