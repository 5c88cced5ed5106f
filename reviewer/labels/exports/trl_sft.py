"""TRL supervised fine-tuning, conversational language modelling: `messages[{role,content}]`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..conversation import conversation, plain_messages
from .revisions import Case
from .rules import final


def records(case: Case) -> Iterator[dict[str, Any]]:
    """One record for an approved or edited artifact; the last message is the completion."""
    good = final(case)
    if good is not None:
        prompt = plain_messages(conversation(case.row.artifact))
        yield {"messages": [*prompt, {"role": "assistant", "content": good}]}
