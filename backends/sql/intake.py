"""Taking artifacts in: idempotent by (agent, key), routed, superseding older ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reviewer.domain import lifecycle
from reviewer.domain.artifact import Artifact
from reviewer.domain.decision import Actor
from reviewer.domain.digest import canonical, digest_bytes
from reviewer.domain.errors import ConflictError, InputError, ReviewerError
from reviewer.domain.lifecycle import Ruling, State, Step
from reviewer.domain.state import Added
from reviewer.policy.facts import Asked, Facts
from reviewer.queue import Submitted
from reviewer.shapes.shape import shape_of

from . import alerts, consequences, deciding, known, rulings, search
from .ids import public_id
from .in_force import Policies, in_force
from .rows import Hot, hot
from .transaction import Transaction


@dataclass(frozen=True, slots=True)
class Incoming:
    """An artifact made ready outside of the transaction: document, bytes, digest, key, shape.

    The shape is that of the agent's own reasons: where the policy adds some it is made anew.
    `asked` is what the policy `policy` wants to know of it, and `flags` what was found of that;
    where another is in force by then, it is asked again.
    """

    artifact: Artifact
    document: dict[str, Any]
    payload: str
    digest: str
    key: str
    shape: str
    policy: str
    asked: Asked
    flags: int | None


def ready(artifact: Artifact, policies: Policies) -> Incoming:
    """Serialises and digests an artifact; a missing key is made from the digest."""
    from reviewer.policy import admission

    document = artifact.document()
    raw = canonical(document)
    digest = digest_bytes("artifact", raw)
    key = artifact.key or "auto-" + digest.removeprefix("sha256:")[:32]
    shape = shape_of(artifact, _codes(artifact)).id
    compiled = policies.latest()
    asked = admission.asks(compiled, artifact, shape)
    flags = known.flagged(document) if asked.flags else None
    payload = raw.decode("utf-8")
    return Incoming(artifact, document, payload, digest, key, shape, compiled.digest, asked, flags)


def _codes(artifact: Artifact, more: Iterable[Added] = ()) -> list[str]:
    """The codes of its escalations and of those that the policy adds, each once."""
    own = [escalation.code for escalation in artifact.escalations]
    return list(dict.fromkeys([*own, *(added.code for added in more)]))


def check_actor(actor: Actor) -> None:
    """Agents hand in, and people for them; the policy itself proposes nothing."""
    if actor.kind not in ("agent", "person"):
        raise InputError(f"an actor of kind '{actor.kind}' cannot submit artifacts")


def submit(tx: Transaction, incoming: Incoming, actor: Actor) -> Submitted:
    """Stores an artifact once; raises `ConflictError` or `InputError` and changes nothing then."""
    artifact, name = incoming.artifact, incoming.artifact.agent.name
    row = tx.one("artifact_by_key", key=incoming.key, agent=name)
    if row is not None:
        return _again(hot(row).state, incoming)
    older = _superseded(tx, artifact)
    facts, ruling = _ruled(tx, incoming)
    step = lifecycle.admit(artifact, public_id(tx.now), ruling, tx.now, incoming.digest)
    admitted = replace(step.state, key=incoming.key)
    alone = lifecycle.decide_alone(admitted, ruling, tx.now, tx.dialect.undo_window)
    supersedes = older.state.id if older else ""
    told = dict(step.facts) | ({"supersedes": supersedes} if older else {})
    found = _insert(tx, incoming, admitted, ruling, supersedes, alone)
    told["ruling"] = rulings.store(tx, found.id, facts, ruling)
    alerts.store(tx, found.id, ruling.alerts)
    tx.record(Step(admitted, step.event, told), actor)
    if alone is not None:
        deciding.store_alone(tx, found, *alone)
    if older is not None:
        _supersede(tx, older, admitted.id, actor)
    status = alone[0].state.status if alone is not None else admitted.status
    return Submitted(admitted.id, admitted.digest, str(status), True)


def _ruled(tx: Transaction, incoming: Incoming) -> tuple[Facts, Ruling]:
    """What the policy in force says of an artifact, and what that rests on."""
    from reviewer.policy import admission

    artifact = incoming.artifact
    force = in_force(tx, artifact.agent.name, artifact.kind)
    asked, flags = incoming.asked, incoming.flags
    if force.policy.digest != incoming.policy:
        asked = admission.asks(force.policy, artifact, incoming.shape)
        flags = known.flagged(incoming.document) if asked.flags else None
    draw = tx.dialect.policies.draw()
    facts = known.facts(tx, tx.now, asked, force, draw, flags)
    return facts, admission.rule(force.policy, artifact, facts, tx.now)


def _again(state: State, incoming: Incoming) -> Submitted:
    if state.digest != incoming.digest:
        raise ConflictError(
            f"{state.agent} has submitted the key '{state.key}' before with another body.",
            "Give the new artifact a key of its own and name the old one in 'supersedes'.",
        )
    return Submitted(state.id, state.digest, str(state.status), False)


def _superseded(tx: Transaction, artifact: Artifact) -> Hot | None:
    if artifact.supersedes is None:
        return None
    row = tx.one("artifact_by_key", key=artifact.supersedes, agent=artifact.agent.name)
    if row is None:
        raise InputError(
            f"{artifact.agent.name} has no artifact with the key '{artifact.supersedes}'",
            "/supersedes",
        )
    return hot(row)


def _insert(
    tx: Transaction,
    incoming: Incoming,
    admitted: State,
    ruling: Ruling,
    supersedes: str,
    alone: lifecycle.Alone | None,
) -> Hot:
    """Stores the rows of an artifact; one that the policy decides alone is stored as decided."""
    artifact = incoming.artifact
    state = alone[0].state if alone is not None else admitted
    escalations: list[tuple[str, str, str, float | None, int | None]] = [
        (e.code, e.detail, e.source, e.score, e.evidence) for e in artifact.escalations
    ]
    escalations += [(r.code, r.detail, r.source, r.score, None) for r in ruling.reasons]
    codes = _codes(artifact, ruling.reasons)
    shape = shape_of(artifact, codes).id if ruling.reasons else incoming.shape
    line = {
        "title": artifact.title,
        "agent_version": artifact.agent.version,
        "reasons": "\n".join(codes),
        "confidence": artifact.confidence,
        "writes": len(artifact.writes),
        "supersedes": supersedes,
        "superseded_by": "",
        "decision": str(alone[1].kind) if alone is not None else "",
        "decided_by": alone[2].id if alone is not None else "",
        "outcome": "",
        "shape": shape,
        "usd": artifact.cost.usd,
        "seconds": artifact.cost.seconds,
    }
    own = incoming.shape if shape != incoming.shape else ""
    values = _columns(state) | line | {"policy": ruling.policy, "own_shape": own}
    number = tx.one("artifact_insert", **values)[0]
    text = tx.dialect.syntax.index_text(search.searched(incoming.document, state.id))
    tx.run("body_insert", id=number, payload=incoming.payload, search=text)
    tx.dialect.store_search(tx.connection, number, text)
    if escalations:
        tx.reasons(number, state, escalations)
    return Hot(admitted, tuple(line.values()), ruling.policy, number)


def _columns(state: State) -> dict[str, Any]:
    return {
        "public_id": state.id,
        "key": state.key,
        "agent": state.agent,
        "kind": state.kind,
        "status": str(state.status),
        "queue": state.queue,
        "risk": state.risk.level,
        "digest": state.digest,
        "revision": state.revision,
        "due_at": state.due_at,
        "rank": state.rank,
        "created_at": state.created_at,
        "allowed": " ".join(state.allowed),
        "quorum": state.quorum,
        "approvers": "[]",
        "assignee": state.assignee,
        "owner": state.owner,
        "snoozed_until": state.snoozed_until,
        "expires_at": state.expires_at,
        "on_expiry": state.on_expiry,
        "lease_owner": "",
        "lease_until": 0,
        "fence": 0,
        "escalated": 0,
        "decided_at": state.decided_at,
        "effective_at": state.effective_at,
        "mode": str(state.mode),
        "needs": "\n".join(state.needs),
    }


def _supersede(tx: Transaction, older: Hot, by: str, actor: Actor) -> None:
    """Voids the older artifact; one whose decision has gone out is only linked."""
    step = lifecycle.supersede(older.state, by, tx.now)
    if step is not None:
        if older.state.effective_at is not None:
            consequences.void(tx, older)
        tx.store(older, step, actor, decided_by=actor.id)
    tx.run("artifact_link", id_=older.id, superseded_by_=by)


def batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of at most `size`."""
    batch: list[Any] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def submit_batch(
    tx: Transaction, batch: Sequence[Incoming], actor: Actor
) -> list[Submitted | Exception]:
    """Stores several; one that is refused answers with its error and hinders no other."""
    answers: list[Submitted | Exception] = []
    for incoming in batch:
        try:
            answers.append(submit(tx, incoming, actor))
        except ReviewerError as error:
            answers.append(error)
    return answers
