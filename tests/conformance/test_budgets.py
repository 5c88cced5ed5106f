"""Error budgets on a store: what is told once, what spends a budget, what a promotion rests on."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from reviewer.domain.decision import Kind, Refusal
from reviewer.domain.governance import Cap
from reviewer.domain.instant import DAY, HOUR, MINUTE, SECOND
from reviewer.effects.budgets import ask, look, warn
from reviewer.queue import BulkDecision, Queue
from reviewer.verifying import verified
from tests.support.making import ANNA, BOT, LEAD, decision, refund, target

from .stores import Store

POLICY = """
version: 1
agents:
  refund-bot:
    owner: olga
    mode: autonomous
    new_version: autonomous
    autonomy: {sample: 0, confidence: 0.5, known_shapes: 0, spread: null}
    grants: [{write: record}]
    budget: {rate: 10%, window: 7d, least: 10, THEN mistakes: [reject, rolled_back]}
"""
TOLD: dict[str, Any] = {"agent": "bot", "kind": "refund", "why": "it burns", "quiet": HOUR}
GONE = 6 * SECOND


def policy(then: str = "assisted") -> str:
    return POLICY.replace("THEN", f"then: {then},")


async def submit(queue: Queue, key: str, confidence: float = 0.99) -> Any:
    made = refund(key, escalations=[], confidence=confidence, risk="low")
    item = await queue.get((await queue.submit(made, BOT)).artifact_id)
    assert item is not None
    return item.entry


async def judge(queue: Queue, key: str, kind: Kind) -> str:
    """Something that needs a person, decided by one; answers with the operation's id."""
    entry = await submit(queue, key, 0.1)
    assert entry.state.status == "pending"
    done = await queue.decide(decision(entry, kind, f"op-{key}"), ANNA)
    assert not isinstance(done, Refusal), done
    return f"op-{key}"


async def judge_many(queue: Queue, name: str, good: int, bad: int = 0) -> None:
    for number in range(good):
        await judge(queue, f"{name}-good-{number}", Kind.APPROVE)
    for number in range(bad):
        await judge(queue, f"{name}-bad-{number}", Kind.REJECT)


def plain(caps: list[Cap]) -> list[tuple[str, str, str, str]]:
    return [(cap.kind, cap.mode, cap.by, cap.state) for cap in caps]


CAPPED = [("refund", "assisted", "policy", "capped")]


async def test_something_is_told_by_one_of_many_and_again_after_a_while(store: Store) -> None:
    handles = [await store.open() for _ in range(4)]
    told = await asyncio.gather(
        *(queue.tell_once(**TOLD, code="burn", actor=LEAD) for queue in handles for _ in range(5))
    )
    assert sum(told) == 1
    queue = handles[0]
    assert await queue.tell_once(**TOLD, code="other", actor=LEAD)
    assert await queue.tell_once(**(TOLD | {"kind": ""}), code="burn", actor=LEAD)
    await store.pass_time(HOUR - MINUTE)
    assert not await queue.tell_once(**TOLD, code="burn", actor=LEAD)
    await store.pass_time(2 * MINUTE)
    assert await queue.tell_once(**TOLD, code="burn", actor=LEAD)
    assert not await queue.tell_once(**TOLD, code="new", actor=BOT)
    assert await queue.caps() == [], "what was told holds nobody back"
    records = [json.loads(row.record) async for row in queue.audit()]
    assert [one["facts"]["code"] for one in records if one["event"] == "told"] == [
        "burn",
        "other",
        "burn",
        "burn",
    ]


async def test_a_clock_that_was_set_back_keeps_nothing_silent(store: Store, queue: Queue) -> None:
    assert await queue.tell_once(**TOLD, code="burn", actor=LEAD)
    await store.pass_time(-DAY)
    assert await queue.tell_once(**TOLD, code="burn", actor=LEAD)


async def test_the_decision_that_spends_a_budget_sets_the_cap(store: Store, queue: Queue) -> None:
    await store.put_in_force(policy())
    await judge_many(queue, "a", 9, 1)
    assert await queue.caps() == []
    assert (await submit(queue, "x")).state.status == "approved"
    last = await judge(queue, "last", Kind.REJECT)
    assert plain(await queue.caps()) == CAPPED
    assert (await submit(queue, "y")).state.status == "pending"
    assert (await queue.undo(last, ANNA)).decided == 1
    [agent] = await look(queue)
    assert agent.gauge is not None
    assert (agent.gauge.spent, agent.gauge.mistakes) == (False, 1)
    assert plain(await queue.caps()) == CAPPED, "only a person lifts it"
    assert (await submit(queue, "z")).state.status == "pending"


async def test_a_bulk_decision_spends_it_too(store: Store, queue: Queue) -> None:
    await store.put_in_force(policy())
    entries = [await submit(queue, f"k{number}", 0.1) for number in range(12)]
    bulk = BulkDecision(
        "op-all", Kind.REJECT, tuple(map(target, entries)), reasons=("wrong_value",)
    )
    [*_, done] = [result async for result in await queue.decide_many(bulk, ANNA)]
    assert done.decided == 12
    assert plain(await queue.caps()) == CAPPED


