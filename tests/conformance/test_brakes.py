"""The error ledger, spent budgets, caps, promotions, kill switches."""

from __future__ import annotations

from typing import Any

import pytest

from reviewer.domain.decision import Actor, Kind
from reviewer.domain.errors import InputError
from reviewer.domain.governance import Cap, LedgerRow, Stopped, Tally
from reviewer.domain.instant import DAY, HOUR, MINUTE, SECOND
from reviewer.domain.state import Status
from reviewer.queue import BulkDecision, Queue
from reviewer.verifying import verified

from .people import (
    ANN,
    BOT,
    LEE,
    a_decision,
    agent,
    bulk,
    code_of,
    decided,
    entry_of,
    proposal,
    state_of,
    submitted,
    targets,
)
from .policies import alone, events, policy
from .stores import Store

SOME = {"rate": 0.2, "window": "7d", "least": 4}
WORKER = Actor("worker", "worker", frozenset())


async def tally(queue: Queue) -> Tally:
    """What all buckets add up to, where only one agent and kind is about."""
    rows = await queue.ledger(0)
    assert len({(row.agent, row.version, row.kind) for row in rows}) <= 1
    sums: dict[str, Any] = {}
    for row in rows:
        for name in Tally.__dataclass_fields__:
            sums[name] = sums.get(name, 0) + getattr(row.tally, name)
    return Tally(**sums)


async def some(queue: Queue, kinds: list[Kind]) -> list[str]:
    """Hands in and decides one artifact for each kind."""
    found = []
    for kind in kinds:
        found.append(await submitted(queue))
        await decided(queue, found[-1], kind)
    return found


async def test_the_ledger_counts_what_people_decide(queue: Queue, store: Store) -> None:
    cost = proposal(cost={"usd": 0.5}, agent={"name": "bot", "version": "v2"})
    now = await queue.now()
    one = await submitted(queue, cost)
    await decided(queue, one)
    (row,) = await queue.ledger(0)
    assert row == LedgerRow("bot", "v2", "task", row.at, Tally(decided=1, approved=1, usd=0.5))
    assert now - 5 * MINUTE < row.at <= now + MINUTE
    assert row.at % (5 * MINUTE) == 0
    await store.pass_time(HOUR)
    await queue.report_outcome(one, "failed", "", BOT)
    await queue.report_outcome(one, "applied", "", BOT)
    await queue.report_outcome(one, "rolled_back", "", BOT)
    # it counts where the decision does, so that both go out of a window together
    assert (await queue.ledger(0))[0].tally == Tally(decided=1, approved=1, rolled_back=1, usd=0.5)
    assert await queue.ledger(row.at + 1) == []
    assert await queue.ledger(0, "other") == []
    assert len(await queue.ledger(0, "bot")) == 1


async def test_what_is_taken_back_is_not_counted(queue: Queue) -> None:
    for kind in (Kind.APPROVE, Kind.EDIT, Kind.REJECT, Kind.RESPOND):
        made = await decided(queue, await submitted(queue), kind)
        await queue.undo(made.operation_id, ANN)
    assert await tally(queue) == Tally()
    ids = await some(queue, [])
    ids = [await submitted(queue) for _ in range(3)]
    await bulk(queue, BulkDecision("b", Kind.APPROVE, await targets(queue, ids)))
    assert await tally(queue) == Tally(decided=3, approved=3)
    await queue.undo("b", ANN)
    assert await tally(queue) == Tally()


async def test_moves_are_not_counted(queue: Queue) -> None:
    for kind in (Kind.REASSIGN, Kind.SNOOZE, Kind.ESCALATE):
        await decided(queue, await submitted(queue), kind)
    assert await queue.ledger(0) == []


