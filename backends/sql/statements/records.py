"""Statements on the audit record, which is the feed as well."""

from __future__ import annotations

from sqlalchemy import func, select, tuple_
from sqlalchemy.sql.expression import Executable

from .common import artifact, audit, body, decision, fill, label, number, p

a, u, d, lb = artifact.c, audit.c, decision.c, label.c

STATEMENTS: dict[str, tuple[Executable, str]] = {
    "audit_head": (
        select(u.seq, u.hash).order_by(u.seq.desc()).limit(number(1)),
        "The newest record: its number and hash.",
    ),
    "audit_insert": (fill(audit), "A record."),
    "audit_after": (
        select(u.seq, u.record, u.previous, u.hash)
        .where(u.seq > p("after"))
        .order_by(u.seq)
        .limit(p("limit")),
        "Records in order.",
    ),
    "audit_of": (
        select(u.seq, u.record).where(u.artifact == p("artifact")).order_by(u.seq),
        "The records of one artifact.",
    ),
    "stored_after": (
        select(
            a.id,
            a.public_id,
            a.agent,
            a.key,
            a.kind,
            a.status,
            a.digest,
            a.revision,
            a.title,
            a.decision,
            a.decided_by,
            a.decided_at,
            a.effective_at,
            a.outcome,
            body.c.payload,
        )
        .select_from(artifact.outerjoin(body, body.c.id == a.id))
        .where(a.id > p("after"))
        .order_by(a.id)
        .limit(p("limit")),
        "What the record speaks of, in order of submission, with the bodies.",
    ),
    "stored_decisions": (
        select(
            d.operation_id,
            d.revision,
            d.kind,
            d.actor,
            d.actor_kind,
            d.at,
            d.digest,
            d.digest_decided,
            d.reasons,
            d.comment,
            d.writes,
            d.effective_at,
            d.undone_at,
            d.bulk,
        )
        .where(d.artifact_id == p("artifact_id"))
        .order_by(d.revision),
        "All decisions on an artifact.",
    ),
    "stored_labels": (
        select(lb.revision, lb.effective_at, lb.document)
        .where(lb.artifact_id == p("artifact_id"))
        .order_by(lb.revision),
        "All labels of an artifact.",
    ),
    "stored_records": (
        select(u.seq, u.event, u.record).where(u.artifact == p("artifact")).order_by(u.seq),
        "The records filed under an artifact, with the event they are filed as.",
    ),
    "facts_after": (
        select(
            d.id,
            d.at,
            a.public_id,
            d.kind,
            d.actor,
            d.actor_kind,
            a.agent,
            a.agent_version,
            a.kind,
            a.queue,
            a.created_at,
            a.due_at,
            a.usd,
            a.seconds,
            d.reasons,
            d.bulk,
            a.outcome,
            lb.document,
        )
        .join(artifact, a.id == d.artifact_id)
        .outerjoin(label, (lb.artifact_id == d.artifact_id) & (lb.revision == d.revision))
        .where(
            tuple_(d.at, d.id) > tuple_(p("at"), p("id")),
            d.at < p("until"),
            d.undone_at.is_(None),
        )
        .order_by(d.at, d.id)
        .limit(p("limit")),
        "Decisions that stand, by time, with what is counted of them.",
    ),
    "feed_after": (
        select(u.seq, u.artifact, u.event)
        .where(u.seq > p("after"))
        .order_by(u.seq)
        .limit(p("limit")),
        "What happened after a number.",
    ),
    "position": (
        select(func.coalesce(func.max(u.seq), number(0))),
        "The newest record's number.",
    ),
}
