"""What a screen shows of what was counted: put together once, drawn many times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

from ..domain.views import QueueLoad
from .counted import OTHERS, Counted, Name, Series, T, together
from .periods import Period, Unit, begin, readable
from .tally import Pace, Record, Wait

if TYPE_CHECKING:
    from ..policy.roster import InForce

TRENDS = 80
"""So many names have their numbers over time made ready."""


@dataclass(frozen=True)
class Overview:
    """One period at one instant.

    `starts` are the buckets of `unit`, empty ones included; the last one still runs.  `paces` are
    by reviewer, `records` by agent (and version, where asked), `waits` by queue, most decisions
    first; `trends` are numbers of decisions by bucket for the first of them.  `standing` are the
    agents under the policy as they are now, whatever the period.
    """

    period: Period
    unit: Unit
    zone: tzinfo
    first: int
    now: int
    starts: tuple[int, ...]
    counted: Counted
    paces: dict[Name, Pace]
    records: dict[Name, Record]
    waits: dict[Name, Wait]
    pace: Pace
    record: Record
    wait: Wait
    paces_over: tuple[Pace, ...]
    records_over: tuple[Record, ...]
    waits_over: tuple[Wait, ...]
    trends: dict[str, dict[Name, tuple[int, ...]]]
    load: tuple[QueueLoad, ...]
    versions: bool
    standing: tuple[InForce, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing was decided in the period."""
        return not self.counted.number

    @property
    def hours(self) -> float:
        """How long the period is that lies behind, at least a minute."""
        return max(self.now - self.first, 60_000_000) / 3_600_000_000

    def records_of(self, name: Name) -> list[Record]:
        """One agent's (version's) records over time."""
        return self.counted.agents.over_time(
            self.starts, lambda known: known == name if self.versions else known[0] == name[0]
        )


def overview(
    counted: Counted,
    period: Period,
    now: int,
    *,
    versions: bool = False,
    load: Sequence[QueueLoad] = (),
    standing: Sequence[InForce] = (),
) -> Overview:
    """Puts together what was counted; `versions` tells the versions of an agent apart."""
    zone = counted.zone
    first = begin(period, now, zone)
    if period.length is None:
        first = counted.first if counted.first is not None else now
    starts = counted.starts(min(first, now), now)
    unit = readable(counted.unit, len(starts))
    if unit is not counted.unit:
        counted = together(unit, zone, counted)
        starts = counted.starts(min(first, now), now)

    def agent(name: Name) -> Name:
        return name if versions or name == OTHERS else (name[0], "")

    paces, records = counted.reviewers.by_name(), counted.agents.by_name(agent)
    waits = counted.queues.by_name()
    trends = {
        "reviewers": _trends(counted.reviewers, starts, list(paces), lambda name: name),
        "agents": _trends(counted.agents, starts, list(records), agent),
    }
    return Overview(
        period,
        unit,
        zone,
        first,
        now,
        tuple(starts),
        counted,
        paces,
        records,
        waits,
        counted.reviewers.total(),
        counted.agents.total(),
        counted.queues.total(),
        tuple(counted.reviewers.over_time(starts)),
        tuple(counted.agents.over_time(starts)),
        tuple(counted.queues.over_time(starts)),
        trends,
        tuple(load),
        versions,
        tuple(standing),
    )


def _trends(
    series: Series[T], starts: Sequence[int], names: Sequence[Name], key: Callable[[Name], Name]
) -> dict[Name, tuple[int, ...]]:
    found = {name: [0] * len(starts) for name in names[:TRENDS]}
    for index, start in enumerate(starts):
        for name, tally in series.cells.get(start, {}).items():
            row = found.get(key(name))
            if row is not None:
                row[index] += tally.number
    return {name: tuple(row) for name, row in found.items()}
