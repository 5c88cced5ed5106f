"""Deciding: the same keys wherever an artifact is shown."""

from __future__ import annotations

from collections.abc import Iterable

from .model import Action, one


def decisions() -> Iterable[Action]:
    """The seven decisions, each to go on and to stay."""
    rows = (
        ("approve", "a", "approve", "Approve exactly what is shown", "pending allowed shown flags"),
        ("edit", "e", "edit", "Change the writes, then approve your version", "pending allowed"),
        ("reject", "r", "reject", "Reject with a reason", "pending allowed shown"),
        ("respond", "c", "respond", "Answer the agent in words", "pending allowed shown"),
        ("reassign", "m", "reassign", "Give it to another person or queue", "pending shown"),
        ("snooze", "z", "snooze", "Put it aside until a time", "pending shown"),
        ("escalate", "x", "escalate", "Hand it up, with a reason", "pending shown"),
    )  # fmt: skip
    for kind, key, label, sentence, guard in rows:
        everywhere = f"decider artifact {guard} policy"
        yield one(
            "decide", "Decide", kind, key, label, f"{sentence}, then go on to the next.",
            call=f"decide('{kind}', True)", guard=everywhere,
        )  # fmt: skip
        yield one(
            "decide", "Decide and stay", f"{kind}.stay", key.upper(), "", f"{sentence}, and stay.",
            call=f"decide('{kind}', False)", guard=everywhere,
        )  # fmt: skip
