"""Statements on decisions, labels and effects."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.sql.expression import Executable

from .common import HOT, artifact, body, decision, effect, fill, label, number, p, taken, word

d, e, lb = decision.c, effect.c, label.c
_MINE = (e.artifact_id == p("artifact_id_")) & (e.revision == p("revision_"))

STATEMENTS: dict[str, tuple[Executable, str]] = {
    "decision_insert": (fill(decision, "id"), "A decision; its operation id is unique."),
    "decision_by_operation": (
        select(
            d.artifact_id,
            d.revision,
            d.kind,
            d.actor,
            d.at,
            d.effective_at,
            d.undone_at,
            artifact.c.public_id,
        )
        .join(artifact, artifact.c.id == d.artifact_id)
        .where(d.operation_id == p("operation_id")),
        "What an operation id stands for.",
    ),
    "decisions_of_bulk": (
        select(d.id, d.revision, d.actor, d.undone_at, *HOT)
        .join(artifact, artifact.c.id == d.artifact_id)
        .where(d.bulk == p("bulk"), d.bulk != word(""), d.id > p("after"))
        .order_by(d.id)
        .limit(p("limit")),
        "The decisions of a bulk operation with their artifacts, page by page.",
    ),
    "decision_of": (
        select(
            d.kind, d.actor, d.at, d.digest_decided, d.reasons, d.comment, d.writes, d.undone_at
        ).where(d.artifact_id == p("artifact_id"), d.revision == p("revision")),
        "The decision that was taken on a revision of an artifact.",
    ),
    "decision_void": (
        update(decision)
        .where(d.artifact_id == p("artifact_id_"), d.revision == p("revision_"))
        .values(undone_at=p("at_")),
        "Marks a decision as taken back.",
    ),
    "label_insert": (fill(label, "id"), "The label of a terminal decision."),
    "label_delete": (
        delete(label).where(lb.artifact_id == p("artifact_id_"), lb.revision == p("revision_")),
        "Takes back a label with its decision.",
    ),
    "labels_after": (
        select(
            lb.id,
            lb.effective_at,
            lb.document,
            artifact.c.public_id,
            artifact.c.digest,
            artifact.c.outcome,
            body.c.payload,
        )
        .join(artifact, artifact.c.id == lb.artifact_id)
        .outerjoin(body, body.c.id == lb.artifact_id)
        .where(lb.id > p("after"))
        .order_by(lb.id)
        .limit(p("limit")),
        "Labels in order, with the artifact they are about.",
    ),
    "effect_insert": (fill(effect, "id"), "Work that follows from a decision."),
    "effect_cancel": (
        update(effect)
        .where(_MINE, e.state != word("applied"), e.state != word("cancelled"))
        .values(state=word("cancelled")),
        "Cancels work that has not gone out with its decision.",
    ),
    "effect_of": (
        select(e.id, e.state, e.attempts).where(
            e.artifact_id == p("artifact_id"), e.revision == p("revision"), e.kind == p("kind")
        ),
        "The state of one effect.",
    ),
    "effect_delivered": (
        update(effect)
        .where(
            _MINE,
            e.kind == word("deliver"),
            e.state.in_([word("scheduled"), word("failed"), word("unknown")]),
        )
        .values(
            state=word("applied"),
            attempts=e.attempts + number(1),
            worker=p("worker_"),
            detail=p("detail_"),
        ),
        "The agent has fetched the decision itself.",
    ),
    "effects_take": (
        taken(),
        "Gives due effects to a worker.",
    ),
    "effects_lapse": (
        update(effect)
        .where(e.state == word("running"), e.lease_until <= p("now"), e.kind == word("deliver"))
        .values(state=word("scheduled")),
        "A delivery whose worker went away is due again: it may be repeated.",
    ),
    "effects_lost": (
        update(effect)
        .where(e.state == word("running"), e.lease_until <= p("now"), e.kind != word("deliver"))
        .values(state=word("unknown"), detail=p("why_"), due_at=p("now"))
        .returning(e.id, e.artifact_id, e.kind, e.worker),
        "Any other effect whose worker went away is never repeated blindly.",
    ),
    "effect_settle": (
        update(effect)
        .where(e.id == p("id_"), e.fence == p("fence_"), e.state == word("running"))
        .values(state=p("state_"), detail=p("detail_"), due_at=p("due_at_")),
        "What became of an effect, from the worker that holds it.",
    ),
    "effect_worker": (
        select(e.worker).where(e.id == p("id")),
        "Who took an effect last.",
    ),
    "public_id_of": (
        select(artifact.c.public_id).where(artifact.c.id == p("id")),
        "The public id of a number.",
    ),
}
