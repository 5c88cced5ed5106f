"""Migrations lead to the SQLModel tables, and the prepared statements to the Core ones."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from backends.sql import columns, prepare
from backends.sql.migrate import APPLICATION_ID, SCHEMA
from backends.sql.prepared.sqlite import SQL
from backends.sql.queue import SqlQueue
from backends.sql.schema import Artifact, Table
from reviewer.domain.lifecycle import State
from reviewer.queue import Entry
from tests.support.shared import ROOT


def ours(item: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """The full-text index keeps tables of its own, Alembic one."""
    table = name if kind == "table" else getattr(getattr(item, "table", None), "name", name)
    return not str(table).startswith(("artifact_search", "alembic_version"))


async def test_migrating_from_nothing_gives_the_tables_of_the_schema(
    queue: SqlQueue, path: Path
) -> None:
    with create_engine(f"sqlite:///{path}").connect() as connection:
        options = {"include_object": ours, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Table.metadata) == []


async def test_tables_and_partial_indexes_are_the_same_to_the_letter(
    queue: SqlQueue, path: Path
) -> None:
    fresh = create_engine("sqlite://")
    Table.metadata.create_all(fresh)
    with fresh.connect() as connection:
        wanted = _objects(connection.connection.driver_connection)
    with closing(sqlite3.connect(path)) as migrated:
        found = _objects(migrated)
    assert found == wanted


def _objects(connection: Any) -> dict[str, list[str]]:
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index')"
        " AND name NOT LIKE 'artifact_search%' AND name NOT LIKE 'sqlite_%'"
        " AND name <> 'alembic_version'"
    )
    return {name: _ordered(" ".join(re.sub(r'["\s]+', " ", sql).split())) for name, sql in rows}


def _ordered(sql: str) -> list[str]:
    """The columns as they come, then the constraints in one order.

    A column that a migration adds stands behind the constraints.
    """
    parts = re.split(r", (?![^(]*\))", re.sub(r"\s*\)$", "", sql))
    hind = [part for part in parts if re.match("CONSTRAINT|FOREIGN|PRIMARY", part)]
    return [part for part in parts if part not in hind] + sorted(hind)


async def test_a_file_is_marked_as_ours(queue: SqlQueue, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        assert connection.execute("PRAGMA user_version").fetchone()[0] == SCHEMA
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_the_schema_number_counts_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", "backends.sql:migrations")
    revisions = list(ScriptDirectory.from_config(config).walk_revisions())
    assert len(revisions) == SCHEMA
    assert revisions[0].revision == f"{SCHEMA:04d}"


def test_prepared_texts_are_those_of_the_core_statements() -> None:
    # python -m backends.sql.prepare
    assert prepare.texts(prepare.DIALECTS["sqlite"]) == SQL
    stored = ROOT / "backends" / "sql" / "prepared" / "sqlite.py"
    assert stored.read_text(encoding="utf-8") == prepare.module("sqlite")


def test_the_hot_columns_are_the_fields_of_state_and_entry() -> None:
    renamed = {"id": "public_id"}
    state = tuple(renamed.get(name, name) for name in State.__dataclass_fields__)
    assert state == columns.STATE
    assert tuple(Entry.__dataclass_fields__)[1:] == columns.LINE
    # the own shape is for the triggers alone
    assert set(columns.HOT) == set(Artifact.model_fields) - {"own_shape"}


def test_opening_a_current_queue_imports_nothing_that_a_page_does_not_need(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys\n"
        "from reviewer.queue import open_queue\n"
        "from reviewer.domain.decision import Actor\n"
        "from reviewer.domain.query import parse\n"
        "async def main():\n"
        "    queue = await open_queue(sys.argv[1])\n"
        "    await queue.page(parse('agent:x is:unclaimed'), Actor('anna'))\n"
        "    await queue.close()\n"
        "asyncio.run(main())\n"
        "heavy = {'sqlalchemy', 'sqlmodel', 'alembic', 'rapidfuzz'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    url = f"sqlite://{tmp_path}/queue.db"
    runs = [
        subprocess.run(
            [sys.executable, "-c", program, url],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for _ in range(2)
    ]
    assert runs == ["['alembic', 'sqlalchemy', 'sqlmodel']", "[]"]
