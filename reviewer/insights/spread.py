"""How values are spread: quantiles in bounded memory, the same whatever the order."""

from __future__ import annotations

from bisect import insort
from math import ceil, log

EXACT = 256
"""Up to so many values quantiles are exact."""
ACCURACY = 0.01
"""Beyond that, a quantile is off by at most this share of itself."""
_GAMMA = (1 + ACCURACY) / (1 - ACCURACY)
_SCALE = 1 / log(_GAMMA)


class Spread:
    """Whole numbers from 0 on, of which any quantile can be asked.

    The first `EXACT` values are kept.  Beyond that they are counted in bins that grow
    geometrically, which bounds the relative error (Masson, Rim and Lee, "DDSketch: a fast and
    fully-mergeable quantile sketch", VLDB 2019): some 1,200 bins span a millisecond to a year.
    Sum, least and greatest are exact always.
    """

    __slots__ = ("_bins", "_values", "count", "high", "low", "total")

    def __init__(self) -> None:
        self.count = self.total = self.low = self.high = 0
        self._values: list[int] | None = []
        self._bins: dict[int, int] = {}

    def add(self, value: int) -> None:
        """Takes a value in; what is below 0 counts as 0."""
        value = max(value, 0)
        if not self.count or value < self.low:
            self.low = value
        self.high = max(self.high, value)
        self.count += 1
        self.total += value
        if self._values is None:
            index = ceil(log(value) * _SCALE) if value else -1
            self._bins[index] = self._bins.get(index, 0) + 1
            return
        insort(self._values, value)
        if self.count > EXACT:
            self._fill()

    def merge(self, other: Spread) -> None:
        """Takes in all that another has taken in."""
        if not other.count:
            return
        self.low = min(self.low, other.low) if self.count else other.low
        self.high = max(self.high, other.high)
        self.count += other.count
        self.total += other.total
        if self._values is not None and other._values is not None and self.count <= EXACT:
            self._values = sorted(self._values + other._values)
            return
        self._fill()
        for index, number in other._counted().items():
            self._bins[index] = self._bins.get(index, 0) + number

    def quantile(self, share: float) -> int | None:
        """The least value that at least this share of all values do not exceed; None of none.

        This is the inverse of the empirical distribution (definition 1 of Hyndman and Fan, 1996).
        """
        if not self.count:
            return None
        rank = min(self.count, max(1, ceil(share * self.count)))
        if self._values is not None:
            return self._values[rank - 1]
        for index in sorted(self._bins):
            rank -= self._bins[index]
            if rank <= 0:
                middle = 0 if index < 0 else round(2 * _GAMMA**index / (_GAMMA + 1))
                return min(self.high, max(self.low, middle))
        return self.high

    @property
    def mean(self) -> float | None:
        """The arithmetic mean; None of none."""
        return self.total / self.count if self.count else None

    def _fill(self) -> None:
        if self._values is not None:
            self._bins, self._values = self._counted(), None

    def _counted(self) -> dict[int, int]:
        if self._values is None:
            return self._bins
        found: dict[int, int] = {}
        for value in self._values:
            index = ceil(log(value) * _SCALE) if value else -1
            found[index] = found.get(index, 0) + 1
        return found

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Spread):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__ = None  # type: ignore[assignment]
