"""Decide and undo: one transaction each, exactly once for an operation id."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from reviewer.domain import lifecycle
from reviewer.domain.artifact import Artifact
from reviewer.domain.decision import Actor, Code, Decision, Kind, Refusal
from reviewer.domain.digest import canonical
from reviewer.domain.lifecycle import STATUS_AFTER, Status, Step
from reviewer.labels.label import label
from reviewer.queue import BulkResult, Settled

from . import consequences
from .clocks import expire
from .in_force import in_force
from .rows import Hot
from .transaction import Transaction, effect


def decide(tx: Transaction, decision: Decision, actor: Actor) -> Settled | Refusal:
    """Stores a decision, or says why not; the same operation id is answered as before."""
    found = tx.artifact(decision.artifact_id)
    if found is None:
        return not_found(decision.artifact_id)
    if (expired := expire(tx, found)) is not None:
        found = expired
    artifact = None
    if decision.kind is Kind.EDIT:
        artifact = Artifact.model_validate_json(tx.payload(found))
    window = tx.dialect.undo_window
    step = lifecycle.settle(found.state, decision, actor, tx.now, artifact, window)
    # a repeated operation always names a revision that has passed, so it is looked up only here
    if isinstance(step, Refusal):
        return repeated(tx, decision, actor) or step
    against = against_policy(tx, found, decision, actor, artifact)
    if against is not None:
        return against
    try:
        _store(tx, found, step, decision, actor, artifact)
    except Exception as error:
        if tx.dialect.is_duplicate(error):
            raise OperationTakenError(decision.artifact_id) from error
        raise
    return Settled(step.state, decision.operation_id, decision.kind, step.state.effective_at)


def against_policy(
    tx: Transaction, found: Hot, decision: Decision, actor: Actor, artifact: Artifact | None = None
) -> Refusal | None:
    """Why the policy in force refuses a decision that the artifact itself allows, or None.

    An approval is held against today's grants where another policy was in force at admission:
    only then its body is read.
    """
    from reviewer.policy.deciding import refused

    state = found.state
    force = in_force(tx, state.agent, state.kind)
    if artifact is None and decision.kind is Kind.APPROVE and found.policy != force.policy.digest:
        artifact = Artifact.model_validate_json(tx.payload(found))
    return refused(force.policy, state, decision, actor, artifact, force.stopped)


class OperationTakenError(Exception):
    """The operation id was used for something else; the transaction must be rolled back."""

    def refusal(self) -> Refusal:
        """The same for the caller."""
        sentence = "This operation id was used for another decision."
        return Refusal(Code.INVALID, sentence, str(self.args[0]))


def repeated(tx: Transaction, decision: Decision, actor: Actor) -> Settled | Refusal | None:
    """The answer to an operation id that was decided before, or None."""
    row = tx.one("decision_by_operation", operation_id=decision.operation_id)
    if row is None:
        return None
    _, revision, kind, who, at, effective_at, _, public_id = row
    if (public_id, kind, who) != (decision.artifact_id, str(decision.kind), actor.id):
        return OperationTakenError(decision.artifact_id).refusal()
    found = tx.artifact(public_id)
    assert found is not None
    state = found.state
    if state.revision != revision + 1 and effective_at is not None:
        state = replace(
            state,
            status=STATUS_AFTER[decision.kind],
            revision=revision + 1,
            decided_at=at,
            effective_at=effective_at,
        )
    return Settled(state, decision.operation_id, decision.kind, effective_at)


def _store(
    tx: Transaction,
    found: Hot,
    step: Step,
    decision: Decision,
    actor: Actor,
    artifact: Artifact | None,
) -> None:
    if step.label:
        if tx.run("artifact_decide", **decided_row(found, step, decision, actor)) != 1:
            raise RuntimeError(f"artifact {found.state.id} changed inside a transaction")
        tx.record(step, actor)
        _store_terminal(tx, found, step, decision, actor, artifact)
        consequences.taken(tx, [(found, step, decision)], actor)
    else:
        tx.store(found, step, actor)
        tx.run("decision_insert", **decision_row(tx.now, found, step, decision, actor))


def store_alone(tx: Transaction, found: Hot, step: Step, decision: Decision, actor: Actor) -> None:
    """Stores what the policy decided at admission; the row is stored as decided already."""
    tx.record(step, actor)
    _store_terminal(tx, found, step, decision, actor)
    consequences.taken(tx, [(found, step, decision)], actor)


def _store_terminal(
    tx: Transaction,
    found: Hot,
    step: Step,
    decision: Decision,
    actor: Actor,
    artifact: Artifact | None = None,
) -> None:
    if step.effect:
        tx.run("effect_insert", **effect(found, step))
    tx.run("label_insert", **label_row(tx, found, step, decision, actor, artifact))
    tx.run("decision_insert", **decision_row(tx.now, found, step, decision, actor))


def decided_row(found: Hot, step: Step, decision: Decision, actor: Actor) -> dict[str, Any]:
    """The values of `artifact_decide`."""
    state = step.state
    return {
        "id_": found.id,
        "was": found.state.revision,
        "status_": str(state.status),
        "revision_": state.revision,
        "decided_at_": state.decided_at,
        "effective_at_": state.effective_at,
        "decision_": str(decision.kind),
        "decided_by_": actor.id,
    }


def decision_row(
    now: int, found: Hot, step: Step, decision: Decision, actor: Actor, bulk: str = ""
) -> dict[str, Any]:
    """The values of `decision_insert`."""
    writes = step.final.document()["writes"] if step.final else None
    return {
        "operation_id": decision.operation_id,
        "artifact_id": found.id,
        "revision": found.state.revision,
        "kind": str(decision.kind),
        "actor": actor.id,
        "actor_kind": actor.kind,
        "at": now,
        "digest": decision.digest,
        "digest_decided": step.facts.get("digest_decided", ""),
        "reasons": json.dumps(decision.reasons) if decision.reasons else "[]",
        "comment": decision.comment,
        "writes": canonical(writes).decode() if writes is not None else None,
        "effective_at": step.state.effective_at if step.label else None,
        "undone_at": None,
        "bulk": bulk,
    }


def label_row(
    tx: Transaction,
    found: Hot,
    step: Step,
    decision: Decision,
    actor: Actor,
    artifact: Artifact | None = None,
) -> dict[str, Any]:
    """The values of `label_insert`."""
    document = label(step.state, decision, actor, tx.now, artifact, step.final, tx.policy())
    return {
        "artifact_id": found.id,
        "revision": found.state.revision,
        "effective_at": step.state.effective_at,
        "document": canonical(document).decode(),
    }


def undo_one(
    tx: Transaction, found: Hot, revision: int, decided_by: str, undone: bool, actor: Actor
) -> Refusal | None:
    """Takes back the decision on `revision`; None when it is taken back (now or before)."""
    # what a later revision voided was not taken back by anybody
    if undone and found.state.status is not Status.SUPERSEDED:
        return None
    if undone or found.state.revision != revision + 1:
        sentence = "It has moved on since; this decision no longer stands."
        return Refusal(Code.TOO_LATE, sentence, found.state.id)
    step = lifecycle.undo(found.state, actor, decided_by, tx.now)
    if isinstance(step, Refusal):
        return step
    consequences.void(tx, found)
    tx.store(found, step, actor)
    return None


def undo_single(tx: Transaction, operation_id: str, actor: Actor) -> BulkResult | None:
    """Takes back one decision; None where the id is no single decision's."""
    row = tx.one("decision_by_operation", operation_id=operation_id)
    if row is None:
        return None
    _, revision, _, decided_by, _, _, undone_at, public_id = row
    found = tx.artifact(public_id)
    assert found is not None
    refusal = undo_one(tx, found, revision, decided_by, undone_at is not None, actor)
    if refusal:
        return BulkResult(operation_id, 0, (refusal,))
    return BulkResult(operation_id, 1, ())


def not_found(artifact_id: str) -> Refusal:
    """There is no such artifact."""
    return Refusal(Code.NOT_FOUND, f"There is no artifact {artifact_id}.", artifact_id)
