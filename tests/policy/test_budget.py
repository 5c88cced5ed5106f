"""Error budgets: what is spent, what is left, how fast it burns."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.governance import LedgerRow, Tally
from reviewer.domain.instant import DAY, HOUR, MINUTE
from reviewer.policy.agents import AgentPolicy, Budget, KindPolicy
from reviewer.policy.budget import (
    BUCKET,
    add,
    bucket,
    budget_of,
    burns,
    by_kind,
    counted,
    gauge,
    minus,
    spent,
    standing,
    total,
    window,
)
from reviewer.policy.facts import Standing

NOW = 1_800_000_000_000_000
TWO = Budget(rate=0.02, window="30d", least=50)  # type: ignore[arg-type]

counts = st.integers(0, 1000)
tallies = st.builds(
    Tally,
    **{field.name: counts for field in fields(Tally) if field.name != "usd"},
    usd=st.integers(0, 100).map(float),
)


def row(ago: int, **numbers: int) -> LedgerRow:
    return LedgerRow("bot", "1", "refund", bucket(NOW - ago), Tally(**numbers))


@given(st.lists(tallies))
def test_any_order_adds_up_to_the_same_and_can_be_taken_back(found: list[Tally]) -> None:
    together = total(found)
    assert total(reversed(found)) == together
    so_far = Tally()
    for tally in found:
        so_far = add(so_far, tally)
    assert so_far == together
    assert add(so_far, minus(together)) == Tally()


@given(
    decided=counts,
    mistakes=counts,
    rate=st.integers(0, 100),
    least=st.integers(1, 100),
)
def test_spent_is_exactly_what_the_document_says_where_only_people_find_mistakes(
    decided: int, mistakes: int, rate: int, least: int
) -> None:
    budget = Budget(rate=f"{rate}%", window="7d", least=least)  # type: ignore[arg-type]
    mistakes = min(mistakes, decided)
    expected = decided >= least and mistakes * 100 > rate * decided
    assert spent(budget, Standing(decided, mistakes)) is expected
    shown = gauge(budget, Tally(decided=decided, rejected=mistakes))
    assert shown.spent is expected
    assert (shown.decided, shown.mistakes) == (decided, mistakes)
    assert 0 <= shown.left <= 1
    if expected:
        assert shown.left == 0
        assert mistakes > shown.allowed
    elif decided >= least:
        assert mistakes <= shown.allowed


@given(tally=tallies, name=st.sampled_from(["rejected", "edited", "rolled_back"]))
def test_one_more_mistake_never_gives_budget_back(tally: Tally, name: str) -> None:
    worse = replace(tally, **{name: getattr(tally, name) + 1})
    assert gauge(TWO, worse).left <= gauge(TWO, tally).left
    assert spent(TWO, standing(TWO, worse)) >= spent(TWO, standing(TWO, tally))


def test_decisions_taken_alone_do_not_thin_out_what_the_sample_shows() -> None:
    sample = Tally(decided=50, rejected=5, sampled=50)
    assert spent(TWO, standing(TWO, sample))
    assert spent(TWO, standing(TWO, replace(sample, automatic=100_000)))


def test_outcomes_are_a_share_of_everything_that_was_decided() -> None:
    mostly_alone = Tally(decided=50, automatic=950, rolled_back=2)
    assert not spent(TWO, standing(TWO, mostly_alone))
    assert spent(TWO, standing(TWO, replace(mostly_alone, rolled_back=21)))
    nobody_looks = Tally(automatic=100, rolled_back=3)
    assert spent(TWO, standing(TWO, nobody_looks))


def test_only_mistakes_that_the_budget_names_count() -> None:
    tally = Tally(decided=100, edited=50, failed=50)
    rejects = Budget(rate=0.02, window="30d", mistakes=["reject"])  # type: ignore[arg-type]
    assert not spent(rejects, standing(rejects, tally))
    assert gauge(rejects, tally).left == 1


def test_too_few_decisions_are_never_spent_but_the_gauge_shows_where_it_goes() -> None:
    shown = gauge(TWO, Tally(decided=10, rejected=5))
    assert not shown.spent
    assert shown.left == 0


def test_a_budget_of_nothing_is_spent_with_the_first_mistake() -> None:
    none = Budget(rate=0.0, window="1d", least=1)  # type: ignore[arg-type]
    assert gauge(none, Tally(decided=1)).left == 1
    assert gauge(none, Tally(decided=1, rejected=1)).spent
    assert burns("bot", "refund", none, [row(0, decided=9, rejected=9)], NOW) == []


def test_the_budget_of_a_kind_comes_before_that_of_its_agent() -> None:
    own = Budget(rate=0.5, window="1d")  # type: ignore[arg-type]
    agent = AgentPolicy(budget=TWO, kinds={"refund": KindPolicy(budget=own), "mail": KindPolicy()})
    assert budget_of(agent, "refund") is own
    assert budget_of(agent, "mail") is TWO
    assert budget_of(agent, "other") is TWO
    assert budget_of(None, "refund") is None


def test_a_window_holds_the_buckets_that_reach_into_it() -> None:
    rows = [row(0, decided=1), row(HOUR, decided=10), row(HOUR + 2 * BUCKET, decided=100)]
    assert window(rows, NOW, HOUR).decided == 11
    assert window(rows, NOW, DAY).decided == 111
    assert window(rows, NOW, DAY, version="2") == Tally()
    assert list(by_kind(rows)) == [("bot", "refund")]


def test_a_fast_burn_is_told_while_it_goes_on_and_only_then() -> None:
    lately = [row(ago * MINUTE, decided=10, rejected=3) for ago in (0, 10, 20, 30)]
    told = burns("bot", "refund", TWO, lately, NOW)
    assert [burn.pace.factor for burn in told] == [14.4, 6.0, 1.0]
    assert told[0].sentence == (
        "bot (refund) burns its error budget 15.0 times too fast: 12 of 40 decisions by people "
        "were mistakes in the last 1 h, where 2 % may be; at this pace the budget of 30 d is spent "
        "in 2 d."
    )
    assert told[0].pace.page
    assert not told[-1].pace.page
    later = NOW + 20 * MINUTE
    assert [burn.pace.factor for burn in burns("bot", "refund", TWO, lately, later)] == [6.0, 1.0]
    assert burns("bot", "refund", TWO, lately, NOW + 7 * HOUR) == []


@pytest.mark.parametrize(
    ("stands", "words"),
    [
        (Standing(42, 1), "1 of 42 decisions by people was a mistake"),
        (Standing(0, 3, outcomes=3, automatic=900), "3 of 900 decisions ended badly"),
        (
            Standing(42, 5, outcomes=3, automatic=900),
            "2 of 42 decisions by people were mistakes and 3 of 942 decisions ended badly",
        ),
        (Standing(), "0 of 0 decisions by people were mistakes"),
    ],
)
def test_mistakes_are_told_of_what_they_are_a_share_of(stands: Standing, words: str) -> None:
    assert counted(stands) == words


def test_a_slow_burn_is_told_by_the_long_windows_only() -> None:
    days = [row(hours * HOUR, decided=10, edited=hours % 2) for hours in range(72)]
    told = burns("bot", "refund", TWO, days, NOW)
    assert [burn.pace.factor for burn in told] == [1.0]
    assert told[0].long_burn == pytest.approx(2.5)


def test_a_single_mistake_says_nothing_of_a_pace() -> None:
    assert burns("bot", "refund", TWO, [row(0, decided=1, rejected=1)], NOW) == []


@given(st.lists(st.tuples(st.integers(0, 4 * DAY), st.integers(0, 20), st.integers(0, 20))))
def test_a_burn_has_both_windows_above_its_pace(found: list[tuple[int, int, int]]) -> None:
    rows = [row(ago, decided=good + bad, rejected=bad) for ago, good, bad in found]
    for burn in burns("bot", "refund", TWO, rows, NOW):
        for length in (burn.pace.long, burn.pace.short):
            tally = window(rows, NOW, length)
            assert tally.rejected >= burn.pace.factor * TWO.rate * tally.decided - 1e-6
            assert tally.rejected > 0
