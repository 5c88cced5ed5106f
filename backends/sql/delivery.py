"""What the agent gets: the verdict, and what it reports back."""

from __future__ import annotations

import json

from reviewer.domain import lifecycle
from reviewer.domain.decision import POLICY, Actor, Refusal
from reviewer.domain.lifecycle import STATUS_AFTER, State
from reviewer.domain.refusing import report_refused
from reviewer.domain.state import SHADOWED, Mode
from reviewer.queue import Verdict

from . import consequences, ledger
from .clocks import expire
from .deciding import not_found
from .proof import decided_writes, misdecided
from .rows import Hot
from .transaction import Reader, Transaction


def verdict(reader: Reader, found: Hot) -> Verdict:
    """The verdict of an artifact whose undo window is over; raises `TamperedError`."""
    state = found.state
    if state.mode is Mode.SHADOW:  # it was told at admission that nothing comes of it
        return Verdict(state.id, state.key, SHADOWED, "", POLICY, state.created_at, state.digest)
    assert state.decided_at is not None
    row = None
    if found.decision:
        row = reader.one("decision_of", artifact_id=found.id, revision=state.revision - 1)
    if row is None:  # nobody decided: expired, withdrawn, superseded
        if state.status in STATUS_AFTER.values():
            raise misdecided(state.id)
        return Verdict(
            state.id, state.key, str(state.status), "", found.decided_by, state.decided_at,
            state.digest,
        )  # fmt: skip
    kind, who, at, digest, reasons, comment, edited, _ = row
    # a verdict over swapped bytes is refused, every time
    writes = decided_writes(state, kind, digest, reader.payload(found), edited)
    try:
        reasons = tuple(json.loads(reasons))
    except (ValueError, TypeError):
        raise misdecided(state.id) from None
    return Verdict(
        state.id,
        state.key,
        str(state.status),
        kind,
        who,
        at,
        digest,
        tuple(writes),
        reasons,
        comment,
    )


def deliver(tx: Transaction, artifact_id: str) -> Verdict | None:
    """Records that the agent fetches its verdict, and answers with it.

    Delivery is at least once: the record comes first, the answer after the commit; an agent that
    lost the answer asks again and gets the same.  The effect goes to `applied` once.
    """
    found = tx.artifact(artifact_id)
    if found is None:
        return None
    found = expire(tx, found) or found
    effective_at = found.state.effective_at
    if effective_at is None or tx.now < effective_at:
        return None
    if consequences.held_back(tx, found):
        return None
    agent = Actor(found.state.agent, "agent", frozenset({"agent"}), "polling")
    changed = tx.run(
        "effect_delivered",
        artifact_id_=found.id,
        revision_=found.state.revision - 1,
        worker_=agent.id,
        detail_="fetched by the agent",
    )
    if changed:
        tx.event("delivered", found, agent, {"effect": "deliver", "by": "polling"})
    # an expiry just carried out changed the stored line as well
    return verdict(tx, tx.artifact(artifact_id) or found)


def withdraw(tx: Transaction, artifact_id: str, actor: Actor) -> State | Refusal:
    """The agent takes its pending artifact back."""
    found = tx.artifact(artifact_id)
    if found is None:
        return not_found(artifact_id)
    found = expire(tx, found) or found
    step = lifecycle.withdraw(found.state, actor.id, tx.now)
    if isinstance(step, Refusal):
        return step
    tx.store(found, step, actor, decided_by=actor.id)
    return step.state


def report_outcome(
    tx: Transaction, artifact_id: str, outcome: str, detail: str, actor: Actor
) -> State | Refusal:
    """Stores what became of the writes; only what was approved and has gone out has an outcome."""
    found = tx.artifact(artifact_id)
    if found is None:
        return not_found(artifact_id)
    refused = report_refused(found.state, found.outcome, outcome, actor, tx.now)
    if refused is not None:
        return refused
    if found.outcome != outcome:
        tx.run("artifact_outcome", id_=found.id, outcome_=outcome)
        tx.event("outcome", found, actor, {"outcome": outcome, "detail": detail})
        consequences.count(tx, [ledger.of_report(found, outcome)])
    return found.state
