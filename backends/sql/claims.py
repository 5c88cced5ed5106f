"""Claims: a lease for courtesy, a fencing token for safety.

Claiming again what one holds gives a new token: the window that claimed before is stale then, so
that one person at two desks never overwrites what they have not seen.  Renewing keeps the token.
"""

from __future__ import annotations

import json
from dataclasses import replace

from reviewer.domain.decision import Actor, Code, Refusal
from reviewer.domain.lifecycle import Status

from .clocks import expire
from .deciding import not_found
from .rows import Hot, hot
from .transaction import Transaction


def may_review(actor: Actor) -> bool:
    """Whether the actor's kind and roles let them claim."""
    return actor.kind == "person" and bool(actor.roles & {"reviewer", "lead", "admin"})


def claim(
    tx: Transaction, artifact_id: str, actor: Actor, lease: int, take_over: bool
) -> Hot | Refusal:
    """Leases an artifact for `lease` microseconds; answers with its row after that."""
    found = tx.artifact(artifact_id)
    if found is None:
        return not_found(artifact_id)
    found = expire(tx, found) or found
    refusal = _refused(tx, found, actor, take_over)
    if refusal:
        return refusal
    state = found.state
    until = tx.now + lease
    fence = tx.one("claim", id_=found.id, owner_=actor.id, until_=until)[0]
    facts: dict[str, object] = {"fence": fence}
    if state.leased(tx.now) and state.lease_owner != actor.id:
        facts["from"] = state.lease_owner
    tx.event("claimed", found, actor, facts)
    return replace(
        found, state=replace(state, lease_owner=actor.id, lease_until=until, fence=fence)
    )


def _refused(tx: Transaction, found: Hot, actor: Actor, take_over: bool) -> Refusal | None:
    state = found.state
    if not may_review(actor):
        return Refusal(Code.NOT_ALLOWED, f"{actor.id} has no role that may claim.", state.id)
    if state.status is not Status.PENDING:
        return Refusal(Code.ALREADY_DECIDED, f"It is {state.status} already.", state.id)
    if not state.leased(tx.now) or state.lease_owner == actor.id:
        return None
    if not take_over:
        return Refusal(Code.CLAIMED_BY, f"{state.lease_owner} has claimed it.", state.id)
    if not actor.roles & {"lead", "admin"}:
        return Refusal(Code.NOT_ALLOWED, "Only a lead can take over another's claim.", state.id)
    return None


def claim_next(tx: Transaction, sql: str, values: dict[str, object], actor: Actor) -> Hot | None:
    """Runs the claiming statement of a filter; answers with the row it claimed."""
    row = tx.connection.execute(sql, values).fetchone()
    if row is None:
        return None
    found = hot(row)
    tx.event("claimed", found, actor, {"fence": found.state.fence})
    return found


def renew(tx: Transaction, artifact_id: str, fence: int, actor: Actor, lease: int) -> int | Refusal:
    """A later end of the same claim, as long as it has not ended."""
    found = tx.artifact(artifact_id)
    if found is None:
        return not_found(artifact_id)
    state = found.state
    if state.status is not Status.PENDING:
        return Refusal(Code.ALREADY_DECIDED, f"It is {state.status} already.", artifact_id)
    if state.fence != fence:
        sentence = "Your claim ended and somebody claimed it since."
        return Refusal(Code.LOST_CLAIM, sentence, artifact_id)
    if state.lease_owner != actor.id or not state.leased(tx.now):
        return Refusal(Code.LOST_CLAIM, "Your claim has ended; claim it again.", artifact_id)
    until = tx.now + lease
    tx.run("renew", id_=found.id, until_=until)
    return until


def release(tx: Transaction, artifact_id: str, fence: int, actor: Actor) -> None:
    """Gives a claim back, if it is still that one."""
    found = tx.artifact(artifact_id)
    if found is None or found.state.fence != fence or found.state.lease_owner != actor.id:
        return
    tx.run("release", id_=found.id)
    tx.event("released", found, actor, {"fence": fence})


def approved_by(actor: Actor) -> str:
    """How this actor stands among the approvers, which are a JSON array."""
    return json.dumps(actor.id)
