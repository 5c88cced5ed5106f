"""A step of a chain: it routes what nobody holds, and leaves alone what somebody is at work on."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.alerting import alert, sentence
from reviewer.domain.artifact import Risk
from reviewer.domain.instant import HOUR, MINUTE
from reviewer.domain.state import Alert, State, Status

STATE = State(
    id="a1", key="k", agent="bot", kind="task", status=Status.PENDING, queue="billing",
    risk=Risk.HIGH, digest="d", revision=3, due_at=HOUR, rank=HOUR, created_at=0,
    allowed=("approve",), assignee="zoe", snoozed_until=2 * HOUR, fence=4,
)  # fmt: skip
HELD = replace(STATE, lease_owner="zoe", lease_until=10 * HOUR, snoozed_until=None)
TO = st.sampled_from(["on-call", "lead", "ana", "@desk", "queue:late"])
PEOPLE = st.lists(st.sampled_from("abcdefg"), unique=True, max_size=6).map(tuple)


@given(TO, PEOPLE, st.integers(0, 2 * HOUR), st.integers(0, 3))
def test_a_step_routes_what_is_free_and_only_marks_what_is_held(
    to: str, people: tuple[str, ...], now: int, turn: int
) -> None:
    step = Alert(48 * MINUTE, 1, turn, to)
    free, held = alert(STATE, step, people, now), alert(HELD, step, people, now)
    assert free is not None
    assert held is not None
    assert free.state.revision == STATE.revision + 1
    assert free.state.snoozed_until is None
    assert free.state.queue == ("late" if to == "queue:late" else "billing")
    alone = len(people) == 1 and not to.startswith("queue:")
    assert free.state.assignee == (people[0] if alone else "")
    assert held.state == replace(HELD, escalated=True, rank=min(HELD.rank, now))
    assert held.facts["claimed_by"] == "zoe"
    for one in (free, held):
        assert one.state.status is Status.PENDING
        assert one.state.escalated
        assert one.effect == ""
        assert not one.label
        assert (one.escalation is None) == (turn > 0)


@given(st.sampled_from([one for one in Status if one is not Status.PENDING]))
def test_what_is_no_longer_pending_is_left_alone(status: Status) -> None:
    assert alert(replace(STATE, status=status), Alert(0, 1, 0, "ana"), ("ana",), 1) is None


def test_the_reason_says_how_late_it_is_and_to_whom_it_goes() -> None:
    step = Alert(48 * MINUTE, 1, 0, "on-call")
    said = sentence(STATE, step, ("ana",), 48 * MINUTE)
    assert said == "not decided in 80 % of its time; goes to ana"
    many = sentence(STATE, step, tuple("abcde"), HOUR)
    assert many == "not decided by its due time; goes to a, b, c and 2 more"
    nobody = sentence(STATE, step, (), 2 * HOUR)
    assert nobody == "not decided by its due time; who is on call is nobody"
    soon, late = (alert(STATE, step, ("ana",), now) for now in (48 * MINUTE, HOUR))
    assert soon is not None
    assert late is not None
    assert [step.escalation and step.escalation[0] for step in (soon, late)] == [
        "due_soon",
        "overdue",
    ]
