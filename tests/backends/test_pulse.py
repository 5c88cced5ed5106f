"""Waking up: by this process at once, by others within a tenth of a second, never missed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from backends.sql import pulse
from backends.sql.open import open_sqlite
from backends.sql.pulse import Pulse
from backends.sql.queue import SqlQueue
from reviewer.domain.errors import QueueError
from tests.support.making import BOT, refund


class Feed:
    """A number that grows, and how often it was looked at."""

    def __init__(self) -> None:
        self.newest = 0
        self.looks = 0

    async def look(self) -> int:
        self.looks += 1
        return self.newest


async def test_what_came_before_the_first_look_is_not_missed() -> None:
    feed = Feed()
    beating = Pulse(feed.look)
    beat = beating.subscribe()
    feed.newest = 1  # after the subscriber looked, before the pulse did
    await asyncio.wait_for(beat, 5)


async def test_all_who_wait_share_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "PERIOD", 0.005)
    feed = Feed()
    beating = Pulse(feed.look)
    await beating.subscribe()
    before = feed.looks
    waiting = [beating.subscribe() for _ in range(100)]
    await asyncio.sleep(0.1)
    assert not any(one.done() for one in waiting)
    looks = feed.looks - before
    assert looks <= 25, "each of them looked for itself"
    feed.newest = 1
    await asyncio.wait_for(asyncio.gather(*waiting), 5)


async def test_nobody_looks_when_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "PERIOD", 0.001)
    feed = Feed()
    beating = Pulse(feed.look)
    beat = beating.subscribe()
    await beat
    beating.forget(beat)
    await asyncio.sleep(0.02)
    before = feed.looks
    await asyncio.sleep(0.05)
    assert feed.looks == before


async def test_a_look_that_fails_wakes_those_who_wait() -> None:
    async def broken() -> int:
        raise QueueError("gone")

    await asyncio.wait_for(Pulse(broken).subscribe(), 5)


async def test_closing_ends_a_watch_with_the_reason(queue: SqlQueue) -> None:
    feed = queue.watch(0)
    waiting = asyncio.ensure_future(anext(feed))
    await asyncio.sleep(0.05)
    await queue.close()
    with pytest.raises(QueueError, match="closed"):
        await asyncio.wait_for(waiting, 5)


async def test_a_watch_hears_of_another_handle_as_of_its_own(queue: SqlQueue, path: Path) -> None:
    other = await open_sqlite(f"sqlite://{path}?synchronous=normal")
    feed = queue.watch(0)
    heard: list[str] = []

    async def listen() -> None:
        async for batch in feed:
            heard.extend(change.artifact_id for change in batch)
            if len(heard) >= 20:
                return

    listening = asyncio.create_task(listen())
    sent = []
    for n in range(10):
        for handle in (queue, other):
            sent.append((await handle.submit(refund(f"{n}-{handle is queue}"), BOT)).artifact_id)
            await asyncio.sleep(0.01)
    await asyncio.wait_for(listening, 10)
    assert heard == sent
    await other.close()


async def test_one_queue_serves_several_event_loops(queue: SqlQueue) -> None:
    submitted = await queue.submit(refund("one"), BOT)

    async def elsewhere() -> list[str]:
        batch = await asyncio.wait_for(anext(queue.watch(0)), 5)
        return [change.artifact_id for change in batch]

    found = await asyncio.to_thread(lambda: asyncio.run(elsewhere()))
    assert found == [submitted.artifact_id]
