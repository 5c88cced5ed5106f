"""Escalation chains of the policy: every step once and in time, whoever looks after the clocks."""

from __future__ import annotations

import asyncio
from typing import Any

from reviewer.domain.decision import Kind
from reviewer.domain.instant import DAY, HOUR, MINUTE, iso
from reviewer.domain.state import Status
from reviewer.queue import LEASE, Claim, Queue

from .people import ANN, BOT, LEE, decided, entry_of, listed, proposal, state_of, submitted
from .stores import Store

POLICY = """
version: 1
queues:
  "*":
    sla: {low: 10h, medium: 10h, high: 10h, critical: 10h}
    lead: lee
    escalate:
      - {after: 50%, to: on-call, notify: [chat]}
      - {after: 100%, to: "queue:late", page: true}
      - {after: 150%, to: lead, notify: [chat], repeat: {every: 1h, times: 2}}
  late: {reviewers: [zoe, yan]}
on_call:
  - {people: [otto, mia], starts: "2020-01-06T09:00", every: 1w, zone: Europe/Berlin}
agents:
  "*": {grants: [{write: "*"}]}
  self:
    mode: autonomous
    new_version: autonomous
    autonomy: {sample: 0, known_shapes: 0}
    grants: [{write: "*"}]
notify:
  chat: {type: webhook, url: "https://chat.example/x"}
"""


async def steps(queue: Queue, one: str) -> list[tuple[int, int]]:
    """The steps that are on record, as step and repetition."""
    events = await queue.history(one)
    return [(e.facts["step"], e.facts["turn"]) for e in events if e.event == "alerted"]


async def told(queue: Queue) -> list[tuple[str, str, int]]:
    """The notifications that are due now: channel, to whom, of which step."""
    found: list[Any] = []
    while effects := await queue.take_effects("w", kind="notify"):
        found += effects
        for effect in effects:
            assert await queue.settle_effect(effect, "applied", "sent")
    return [(e.detail["channel"], e.detail["to"], e.detail["step"]) for e in found]


async def test_a_chain_goes_on_step_by_step_while_nobody_decides(
    store: Store, queue: Queue
) -> None:
    await store.put_in_force(POLICY)
    one = await submitted(queue)
    await store.pass_time(4 * HOUR)
    await queue.run_clocks()
    assert await steps(queue, one) == []
    await store.pass_time(HOUR + MINUTE)
    # a list is enough: nobody has to run a worker for it
    assert await listed(queue, "is:escalated") == [one]
    state = await state_of(queue, one)
    assert state.assignee in ("otto", "mia")
    assert await told(queue) == [("chat", state.assignee, 1)]
    await store.pass_time(5 * HOUR)
    await queue.run_clocks()
    assert (await state_of(queue, one)).queue == "late"
    assert await told(queue) == [("page", "zoe", 2), ("page", "yan", 2)]
    for turn in range(3):
        await store.pass_time(5 * HOUR if turn == 0 else HOUR)
        await queue.run_clocks()
    assert await steps(queue, one) == [(1, 0), (2, 0), (3, 0), (3, 1), (3, 2)]
    # the lead is that of the queue where it lies by now, and it has none of its own
    assert [to for _, to, _ in await told(queue)] == ["", "", ""]
    await store.pass_time(30 * DAY)
    assert await queue.run_clocks() == 0
    assert (await state_of(queue, one)).status is Status.PENDING


async def test_the_earlier_due_time_of_the_artifact_is_what_counts(
    store: Store, queue: Queue
) -> None:
    await store.put_in_force(POLICY)
    one = await submitted(queue, proposal(due_at=iso(await queue.now() + HOUR)))
    await store.pass_time(31 * MINUTE)
    await queue.run_clocks()
    assert await steps(queue, one) == [(1, 0)]


async def test_each_step_once_for_many_handles_and_any_jumps(store: Store, queue: Queue) -> None:
    await store.put_in_force(POLICY)
    ids = [await submitted(queue) for _ in range(20)]
    handles = [queue, await store.open(), await store.open()]
    for jump in (6 * HOUR, -3 * HOUR, 5 * HOUR, -DAY, 2 * DAY, HOUR):
        await store.pass_time(jump)
        await asyncio.gather(*(handle.run_clocks() for handle in handles for _ in range(2)))
    for one in ids:
        found = await steps(queue, one)
        assert len(found) == len(set(found))
        assert {(1, 0), (2, 0), (3, 2)} <= set(found)


async def test_what_people_did_ends_it_and_a_claim_is_left_alone(
    store: Store, queue: Queue
) -> None:
    await store.put_in_force(POLICY)
    gone, back, held = [await submitted(queue) for _ in range(3)]
    await queue.withdraw(gone, BOT)
    await store.pass_time(5 * HOUR - LEASE // 2)
    claim = await queue.claim(held, ANN)
    assert isinstance(claim, Claim)
    await decided(queue, back, Kind.SNOOZE, until=await queue.now() + 30 * DAY)
    await store.pass_time(LEASE // 2 + MINUTE)
    await queue.run_clocks()
    assert await steps(queue, gone) == []
    assert await steps(queue, held) == await steps(queue, back) == [(1, 0)]
    assert (await state_of(queue, back)).snoozed_until is None
    # whoever is at it decides what was shown
    await decided(queue, held, fence=claim.fence, revision=claim.item.entry.state.revision)
    assert (await entry_of(queue, held)).state.status is Status.APPROVED
    await store.pass_time(DAY)
    await queue.run_clocks()
    assert await steps(queue, held) == [(1, 0)]
    assert (await steps(queue, back))[:3] == [(1, 0), (2, 0), (3, 2)]


async def test_what_a_stop_calls_back_to_people_has_a_chain_from_then_on(
    store: Store, queue: Queue
) -> None:
    await store.put_in_force(POLICY)
    person = await submitted(queue)
    await store.pass_time(HOUR)
    await decided(queue, person)
    alone = await submitted(queue, proposal(agent={"name": "self"}, confidence=0.99, risk="low"))
    assert (await state_of(queue, alone)).status is Status.APPROVED
    await queue.stop("*", "something is wrong", LEE)
    for one in (person, alone):
        assert (await state_of(queue, one)).status is Status.PENDING
    await store.pass_time(6 * HOUR)
    await queue.run_clocks()
    for one in (person, alone):
        assert await steps(queue, one) == [(1, 0)]
