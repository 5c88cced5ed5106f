"""Several processes on one file at once; afterwards the file itself is asked."""

# ruff: noqa: ASYNC220, ASYNC222 - the processes are what is tested

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from backends.sql.open import open_sqlite
from backends.sql.queue import SqlQueue
from reviewer.domain.errors import QueueError
from tests.support.invariants import invariants
from tests.support.making import BOT, refund
from tests.support.processes import together
from tests.support.shared import ROOT

NUMBER = 60


async def test_submitters_reviewers_and_watchers_at_once(queue: SqlQueue, path: Path) -> None:
    answers = together(
        f"sqlite://{path}?synchronous=normal",
        [
            ("submitter", "one", NUMBER),
            ("submitter", "two", NUMBER),
            ("reviewer", "anna", NUMBER),
            ("reviewer", "ben", NUMBER),
            ("watcher", "eve", NUMBER),
        ],
    )
    one, two, anna, ben, eve = answers
    # every key is created by exactly one of those who submitted it, and both hear the same id
    assert sorted(one["created"] + two["created"]) == sorted(f"k{n}" for n in range(NUMBER))
    assert one["ids"] == two["ids"]
    # everything is decided once, and nobody lost what they had claimed
    decided = anna["decided"] + ben["decided"]
    assert sorted(decided) == sorted(one["ids"].values())
    assert (anna["lost"], ben["lost"]) == (0, 0)
    # the watcher saw every event in order, without a gap
    numbers = [seq for seq, _, _ in eve["seen"]]
    assert numbers == list(range(1, numbers[-1] + 1))
    events = Counter(event for _, _, event in eve["seen"])
    assert (events["submitted"], events["decided"]) == (NUMBER, NUMBER)
    assert invariants(path) == []


async def test_claims_go_on_while_another_process_decides_in_bulk(
    queue: SqlQueue, path: Path
) -> None:
    for start in range(0, 3000, 500):
        await queue.submit_many([refund(f"k{n}") for n in range(start, start + 500)], BOT)
    bulk, claims = together(
        f"sqlite://{path}?synchronous=normal", [("bulker", "lea", 2500), ("claimer", "anna", 400)]
    )
    assert bulk["decided"] + bulk["skipped"] == 2500
    assert len(claims["took"]) == 400
    # they were let in between the chunks, not after the whole; so many that they are not all
    # through before the other process has read what it decides
    with closing(sqlite3.connect(path)) as connection:
        order = [
            event
            for (event,) in connection.execute(
                "SELECT event FROM audit WHERE event IN ('claimed', 'decided') ORDER BY seq"
            )
        ]
    runs = [event for n, event in enumerate(order) if n == 0 or order[n - 1] != event]
    assert runs.count("claimed") >= 5, "claims waited for the whole bulk"
    assert invariants(path) == []


async def test_processes_that_make_the_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    answers = together(f"sqlite://{path}", [("submitter", name, 3) for name in "abc"])
    assert Counter(key for answer in answers for key in answer["created"]) == {
        "k0": 1,
        "k1": 1,
        "k2": 1,
    }
    assert invariants(path) == []


async def test_a_process_killed_while_it_makes_the_file(tmp_path: Path) -> None:
    for n in range(6):
        path = tmp_path / f"{n}.db"
        program = "import asyncio,sys;from backends.sql.open import open_sqlite\n"
        program += "import alembic.command, sqlmodel;print(flush=True)\n"
        program += "asyncio.run(open_sqlite(sys.argv[1]))"
        process = subprocess.Popen(
            [sys.executable, "-c", program, f"sqlite://{path}"], cwd=ROOT, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.01 + 0.012 * n)
        process.kill()
        process.wait()
        process.stdout.close()
        queue = await open_sqlite(f"sqlite://{path}")
        assert (await queue.submit(refund("one"), BOT)).created
        await queue.close()
        assert invariants(path) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
async def test_a_forked_child_is_told_to_open_its_own(queue: SqlQueue, path: Path) -> None:
    await queue.submit(refund("before"), BOT)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            queue.write(lambda tx: None).send(None)  # runs to its first check
        except QueueError as error:
            os.write(writing, error.sentence.encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as said:
        assert "forked" in said.read()
    # the parent's queue and its locks are untouched
    assert (await queue.submit(refund("after"), BOT)).created
    assert invariants(path) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
async def test_a_child_that_outlives_its_killed_parent_does_not_keep_the_gate(path: Path) -> None:
    await (await open_sqlite(f"sqlite://{path}")).close()
    # a parent that holds the gate, forks, and dies by kill -9 while its child lives on
    program = (
        "import os, sys, signal, time\n"
        "from backends.sql.gate import Gate\n"
        "gate = Gate(sys.argv[1])\n"
        "gate.__enter__()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    time.sleep(20)\n"
        "    os._exit(0)\n"
        "print(child, flush=True)\n"
        "time.sleep(0.1)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    child = int(process.stdout.readline())
    process.wait()
    try:
        queue = await open_sqlite(f"sqlite://{path}?patience=3")
        assert (await queue.submit(refund("one"), BOT)).created
        await queue.close()
    finally:
        os.kill(child, 9)
        process.stdout.close()
