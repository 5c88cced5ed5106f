"""Where several people must approve the same: each once, and nothing goes out before the last."""

from __future__ import annotations

import asyncio

import pytest
import pytest_asyncio

from reviewer.domain.decision import Kind
from reviewer.domain.instant import HOUR
from reviewer.domain.query import parse
from reviewer.domain.state import Status
from reviewer.queue import BulkDecision, Claim, Queue, Settled

from .people import (
    ANN,
    BOB,
    LEE,
    a_decision,
    bulk,
    code_of,
    decided,
    entry_of,
    listed,
    proposal,
    state_of,
    submitted,
    targets,
)
from .stores import Store


@pytest_asyncio.fixture
async def two(store: Store) -> None:
    """Two people must approve."""
    await store.ask_for(2)


@pytest.mark.usefixtures("two")
async def test_the_first_approval_decides_nothing(store: Store, queue: Queue) -> None:
    one = await submitted(queue)
    settled = await decided(queue, one)
    assert settled.effective_at is None
    state = await state_of(queue, one)
    assert (state.status, state.approvers, state.quorum) == (Status.PENDING, ("ann",), 2)
    assert await listed(queue) == [one]
    await store.pass_time(HOUR)
    assert await queue.verdict(one) is None
    assert await queue.take_effects("w") == []
    assert [row async for row in queue.labels()] == []
    again = await a_decision(queue, one, Kind.APPROVE)
    assert code_of(await queue.decide(again, ANN)) == "not_allowed"
    last = await decided(queue, one, Kind.APPROVE, BOB)
    assert last.state.status is Status.APPROVED
    assert (await entry_of(queue, one)).decided_by == "bob"
    await store.pass_time(HOUR)
    verdict = await queue.verdict(one)
    assert verdict is not None
    assert verdict.decision == "approve"
    assert len([row async for row in queue.labels()]) == 1
    events = [event.event for event in await queue.history(one)]
    assert events[:3] == ["submitted", "approved_in_part", "decided"]


@pytest.mark.usefixtures("two")
async def test_the_same_operation_counts_once(queue: Queue) -> None:
    one = await submitted(queue)
    decision = await a_decision(queue, one, Kind.APPROVE)
    for _ in range(3):
        assert isinstance(await queue.decide(decision, ANN), Settled)
    assert (await state_of(queue, one)).approvers == ("ann",)
    late = await a_decision(queue, one, Kind.APPROVE, revision=decision.revision)
    assert code_of(await queue.decide(late, BOB)) == "stale"


@pytest.mark.usefixtures("two")
async def test_one_reject_is_enough_and_an_edit_cannot_be_shared(queue: Queue) -> None:
    one = await submitted(queue)
    await decided(queue, one)
    assert code_of(await queue.decide(await a_decision(queue, one, Kind.EDIT), BOB)) == (
        "not_allowed"
    )
    await decided(queue, one, Kind.REJECT, BOB)
    assert (await state_of(queue, one)).status is Status.REJECTED


@pytest.mark.usefixtures("two")
async def test_claim_next_offers_it_to_somebody_else(queue: Queue) -> None:
    one = await submitted(queue)
    await decided(queue, one)
    assert await queue.claim_next(parse(""), ANN) is None
    claim = await queue.claim_next(parse(""), BOB)
    assert claim is not None
    assert claim.item.entry.state.id == one


@pytest.mark.usefixtures("two")
async def test_in_bulk_each_approval_counts_for_itself(queue: Queue) -> None:
    ids = [await submitted(queue) for _ in range(3)]
    await decided(queue, ids[0], Kind.APPROVE, BOB)
    result = await bulk(queue, BulkDecision("one", Kind.APPROVE, await targets(queue, ids)), ANN)
    assert (result.decided, result.skipped) == (3, ())
    states = [(await state_of(queue, one)).status for one in ids]
    assert states == [Status.APPROVED, Status.PENDING, Status.PENDING]
    again = await bulk(queue, BulkDecision("two", Kind.APPROVE, await targets(queue, ids)), ANN)
    assert again.decided == 0
    assert [code_of(refusal) for refusal in again.skipped] == [
        "already_decided",
        "not_allowed",
        "not_allowed",
    ]


async def test_of_many_at_once_exactly_the_quorum_counts(store: Store, queue: Queue) -> None:
    await store.ask_for(3)
    second = await store.open()
    one = await submitted(queue)

    async def approve(handle: Queue, actor: object) -> None:
        for _ in range(10):
            decision = await a_decision(handle, one, Kind.APPROVE)
            answer = await handle.decide(decision, actor)  # type: ignore[arg-type]
            if isinstance(answer, Settled) or code_of(answer) != "stale":
                return

    await asyncio.gather(
        *(approve(handle, actor) for handle in (queue, second) for actor in (ANN, BOB, LEE))
    )
    state = await state_of(queue, one)
    assert state.status is Status.APPROVED
    events = [event.event for event in await queue.history(one)]
    assert events == ["submitted", "approved_in_part", "approved_in_part", "decided"]


@pytest.mark.usefixtures("two")
async def test_undoing_the_last_approval_asks_for_it_again(queue: Queue) -> None:
    one = await submitted(queue)
    await decided(queue, one)
    last = await decided(queue, one, Kind.APPROVE, BOB)
    await queue.undo(last.operation_id, BOB)
    state = await state_of(queue, one)
    assert (state.status, state.approvers) == (Status.PENDING, ("ann",))
    assert isinstance(await queue.claim(one, BOB), Claim)
    await decided(queue, one, Kind.APPROVE, BOB)


async def test_what_came_before_the_rule_keeps_its_own(store: Store, queue: Queue) -> None:
    one = await submitted(queue, proposal("before"))
    await store.ask_for(2)
    assert (await decided(queue, one)).state.status is Status.APPROVED