async def test_a_spent_budget_caps_at_once(queue: Queue, store: Store) -> None:
    await store.put_in_force(alone(budget=SOME, autonomy={"sample": 1}))
    await some(queue, [Kind.APPROVE] * 3)
    assert await queue.caps() == []
    await some(queue, [Kind.REJECT])
    (cap,) = await queue.caps()
    assert (cap.agent, cap.kind, cap.mode, cap.by, cap.state) == (
        "bot", "task", "assisted", "policy", "capped",
    )  # fmt: skip
    assert "error budget of 7 d is spent: 1 of 4 decisions by people was a mistake" in cap.why
    told = await events(queue)
    assert [(name, actor) for name, actor, _ in told][-1] == ("capped", "policy")
    entry = await entry_of(queue, await submitted(queue))
    assert str(entry.state.mode) == "assisted"
    assert "budget_spent" in entry.reasons
    await some(queue, [Kind.REJECT])
    assert len(await events(queue)) == len(told)


async def test_an_outcome_spends_it_as_well(queue: Queue, store: Store) -> None:
    await store.put_in_force(alone(budget=SOME))
    ids = [await submitted(queue) for _ in range(4)]
    await store.pass_time(HOUR)
    for one in ids[:2]:
        await queue.verdict(one)
        await queue.report_outcome(one, "rolled_back", "", BOT)
    assert [cap.mode for cap in await queue.caps()] == ["assisted"]
    assert (await queue.submit(proposal(), BOT)).status == "pending"


async def test_old_mistakes_go_out_of_the_window(queue: Queue, store: Store) -> None:
    await store.put_in_force(alone(budget=SOME, autonomy={"sample": 1}))
    await some(queue, [Kind.REJECT] * 3)
    await store.pass_time(8 * DAY)
    await some(queue, [Kind.APPROVE] * 5)
    assert await queue.caps() == []


async def test_a_bulk_spends_it_in_its_own_transaction(queue: Queue, store: Store) -> None:
    await store.put_in_force(alone(budget=SOME, autonomy={"sample": 1}))
    ids = [await submitted(queue) for _ in range(5)]
    decision = BulkDecision("b", Kind.REJECT, await targets(queue, ids), reasons=("other",))
    assert (await bulk(queue, decision)).decided == 5
    assert [cap.mode for cap in await queue.caps()] == ["assisted"]


async def test_a_budget_may_stop_the_agent(queue: Queue, store: Store) -> None:
    await store.put_in_force(alone(budget=SOME | {"then": "stop"}))
    open_ = await submitted(queue)
    await store.put_in_force(alone(budget=SOME | {"then": "stop"}, autonomy={"sample": 1}))
    await some(queue, [Kind.REJECT] * 4)
    (stop,) = await queue.stops()
    assert (stop.agent, stop.by) == ("bot", "policy")
    state = await state_of(queue, open_)
    assert state.status is Status.PENDING
    assert (await queue.submit(proposal(), BOT)).status == "rejected"


async def test_only_leads_cap_and_lift(queue: Queue, store: Store) -> None:
    await store.put_in_force(alone())
    for actor in (ANN, BOT):
        assert code_of(await queue.set_cap("bot", "", "shadow", "x", actor)) == "not_allowed"
    with pytest.raises(InputError):
        await queue.set_cap("bot", "", "sometimes", "x", LEE)
    assert await queue.set_cap("bot", "", "assisted", "too fast", LEE) is None
    assert await queue.set_cap("bot", "task", "shadow", "far too fast", LEE) is None
    now = (await queue.caps())[0].at
    assert await queue.caps() == [
        Cap("bot", "", "assisted", "too fast", "lee", now),
        Cap("bot", "task", "shadow", "far too fast", "lee", (await queue.caps())[1].at),
    ]
    assert str((await state_of(queue, await submitted(queue))).mode) == "shadow"
    await queue.set_cap("bot", "task", "autonomous", "better", LEE)
    entry = await entry_of(queue, await submitted(queue))
    assert (str(entry.state.mode), entry.reasons) == ("assisted", ("capped",))
    await queue.set_cap("bot", "", "autonomous", "better", LEE)
    assert await queue.caps() == []
    assert (await queue.submit(proposal(), BOT)).status == "approved"
    names = [name for name, _, _ in await events(queue)]
    assert names[2:] == ["capped", "capped", "uncapped", "uncapped"]


