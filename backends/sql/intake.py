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
from reviewer.policy.route import route
from reviewer.queue import Submitted
from reviewer.shapes.shape import shape_of

from . import search
from .ids import public_id
from .rows import Hot, hot
from .transaction import Transaction


@dataclass(frozen=True, slots=True)
class Incoming:
    """An artifact made ready outside of the transaction: document, bytes, digest, key, shape.

    The shape is that of the agent's own reasons: where the policy adds some it is made anew.
    """

    artifact: Artifact
    document: dict[str, Any]
    payload: str
    digest: str
    key: str
    shape: str


def ready(artifact: Artifact) -> Incoming:
    """Serialises and digests an artifact; a missing key is made from the digest."""
    document = artifact.document()
    raw = canonical(document)
    digest = digest_bytes("artifact", raw)
    key = artifact.key or "auto-" + digest.removeprefix("sha256:")[:32]
    shape = shape_of(artifact, _codes(artifact)).id
    return Incoming(artifact, document, raw.decode("utf-8"), digest, key, shape)


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
    ruling = route(artifact, tx.now)
    step = lifecycle.admit(artifact, public_id(tx.now), ruling, tx.now, incoming.digest)
    state = replace(step.state, key=incoming.key)
    facts = dict(step.facts)
    if older is not None:
        facts["supersedes"] = older.state.id
    _insert(tx, incoming, state, ruling, older.state.id if older else "")
    tx.record(Step(state, step.event, facts), actor, ruling.policy)
    if older is not None:
        _supersede(tx, older, state.id, actor)
    return Submitted(state.id, state.digest, str(state.status), True)


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
    tx: Transaction, incoming: Incoming, state: State, ruling: Ruling, supersedes: str
) -> None:
    artifact = incoming.artifact
    escalations: list[tuple[str, str, str, float | None, int | None]] = [
        (e.code, e.detail, e.source, e.score, e.evidence) for e in artifact.escalations
    ]
    escalations += [(r.code, r.detail, r.source, r.score, None) for r in ruling.reasons]
    codes = _codes(artifact, ruling.reasons)
    shape = shape_of(artifact, codes).id if ruling.reasons else incoming.shape
    row = tx.one(
        "artifact_insert",
        **_columns(state),
        title=artifact.title,
        agent_version=artifact.agent.version,
        reasons="\n".join(codes),
        confidence=artifact.confidence,
        writes=len(artifact.writes),
        supersedes=supersedes,
        superseded_by="",
        decision="",
        decided_by="",
        outcome="",
        policy=ruling.policy,
        shape=shape,
        usd=artifact.cost.usd,
        seconds=artifact.cost.seconds,
    )
    number = row[0]
    text = tx.dialect.syntax.index_text(search.searched(incoming.document, state.id))
    tx.run("body_insert", id=number, payload=incoming.payload, search=text)
    tx.dialect.store_search(tx.connection, number, text)
    if escalations:
        tx.reasons(number, state, escalations)


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
        "decided_at": None,
        "effective_at": None,
        "mode": str(state.mode),
        "needs": "\n".join(state.needs),
    }


def _supersede(tx: Transaction, older: Hot, by: str, actor: Actor) -> None:
    """Voids the older artifact; one whose decision has gone out is only linked."""
    step = lifecycle.supersede(older.state, by, tx.now)
    if step is not None:
        if older.state.effective_at is not None:
            void_decision(tx, older)
        tx.store(older, step, actor, decided_by=actor.id)
    tx.run("artifact_link", id_=older.id, superseded_by_=by)


def void_decision(tx: Transaction, found: Hot) -> None:
    """Takes back what the last decision left: its mark, its label, its scheduled effects."""
    of = {"artifact_id_": found.id, "revision_": found.state.revision - 1}
    tx.run("decision_void", **of, at_=tx.now)
    tx.run("label_delete", **of)
    tx.run("effect_cancel", **of)


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
