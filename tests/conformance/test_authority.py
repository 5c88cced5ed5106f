"""What is done to an artifact names the policy in force when it is done, not that of before."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reviewer.audit.verify import export_line, verify_export
from reviewer.domain.decision import Kind
from reviewer.domain.instant import HOUR
from reviewer.queue import BulkDecision, Queue
from reviewer.verifying import verified

from .people import ANN, BOB, BOT, bulk, decided, submitted, targets
from .policies import policy
from .stores import Store

LATER = policy(queues={"default": {"quorum": 2}})


async def named(queue: Queue) -> list[tuple[str, str]]:
    """Event and policy of every record."""
    records = [json.loads(row.record) async for row in queue.audit()]
    return [(one["event"], one["policy"]) for one in records]


@pytest.mark.parametrize("kind", list(Kind))
async def test_a_decision_names_the_policy_that_it_was_held_against(
    store: Store, queue: Queue, kind: Kind
) -> None:
    starter = (await queue.policy()).digest
    one, many = await submitted(queue), [await submitted(queue) for _ in range(3)]
    digest = await store.put_in_force(policy(name="later"))
    settled = await decided(queue, one, kind)
    more: dict[str, Any] = {
        Kind.REJECT: {"reasons": ("unsafe",)},
        Kind.RESPOND: {"comment": "ask again"},
        Kind.REASSIGN: {"to": "bob"},
        Kind.SNOOZE: {"until": await queue.now() + HOUR},
        Kind.ESCALATE: {"reasons": ("unsafe",)},
    }.get(kind, {})
    if kind is not Kind.EDIT:
        await bulk(queue, BulkDecision("op", kind, await targets(queue, many), **more))
    if settled.effective_at is not None:
        await queue.undo(settled.operation_id, ANN)
        await decided(queue, one, kind)
    records = await named(queue)
    assert records[:6] == [("submitted", starter)] * 4 + [
        ("policy_proposed", starter), ("policy_activated", starter)
    ]  # fmt: skip
    assert len(records) > 6
    assert {policy for _, policy in records[6:]} == {digest}
    await store.pass_time(HOUR)
    async for row in queue.labels():
        assert row.label["policy"] == digest
    assert (await verified(queue, ())).sound


async def test_it_follows_every_change_in_one_life(store: Store, queue: Queue) -> None:
    first = await store.put_in_force(LATER)
    one = await submitted(queue)
    second = await store.put_in_force(policy(name="second"))
    await queue.claim(one, ANN)
    settled = await decided(queue, one, actor=ANN)
    third = await store.put_in_force(policy(name="third"))
    last = await decided(queue, one, actor=BOB)
    fourth = await store.put_in_force(policy(name="fourth"))
    await queue.undo(last.operation_id, BOB)
    await queue.withdraw(one, BOT)
    assert settled.effective_at is None  # one of two approvals
    events = [
        (value["event"], value["policy"])
        for value in [json.loads(row.record) async for row in queue.audit()]
        if value["artifact"] == one
    ]
    assert events == [
        ("submitted", first),
        ("claimed", second),
        ("approved_in_part", second),
        ("decided", third),
        ("undone", fourth),
        ("withdrawn", fourth),
    ]
    rows = [row async for row in queue.audit()]
    lines = [export_line(row.seq, row.record, row.previous, row.hash) for row in rows]
    assert verify_export(lines).sound
    assert (await verified(queue, ())).sound
