"""Bulk decisions: one operation, each artifact with its own decision, record, label and effect."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from reviewer.domain.decision import Kind, Seen
from reviewer.domain.errors import InputError
from reviewer.domain.instant import HOUR
from reviewer.domain.state import Status
from reviewer.queue import BulkDecision, BulkResult, Claim, Queue, Target

from .people import (
    ANN,
    BOB,
    BOT,
    VIC,
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


async def crowd(queue: Queue, number: int) -> list[str]:
    """That many artifacts of `bot`."""
    answers = await queue.submit_many([proposal() for _ in range(number)], BOT)
    return [answer.artifact_id for answer in answers]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("kind", "more", "status"),
    [
        (Kind.APPROVE, {}, Status.APPROVED),
        (Kind.REJECT, {"reasons": ("unsafe",), "comment": "no"}, Status.REJECTED),
        (Kind.RESPOND, {"comment": "ask again"}, Status.ANSWERED),
        (Kind.REASSIGN, {"to": "bob"}, Status.PENDING),
        (Kind.SNOOZE, {"until": 4_000_000_000_000_000}, Status.PENDING),
        (Kind.ESCALATE, {"reasons": ("unsafe",)}, Status.PENDING),
    ],
)
async def test_every_target_gets_its_own_decision(
    store: Store, queue: Queue, kind: Kind, more: dict[str, object], status: Status
) -> None:
    ids = await crowd(queue, 5)
    made = replace(BulkDecision("op", kind, await targets(queue, ids)), **more)  # type: ignore[arg-type]
    result = await bulk(queue, made)
    assert (result.operation_id, result.decided, result.skipped) == ("op", 5, ())
    for one in ids:
        assert (await state_of(queue, one)).status is status
        event = (await queue.history(one))[-1]
        assert event.facts["decision"] == str(kind)
        assert event.facts["seen"]["bulk"] is True
        assert event.actor == "ann"
    await store.pass_time(HOUR)
    labels = [row async for row in queue.labels()]
    effects = await queue.take_effects("w", limit=100)
    expected = sorted(ids) if kind.terminal else []
    assert sorted(row.artifact_id for row in labels) == expected
    assert sorted(effect.artifact_id for effect in effects) == expected
    assert all(row.label["bulk"] for row in labels)
    if kind.terminal:
        verdict = await queue.verdict(ids[0])
        assert verdict is not None
        assert verdict.decision == str(kind)


async def test_every_record_says_how_many_members_were_looked_at(queue: Queue) -> None:
    ids = await crowd(queue, 3)
    seen = Seen(bulk=True, sampled=2, dwell_ms=700, lines=9)
    made = BulkDecision("op", Kind.APPROVE, await targets(queue, ids), seen=seen)
    await bulk(queue, made)
    for one in ids:
        facts = (await queue.history(one))[-1].facts
        assert facts["seen"] == {
            "dwell_ms": 700, "lines": 9, "flags": 0, "assistant_first": False, "bulk": True,
            "sampled": 2,
        }  # fmt: skip


async def test_what_does_not_fit_is_skipped_with_its_reason(queue: Queue) -> None:
    ids = await crowd(queue, 6)
    aims = list(await targets(queue, ids))
    await decided(queue, ids[0], Kind.REJECT)
    assert isinstance(await queue.claim(ids[1], BOB), Claim)
    await decided(queue, ids[2], Kind.ESCALATE)
    aims[3] = replace(aims[3], digest="sha256:" + "1" * 64)
    aims.append(Target("a_nothing", 1, aims[0].digest))
    result = await bulk(queue, BulkDecision("op", Kind.APPROVE, tuple(aims)))
    assert result.decided == 2
    assert {refusal.artifact_id: code_of(refusal) for refusal in result.skipped} == {
        ids[0]: "already_decided",
        ids[1]: "claimed_by",
        ids[2]: "stale",
        ids[3]: "stale",
        "a_nothing": "not_found",
    }
    states = [(await state_of(queue, one)).status for one in ids[4:]]
    assert states == [Status.APPROVED] * 2


async def test_what_the_actor_holds_is_decided_too(queue: Queue) -> None:
    ids = await crowd(queue, 2)
    assert isinstance(await queue.claim(ids[0], ANN), Claim)
    result = await bulk(queue, BulkDecision("op", Kind.APPROVE, await targets(queue, ids)))
    assert result.decided == 2
    assert (await state_of(queue, ids[0])).lease_owner == ""


@pytest.mark.parametrize(
    ("kind", "more"), [(Kind.REJECT, {}), (Kind.RESPOND, {}), (Kind.REASSIGN, {})]
)
async def test_what_a_kind_needs_is_asked_for_in_bulk_too(
    queue: Queue, kind: Kind, more: dict[str, object]
) -> None:
    ids = await crowd(queue, 2)
    result = await bulk(queue, BulkDecision("op", kind, await targets(queue, ids)))
    assert result.decided == 0
    assert [code_of(refusal) for refusal in result.skipped] == ["invalid"] * 2


@pytest.mark.parametrize("actor", [BOT, VIC])
async def test_who_may_not_decide_decides_nothing_in_bulk(queue: Queue, actor: object) -> None:
    ids = await crowd(queue, 2)
    made = BulkDecision("op", Kind.APPROVE, await targets(queue, ids))
    result = await bulk(queue, made, actor)  # type: ignore[arg-type]
    assert result.decided == 0
    assert [code_of(refusal) for refusal in result.skipped] == ["not_allowed"] * 2


async def test_there_are_no_edits_in_bulk(queue: Queue) -> None:
    ids = await crowd(queue, 2)
    with pytest.raises(InputError):
        await bulk(queue, BulkDecision("op", Kind.EDIT, await targets(queue, ids)))
    assert len(await listed(queue)) == 2


async def test_of_nothing_it_decides_nothing(queue: Queue) -> None:
    result = await bulk(queue, BulkDecision("op", Kind.APPROVE, ()))
    assert (result.decided, result.skipped) == (0, ())


async def test_the_same_operation_again_decides_nothing_twice(store: Store, queue: Queue) -> None:
    ids = await crowd(queue, 4)
    await decided(queue, ids[0], Kind.REJECT, BOB)
    made = BulkDecision("op", Kind.APPROVE, await targets(queue, ids))
    first = await bulk(queue, made)
    position = await queue.position()
    again = await bulk(await store.open(), made)
    assert (again.decided, again.skipped) == (first.decided, first.skipped)
    assert await queue.position() == position


async def test_one_that_was_left_in_the_middle_is_taken_up_again(
    store: Store, queue: Queue
) -> None:
    ids = await crowd(queue, 1200)
    made = BulkDecision("op", Kind.APPROVE, await targets(queue, ids))
    running = await queue.decide_many(made, ANN)
    first = await anext(running)
    assert 0 < first.decided < 1200
    await running.aclose()  # type: ignore[attr-defined]
    results: list[BulkResult] = []
    other = await store.open()
    async for result in await other.decide_many(made, ANN):
        results.append(result)
    assert results[-1].decided == 1200
    counts = [result.decided for result in results]
    assert counts == sorted(counts)
    await store.pass_time(HOUR)
    events = Counter([(row.seq, row.artifact_id) async for row in queue.labels()])
    assert len(events) == 1200
    assert set(events.values()) == {1}
    chain = [row async for row in queue.audit()]
    assert sum('"event":"decided"' in row.record for row in chain) == 1200


async def test_others_work_on_while_it_runs(store: Store, queue: Queue) -> None:
    ids = await crowd(queue, 1200)
    extra = await submitted(queue)
    other = await store.open()
    made = BulkDecision("op", Kind.REJECT, await targets(queue, ids), ("unsafe",))
    running = await queue.decide_many(made, ANN)
    await anext(running)
    claim = await asyncio.wait_for(other.claim(extra, BOB), 30)
    assert isinstance(claim, Claim)
    taken = ids[-1]
    assert (await state_of(other, taken)).status is Status.PENDING
    await decided(other, taken, Kind.APPROVE, BOB)
    last = [result async for result in running][-1]
    assert last.decided == 1199
    assert [(r.artifact_id, code_of(r)) for r in last.skipped] == [(taken, "already_decided")]
    assert (await entry_of(queue, taken)).decided_by == "bob"


async def test_the_undo_window_of_all_ends_together(queue: Queue) -> None:
    ids = await crowd(queue, 1000)
    result = await bulk(queue, BulkDecision("op", Kind.APPROVE, await targets(queue, ids)))
    ends = {(await state_of(queue, one)).effective_at for one in (ids[0], ids[500], ids[-1])}
    assert ends == {result.effective_at}