async def test_what_befell_approvals_by_the_policy_spends_it(store: Store, queue: Queue) -> None:
    await store.put_in_force(policy())
    entries = [await submit(queue, f"k{number}") for number in range(10)]
    assert {entry.state.status for entry in entries} == {"approved"}
    await store.pass_time(GONE)
    for number, entry in enumerate(entries[:2]):
        assert await queue.verdict(entry.state.id) is not None
        assert await queue.caps() == [], number
        state = await queue.report_outcome(entry.state.id, "rolled_back", "", BOT)
        assert not isinstance(state, Refusal), state
    assert plain(await queue.caps()) == CAPPED


async def test_where_the_budget_says_stop_all_that_is_on_its_way_goes_back(
    store: Store, queue: Queue
) -> None:
    await store.put_in_force(policy("stop"))
    await judge_many(queue, "a", 9, 1)
    await store.pass_time(GONE)
    going = await submit(queue, "going")
    assert going.state.status == "approved"
    await judge(queue, "last", Kind.REJECT)
    [stop] = await queue.stops()
    assert (stop.agent, stop.by) == ("refund-bot", "policy")
    back = await queue.get(going.state.id)
    assert back is not None
    assert back.entry.state.status == "pending"
    assert (await submit(queue, "late")).state.status == "rejected"
    assert "refund-bot is stopped now" in await warn(queue, await queue.now())
    assert await warn(queue, await queue.now()) == ""


async def test_mistakes_leave_the_window_and_the_cap_stays(store: Store, queue: Queue) -> None:
    await store.put_in_force(policy())
    await judge_many(queue, "a", 8, 2)
    await store.pass_time(8 * DAY)
    [agent] = await look(queue)
    assert agent.gauge is not None
    assert (agent.gauge.decided, agent.gauge.left) == (0, 1.0)
    assert agent.mode == "assisted"
    assert plain(await queue.caps()) == CAPPED


async def test_a_promotion_rests_on_what_came_after_the_cap(store: Store, queue: Queue) -> None:
    await store.put_in_force(policy())
    await judge_many(queue, "before", 60, 8)
    assert plain(await queue.caps()) == CAPPED
    await store.pass_time(8 * DAY)
    assert await ask(queue, await queue.now()) == "", "nothing has come since"
    await judge_many(queue, "after", 70)
    now = await queue.now()
    assert "made 0 mistakes in 70 decisions" in await ask(queue, now)
    assert await ask(queue, now) == ""
    assert ("refund", "autonomous", "policy", "promotion") in plain(await queue.caps())

    # a new cap lets evidence begin anew, and drops what was proposed
    assert await queue.set_cap("refund-bot", "refund", "assisted", "not yet", LEAD) is None
    assert plain(await queue.caps()) == [("refund", "assisted", "lea", "capped")]
    assert await ask(queue, now) == ""


async def test_what_was_declined_is_asked_again_once_twice_as_much_counts(
    store: Store, queue: Queue
) -> None:
    await store.put_in_force(policy("shadow"))
    assert await queue.set_cap("refund-bot", "refund", "assisted", "a try", LEAD) is None
    await store.pass_time(HOUR)
    await judge_many(queue, "a", 70)
    assert await ask(queue, await queue.now())
    assert await queue.decline_promotion("refund-bot", "refund", "look longer", LEAD) is None
    assert await ask(queue, await queue.now()) == ""
    [one] = await look(queue)
    assert (one.mode, one.promotion, one.proposed) == ("assisted", None, None)
    assert one.declined is not None
    assert (one.declined.by, one.declined.why) == ("lea", "look longer")
    await store.pass_time(HOUR)
    await judge_many(queue, "b", 69)
    assert await ask(queue, await queue.now()) == ""
    await judge_many(queue, "c", 1)
    assert "made 0 mistakes in 140 decisions" in await ask(queue, await queue.now())
    [one] = await look(queue)
    assert one.declined is None


async def test_a_cap_by_the_policy_drops_what_was_proposed(store: Store, queue: Queue) -> None:
    await store.put_in_force(policy("shadow"))
    assert await queue.set_cap("refund-bot", "refund", "assisted", "a try", LEAD) is None
    await store.pass_time(HOUR)
    await judge_many(queue, "a", 70)
    assert await ask(queue, await queue.now())
    assert len(await queue.caps()) == 2
    await judge_many(queue, "b", 0, 8)
    assert plain(await queue.caps()) == [("refund", "shadow", "policy", "capped")]
    assert (await verified(queue, ())).sound


@pytest.mark.parametrize("hours", [1, 7])
async def test_a_burn_is_told_again_only_when_its_window_is_over(
    store: Store, queue: Queue, hours: int
) -> None:
    slow = policy().replace("rate: 10%", "rate: 5%").replace("least: 10", "least: 500")
    await store.put_in_force(slow)
    await judge_many(queue, "a", 1, 4)
    assert "burns its error budget 16.0 times too fast" in await warn(queue, await queue.now())
    await judge_many(queue, "b", 0, 1)
    assert await warn(queue, await queue.now()) == ""
    await store.pass_time(hours * HOUR + 10 * MINUTE)
    assert await warn(queue, await queue.now()) == "", "it burns no more"
    await judge_many(queue, "c", 0, 3)
    assert "times too fast" in await warn(queue, await queue.now())
