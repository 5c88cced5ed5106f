"""Undo, verdicts and waiting: nothing goes out before its undo window is over."""

from __future__ import annotations

import asyncio

import pytest

from reviewer.domain.decision import Kind
from reviewer.domain.instant import HOUR, SECOND
from reviewer.domain.state import UNDO_WINDOW, Status
from reviewer.queue import BulkDecision, Queue

from .people import (
    ANN,
    BOB,
    BOT,
    a_decision,
    agent,
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

TERMINAL = [kind for kind in Kind if kind.terminal]


@pytest.mark.parametrize("kind", TERMINAL)
async def test_undone_in_time_it_is_pending_as_before(
    store: Store, queue: Queue, kind: Kind
) -> None:
    one = await submitted(queue)
    before = await state_of(queue, one)
    settled = await decided(queue, one, kind)
    result = await queue.undo(settled.operation_id, ANN)
    assert (result.operation_id, result.decided, result.skipped) == (settled.operation_id, 1, ())
    entry = await entry_of(queue, one)
    assert entry.state.status is Status.PENDING
    assert entry.state.revision > settled.state.revision
    assert (entry.state.decided_at, entry.state.effective_at) == (None, None)
    assert (entry.decision, entry.decided_by) == ("", "")
    assert entry.state.rank == before.rank
    assert await listed(queue) == [one]
    await store.pass_time(HOUR)
    assert await queue.verdict(one) is None
    assert await queue.take_effects("w") == []
    assert [row async for row in queue.labels()] == []
    assert [e.event for e in await queue.history(one)] == ["submitted", "decided", "undone"]
    # and it can be decided anew
    await decided(queue, one, Kind.REJECT)


async def test_too_late_is_too_late(store: Store, queue: Queue) -> None:
    one = await submitted(queue)
    settled = await decided(queue, one)
    await store.pass_time(UNDO_WINDOW + SECOND)
    result = await queue.undo(settled.operation_id, ANN)
    assert result.decided == 0
    assert [code_of(refusal) for refusal in result.skipped] == ["too_late"]
    assert result.skipped[0].artifact_id == one
    assert (await state_of(queue, one)).status is Status.APPROVED


async def test_only_who_decided_takes_it_back(queue: Queue) -> None:
    one = await submitted(queue)
    settled = await decided(queue, one)
    for other in (BOB, BOT):
        result = await queue.undo(settled.operation_id, other)
        assert [code_of(refusal) for refusal in result.skipped] == ["not_allowed"]
    assert (await state_of(queue, one)).status is Status.APPROVED


async def test_twice_taken_back_is_once(queue: Queue) -> None:
    one = await submitted(queue)
    settled = await decided(queue, one)
    assert (await queue.undo(settled.operation_id, ANN)).decided == 1
    state, position = await state_of(queue, one), await queue.position()
    # a retry after a lost answer hears the same, and nothing happens again
    assert (await queue.undo(settled.operation_id, ANN)).skipped == ()
    assert await state_of(queue, one) == state
    assert await queue.position() == position


async def test_an_old_operation_does_not_take_back_a_new_decision(queue: Queue) -> None:
    one = await submitted(queue)
    first = await decided(queue, one)
    await queue.undo(first.operation_id, ANN)
    await decided(queue, one, Kind.REJECT)
    await queue.undo(first.operation_id, ANN)
    assert (await state_of(queue, one)).status is Status.REJECTED


async def test_an_unknown_operation_takes_back_nothing(queue: Queue) -> None:
    result = await queue.undo("nothing", ANN)
    assert result.decided == 0


async def test_a_move_is_not_taken_back_by_undo(queue: Queue) -> None:
    one = await submitted(queue)
    settled = await decided(queue, one, Kind.ESCALATE)
    assert (await queue.undo(settled.operation_id, ANN)).decided == 0
    assert (await state_of(queue, one)).escalated


async def test_a_bulk_operation_is_taken_back_as_one(store: Store, queue: Queue) -> None:
    ids = [await submitted(queue) for _ in range(7)]
    made = BulkDecision("op", Kind.APPROVE, await targets(queue, ids))
    assert (await bulk(queue, made)).decided == 7
    assert (await queue.undo("op", BOB)).decided == 0
    assert (await queue.undo("op", ANN)).decided == 7
    assert sorted(await listed(queue)) == sorted(ids)
    await store.pass_time(HOUR)
    assert [row async for row in queue.labels()] == []
    assert await queue.take_effects("w", limit=100) == []


async def test_a_verdict_comes_only_after_the_window(store: Store, queue: Queue) -> None:
    one = await submitted(queue, proposal("k"))
    assert await queue.verdict(one) is None
    settled = await decided(queue, one, Kind.REJECT, comment="wrong order")
    assert await queue.verdict(one) is None
    assert await queue.take_effects("w") == []
    assert [row async for row in queue.labels()] == []
    await store.pass_time(UNDO_WINDOW + SECOND)
    verdict = await queue.verdict(one)
    assert verdict is not None
    assert (verdict.artifact_id, verdict.key) == (one, "k")
    assert (verdict.status, verdict.decision, verdict.by) == ("rejected", "reject", "ann")
    assert (verdict.reasons, verdict.comment) == (("wrong_value",), "wrong order")
    assert verdict.at == settled.state.decided_at
    assert verdict.writes == ()


async def test_a_move_is_no_verdict(store: Store, queue: Queue) -> None:
    one = await submitted(queue)
    await decided(queue, one, Kind.ESCALATE)
    await store.pass_time(HOUR)
    assert await queue.verdict(one) is None


async def test_waiting_for_what_is_decided_answers_at_once(store: Store, queue: Queue) -> None:
    one = await submitted(queue)
    await decided(queue, one)
    await store.pass_time(HOUR)
    waited = await asyncio.wait_for(queue.wait(one), 30)
    assert waited is not None
    assert waited == await queue.verdict(one)


async def test_waiting_ends_when_its_time_is_over(queue: Queue) -> None:
    one = await submitted(queue)
    assert await asyncio.wait_for(queue.wait(one, 0.05), 30) is None
    assert await asyncio.wait_for(queue.wait(one, 0), 30) is None
    await decided(queue, one)
    assert await asyncio.wait_for(queue.wait(one, 0.05), 30) is None


async def test_waiting_hears_a_decision_made_through_another_handle(
    store: Store, queue: Queue
) -> None:
    other = await store.open()
    one = await submitted(queue)
    waiting = asyncio.create_task(queue.wait(one))
    await asyncio.sleep(0.05)
    await decided(other, one, Kind.EDIT)
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await store.pass_time(UNDO_WINDOW + SECOND)
    verdict = await asyncio.wait_for(waiting, 30)
    assert verdict is not None
    assert verdict.decision == "edit"


async def test_an_undone_decision_wakes_nobody(store: Store, queue: Queue) -> None:
    one = await submitted(queue)
    waiting = asyncio.create_task(queue.wait(one))
    settled = await decided(queue, one)
    await queue.undo(settled.operation_id, ANN)
    await store.pass_time(HOUR)
    await asyncio.sleep(0.3)
    assert not waiting.done()
    waiting.cancel()


async def test_the_agent_takes_its_own_back(store: Store, queue: Queue) -> None:
    one, two = await submitted(queue), await submitted(queue)
    assert code_of(await queue.withdraw(one, agent("other"))) == "not_allowed"
    state = await queue.withdraw(one, BOT)
    assert state == await state_of(queue, one)
    assert state.status is Status.WITHDRAWN  # type: ignore[union-attr]
    assert await listed(queue) == [two]
    position = await queue.position()
    answer = await queue.withdraw(one, BOT)
    assert code_of(answer) == "already_decided"
    assert answer.sentence == "It is withdrawn already."  # type: ignore[union-attr]
    assert await queue.position() == position
    assert code_of(await queue.withdraw("a_nothing", BOT)) == "not_found"
    answer = await queue.decide(await a_decision(queue, one, Kind.APPROVE), ANN)
    assert code_of(answer) == "already_decided"
    await decided(queue, two)
    assert code_of(await queue.withdraw(two, BOT)) == "already_decided"
    assert [row async for row in queue.labels()] == []


@pytest.mark.parametrize("outcome", ["applied", "drifted", "failed", "unknown", "rolled_back"])
async def test_the_agent_says_what_came_of_it(store: Store, queue: Queue, outcome: str) -> None:
    one = await submitted(queue)
    await decided(queue, one)
    await store.pass_time(HOUR)
    state = await queue.report_outcome(one, outcome, "order 1 has 2", BOT)
    assert state == await state_of(queue, one)
    assert (await entry_of(queue, one)).outcome == outcome
    event = (await queue.history(one))[-1]
    assert (event.actor, event.actor_kind) == ("bot", "agent")
    assert outcome in str(event.facts)
    assert "order 1 has 2" in str(event.facts)
    stuck = await listed(queue, "is:stuck")
    assert stuck == ([] if outcome in ("applied", "rolled_back") else [one])


async def test_an_outcome_needs_something_that_was_approved(store: Store, queue: Queue) -> None:
    one, two, three = [await submitted(queue) for _ in range(3)]
    code_of(await queue.report_outcome(one, "applied", "", BOT))
    await decided(queue, two, Kind.REJECT)
    await decided(queue, three)
    await store.pass_time(HOUR)
    code_of(await queue.report_outcome(two, "applied", "", BOT))
    assert code_of(await queue.report_outcome("a_nothing", "applied", "", BOT)) == "not_found"
    assert (
        code_of(await queue.report_outcome(three, "applied", "", agent("other"))) == "not_allowed"
    )
    assert (await entry_of(queue, three)).outcome == ""
