"""Shapes and costs of artifacts, and the indexes that groups, triage and insights walk.

Revision ID: 0002
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from pydantic import ValidationError

from backends.sql.migrations import objects
from reviewer.domain.artifact import Artifact
from reviewer.shapes.shape import shape_of

revision = "0002"
down_revision = "0001"

CHUNK = 1_000
"""Bodies that are in memory at once."""
READY = "status = 'pending' AND snoozed_until IS NULL"
DECIDED = "status <> 'pending'"
INDEXES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("ix_ready_shape", ("shape", "rank", "id"), READY),
    ("ix_ready_shape_due", ("shape", "risk", "due_at"), READY),
    ("ix_ready_due", ("queue", "due_at"), READY),
    ("ix_ready_oldest", ("queue", "created_at"), READY),
    ("ix_decided_shape", ("shape", "decided_at", "id"), DECIDED),
)


def where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Adds the columns, fills them from the bodies, then makes what hangs on them."""
    op.add_column("artifact", sa.Column("shape", sa.Text(), nullable=False, server_default=""))
    op.add_column("artifact", sa.Column("usd", sa.Float(), nullable=True))
    op.add_column("artifact", sa.Column("seconds", sa.Float(), nullable=True))
    _fill(op.get_bind())
    for name, columns, condition in INDEXES:
        op.create_index(name, "artifact", list(columns), **where(condition))
    # what is pending is what is ready and what is put off: those two have indexes of their own
    op.drop_index("ix_open_rank", "artifact")
    op.create_index("ix_decision_at", "decision", ["at", "id"])
    op.create_table(
        "shape_counter",
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shape"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_shape_number", "shape_counter", ["number"], **where("number > 0"))
    op.execute(
        "INSERT INTO shape_counter (shape, number) "
        f"SELECT shape, count(*) FROM artifact WHERE {READY} GROUP BY shape"
    )
    for statement in objects.SECOND[op.get_bind().dialect.name]:
        op.execute(statement)


def _fill(bind: sa.Connection) -> None:
    bodies = sa.text(
        "SELECT a.id, a.created_at, b.payload FROM artifact AS a JOIN artifact_body AS b "
        "ON b.id = a.id WHERE a.id > :after ORDER BY a.id LIMIT :limit"
    )
    # those that came with it: later ones are what people and clocks added
    reasons = sa.text(
        "SELECT r.artifact_id, r.code FROM reason AS r JOIN artifact AS a ON a.id = r.artifact_id "
        "WHERE r.artifact_id > :after AND r.artifact_id <= :last AND r.at = a.created_at "
        "ORDER BY r.id"
    )
    store = sa.text(
        "UPDATE artifact SET shape = :shape, usd = :usd, seconds = :seconds WHERE id = :id"
    )
    after = 0
    while rows := bind.execute(bodies, {"after": after, "limit": CHUNK}).fetchall():
        last = rows[-1][0]
        codes: dict[int, dict[str, None]] = {}
        for number, code in bind.execute(reasons, {"after": after, "last": last}):
            codes.setdefault(number, {})[code] = None
        values = [_values(row[0], row[2], list(codes.get(row[0], ()))) for row in rows]
        bind.execute(store, values)
        after = last


def _values(number: int, payload: str, codes: list[str]) -> dict[str, Any]:
    """What a body says; a body that was changed behind the queue's back has no shape."""
    try:
        artifact = Artifact.model_validate_json(payload)
    except ValidationError:
        return {"id": number, "shape": "", "usd": None, "seconds": None}
    cost = artifact.cost
    shape = shape_of(artifact, codes).id
    return {"id": number, "shape": shape, "usd": cost.usd, "seconds": cost.seconds}