async def test_a_promotion_is_asked_for_once_and_decided_by_a_lead(queue: Queue) -> None:
    await queue.set_cap("bot", "task", "shadow", "new", LEE)
    assert await queue.propose_promotion("bot", "task", "assisted", "well done", WORKER)
    assert not await queue.propose_promotion("bot", "task", "assisted", "well done", WORKER)
    assert not await queue.propose_promotion("bot", "task", "autonomous", "me", BOT)
    assert [(cap.mode, cap.state) for cap in await queue.caps()] == [
        ("shadow", "capped"),
        ("assisted", "promotion"),
    ]
    await queue.set_cap("bot", "task", "assisted", "agreed", LEE)
    assert [(cap.mode, cap.state) for cap in await queue.caps()] == [("assisted", "capped")]
    await queue.propose_promotion("bot", "task", "autonomous", "better still", WORKER)
    await queue.set_cap("bot", "task", "assisted", "not yet", LEE)
    told = [facts for name, _, facts in await events(queue) if name == "promotion_decided"]
    assert [facts["granted"] for facts in told] == [True, False]
    assert [cap.state for cap in await queue.caps()] == ["capped"]


async def test_declining_is_an_event_of_its_own_and_changes_no_mode(queue: Queue) -> None:
    before = await queue.caps()
    assert code_of(await queue.decline_promotion("bot", "task", "why", LEE)) == "not_found"
    await queue.propose_promotion("bot", "task", "autonomous", "well done", WORKER)
    for actor in (ANN, BOT, WORKER):
        assert code_of(await queue.decline_promotion("bot", "task", "no", actor)) == "not_allowed"
    looked = await queue.now()
    assert await queue.decline_promotion("bot", "task", "too few refunds yet", LEE) is None
    [no] = await queue.caps()
    assert (no.agent, no.kind, no.mode, no.why, no.by, no.state) == (
        "bot", "task", "autonomous", "too few refunds yet", "lee", "declined",
    )  # fmt: skip
    assert before == []
    assert (await events(queue))[-1] == (
        "promotion_declined",
        "lee",
        {"agent": "bot", "kind": "task", "mode": "autonomous", "why": "too few refunds yet"},
    )
    # a worker that had looked before does not ask again
    again = ("bot", "task", "autonomous", "well done", WORKER)
    assert not await queue.propose_promotion(*again, as_of=looked)
    assert await queue.propose_promotion(*again, as_of=await queue.now() + 1)
    assert {cap.state for cap in await queue.caps()} == {"promotion", "declined"}
    assert (await verified(queue, ())).sound


@pytest.mark.parametrize("mode", ["shadow", "autonomous"])
async def test_a_cap_that_is_set_or_lifted_settles_what_was_declined(
    queue: Queue, mode: str
) -> None:
    await queue.set_cap("bot", "task", "shadow", "new", LEE)
    await queue.propose_promotion("bot", "task", "assisted", "well done", WORKER)
    await queue.decline_promotion("bot", "task", "no", LEE)
    await queue.set_cap("bot", "task", mode, "begin anew", LEE)
    assert {cap.state for cap in await queue.caps()} <= {"capped"}
    assert (await verified(queue, ())).sound


