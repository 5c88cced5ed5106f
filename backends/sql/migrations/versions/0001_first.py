"""The first schema.

Revision ID: 0001
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from backends.sql.migrations import objects

revision = "0001"
down_revision = None


def text(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def number(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def identity(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Makes all tables, then what the dialect keeps beside them."""
    _artifact()
    _audit()
    _counter()
    _operation()
    _operation_item()
    _artifact_body()
    _decision()
    _effect()
    _label()
    _reason()
    for statement in objects.FIRST[op.get_bind().dialect.name]:
        op.execute(statement)


def _artifact() -> None:
    op.create_table(
        "artifact",
        identity("id"),
        text("public_id"),
        text("key"),
        text("agent"),
        text("kind"),
        text("status"),
        text("queue"),
        number("risk"),
        text("digest"),
        number("revision"),
        number("due_at"),
        number("rank"),
        number("created_at"),
        text("allowed"),
        number("quorum"),
        text("approvers"),
        text("assignee"),
        text("owner"),
        number("snoozed_until", nullable=True),
        number("expires_at", nullable=True),
        text("on_expiry"),
        text("lease_owner"),
        number("lease_until"),
        number("fence"),
        number("escalated"),
        number("decided_at", nullable=True),
        number("effective_at", nullable=True),
        text("title"),
        text("agent_version"),
        text("reasons"),
        sa.Column("confidence", sa.Float(), nullable=True),
        number("writes"),
        text("supersedes"),
        text("superseded_by"),
        text("decision"),
        text("decided_by"),
        text("outcome"),
        text("policy"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key", "agent", name="uq_artifact_key"),
        sa.UniqueConstraint("public_id", name="uq_artifact_public"),
    )
    _artifact_indexes()


READY = "status = 'pending' AND snoozed_until IS NULL"
DECIDED = "status <> 'pending'"
ARTIFACT_INDEXES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("ix_decided", ("decided_at", "id"), DECIDED),
    ("ix_decided_agent", ("agent", "decided_at", "id"), DECIDED),
    ("ix_decided_by", ("decided_by", "decided_at", "id"), DECIDED),
    ("ix_decided_status", ("status", "decided_at", "id"), DECIDED),
    ("ix_expiry", ("expires_at",), "status = 'pending' AND expires_at IS NOT NULL"),
    ("ix_lease_end", ("lease_until",), "lease_until > 0"),
    ("ix_open_rank", ("rank", "id"), "status = 'pending'"),
    ("ix_ready_agent", ("agent", "rank", "id"), READY),
    ("ix_ready_assigned", ("rank", "id"), f"{READY} AND assignee <> ''"),
    ("ix_ready_assignee", ("assignee", "rank", "id"), f"{READY} AND assignee <> ''"),
    ("ix_ready_escalated", ("rank", "id"), f"{READY} AND escalated = 1"),
    ("ix_ready_kind", ("kind", "rank", "id"), READY),
    ("ix_ready_leased", ("rank", "id"), f"{READY} AND lease_until > 0"),
    ("ix_ready_newest", ("id",), READY),
    ("ix_ready_owner", ("owner", "rank", "id"), f"{READY} AND owner <> ''"),
    ("ix_ready_queue", ("queue", "rank", "id"), READY),
    ("ix_ready_rank", ("rank", "id"), READY),
    ("ix_ready_risk", ("risk", "rank", "id"), READY),
    ("ix_snooze_end", ("snoozed_until",), "status = 'pending' AND snoozed_until IS NOT NULL"),
    ("ix_snoozed_rank", ("rank", "id"), "status = 'pending' AND snoozed_until IS NOT NULL"),
    (
        "ix_stuck",
        ("decided_at", "id"),
        "status = 'approved' AND outcome <> 'applied' AND outcome <> 'rolled_back'",
    ),
)


def _artifact_indexes() -> None:
    for name, columns, condition in ARTIFACT_INDEXES:
        op.create_index(name, "artifact", list(columns), **where(condition))


