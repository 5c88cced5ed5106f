"""Outcomes: who may report what, and what may follow what."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.decision import Actor, Code
from reviewer.domain.lifecycle import UNDO_WINDOW, State, Status
from reviewer.domain.outcome import AFTER, Outcome
from reviewer.domain.refusing import report_refused

from .strategies import NOW, pending

BOT = Actor("bot", "agent")
GONE_OUT = NOW + UNDO_WINDOW


def approved() -> State:
    return replace(pending(), status=Status.APPROVED, decided_at=NOW, effective_at=GONE_OUT)


@given(st.sampled_from(["", *Outcome]), st.sampled_from(list(Outcome)))
def test_what_was_applied_can_only_be_rolled_back(before: str, after: Outcome) -> None:
    refused = report_refused(approved(), before, after, BOT, GONE_OUT)
    assert (refused is None) == (after in AFTER[before])
    if before == Outcome.APPLIED:
        assert (refused is None) == (after in (Outcome.APPLIED, Outcome.ROLLED_BACK))


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_same_report_twice_is_no_error(outcome: Outcome) -> None:
    assert report_refused(approved(), outcome, outcome, BOT, GONE_OUT) is None


@pytest.mark.parametrize(
    ("state", "outcome", "actor", "now", "code"),
    [
        (approved(), "banana", BOT, GONE_OUT, Code.INVALID),
        (approved(), "applied", Actor("other", "agent"), GONE_OUT, Code.NOT_ALLOWED),
        (approved(), "applied", BOT, GONE_OUT - 1, Code.INVALID),
        (pending(), "applied", BOT, GONE_OUT, Code.INVALID),
        (replace(approved(), status=Status.REJECTED), "applied", BOT, GONE_OUT, Code.INVALID),
    ],
)
def test_refused_reports(state: State, outcome: str, actor: Actor, now: int, code: Code) -> None:
    refused = report_refused(state, "", outcome, actor, now)
    assert refused is not None
    assert refused.code is code
