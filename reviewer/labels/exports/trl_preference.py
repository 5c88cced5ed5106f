"""TRL preference for DPO, conversational: `prompt`, `chosen`, `rejected`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..conversation import conversation, plain_messages
from .revisions import Case
from .rules import pairs


def records(case: Case) -> Iterator[dict[str, Any]]:
    """One record for an edit and for every rejected revision of an approved artifact."""
    for pair in pairs(case):
        yield {
            "prompt": plain_messages(conversation(pair.artifact)),
            "chosen": [{"role": "assistant", "content": pair.chosen}],
            "rejected": [{"role": "assistant", "content": pair.rejected}],
        }
