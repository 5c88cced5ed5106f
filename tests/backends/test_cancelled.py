"""Whoever is cancelled waits no longer, and what was read for nobody else ends too."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from backends.sql.lanes import Lane
from backends.sql.queue import SqlQueue
from backends.sql.transaction import Reader, Transaction
from reviewer.domain.errors import QueueError
from tests.support.making import BOT, refund

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
PATIENCE = 20.0
"""Seconds until a test that waits for nothing fails."""


def endless(reader: Reader) -> None:
    """One statement that goes on for ever."""
    reader.connection.execute(ENDLESS).fetchone()


def restless(reader: Reader) -> None:
    """Statements without end, each of them over at once."""
    while True:
        reader.connection.execute("SELECT 1").fetchone()


@pytest.mark.parametrize("work", [endless, restless])
async def test_what_nobody_waits_for_makes_room_for_others(
    queue: SqlQueue, work: Callable[[Reader], None]
) -> None:
    begun = threading.Semaphore(0)

    def noted(reader: Reader) -> None:
        begun.release()
        work(reader)

    reads = [asyncio.create_task(queue.read(noted)) for _ in range(queue.dialect.readers + 5)]
    for _ in range(queue.dialect.readers):
        assert await asyncio.to_thread(begun.acquire, timeout=PATIENCE)
    for read in reads:
        read.cancel()
    await asyncio.gather(*reads, return_exceptions=True)
    assert all(read.cancelled() for read in reads)
    await asyncio.wait_for(queue.submit(refund("after"), BOT), PATIENCE)
    for _ in range(3 * queue.dialect.readers):  # on each connection, whatever it did
        assert await asyncio.wait_for(queue.read(lambda reader: reader.one("position")), PATIENCE)
    assert not begun.acquire(blocking=False), "one began although nobody waited for it"


async def test_who_waits_too_long_for_others_reads_is_told_so(queue: SqlQueue) -> None:
    queue.dialect.patience = 0.2
    go = threading.Event()
    reads = [
        asyncio.create_task(queue.read(lambda _: go.wait(PATIENCE)))
        for _ in range(queue.dialect.readers)
    ]
    await asyncio.sleep(0.05)
    with pytest.raises(QueueError, match="answers slowly"):
        await queue.read(lambda reader: reader.one("position"))
    go.set()
    assert await asyncio.gather(*reads) == [True] * len(reads)
    assert await queue.read(lambda reader: reader.one("position"))


async def test_a_write_is_not_interrupted(queue: SqlQueue) -> None:
    begun, go = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        begun.set()
        assert go.wait(PATIENCE)
        tx.connection.execute("CREATE TABLE kept (x)")

    write = asyncio.create_task(queue.write(slow))
    assert await asyncio.to_thread(begun.wait, PATIENCE)
    write.cancel()
    await asyncio.gather(write, return_exceptions=True)
    go.set()
    await queue.submit(refund("after"), BOT)  # its turn comes after the other
    columns = await queue.read(
        lambda reader: reader.connection.execute("SELECT * FROM kept").description
    )
    assert [column[0] for column in columns] == ["x"]


async def test_one_job_is_never_stopped_for_another() -> None:
    stopped: list[str] = []
    go = threading.Event()
    lane = Lane("test", 1, lambda: "connection", lambda _: None, stopped.append)
    first = asyncio.create_task(lane.run(lambda *_: go.wait(PATIENCE)))
    await asyncio.sleep(0)
    second = asyncio.create_task(lane.run(lambda *_: 2))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    await asyncio.sleep(0.1)
    assert not stopped
    go.set()
    assert await first
    lane.stop(PATIENCE)
