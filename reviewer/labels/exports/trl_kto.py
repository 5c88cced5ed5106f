"""TRL unpaired preference for KTO, conversational: `prompt`, `completion`, `label` (bool)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..conversation import conversation, plain_messages
from .revisions import Case
from .rules import proposal, verdict


def records(case: Case) -> Iterator[dict[str, Any]]:
    """One record for an approved (true) or rejected (false) artifact."""
    label = verdict(case)
    if label is not None:
        artifact = case.row.artifact
        yield {
            "prompt": plain_messages(conversation(artifact)),
            "completion": [{"role": "assistant", "content": proposal(artifact)}],
            "label": label,
        }
