"""Statements on the audit record, which is the feed as well."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.sql.expression import Executable

from .common import audit, fill, number, p

u = audit.c

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
