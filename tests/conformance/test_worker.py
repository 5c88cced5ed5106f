"""Effects and clocks: taken by one worker at a time, expiry never approves."""

from __future__ import annotations

import asyncio

import pytest

from reviewer.domain.decision import Kind
from reviewer.domain.instant import DAY, HOUR, MINUTE, SECOND, iso
from reviewer.domain.state import Status
from reviewer.queue import LEASE, Claim, Queue

from .people import (
    ANN,
    BOB,
    a_decision,
    code_of,
    decided,
    entry_of,
    listed,
    proposal,
    state_of,
    submitted,
)
from .stores import Store


async def due(store: Store, queue: Queue, number: int = 1) -> list[str]:
    """Artifacts whose approval has gone out."""
    ids = [await submitted(queue) for _ in range(number)]
    for one in ids:
        await decided(queue, one)
    await store.pass_time(MINUTE)
    return ids


async def test_an_effect_is_taken_when_it_is_due_and_by_one(store: Store, queue: Queue) -> None:
    one = await submitted(queue)
    await decided(queue, one)
    assert await queue.take_effects("w") == []
    await store.pass_time(MINUTE)
    [effect] = await queue.take_effects("w")
    assert (effect.artifact_id, effect.kind, effect.attempts) == (one, "deliver", 1)
    assert effect.until > await queue.now()
    assert await queue.take_effects("other") == []
    assert await queue.settle_effect(effect, "applied", "200 OK")
    await store.pass_time(LEASE + HOUR)
    assert await queue.take_effects("w") == []


async def test_the_limit_is_a_limit(store: Store, queue: Queue) -> None:
    ids = await due(store, queue, 5)
    first = await queue.take_effects("w", limit=3)
    rest = await queue.take_effects("w", limit=3)
    assert [len(first), len(rest)] == [3, 2]
    assert [effect.artifact_id for effect in first + rest] == ids


async def test_workers_at_once_never_take_the_same(store: Store, queue: Queue) -> None:
    ids = await due(store, queue, 20)
    second = await store.open()
    taken = await asyncio.gather(
        *((queue, second)[n % 2].take_effects(f"w{n}", limit=4) for n in range(8))
    )
    assert sorted(effect.artifact_id for some in taken for effect in some) == sorted(ids)


async def test_a_failure_is_tried_again_at_its_time(store: Store, queue: Queue) -> None:
    await due(store, queue)
    [effect] = await queue.take_effects("w")
    later = await queue.now() + HOUR
    assert await queue.settle_effect(effect, "failed", "503", retry_at=later)
    assert await queue.take_effects("w") == []
    await store.pass_time(HOUR + MINUTE)
    [again] = await queue.take_effects("w")
    assert (again.id, again.attempts) == (effect.id, 2)
    assert again.fence > effect.fence


async def test_a_delivery_whose_worker_died_is_due_again_and_the_dead_is_refused(
    store: Store, queue: Queue
) -> None:
    await due(store, queue)
    [effect] = await queue.take_effects("w", lease=MINUTE)
    await store.pass_time(2 * MINUTE)
    await queue.run_clocks()
    [again] = await queue.take_effects("other")
    assert again.id == effect.id
    assert again.fence > effect.fence
    assert not await queue.settle_effect(effect, "applied", "late")
    assert await queue.settle_effect(again, "applied", "in time")
    assert not await queue.settle_effect(again, "applied", "twice")


async def test_nothing_expires_before_its_time(store: Store, queue: Queue) -> None:
    one = await submitted(queue, proposal(expires_at=iso(await queue.now() + HOUR)))
    await queue.run_clocks()
    assert (await state_of(queue, one)).status is Status.PENDING
    await store.pass_time(2 * HOUR)
    assert await queue.run_clocks() >= 1
    entry = await entry_of(queue, one)
    assert entry.state.status is Status.EXPIRED
    assert await queue.run_clocks() == 0
    verdict = await queue.verdict(one)
    assert verdict is not None
    assert (verdict.status, verdict.writes) == ("expired", ())
    assert verdict.decision != "approve"
    assert [row async for row in queue.labels()] == []
    events = [event.event for event in await queue.history(one)]
    assert events[:2] == ["submitted", "expired"]
    assert "decided" not in events


