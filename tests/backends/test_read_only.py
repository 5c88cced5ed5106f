"""Files that may be read and not written: everything can be looked at, no write gets through."""

# ruff: noqa: ASYNC240 - a test may look at its small files

from __future__ import annotations

import asyncio
import lzma
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from backends.sql.open import open_sqlite
from backends.sql.queue import SqlQueue
from backends.sql.readonly import ReadOnlySqlite, writable
from reviewer.audit.replay import disagreement
from reviewer.domain.decision import Kind
from reviewer.domain.errors import QueueError
from reviewer.domain.query import Query, parse
from reviewer.queue import Settled
from tests.backends.test_old_files import OLD
from tests.support.invariants import invariants
from tests.support.making import ANNA, BOT, decision, refund
from tests.support.shared import ROOT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")

NOBODY = """
import asyncio, concurrent.futures.thread, os, sys
sys.path.insert(0, sys.argv[2])
from tests.backends.test_read_only import looked_at
# root may write anything, so it becomes nobody first
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
print(asyncio.run(looked_at(sys.argv[1])))
"""


async def looked_at(url: str) -> str:
    """What somebody sees who opens a queue, reads all of it and tries to write: one line each."""
    try:
        queue = await open_sqlite(url)
    except QueueError as error:
        return error.sentence
    seen = [f"{type(queue.dialect).__name__}"]
    try:
        page = await queue.page(parse("is:pending,decided"), ANNA)
        seen.append(f"{len(page.entries)} listed")
        items = [await queue.get(entry.state.id) for entry in page.entries]
        events = [await queue.history(item.entry.state.id) for item in items if item]
        seen.append(f"{len(items)} shown, {sum(map(len, events))} events")
        rows = [row async for row in queue.stored()]
        seen.append(f"{sum(not disagreement(row) for row in rows)} verified")
        seen.append(f"{len([row async for row in queue.audit()])} records")
        seen.append(f"{sum(group.number for group in (await queue.groups(Query(), ANNA)).groups)}")
        await queue.submit(refund("new"), BOT)
    except QueueError as error:
        seen.append(error.sentence)
    finally:
        await queue.close()
    return "\n".join(seen)


def as_nobody(path: Path) -> list[str]:
    """The same by a user who may read the file and nothing else, in a process of its own."""
    command = [sys.executable, "-c", NOBODY, f"sqlite://{path}", str(ROOT)]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that others may look into; pytest's own are closed to them."""
    with tempfile.TemporaryDirectory() as name:
        found = Path(name)
        found.chmod(0o755)
        yield found
        found.chmod(0o755)


@pytest.fixture
async def filled(folder: Path) -> AsyncIterator[SqlQueue]:
    """A queue with one decided and one pending artifact, open."""
    queue = await open_sqlite(f"sqlite://{folder}/queue.db")
    for key in ("one", "two"):
        await queue.submit(refund(key), BOT)
    item = await queue.get(await queue.find("refund-bot", "one") or "")
    assert item is not None
    answer = await queue.decide(decision(item.entry, Kind.APPROVE, "op"), ANNA)
    assert isinstance(answer, Settled)
    yield queue
    await queue.close()


WHOLE = ["ReadOnlySqlite", "2 listed", "2 shown, 3 events", "2 verified", "3 records", "1"]


def refusal(path: Path) -> str:
    return f"The queue file {path} cannot be written: it was opened to be read only."


@pytest.mark.parametrize("modes", [(0o444, 0o555), (0o444, 0o777), (0o666, 0o555)])
async def test_everything_can_be_read_and_nothing_written(
    filled: SqlQueue, folder: Path, modes: tuple[int, int]
) -> None:
    await filled.close()
    path = folder / "queue.db"
    path.chmod(modes[0])
    folder.chmod(modes[1])
    before = path.read_bytes(), sorted(folder.iterdir())
    assert as_nobody(path) == [*WHOLE, refusal(path)]
    assert (path.read_bytes(), sorted(folder.iterdir())) == before
    folder.chmod(0o755)
    path.chmod(0o644)
    assert invariants(path) == []


