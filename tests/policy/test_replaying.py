"""Usage and ledgers made up for by replaying, against the plainest way to count."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.governance import Admission
from reviewer.domain.instant import DAY, HOUR, MINUTE
from reviewer.domain.state import Charge, Course
from reviewer.policy.agents import Budget
from reviewer.policy.budget import BUCKET
from reviewer.policy.facts import Standing, Used
from reviewer.policy.replaying import Ledger, Usage
from tests.domain.strategies import NOW, simple

gaps = st.sampled_from([0, MINUTE, 6 * MINUTE, HOUR, 5 * HOUR, 2 * DAY])
charges = st.lists(
    st.builds(
        Charge, st.sampled_from(["a", "b"]), st.integers(0, 5), st.sampled_from([0.0, 0.1, 2.5])
    ),
    max_size=3,
)


@given(st.lists(st.tuples(gaps, charges), max_size=20), st.floats(0, 10))
def test_what_is_charged_alike_leaves_the_facts_alone(
    some: list[tuple[int, list[Charge]]], amount: float
) -> None:
    usage, at = Usage(), NOW
    stored = {"a": Used(3, 7, amount, amount * 3)}
    for gap, one in some:
        at += gap
        assert usage.used(stored, ("a", "b"), at) is stored
        usage.add(at, one, list(one))


@given(st.lists(st.tuples(gaps, charges, charges), max_size=20))
def test_the_differences_of_an_hour_and_a_day(
    some: list[tuple[int, list[Charge], list[Charge]]],
) -> None:
    usage, at = Usage(), NOW
    done: list[tuple[int, int, float]] = []
    for gap, then, now in some:
        at += gap
        found = usage.used({"a": Used(100, 1000, 100.0, 1000.0)}, ("a",), at)["a"]
        for number, amount, length, base in (
            (found.hour, found.hour_amount, HOUR, 100),
            (found.day, found.day_amount, DAY, 1000),
        ):
            within = [one for one in done if one[0] - one[0] % BUCKET + BUCKET > at - length]
            assert number == base + sum(one[1] for one in within)
            assert abs(amount - base - sum(one[2] for one in within)) < 1e-6
        usage.add(at, then, now)
        numbers = [sum(c.number for c in side if c.scope == "a") for side in (then, now)]
        sums = [sum(c.amount for c in side if c.scope == "a") for side in (then, now)]
        done.append((at, numbers[1] - numbers[0], sums[1] - sums[0]))


def test_a_tally_is_never_below_nothing() -> None:
    usage = Usage()
    usage.add(NOW, [Charge("a", 5, 5.0)], [])
    assert usage.used({"a": Used(1, 2, 3.0, 4.0)}, ("a",), NOW)["a"] == Used()
    assert usage.used({}, ("a",), NOW + 2 * DAY)["a"] == Used()


def decided(number: int, at: int, decision: str, kind: str = "person") -> Admission:
    artifact = simple(key=f"k{number}")
    return Admission(
        seq=number, at=at, artifact_id=f"a{number}", artifact=artifact, facts={}, ruling={},
        status="approved", decision=decision, decided_by="ana", decided_kind=kind,
        decided_at=at + MINUTE, outcome="rolled_back" if decision == "bad" else "",
    )  # fmt: skip


BUDGET = Budget.model_validate({"rate": "5%", "window": "1h", "least": 1})
courses = st.sampled_from([Course.PERSON, Course.APPROVE, Course.DENY, Course.SHADOW])


@given(
    st.lists(st.tuples(gaps, courses, st.sampled_from(["approve", "edit", "reject"])), max_size=20)
)
def test_the_ledger_counts_what_people_would_have_judged(
    some: list[tuple[int, Course, str]],
) -> None:
    ledger, at = Ledger(), NOW
    events: list[tuple[int, int, int]] = []
    for number, (gap, course, decision) in enumerate(some):
        at += gap
        found = ledger.standing(("bot", "task"), BUDGET, at, 4)
        within = [e for e in events if e[0] <= at and e[0] - e[0] % BUCKET + BUCKET > at - HOUR]
        assert found.decided == sum(e[1] for e in within)
        assert found.mistakes == sum(e[2] for e in within)
        assert found.version_decided == 4
        ledger.add(decided(number, at, decision), BUDGET, course)
        if course in (Course.PERSON, Course.SHADOW):
            events.append((at + MINUTE, 1, decision in ("edit", "reject")))
    assert all(one[0] <= other[0] for one, other in pairwise(events))


def test_outcomes_count_where_nobody_judged() -> None:
    ledger = Ledger()
    ledger.add(decided(1, NOW, "bad", "policy"), BUDGET, Course.APPROVE)
    found = ledger.standing(("bot", "task"), BUDGET, NOW, 0)
    assert found == Standing(mistakes=1, outcomes=1, automatic=1)
    # approved alone in truth, and sent to people now: nobody knows what they would have said
    ledger.add(decided(2, NOW, "approve", "policy"), BUDGET, Course.PERSON)
    assert ledger.standing(("bot", "task"), BUDGET, NOW + MINUTE, 0).decided == 0
