"""Policies, what they ruled, what agents used up and got wrong, caps and kill switches.

Revision ID: 0003
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from backends.sql.migrations import objects

revision = "0003"
down_revision = "0002"

TALLY = (
    "decided", "approved", "edited", "rejected", "sampled", "automatic", "denied", "failed",
    "drifted", "rolled_back",
)  # fmt: skip


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def number(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def real(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Float(), nullable=False)


def where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Adds columns and tables, then counts what people have decided on each shape so far.

    What was decided before leaves no trace in the ledger: it was decided under no budget.
    """
    for name, default in (("mode", "assisted"), ("needs", ""), ("own_shape", "")):
        column = sa.Column(name, sa.Text(), nullable=False, server_default=default)
        op.add_column("artifact", column)
    for name in ("decided", "rejected"):
        counted = sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
        op.add_column("shape_counter", counted)
    _count()
    _policy()
    _ruling()
    _agents()
    _brakes()
    for statement in objects.THIRD[op.get_bind().dialect.name]:
        op.execute(statement)


def _count() -> None:
    op.execute(
        "INSERT INTO shape_counter (shape, number, decided, rejected) "
        "SELECT shape, 0, count(*), sum(CASE WHEN status = 'rejected' THEN 1 ELSE 0 END) "
        "FROM artifact WHERE status IN ('approved', 'rejected', 'answered') GROUP BY shape "
        "ON CONFLICT (shape) DO UPDATE SET decided = excluded.decided, rejected = excluded.rejected"
    )


def _policy() -> None:
    op.create_table(
        "policy",
        sa.Column("id", sa.Integer(), nullable=False),
        text("digest"),
        text("text"),
        text("state"),
        text("note"),
        text("proposed_by"),
        number("proposed_at"),
        text("activated_by"),
        number("activated_at", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest", name="uq_policy_digest"),
    )
    op.create_index(
        "uq_policy_active", "policy", ["state"], unique=True, **where("state = 'active'")
    )


def _ruling() -> None:
    op.create_table(
        "ruling",
        sa.Column("artifact_id", sa.Integer(), nullable=False),
        number("at"),
        text("document"),
        sa.ForeignKeyConstraint(["artifact_id"], ["artifact.id"]),
        sa.PrimaryKeyConstraint("artifact_id"),
    )
    op.create_index("ix_ruling_at", "ruling", ["at", "artifact_id"])


def _agents() -> None:
    op.create_table(
        "usage",
        text("scope"),
        number("bucket"),
        number("number"),
        real("amount"),
        sa.PrimaryKeyConstraint("scope", "bucket"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger",
        text("agent"),
        text("kind"),
        number("bucket"),
        text("version"),
        *map(number, TALLY),
        real("usd"),
        sa.PrimaryKeyConstraint("agent", "kind", "bucket", "version"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ledger_bucket", "ledger", ["bucket", "agent"])
    by_version = ["agent", "version", "kind", "decided"]
    op.create_index("ix_ledger_version", "ledger", by_version, **where("decided > 0"))
    op.create_table(
        "spread",
        text("agent"),
        text("kind"),
        text("path"),
        number("n"),
        real("mean"),
        real("m2"),
        sa.PrimaryKeyConstraint("agent", "kind", "path"),
        sqlite_with_rowid=False,
    )


def _brakes() -> None:
    told = ("why", "actor")
    op.create_table(
        "cap",
        text("agent"),
        text("kind"),
        text("state"),
        text("mode"),
        *map(text, told),
        number("at"),
        sa.PrimaryKeyConstraint("agent", "kind", "state"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stop",
        text("agent"),
        *map(text, told),
        number("at"),
        sa.PrimaryKeyConstraint("agent"),
        sqlite_with_rowid=False,
    )
