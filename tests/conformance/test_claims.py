"""Claims: leases that end by themselves, fencing tokens that only grow (invariant 5)."""

from __future__ import annotations

import asyncio

import pytest

from reviewer.domain.decision import Kind
from reviewer.domain.instant import HOUR, MINUTE, SECOND
from reviewer.domain.query import parse
from reviewer.queue import LEASE, Claim, Queue, Settled

from .people import (
    ANN,
    BOB,
    BOT,
    LEE,
    VIC,
    a_decision,
    code_of,
    decided,
    listed,
    proposal,
    state_of,
    submitted,
)
from .stores import Store


async def claimed(queue: Queue, artifact_id: str, actor: object = ANN, **more: object) -> Claim:
    answer = await queue.claim(artifact_id, actor, **more)  # type: ignore[arg-type]
    assert isinstance(answer, Claim), answer
    return answer


async def test_a_claim_is_a_lease_with_a_token(queue: Queue) -> None:
    one = await submitted(queue)
    before, now = await state_of(queue, one), await queue.now()
    claim = await claimed(queue, one)
    state = await state_of(queue, one)
    assert claim.item.entry.state == state
    assert claim.item.artifact.agent.name == "bot"
    assert (state.lease_owner, state.fence, state.lease_until) == ("ann", claim.fence, claim.until)
    assert now + LEASE <= claim.until <= await queue.now() + LEASE
    assert claim.fence > before.fence
    # claims never make what somebody looks at stale
    assert state.revision == before.revision


async def test_another_hears_who_holds_it(queue: Queue) -> None:
    one = await submitted(queue)
    await claimed(queue, one)
    refusal = await queue.claim(one, BOB)
    assert code_of(refusal) == "claimed_by"
    assert "ann" in refusal.sentence  # type: ignore[union-attr]
    assert (await state_of(queue, one)).lease_owner == "ann"


async def test_the_holder_may_claim_again(queue: Queue) -> None:
    one = await submitted(queue)
    first = await claimed(queue, one)
    second = await claimed(queue, one)
    assert second.fence >= first.fence
    settled = await queue.decide(
        await a_decision(queue, one, Kind.APPROVE, fence=second.fence), ANN
    )
    assert isinstance(settled, Settled)


async def test_what_is_not_there_or_decided_cannot_be_claimed(queue: Queue) -> None:
    assert code_of(await queue.claim("a_nothing", ANN)) == "not_found"
    one = await submitted(queue)
    await decided(queue, one)
    assert code_of(await queue.claim(one, ANN)) == "already_decided"


@pytest.mark.parametrize("actor", [BOT, VIC])
async def test_who_may_not_decide_may_not_claim(queue: Queue, actor: object) -> None:
    one = await submitted(queue)
    assert code_of(await queue.claim(one, actor)) == "not_allowed"  # type: ignore[arg-type]


async def test_only_a_lead_takes_over(queue: Queue) -> None:
    one = await submitted(queue)
    first = await claimed(queue, one)
    refusal = await queue.claim(one, BOB, take_over=True)
    assert code_of(refusal) in ("claimed_by", "not_allowed")
    second = await claimed(queue, one, LEE, take_over=True)
    assert second.fence > first.fence
    late = await a_decision(queue, one, Kind.APPROVE, fence=first.fence)
    assert code_of(await queue.decide(late, ANN)) in ("claimed_by", "lost_claim")
    assert code_of(await queue.renew(one, first.fence, ANN)) in ("claimed_by", "lost_claim")


async def test_a_claim_lapses_and_the_next_gets_a_larger_token(store: Store, queue: Queue) -> None:
    one = await submitted(queue)
    first = await claimed(queue, one)
    await store.pass_time(LEASE + SECOND)
    assert await listed(queue, "is:unclaimed") == [one]
    assert await listed(queue, "is:claimed") == []
    second = await claimed(queue, one, BOB)
    assert second.fence > first.fence
    await queue.release(one, second.fence, BOB)
    late = await a_decision(queue, one, Kind.APPROVE, fence=first.fence)
    assert code_of(await queue.decide(late, ANN)) == "lost_claim"


async def test_a_late_decision_is_fine_if_nobody_claimed_in_between(
    store: Store, queue: Queue
) -> None:
    one = await submitted(queue)
    claim = await claimed(queue, one)
    decision = await a_decision(queue, one, Kind.APPROVE, fence=claim.fence)
    await store.pass_time(LEASE + SECOND)
    assert isinstance(await queue.decide(decision, ANN), Settled)


async def test_a_shorter_lease_is_shorter(store: Store, queue: Queue) -> None:
    one = await submitted(queue)
    await claimed(queue, one, lease=MINUTE)
    await store.pass_time(2 * MINUTE)
    assert (await claimed(queue, one, BOB)).item.entry.state.lease_owner == "bob"


