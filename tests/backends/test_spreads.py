"""Numbers worked in and out one by one leave the mean and the spread of those that are left."""

from __future__ import annotations

import statistics

from hypothesis import given
from hypothesis import strategies as st

from backends.sql.spreads import Row, added, removed

numbers = st.lists(st.floats(-1e6, 1e6, allow_nan=False), max_size=20)


def worked_in(values: list[float]) -> Row:
    row: Row = (0, 0.0, 0.0)
    for value in values:
        row = added(row, value)
    return row


@given(numbers)
def test_one_by_one_gives_what_all_at_once_gives(values: list[float]) -> None:
    n, mean, m2 = worked_in(values)
    assert n == len(values)
    if values:
        assert abs(mean - statistics.fmean(values)) <= 1e-6 * max(1.0, *map(abs, values))
    if n > 1:
        wanted = statistics.variance(values)
        assert abs(m2 / (n - 1) - wanted) <= 1e-6 * max(1.0, wanted)


@given(numbers, numbers)
def test_what_is_worked_out_again_leaves_nothing(kept: list[float], more: list[float]) -> None:
    row = worked_in([*kept, *more])
    for value in more:
        row = removed(row, value)
    n, mean, m2 = row
    left, left_mean, left_m2 = worked_in(kept)
    large = max([1.0, *map(abs, [*kept, *more])])
    assert n == left
    assert abs(mean - left_mean) <= 1e-6 * large
    assert abs(m2 - left_m2) <= 1e-6 * large**2
    assert m2 >= 0


def test_more_is_never_taken_out_than_was_put_in() -> None:
    assert removed(removed(worked_in([3.0]), 3.0), 5.0) == (0, 0.0, 0.0)
