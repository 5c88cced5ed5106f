"""OpenAI supervised fine-tuning: `messages` of the Chat Completions API, and `tools`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..conversation import conversation, openai_messages, openai_tools
from .revisions import Case
from .rules import final


def records(case: Case) -> Iterator[dict[str, Any]]:
    """One record for an approved or edited artifact; `tools` only where there are any."""
    good = final(case)
    if good is not None:
        turns = conversation(case.row.artifact)
        tools = openai_tools(case.row.artifact, turns)
        messages = [*openai_messages(turns), {"role": "assistant", "content": good}]
        yield {"messages": messages} | ({"tools": tools} if tools else {})
