"""What becomes of artifacts at admission: denied, decided alone, recorded only, sent to people."""

from __future__ import annotations

from typing import Any

import pytest

from reviewer.domain.decision import Actor, Kind
from reviewer.domain.instant import HOUR, SECOND
from reviewer.domain.state import Mode, Status
from reviewer.labels.exports import Export
from reviewer.queue import BulkDecision, Queue

from .people import (
    ANN,
    BOT,
    a_decision,
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
from .policies import alone, events, policy
from .stores import Store

FILES = {"grants": [{"write": "file"}]}


async def exported(queue: Queue) -> list[str]:
    """All lines of the fullest export."""
    export = Export("jsonl")
    return [line async for row in queue.labels() for line in export.lines(row)]


async def test_what_no_grant_covers_is_denied_at_once(queue: Queue, store: Store) -> None:
    digest = await store.put_in_force(policy(FILES))
    answer = await queue.submit(proposal(), BOT)
    assert answer.status == "rejected"
    verdict = await queue.verdict(answer.artifact_id)
    assert verdict is not None
    assert (verdict.status, verdict.decision, verdict.by) == ("rejected", "reject", "policy")
    assert verdict.reasons == ("denied_by_policy",)
    assert "not covered" in verdict.comment
    assert verdict.writes == ()
    told = await events(queue, answer.artifact_id)
    assert [(name, actor) for name, actor, _ in told] == [
        ("submitted", "bot"), ("decided", "policy"), ("delivered", "bot"),
    ]  # fmt: skip
    kept = [row async for row in queue.audit()]
    assert '"by":"' + digest in kept[-2].record
    assert await listed(queue) == []
    assert await listed(queue, "is:rejected") == [answer.artifact_id]


async def test_nobody_decides_what_was_denied(queue: Queue, store: Store) -> None:
    await store.put_in_force(policy(FILES))
    one = await submitted(queue)
    made = await a_decision(queue, one, Kind.APPROVE)
    assert code_of(await queue.decide(made, ANN)) == "already_decided"
    result = await queue.undo(f"policy:{one}", ANN)
    assert [refusal.code for refusal in result.skipped] == ["too_late"]
    assert (await queue.submit(proposal(key="again"), BOT)).created
    assert (await queue.submit(proposal(key="again"), BOT)).created is False


async def test_a_policy_teaches_nothing(queue: Queue, store: Store) -> None:
    await store.put_in_force(policy(FILES))
    await submitted(queue)
    await store.put_in_force(alone())
    await submitted(queue)
    await store.put_in_force(policy())
    await decided(queue, await submitted(queue))
    await store.pass_time(HOUR)
    kinds = [row.label["reviewer_kind"] async for row in queue.labels()]
    assert kinds == ["policy", "policy", "person"]
    assert len(await exported(queue)) == 1


async def test_an_autonomous_agent_goes_out_after_the_undo_window(
    queue: Queue, store: Store
) -> None:
    await store.put_in_force(alone())
    answer = await queue.submit(proposal(value=7), BOT)
    assert answer.status == "approved"
    state = await state_of(queue, answer.artifact_id)
    assert (state.mode, state.revision) == (Mode.AUTONOMOUS, 2)
    assert await queue.verdict(answer.artifact_id) is None
    await store.pass_time(6 * SECOND)
    verdict = await queue.verdict(answer.artifact_id)
    assert verdict is not None
    assert (verdict.decision, verdict.by) == ("approve", "policy")
    assert verdict.writes[0]["after"] == {"a": 7}
    assert (await entry_of(queue, answer.artifact_id)).decided_by == "policy"
    reported = await queue.report_outcome(answer.artifact_id, "applied", "", BOT)
    assert getattr(reported, "status", None) is Status.APPROVED


async def test_a_sample_of_all_goes_to_people(queue: Queue, store: Store) -> None:
    await store.put_in_force(alone(autonomy={"sample": 1}))
    one = await submitted(queue)
    entry = await entry_of(queue, one)
    assert (entry.state.status, entry.reasons) == (Status.PENDING, ("sample",))
    await decided(queue, one)
    (row,) = await queue.ledger(0)
    assert (row.tally.decided, row.tally.sampled, row.tally.automatic) == (1, 1, 0)


@pytest.mark.parametrize(
    ("autonomy", "more", "reason"),
    [
        ({"confidence": 0.9}, {"confidence": 0.5}, "low_confidence"),
        ({"risk": "low"}, {"risk": "high"}, "high_risk"),
        ({"known_shapes": 1}, {}, "new_shape"),
        ({"cohort": 0}, {}, "cohort"),
        ({}, {"title": "Se\u202et a"}, "hidden_text"),
        ({}, {"escalations": [{"code": "unsure"}]}, "unsure"),
    ],
)
async def test_what_is_not_certain_goes_to_people(
    queue: Queue, store: Store, autonomy: Any, more: Any, reason: str
) -> None:
    await store.put_in_force(alone(autonomy=autonomy))
    entry = await entry_of(queue, await submitted(queue, proposal(**more)))
    assert entry.state.status is Status.PENDING
    assert reason in entry.reasons


async def test_a_shape_that_people_know_goes_through(queue: Queue, store: Store) -> None:
    await store.put_in_force(alone(autonomy={"known_shapes": 1}))
    first = await submitted(queue)
    made = await decided(queue, first)
    second = await queue.submit(proposal(), BOT)
    assert second.status == "approved"
    await queue.undo(made.operation_id, ANN)
    # what the policy decided itself is no judgement of people
    assert (await queue.submit(proposal(), BOT)).status == "pending"


async def test_numbers_far_from_those_approved_go_to_people(queue: Queue, store: Store) -> None:
    limits = {"spread": 3, "sample": 1}
    await store.put_in_force(alone(autonomy=limits))
    for value in (10, 11, 12, 10, 11, 12):
        await decided(queue, await submitted(queue, proposal(value=value)))
    taken_back = await decided(queue, await submitted(queue, proposal(value=9000)))
    await queue.undo(taken_back.operation_id, ANN)
    edited = await submitted(queue, proposal(value=8000))
    await decided(queue, edited, Kind.EDIT, writes=proposal(value=11).writes)
    await store.put_in_force(alone(autonomy={"spread": 3}))
    assert (await queue.submit(proposal(value=11.5), BOT)).status == "approved"
    entry = await entry_of(queue, await submitted(queue, proposal(value=40)))
    assert entry.reasons == ("far_value",)
    found = await queue.ruling(entry.state.id)
    assert found is not None
    (spread,) = found.facts["spreads"].values()
    assert spread["number"] == 7
    assert abs(spread["mean"] - 11) < 1e-9


async def test_shadow_is_told_at_once_and_never_applied(queue: Queue, store: Store) -> None:
    await store.put_in_force(policy({"mode": "shadow"}))
    answer = await queue.submit(proposal(), BOT)
    one = answer.artifact_id
    assert answer.status == "pending"
    verdict = await queue.wait(one, 5)
    assert verdict is not None
    assert (verdict.status, verdict.decision, verdict.writes) == ("shadowed", "", ())
    settled = await decided(queue, one)
    assert settled.state.mode is Mode.SHADOW
    assert await queue.wait(one, 5) == verdict
    await store.pass_time(HOUR)
    assert await queue.take_effects("w") == []
    assert code_of(await queue.report_outcome(one, "applied", "", BOT)) == "invalid"
    assert len(await exported(queue)) == 1


async def test_a_shadow_can_be_taken_back_and_expires_without_a_word(
    queue: Queue, store: Store
) -> None:
    await store.put_in_force(policy({"mode": "shadow"}))
    one = await submitted(queue)
    made = await decided(queue, one)
    assert (await queue.undo(made.operation_id, ANN)).decided == 1
    assert (await state_of(queue, one)).status is Status.PENDING
    two = await submitted(queue, proposal(expires_at="2020-01-01T00:00:00Z"))
    await queue.run_clocks()
    assert (await state_of(queue, two)).status is Status.EXPIRED
    verdict = await queue.verdict(two)
    assert verdict is not None
    assert verdict.status == "shadowed"
    assert await queue.take_effects("w") == []


async def test_a_rate_is_counted_over_any_hour(queue: Queue, store: Store) -> None:
    grant = {"id": "g", "write": "*", "rates": {"hour": 2}}
    await store.put_in_force(policy({"grants": [grant]}))
    reasons = [(await entry_of(queue, await submitted(queue))).reasons for _ in range(3)]
    assert reasons == [(), (), ("rate_limit",)]
    await store.pass_time(59 * HOUR // 60)
    assert (await entry_of(queue, await submitted(queue))).reasons == ("rate_limit",)
    await store.pass_time(3 * HOUR)
    assert (await entry_of(queue, await submitted(queue))).reasons == ()
    await store.put_in_force(policy({"grants": [grant | {"over": "deny"}]}))
    statuses = [(await queue.submit(proposal(), BOT)).status for _ in range(3)]
    assert statuses == ["pending", "rejected", "rejected"]


async def test_a_batch_counts_as_it_goes(queue: Queue, store: Store) -> None:
    grant = {"id": "g", "write": "*", "rates": {"hour": 2}, "over": "deny"}
    await store.put_in_force(policy({"grants": [grant]}))
    answers = await queue.submit_many([proposal() for _ in range(4)], BOT)
    assert [getattr(one, "status", one) for one in answers] == [
        "pending", "pending", "rejected", "rejected",
    ]  # fmt: skip


async def test_a_later_revision_voids_what_the_policy_approved(queue: Queue, store: Store) -> None:
    await store.put_in_force(alone())
    first = await submitted(queue, proposal(key="one"))
    await store.put_in_force(policy())
    second = await submitted(queue, proposal(key="two", supersedes="one"))
    assert (await state_of(queue, first)).status is Status.SUPERSEDED
    assert (await state_of(queue, second)).status is Status.PENDING
    await store.pass_time(HOUR)
    (row,) = await queue.ledger(0)
    assert row.tally.automatic == 0


async def test_what_was_known_and_ruled_is_kept(queue: Queue, store: Store) -> None:
    digest = await store.put_in_force(alone(autonomy={"known_shapes": 2}))
    one = await submitted(queue)
    await store.pass_time(HOUR)
    await store.put_in_force(policy(FILES))
    two = await submitted(queue)
    found = [admission async for batch in queue.admissions(0) for admission in batch]
    assert [each.artifact_id for each in found] == [one, two]
    assert [each.ruling.get("course", "person") for each in found] == ["person", "deny"]
    assert found[0].ruling["policy"] == digest
    assert found[0].decision == ""
    assert (found[1].decision, found[1].decided_by, found[1].decided_kind) == (
        "reject", "policy", "policy",
    )  # fmt: skip
    assert await queue.ruling(one) == found[0]
    assert await queue.ruling("a_none") is None
    later = [a async for batch in queue.admissions(found[1].at) for a in batch]
    assert later == found[1:]
    before = [a async for batch in queue.admissions(0, found[1].at) for a in batch]
    assert before == found[:1]
    await decided(queue, one, Kind.REJECT)
    changed = await queue.ruling(one)
    assert changed is not None
    assert (changed.decision, changed.decided_by, changed.decided_kind) == (
        "reject", "ann", "person",
    )  # fmt: skip


async def test_a_bulk_is_held_against_the_policy_one_by_one(queue: Queue, store: Store) -> None:
    await store.put_in_force(
        policy(
            queues={"four": {"four_eyes": True}, "*": {}},
            rules=[{"id": "mine", "when": "artifact.title == 'mine'", "then": {"queue": "four"}}],
        )
    )
    person = {"on_behalf_of": "ann"}
    mine = await submitted(queue, proposal(title="mine", identity=person))
    other = await submitted(queue)
    decision = BulkDecision("b", Kind.APPROVE, await targets(queue, [mine, other]))
    result = await bulk(queue, decision)
    assert (result.decided, [one.artifact_id for one in result.skipped]) == (1, [mine])
    assert (await state_of(queue, mine)).needs == ("not:ann",)


async def test_no_person_is_called_policy(queue: Queue) -> None:
    one = await submitted(queue)
    made = await a_decision(queue, one, Kind.APPROVE)
    assert code_of(await queue.decide(made, Actor("policy"))) == "not_allowed"
