"""Artifacts and actors for tests of the queue."""

from __future__ import annotations

from typing import Any

from reviewer.domain.artifact import Artifact, parse
from reviewer.domain.decision import Actor, Decision, Kind
from reviewer.queue import Entry, Target

BOT = Actor("refund-bot", "agent", frozenset({"agent"}))
ANNA = Actor("anna")
BEN = Actor("ben")
LEAD = Actor("lea", "person", frozenset({"reviewer", "lead"}))


def refund(key: str, agent: str = "refund-bot", **fields: Any) -> Artifact:
    """An artifact with one record write and one escalation."""
    document: dict[str, Any] = {
        "key": key,
        "agent": {"name": agent, "version": "1"},
        "kind": "refund",
        "title": f"Refund order {key}",
        "writes": [
            {
                "type": "record",
                "system": "crm",
                "resource": f"order/{key}",
                "before": {"status": "open", "amount": 0},
                "after": {"status": "refunded", "amount": 12.5},
            }
        ],
        "escalations": [{"code": "low_confidence", "detail": "two orders match", "score": 0.41}],
        "confidence": 0.62,
    }
    return parse(document | fields)


def decision(
    entry: Entry, kind: Kind, operation: str, fence: int | None = None, **more: Any
) -> Decision:
    """A decision on what a list shows, with what its kind needs."""
    state = entry.state
    if kind is Kind.REJECT:
        more.setdefault("reasons", ("wrong_value",))
    if kind is Kind.RESPOND:
        more.setdefault("comment", "Which order do you mean?")
    return Decision(kind, state.id, state.revision, state.digest, operation, fence, **more)


def target(entry: Entry) -> Target:
    """A target of a bulk decision, as listed."""
    return Target(entry.state.id, entry.state.revision, entry.state.digest)
