"""Triage, for whoever is on call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from .decisions import decisions
from .model import Action
from .model import one as _one

MOVES = ("reassign", "snooze", "escalate")
"""The decisions that move an artifact: all that a line of a list is enough for."""


def triage() -> Iterable[Action]:
    """What the screen does; what is decided on the artifact itself is decided where it is read."""
    one = partial(_one, "triage", "Triage")

    yield one("open", "enter", "open", "Open it for review; on a queue: list only that.")
    yield one(
        "take_next", "n", "next", "Claim and open what is most urgent and free.",
        guard="decider online",
    )  # fmt: skip
    yield one(
        "take_over", "T", "take", "Take it over from whoever holds it, and open it.",
        guard="decider lead artifact pending shown",
    )  # fmt: skip
    yield one(
        "page", "p", "page", "Page whoever is on call for it; this escalates it to them.",
        guard="decider artifact pending shown",
    )  # fmt: skip
    for action in decisions():
        if action.id in MOVES:
            yield replace(action, scope="triage", group="Triage")
    yield one("to_me", "M", "", "Reassign it to yourself.", guard="decider artifact pending shown")
    yield one("copy", "y", "", "Copy it: text, JSON, id or permalink.", guard="artifact")
    yield one(
        "notices", "N", "", "Whom nobody told: notifications that failed or are unknown.",
        call="door('notices')",
    )  # fmt: skip
    yield one("switch", "tab shift+tab", "queues", "To the queues, or back to the list.")
    yield one("all_queues", "backspace", "", "List all queues again.")
