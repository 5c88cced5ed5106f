"""The ruling's conditions on decisions: roles, four eyes, looks, what was lifted out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.decision import Actor, Code, Kind, Refusal, Seen
from reviewer.domain.lifecycle import settle
from reviewer.domain.refusing import refused
from reviewer.domain.state import State, Status
from tests.domain.strategies import NOW, decision, pending

LEAD = Actor("lea", roles=frozenset({"reviewer", "lead"}))
ANN = Actor("ann")
TERMINAL = [kind for kind in Kind if kind.terminal]
OTHER = [kind for kind in Kind if not kind.terminal]


def sentence(state: State, kind: Kind, actor: Actor = ANN, seen: Seen | None = None) -> str:
    """Why a decision is refused, empty where it is not."""
    found = refused(state, decision(state, kind, seen=seen or Seen()), actor, NOW)
    assert found is None or found.code is Code.NOT_ALLOWED
    return found.sentence if found is not None else ""


@pytest.mark.parametrize("kind", TERMINAL)
def test_a_role_is_for_every_terminal_decision(kind: Kind) -> None:
    state = pending(needs=("role:admin", "role:lead"))
    assert sentence(state, kind) == "This is for admin or lead to decide; ann has no such role."
    assert sentence(state, kind, LEAD) == ""
    assert sentence(state, kind, Actor("policy", "policy", frozenset())) == ""


@pytest.mark.parametrize("kind", OTHER)
def test_handing_it_on_needs_no_role(kind: Kind) -> None:
    assert sentence(pending(needs=("role:lead", "not:ann")), kind) == ""


def test_four_eyes() -> None:
    state = pending(needs=("not:ann", "not:lea"))
    for kind in (Kind.APPROVE, Kind.EDIT):
        assert "Four eyes: ann" in sentence(state, kind)
        assert "Four eyes: lea" in sentence(state, kind, LEAD)
        assert sentence(state, kind, Actor("ben")) == ""
    for kind in (Kind.REJECT, Kind.RESPOND):
        assert sentence(state, kind) == ""


def test_four_eyes_hold_for_each_of_a_quorum() -> None:
    state = pending(needs=("not:ann",), quorum=2)
    first = settle(state, decision(state, Kind.APPROVE), Actor("ben"), NOW)
    assert not isinstance(first, Refusal)
    second = settle(first.state, decision(first.state, Kind.APPROVE), ANN, NOW)
    assert isinstance(second, Refusal)
    third = settle(first.state, decision(first.state, Kind.APPROVE), Actor("cid"), NOW)
    assert not isinstance(third, Refusal)
    assert third.state.status is Status.APPROVED


@given(st.integers(1, 100), st.integers(0, 100))
def test_as_many_must_be_looked_at_as_the_ruling_says(looks: int, sampled: int) -> None:
    state = pending(needs=(f"looks:{looks}",))
    seen = Seen(bulk=True, sampled=sampled)
    assert (sentence(state, Kind.APPROVE, seen=seen) == "") == (sampled >= looks)
    assert sentence(state, Kind.APPROVE) == ""
    assert sentence(state, Kind.REJECT, seen=seen) == ""


def test_what_was_lifted_out_is_approved_by_itself() -> None:
    state = pending(needs=("lift_out",))
    assert "lifts it out" in sentence(state, Kind.APPROVE, seen=Seen(bulk=True, sampled=100))
    assert sentence(state, Kind.APPROVE) == ""
    assert sentence(state, Kind.REJECT, seen=Seen(bulk=True)) == ""
