"""One audit record: what happened, by whom, under what authority, on which digest."""

from __future__ import annotations

from typing import Any

from ..domain.decision import Actor
from ..domain.digest import canonical
from ..domain.instant import iso
from ..domain.lifecycle import Step

FORMAT = 2
"""Records of format 1 name the policy of the artifact's admission; see `authority`."""


def record(seq: int, step: Step, actor: Actor, at: int, policy: str) -> str:
    """The canonical JSON text (RFC 8785) of the record of a step.

    `seq` is the record's number in the queue, `at` an instant in microseconds, `policy` the digest
    of the policy in force.
    """
    return event(seq, step.event, step.state.id, actor, at, subject(step), policy)


def event(
    seq: int,
    name: str,
    artifact_id: str,
    actor: Actor,
    at: int,
    facts: dict[str, Any],
    policy: str,
) -> str:
    """The canonical JSON text of any event, for those that are no step of an artifact."""
    value = {
        "format": FORMAT,
        "seq": seq,
        "at": iso(at),
        "event": name,
        "artifact": artifact_id,
        "actor": {
            "id": actor.id,
            "kind": actor.kind,
            "roles": sorted(actor.roles),
            "by": actor.authenticated_by,
        },
        "policy": policy,
        "facts": facts,
    }
    return canonical(value).decode("utf-8")


def subject(step: Step) -> dict[str, Any]:
    """The step's facts together with what they are about: agent, key, digest, status."""
    state = step.state
    about = {
        "agent": state.agent,
        "key": state.key,
        "kind": state.kind,
        "digest": state.digest,
        "status": str(state.status),
    }
    return about | dict(step.facts)
