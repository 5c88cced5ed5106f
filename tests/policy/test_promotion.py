"""Promotions: a bound that holds while people peek, and what is proposed by it."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.governance import Cap, LedgerRow, Tally
from reviewer.domain.instant import DAY, HOUR, MINUTE
from reviewer.policy.budget import bucket
from reviewer.policy.document import Policy
from reviewer.policy.promotion import SPAN, begin, proposals, upper_bound

NOW = 1_800_000_000_000_000
SEED = 20261128


@pytest.mark.parametrize(
    ("mistakes", "decided", "percent"), [(0, 500, 1.83), (0, 1000, 0.99), (2, 2000, 0.77)]
)
def test_the_numbers_that_were_agreed(mistakes: int, decided: int, percent: float) -> None:
    assert round(upper_bound(mistakes, decided) * 100, 2) == percent


def test_nothing_seen_or_nothing_right_bounds_nothing() -> None:
    assert upper_bound(0, 0) == 1
    assert upper_bound(5, 5) == 1
    assert upper_bound(0, 1) == pytest.approx(1 - 0.05 / 2)


@given(decided=st.integers(1, 100_000), data=st.data())
def test_the_bound_is_where_the_mixture_reaches_twenty(decided: int, data: st.DataObject) -> None:
    mistakes = data.draw(st.integers(0, decided - 1))
    bound = upper_bound(mistakes, decided)
    assert mistakes / decided < bound < 1
    ratio = -(
        math.log(decided + 1)
        + math.lgamma(decided + 1)
        - math.lgamma(mistakes + 1)
        - math.lgamma(decided - mistakes + 1)
        + (mistakes * math.log(bound) if mistakes else 0)
        + (decided - mistakes) * math.log1p(-bound)
    )
    # near 1 a float's last digit is a large part of what is left to 1
    assert ratio == pytest.approx(math.log(20), abs=1e-4 + 1e-10 / (1 - bound))


@given(decided=st.integers(1, 20_000), data=st.data())
def test_more_mistakes_bound_less_and_more_right_ones_bound_more(
    decided: int, data: st.DataObject
) -> None:
    mistakes = data.draw(st.integers(0, decided))
    bound = upper_bound(mistakes, decided)
    assert upper_bound(mistakes + 1, decided + 1) >= bound - 1e-9
    assert upper_bound(mistakes, decided + 1) <= bound + 1e-9
    assert upper_bound(mistakes, decided, alpha=0.01) >= bound - 1e-9


def _lowest(p: float, most: int, too_low: Callable[[int, int], bool]) -> list[int]:
    """By the number of decisions, the most mistakes with which a bound lies below `p`, else -1."""
    found, mistakes = [-1], -1
    for decided in range(1, most + 1):
        while mistakes + 1 < decided and too_low(mistakes + 1, decided):
            mistakes += 1
        found.append(mistakes)
    return found


def _falls(p: float, limits: list[int], runs: int) -> float:
    """The share of runs in which somebody who looks after every decision ever saw a wrong bound."""
    dice = random.Random(SEED)
    wrong = 0
    for _ in range(runs):
        at = 0
        for mistakes in range(len(limits)):
            at += int(math.log(1 - dice.random()) / math.log1p(-p)) + 1  # to the next mistake
            # between two mistakes the bound only falls, so it is lowest just before the second
            last = min(at, len(limits)) - 1
            if mistakes <= limits[last]:
                wrong += 1
                break
            if at >= len(limits):
                break
    return wrong / runs


@pytest.mark.parametrize("p", [0.005, 0.02, 0.1, 0.5])
def test_peeking_after_every_decision_is_wrong_once_in_twenty_at_most(p: float) -> None:
    print(f"seed {SEED}, p {p}")
    most, runs = 5000, 4000
    ours = _falls(p, _lowest(p, most, lambda k, n: upper_bound(k, n) < p), runs)
    print(f"wrong at any time: {ours:.2%}")
    assert ours <= 0.05

    def exact(mistakes: int, decided: int) -> bool:
        """Clopper and Pearson's, for who looks once."""
        return sum(_binomial(decided, p, mistakes)) < 0.05

    # the simulation can tell: a bound that is right for one look is wrong for many
    assert _falls(p, _lowest(p, 1500 if p < 0.5 else 400, exact), runs) > 0.07


