"""Files that are no queue, or cannot be used: one clear sentence each, and nothing is changed."""

# ruff: noqa: ASYNC240 - a test may read its small files

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from backends.sql.gate import Gate
from backends.sql.migrate import SCHEMA
from backends.sql.open import open_sqlite
from backends.sql.queue import SqlQueue
from reviewer.domain.errors import QueueError
from reviewer.queue import Submitted
from tests.support.invariants import invariants
from tests.support.making import BOT, refund


async def refused(url: str) -> QueueError:
    """The error that opening ends with."""
    with pytest.raises(QueueError) as caught:
        await open_sqlite(url)
    assert "\n" not in str(caught.value)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://queue.db",
        "sqlite://folder/queue.db",
        "sqlite:queue.db",
        "sqlite:",
        "sqlite://",
        "sqlite:///",
        "sqlite:///tmp/folder/",
    ],
)
async def test_a_url_names_an_absolute_path(url: str) -> None:
    assert "sqlite:///absolute/path/queue.db" in (await refused(url)).hint


@pytest.mark.parametrize(
    "options", ["synchronous=off", "synchronous", "patience=0", "patience=soon", "mode=ro"]
)
async def test_an_unknown_option_is_refused(options: str, tmp_path: Path) -> None:
    await refused(f"sqlite://{tmp_path}/queue.db?{options}")
    assert list(tmp_path.iterdir()) == []


async def test_a_path_may_hold_any_character(tmp_path: Path) -> None:
    folder = tmp_path / "größe 50%?#"
    folder.mkdir()
    queue = await open_sqlite(f"sqlite://{tmp_path}/gr%C3%B6%C3%9Fe%2050%25%3F%23/queue.db")
    await queue.close()
    assert (folder / "queue.db").exists()


async def test_a_missing_folder(tmp_path: Path) -> None:
    error = await refused(f"sqlite://{tmp_path}/no/where/queue.db")
    assert "does not exist" in error.sentence
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    assert "is a folder" in (await refused(f"sqlite://{tmp_path}")).sentence


@pytest.mark.parametrize("size", [1, 100, 5000])
async def test_a_file_that_is_no_database(path: Path, size: int) -> None:
    path.write_bytes(b"\x89PNG" * size)
    assert "is no database" in (await refused(f"sqlite://{path}")).sentence
    assert path.read_bytes() == b"\x89PNG" * size


async def test_a_database_of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (text)")
    before = path.read_bytes()
    assert "another program" in (await refused(f"sqlite://{path}")).sentence
    assert path.read_bytes() == before


async def test_a_file_of_a_newer_version(queue: SqlQueue, path: Path) -> None:
    await queue.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    error = await refused(f"sqlite://{path}")
    assert "newer" in error.sentence
    assert "Update" in error.hint


async def test_an_empty_file_becomes_a_queue(path: Path) -> None:
    path.touch()
    queue = await open_sqlite(f"sqlite://{path}")
    await queue.submit(refund("one"), BOT)
    await queue.close()
    assert invariants(path) == []


async def test_a_damaged_file_says_so(queue: SqlQueue, path: Path) -> None:
    await queue.submit_many([refund(f"k{n}", summary="x" * 5000) for n in range(50)], BOT)
    await queue.close()
    raw = bytearray(path.read_bytes())
    raw[8192 : 8192 + 200_000] = b"\xaa" * 200_000
    path.write_bytes(raw)
    with pytest.raises(QueueError, match="damaged"):
        await _read_all(path)


async def _read_all(path: Path) -> None:
    opened = await open_sqlite(f"sqlite://{path}")
    try:
        for n in range(50):
            found = await opened.find("refund-bot", f"k{n}")
            assert found is None or await opened.get(found)
    finally:
        await opened.close()


async def test_a_file_deleted_under_a_running_queue_is_not_made_anew(
    queue: SqlQueue, path: Path
) -> None:
    # nothing was read yet: the threads that read connect at their first job
    for one in path.parent.glob("queue.db*"):
        one.unlink()
    for _ in range(3):
        with pytest.raises(QueueError, match="moved or replaced"):
            await queue.get("a_1")
        with pytest.raises(QueueError, match="moved or replaced"):
            await queue.submit(refund("b"), BOT)
    assert not path.exists()


async def test_a_full_disk_loses_nothing_that_was_acknowledged(queue: SqlQueue, path: Path) -> None:
    heard: list[Submitted] = [await queue.submit(refund("first"), BOT)]
    pages = await queue.write(lambda tx: tx.connection.execute("PRAGMA page_count").fetchone()[0])
    await queue.write(lambda tx: tx.connection.execute(f"PRAGMA max_page_count = {pages + 20}"))
    with pytest.raises(QueueError, match="disk is full"):
        await _fill(queue, heard)
    assert len(heard) > 1
    # it can still be read, and goes on when there is room again
    assert await queue.get(heard[-1].artifact_id) is not None
    await queue.write(lambda tx: tx.connection.execute("PRAGMA max_page_count = 1000000"))
    heard.append(await queue.submit(refund("after"), BOT))
    await queue.close()
    assert invariants(path) == []
    with closing(sqlite3.connect(path)) as connection:
        stored = {name for (name,) in connection.execute("SELECT public_id FROM artifact")}
    assert stored == {one.artifact_id for one in heard}


async def _fill(queue: SqlQueue, heard: list[Submitted]) -> None:
    for n in range(1000):
        heard.append(await queue.submit(refund(f"k{n}", summary="x" * 3000), BOT))


async def test_a_file_locked_by_another_program(queue: SqlQueue, path: Path) -> None:
    await queue.close()
    short = await open_sqlite(f"sqlite://{path}?patience=0.3")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(QueueError, match="locked by another process"):
            await short.submit(refund("one"), BOT)
        other.execute("ROLLBACK")
    assert (await short.submit(refund("one"), BOT)).created
    await short.close()


async def test_a_gate_held_for_too_long(queue: SqlQueue, path: Path) -> None:
    await queue.close()
    short = await open_sqlite(f"sqlite://{path}?patience=0.3")
    gate = Gate(str(path))
    with gate, pytest.raises(QueueError, match="locked by another process"):
        await short.submit(refund("one"), BOT)
    # what was given up was not done afterwards behind the caller's back
    await asyncio.sleep(0.05)
    assert await short.find("refund-bot", "one") is None
    assert (await short.submit(refund("one"), BOT)).created
    gate.close()
    await short.close()


async def test_a_closed_queue_says_so(queue: SqlQueue) -> None:
    await queue.close()
    await queue.close()
    with pytest.raises(QueueError, match="closed"):
        await queue.get("a_1")


@pytest.mark.parametrize("replaced", [False, True])
async def test_a_file_taken_away_under_a_running_queue(
    queue: SqlQueue, path: Path, replaced: bool
) -> None:
    sent = await queue.submit(refund("a"), BOT)
    kept = path.with_suffix(".kept")
    path.rename(kept)
    if replaced:
        path.write_bytes(kept.read_bytes())
    with pytest.raises(QueueError, match="moved or replaced"):
        await queue.submit(refund("b"), BOT)
    with pytest.raises(QueueError, match="moved or replaced"):
        await queue.get(sent.artifact_id)
