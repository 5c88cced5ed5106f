"""Escalation chains: every step in time and in order, to whoever is on call when it is due."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.instant import DAY, HOUR, MINUTE, SECOND, parse_iso
from reviewer.domain.state import Alert
from reviewer.policy.agents import AgentPolicy
from reviewer.policy.chain import addressees, alerts, queue_policy
from reviewer.policy.document import (
    ChainStep,
    OverridePolicy,
    Policy,
    QueuePolicy,
    Repeat,
    RotationPolicy,
)
from reviewer.policy.schedule import instant_of_wall

NOW = parse_iso("2026-11-02T09:00:00Z")
AGENTS = {"*": AgentPolicy()}
REPEATS = st.builds(
    lambda minutes, times: Repeat.model_validate({"every": f"{minutes}m", "times": times}),
    st.integers(1, 600),
    st.integers(1, 6),
)
STEPS = st.builds(
    ChainStep,
    after=st.floats(0, 10),
    to=st.sampled_from(["on-call", "lead", "ana", "@desk", "queue:late"]),
    page=st.booleans(),
    notify=st.lists(st.sampled_from(["chat", "mail"]), unique=True),
    repeat=st.none() | REPEATS,
)


def policy(**fields: object) -> Policy:
    return Policy(version=1, agents=AGENTS, **fields)  # type: ignore[arg-type]


def chained(*steps: ChainStep, name: str = "*") -> Policy:
    return policy(queues={name: QueuePolicy(escalate=list(steps))})


@given(st.lists(STEPS, max_size=5), st.integers(0, 40 * DAY))
def test_every_step_and_repetition_is_there_once_in_order_of_time(
    steps: list[ChainStep], span: int
) -> None:
    found = alerts(chained(*steps), "billing", NOW, NOW + span)
    wanted = {
        (number, turn)
        for number, step in enumerate(steps, 1)
        for turn in range(1 + (step.repeat.times if step.repeat else 0))
    }
    assert [alert.at for alert in found] == sorted(alert.at for alert in found)
    assert {(alert.step, alert.turn) for alert in found} == wanted
    assert len(found) == len(wanted)
    for alert in found:
        step = steps[alert.step - 1]
        every = step.repeat.every if step.repeat else 0
        assert abs(alert.at - (NOW + span * step.after + alert.turn * every)) <= SECOND
        assert alert.at >= NOW
        assert (alert.to, alert.page, alert.notify) == (step.to, step.page, tuple(step.notify))


@given(st.lists(STEPS, max_size=5), st.integers(0, 40 * DAY), st.integers(0, 40 * DAY))
def test_less_time_never_makes_a_step_later(steps: list[ChainStep], one: int, other: int) -> None:
    sooner, later = (
        {(a.step, a.turn): a.at for a in alerts(chained(*steps), "q", NOW, NOW + span)}
        for span in sorted((one, other))
    )
    assert all(sooner[key] <= later[key] for key in later)


def test_a_due_time_that_is_over_makes_every_step_due_at_once() -> None:
    steps = (ChainStep(after=0.8, to="ana"), ChainStep(after=1.5, to="lead"))
    found = alerts(chained(*steps), "q", NOW, NOW - DAY)
    assert found == (Alert(NOW, 1, 0, "ana"), Alert(NOW, 2, 0, "lead"))


def test_a_queue_goes_by_its_own_entry_and_any_other_by_the_star() -> None:
    both = policy(
        queues={
            "*": QueuePolicy(lead="ana", escalate=[ChainStep(after=1.0, to="lead")]),
            "quiet": QueuePolicy(),
        }
    )
    assert alerts(both, "quiet", NOW, NOW + HOUR) == ()
    assert alerts(both, "billing", NOW, NOW + HOUR) == (Alert(NOW + HOUR, 1, 0, "lead"),)
    assert alerts(policy(), "billing", NOW, NOW + HOUR) == ()
    assert queue_policy(both, "quiet").lead is None


WEEKS = RotationPolicy(
    people=["ana", "ben"], starts="2026-03-23T09:00", every="1w", zone="Europe/Berlin"
)


def test_on_call_hands_over_by_the_wall_clock_where_the_clocks_change() -> None:
    # Berlin goes from +1 to +2 on 2026-03-29: the hand-over stays at nine, 167 hours later
    of = policy(on_call=[WEEKS])
    berlin = ZoneInfo("Europe/Berlin")
    first = instant_of_wall(datetime(2026, 3, 23, 9), berlin)
    second = instant_of_wall(datetime(2026, 3, 30, 9), berlin)
    assert second - first == 167 * HOUR
    assert addressees(of, "on-call", "q", first - 1) == ()
    assert addressees(of, "on-call", "q", first) == ("ana",)
    assert addressees(of, "on-call", "q", second - 1) == ("ana",)
    assert addressees(of, "on-call", "q", second) == ("ben",)


@given(st.integers(0, 3 * 365 * DAY))
def test_on_call_is_one_of_the_rotation_at_every_instant(later: int) -> None:
    at = instant_of_wall(datetime(2026, 3, 23, 9), ZoneInfo("Europe/Berlin")) + later
    assert addressees(policy(on_call=[WEEKS]), "on-call", "q", at) in (("ana",), ("ben",))


def test_an_override_holds_in_its_zone_until_before_its_end() -> None:
    over = OverridePolicy(start="2026-11-02T22:00", end="2026-11-03T06:00", person="cy")
    own = WEEKS.model_copy(update={"overrides": [over], "queue": "billing"})
    of = policy(on_call=[own, WEEKS])
    start = parse_iso("2026-11-02T22:00:00+01:00")
    assert addressees(of, "on-call", "billing", start - 1) != ("cy",)
    assert addressees(of, "on-call", "billing", start) == ("cy",)
    assert addressees(of, "on-call", "billing", start + 8 * HOUR - 1) == ("cy",)
    assert addressees(of, "on-call", "billing", start + 8 * HOUR) != ("cy",)
    # the override is of one queue's rotation alone
    assert addressees(of, "on-call", "other", start + MINUTE) != ("cy",)


def test_whom_a_step_reaches() -> None:
    of = policy(
        groups={"desk": ["ana", "ben", "@late"], "late": ["cy", "ana", "@desk"]},
        queues={
            "billing": QueuePolicy(lead="eve", reviewers=["ana", "@late"]),
            "chiefs": QueuePolicy(lead="@late"),
            "*": QueuePolicy(),
        },
        on_call=[WEEKS],
    )
    at = parse_iso("2026-03-24T00:00:00Z")
    assert addressees(of, "dana", "billing", at) == ("dana",)
    assert addressees(of, "lead", "billing", at) == ("eve",)
    assert addressees(of, "lead", "chiefs", at) == ("cy", "ana", "ben")
    assert addressees(of, "lead", "elsewhere", at) == ()
    assert addressees(of, "@desk", "billing", at) == ("ana", "ben", "cy")
    assert addressees(of, "@nobody", "billing", at) == ()
    assert addressees(of, "queue:billing", "elsewhere", at) == ("ana", "cy", "ben")
    # a queue that names no reviewers: whoever is on call for it
    assert addressees(of, "queue:elsewhere", "billing", at) == ("ana",)
