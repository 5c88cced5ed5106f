"""What breaches next, over all queues: read in the order of due times, and how times are told.

A queue's own order is by virtual deadline: due time less a boost by risk.  Within one risk both
orders are the same, but for what a person brought forward by escalating; so the artifacts of each
risk are read on their own, and merged as far as every lane is known.  No widgets.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from ..domain.instant import DAY, HOUR, MINUTE, SECOND, to_datetime

if TYPE_CHECKING:
    from ..domain.query import Query
    from ..domain.views import Entry
    from .session import Session

STEP = 100
"""How many are read of each risk at once."""
MOST = 1_000
"""How many are listed at most: whoever has more to look at filters, or opens the inbox."""


@dataclass(slots=True)
class _Lane:
    """The artifacts of one risk as far as they are read."""

    query: Query
    boost: int
    entries: list[Entry] = field(default_factory=list)
    after: str | None = ""

    @property
    def frontier(self) -> float:
        """Nothing that is still unread is due before this."""
        if self.after is None:
            return float("inf")
        return self.entries[-1].state.rank + self.boost if self.entries else float("-inf")


async def breaching_next(session: Session, queue: str, wanted: int) -> tuple[list[Entry], bool]:
    """At least `wanted` entries by due time where there are so many, and whether there are more.

    `queue` is one queue's name, empty for all.  Nothing is left out before the last entry.
    """
    await session.read(_open)
    from ..domain.artifact import Risk
    from ..domain.query import Op, Query, Term
    from ..domain.state import RISK_BOOST

    where = (Term("queue", Op.EQ, (queue,)),) if queue else ()
    lanes = [
        _Lane(Query((*where, Term("risk", Op.EQ, (risk.level,)))), RISK_BOOST[risk])
        for risk in Risk
    ]
    while True:
        behind = min(lanes, key=lambda lane: lane.frontier)
        known = merged(lanes, behind.frontier)
        if len(known) >= wanted or behind.after is None:
            more = behind.after is not None or len(known) > MOST
            return known[:MOST], more
        await _read_on(session, behind)


def merged(lanes: Sequence[_Lane], frontier: float) -> list[Entry]:
    """What is read and due before the frontier, by due time."""
    sorted_lanes = (sorted(lane.entries, key=_by_due) for lane in lanes)
    found = heapq.merge(*sorted_lanes, key=_by_due)
    return [entry for entry in found if entry.state.due_at <= frontier]


def _by_due(entry: Entry) -> tuple[int, str]:
    return entry.state.due_at, entry.state.id


async def _read_on(session: Session, lane: _Lane) -> None:
    after = lane.after or None
    page = await session.read(
        lambda queue: queue.page(lane.query, session.actor, limit=STEP, after=after)
    )
    lane.entries += page.entries
    lane.after = page.next


async def _open(_queue: object) -> None:
    """Nothing: reading waits until the queue is open, and what is imported then is imported."""


# ------------------------------------------------------------------------------------- times


def countdown(left: int) -> str:
    """The time left in at most 7 cells: `42s`, `-12m04s`, `1h40m`, `2d3h`."""
    sign, left = ("-", -left) if left < 0 else ("", left)
    if left < MINUTE:
        return f"{sign}{left // SECOND}s"
    if left < HOUR:
        return f"{sign}{left // MINUTE}m{left % MINUTE // SECOND:02d}s"
    if left < DAY:
        return f"{sign}{left // HOUR}h{left % HOUR // MINUTE:02d}m"
    days, hours = left // DAY, left % DAY // HOUR
    return f"{sign}{days}d{hours}h" if hours and days < 100 else f"{sign}{days}d"


def span(micros: int) -> str:
    """A length of time in one unit, such as how old something is: `12m`, `5h`, `3d`."""
    micros = max(0, micros)
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "m")):
        if micros >= size:
            return f"{micros // size}{unit}"
    return "now"


def moment(at: int, now: int) -> str:
    """An instant as a person on call reads it, by this machine's clock: `18:00`, `Mon 09:00`."""
    then, today = _local(at), _local(now).date()
    days = (then.date() - today).days
    if days == 0:
        return f"{then:%H:%M}"
    return f"{then:%a %H:%M}" if 0 < days < 7 else f"{then.day} {then:%b %H:%M}"


def _local(at: int) -> datetime:
    return to_datetime(at).astimezone()
