"""Durations as people read them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.instant import DAY, HOUR, MINUTE, long_duration


@given(st.integers(-(400 * DAY), 400 * DAY))
def test_a_long_duration_is_cut_off_by_less_than_its_smaller_unit(micros: int) -> None:
    sizes = {"s": 1, "min": 60, "h": 3600, "d": 86400}
    words = long_duration(micros).split()
    assert len(words) in (2, 4)
    told = sum(
        int(number) * sizes[unit] for number, unit in zip(words[::2], words[1::2], strict=True)
    )
    left = abs(micros) // 1_000_000
    smallest = 1 if left < 120 else 60 if left < 86400 else 3600
    assert 0 <= left - told < smallest


def test_nearly_three_hours_are_not_called_two() -> None:
    assert long_duration(3 * HOUR - MINUTE) == "2 h 59 min"
    assert long_duration(3 * HOUR) == "3 h"
    assert long_duration(-119_999_999) == "119 s"
    assert long_duration(3 * DAY + 5 * HOUR - 1) == "3 d 4 h"
