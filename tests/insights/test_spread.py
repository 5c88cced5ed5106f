"""Quantiles are exact for few and close for many, in any order, in one piece or in two."""

from __future__ import annotations

import random
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from reviewer.insights.spread import ACCURACY, EXACT, Spread

values = st.lists(st.integers(0, 10**13), max_size=600)


def spread(some: list[int]) -> Spread:
    found = Spread()
    for value in some:
        found.add(value)
    return found


@given(values, st.sampled_from([0.0, 0.01, 0.5, 0.9, 0.99, 1.0]))
def test_quantiles(some: list[int], share: float) -> None:
    found = spread(some).quantile(share)
    if not some:
        assert found is None
        return
    true = sorted(some)[max(1, ceil(share * len(some))) - 1]
    assert found is not None
    if len(some) <= EXACT:
        assert found == true
    else:
        assert abs(found - true) <= ACCURACY * true * 1.001 + 1


@given(values, st.randoms())
def test_the_order_changes_nothing(some: list[int], chance: random.Random) -> None:
    other = list(some)
    chance.shuffle(other)
    assert spread(some) == spread(other)


@given(values, values, values)
def test_halves_make_the_whole(one: list[int], two: list[int], three: list[int]) -> None:
    merged = spread(one)
    merged.merge(spread(two))
    merged.merge(spread(three))
    assert merged == spread(one + two + three)
    if one + two + three:
        assert merged.mean == sum(one + two + three) / len(one + two + three)


def test_many_take_little_memory() -> None:
    chance = random.Random(1)
    found = spread([round(chance.lognormvariate(20, 3)) for _ in range(50_000)])
    assert len(found._bins) < 2_000
    assert found._values is None