def _audit() -> None:
    op.create_table(
        "audit",
        identity("seq"),
        text("artifact"),
        text("event"),
        text("record"),
        text("previous"),
        text("hash"),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ix_audit_artifact", "audit", ["artifact", "seq"])


def _counter() -> None:
    op.create_table(
        "counter",
        text("queue"),
        text("agent"),
        text("kind"),
        number("risk"),
        text("status"),
        number("number"),
        sa.PrimaryKeyConstraint("queue", "agent", "kind", "risk", "status"),
        sqlite_with_rowid=False,
    )


def _operation() -> None:
    op.create_table(
        "operation",
        identity("id"),
        text("operation_id"),
        text("actor"),
        text("request"),
        text("digest"),
        number("total"),
        number("at"),
        number("effective_at", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("operation_id", name="uq_operation"),
    )


def _operation_item() -> None:
    op.create_table(
        "operation_item",
        number("operation"),
        number("n"),
        text("artifact"),
        number("revision"),
        text("digest"),
        text("state"),
        text("code"),
        text("sentence"),
        sa.PrimaryKeyConstraint("operation", "n"),
        sqlite_with_rowid=False,
    )


def _artifact_body() -> None:
    op.create_table(
        "artifact_body",
        identity("id"),
        text("payload"),
        text("search"),
        sa.ForeignKeyConstraint(
            ["id"],
            ["artifact.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )


def _decision() -> None:
    op.create_table(
        "decision",
        identity("id"),
        text("operation_id"),
        number("artifact_id"),
        number("revision"),
        text("kind"),
        text("actor"),
        text("actor_kind"),
        number("at"),
        text("digest"),
        text("digest_decided"),
        text("reasons"),
        text("comment"),
        sa.Column("writes", sa.Text(), nullable=True),
        number("effective_at", nullable=True),
        number("undone_at", nullable=True),
        text("bulk"),
        sa.ForeignKeyConstraint(
            ["artifact_id"],
            ["artifact.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("artifact_id", "revision", name="uq_decision_revision"),
        sa.UniqueConstraint("operation_id", name="uq_decision_operation"),
    )
    op.create_index("ix_decision_bulk", "decision", ["bulk", "id"], **where("bulk <> ''"))


def _effect() -> None:
    op.create_table(
        "effect",
        identity("id"),
        number("artifact_id"),
        number("revision"),
        text("kind"),
        text("state"),
        number("due_at"),
        number("attempts"),
        number("fence"),
        text("worker"),
        number("lease_until"),
        text("detail"),
        sa.ForeignKeyConstraint(
            ["artifact_id"],
            ["artifact.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("artifact_id", "revision", "kind", name="uq_effect"),
    )
    op.create_index("ix_effect_due", "effect", ["due_at", "id"], **where("state = 'scheduled'"))
    op.create_index("ix_effect_lease", "effect", ["lease_until"], **where("state = 'running'"))


def _label() -> None:
    op.create_table(
        "label",
        identity("id"),
        number("artifact_id"),
        number("revision"),
        number("effective_at"),
        text("document"),
        sa.ForeignKeyConstraint(
            ["artifact_id"],
            ["artifact.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("artifact_id", "revision", name="uq_label"),
        sqlite_autoincrement=True,
    )


def _reason() -> None:
    op.create_table(
        "reason",
        identity("id"),
        number("artifact_id"),
        text("code"),
        text("detail"),
        text("source"),
        sa.Column("score", sa.Float(), nullable=True),
        number("at"),
        number("evidence", nullable=True),
        number("leads"),
        number("listed"),
        number("rank"),
        sa.ForeignKeyConstraint(
            ["artifact_id"],
            ["artifact.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_reason_artifact", "reason", ["artifact_id", "code"])
    op.create_index(
        "ix_reason_listed", "reason", ["code", "rank", "artifact_id"], **where("listed = 1")
    )
