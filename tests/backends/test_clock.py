"""Clock jumps change neither order nor the safety of claims."""

from __future__ import annotations

import asyncio
from pathlib import Path

from backends.sql.open import open_sqlite
from backends.sql.queue import SqlQueue
from reviewer.domain.decision import Code, Kind, Refusal
from reviewer.domain.instant import DAY, HOUR, MINUTE, SECOND, iso
from reviewer.domain.query import parse
from reviewer.queue import Claim, Settled
from tests.support.invariants import invariants
from tests.support.making import ANNA, BEN, BOT, decision, refund

ALL = parse("")


async def claimed(queue: SqlQueue, name: str, who: object = ANNA) -> Claim:
    answer = await queue.claim(name, who)  # type: ignore[arg-type]
    assert isinstance(answer, Claim)
    return answer


async def test_after_a_jump_forward_a_lapsed_holder_may_still_decide_if_nobody_claimed(
    queue: SqlQueue, path: Path
) -> None:
    one = (await queue.submit(refund("one"), BOT)).artifact_id
    claim = await claimed(queue, one)
    queue.dialect.clock_offset += DAY
    late = await queue.decide(decision(claim.item.entry, Kind.APPROVE, "op", claim.fence), ANNA)
    assert isinstance(late, Settled)
    assert invariants(path) == []


async def test_after_a_jump_forward_the_old_fence_loses_to_the_new_one(
    queue: SqlQueue, path: Path
) -> None:
    one = (await queue.submit(refund("one"), BOT)).artifact_id
    old = await claimed(queue, one)
    queue.dialect.clock_offset += DAY
    new = await claimed(queue, one, BEN)
    assert new.fence > old.fence
    # back to before: by this clock the new claim lasts for more than a day, the fence decides
    queue.dialect.clock_offset -= DAY
    stale = await queue.decide(decision(old.item.entry, Kind.APPROVE, "op", old.fence), ANNA)
    assert isinstance(stale, Refusal)
    assert stale.code in (Code.CLAIMED_BY, Code.LOST_CLAIM)
    kept = await queue.decide(decision(new.item.entry, Kind.APPROVE, "op2", new.fence), BEN)
    assert isinstance(kept, Settled)
    assert invariants(path) == []


async def test_events_keep_their_order_when_the_clock_goes_back(
    queue: SqlQueue, path: Path
) -> None:
    for n in range(6):
        await queue.submit(refund(f"k{n}"), BOT)
        queue.dialect.clock_offset -= HOUR
    changes = await anext(queue.watch(0))
    assert [change.seq for change in changes] == list(range(1, 7))
    keys = [event.facts["key"] for c in changes for event in await queue.history(c.artifact_id)]
    assert keys == [f"k{n}" for n in range(6)]
    assert invariants(path) == []


async def test_two_processes_with_different_clocks_never_share_a_claim(
    queue: SqlQueue, path: Path
) -> None:
    other = await open_sqlite(f"sqlite://{path}?synchronous=normal", clock_offset=3 * MINUTE)
    for n in range(10):
        await queue.submit(refund(f"k{n}"), BOT)
    desks = ((queue, ANNA), (other, BEN))
    both = await asyncio.gather(
        *(desk.claim_next(ALL, who) for desk, who in desks for _ in range(5))
    )
    names = [claim.item.entry.state.id for claim in both if claim]
    assert len(names) == len(set(names)) == 10
    await other.close()
    assert invariants(path) == []


async def test_waiting_follows_the_queues_clock(queue: SqlQueue) -> None:
    one = (await queue.submit(refund("one"), BOT)).artifact_id
    claim = await claimed(queue, one)
    await queue.decide(decision(claim.item.entry, Kind.APPROVE, "op", claim.fence), ANNA)
    assert await queue.verdict(one) is None
    waiting = asyncio.create_task(queue.wait(one, timeout=20))
    await asyncio.sleep(0.05)
    queue.dialect.clock_offset += 10 * SECOND
    verdict = await waiting
    assert verdict is not None
    assert verdict.decision == "approve"


async def test_time_alone_brings_back_what_was_put_off_and_ends_claims(
    queue: SqlQueue, path: Path
) -> None:
    ids = [(await queue.submit(refund(f"k{n}"), BOT)).artifact_id for n in range(2)]
    await claimed(queue, ids[0])
    listed = await queue.page(ALL, BEN)
    until = await queue.now() + HOUR
    snooze = decision(listed.entries[1], Kind.SNOOZE, "op", until=until)
    assert isinstance(await queue.decide(snooze, BEN), Settled)
    assert len((await queue.page(ALL, BEN)).entries) == 1
    queue.dialect.clock_offset += 2 * HOUR
    # a page is enough: nobody has to run a worker for it
    assert len((await queue.page(ALL, BEN)).entries) == 2
    assert (await queue.page(parse("is:claimed"), BEN)).entries == ()
    events = {e.event for name in ids for e in await queue.history(name)}
    assert {"woken", "lapsed"} <= events
    assert invariants(path) == []


async def test_what_has_expired_is_never_claimed_however_many_there_are(
    queue: SqlQueue, path: Path
) -> None:
    soon = iso(await queue.now() + HOUR)
    late = [refund(f"k{n}", expires_at=soon, risk="critical") for n in range(450)]
    await queue.submit_many([*late, refund("open")], BOT)
    queue.dialect.clock_offset += 2 * HOUR
    claim = await queue.claim_next(ALL, ANNA)
    assert claim is not None
    assert claim.item.entry.state.key == "open"
    assert await queue.claim_next(ALL, ANNA) is None
    assert (await queue.count(parse("is:expired"), ANNA)).number == 450
    assert invariants(path) == []
