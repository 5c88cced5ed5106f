"""Shares of a whole, and how sure one can be of them."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

_Z = NormalDist().inv_cdf(0.975)


class Share(NamedTuple):
    """`part` of `whole`, with the 95 % interval in which the true share lies."""

    part: int
    whole: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """The share from 0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None


def share(part: int, whole: int) -> Share:
    """The share with Wilson's score interval, which holds for few cases and for shares near 0 or 1.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22
    (1927); recommended by Brown, Cai and DasGupta, Statistical Science 16 (2001).  Nothing is
    known of a share of nothing: its interval is 0 to 1.
    """
    if whole <= 0:
        return Share(0, 0, 0.0, 1.0)
    p, z2 = part / whole, _Z * _Z
    middle = (p + z2 / (2 * whole)) / (1 + z2 / whole)
    half = _Z / (1 + z2 / whole) * sqrt(p * (1 - p) / whole + z2 / (4 * whole * whole))
    return Share(part, whole, max(0.0, min(p, middle - half)), min(1.0, max(p, middle + half)))
