"""What the stored facts lack under another policy, made up for by replaying the past in order.

Both keep only where the simulated policy's past departs from the true one, so that nothing at all
is added to the facts while it does not: the simulation of what was in force is then exact.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush

from ..domain.governance import Admission, Tally
from ..domain.instant import DAY, HOUR
from ..domain.state import Charge, Course
from .agents import Budget
from .budget import BUCKET, add, minus, standing
from .facts import Standing, Used

_NONE = Used()


class _Sliding:
    """Sums of what was added in the last so many microseconds, by buckets of five minutes."""

    __slots__ = ("_buckets", "_length", "_sums")

    def __init__(self, length: int) -> None:
        self._length = length
        self._buckets: deque[tuple[int, int, float]] = deque()
        self._sums = (0, 0.0)

    def add(self, at: int, number: int, amount: float) -> None:
        self._buckets.append((at - at % BUCKET, number, amount))
        self._sums = (self._sums[0] + number, self._sums[1] + amount)

    def at(self, at: int) -> tuple[int, float]:
        buckets = self._buckets
        while buckets and buckets[0][0] + BUCKET <= at - self._length:
            _, number, amount = buckets.popleft()
            self._sums = (self._sums[0] - number, self._sums[1] - amount)
        if not buckets:
            self._sums = (0, 0.0)  # sums of floats leave crumbs
        return self._sums


class Usage:
    """By how much more or less every scope would have been charged than it was in truth.

    Goes by the ledger's buckets of five minutes, in windows of an hour and a day.
    """

    def __init__(self) -> None:
        self._scopes: dict[str, tuple[_Sliding, _Sliding]] = {}

    def add(self, at: int, then: Iterable[Charge], now: Iterable[Charge]) -> None:
        """Takes in what one admission was charged, and what it would have been."""
        was, would = _summed(then), _summed(now)
        if was == would:
            return
        for scope in was.keys() | would.keys():
            old, new = was.get(scope, (0, 0.0)), would.get(scope, (0, 0.0))
            if old != new:
                known = self._scopes.get(scope)
                if known is None:
                    known = self._scopes[scope] = (_Sliding(HOUR), _Sliding(DAY))
                for window in known:
                    window.add(at, new[0] - old[0], new[1] - old[1])

    def used(
        self, stored: Mapping[str, Used], scopes: Iterable[str], at: int
    ) -> Mapping[str, Used]:
        """The stored tallies with the differences of the last hour and day; never below nothing."""
        if not self._scopes:
            return stored
        found = dict(stored)
        for scope in scopes:
            if windows := self._scopes.get(scope):
                was = stored.get(scope, _NONE)
                (hour, hour_amount), (day, day_amount) = (window.at(at) for window in windows)
                found[scope] = Used(
                    max(0, was.hour + hour),
                    max(0, was.day + day),
                    max(0.0, was.hour_amount + hour_amount),
                    max(0.0, was.day_amount + day_amount),
                )
        return found


def _summed(charges: Iterable[Charge]) -> dict[str, tuple[int, float]]:
    found: dict[str, tuple[int, float]] = {}
    for charge in charges:
        number, amount = found.get(charge.scope, (0, 0.0))
        found[charge.scope] = (number + charge.number, amount + charge.amount)
    return found


@dataclass(slots=True)
class _Window:
    """A tally of the last so many microseconds, kept up to date as buckets leave it."""

    length: int
    tally: Tally
    buckets: deque[tuple[int, Tally]]

    def add(self, at: int, tally: Tally) -> None:
        start = at - at % BUCKET
        if self.buckets and self.buckets[-1][0] == start:
            tally_before = self.buckets.pop()[1]
            self.buckets.append((start, add(tally_before, tally)))
        else:
            self.buckets.append((start, tally))
        self.tally = add(self.tally, tally)

    def at(self, at: int) -> Tally:
        while self.buckets and self.buckets[0][0] + BUCKET <= at - self.length:
            self.tally = add(self.tally, minus(self.buckets.popleft()[1]))
        return self.tally


class Ledger:
    """The decisions of people that would have counted for the budgets of the simulated policy.

    A decision counts from when it was taken, with the outcome that it has had since; where the
    simulated policy would have decided alone, nobody would have judged and only the outcome counts.
    """

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str], _Window] = {}
        self._coming: list[tuple[int, int, tuple[str, str], int, Tally]] = []

    def add(self, admission: Admission, budget: Budget, course: Course) -> None:
        """Takes in one admission with the course that it would have taken."""
        automatic = course is Course.APPROVE
        judged = admission.decided_kind == "person" and not automatic
        if course is Course.DENY or not (automatic or judged):
            return
        decided = admission.decided_at if judged else admission.at
        name = (admission.artifact.agent.name, admission.artifact.kind)
        coming = (decided or admission.at, admission.seq, name, budget.window)
        heappush(self._coming, (*coming, _tally(admission, automatic)))

    def standing(
        self, name: tuple[str, str], budget: Budget, at: int, version_decided: int
    ) -> Standing:
        """How an agent's kind would have stood with its budget at an instant."""
        while self._coming and self._coming[0][0] <= at:
            decided, _, whose, length, tally = heappop(self._coming)
            known = self._windows.setdefault(whose, _Window(length, Tally(), deque()))
            known.add(decided, tally)
        window = self._windows.get(name)
        return standing(budget, window.at(at) if window else Tally(), version_decided)


def _tally(admission: Admission, automatic: bool) -> Tally:
    bad = {admission.outcome: 1} if admission.outcome in _OUTCOMES else {}
    if automatic:
        return Tally(automatic=1, **bad)
    word = _DECISIONS.get(admission.decision)
    return Tally(decided=1, **({word: 1} if word else {}), **bad)


_OUTCOMES = frozenset({"failed", "drifted", "rolled_back"})
_DECISIONS = {"approve": "approved", "edit": "edited", "reject": "rejected"}
