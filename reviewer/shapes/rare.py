"""Rare values: what a few members have and nearly all others have not.

There is no test for categories that fits groups of five and of five thousand, so the rule is plain:

- where all others have one and the same value, whatever else there is is rare while it is no more
  than a tenth of the group (or three members) and no more than a third;
- where the others differ, of twenty and more, the values that a fiftieth of the group has (or one
  member), from the rarest up, while they are together no more than a twentieth of the group: the
  share of values seen once estimates how likely it is to meet one not seen before, so that a value
  is only surprising where that is unlikely (I. J. Good, The population frequencies of species and
  the estimation of population parameters, Biometrika 40, 1953).

Values of which every member has its own are therefore never rare, and more members with common
values make nothing common that is rare.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Final, TypeVar

from .numbers import FEWEST

V = TypeVar("V", bound=Hashable)

MANY: Final = 20


def rare(values: Sequence[V]) -> set[V]:
    """The values that are rare among those of all members."""
    number = len(values)
    if number < FEWEST:
        return set()
    counts = Counter(values)
    most = max(counts.values())
    others = number - most
    if 0 < others <= max(3, number // 10) and others * 3 <= number:
        return {value for value, count in counts.items() if count != most}
    return _among_many(counts, number) if number >= MANY else set()


def _among_many(counts: Counter[V], number: int) -> set[V]:
    by_count: dict[int, list[V]] = {}
    for value, count in counts.items():
        by_count.setdefault(count, []).append(value)
    found: set[V] = set()
    lifted = 0
    for count in sorted(by_count):
        lifted += count * len(by_count[count])
        if count > max(1, number // 50) or lifted * 20 > number:
            break
        found.update(by_count[count])
    return found
