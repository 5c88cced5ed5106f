"""The feed: at least once, in order, from any process (invariant 8)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from reviewer.domain.decision import Kind
from reviewer.queue import Change, Queue

from .people import ANN, BOT, decided, proposal, submitted
from .stores import Store


async def until(feed: AsyncIterator[list[Change]], seq: int) -> list[Change]:
    """All changes up to that number."""
    seen: list[Change] = []
    async with asyncio.timeout(30):
        async for batch in feed:
            seen += batch
            if seen and seen[-1].seq >= seq:
                return seen
    raise AssertionError("the feed ended")


async def test_everything_that_happened_comes_in_order(queue: Queue) -> None:
    start = await queue.position()
    one, two = await submitted(queue), await submitted(queue)
    await decided(queue, one, Kind.ESCALATE)
    settled = await decided(queue, one)
    await queue.undo(settled.operation_id, ANN)
    await queue.withdraw(two, BOT)
    end = await queue.position()
    seen = await until(queue.watch(start), end)
    assert [change.seq for change in seen] == list(range(start + 1, end + 1))
    for artifact_id in (one, two):
        mine = [(c.seq, c.event) for c in seen if c.artifact_id == artifact_id]
        assert mine == [(e.seq, e.event) for e in await queue.history(artifact_id)]


@pytest.mark.parametrize("own", [True, False])
async def test_who_watches_hears_what_happens_next(store: Store, queue: Queue, own: bool) -> None:
    other = queue if own else await store.open()
    start = await queue.position()
    watching = asyncio.create_task(until(queue.watch(start), start + 2))
    await asyncio.sleep(0.05)
    one = await submitted(other)
    await decided(other, one)
    seen = await watching
    assert [(c.artifact_id, c.event) for c in seen] == [(one, "submitted"), (one, "decided")]


async def test_two_who_watch_both_hear_everything(queue: Queue) -> None:
    start = await queue.position()
    watching = [asyncio.create_task(until(queue.watch(start), start + 5)) for _ in range(2)]
    await asyncio.sleep(0)
    for _ in range(5):
        await submitted(queue)
    first, second = await asyncio.gather(*watching)
    assert first == second
    assert len(first) == 5


async def test_many_writers_at_once_leave_no_gap(store: Store, queue: Queue) -> None:
    second = await store.open()
    start = await queue.position()
    watching = asyncio.create_task(until(queue.watch(start), start + 60))

    async def work(handle: Queue) -> list[str]:
        ids = []
        for _ in range(15):
            ids.append(await submitted(handle))
            await decided(handle, ids[-1])
        return ids

    mine, yours = await asyncio.gather(work(queue), work(second))
    seen = {change.seq: change for change in await watching}
    assert sorted(seen) == list(range(start + 1, start + 61))
    for artifact_id in mine + yours:
        events = [seen[n].event for n in sorted(seen) if seen[n].artifact_id == artifact_id]
        assert events == ["submitted", "decided"]


async def test_watching_goes_on_where_it_stopped(queue: Queue) -> None:
    start = await queue.position()
    ids = [await submitted(queue) for _ in range(6)]
    first = await until(queue.watch(start), start + 3)
    rest = await until(queue.watch(first[2].seq), start + 6)
    assert [c.artifact_id for c in first[:3]] + [c.artifact_id for c in rest] == ids


async def test_a_watcher_that_leaves_disturbs_nobody(queue: Queue) -> None:
    watching = asyncio.create_task(until(queue.watch(await queue.position()), 10_000))
    await asyncio.sleep(0.05)
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching
    await submitted(queue)


async def test_a_long_past_comes_whole_and_in_order(queue: Queue) -> None:
    answers = await queue.submit_many([proposal() for _ in range(2500)], BOT)
    end = await queue.position()
    seen = await until(queue.watch(0), end)
    assert [change.seq for change in seen] == list(range(1, end + 1))
    assert [change.artifact_id for change in seen] == [a.artifact_id for a in answers]  # type: ignore[union-attr]
