"""Decisions counted: one pass, in memory that goes by buckets and names and not by decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import tzinfo
from typing import Generic, TypeVar

from ..domain.views import Fact
from .periods import Unit, bucket, buckets, following
from .tally import Pace, Record, Tally, Wait, ends

NAMES = 500
"""So many names of one sort are told apart; what comes after them is counted under `OTHERS`."""
OTHERS = ("", "")
"""The name of all the rest.  Which names those are goes by the order in which they came."""
Name = tuple[str, str]
"""An agent and its version; a reviewer and their kind; a queue and nothing."""


T = TypeVar("T", bound=Tally)


class Series(Generic[T]):
    """One sort of tally by bucket and name."""

    def __init__(self, make: type[T]) -> None:
        self._make = make
        self.cells: dict[int, dict[Name, T]] = {}
        self._names: set[Name] = set()

    def cell(self, start: int, name: Name) -> T:
        """The tally of a bucket and a name, made where there is none."""
        row = self.cells.setdefault(start, {})
        if name not in self._names:
            if len(self._names) >= NAMES:
                name = OTHERS
            self._names.add(name)
        found = row.get(name)
        if found is None:
            found = row[name] = self._make()
        return found

    def merge(self, other: Series[T], place: Callable[[int], int]) -> None:
        """Takes in all of another; `place` says into which bucket one of its buckets goes."""
        for start, row in other.cells.items():
            there = place(start)
            for name, tally in row.items():
                self.cell(there, name).merge(tally)

    def forget(self, before: int) -> None:
        """Drops the buckets that begin before an instant."""
        self.cells = {start: row for start, row in self.cells.items() if start >= before}
        self._names = {name for row in self.cells.values() for name in row}

    # ------------------------------------------------------------------ asking

    def total(self, wanted: Callable[[Name], bool] = lambda _: True) -> T:
        """All buckets and all names (that are wanted) in one."""
        return self._sum(
            tally for row in self.cells.values() for name, tally in row.items() if wanted(name)
        )

    def by_name(self, key: Callable[[Name], Name] = lambda name: name) -> dict[Name, T]:
        """All buckets in one for each name, those with most decisions first.

        `key` may put names together, such as all versions of an agent.
        """
        found: dict[Name, T] = {}
        for row in self.cells.values():
            for name, tally in row.items():
                known = key(name)
                if known not in found:
                    found[known] = self._make()
                found[known].merge(tally)
        return dict(sorted(found.items(), key=lambda item: (-item[1].number, item[0])))

    def over_time(
        self, starts: Iterable[int], wanted: Callable[[Name], bool] | None = None
    ) -> list[T]:
        """One tally for each of these buckets, empty ones included."""
        return [
            self._sum(
                tally
                for name, tally in self.cells.get(start, {}).items()
                if wanted is None or wanted(name)
            )
            for start in starts
        ]

    def _sum(self, tallies: Iterable[T]) -> T:
        found = self._make()
        for tally in tallies:
            found.merge(tally)
        return found


class Counted:
    """All that the insights screen shows, for one unit of time and one zone.

    `add` takes decisions in any order.  Two of the same unit and zone can be put together.
    """

    def __init__(self, unit: Unit, zone: tzinfo) -> None:
        self.unit, self.zone = unit, zone
        self.reviewers: Series[Pace] = Series(Pace)
        self.agents: Series[Record] = Series(Record)
        self.queues: Series[Wait] = Series(Wait)
        self.number = 0
        self._start = self._end = 0

    def add(self, fact: Fact) -> None:
        """Counts one decision."""
        if not self._start <= fact.at < self._end:
            self._start = bucket(fact.at, self.unit, self.zone)
            self._end = following(self._start, self.unit, self.zone)
        self.number += 1
        self.reviewers.cell(self._start, (fact.actor, fact.actor_kind)).add(fact)
        if not ends(fact.decision):
            return
        self.agents.cell(self._start, (fact.agent, fact.agent_version)).add(fact)
        if fact.actor_kind == "person":
            self.queues.cell(self._start, (fact.queue, "")).add(fact)

    def add_all(self, facts: Iterable[Fact]) -> None:
        """Counts many."""
        for fact in facts:
            self.add(fact)

    def merge(self, other: Counted) -> None:
        """Takes in all that another has counted, in this one's buckets if those are coarser."""

        def place(start: int) -> int:
            return bucket(start, self.unit, self.zone)

        self.number += other.number
        self.reviewers.merge(other.reviewers, place)
        self.agents.merge(other.agents, place)
        self.queues.merge(other.queues, place)

    def forget(self, before: int) -> None:
        """Drops the buckets that begin before an instant."""
        for series in (self.reviewers, self.agents, self.queues):
            series.forget(before)
        self.number = sum(
            tally.number + tally.moved
            for row in self.reviewers.cells.values()
            for tally in row.values()
        )

    @property
    def first(self) -> int | None:
        """The first bucket with a decision; None of none."""
        return min(self.reviewers.cells, default=None)

    def starts(self, first: int, last: int) -> list[int]:
        """All buckets from the one with `first` to the one with `last`."""
        return buckets(first, last, self.unit, self.zone)


def together(unit: Unit, zone: tzinfo, *parts: Counted) -> Counted:
    """A new one that holds what several have counted, in buckets of `unit`."""
    whole = Counted(unit, zone)
    for part in parts:
        whole.merge(part)
    return whole
