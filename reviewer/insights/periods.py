"""Periods and the buckets that time is counted in, aligned to a person's wall clock.

A bucket is named by the instant of its beginning (microseconds, UTC).  Buckets follow each other
without gap or overlap whatever the zone does: on the day of a change of clocks an hour may occur
twice, a quarter of the day lasts five or seven hours, and a day 23 or 25.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from ..domain.instant import DAY, HOUR, MINUTE, WEEK, from_datetime, to_datetime


class Unit(StrEnum):
    """How long a bucket is on the wall clock."""

    MINUTES = "5 minutes"
    HOUR = "hour"
    QUARTER = "6 hours"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_LENGTHS = {
    Unit.MINUTES: 5 * MINUTE,
    Unit.HOUR: HOUR,
    Unit.QUARTER: 6 * HOUR,
    Unit.DAY: DAY,
    Unit.WEEK: WEEK,
    Unit.MONTH: 28 * DAY,
}
_COARSER = {Unit.DAY: Unit.WEEK, Unit.WEEK: Unit.MONTH}
MANY = 62
"""More buckets than this are put together for a plot, as far as there are greater units."""


@dataclass(frozen=True, slots=True)
class Period:
    """How far back one looks: `length` in microseconds (None: everything), and in which buckets."""

    name: str
    label: str
    length: int | None
    unit: Unit


PERIODS: tuple[Period, ...] = (
    Period("1h", "last hour", HOUR, Unit.MINUTES),
    Period("24h", "last 24 hours", DAY, Unit.HOUR),
    Period("7d", "last 7 days", WEEK, Unit.QUARTER),
    Period("30d", "last 30 days", 30 * DAY, Unit.DAY),
    Period("all", "everything", None, Unit.DAY),
)
"""The periods that the desk offers, the shortest first."""


def period_of(length: int, name: str) -> Period:
    """A period of any length, in buckets of which there are few enough to be told apart."""
    for unit in (Unit.MINUTES, Unit.HOUR, Unit.QUARTER):
        if length <= _LENGTHS[unit] * 36:
            return Period(name, f"last {name}", length, unit)
    return Period(name, f"last {name}", length, Unit.DAY)


def bucket(at: int, unit: Unit, zone: tzinfo) -> int:
    """The beginning of the bucket in which an instant lies.

    Where clocks are put back, the hour that occurs twice is two buckets; greater units are one.
    """
    wall = to_datetime(at).astimezone(zone)
    if unit is Unit.MINUTES:
        return _instant(wall.replace(minute=wall.minute // 5 * 5, second=0, microsecond=0))
    if unit is Unit.HOUR:
        return _instant(wall.replace(minute=0, second=0, microsecond=0))
    hour = wall.hour // 6 * 6 if unit is Unit.QUARTER else 0
    whole = wall.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    if unit is Unit.WEEK:
        whole -= timedelta(days=whole.weekday())
    elif unit is Unit.MONTH:
        whole = whole.replace(day=1)
    return _instant(whole)


def following(start: int, unit: Unit, zone: tzinfo) -> int:
    """The beginning of the bucket after the one that begins at `start`; that is its end."""
    length, candidate = _LENGTHS[unit], start
    while True:
        candidate += length
        after = bucket(candidate, unit, zone)
        if after > start:  # a bucket may be longer than its unit: an hour put back, a long month
            return after


def buckets(first: int, last: int, unit: Unit, zone: tzinfo) -> list[int]:
    """The beginnings of all buckets from the one with `first` to the one with `last`."""
    found = [bucket(first, unit, zone)]
    end = bucket(last, unit, zone)
    while found[-1] < end:
        found.append(following(found[-1], unit, zone))
    return found


def begin(period: Period, now: int, zone: tzinfo) -> int:
    """Where a period begins at `now`: at a whole bucket, so that nothing of it is left out."""
    if period.length is None:
        return 0
    return bucket(max(0, now - period.length), period.unit, zone)


def readable(unit: Unit, number: int) -> Unit:
    """The unit in which so many buckets of `unit` become few enough for a plot."""
    while number > MANY and unit in _COARSER:
        number = number * _LENGTHS[unit] // _LENGTHS[_COARSER[unit]]
        unit = _COARSER[unit]
    return unit


def _instant(wall: datetime) -> int:
    return from_datetime(wall.astimezone(UTC))