async def test_a_kill_switch_holds_everything(queue: Queue, store: Store) -> None:
    pending = await submitted(queue)
    await store.put_in_force(alone())
    by_policy = await submitted(queue)
    await store.put_in_force(policy())
    by_ann, out, rejected = [await submitted(queue) for _ in range(3)]
    await decided(queue, out)
    await store.pass_time(MINUTE)
    gone_out = await queue.verdict(out)
    assert gone_out is not None
    await decided(queue, by_ann)
    await decided(queue, rejected, Kind.REJECT)
    for actor in (BOT, WORKER):
        assert code_of(await queue.stop("bot", "why", actor)) == "not_allowed"
    stopped = await queue.stop("bot", "it refunds twice", ANN)
    assert isinstance(stopped, Stopped)
    assert stopped.called_back == 2
    assert (stopped.stop.agent, stopped.stop.by) == ("bot", "ann")
    for one in (by_policy, by_ann):
        entry = await entry_of(queue, one)
        assert (entry.state.status, entry.reasons) == (Status.PENDING, ("stopped",))
        assert await queue.verdict(one) is None
    assert (await queue.verdict(out)) == gone_out
    await store.pass_time(MINUTE)
    verdict = await queue.verdict(rejected)
    assert verdict is not None
    denied = await queue.submit(proposal(), BOT)
    assert denied.status == "rejected"
    told = await queue.verdict(denied.artifact_id)
    assert told is not None
    assert "it refunds twice" in told.comment
    for kind in (Kind.APPROVE, Kind.EDIT):
        made = await a_decision(queue, pending, kind)
        assert code_of(await queue.decide(made, LEE)) == "not_allowed"
    await decided(queue, pending, Kind.REJECT)
    assert (await queue.submit(proposal(agent={"name": "other"}), agent("other"))).status == (
        "pending"
    )


async def test_what_was_called_back_is_decided_anew(queue: Queue, store: Store) -> None:
    one = await submitted(queue)
    first = await decided(queue, one)
    await store.pass_time(MINUTE)  # not fetched: it has not gone out
    await queue.stop("bot", "", ANN)
    assert await tally(queue) == Tally()
    assert [row async for row in queue.labels()] == []
    result = await queue.undo(first.operation_id, ANN)
    assert (result.decided, result.skipped) == (1, ())
    assert code_of(await queue.resume("bot", ANN)) == "not_allowed"
    assert await queue.resume("bot", LEE) is None
    assert code_of(await queue.resume("bot", LEE)) == "not_found"
    assert await queue.stops() == []
    await decided(queue, one)
    await store.pass_time(MINUTE)
    verdict = await queue.verdict(one)
    assert verdict is not None
    assert verdict.status == "approved"
    assert [name for name, _, _ in await events(queue, one)] == [
        "submitted", "decided", "called_back", "decided", "delivered",
    ]  # fmt: skip
    assert [name for name, _, _ in await events(queue)] == ["stopped", "resumed"]


async def test_all_agents_are_stopped_by_one_switch(queue: Queue, store: Store) -> None:
    for name in ("one", "two"):
        await decided(queue, await submitted(queue, proposal(agent={"name": name})))
    stopped = await queue.stop("*", "fire", ANN)
    assert isinstance(stopped, Stopped)
    assert stopped.called_back == 2
    again = await queue.stop("*", "another", LEE)
    assert isinstance(again, Stopped)
    assert (again.stop, again.called_back) == (stopped.stop, 0)
    assert (await queue.submit(proposal(), BOT)).status == "rejected"
    await store.pass_time(SECOND)
    await queue.resume("*", LEE)
    assert (await queue.submit(proposal(), BOT)).status == "pending"


async def test_a_worker_is_given_nothing_of_a_stopped_agent(queue: Queue, store: Store) -> None:
    mine, other = await submitted(queue), await submitted(queue, proposal(agent={"name": "b"}))
    await decided(queue, mine)
    await decided(queue, other)
    await store.pass_time(MINUTE)
    await queue.stop("bot", "", ANN)
    effects = await queue.take_effects("w")
    assert [effect.artifact_id for effect in effects] == [other]
    await queue.resume("bot", LEE)
    await decided(queue, mine)
    await store.pass_time(MINUTE)
    assert [effect.artifact_id for effect in await queue.take_effects("w")] == [mine]


async def test_many_open_approvals_are_called_back(queue: Queue) -> None:
    await queue.submit_many([proposal() for _ in range(450)], BOT)
    from .people import listed

    ids = await listed(queue)
    ids += [one for one in await listed(queue, "sort:newest") if one not in ids]
    await bulk(queue, BulkDecision("b", Kind.APPROVE, await targets(queue, ids)))
    stopped = await queue.stop("bot", "", ANN)
    assert isinstance(stopped, Stopped)
    assert stopped.called_back == len(ids) > 300
    assert await tally(queue) == Tally()
