"""An index of the notifications that did not arrive, or may not have.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds the index, so that nobody walks the whole outbox to find them."""
    unsent = sa.text("revision = 0 AND state IN ('failed', 'unknown')")
    op.create_index(
        "ix_effect_unsent", "effect", ["id"], sqlite_where=unsent, postgresql_where=unsent
    )
