"""Handing in: an acknowledged submit is exactly one artifact (invariant 1)."""

from __future__ import annotations

import asyncio

import pytest

from reviewer.domain.artifact import artifact_digest, parse
from reviewer.domain.decision import Kind
from reviewer.domain.errors import ConflictError, InputError
from reviewer.domain.lifecycle import admit
from reviewer.domain.state import Status
from reviewer.policy.route import route
from reviewer.queue import Queue, Submitted

from .people import ANN, BOT, agent, decided, entry_of, listed, proposal, state_of, submitted
from .stores import Store


async def test_the_same_again_is_the_same_artifact(queue: Queue) -> None:
    artifact = proposal("k")
    first = await queue.submit(artifact, BOT)
    again = await queue.submit(artifact, BOT)
    assert first.created
    assert first.status == "pending"
    assert first.digest == artifact_digest(artifact)
    assert again == Submitted(first.artifact_id, first.digest, "pending", created=False)
    assert await listed(queue) == [first.artifact_id]


async def test_a_later_retry_hears_how_it_stands(queue: Queue) -> None:
    artifact = proposal("k")
    first = await queue.submit(artifact, BOT)
    await decided(queue, first.artifact_id, Kind.REJECT)
    again = await queue.submit(artifact, BOT)
    assert (again.artifact_id, again.status, again.created) == (
        first.artifact_id,
        "rejected",
        False,
    )


async def test_the_same_key_with_another_body_is_a_conflict(queue: Queue) -> None:
    first = await queue.submit(proposal("k", 2), BOT)
    with pytest.raises(ConflictError):
        await queue.submit(proposal("k", 3), BOT)
    item = await queue.get(first.artifact_id)
    assert item is not None
    assert item.artifact == proposal("k", 2)
    assert await listed(queue) == [first.artifact_id]


async def test_a_key_belongs_to_its_agent(queue: Queue) -> None:
    mine = await queue.submit(proposal("k"), BOT)
    yours = await queue.submit(proposal("k", agent={"name": "other"}), agent("other"))
    assert yours.created
    assert mine.artifact_id != yours.artifact_id
    assert await queue.find("bot", "k") == mine.artifact_id
    assert await queue.find("other", "k") == yours.artifact_id
    assert await queue.find("bot", "K") is None
    assert await queue.find("bot", "") is None


async def test_artifacts_without_a_key_are_artifacts_of_their_own(queue: Queue) -> None:
    body = {"agent": {"name": "bot"}, "kind": "task"}
    writes = proposal().document()["writes"]
    one, two = (parse(body | {"title": title, "writes": writes}) for title in ("one", "two"))
    ids = [await submitted(queue, one), await submitted(queue, two)]
    assert len(set(ids)) == 2
    assert len(await listed(queue)) == 2


async def test_many_answer_each_for_itself_in_order(queue: Queue) -> None:
    one, other, two = proposal("1", 2), proposal("1", 3), proposal("2")
    answers = await queue.submit_many([one, one, other, two], BOT)
    first, again, conflict, last = answers
    assert isinstance(first, Submitted)
    assert isinstance(again, Submitted)
    assert isinstance(last, Submitted)
    assert isinstance(conflict, ConflictError)
    assert (first.created, again.created, last.created) == (True, False, True)
    assert again.artifact_id == first.artifact_id
    assert sorted(await listed(queue)) == sorted([first.artifact_id, last.artifact_id])
    assert await queue.submit_many([], BOT) == []


async def test_what_comes_out_is_what_went_in(queue: Queue) -> None:
    artifact = proposal(
        "k",
        agent={"name": "bot", "version": "1.2"},
        title="Größe ⟨\u202e⟩ \x1b[31m 名前",
        confidence=0.5,
        risk="high",
        queue="billing",
        identity={"on_behalf_of": "customer:1"},
        context=[{"type": "message", "role": "user", "text": "hello"}],
        escalations=[
            {"code": "low_confidence", "detail": "two match", "score": 0.41, "evidence": 0},
            {"code": "amount", "source": "policy"},
        ],
        metadata={"deep": [1, {"x": None}]},
    )
    artifact_id = await submitted(queue, artifact)
    item = await queue.get(artifact_id)
    assert item is not None
    assert item.artifact == artifact
    entry = item.entry
    assert (entry.title, entry.agent_version, entry.confidence, entry.writes) == (
        artifact.title,
        "1.2",
        0.5,
        1,
    )
    assert entry.reasons == ("low_confidence", "amount")
    assert [(r.code, r.detail, r.source, r.score, r.evidence) for r in item.reasons] == [
        ("low_confidence", "two match", "agent", 0.41, 0),
        ("amount", "", "policy", None, None),
    ]
    assert (entry.supersedes, entry.superseded_by, entry.decision, entry.outcome) == ("",) * 4


