"""How the insights screen says names and times."""

from __future__ import annotations

from datetime import tzinfo
from functools import lru_cache

from textual.content import Content

from ...domain.instant import DAY, HOUR, MINUTE, SECOND, to_datetime
from ...insights.counted import OTHERS, Name
from ...insights.periods import Unit
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


@lru_cache(maxsize=16)
def labels(starts: tuple[int, ...], unit: Unit, zone: tzinfo) -> tuple[str, ...]:
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
    return tuple(found)