async def test_renewing_prolongs(store: Store, queue: Queue) -> None:
    one = await submitted(queue)
    claim = await claimed(queue, one)
    await store.pass_time(LEASE // 2)
    until = await queue.renew(one, claim.fence, ANN)
    assert isinstance(until, int)
    assert until > claim.until
    assert (await state_of(queue, one)).lease_until == until
    await store.pass_time(LEASE // 2 + MINUTE)
    assert code_of(await queue.claim(one, BOB)) == "claimed_by"


async def test_a_claim_that_is_lost_cannot_be_renewed(store: Store, queue: Queue) -> None:
    one = await submitted(queue)
    claim = await claimed(queue, one)
    for fence, actor in ((claim.fence, BOB), (claim.fence + 1, ANN), (claim.fence - 1, ANN)):
        assert code_of(await queue.renew(one, fence, actor)) in ("claimed_by", "lost_claim")
    await store.pass_time(LEASE + SECOND)
    await claimed(queue, one, BOB)
    assert code_of(await queue.renew(one, claim.fence, ANN)) in ("claimed_by", "lost_claim")
    assert code_of(await queue.renew("a_nothing", 1, ANN)) == "not_found"
    two = await submitted(queue)
    claim = await claimed(queue, two)
    await decided(queue, two)
    assert code_of(await queue.renew(two, claim.fence, ANN)) in ("already_decided", "lost_claim")


async def test_release_gives_back_and_is_never_an_error(queue: Queue) -> None:
    one = await submitted(queue)
    claim = await claimed(queue, one)
    await queue.release(one, claim.fence, BOB)
    await queue.release(one, claim.fence - 1, ANN)
    assert (await state_of(queue, one)).lease_owner == "ann"
    await queue.release(one, claim.fence, ANN)
    assert (await state_of(queue, one)).lease_owner == ""
    await queue.release(one, claim.fence, ANN)
    await queue.release("a_nothing", 1, ANN)
    assert (await claimed(queue, one, BOB)).fence > claim.fence


@pytest.mark.parametrize("kind", [Kind.APPROVE, Kind.SNOOZE, Kind.REASSIGN, Kind.ESCALATE])
async def test_a_decision_ends_the_claim(queue: Queue, kind: Kind) -> None:
    one = await submitted(queue)
    claim = await claimed(queue, one)
    await decided(queue, one, kind, fence=claim.fence)
    state = await state_of(queue, one)
    assert state.lease_owner == ""
    assert state.fence >= claim.fence


async def test_one_of_many_at_once_gets_it(store: Store, queue: Queue) -> None:
    second = await store.open()
    one = await submitted(queue)
    answers = await asyncio.gather(
        *(
            handle.claim(one, actor)
            for handle in (queue, second)
            for actor in (ANN, BOB, LEE)
            for _ in range(3)
        )
    )
    owners = {a.item.entry.state.lease_owner for a in answers if isinstance(a, Claim)}
    assert len(owners) == 1


async def test_claim_next_goes_by_virtual_deadline(queue: Queue) -> None:
    order = []
    for risk in ("low", "critical", "medium", "high"):
        artifact = proposal(risk=risk, due_at="2100-01-01T00:00:00Z")
        order.append((await submitted(queue, artifact), risk))
    got = []
    while (claim := await queue.claim_next(parse(""), ANN)) is not None:
        got.append(str(claim.item.entry.state.risk))
        assert claim.item.entry.state.lease_owner == "ann"
    assert got == ["critical", "high", "medium", "low"]
    ranks = [(await state_of(queue, one)).rank for one, _ in order]
    assert len(set(ranks)) == 4


async def test_claim_next_passes_over_what_cannot_be_worked_on(store: Store, queue: Queue) -> None:
    ids = [await submitted(queue) for _ in range(5)]
    await claimed(queue, ids[0], BOB)
    await decided(queue, ids[1])
    await decided(queue, ids[2], Kind.SNOOZE, until=await queue.now() + HOUR)
    first = await queue.claim_next(parse(""), ANN)
    second = await queue.claim_next(parse(""), LEE)
    assert first is not None
    assert second is not None
    assert [first.item.entry.state.id, second.item.entry.state.id] == ids[3:]
    assert await queue.claim_next(parse(""), LEE) is None
    await store.pass_time(HOUR + MINUTE)
    await queue.run_clocks()
    again = [await queue.claim_next(parse(""), ANN) for _ in range(5)]
    assert [c.item.entry.state.id for c in again if c] == [ids[0], *ids[2:]]


async def test_claim_next_keeps_to_its_filter(queue: Queue) -> None:
    await submitted(queue, proposal(queue="refunds"))
    two = await submitted(queue, proposal(kind="merge"))
    claim = await queue.claim_next(parse("kind:merge"), ANN)
    assert claim is not None
    assert claim.item.entry.state.id == two
    assert await queue.claim_next(parse("kind:merge"), BOB) is None
    assert await queue.claim_next(parse("kind:other"), ANN) is None


async def test_many_at_once_each_get_their_own(store: Store, queue: Queue) -> None:
    second = await store.open()
    ids = [await submitted(queue) for _ in range(12)]
    actors = [ANN, BOB, LEE]
    claims = await asyncio.gather(
        *((queue, second)[n % 2].claim_next(parse(""), actors[n % 3]) for n in range(12))
    )
    assert sorted(c.item.entry.state.id for c in claims if c) == sorted(ids)


async def test_tokens_only_grow(store: Store, queue: Queue) -> None:
    one = await submitted(queue)
    fences = [(await state_of(queue, one)).fence]
    for actor in (ANN, BOB, LEE, ANN):
        claim = await claimed(queue, one, actor)
        fences.append(claim.fence)
        if actor is not BOB:
            await queue.release(one, claim.fence, actor)
        else:
            await store.pass_time(LEASE + SECOND)
    settled = await decided(queue, one)
    await queue.undo(settled.operation_id, ANN)
    fences.append((await claimed(queue, one)).fence)
    assert fences == sorted(set(fences))
