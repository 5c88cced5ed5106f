"""Steps of escalation chains that are to come, and what their notifications say.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds the tables; what was admitted before has no chain, for there was no policy."""
    op.create_table(
        "alert",
        sa.Column("artifact_id", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("page", sa.BigInteger(), nullable=False),
        sa.Column("notify", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["artifact_id"], ["artifact.id"]),
        sa.PrimaryKeyConstraint("artifact_id", "step", "turn"),
        sqlite_with_rowid=False,
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_alert_due",
        "alert",
        ["at", "artifact_id", "step", "turn"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "notice",
        sa.Column("effect_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["effect_id"], ["effect.id"]),
        sa.PrimaryKeyConstraint("effect_id"),
    )
    due = sa.text("state = 'scheduled' AND revision = 0")
    op.create_index(
        "ix_effect_notice", "effect", ["due_at", "id"], sqlite_where=due, postgresql_where=due
    )
