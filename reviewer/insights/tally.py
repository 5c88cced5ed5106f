"""What is counted in one bucket for one reviewer, one agent's version, one queue."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Self

from ..domain.views import Fact
from .spread import Spread

APPROVE, EDIT, REJECT, RESPOND = range(4)
DECISIONS = ("approve", "edit", "reject", "respond")
"""The decisions that end an artifact's wait, in the order in which they are counted and shown."""
_INDEX = {name: number for number, name in enumerate(DECISIONS)}
NANO = 1_000_000_000
"""Money is counted in whole thousand-millionths of a dollar, so that the order changes nothing."""
BASIS = 10_000
"""Edit distances, 0 to 1, are counted in ten-thousandths."""
BINS = 10
"""Edit distances are shown in so many equal bins, after one for proposals left as they were."""
MISSED = frozenset({"drifted", "failed", "unknown", "rolled_back"})
"""Outcomes after which an approved artifact is no success."""


def ends(decision: str) -> bool:
    """Whether a decision ends the wait; the others move the artifact on or put it off."""
    return decision in _INDEX


class Tally(ABC):
    """What can be counted up and put together, the same whatever the order."""

    __slots__: tuple[str, ...] = ()

    @property
    @abstractmethod
    def number(self) -> int:
        """How many were decided."""

    @abstractmethod
    def add(self, fact: Fact) -> None:
        """Counts a decision."""

    @abstractmethod
    def merge(self, other: Self) -> None:
        """Adds another's numbers."""

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__ = None  # type: ignore[assignment]


class Pace(Tally):
    """One reviewer's work: `decided` by decision, how many of them in bulk, moved on or put off.

    `dwell` is how long an artifact was on screen before it was decided by itself, milliseconds;
    bulk decisions are left out of it, and so is what tells nothing (0).
    """

    __slots__ = ("bulk", "decided", "dwell", "moved")

    def __init__(self) -> None:
        self.decided = [0, 0, 0, 0]
        self.bulk = self.moved = 0
        self.dwell = Spread()

    @property
    def number(self) -> int:
        """How many were decided."""
        return sum(self.decided)

    def add(self, fact: Fact) -> None:
        """Counts a decision."""
        index = _INDEX.get(fact.decision)
        if index is None:
            self.moved += 1
            return
        self.decided[index] += 1
        if fact.bulk:
            self.bulk += 1
        elif fact.dwell_ms:
            self.dwell.add(fact.dwell_ms)

    def merge(self, other: Self) -> None:
        """Adds another's numbers."""
        self.decided = [a + b for a, b in zip(self.decided, other.decided, strict=True)]
        self.bulk += other.bulk
        self.moved += other.moved
        self.dwell.merge(other.dwell)


class Record(Tally):
    """What became of one agent's version: decisions, edits, cost.

    `distance` is how far edited writes are from those proposed, ten-thousandths; `bins` the same
    counted: first the decisions to approve as proposed, then ten equal steps of what was edited.

    Cost per successful task is `spent` over `paid`: all that the agent said its decided artifacts
    cost, whatever became of them, over those of them that succeeded.  An artifact succeeded that
    was approved or edited and whose outcome is not drifted, failed, unknown or rolled back; while
    no outcome is told it counts as a success.  Left out on both sides are artifacts whose agent
    did not tell a cost; left out altogether are those without a decision (pending, withdrawn,
    superseded, expired) and what the reviewers' time costs.
    """

    __slots__ = ("bins", "decided", "distance", "missed", "paid", "seconds", "spent", "told")

    def __init__(self) -> None:
        self.decided = [0, 0, 0, 0]
        self.distance = Spread()
        self.bins = [0] * (BINS + 1)
        self.missed = self.spent = self.told = self.paid = self.seconds = 0

    @property
    def number(self) -> int:
        """How many were decided."""
        return sum(self.decided)

    @property
    def cost(self) -> float | None:
        """Dollars for each successful task; None where there is none or no cost is known."""
        return self.spent / NANO / self.paid if self.paid else None

    def add(self, fact: Fact) -> None:
        """Counts a decision that ends the wait."""
        index = _INDEX[fact.decision]
        self.decided[index] += 1
        if index == APPROVE:
            self.bins[0] += 1
        elif index == EDIT and fact.distance is not None:
            self.distance.add(round(fact.distance * BASIS))
            self.bins[1 + min(BINS - 1, max(0, int(fact.distance * BINS)))] += 1
        good = index <= EDIT
        if good and fact.outcome in MISSED:
            self.missed += 1
            good = False
        if fact.seconds:
            self.seconds += round(fact.seconds * 1e6)
        if fact.usd is not None:
            self.spent += round(fact.usd * NANO)
            self.told += 1
            self.paid += good

    def merge(self, other: Self) -> None:
        """Adds another's numbers."""
        self.decided = [a + b for a, b in zip(self.decided, other.decided, strict=True)]
        self.bins = [a + b for a, b in zip(self.bins, other.bins, strict=True)]
        self.distance.merge(other.distance)
        for name in ("missed", "spent", "told", "paid", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Wait(Tally):
    """How long one queue's artifacts waited for a person's decision, and whether that was in time.

    `times` is from hand-in to decision, microseconds.  `within` were decided up to their deadline,
    the others after it.  Decisions that no person took (a policy, a deadline that passed) are left
    out.
    """

    __slots__ = ("times", "within")

    def __init__(self) -> None:
        self.times = Spread()
        self.within = 0

    @property
    def number(self) -> int:
        """How many were decided."""
        return self.times.count

    def add(self, fact: Fact) -> None:
        """Counts a decision that ends the wait."""
        self.times.add(fact.at - fact.created_at)
        self.within += fact.at <= fact.due_at

    def merge(self, other: Self) -> None:
        """Adds another's numbers."""
        self.times.merge(other.times)
        self.within += other.within
