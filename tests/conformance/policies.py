"""Policies for these tests; JSON is YAML."""

from __future__ import annotations

import json
from typing import Any

from reviewer.queue import Queue

Document = dict[str, Any]
SURE: Document = {
    "confidence": 0, "risk": "critical", "known_shapes": 0, "spread": None, "sample": 0,
}  # fmt: skip
"""Limits within which everything is decided alone."""


def policy(agent: Document | None = None, **more: Any) -> str:
    """A file in which `bot` is granted everything, with what else is said of it."""
    bot = {"grants": [{"write": "*"}], **(agent or {})}
    return json.dumps(
        {"version": 1, "agents": {"bot": bot, "*": {"grants": [{"write": "*"}]}}} | more
    )


def alone(**more: Any) -> str:
    """A policy under which `bot` decides everything alone, new versions too."""
    autonomy = SURE | more.pop("autonomy", {})
    given = {"mode": "autonomous", "new_version": "autonomous", "autonomy": autonomy}
    return policy(given | more)


async def events(queue: Queue, artifact_id: str = "") -> list[tuple[str, str, dict[str, Any]]]:
    """The records filed under an artifact, or of policies: event, actor, facts."""
    found = [json.loads(row.record) async for row in queue.audit()]
    return [
        (one["event"], one["actor"]["id"], one["facts"])
        for one in found
        if one["artifact"] == artifact_id
    ]