async def test_what_its_owner_decides_is_seen_at_once(filled: SqlQueue, folder: Path) -> None:
    path = folder / "queue.db"
    # the newest entries are in the log alone
    assert (folder / "queue.db-wal").stat().st_size > 0
    path.chmod(0o444)
    folder.chmod(0o555)
    found = await asyncio.to_thread(as_nobody, path)
    assert found == [*WHOLE, refusal(path)]


async def test_a_log_that_cannot_be_read_is_not_left_out(filled: SqlQueue, folder: Path) -> None:
    copy = folder / "copy"
    copy.mkdir()
    for name in ("queue.db", "queue.db-wal"):  # as after a crash, without the log's index
        shutil.copyfile(folder / name, copy / name)
    (copy / "queue.db").chmod(0o444)
    copy.chmod(0o555)
    [sentence] = await asyncio.to_thread(as_nobody, copy / "queue.db")
    assert sentence.startswith("The newest entries of ")
    copy.chmod(0o755)


def test_what_is_no_queue_is_told_as_ever(folder: Path) -> None:
    missing = folder / "new.db"
    folder.chmod(0o555)
    assert as_nobody(missing)[-1].endswith("cannot be written.")
    folder.chmod(0o755)
    empty = folder / "empty.db"
    empty.touch(0o444)
    old = folder / "old.db"
    old.write_bytes(lzma.decompress(OLD.read_bytes()))
    other = folder / "other.db"
    other.write_bytes(b"no database" * 1000)
    for path in (empty, old, other):
        path.chmod(0o444)
    folder.chmod(0o555)
    assert as_nobody(empty)[-1].endswith("cannot be written.")
    assert "was written by an older reviewer" in as_nobody(old)[-1]
    assert "is no database" in as_nobody(other)[-1]


async def test_every_write_is_refused(filled: SqlQueue, folder: Path) -> None:
    """Whoever runs this: the dialect is chosen as for a file that cannot be written."""
    await filled.close()
    path = folder / "queue.db"
    dialect = ReadOnlySqlite(str(path), "full", 1.0)
    await asyncio.to_thread(dialect.prepare)
    queue = SqlQueue(f"sqlite://{path}", dialect)
    [entry] = (await queue.page(Query(), ANNA)).entries
    dialect.clock_offset += 10**12  # whatever is due by time stays as it is
    assert len((await queue.page(Query(), ANNA)).entries) == 1
    writes = (
        lambda: queue.submit(refund("new"), BOT),
        lambda: queue.claim(entry.state.id, ANNA),
        lambda: queue.claim_next(Query(), ANNA),
        lambda: queue.decide(decision(entry, Kind.REJECT, "no"), ANNA),
        lambda: queue.undo("op", ANNA),
        lambda: queue.withdraw(entry.state.id, BOT),
        lambda: queue.take_effects("worker"),
        queue.run_clocks,
    )
    for write in writes:
        with pytest.raises(QueueError, match="opened to be read only"):
            await write()
    assert queue.read_only
    assert (await queue.describe())["read_only"] is True
    await queue.close()


async def test_a_file_that_is_changed_meanwhile_is_not_read_on(
    filled: SqlQueue, folder: Path
) -> None:
    await filled.close()
    path = folder / "queue.db"
    dialect = ReadOnlySqlite(str(path), "full", 1.0)
    await asyncio.to_thread(dialect.prepare)
    reader = SqlQueue(f"sqlite://{path}", dialect)
    assert (await reader.count(Query(), ANNA)).number == 1
    owner = await open_sqlite(f"sqlite://{path}")
    await owner.submit(refund("three"), BOT)
    with pytest.raises(QueueError, match="changed while it was read"):
        await reader.count(Query(), ANNA)
    await reader.close()
    await owner.close()


def test_a_file_that_may_be_made_or_written_is_opened_to_be_written(folder: Path) -> None:
    assert writable(str(folder / "new.db"))
    (folder / "queue.db").touch()
    assert writable(str(folder / "queue.db"))
