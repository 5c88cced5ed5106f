"""How insights say numbers: durations, money, shares, times, names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from textual.content import Content

from ...domain.instant import DAY, HOUR, MINUTE, SECOND, to_datetime
from ...insights.counted import OTHERS, Name
from ...insights.periods import Unit
from ...insights.shares import Share
from ...untrusted import show_line

QUIET = "$quiet"
TICKS: tuple[tuple[float, str], ...] = (
    (SECOND, "1 s"),
    (5 * SECOND, "5 s"),
    (15 * SECOND, "15 s"),
    (MINUTE, "1 min"),
    (5 * MINUTE, "5 min"),
    (15 * MINUTE, "15 min"),
    (HOUR, "1 h"),
    (4 * HOUR, "4 h"),
    (12 * HOUR, "12 h"),
    (DAY, "1 d"),
    (3 * DAY, "3 d"),
    (7 * DAY, "7 d"),
    (30 * DAY, "30 d"),
    (120 * DAY, "120 d"),
)
"""What a logarithmic axis of durations names."""


def lasting(micros: float | None) -> str:
    """A duration in one unit: `42 s`, `12 min`, `3.4 h`; a dash for none."""
    if micros is None:
        return "–"
    for unit, word in ((DAY, "d"), (HOUR, "h")):
        if micros >= unit:
            number = micros / unit
            return f"{number:.0f} {word}" if number >= 10 else f"{number:.1f} {word}"
    if micros >= MINUTE:
        return f"{micros / MINUTE:.0f} min"
    return f"{micros / SECOND:.0f} s" if micros >= SECOND else "< 1 s"


def money(dollars: float | None) -> str:
    """Dollars with as many digits as tell something: `$0.042`, `$3.10`, `$1,204`."""
    if dollars is None:
        return "–"
    if dollars >= 100:
        return f"${dollars:,.0f}"
    return f"${dollars:.2f}" if dollars >= 1 else f"${dollars:.3f}"


def percent(value: float | None) -> str:
    """A share in per cent; never 0 or 100 unless it is so."""
    if value is None:
        return "–"
    if 0 < value < 0.01:
        return "<1%"
    return ">99%" if 0.99 < value < 1 else f"{value * 100:.0f}%"


def sure(share: Share) -> str:
    """The 95 % interval of a share: `72–83`; empty for a share of nothing."""
    return f"{share.low * 100:.0f}–{share.high * 100:.0f}" if share.whole else ""


def rate(number: float) -> str:
    """How many an hour."""
    if 0 < number < 0.1:
        return "<0.1"
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}"


def named(name: Name, width: int) -> Content:
    """An agent with its version, a reviewer, a queue: in exactly `width` cells."""
    if name == OTHERS:
        made = Content.styled("(others)", QUIET)
    else:
        made = show_line(name[0], width)
        left = width - made.cell_length - 1
        if name[1] and name[1] != "person" and left >= 3:
            made = Content.assemble(made, " ", show_line(name[1], left, QUIET))
    return made.pad_right(max(0, width - made.cell_length))


def labels(starts: Sequence[int], unit: Unit, zone: tzinfo) -> list[str]:
    """What stands under the buckets: at round times only, so that there is room."""
    found = []
    for start in starts:
        wall = to_datetime(start).astimezone(zone)
        match unit:
            case Unit.MINUTES:
                found.append(f"{wall:%H:%M}" if wall.minute % 15 == 0 else "")
            case Unit.HOUR:
                found.append(f"{wall:%H:%M}" if wall.hour % 6 == 0 else "")
            case Unit.QUARTER:
                found.append(f"{wall:%a} {wall.day}" if wall.hour == 0 else "")
            case Unit.MONTH:
                found.append(f"{wall:%b}" if wall.month > 1 else f"{wall:%Y}")
            case _:
                found.append(f"{wall.day} {wall:%b}")
    return found
