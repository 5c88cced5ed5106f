"""A file that an older version made opens as it is, with nothing lost."""

from __future__ import annotations

import lzma
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from backends.sql.migrate import SCHEMA
from backends.sql.open import open_sqlite
from reviewer.audit.replay import disagreement
from reviewer.domain.decision import Kind
from reviewer.domain.errors import QueueError
from reviewer.domain.query import Query, parse
from reviewer.domain.state import Mode
from reviewer.queue import Settled
from reviewer.shapes.shape import shape_of
from tests.support.invariants import invariants
from tests.support.making import ANNA, decision

OLD = Path(__file__).parent / "data" / "queue-0001.db.xz"
"""41 artifacts of two agents in all states, written by the version whose schema was 0001."""
OLDER = OLD.with_name("queue-0002.db.xz")
"""The same after the version whose schema was 0002 had opened it and decided two of them."""
TABLES = ("artifact_body", "audit", "counter", "decision", "effect", "label", "reason",
          "operation", "operation_item")  # fmt: skip


@pytest.fixture
def second(path: Path) -> Path:
    """The file of schema 0002, not yet opened."""
    path.write_bytes(lzma.decompress(OLDER.read_bytes()))
    return path


@pytest.fixture
def old(path: Path) -> Path:
    """The old file, not yet opened."""
    path.write_bytes(lzma.decompress(OLD.read_bytes()))
    return path


def rows(path: Path, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2, 3").fetchall()


def names(path: Path) -> str:
    """The columns of the hot row."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT name FROM pragma_table_info('artifact')").fetchall()
    return ", ".join(f'"{name}"' for (name,) in found)


async def test_nothing_is_lost(old: Path) -> None:
    columns = names(old)
    before = {name: rows(old, name) for name in TABLES}
    artifacts = rows(old, "artifact", columns)
    assert len(artifacts) == 41
    await (await open_sqlite(f"sqlite://{old}")).close()
    assert rows(old, "artifact", columns) == artifacts
    assert {name: rows(old, name) for name in TABLES} == before
    assert invariants(old) == []
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA,)


async def test_what_people_decided_before_counts_for_its_shape(second: Path) -> None:
    columns = names(second)
    before = {name: rows(second, name) for name in TABLES}
    artifacts = rows(second, "artifact", columns)
    queue = await open_sqlite(f"sqlite://{second}")
    assert rows(second, "artifact", columns) == artifacts
    assert {name: rows(second, name) for name in TABLES} == before
    with closing(sqlite3.connect(second)) as connection:
        counted = connection.execute("SELECT sum(decided), sum(rejected) FROM shape_counter")
        taken = connection.execute(
            "SELECT count(*), sum(kind = 'reject') FROM decision"
            " WHERE effective_at IS NOT NULL AND undone_at IS NULL"
        )
        assert counted.fetchone() == taken.fetchone()
    for entry in (await queue.page(parse("status:approved,rejected,pending"), ANNA)).entries:
        assert (entry.state.mode, entry.state.needs) == (Mode.ASSISTED, ())
    await queue.close()
    assert invariants(second) == []


async def test_every_artifact_gets_the_shape_of_its_admission(old: Path) -> None:
    queue = await open_sqlite(f"sqlite://{old}")
    stored = [row async for row in queue.stored()]
    assert [disagreement(row) for row in stored] == [""] * 41
    shapes = set()
    for row in stored:
        item = await queue.get(row.artifact_id)
        assert item is not None
        codes = [reason.code for reason in item.artifact.escalations]
        assert item.entry.shape == shape_of(item.artifact, codes).id
        cost = item.artifact.cost
        assert (item.entry.usd, item.entry.seconds) == (cost.usd, cost.seconds)
        shapes.add(item.entry.shape)
    assert len(shapes) > 3
    groups = await queue.groups(Query(), ANNA)
    assert sum(group.number for group in groups.groups) == 28
    assert groups == await queue.groups(parse("due:<9000d"), ANNA)
    await queue.close()


async def test_a_body_that_cannot_be_read_hinders_nothing(old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("UPDATE artifact_body SET payload = '{' WHERE id = 20")
        connection.commit()
    queue = await open_sqlite(f"sqlite://{old}")
    entries = (await queue.page(Query(), ANNA)).entries
    assert [entry.shape for entry in entries].count("") == 1
    groups = (await queue.groups(Query(), ANNA)).groups
    # what has no shape belongs together with nothing
    assert sum(group.number for group in groups) == len(entries) - 1
    assert "" not in {group.shape for group in groups}
    await queue.close()


async def test_work_goes_on(old: Path) -> None:
    queue = await open_sqlite(f"sqlite://{old}")
    claim = await queue.claim_next(Query(), ANNA)
    assert claim is not None
    sent = await queue.decide(decision(claim.item.entry, Kind.APPROVE, "new", claim.fence), ANNA)
    assert isinstance(sent, Settled)
    assert (await queue.undo("new", ANNA)).decided == 1
    facts = [fact async for batch in queue.facts(0) for fact in batch]
    assert {fact.decision for fact in facts} == set(map(str, Kind))
    await queue.close()
    assert invariants(old) == []


async def test_a_migration_that_fails_changes_nothing(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backends.sql.migrations import objects

    before = rows(old, "artifact")
    monkeypatch.setitem(objects.SECOND, "sqlite", ("CREATE TRIGGER nonsense",))
    with pytest.raises(QueueError, match="failed"):
        await open_sqlite(f"sqlite://{old}")
    assert rows(old, "artifact") == before
    monkeypatch.undo()
    queue = await open_sqlite(f"sqlite://{old}")
    assert (await queue.count(Query(), ANNA)).number == 28
    await queue.close()
