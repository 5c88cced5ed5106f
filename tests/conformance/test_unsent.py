"""Notifications that did not arrive, or may not have, are listed while their artifact waits."""

from __future__ import annotations

import json

from reviewer.domain.instant import DAY, HOUR, MINUTE
from reviewer.queue import Queue

from .people import decided, proposal, submitted
from .policies import policy
from .stores import Store

STEPS = [{"after": "50%", "to": "ann", "notify": ["chat"]}]
CHAIN = policy(
    queues={"*": {"escalate": STEPS, "lead": "lee"}},
    notify={"chat": {"type": "webhook", "url": "https://chat.example.com/x"}},
)


async def late(store: Store, queue: Queue, number: int) -> list[str]:
    """So many artifacts whose step has been carried out, and nobody has sent what it says."""
    await store.put_in_force(CHAIN)
    ids = [await submitted(queue, proposal(f"k{at}")) for at in range(number)]
    await store.pass_time(30 * DAY)
    await queue.run_clocks()
    return ids


async def ended(queue: Queue, state: str, detail: str, number: int = 1) -> None:
    """So many of them end so."""
    for effect in await queue.take_effects("w", limit=number, kind="notify"):
        assert await queue.settle_effect(effect, state, detail)


async def test_what_failed_or_is_unknown_is_listed_the_newest_first(
    store: Store, queue: Queue
) -> None:
    ids = await late(store, queue, 5)
    assert await queue.unsent() == []
    assert await queue.count_unsent() == {"failed": 0, "unknown": 0}
    await ended(queue, "failed", "it answered 503")
    await ended(queue, "applied", "")
    await ended(queue, "unknown", "the line broke", 2)
    found = await queue.unsent()
    assert {one.notice.artifact_id for one in found} < set(ids)
    effects = [one.notice.effect for one in found]
    assert effects == sorted(effects, reverse=True)
    assert [one.state for one in found] == ["unknown", "unknown", "failed"]
    last = found[-1]
    assert (last.detail, last.attempts, last.status) == ("it answered 503", 1, "pending")
    assert (last.notice.to, last.notice.channel, last.notice.step) == ("ann", "chat", 1)
    assert last.notice.facts["title"] == "Set a"
    assert 0 <= await queue.now() - last.at < MINUTE
    assert await queue.count_unsent() == {"failed": 1, "unknown": 2}
    assert await queue.unsent(limit=2) == found[:2]
    assert await queue.unsent(limit=2, before=found[1].notice.effect) == found[2:]


async def test_what_was_decided_since_is_nobodys_business_any_more(
    store: Store, queue: Queue
) -> None:
    await late(store, queue, 2)
    await ended(queue, "failed", "no", 2)
    first, second = await queue.unsent()
    await decided(queue, first.notice.artifact_id)
    assert await queue.unsent() == [second]
    assert await queue.count_unsent() == {"failed": 1, "unknown": 0}
    both = await queue.unsent(everything=True)
    assert [one.status for one in both] == ["approved", "pending"]


async def test_a_worker_that_went_away_leaves_one_that_is_not_known(
    store: Store, queue: Queue
) -> None:
    [one] = await late(store, queue, 1)
    [taken] = await queue.take_effects("w", lease=MINUTE, kind="notify")
    assert await queue.settle_effect(taken, "failed", "503", retry_at=await queue.now())
    assert await queue.unsent() == [], "it is tried again"
    await queue.take_effects("w", lease=MINUTE, kind="notify")
    await store.pass_time(HOUR)
    assert await queue.take_effects("other", kind="notify") == []
    [found] = await queue.unsent()
    assert (found.notice.artifact_id, found.state, found.attempts) == (one, "unknown", 2)
    assert "went away" in found.detail
    assert 0 <= await queue.now() - found.at < MINUTE
    # looking at it sends nothing
    await store.pass_time(DAY)
    assert await queue.take_effects("other", kind="notify") == []
    record = [json.loads(row.record) async for row in queue.audit()][-1]
    assert (record["event"], record["facts"]["state"]) == ("effect", "unknown")
