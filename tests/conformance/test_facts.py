"""Facts: one for each decision that stands, by time, however they are cut into batches."""

from __future__ import annotations

from typing import Any

from reviewer.domain.decision import Kind, Seen
from reviewer.domain.instant import HOUR, SECOND
from reviewer.domain.query import Query
from reviewer.domain.state import Status
from reviewer.queue import BulkDecision, Claim, Entry, Fact, Queue, Target

from .people import ANN, BOB, BOT, LEE, bulk, decided, entry_of, proposal, submitted, targets
from .stores import Store


async def facts_of(queue: Queue, since: int = 0, until: int | None = None) -> list[Fact]:
    return [fact async for batch in queue.facts(since, until) for fact in batch]


async def a_day(store: Store, queue: Queue) -> dict[str, str]:
    """Every kind of decision, some of them taken back; the ids by what became of them."""
    names = ("approved", "edited", "rejected", "answered", "moved", "undone", "old", "idle")
    cost = {"usd": 0.25, "seconds": 12.5}
    ids = {name: await submitted(queue, proposal(name, cost=cost)) for name in names}
    assert isinstance(await queue.claim(ids["approved"], ANN), Claim)
    await decided(queue, ids["approved"], seen=Seen(1200, 7, 1))
    await decided(queue, ids["edited"], Kind.EDIT, BOB)
    await decided(queue, ids["rejected"], Kind.REJECT, LEE, reasons=("unsafe", "other"))
    await decided(queue, ids["answered"], Kind.RESPOND)
    for kind in (Kind.REASSIGN, Kind.SNOOZE, Kind.ESCALATE):
        await decided(queue, ids["moved"], kind, seen=Seen(800))
    settled = await decided(queue, ids["undone"])
    await queue.undo(settled.operation_id, ANN)
    await decided(queue, ids["old"])
    ids["new"] = await submitted(queue, proposal("new", supersedes="old"))
    more = [await submitted(queue, proposal(f"bulk-{n}")) for n in range(3)]
    await bulk(queue, BulkDecision("b", Kind.REJECT, await targets(queue, more), ("unsafe",)))
    ids |= {f"bulk-{n}": one for n, one in enumerate(more)}
    await store.pass_time(HOUR)
    await queue.report_outcome(ids["approved"], "applied", "", BOT)
    return ids


async def test_a_fact_for_each_decision_that_stands(store: Store, queue: Queue) -> None:
    ids = await a_day(store, queue)
    facts = await facts_of(queue)
    names = {one: name for name, one in ids.items()}
    assert [(names[fact.artifact_id], fact.decision) for fact in facts] == [
        ("approved", "approve"),
        ("edited", "edit"),
        ("rejected", "reject"),
        ("answered", "respond"),
        ("moved", "reassign"),
        ("moved", "snooze"),
        ("moved", "escalate"),
        *((f"bulk-{n}", "reject") for n in range(3)),
    ]
    assert (await entry_of(queue, ids["old"])).state.status is Status.SUPERSEDED


async def test_a_fact_says_what_the_decision_and_its_artifact_say(
    store: Store, queue: Queue
) -> None:
    ids = await a_day(store, queue)
    labels = {row.artifact_id: row.label async for row in queue.labels()}
    facts = await facts_of(queue)
    for fact in facts:
        entry = await entry_of(queue, fact.artifact_id)
        state = entry.state
        assert (fact.agent, fact.agent_version) == (state.agent, entry.agent_version)
        assert (fact.kind, fact.queue) == (state.kind, state.queue)
        assert (fact.created_at, fact.due_at) == (state.created_at, state.due_at)
        assert (fact.usd, fact.seconds) == (entry.usd, entry.seconds)
        assert fact.bulk is fact.artifact_id.startswith(tuple(ids[f"bulk-{n}"] for n in range(3)))
        assert fact.actor_kind == "person"
        events = [
            event
            for event in await queue.history(fact.artifact_id)
            if event.facts.get("decision") == fact.decision
        ]
        assert [event.actor for event in events] == [fact.actor]
        assert [event.at // SECOND for event in events] == [fact.at // SECOND]
        if Kind(fact.decision).terminal:
            assert fact.at == state.decided_at
            assert told(fact) == told_by(labels[fact.artifact_id])
        else:
            assert told(fact) == (0, None, "", fact.reasons)
    assert facts[0].dwell_ms == 1200
    assert facts[0].outcome == "applied"
    assert facts[0].usd == 0.25
    assert facts[2].reasons == ("unsafe", "other")
    assert [fact.distance is not None for fact in facts].index(True) == 1


def told(fact: Fact) -> tuple[Any, ...]:
    return fact.dwell_ms, fact.distance, fact.outcome, fact.reasons


def told_by(label: dict[str, Any]) -> tuple[Any, ...]:
    return (
        label["dwell_ms"],
        label.get("distance"),
        label.get("outcome", ""),
        tuple(label["reasons"]),
    )


async def test_a_decision_made_anew_is_the_one_that_counts(store: Store, queue: Queue) -> None:
    one = await submitted(queue)
    settled = await decided(queue, one)
    await queue.undo(settled.operation_id, ANN)
    await decided(queue, one, Kind.REJECT)
    assert [fact.decision for fact in await facts_of(queue)] == ["reject"]


async def test_from_then_until_then(store: Store, queue: Queue) -> None:
    times = []
    for _ in range(5):
        one = await submitted(queue)
        await decided(queue, one)
        times.append((await entry_of(queue, one)).state.decided_at or 0)
        await store.pass_time(10 * SECOND)
    assert [fact.at for fact in await facts_of(queue)] == times
    for start in range(5):
        for end in range(start, 5):
            found = await facts_of(queue, times[start], times[end])
            assert [fact.at for fact in found] == times[start:end]
    assert await facts_of(queue, times[-1] + 1) == []


async def test_many_come_in_batches_and_none_twice(store: Store, queue: Queue) -> None:
    ids = await queue.submit_many([proposal() for _ in range(2_300)], BOT)
    listed: list[Entry] = []
    cursor: str | None = None
    while True:
        page = await queue.page(Query(), ANN, limit=1000, after=cursor)
        listed += page.entries
        cursor = page.next
        if cursor is None:
            break
    goals = tuple(Target(e.state.id, e.state.revision, e.state.digest) for e in listed)
    # all of one chunk are decided at the same instant: the cursor cuts among equals
    result = await bulk(queue, BulkDecision("b", Kind.APPROVE, goals))
    assert result.decided == len(ids)
    batches = [batch async for batch in queue.facts(0)]
    found = [fact for batch in batches for fact in batch]
    assert len(found) == len({fact.artifact_id for fact in found}) == 2_300
    assert [fact.at for fact in found] == sorted(fact.at for fact in found)
    assert all(batch for batch in batches)
    assert all(fact.bulk for fact in found)
