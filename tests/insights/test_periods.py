"""Buckets follow each other without gap or overlap, whatever the clocks do."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.instant import DAY, HOUR, MINUTE, parse_iso, to_datetime
from reviewer.insights.periods import (
    MANY,
    PERIODS,
    Unit,
    begin,
    bucket,
    buckets,
    following,
    period_of,
    readable,
)

ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe",
        "America/Havana", "Asia/Beirut", "Pacific/Apia", "Asia/Kathmandu",
    )
]  # fmt: skip
instants = st.integers(parse_iso("2011-11-01T00:00:00Z"), parse_iso("2031-01-01T00:00:00Z"))


@given(instants, st.sampled_from(Unit), st.sampled_from(ZONES))
def test_every_instant_lies_in_one_bucket(at: int, unit: Unit, zone: ZoneInfo) -> None:
    start = bucket(at, unit, zone)
    end = following(start, unit, zone)
    assert start <= at < end
    assert bucket(start, unit, zone) == bucket(end - 1, unit, zone) == start
    assert bucket(end, unit, zone) == end


@given(instants, st.integers(0, 4 * DAY), st.sampled_from(list(Unit)[1:4]), st.sampled_from(ZONES))
def test_buckets_between_two_instants(at: int, more: int, unit: Unit, zone: ZoneInfo) -> None:
    found = buckets(at, at + more, unit, zone)
    assert found[0] == bucket(at, unit, zone)
    assert found[-1] == bucket(at + more, unit, zone)
    assert all(following(a, unit, zone) == b for a, b in pairwise(found))


@given(instants, st.sampled_from(ZONES))
def test_days_begin_at_midnight_or_as_soon_as_there_is_one(at: int, zone: ZoneInfo) -> None:
    start = to_datetime(bucket(at, Unit.DAY, zone)).astimezone(zone)
    before = (start.astimezone(ZoneInfo("UTC")) - timedelta(microseconds=1)).astimezone(zone)
    assert before.date() < start.date()


def test_the_day_of_a_change_of_clocks() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    spring, autumn = parse_iso("2026-03-29T00:00:00+01:00"), parse_iso("2026-10-25T00:00:00+02:00")
    assert following(spring, Unit.DAY, berlin) - spring == 23 * HOUR
    assert following(autumn, Unit.DAY, berlin) - autumn == 25 * HOUR
    assert following(autumn, Unit.QUARTER, berlin) - autumn == 7 * HOUR
    assert len(buckets(autumn, autumn + 25 * HOUR - 1, Unit.HOUR, berlin)) == 25


def test_greater_units_go_by_the_calendar() -> None:
    utc = ZoneInfo("UTC")
    at = parse_iso("2026-11-20T13:52:00Z")
    assert bucket(at, Unit.WEEK, utc) == parse_iso("2026-11-16T00:00:00Z")
    assert bucket(at, Unit.MONTH, utc) == parse_iso("2026-11-01T00:00:00Z")
    assert bucket(at, Unit.MINUTES, utc) == parse_iso("2026-11-20T13:50:00Z")


@given(st.integers(0, 10_000))
def test_a_plot_gets_few_buckets(days: int) -> None:
    unit = readable(Unit.DAY, days)
    length = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 28}[unit]
    assert unit is Unit.MONTH or days // length <= MANY


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.name)
def test_a_period_leaves_nothing_out(period: object) -> None:
    assert period in PERIODS
    for zone in ZONES:
        now = parse_iso("2026-11-20T13:52:00Z")
        start = begin(period, now, zone)  # type: ignore[arg-type]
        length = period.length  # type: ignore[attr-defined]
        assert start == 0 if length is None else start <= now - length


def test_any_length_has_a_period() -> None:
    for minutes in (1, 60, 300, 2000, 20_000, 200_000):
        period = period_of(minutes * MINUTE, f"{minutes}m")
        now = parse_iso("2026-11-20T13:52:00Z")
        number = len(buckets(begin(period, now, ZONES[1]), now, period.unit, ZONES[1]))
        assert number <= 40 or period.unit is Unit.DAY
