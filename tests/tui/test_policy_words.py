"""The policy in sentences: needs, stops, steps; what keeps whom from which decision."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.artifact import Risk
from reviewer.domain.decision import Actor, Decision, Kind, Seen
from reviewer.domain.governance import Stop
from reviewer.domain.instant import MINUTE
from reviewer.domain.refusing import refused
from reviewer.domain.state import Alert, State, Status
from reviewer.tui.policy_words import (
    countdown_words,
    digest_words,
    looks_needed,
    need_against,
    need_lines,
    next_alert,
    series_words,
    stopped_short,
    stopped_words,
)

STATE = State(
    "art-1", "k", "refund-bot", "refund", Status.PENDING, "billing", Risk.HIGH, "d", 1, 0, 0, 0,
    ("approve", "edit", "reject", "respond"),
)  # fmt: skip
needs = st.lists(
    st.sampled_from(["not:mia", "not:ben", "role:lead", "role:admin", "looks:3", "lift_out"]),
    max_size=4,
).map(tuple)
roles = st.frozensets(st.sampled_from(["reviewer", "lead", "admin"]), min_size=1)


@given(needs, roles, st.sampled_from(["approve", "edit", "reject", "respond"]))
def test_what_the_desk_says_is_what_the_queue_does(
    some: tuple[str, ...], has: frozenset[str], kind: str
) -> None:
    """Of one artifact by itself; roles and four eyes are refused by both or by neither."""
    state, actor = replace(STATE, needs=some), Actor("mia", roles=has)
    decision = Decision(
        Kind(kind), "art-1", 1, "d", "op", reasons=("other",), comment="words", seen=Seen()
    )
    queue = refused(state, decision, actor, 0)
    assert bool(need_against(some, kind, actor)) == (queue is not None)


def test_needs_are_told_one_by_one() -> None:
    state = replace(
        STATE, quorum=2, approvers=("ana",), needs=("not:ben", "role:lead", "looks:5", "lift_out")
    )
    said = "\n".join(need_lines(state))
    assert "2 people must approve the same; 1 of 2 so far (ana did)" in said
    assert "not ben" in said
    assert "Decided by lead" in said
    assert "only after 5 were looked at" in said
    assert "never with its group" in said
    assert need_lines(STATE) == []
    assert looks_needed(("looks:3", "looks:x", "looks:7")) == 7


def test_stops_are_told_long_and_short() -> None:
    one, everyone = Stop("refund-bot", "wrong people", "ben", 0), Stop("*", "", "ana", 0)
    assert stopped_words(one) == "refund-bot is stopped by ben: wrong people"
    assert stopped_words(everyone) == "All agents are stopped by ana"
    assert stopped_short(()) == ""
    assert stopped_short((one,)) == "■ refund-bot stopped"
    assert stopped_short((one, replace(one, agent="b"))) == "■ 2 agents stopped"
    assert stopped_short((one, everyone)) == "■ all agents stopped"


def test_the_next_step_counts_down() -> None:
    alerts = (
        Alert(30 * MINUTE, 2, 0, "queue:legal", page=True, notify=("ops",)),
        Alert(20 * MINUTE, 1, 0, "on-call"),
    )
    first = next_alert(alerts, 0)
    assert first is alerts[1]
    assert countdown_words(alerts[1], 8 * MINUTE) == "in 12 min: step 1 goes to on-call"
    second = next_alert(alerts, 25 * MINUTE)
    assert second is not None
    assert countdown_words(second, 25 * MINUTE) == (
        "in 5 min: step 2 goes into queue legal, pages, tells ops"
    )
    assert next_alert(alerts, 40 * MINUTE) is None


def test_the_turns_of_a_step_are_told_as_one() -> None:
    turns = [Alert((30 + 10 * n) * MINUTE, 2, n, "lead", page=True) for n in range(4)]
    assert series_words(turns) == "step 2 goes to lead, pages, and again 3 times every 10 min"
    assert series_words(turns[:2]) == "step 2 goes to lead, pages, and again once, after 10 min"
    assert series_words(turns[:1]) == "step 2 goes to lead, pages"
    left = series_words(turns[2:])
    assert left == "step 2 goes to lead (again, 3 times), pages, and again once, after 10 min"


@pytest.mark.parametrize("digest", ["sha256:3fa9c1d2e4b5a697", "3fa9c1d2e4b5a697"])
def test_digests_are_cut_for_people(digest: str) -> None:
    assert digest_words(digest) == "3fa9c1d2e4b5"
