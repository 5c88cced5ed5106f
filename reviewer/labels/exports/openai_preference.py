"""OpenAI preference (DPO): `input{messages,tools,parallel_tool_calls}`, two outputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..conversation import conversation, openai_messages, openai_tools
from .revisions import Case
from .rules import pairs


def records(case: Case) -> Iterator[dict[str, Any]]:
    """One record for an edit and for every rejected revision of an approved artifact."""
    for pair in pairs(case):
        turns = conversation(pair.artifact)
        yield {
            "input": {
                "messages": openai_messages(turns),
                "tools": openai_tools(pair.artifact, turns),
                "parallel_tool_calls": True,
            },
            "preferred_output": [{"role": "assistant", "content": pair.chosen}],
            "non_preferred_output": [{"role": "assistant", "content": pair.rejected}],
        }
