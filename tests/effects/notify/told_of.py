"""A notification whose every text is hostile."""

from __future__ import annotations

from typing import Any

from reviewer.domain.governance import Notice
from reviewer.domain.instant import parse_iso

NOW = parse_iso("2026-11-20T09:00:00Z")
TITLE = (
    "Refund\r\nBcc: all@evil.example <!channel> @here "
    "[pay](https://evil.example) \x1b]52;c;A\x07\u202e"
)


def notice(**more: Any) -> Notice:
    """Step 2 of the chain of artifact a1, to ana by the channel `chat`."""
    facts: dict[str, Any] = {
        "step": 2,
        "turn": 1,
        "channel": "chat",
        "to": "ana",
        "title": TITLE,
        "agent": "refund\nbot",
        "kind": "refund",
        "risk": "critical",
        "queue": "billing",
        "due_at": parse_iso("2026-11-20T10:00:00Z"),
        "why": "not decided in 80 % of its time; goes to ana",
    } | more
    return Notice(7, "a1", 2, 1, facts["to"], facts["channel"], facts)
