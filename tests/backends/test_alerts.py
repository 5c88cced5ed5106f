"""Steps of escalation chains in the store: each once, rather late than never."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from backends.sql import alerts
from backends.sql.open import open_sqlite
from backends.sql.queue import SqlQueue
from backends.sql.transaction import Transaction
from reviewer.domain.decision import Kind
from reviewer.domain.instant import DAY, HOUR, MINUTE, SECOND, iso
from reviewer.domain.query import parse
from reviewer.domain.state import Alert, Status
from reviewer.policy import chain
from reviewer.policy.agents import AgentPolicy
from reviewer.policy.document import (
    ChainStep,
    Mail,
    Policy,
    QueuePolicy,
    Repeat,
    RotationPolicy,
    Terminal,
    Webhook,
)
from reviewer.queue import Claim, Entry, Settled
from tests.support.invariants import invariants
from tests.support.making import ANNA, BEN, BOT, decision, refund

POLICY = Policy(
    version=1,
    agents={"*": AgentPolicy()},
    groups={"desk": ["anna", "ben"]},
    queues={
        "*": QueuePolicy(
            lead="lea",
            escalate=[
                ChainStep(after=0.5, to="on-call", notify=["chat", "desk"]),
                ChainStep(after=1.0, to="lead", page=True, notify=["mail", "chat"]),
                ChainStep(after=2.0, to="@desk", notify=["mail"]),
            ],
        ),
    },
    on_call=[RotationPolicy(people=["otto"], starts="2020-01-06T09:00", every="1w", zone="UTC")],
    notify={
        "chat": Webhook(type="webhook", url="https://chat.example/x"),
        "desk": Terminal(type="terminal"),
        "mail": Mail(type="mail", host="localhost", sender="d@e.f", to={"*": "a@b.c"}),
    },
)


async def admitted(
    queue: SqlQueue, key: str = "one", policy: Policy = POLICY, **fields: Any
) -> Entry:
    """An artifact with its chain, due in four hours."""
    name = (await queue.submit(refund(key, **fields), BOT)).artifact_id
    item = await queue.get(name)
    assert item is not None
    state = item.entry.state
    steps = chain.alerts(policy, state.queue, state.created_at, state.due_at)

    def store(tx: Transaction) -> None:
        found = tx.artifact(name)
        assert found is not None
        alerts.store(tx, found.id, steps)

    await queue.write(store)
    return item.entry


async def clocks(queue: SqlQueue, policy: Policy = POLICY) -> int:
    """Everything that is due, as a worker would."""
    total = 0
    while done := await queue.write(lambda tx: alerts.carry_out_due(tx, policy)):
        total += done
    return total


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


async def told(queue: SqlQueue, name: str) -> list[dict[str, Any]]:
    return [e.facts for e in await queue.history(name) if e.event == "alerted"]


async def entry(queue: SqlQueue, name: str) -> Entry:
    item = await queue.get(name)
    assert item is not None
    return item.entry


async def test_each_step_goes_to_its_people_and_is_told_by_each_of_its_channels(
    queue: SqlQueue, path: Path
) -> None:
    one = (await admitted(queue)).state.id
    assert await clocks(queue) == 0
    queue.dialect.clock_offset += 2 * HOUR + MINUTE
    assert await clocks(queue) == 1
    assert await clocks(queue) == 0
    state = (await entry(queue, one)).state
    assert (state.assignee, state.escalated, state.status) == ("otto", True, Status.PENDING)
    [first] = await told(queue, one)
    assert (first["step"], first["people"], first["desk"]) == (1, ["otto"], True)
    [effect] = await queue.take_effects("w", kind="notify")
    assert effect.kind == "notify"
    assert (effect.detail["channel"], effect.detail["to"]) == ("chat", "otto")
    queue.dialect.clock_offset += 2 * HOUR
    assert await clocks(queue) == 1
    assert (await entry(queue, one)).state.assignee == "lea"
    sent = [(e.detail["channel"], e.detail["to"]) for e in await queue.take_effects("w")]
    assert sent == [("mail", "lea"), ("chat", "lea"), ("page", "lea")]
    queue.dialect.clock_offset += 4 * HOUR
    assert await clocks(queue) == 1
    assert (await entry(queue, one)).state.assignee == ""
    sent = [(e.detail["channel"], e.detail["to"]) for e in await queue.take_effects("w")]
    assert sent == [("mail", "anna"), ("mail", "ben")]
    assert (await entry(queue, one)).reasons[-2:] == ("due_soon", "overdue")
    item = await queue.get(one)
    assert item is not None
    assert {reason.source for reason in item.reasons[-3:]} == {"policy"}
    assert invariants(path) == []


async def test_what_was_decided_is_escalated_no_more_and_what_is_taken_back_is(
    queue: SqlQueue, path: Path
) -> None:
    kept, back = await admitted(queue, "kept"), await admitted(queue, "back")
    queue.dialect.clock_offset += 2 * HOUR - SECOND
    for one in (kept, back):
        answer = await queue.decide(decision(one, Kind.APPROVE, one.state.id), ANNA)
        assert isinstance(answer, Settled)
    queue.dialect.clock_offset += 2 * SECOND
    # due inside the undo window: it waits for what becomes of the decision
    await clocks(queue)
    assert await told(queue, kept.state.id) == await told(queue, back.state.id) == []
    assert (await queue.undo(back.state.id, ANNA)).decided == 1
    queue.dialect.clock_offset += MINUTE
    assert await clocks(queue) == 2
    assert await told(queue, kept.state.id) == []
    assert [facts["step"] for facts in await told(queue, back.state.id)] == [1]
    queue.dialect.clock_offset += DAY
    await clocks(queue)
    assert [facts["step"] for facts in await told(queue, back.state.id)] == [1, 2, 3]
    states = rows(path, "SELECT state, count(*) FROM alert GROUP BY state ORDER BY state")
    assert states == [("cancelled", 3), ("done", 3)]
    assert invariants(path) == []


async def test_somebody_at_work_is_not_disturbed_and_may_decide(
    queue: SqlQueue, path: Path
) -> None:
    one = (await admitted(queue)).state.id
    queue.dialect.clock_offset += 2 * HOUR - MINUTE
    claim = await queue.claim(one, ANNA)
    assert isinstance(claim, Claim)
    queue.dialect.clock_offset += 2 * MINUTE
    assert await clocks(queue) == 1
    state = (await entry(queue, one)).state
    assert (state.lease_owner, state.escalated, state.assignee) == ("anna", True, "")
    assert state.revision == claim.item.entry.state.revision
    assert (await told(queue, one))[0]["claimed_by"] == "anna"
    assert len(await queue.take_effects("w", kind="notify")) == 1
    done = await queue.decide(decision(claim.item.entry, Kind.APPROVE, "op", claim.fence), ANNA)
    assert isinstance(done, Settled)
    assert invariants(path) == []


async def test_a_step_wakes_what_was_put_off_and_expiry_ends_the_chain(
    queue: SqlQueue, path: Path
) -> None:
    late = await admitted(queue, "late", expires_at=iso(await queue.now() + 3 * HOUR))
    slow = await admitted(queue, "slow")
    until = await queue.now() + 10 * DAY
    for one in (late, slow):
        snooze = decision(one, Kind.SNOOZE, one.state.id, until=until)
        assert isinstance(await queue.decide(snooze, ANNA), Settled)
    queue.dialect.clock_offset += 2 * HOUR + MINUTE
    assert await clocks(queue) == 2
    assert len((await queue.page(parse(""), BEN)).entries) == 2
    queue.dialect.clock_offset += DAY
    await queue.run_clocks()
    await clocks(queue)
    assert [facts["step"] for facts in await told(queue, late.state.id)] == [1]
    assert [facts["step"] for facts in await told(queue, slow.state.id)] == [1, 2, 3]
    assert (await entry(queue, late.state.id)).state.status is Status.EXPIRED
    assert invariants(path) == []


async def test_what_expired_is_escalated_no_more_however_many_there_are(
    queue: SqlQueue, path: Path
) -> None:
    soon = iso(await queue.now() + HOUR)
    many = [refund(f"k{n}", expires_at=soon, due_at=soon) for n in range(450)]
    await queue.submit_many(many, BOT)

    def store(tx: Transaction) -> None:
        for number in range(1, 451):
            alerts.store(tx, number, [Alert(tx.now + 2 * HOUR - number, 1, 0, "ana")])

    await queue.write(store)
    queue.dialect.clock_offset += 3 * HOUR
    await queue.run_clocks()
    assert rows(path, "SELECT state, count(*) FROM alert GROUP BY state") == [("cancelled", 450)]
    assert invariants(path) == []


REPEAT = Repeat.model_validate({"every": "1h", "times": 5})
REPEATED = POLICY.model_copy(
    update={
        "queues": {
            "*": QueuePolicy(
                escalate=[
                    ChainStep(
                        after=1.0,
                        to="lea",
                        notify=["chat"],
                        repeat=REPEAT,
                    )
                ]
            )
        }
    }
)


async def test_repetitions_come_one_by_one_and_after_a_long_night_only_once(
    queue: SqlQueue, path: Path
) -> None:
    one = (await admitted(queue, policy=REPEATED)).state.id
    queue.dialect.clock_offset += 4 * HOUR + MINUTE
    assert await clocks(queue, REPEATED) == 1
    queue.dialect.clock_offset += HOUR
    assert await clocks(queue, REPEATED) == 1
    queue.dialect.clock_offset += 3 * DAY
    assert await clocks(queue, REPEATED) == 4
    assert [facts["turn"] for facts in await told(queue, one)] == [0, 1, 5]
    states = rows(path, "SELECT turn, state FROM alert ORDER BY turn")
    assert [state for _, state in states] == ["done", "done", "passed", "passed", "passed", "done"]
    assert len(await queue.take_effects("w", kind="notify")) == 3
    # said once, however often it is repeated
    assert rows(path, "SELECT count(*) FROM reason WHERE code = 'overdue'") == [(1,)]
    assert invariants(path) == []


async def test_a_clock_that_jumps_about_does_nothing_twice(queue: SqlQueue, path: Path) -> None:
    one = (await admitted(queue)).state.id
    for jump in (3 * HOUR, -2 * HOUR, 2 * HOUR, -5 * DAY, 6 * DAY, -DAY, DAY):
        queue.dialect.clock_offset += jump
        await clocks(queue)
    assert [facts["step"] for facts in await told(queue, one)] == [1, 2, 3]
    assert rows(path, "SELECT count(*) FROM effect WHERE kind LIKE 'notify:%'") == [(6,)]
    assert invariants(path) == []


async def test_two_handles_at_once_carry_a_step_out_once(queue: SqlQueue, path: Path) -> None:
    other = await open_sqlite(f"sqlite://{path}?synchronous=normal")
    for n in range(30):
        await admitted(queue, f"k{n}")
    for handle in (queue, other):
        handle.dialect.clock_offset += DAY
    await asyncio.gather(*(clocks(handle) for handle in (queue, other) for _ in range(3)))
    await other.close()
    assert rows(path, "SELECT count(*) FROM audit WHERE event = 'alerted'") == [(90,)]
    assert rows(path, "SELECT count(*) FROM effect WHERE kind LIKE 'notify:%'") == [(180,)]
    assert invariants(path) == []


async def test_nobody_on_call_falls_to_the_lead_and_nobody_at_all_is_said(
    queue: SqlQueue, path: Path
) -> None:
    one = (await admitted(queue)).state.id
    queue.dialect.clock_offset += 2 * HOUR + MINUTE
    await clocks(queue, POLICY.model_copy(update={"on_call": []}))
    assert (await told(queue, one))[0]["people"] == ["lea"]
    queue.dialect.clock_offset += 2 * HOUR
    await clocks(queue, POLICY.model_copy(update={"queues": {}}))
    [_, second] = await told(queue, one)
    assert second["people"] == []
    assert second["why"].endswith("the queue's lead is nobody")
    assert invariants(path) == []


async def test_a_worker_that_went_away_leaves_what_it_sent_unknown_on_record(
    queue: SqlQueue, path: Path
) -> None:
    one = (await admitted(queue)).state.id
    queue.dialect.clock_offset += 2 * HOUR + MINUTE
    await clocks(queue)
    [effect] = await queue.take_effects("dead", lease=MINUTE, kind="notify")
    queue.dialect.clock_offset += 2 * MINUTE
    assert await queue.take_effects("alive", kind="notify") == []
    assert not await queue.settle_effect(effect, "applied", "too late")
    [record] = [e for e in await queue.history(one) if e.event == "effect"]
    assert record.actor == "dead"
    assert (record.facts["state"], record.facts["channel"]) == ("unknown", "chat")
    assert rows(path, "SELECT state FROM effect WHERE kind LIKE 'notify:%'") == [("unknown",)]
    assert invariants(path) == []


async def test_notifications_are_taken_apart_from_deliveries(queue: SqlQueue, path: Path) -> None:
    one = await admitted(queue, "one")
    two = (await queue.submit(refund("two"), BOT)).artifact_id
    await queue.decide(decision(await entry(queue, two), Kind.APPROVE, "op"), ANNA)
    queue.dialect.clock_offset += 2 * HOUR + MINUTE
    await clocks(queue)
    assert [e.artifact_id for e in await queue.take_effects("w", kind="notify")] == [one.state.id]
    [delivery] = await queue.take_effects("w")
    assert (delivery.kind, delivery.artifact_id, delivery.detail) == ("deliver", two, {})
    assert invariants(path) == []


@pytest.mark.parametrize("name", ["page", "a:b", "ünïcode ☃"])
async def test_channels_may_be_called_anything(queue: SqlQueue, path: Path, name: str) -> None:
    step = ChainStep(after=1.0, to="a:b", page=True, notify=[name, name])
    policy = POLICY.model_copy(
        update={
            "queues": {"*": QueuePolicy(escalate=[step])},
            "notify": {name: POLICY.notify["mail"]},
        }
    )
    await admitted(queue, policy=policy)
    queue.dialect.clock_offset += DAY
    await clocks(queue, policy)
    sent = {(e.detail["channel"], e.detail["to"]) for e in await queue.take_effects("w")}
    assert sent == {(name, "a:b"), ("page", "a:b")}
    assert invariants(path) == []