async def test_it_is_admitted_as_the_rules_say(queue: Queue) -> None:
    artifact = proposal("k", risk="critical", expires_at="2100-01-01T00:00:00Z")
    state = await state_of(queue, await submitted(queue, artifact))
    expected = admit(artifact, state.id, route(artifact, state.created_at), state.created_at).state
    assert state == expected
    assert abs(await queue.now() - state.created_at) < 60_000_000


async def test_nothing_has_an_unknown_id(queue: Queue) -> None:
    for unknown in ("", "a_nothing", "'; DROP TABLE artifact; --"):
        assert await queue.get(unknown) is None
        assert await queue.verdict(unknown) is None
        assert await queue.history(unknown) == []


async def test_one_of_many_at_once_creates_it(store: Store, queue: Queue) -> None:
    second = await store.open()
    artifact = proposal("k")
    answers = await asyncio.gather(
        *(handle.submit(artifact, BOT) for handle in (queue, second) for _ in range(8))
    )
    assert sum(answer.created for answer in answers) == 1
    assert len({answer.artifact_id for answer in answers}) == 1


async def test_a_new_revision_voids_the_pending_one(queue: Queue) -> None:
    old = await submitted(queue, proposal("r0"))
    new = await submitted(queue, proposal("r1", 3, supersedes="r0"))
    before, after = await entry_of(queue, old), await entry_of(queue, new)
    assert before.state.status is Status.SUPERSEDED
    assert (before.superseded_by, after.supersedes) == (new, old)
    assert after.state.status is Status.PENDING
    assert await listed(queue) == [new]
    assert [event.event for event in await queue.history(old)] == ["submitted", "superseded"]


async def test_a_new_revision_voids_a_decision_that_has_not_gone_out(
    store: Store, queue: Queue
) -> None:
    old = await submitted(queue, proposal("r0"))
    settled = await decided(queue, old)
    await submitted(queue, proposal("r1", 3, supersedes="r0"))
    assert (await state_of(queue, old)).status is Status.SUPERSEDED
    await store.pass_time(3600 * 1_000_000)
    verdict = await queue.verdict(old)
    assert verdict is None or verdict.status == "superseded"
    assert [row async for row in queue.labels()] == []
    await queue.undo(settled.operation_id, ANN)
    assert (await state_of(queue, old)).status is Status.SUPERSEDED
    assert await queue.take_effects("w") == []


async def test_a_decision_that_has_gone_out_stands(store: Store, queue: Queue) -> None:
    old = await submitted(queue, proposal("r0"))
    await decided(queue, old)
    await store.pass_time(10_000_000)
    await submitted(queue, proposal("r1", 3, supersedes="r0"))
    assert (await state_of(queue, old)).status is Status.APPROVED


async def test_a_revision_of_nothing_known_is_refused_with_the_place(queue: Queue) -> None:
    await submitted(queue, proposal("k", agent={"name": "other"}))
    for unknown in ("nothing", "k"):
        with pytest.raises(InputError) as caught:
            await queue.submit(proposal("r1", supersedes=unknown), BOT)
        assert caught.value.place == "/supersedes"
    assert await queue.find("bot", "r1") is None


async def test_only_the_named_revision_is_voided(queue: Queue) -> None:
    others = [await submitted(queue, proposal(f"o{n}")) for n in range(3)]
    await submitted(queue, proposal("r1", supersedes="o1"))
    states = [(await state_of(queue, one)).status for one in others]
    assert states == [Status.PENDING, Status.SUPERSEDED, Status.PENDING]
