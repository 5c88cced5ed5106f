"""What an older version could not send is found in its file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from backends.sql.migrate import SCHEMA
from backends.sql.open import open_sqlite
from tests.effects.working import late, opened, policy, worker
from tests.support.invariants import invariants
from tests.support.receiving import hook


async def test_a_file_of_schema_0004_gets_the_index_and_lists_them(path: Path) -> None:
    def cut() -> None:
        raise ConnectionError

    with hook() as chat:
        chat.before = cut
        queue = await opened(path, policy(chat))
        ids = await late(queue, 3)
        one, _ = worker(queue)
        await one.once()
        await queue.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP INDEX ix_effect_unsent")
        connection.execute("UPDATE alembic_version SET version_num = '0004'")
        # older versions stored nothing of why a worker's notification got lost
        connection.execute("UPDATE effect SET detail = '' WHERE revision = 0")
        connection.commit()
        connection.execute("PRAGMA user_version = 4")
    queue = await open_sqlite(f"sqlite://{path}")
    found = await queue.unsent()
    assert {one.notice.artifact_id for one in found} == set(ids)
    assert {(one.state, one.detail) for one in found} == {("unknown", "")}
    await queue.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")
        assert ("ix_effect_unsent",) in names.fetchall()
    assert invariants(path) == []
