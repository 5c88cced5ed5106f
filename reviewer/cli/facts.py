"""Values of the queue as JSON documents: what `--json` answers with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..domain.instant import iso

if TYPE_CHECKING:
    from ..domain.state import State
    from ..queue import Entry, Event, Item, Settled, Verdict


def at(instant: int | None) -> str | None:
    """RFC 3339 in UTC, or None."""
    return None if instant is None else iso(instant)


def state(value: State) -> dict[str, Any]:
    """Where an artifact stands."""
    return {
        "id": value.id,
        "key": value.key,
        "agent": value.agent,
        "kind": value.kind,
        "status": str(value.status),
        "queue": value.queue,
        "risk": str(value.risk),
        "digest": value.digest,
        "revision": value.revision,
        "due_at": at(value.due_at),
        "created_at": at(value.created_at),
        "expires_at": at(value.expires_at),
        "snoozed_until": at(value.snoozed_until),
        "decided_at": at(value.decided_at),
        "effective_at": at(value.effective_at),
        "allowed": list(value.allowed),
        "quorum": value.quorum,
        "approvers": list(value.approvers),
        "assignee": value.assignee,
        "holder": value.lease_owner,
        "held_until": at(value.lease_until) if value.lease_owner else None,
        "escalated": value.escalated,
    }


def entry(value: Entry) -> dict[str, Any]:
    """One line of a list."""
    return state(value.state) | {
        "title": value.title,
        "agent_version": value.agent_version,
        "reasons": list(value.reasons),
        "confidence": value.confidence,
        "writes": value.writes,
        "supersedes": value.supersedes,
        "superseded_by": value.superseded_by,
        "decision": value.decision,
        "decided_by": value.decided_by,
        "outcome": value.outcome,
    }


def item(value: Item) -> dict[str, Any]:
    """One artifact in full."""
    reasons = [
        {
            "code": reason.code,
            "detail": reason.detail,
            "source": reason.source,
            "score": reason.score,
            "at": at(reason.at),
            "evidence": reason.evidence,
        }
        for reason in value.reasons
    ]
    return entry(value.entry) | {"reasons": reasons, "artifact": value.artifact.document()}


def settled(value: Settled) -> dict[str, Any]:
    """What a decision did."""
    return {
        "artifact": value.state.id,
        "decision": str(value.decision),
        "status": str(value.state.status),
        "revision": value.state.revision,
        "digest": value.state.digest,
        "operation": value.operation_id,
        "effective_at": at(value.effective_at),
    }


def verdict(value: Verdict) -> dict[str, Any]:
    """The decision as the agent gets it."""
    return {
        "artifact": value.artifact_id,
        "key": value.key,
        "status": str(value.status),
        "decision": value.decision,
        "by": value.by,
        "at": at(value.at),
        "digest": value.digest,
        "writes": list(value.writes),
        "reasons": list(value.reasons),
        "comment": value.comment,
    }


def event(value: Event) -> dict[str, Any]:
    """One audit event."""
    return {
        "seq": value.seq,
        "at": at(value.at),
        "event": value.event,
        "artifact": value.artifact_id,
        "actor": value.actor,
        "actor_kind": value.actor_kind,
        "facts": value.facts,
    }
