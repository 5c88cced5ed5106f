"""Statements on bulk operations."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.sql.expression import Executable

from .common import HOT, artifact, decision, effect, fill, item, label, operation, p, word

o, i, a = operation.c, item.c, artifact.c
_OF_BULK = (
    select(decision.c.artifact_id, decision.c.revision)
    .where(decision.c.bulk == p("bulk_"), decision.c.bulk != word(""))
    .where(decision.c.effective_at == p("was"), decision.c.undone_at.is_(None))
)

STATEMENTS: dict[str, tuple[Executable, str]] = {
    "operation_insert": (
        fill(operation, "id").returning(o.id),
        "A bulk decision as it was asked for; answers with its number.",
    ),
    "operation_get": (
        select(o.id, o.actor, o.request, o.digest, o.total, o.at, o.effective_at).where(
            o.operation_id == p("operation_id")
        ),
        "A bulk decision by its operation id.",
    ),
    "operation_effective": (
        update(operation).where(o.id == p("id_")).values(effective_at=p("effective_at_")),
        "When the undo window of the whole operation ends.",
    ),
    "item_insert": (fill(item), "One target."),
    "item_settle": (
        update(item)
        .where(i.operation == p("operation_"), i.n == p("n_"))
        .values(state=p("state_"), code=p("code_"), sentence=p("sentence_")),
        "What became of a target.",
    ),
    "items_done": (
        update(item)
        .where(
            i.operation == p("operation_"),
            i.n >= p("first"),
            i.n <= p("last"),
            i.state == word("todo"),
        )
        .values(state=word("done")),
        "Marks a chunk as done, but for what was refused.",
    ),
    "items_stop": (
        update(item)
        .where(i.operation == p("operation_"), i.state == word("todo"))
        .values(state=word("skipped"), code=p("code_"), sentence=p("sentence_")),
        "Leaves what was not yet decided when the operation was taken back.",
    ),
    "items_todo": (
        select(i.n, i.artifact, i.revision, i.digest, *HOT)
        .select_from(item.outerjoin(artifact, a.public_id == i.artifact))
        .where(i.operation == p("operation"), i.n > p("after"), i.state == word("todo"))
        .order_by(i.n)
        .limit(p("limit")),
        "The next targets with their artifacts.",
    ),
    "items_counted": (
        select(i.state, func.count()).where(i.operation == p("operation")).group_by(i.state),
        "How far a bulk operation is.",
    ),
    "items_skipped": (
        select(i.artifact, i.code, i.sentence)
        .where(i.operation == p("operation"), i.state == word("skipped"))
        .order_by(i.n),
        "The targets that were refused.",
    ),
    "extend_artifacts": (
        update(artifact)
        .where(
            a.id.in_(_OF_BULK.with_only_columns(decision.c.artifact_id)),
            a.effective_at == p("was"),
        )
        .values(effective_at=p("effective_at_")),
        "Moves the end of a slow bulk operation's undo window, where it has not passed.",
    ),
    "extend_effects": (
        update(effect)
        .where(
            effect.c.artifact_id.in_(_OF_BULK.with_only_columns(decision.c.artifact_id)),
            effect.c.state == word("scheduled"),
            effect.c.due_at == p("was"),
        )
        .values(due_at=p("effective_at_")),
        "The same for its effects.",
    ),
    "extend_labels": (
        update(label)
        .where(
            label.c.artifact_id.in_(_OF_BULK.with_only_columns(decision.c.artifact_id)),
            label.c.effective_at == p("was"),
        )
        .values(effective_at=p("effective_at_")),
        "The same for its labels.",
    ),
    "extend_decisions": (
        update(decision)
        .where(
            decision.c.bulk == p("bulk_"),
            decision.c.bulk != word(""),
            decision.c.effective_at == p("was"),
            decision.c.undone_at.is_(None),
        )
        .values(effective_at=p("effective_at_")),
        "The same for its decisions; runs last, for the others look there.",
    ),
}