def _binomial(n: int, p: float, most: int) -> Iterator[float]:
    for k in range(most + 1):
        log = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        yield math.exp(log + k * math.log(p) + (n - k) * math.log1p(-p))


def policy(mode: str = "assisted", **more: Any) -> Policy:
    budget = {"rate": 0.02, "window": "7d", "least": 20}
    agent = {"mode": mode, "budget": budget} | more
    return Policy.model_validate({"version": 1, "agents": {"bot": agent}})


def row(ago: int, decided: int, rejected: int = 0, **more: str) -> LedgerRow:
    names = {"agent": "bot", "version": "1", "kind": "refund"} | more
    tally = Tally(decided=decided, rejected=rejected)
    return LedgerRow(names["agent"], names["version"], names["kind"], bucket(NOW - ago), tally)


def cap(mode: str = "assisted", kind: str = "refund", ago: int = 10 * DAY, **more: str) -> Cap:
    why = "The error budget was spent."
    named = {"agent": "bot", "by": "policy", "state": "capped"} | more
    return Cap(named["agent"], kind, mode, why, named["by"], NOW - ago, named["state"])


def test_an_assisted_kind_that_has_shown_enough_is_proposed_in_words() -> None:
    [found] = proposals(policy(), [row(3 * DAY, 300), row(DAY, 300)], [], NOW)
    assert (found.agent, found.kind, found.mode) == ("bot", "refund", "autonomous")
    assert not found.lifts
    assert found.why == (
        "bot (refund) version 1 made 0 mistakes in 600 decisions since 2027-01-12: with 95 % "
        "certainty, however often one looks, it errs in less than 1.55 % where 2 % may be. "
        "It may go from assisted to autonomous."
    )


def test_nothing_is_proposed_without_evidence_budget_or_room() -> None:
    enough = [row(DAY, 600)]
    assert proposals(policy(), [row(DAY, 400)], [], NOW) == []
    assert proposals(policy(), [row(DAY, 600, 6)], [], NOW) == []
    assert proposals(policy(budget=None), enough, [], NOW) == []
    assert proposals(policy("autonomous"), enough, [], NOW) == []
    assert proposals(policy(), [row(-HOUR, 600)], [], NOW) == []
    assert proposals(policy(), enough, [], NOW, stopped={"bot"}) == []
    assert proposals(policy(), enough, [], NOW, stopped={"*"}) == []
    assert proposals(policy(), [row(DAY, 600, agent="stranger")], [], NOW) == []


def test_a_cap_is_lifted_by_what_came_after_it_only() -> None:
    before = [row(20 * DAY, 5000)]
    strict = policy("autonomous")
    assert proposals(strict, before, [cap()], NOW) == []
    [found] = proposals(strict, [*before, row(DAY, 600)], [cap()], NOW)
    assert found.lifts
    assert found.mode == "autonomous"
    assert found.evidence[0].decided == 600
    assert found.why.endswith("The cap was set by policy: The error budget was spent.")
    assert proposals(strict, [*before, row(DAY, 600)], [cap(state="promotion")], NOW) == []


def test_each_proposal_is_one_step_and_none_goes_beyond_the_policy() -> None:
    enough = [row(DAY, 600)]
    [found] = proposals(policy("autonomous"), enough, [cap("shadow")], NOW)
    assert found.mode == "assisted"
    assert proposals(policy("assisted"), enough, [cap("assisted")], NOW) == []
    [found] = proposals(policy("shadow"), enough, [], NOW)
    assert (found.mode, found.lifts) == ("assisted", False)


def test_a_budget_that_is_still_spent_is_never_proposed_to_be_lifted() -> None:
    spent = [row(3 * DAY, 100, 30), row(DAY, 600)]
    assert proposals(policy("autonomous"), spent, [cap(ago=2 * DAY)], NOW) == []
    old = [row(9 * DAY, 100, 30), row(DAY, 600)]
    assert len(proposals(policy("autonomous"), old, [cap(ago=2 * DAY)], NOW)) == 1