async def test_one_that_escalates_at_expiry_stays_for_people(store: Store, queue: Queue) -> None:
    artifact = proposal(expires_at=iso(await queue.now() + HOUR), on_expiry="escalate")
    one = await submitted(queue, artifact)
    await decided(queue, one, Kind.SNOOZE, until=await queue.now() + DAY)
    await store.pass_time(2 * HOUR)
    await queue.run_clocks()
    item = await queue.get(one)
    assert item is not None
    assert item.entry.state.status is Status.PENDING
    assert item.entry.state.escalated
    assert "expired" in item.entry.reasons
    assert (item.reasons[-1].code, item.reasons[-1].source) == ("expired", "policy")
    assert await listed(queue) == [one]
    assert await queue.run_clocks() == 0
    await decided(queue, one)


@pytest.mark.parametrize("kind", [k for k in Kind if k is not Kind.RESPOND])
async def test_what_has_expired_cannot_be_decided_even_before_the_clocks_ran(
    store: Store, queue: Queue, kind: Kind
) -> None:
    one = await submitted(queue, proposal(expires_at=iso(await queue.now() + HOUR)))
    decision = await a_decision(queue, one, kind, **late(kind, await queue.now()))
    await store.pass_time(2 * HOUR)
    assert code_of(await queue.decide(decision, ANN)) in ("already_decided", "stale")
    assert code_of(await queue.claim(one, ANN)) == "already_decided"
    await queue.run_clocks()
    assert (await state_of(queue, one)).status is Status.EXPIRED


def late(kind: Kind, now: int) -> dict[str, int]:
    return {"until": now + 10 * DAY} if kind is Kind.SNOOZE else {}


async def test_a_claim_does_not_stop_expiry(store: Store, queue: Queue) -> None:
    one = await submitted(queue, proposal(expires_at=iso(await queue.now() + MINUTE)))
    assert isinstance(await queue.claim(one, ANN), Claim)
    await store.pass_time(2 * MINUTE)
    await queue.run_clocks()
    assert (await state_of(queue, one)).status is Status.EXPIRED


async def test_two_clocks_at_once_expire_it_once(store: Store, queue: Queue) -> None:
    second = await store.open()
    expires = iso(await queue.now() + MINUTE)
    ids = [await submitted(queue, proposal(expires_at=expires)) for _ in range(10)]
    await store.pass_time(2 * MINUTE)
    await asyncio.gather(*(handle.run_clocks() for handle in (queue, second) for _ in range(3)))
    for one in ids:
        assert [e.event for e in await queue.history(one)] == ["submitted", "expired"]


async def test_a_clock_that_is_set_back_frees_nothing_early(store: Store, queue: Queue) -> None:
    one, two = await submitted(queue), await submitted(queue)
    claim = await queue.claim(one, ANN)
    assert isinstance(claim, Claim)
    await decided(queue, two)
    await store.pass_time(-HOUR)
    assert code_of(await queue.claim(one, BOB)) == "claimed_by"
    assert await queue.verdict(two) is None
    assert await queue.take_effects("w") == []
    again = await queue.claim(one, ANN)
    assert isinstance(again, Claim)
    assert again.fence >= claim.fence
    await store.pass_time(HOUR + LEASE + SECOND)
    free = await queue.claim(one, BOB)
    assert isinstance(free, Claim)
    assert free.fence > again.fence


async def test_clock_jumps_change_no_order(store: Store, queue: Queue) -> None:
    start = await queue.position()
    ids: list[str] = []
    for jump in (0, -DAY, DAY * 3, -HOUR):
        await store.pass_time(jump)
        ids.append(await submitted(queue))
        await decided(queue, ids[-1], Kind.ESCALATE)
    feed: list[tuple[int, str]] = []
    async for batch in queue.watch(start):
        feed += [(change.seq, change.artifact_id) for change in batch]
        if len(feed) >= 8:
            break
    assert [seq for seq, _ in feed] == list(range(start + 1, start + 9))
    assert [one for _, one in feed] == [one for one in ids for _ in range(2)]
    assert await listed(queue, "sort:oldest") == ids
