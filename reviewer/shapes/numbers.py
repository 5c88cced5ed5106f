"""Numbers of a group: quartiles, a histogram, and which of them lie far out.

Far out is what both rules say that say it without being moved by the values they judge:

- the modified z-score 0.6745 (x - median) / MAD beyond 3.5, and where more than half are equal (MAD
  is 0) the same with the mean absolute deviation, (x - median) / (1.253314 MeanAD)
  (B. Iglewicz and D. Hoaglin, How to Detect and Handle Outliers, ASQC 1993);
- outside of the outer fences Q1 - 3 IQR and Q3 + 3 IQR (J. W. Tukey, Exploratory Data Analysis,
  1977), asked from 12 values on: quartiles of fewer are moved by a single value or two.

Besides, of four and more a value that stands alone while all others are equal is far out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

FEWEST: Final = 4
"""Of fewer values none is far out: each of them is looked at anyhow."""
FENCED: Final = 12
BEYOND: Final = 3.5
BINS: Final = 8


@dataclass(frozen=True, slots=True)
class Spread:
    """Smallest, quartiles, largest, and how many lie in each of `BINS` equal steps between."""

    low: float
    first: float
    median: float
    third: float
    high: float
    bins: tuple[int, ...]


def spread(values: Sequence[float]) -> Spread:
    """The spread of at least one number."""
    order = sorted(values)
    low, high = order[0], order[-1]
    bins = [0] * BINS
    # halves, so that the width of what spans the whole range of doubles is finite
    width = high / 2 - low / 2
    for value in order:
        at = int((value / 2 - low / 2) / width * BINS) if width else 0
        bins[min(at, BINS - 1)] += 1
    return Spread(low, quantile(order, 0.25), quantile(order, 0.5), quantile(order, 0.75), high,
                  tuple(bins))  # fmt: skip


def quantile(order: Sequence[float], share: float) -> float:
    """The quantile of sorted numbers, linear between two of them (Hyndman and Fan, type 7)."""
    place = share * (len(order) - 1)
    at = int(place)
    rest = place - at
    if not rest or at + 1 >= len(order):
        return order[at]
    return order[at] * (1 - rest) + order[at + 1] * rest


def far_out(values: Sequence[float]) -> list[int]:
    """The indexes of the numbers that lie far out, in order; equal numbers are judged alike."""
    if len(values) < FEWEST:
        return []
    largest = max(abs(value) for value in values)
    if not largest or min(values) == max(values):
        return []
    scaled = [value / largest for value in values]  # no difference is beyond a double
    order = sorted(scaled)
    median = quantile(order, 0.5)
    gaps = sorted(abs(value - median) for value in scaled)
    score = _score(gaps, len(values))
    low, high = median, median
    if len(values) >= FENCED:
        first, third = quantile(order, 0.25), quantile(order, 0.75)
        low, high = first - 3 * (third - first), third + 3 * (third - first)
    alone = _alone(order)
    return [
        at
        for at, value in enumerate(scaled)
        if value == alone or (abs(value - median) * score > BEYOND and not low <= value <= high)
    ]


def _score(gaps: Sequence[float], number: int) -> float:
    """What a distance from the median is multiplied by for its modified z-score."""
    deviation = quantile(gaps, 0.5)
    if deviation:
        return 0.6745 / deviation
    mean = sum(gaps) / number
    return 1 / (1.253314 * mean) if mean else 0.0


def _alone(order: Sequence[float]) -> float | None:
    """The value that stands alone at one end while all others are equal."""
    if order[0] == order[-2]:
        return order[-1]
    return order[0] if order[1] == order[-1] else None
