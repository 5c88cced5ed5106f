"""Decisions: each kind, every refusal, exactly once (invariants 2, 3 and 4)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from reviewer.domain.artifact import artifact_digest, parse_writes
from reviewer.domain.decision import Actor, Decision, Kind, Refusal
from reviewer.domain.instant import DAY, HOUR
from reviewer.domain.lifecycle import settle
from reviewer.domain.state import Status, Step
from reviewer.queue import Claim, Queue, Settled

from .people import (
    ANN,
    BOB,
    BOT,
    VIC,
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

AFTER = {
    Kind.APPROVE: Status.APPROVED,
    Kind.EDIT: Status.APPROVED,
    Kind.REJECT: Status.REJECTED,
    Kind.RESPOND: Status.ANSWERED,
    Kind.REASSIGN: Status.PENDING,
    Kind.SNOOZE: Status.PENDING,
    Kind.ESCALATE: Status.PENDING,
}


@pytest.mark.parametrize("kind", list(Kind))
async def test_a_decision_does_what_the_rules_say(queue: Queue, kind: Kind) -> None:
    one = await submitted(queue)
    before = await state_of(queue, one)
    decision = await a_decision(queue, one, kind)
    settled = await queue.decide(decision, ANN)
    assert isinstance(settled, Settled), settled
    assert (settled.decision, settled.operation_id) == (kind, decision.operation_id)
    stored = await entry_of(queue, one)
    assert stored.state == settled.state
    assert stored.state.status is AFTER[kind]
    artifact = (await queue.get(one)).artifact  # type: ignore[union-attr]
    # terminal: the moment can be read off; a move: only an escalation's rank holds the time
    now = stored.state.decided_at or (
        stored.state.rank if kind is Kind.ESCALATE else await queue.now()
    )
    step = settle(before, decision, ANN, now, artifact)
    assert isinstance(step, Step)
    assert stored.state == step.state
    if kind.terminal:
        assert (stored.decision, stored.decided_by) == (str(kind), "ann")
        assert settled.effective_at == stored.state.effective_at == now + 5_000_000
    else:
        assert settled.effective_at is None


async def test_reassigning_moves_to_a_person_or_a_queue(queue: Queue) -> None:
    one = await submitted(queue)
    await decided(queue, one, Kind.REASSIGN, to="bob")
    assert (await state_of(queue, one)).assignee == "bob"
    assert await listed(queue, "is:mine", BOB) == [one]
    assert await listed(queue, "is:mine", ANN) == []
    await decided(queue, one, Kind.REASSIGN, to="queue:billing")
    state = await state_of(queue, one)
    assert (state.queue, state.assignee) == ("billing", "")


async def test_a_snooze_hides_until_its_time(store: Store, queue: Queue) -> None:
    one = await submitted(queue)
    await decided(queue, one, Kind.SNOOZE, until=await queue.now() + HOUR)
    assert await listed(queue) == []
    assert await listed(queue, "is:snoozed") == [one]
    await store.pass_time(HOUR + 60_000_000)
    await queue.run_clocks()
    assert await listed(queue) == [one]
    assert await listed(queue, "is:snoozed") == []
    await decided(queue, one)


async def test_an_escalation_adds_its_reason_and_comes_first(queue: Queue) -> None:
    first = await submitted(queue, proposal(risk="critical"))
    one = await submitted(queue)
    await decided(
        queue, one, Kind.ESCALATE, reasons=("unsafe",), comment="look at this", to="queue:leads"
    )
    item = await queue.get(one)
    assert item is not None
    reason = item.reasons[-1]
    assert (reason.code, reason.detail, reason.source) == ("unsafe", "look at this", "person")
    assert "unsafe" in item.entry.reasons
    assert item.entry.state.escalated
    assert item.entry.state.queue == "leads"
    assert await listed(queue, "is:escalated") == [one]
    assert await listed(queue, "reason:unsafe") == [one]
    assert set(await listed(queue)) == {first, one}


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        (Kind.APPROVE, {"revision": 99}, "stale"),
        (Kind.APPROVE, {"digest": "sha256:" + "0" * 64}, "stale"),
        (Kind.REJECT, {"reasons": ()}, "invalid"),
        (Kind.RESPOND, {"comment": "  "}, "invalid"),
        (Kind.REASSIGN, {"to": ""}, "invalid"),
        (Kind.SNOOZE, {"until": 1}, "invalid"),
        (Kind.SNOOZE, {"until": None}, "invalid"),
        (Kind.EDIT, {"writes": None}, "invalid_edit"),
        (Kind.EDIT, {"writes": ()}, "invalid_edit"),
        (Kind.EDIT, {"writes": (None,)}, "invalid_edit"),
        (Kind.EDIT, {"writes": tuple(proposal().writes)}, "invalid_edit"),
        (
            Kind.EDIT,
            {"writes": parse_writes('[{"type":"document","resource":"x","after":"y"}]')},
            "invalid_edit",
        ),
        (
            Kind.EDIT,
            {
                "writes": parse_writes(
                    '[{"type":"record","resource":"order/2","before":{"a":1},"after":{"a":3}}]'
                )
            },
            "invalid_edit",
        ),
        (Kind.APPROVE, {"artifact_id": "a_nothing"}, "not_found"),
        (Kind.APPROVE, {"fence": 77}, "lost_claim"),
    ],
)
async def test_what_does_not_fit_is_refused_and_changes_nothing(
    queue: Queue, kind: Kind, changes: dict[str, object], code: str
) -> None:
    one = await submitted(queue)
    before, position = await entry_of(queue, one), await queue.position()
    decision = replace(await a_decision(queue, one, kind), **changes)  # type: ignore[arg-type]
    assert code_of(await queue.decide(decision, ANN)) == code
    assert await entry_of(queue, one) == before
    assert await queue.position() == position
    # a refused operation was not decided: the same id may still be
    settled = await queue.decide(
        await a_decision(queue, one, Kind.APPROVE, operation_id=decision.operation_id), ANN
    )
    assert isinstance(settled, Settled)


@pytest.mark.parametrize("actor", [BOT, VIC, Actor("nobody", roles=frozenset())])
async def test_who_may_not_decide_is_refused(queue: Queue, actor: Actor) -> None:
    one = await submitted(queue)
    for kind in Kind:
        answer = await queue.decide(await a_decision(queue, one, kind), actor)
        assert code_of(answer) == "not_allowed"


async def test_only_what_the_artifact_allows(queue: Queue) -> None:
    one = await submitted(queue, proposal(allowed=["reject", "respond"]))
    for kind in (Kind.APPROVE, Kind.EDIT):
        assert code_of(await queue.decide(await a_decision(queue, one, kind), ANN)) == "not_allowed"
    await decided(queue, one, Kind.SNOOZE)
    await decided(queue, one, Kind.REJECT)


async def test_without_a_write_there_is_nothing_to_approve(queue: Queue) -> None:
    one = await submitted(queue, proposal(writes=[], escalations=[{"code": "handoff"}]))
    assert code_of(await queue.decide(await a_decision(queue, one, Kind.APPROVE), ANN)) == (
        "not_allowed"
    )
    await decided(queue, one, Kind.RESPOND)


async def test_what_another_claimed_is_not_decided(queue: Queue) -> None:
    one = await submitted(queue)
    assert isinstance(await queue.claim(one, BOB), Claim)
    answer = await queue.decide(await a_decision(queue, one, Kind.APPROVE), ANN)
    assert code_of(answer) == "claimed_by"
    assert isinstance(answer, Refusal)
    assert "bob" in answer.sentence


async def test_the_second_decision_is_refused(queue: Queue) -> None:
    one = await submitted(queue)
    decision = await a_decision(queue, one, Kind.APPROVE)
    await decided(queue, one, Kind.REJECT, BOB)
    assert code_of(await queue.decide(decision, ANN)) == "already_decided"


async def test_a_decision_on_what_moved_is_stale(queue: Queue) -> None:
    one = await submitted(queue)
    decision = await a_decision(queue, one, Kind.APPROVE)
    await decided(queue, one, Kind.ESCALATE)
    assert code_of(await queue.decide(decision, ANN)) == "stale"


async def test_an_operation_is_decided_once_however_often_it_is_sent(
    store: Store, queue: Queue
) -> None:
    one = await submitted(queue)
    decision = await a_decision(queue, one, Kind.EDIT)
    first = await queue.decide(decision, ANN)
    assert isinstance(first, Settled)
    position = await queue.position()
    second = await (await store.open()).decide(decision, ANN)
    assert second == first
    await store.pass_time(DAY)
    third = await queue.decide(decision, ANN)
    assert isinstance(third, Settled)
    assert (third.operation_id, third.decision) == (first.operation_id, first.decision)
    assert await queue.position() == position
    decisions = [e for e in await queue.history(one) if e.event == "decided"]
    assert len(decisions) == 1


async def test_the_same_operation_id_for_something_else_decides_nothing(queue: Queue) -> None:
    one, two = await submitted(queue), await submitted(queue)
    first = await decided(queue, one)
    other = await a_decision(queue, two, Kind.REJECT, operation_id=first.operation_id)
    answer = await queue.decide(other, ANN)
    assert isinstance(answer, Refusal) or answer.state.id == one
    assert (await state_of(queue, two)).status is Status.PENDING


async def test_a_move_is_done_once_too(queue: Queue) -> None:
    one = await submitted(queue)
    decision = await a_decision(queue, one, Kind.ESCALATE)
    assert isinstance(await queue.decide(decision, ANN), Settled)
    again = await queue.decide(decision, ANN)
    assert isinstance(again, Settled)
    assert len([e for e in await queue.history(one) if e.event == "escalated"]) == 1


async def test_one_of_many_at_once_decides(store: Store, queue: Queue) -> None:
    second = await store.open()
    one = await submitted(queue)
    decisions: list[tuple[Queue, Decision]] = [
        ((queue, second)[n % 2], await a_decision(queue, one, kind))
        for n, kind in enumerate([Kind.APPROVE, Kind.REJECT, Kind.RESPOND, Kind.EDIT] * 3)
    ]
    answers = await asyncio.gather(*(handle.decide(d, ANN) for handle, d in decisions))
    assert sum(isinstance(answer, Settled) for answer in answers) == 1
    assert {str(a.code) for a in answers if isinstance(a, Refusal)} == {"already_decided"}
    events = [e.event for e in await queue.history(one)]
    assert events == ["submitted", "decided"]


async def test_what_is_delivered_is_what_was_decided(store: Store, queue: Queue) -> None:
    one, two = await submitted(queue), await submitted(queue)
    approved = await decided(queue, one)
    edited = await decided(queue, two, Kind.EDIT, comment="three is right")
    await store.pass_time(60_000_000)
    first, second = await queue.verdict(one), await queue.verdict(two)
    assert first is not None
    assert second is not None
    artifact = proposal()
    assert list(parse_writes(list(first.writes))) == artifact.writes
    assert first.digest == approved.state.digest
    final = list(parse_writes(list(second.writes)))
    assert final == proposal(value=3).writes
    item = await queue.get(two)
    assert item is not None
    assert second.digest == artifact_digest(item.artifact.with_writes(final)) != edited.state.digest
    assert (second.status, second.decision, second.by) == ("approved", "edit", "ann")
    assert second.comment == "three is right"
    assert item.artifact.writes == artifact.writes


async def test_some_writes_may_be_dropped(store: Store, queue: Queue) -> None:
    writes = [
        {"type": "record", "resource": f"order/{n}", "before": {"a": 1}, "after": {"a": 2}}
        for n in range(3)
    ]
    artifact = proposal(writes=writes)
    one = await submitted(queue, artifact)
    mine = (artifact.writes[0], None, artifact.writes[2])
    await decided(queue, one, Kind.EDIT, writes=mine)
    await store.pass_time(60_000_000)
    verdict = await queue.verdict(one)
    assert verdict is not None
    assert [write["resource"] for write in verdict.writes] == ["order/0", "order/2"]


@pytest.mark.parametrize(
    "write",
    [
        {"type": "tool_call", "name": "send", "arguments": {"n": 1}, "arguments_schema": {}},
        {"type": "record", "resource": "order/1", "before": {"n": 0}, "after": {"n": 1}},
    ],
)
async def test_an_edit_that_breaks_the_writes_own_schema_is_refused(
    queue: Queue, write: dict[str, Any]
) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
    named, body = ("arguments_schema", "arguments") if "name" in write else ("json_schema", "after")
    proposed = write | {named: schema}
    one = await submitted(queue, proposal(writes=[proposed]))
    wrong = parse_writes([proposed | {body: {"n": "seven"}}])
    refused = await queue.decide(await a_decision(queue, one, Kind.EDIT, writes=wrong), ANN)
    assert isinstance(refused, Refusal)
    assert (refused.code, "/n" in refused.sentence) == ("invalid_edit", True)
    right = parse_writes([proposed | {body: {"n": 7}}])
    settled = await queue.decide(await a_decision(queue, one, Kind.EDIT, writes=right), ANN)
    assert isinstance(settled, Settled)
