"""The write-ahead log: folded by one at a time, never for ever growing, gone after closing."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from backends.sql import sqlite
from backends.sql.open import open_sqlite
from backends.sql.queue import SqlQueue
from reviewer.domain.query import parse
from tests.support.invariants import invariants
from tests.support.making import ANNA, BOT, refund
from tests.support.shared import ROOT


def size(path: Path, suffix: str) -> int:
    """Bytes of a file beside the queue; 0 where it is not."""
    beside = path.with_name(path.name + suffix)
    return beside.stat().st_size if beside.exists() else 0


async def test_closing_folds_the_log_into_the_file(queue: SqlQueue, path: Path) -> None:
    await queue.submit_many([refund(f"k{n}") for n in range(50)], BOT)
    assert size(path, "-wal") > 0
    await queue.close()
    assert (size(path, "-wal"), size(path, "-shm")) == (0, 0)
    assert invariants(path) == []


async def test_the_log_starts_anew_while_readers_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "CHECKPOINT_ROWS", 200)
    queue = await open_sqlite(f"sqlite://{path}?synchronous=normal")
    other = await open_sqlite(f"sqlite://{path}?synchronous=normal")
    stop = False

    async def read() -> int:
        pages = 0
        while not stop:
            pages += len((await other.page(parse(""), ANNA)).entries) > 0
        return pages

    reading = asyncio.create_task(read())
    biggest = 0
    for start in range(0, 1500, 25):
        await queue.submit_many([refund(f"k{n}") for n in range(start, start + 25)], BOT)
        biggest = max(biggest, size(path, "-wal"))
    stop = True
    assert await reading > 0
    file = size(path, "")
    await queue.close()
    await other.close()
    # without folding the log would hold every page ever written, many times the file
    assert biggest < file
    assert invariants(path) == []


def test_a_program_that_forgets_to_close_still_leaves_a_folded_file(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    program = (
        "import asyncio, sys\n"
        "from backends.sql.open import open_sqlite\n"
        "from tests.support.making import BOT, refund\n"
        "async def main():\n"
        "    queue = await open_sqlite(sys.argv[1])\n"
        "    await queue.submit(refund('one'), BOT)\n"
        "    return queue\n"
        "kept = asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", program, f"sqlite://{path}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
    assert (size(path, "-wal"), size(path, "-shm")) == (0, 0)
    assert invariants(path) == []


async def test_a_queue_that_is_let_go_of_gives_its_threads_back(path: Path) -> None:
    queue = await open_sqlite(f"sqlite://{path}")
    await queue.submit(refund("one"), BOT)
    mine = set(queue._writer._threads + queue._readers._threads)
    assert mine <= set(threading.enumerate())
    del queue
    for _ in range(100):  # a lane may hold its last job for a moment
        gc.collect()
        if not mine & set(threading.enumerate()):
            break
        await asyncio.sleep(0.02)
    assert not mine & set(threading.enumerate())
    assert size(path, "-wal") == 0
