"""What the policy has against people's decisions: whose queue it is, what is stopped, grants."""

from __future__ import annotations

from typing import Any

import pytest

from reviewer.domain.artifact import parse_writes
from reviewer.domain.decision import Actor, Code, Kind, Refusal
from reviewer.domain.state import State
from reviewer.policy.compiled import Compiled
from reviewer.policy.deciding import refused
from reviewer.policy.starter import starter
from tests.domain.strategies import decision, pending
from tests.policy.policies import Document, made, of, proposal, record

ARTIFACT = proposal(record({"a": 1, "b": 1}, {"a": 2, "b": 1}))
TEAM: Document = {
    "groups": {"billing": ["ann", "@seniors"], "seniors": ["sue"]},
    "queues": {"money": {"reviewers": ["@billing", "bob"], "lead": "lea"}},
    "agents": {"bot": {"grants": [{"write": "*"}]}},
}


def no(
    compiled: Compiled,
    kind: Kind = Kind.APPROVE,
    actor: Actor | None = None,
    *,
    state: State | None = None,
    stopped: str = "",
    **more: Any,
) -> Refusal | None:
    """What is against a decision on ARTIFACT."""
    found = state or pending(ARTIFACT)
    return refused(
        compiled, found, decision(found, kind, **more), actor or Actor("ann"), ARTIFACT, stopped
    )


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.EDIT])
def test_the_starter_has_nothing_against_any_decision(kind: Kind) -> None:
    assert no(starter(), kind) is None


@pytest.mark.parametrize("kind", [Kind.REJECT, Kind.APPROVE, Kind.ESCALATE, Kind.REASSIGN])
def test_a_queue_with_reviewers_is_theirs(kind: Kind) -> None:
    team, state = made(TEAM), pending(ARTIFACT, queue="money")
    for name in ("ann", "sue", "bob", "lea"):
        assert no(team, kind, Actor(name), state=state) is None
    for role in ("lead", "admin"):
        assert no(team, kind, Actor("xi", roles=frozenset({role})), state=state) is None
    refusal = no(team, kind, Actor("xi"), state=state)
    assert refusal == Refusal(Code.NOT_ALLOWED, "xi is no reviewer of the queue money.", state.id)
    assert no(team, kind, Actor("policy", "policy"), state=state) is None
    assert no(team, kind, Actor("xi"), state=pending(ARTIFACT, queue="other")) is None


def test_whom_an_artifact_was_given_to_decides_it() -> None:
    from dataclasses import replace

    state = replace(pending(ARTIFACT, queue="money"), assignee="xi")
    assert no(made(TEAM), Kind.APPROVE, Actor("xi"), state=state) is None


def test_nothing_of_a_stopped_agent_is_approved() -> None:
    refusal = no(starter(), stopped="ann stopped it: wrong refunds.")
    assert refusal is not None
    assert refusal.sentence == "bot is stopped: ann stopped it: wrong refunds."
    writes = parse_writes([record({"a": 1, "b": 1}, {"a": 3, "b": 1})])
    assert no(starter(), Kind.EDIT, stopped="ann", writes=writes) is not None
    for kind in (Kind.REJECT, Kind.RESPOND, Kind.SNOOZE, Kind.ESCALATE, Kind.REASSIGN):
        assert no(starter(), kind, stopped="ann") is None


def test_an_edit_stays_within_what_the_agent_may_write() -> None:
    granted = of([{"write": "record", "fields": ["/a"], "limits": {"/a": {"most": 5}}}])

    def edited(after: Document | None) -> str:
        writes = parse_writes([None if after is None else record({"a": 1, "b": 1}, after)])
        refusal = no(granted, Kind.EDIT, writes=writes)
        assert refusal is None or refusal.code is Code.INVALID_EDIT
        return refusal.sentence if refusal is not None else ""

    assert edited({"a": 5, "b": 1}) == ""
    assert edited(None) == ""
    assert edited({"a": 6, "b": 1}) == (
        "Write 1 is beyond what bot may write: /a is 6, and at most 5 is granted."
    )
    assert "/b" in edited({"a": 5, "b": 2})


def test_an_approval_is_held_against_the_grants_of_today() -> None:
    refusal = no(of([{"write": "record", "fields": ["/b"]}]))
    assert refusal is not None
    assert refusal.code is Code.NOT_ALLOWED
    assert no(made({"agents": {"other": {}}})) is not None
    assert no(of([{"write": "*"}], identities="svc-*")) is not None
    state = pending(ARTIFACT)
    unknown = refused(of([]), state, decision(state, Kind.APPROVE), Actor("ann"), None, "")
    assert unknown is None
    with pytest.raises(ValueError, match="an edit is judged with its artifact"):
        refused(of([]), state, decision(state, Kind.EDIT), Actor("ann"), None, "")