def test_a_new_version_shows_what_it_can_by_itself() -> None:
    old = row(2 * DAY, 5000)
    assert proposals(policy(), [old, row(DAY, 100, version="2")], [], NOW) == []
    [found] = proposals(policy(), [old, row(DAY, 600, version="2")], [], NOW)
    assert found.evidence[0].version == "2"
    both = [row(MINUTE, 5000), row(MINUTE, 100, version="2")]
    assert proposals(policy(), both, [], NOW) == []


def test_a_cap_on_every_kind_waits_for_every_kind_that_was_worked_on() -> None:
    strict, whole = policy("autonomous"), [cap(kind="")]
    good, bad = row(DAY, 600), row(DAY, 30, 1, kind="mail")
    assert proposals(strict, [good, bad], whole, NOW) == []
    [found] = proposals(strict, [good, row(20 * DAY, 30, kind="mail")], whole, NOW)
    assert (found.kind, found.lifts) == ("", True)
    assert "bot (every kind)" in found.why


def declined(mode: str = "autonomous", ago: int = DAY, **more: str) -> Cap:
    return cap(mode, ago=ago, state="declined", by="lea", **more)


def test_what_was_declined_is_proposed_again_when_the_evidence_has_doubled() -> None:
    then, no = row(2 * DAY, 600), [declined()]
    assert proposals(policy(), [then], no, NOW) == []
    assert proposals(policy(), [then, row(HOUR, 599)], no, NOW) == []
    assert len(proposals(policy(), [then, row(HOUR, 600)], no, NOW)) == 1
    assert len(proposals(policy(), [then], [declined(kind="mail")], NOW)) == 1
    assert len(proposals(policy(), [then], [declined(agent="other")], NOW)) == 1


def test_what_was_declined_is_proposed_again_for_a_new_version() -> None:
    rows = [row(2 * DAY, 5000), row(HOUR, 600, version="2")]
    [found] = proposals(policy(), rows, [declined()], NOW)
    assert found.evidence[0].version == "2"
    # one that was at work already is none
    early = [*rows, row(2 * DAY, 400, version="2")]
    assert proposals(policy(), early, [declined()], NOW) != []
    assert proposals(policy(), [*rows, row(2 * DAY, 700, version="2")], [declined()], NOW) == []


def test_a_lesser_promotion_than_the_declined_one_may_be_proposed() -> None:
    enough = [row(2 * DAY, 600)]
    capped = [cap("shadow"), declined("autonomous")]
    assert [one.mode for one in proposals(policy("autonomous"), enough, capped, NOW)] == [
        "assisted"
    ]
    capped = [cap("shadow"), declined("assisted")]
    assert proposals(policy("autonomous"), enough, capped, NOW) == []


def test_a_cap_on_every_kind_that_stays_by_a_decline_waits_for_all_of_them_together() -> None:
    strict, held = policy("autonomous"), [cap(kind=""), declined(kind="")]
    rows = [row(2 * DAY, 600), row(2 * DAY, 600, kind="mail")]
    assert proposals(strict, rows, held, NOW) == []
    assert proposals(strict, [*rows, row(HOUR, 1199)], held, NOW) == []
    assert len(proposals(strict, [*rows, row(HOUR, 1200)], held, NOW)) == 1
    # what a later cap lets begin anew is new evidence
    later = [cap(kind="", ago=12 * HOUR), declined(kind="")]
    fresh = [*rows, row(HOUR, 600), row(HOUR, 600, kind="mail")]
    assert len(proposals(strict, fresh, later, NOW)) == 1


def test_evidence_begins_at_marks_of_the_calendar() -> None:
    assert begin(NOW) % SPAN == 0
    assert SPAN <= NOW - begin(NOW) < 2 * SPAN
    assert begin(5) == 0


@given(st.lists(st.tuples(st.integers(0, 40 * DAY), st.integers(0, 400), st.integers(0, 3))))
def test_whatever_is_proposed_is_bounded_by_the_rate(found: list[tuple[int, int, int]]) -> None:
    rows = [row(ago, good + bad, bad) for ago, good, bad in found]
    for promotion in proposals(policy("autonomous"), rows, [cap()], NOW):
        tally = sum(r.tally.decided for r in rows if r.at >= NOW - 10 * DAY)
        wrong = sum(r.tally.rejected for r in rows if r.at >= NOW - 10 * DAY)
        assert upper_bound(wrong, tally) <= 0.02
        assert promotion.evidence[0].bound == upper_bound(wrong, tally)
