"""Time as values: instants (since 1970-01-01 UTC) and durations are whole microseconds.

Nothing here reads a clock; "now" always comes in as an argument.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from .errors import InputError

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {"ms": 1_000, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": WEEK}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d|w)")


def from_datetime(when: datetime) -> int:
    """The instant of an aware `datetime` in microseconds; a naive one is refused."""
    if when.tzinfo is None:
        raise InputError(
            f"the time {when.isoformat()} has no time zone", hint="Add Z or an offset."
        )
    return (when - _EPOCH) // timedelta(microseconds=1)


def to_datetime(instant: int) -> datetime:
    """The aware UTC `datetime` of an instant in microseconds."""
    return _EPOCH + timedelta(microseconds=instant)


def iso(instant: int) -> str:
    """An instant as RFC 3339 in UTC with milliseconds, e.g. `2026-11-20T10:00:00.000Z`."""
    return to_datetime(instant).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_iso(text: str) -> int:
    """The instant of an RFC 3339 text; raises `InputError` where it is none or has no offset."""
    try:
        return from_datetime(datetime.fromisoformat(text))
    except ValueError as error:
        raise InputError(
            f"'{text}' is not a time", hint="Write it like 2026-11-20T10:00:00Z."
        ) from error


def parse_duration(text: str) -> int:
    """Microseconds of a duration such as `90s`, `1h30m` or `2d`; raises `InputError` otherwise."""
    pieces = _DURATION.findall(text)
    if not pieces or "".join(number + unit for number, unit in pieces) != text:
        raise InputError(f"'{text}' is not a duration", hint="Write it like 30m, 1h30m or 2d.")
    return sum(round(float(number) * _UNITS[unit]) for number, unit in pieces)


def short_duration(micros: int) -> str:
    """A duration for people in at most two units, e.g. `0:12` (h:mm) below a day, `1d 3h` above."""
    sign = "-" if micros < 0 else ""
    minutes = abs(micros) // MINUTE
    if minutes < 24 * 60:
        return f"{sign}{minutes // 60}:{minutes % 60:02d}"
    days, rest = divmod(minutes, 24 * 60)
    hours = rest // 60
    return f"{sign}{days}d {hours}h" if hours and days < 100 else f"{sign}{days}d"


def long_duration(micros: int) -> str:
    """A duration in words, in at most two units, the smaller one cut off: `2 h 59 min`, `3 d 4 h`.

    Below two minutes it is seconds.  Nothing is rounded up: of a deadline there is never less left
    than this says, and what it says is never more than one of the smaller unit short.
    """
    seconds = abs(micros) // SECOND
    if seconds < 120:
        return f"{seconds} s"
    minutes = seconds // 60
    for size, unit, small, name in ((24 * 60, "d", 60, "h"), (60, "h", 1, "min")):
        if minutes >= size:
            rest = minutes % size // small
            return f"{minutes // size} {unit}" + (f" {rest} {name}" if rest else "")
    return f"{minutes} min"
