"""The life of an artifact: what each event does, and why it is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.artifact import Risk, artifact_digest, parse_writes
from reviewer.domain.decision import Actor, Code, Decision, Kind, Refusal
from reviewer.domain.instant import HOUR, MINUTE
from reviewer.domain.lifecycle import (
    UNDO_WINDOW,
    State,
    Status,
    Step,
    expire,
    rank_of,
    settle,
    supersede,
    undo,
    withdraw,
)

from .strategies import NOW, PERSON, decision, pending, simple


def step(result: Step | Refusal | None) -> Step:
    assert isinstance(result, Step), result
    return result


def refused(result: Step | Refusal | None) -> Code:
    assert isinstance(result, Refusal), result
    assert result.sentence.endswith(".")
    return result.code


EDITED = parse_writes([{"type": "record", "resource": "order/1", "before": {"a": 1}, "after": {"a": 3}}])  # fmt: skip # noqa: E501


def test_admission_takes_the_earlier_due_time() -> None:
    wish = simple(due_at="2020-01-01T00:00:00Z")
    assert pending(wish).due_at < NOW
    state = pending(due_at=NOW + HOUR, risk=Risk.HIGH)
    assert (state.status, state.revision, state.due_at) == (Status.PENDING, 1, NOW + HOUR)
    assert state.rank == NOW + HOUR - 2 * HOUR


def test_a_higher_risk_goes_first_and_inversion_is_bounded() -> None:
    ranks = [rank_of(NOW, risk) for risk in Risk]
    assert ranks == sorted(ranks, reverse=True)
    assert rank_of(NOW, Risk.LOW) < rank_of(NOW + 9 * HOUR, Risk.CRITICAL)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Kind.APPROVE, Status.APPROVED),
        (Kind.REJECT, Status.REJECTED),
        (Kind.RESPOND, Status.ANSWERED),
        (Kind.EDIT, Status.APPROVED),
    ],
)
def test_terminal_decisions(kind: Kind, status: Status) -> None:
    state = replace(pending(), lease_owner="ann", lease_until=NOW + MINUTE, fence=3)
    extra = {"writes": EDITED} if kind is Kind.EDIT else {}
    done = step(settle(state, decision(state, kind, fence=3, **extra), PERSON, NOW, simple()))
    after = done.state
    assert (after.status, after.decided_at, after.effective_at) == (status, NOW, NOW + UNDO_WINDOW)
    assert (after.lease_owner, after.revision, done.label) == ("", state.revision + 1, True)
    assert done.effect == "deliver"
    assert (done.facts["digest_decided"] == state.digest) == (kind is not Kind.EDIT)
    if kind is Kind.EDIT:
        assert done.final is not None
        assert artifact_digest(done.final) == done.facts["digest_decided"]


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        (Kind.REASSIGN, "reassigned"),
        (Kind.SNOOZE, "snoozed"),
        (Kind.ESCALATE, "escalated"),
    ],
)
def test_moves_leave_it_pending_without_label(kind: Kind, event: str) -> None:
    state = pending()
    done = step(settle(state, decision(state, kind), PERSON, NOW))
    assert (done.state.status, done.event, done.label) == (Status.PENDING, event, False)
    assert done.effect == ""


def test_reassigning_to_a_queue_or_a_person() -> None:
    state = replace(pending(), assignee="ann")
    queue = step(settle(state, decision(state, Kind.REASSIGN, to="queue:legal"), PERSON, NOW)).state
    assert (queue.queue, queue.assignee) == ("legal", "")
    person = step(settle(state, decision(state, Kind.REASSIGN, to="bob"), PERSON, NOW)).state
    assert (person.queue, person.assignee) == ("q", "bob")


def test_escalation_goes_to_the_front_with_its_reason() -> None:
    state = pending(due_at=NOW + 10 * HOUR)
    asked = decision(state, Kind.ESCALATE, comment="over my limit", to="lead")
    done = step(settle(state, asked, PERSON, NOW))
    assert (done.state.escalated, done.state.assignee, done.state.rank) == (True, "lead", NOW)
    assert done.escalation == ("escalated", "over my limit", "person")
    policy = step(settle(state, asked, Actor("rules", "policy"), NOW))
    assert policy.escalation == ("escalated", "over my limit", "policy")


def late(state: State) -> State:
    return replace(state, lease_owner="bob", lease_until=NOW - 1, fence=state.fence + 1)


@pytest.mark.parametrize(
    ("before", "asked", "actor", "code"),
    [
        ({}, {}, Actor("bot", "agent"), Code.NOT_ALLOWED),
        ({}, {}, Actor("eve", roles=frozenset({"auditor"})), Code.NOT_ALLOWED),
        ({"status": Status.APPROVED}, {}, PERSON, Code.ALREADY_DECIDED),
        ({"revision": 2}, {"revision": 1}, PERSON, Code.STALE),
        ({}, {"digest": "sha256:0"}, PERSON, Code.STALE),
        ({"lease_owner": "bob", "lease_until": NOW + 1}, {}, PERSON, Code.CLAIMED_BY),
        ({"fence": 4}, {"fence": 3}, PERSON, Code.LOST_CLAIM),
        ({"allowed": ("reject",)}, {}, PERSON, Code.NOT_ALLOWED),
        ({"approvers": ("ann",), "quorum": 2}, {}, PERSON, Code.NOT_ALLOWED),
        ({"quorum": 2}, {"kind": Kind.EDIT}, PERSON, Code.NOT_ALLOWED),
        ({}, {"kind": Kind.REJECT}, PERSON, Code.INVALID),
        ({}, {"kind": Kind.RESPOND, "comment": "  "}, PERSON, Code.INVALID),
        ({}, {"kind": Kind.REASSIGN}, PERSON, Code.INVALID),
        ({}, {"kind": Kind.REASSIGN, "to": "queue:"}, PERSON, Code.INVALID),
        ({}, {"kind": Kind.REASSIGN, "to": "queue:Bad Name"}, PERSON, Code.INVALID),
        ({}, {"kind": Kind.ESCALATE, "to": "queue: legal"}, PERSON, Code.INVALID),
        ({}, {"kind": Kind.SNOOZE}, PERSON, Code.INVALID),
        ({}, {"kind": Kind.SNOOZE, "until": NOW}, PERSON, Code.INVALID),
    ],
)
def test_refusals(before: dict[str, Any], asked: dict[str, Any], actor: Actor, code: Code) -> None:
    state = replace(pending(), **before)
    base: dict[str, Any] = {"kind": Kind.APPROVE, "reasons": (), "to": "", "until": None}
    wanted = replace(decision(state, Kind.APPROVE), **(base | asked))
    assert refused(settle(state, wanted, actor, NOW, simple())) is code


def test_a_late_decision_is_fine_when_nobody_claimed_in_between() -> None:
    state = replace(pending(), lease_owner="ann", lease_until=NOW - 1, fence=2)
    step(settle(state, decision(state, Kind.APPROVE, fence=2), PERSON, NOW))
    assert refused(settle(late(state), decision(state, Kind.APPROVE, fence=2), PERSON, NOW))


@given(st.integers(2, 5))
def test_a_quorum_is_of_distinct_people(quorum: int) -> None:
    state = pending(quorum=quorum)
    for number in range(quorum - 1):
        done = step(settle(state, decision(state, Kind.APPROVE), Actor(f"p{number}"), NOW))
        assert (done.event, done.label, done.state.status) == (
            "approved_in_part",
            False,
            Status.PENDING,
        )
        state = done.state
        again = settle(state, decision(state, Kind.APPROVE), Actor(f"p{number}"), NOW)
        assert refused(again) is Code.NOT_ALLOWED
    last = step(settle(state, decision(state, Kind.APPROVE), Actor("last"), NOW))
    assert last.state.status is Status.APPROVED


def test_one_rejection_ends_a_quorum() -> None:
    state = replace(pending(quorum=3), approvers=("x",))
    done = step(settle(state, decision(state, Kind.REJECT), PERSON, NOW))
    assert done.state.status is Status.REJECTED


def edit(mine: Any, **changes: Any) -> Step | Refusal:
    artifact = simple(**changes)
    state = pending(artifact)
    parsed = None if mine is None else parse_writes(mine)
    return settle(state, decision(state, Kind.EDIT, writes=parsed), PERSON, NOW, artifact)


RECORD = {"type": "record", "resource": "order/1", "before": {"a": 1}, "after": {"a": 2}}
FILE = {"type": "file", "resource": "a", "before": {"text": "1"}, "after": {"text": "2"}}
CALL = {"type": "tool_call", "name": "f", "arguments": {"x": 1}}


@pytest.mark.parametrize(
    "writes",
    [
        None,
        [],
        [None],
        [RECORD],
        [RECORD | {"resource": "order/2", "after": {"a": 3}}],
        [RECORD | {"system": "other", "after": {"a": 3}}],
        [RECORD | {"before": {"a": 9}, "after": {"a": 3}}],
        [RECORD | {"precondition": {"etag": "x"}, "after": {"a": 3}}],
        [{"type": "document", "resource": "order/1", "after": "x"}],
    ],
)
def test_edits_that_are_none(writes: Any) -> None:
    assert refused(edit(writes)) is Code.INVALID_EDIT


def test_edits_keep_what_the_action_is_and_may_aim_calls_elsewhere() -> None:
    deleted = {"type": "file", "resource": "a", "action": "delete", "before": {"text": "1"}}
    assert refused(edit([deleted], writes=[FILE])) is Code.INVALID_EDIT
    step(edit([FILE | {"after": {"text": "3"}}], writes=[FILE]))
    step(edit([CALL | {"arguments": {"x": 2}}], writes=[CALL]))


def test_a_write_can_be_dropped_from_several() -> None:
    done = step(edit([None, CALL], writes=[RECORD, CALL]))
    assert done.final is not None
    assert [write.type for write in done.final.writes] == ["tool_call"]


def test_an_edit_needs_its_artifact() -> None:
    state = pending()
    with pytest.raises(ValueError, match="against its artifact"):
        settle(state, decision(state, Kind.EDIT, writes=EDITED), PERSON, NOW)


def decided() -> State:
    state = pending()
    return step(settle(state, decision(state, Kind.APPROVE), PERSON, NOW)).state


def test_undo_within_its_window_only_and_by_its_actor() -> None:
    state = decided()
    back = step(undo(state, PERSON, "ann", NOW + UNDO_WINDOW - 1)).state
    assert (back.status, back.decided_at, back.revision) == (Status.PENDING, None, 3)
    assert refused(undo(state, PERSON, "ann", NOW + UNDO_WINDOW)) is Code.TOO_LATE
    assert refused(undo(state, Actor("bob"), "ann", NOW)) is Code.NOT_ALLOWED
    assert refused(undo(pending(), PERSON, "ann", NOW)) is Code.INVALID


def test_expiry_rejects_or_escalates_and_never_approves() -> None:
    ends = "2026-11-20T10:00:00Z"
    for on_expiry, status in (("reject", Status.EXPIRED), ("escalate", Status.PENDING)):
        state = pending(simple(expires_at=ends, on_expiry=on_expiry))
        assert state.expires_at is not None
        assert expire(state, state.expires_at - 1) is None
        done = step(expire(state, state.expires_at))
        assert done.state.status is status
        assert expire(done.state, state.expires_at + HOUR) is None
    assert expire(pending(), NOW + 10**15) is None


def test_withdrawing_is_the_agents_own() -> None:
    state = pending()
    assert step(withdraw(state, "bot", NOW)).state.status is Status.WITHDRAWN
    assert refused(withdraw(state, "other", NOW)) is Code.NOT_ALLOWED
    assert refused(withdraw(decided(), "bot", NOW)) is Code.ALREADY_DECIDED


def test_a_new_revision_voids_claims_and_decisions_that_have_not_gone_out() -> None:
    claimed = replace(pending(), lease_owner="ann", lease_until=NOW + MINUTE)
    done = step(supersede(claimed, "a_2", NOW))
    assert (done.state.status, done.state.lease_owner) == (Status.SUPERSEDED, "")
    open_decision = step(supersede(decided(), "a_2", NOW + 1))
    assert open_decision.facts["voided"] == "approved"
    assert supersede(decided(), "a_2", NOW + UNDO_WINDOW) is None
    assert supersede(done.state, "a_3", NOW) is None


@given(st.lists(st.sampled_from(list(Kind)), max_size=6), st.integers(0, 3))
def test_revisions_only_grow_and_terminal_states_stay(kinds: list[Kind], approvals: int) -> None:
    state = pending(quorum=1 + approvals)
    for number, kind in enumerate(kinds):
        asked: Decision = decision(state, kind, operation_id=str(number), writes=EDITED)
        result = settle(state, asked, Actor(f"p{number}"), NOW, simple())
        if state.status is not Status.PENDING:
            assert refused(result) is Code.ALREADY_DECIDED
        elif isinstance(result, Step):
            assert result.state.revision == state.revision + 1
            assert result.label == (result.state.status is not Status.PENDING)
            state = result.state
