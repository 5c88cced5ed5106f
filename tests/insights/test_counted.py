"""The parts sum up to the whole, in any order, in one piece or in two."""

from __future__ import annotations

import random
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.instant import DAY, HOUR, MINUTE
from reviewer.domain.views import Fact
from reviewer.insights.counted import NAMES, OTHERS, Counted, together
from reviewer.insights.periods import Unit
from reviewer.insights.tally import BASIS

from .made import NOON, fact, facts

BERLIN = ZoneInfo("Europe/Berlin")
many = st.lists(facts(), max_size=60)


def counted(some: list[Fact], unit: Unit = Unit.HOUR) -> Counted:
    found = Counted(unit, BERLIN)
    found.add_all(some)
    return found


def same(one: Counted, other: Counted) -> bool:
    return (
        one.number == other.number
        and one.reviewers.cells == other.reviewers.cells
        and one.agents.cells == other.agents.cells
        and one.queues.cells == other.queues.cells
    )


@given(many, st.randoms())
def test_the_order_changes_nothing(some: list[Fact], chance: random.Random) -> None:
    other = list(some)
    chance.shuffle(other)
    assert same(counted(some), counted(other))


@given(many, many)
def test_halves_make_the_whole(one: list[Fact], two: list[Fact]) -> None:
    assert same(together(Unit.HOUR, BERLIN, counted(one), counted(two)), counted(one + two))


@given(many)
def test_coarser_buckets_hold_the_same(some: list[Fact]) -> None:
    for unit in (Unit.DAY, Unit.WEEK, Unit.MONTH):
        assert same(together(unit, BERLIN, counted(some)), counted(some, unit))


@given(many)
def test_parts_sum_up(some: list[Fact]) -> None:
    found = counted(some)
    ended = [f for f in some if f.decision in ("approve", "edit", "reject", "respond")]
    assert found.number == len(some)
    assert found.reviewers.total().number == found.agents.total().number == len(ended)
    assert found.reviewers.total().moved == len(some) - len(ended)
    assert found.queues.total().number == sum(f.actor_kind == "person" for f in ended)
    for series in (found.reviewers, found.agents, found.queues):
        by_name = series.by_name().values()
        assert sum(t.number for t in by_name) == series.total().number  # type: ignore[attr-defined]
        if found.first is not None:
            starts = found.starts(found.first, max(f.at for f in some))
            over = series.over_time(starts)  # type: ignore[attr-defined]
            assert sum(t.number for t in over) == series.total().number
    record = found.agents.total()
    assert sum(record.bins) == record.decided[0] + record.decided[1]
    assert record.paid <= record.told <= record.number
    wait = found.queues.total()
    assert wait.within == sum(f.at <= f.due_at for f in ended if f.actor_kind == "person")


@given(many, st.integers(0, 21 * DAY))
def test_what_is_forgotten_was_never_there(some: list[Fact], after: int) -> None:
    found = counted(some, Unit.DAY)
    limit = 1_792_500_000_000_000 + after
    kept = Counted(Unit.DAY, BERLIN)
    start = kept.starts(limit, limit)[0]
    found.forget(start)
    kept.add_all(f for f in some if f.at >= start)
    assert same(found, kept)


def test_names_are_told_apart_up_to_a_number() -> None:
    some = [fact(agent=f"agent {n}") for n in range(NAMES + 40)]
    found = counted(some).agents.by_name()
    assert len(found) == NAMES + 1
    assert found[OTHERS].number == 40
    assert sum(record.number for record in found.values()) == len(some)


def test_cost_of_a_success() -> None:
    def record(*some: Fact) -> float | None:
        return counted(list(some)).agents.total().cost

    assert record() is None
    assert record(fact(usd=None)) is None
    assert record(fact(usd=0.5, decision="reject")) is None
    assert record(fact(usd=0.5), fact(usd=0.25, decision="reject")) == 0.75
    assert record(fact(usd=0.5), fact(usd=None)) == 0.5
    assert record(fact(usd=0.5), fact(usd=0.5, decision="edit", distance=0.1)) == 0.5
    for outcome in ("failed", "rolled_back", "drifted", "unknown"):
        assert record(fact(usd=0.5), fact(usd=0.5, outcome=outcome)) == 1.0
    assert record(fact(usd=0.5, outcome="applied")) == 0.5


def test_waits_are_of_persons_and_against_the_deadline() -> None:
    found = counted(
        [
            fact(created_at=NOON - 10 * MINUTE, due_at=NOON),
            fact(created_at=NOON - 30 * MINUTE, due_at=NOON - 1),
            fact(created_at=NOON, actor="policy", actor_kind="policy"),
        ]
    ).queues.total()
    assert (found.number, found.within) == (2, 1)
    assert found.times.quantile(0.5) == 10 * MINUTE
    assert found.times.high == 30 * MINUTE


def test_edits_are_measured() -> None:
    record = counted(
        [fact(), fact(decision="edit", distance=0.0), fact(decision="edit", distance=1.0)]
    ).agents.total()
    assert record.bins == [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert record.distance.high == BASIS


def test_versions_can_be_put_together() -> None:
    found = counted([fact(agent_version="1"), fact(agent_version="2", at=NOON + HOUR)]).agents
    assert len(found.by_name()) == 2
    assert list(found.by_name(lambda name: (name[0], ""))) == [("refund-bot", "")]
