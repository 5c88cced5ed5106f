"""A sequence whose rows are made when they are asked for."""

from __future__ import annotations

from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Generic, TypeVar, overload

R = TypeVar("R")


class VirtualRows(Sequence[R], Generic[R]):
    """Parts of so many rows each, one after the other; a subclass makes the rows.

    `len` and an index cost no more than the logarithm of the number of parts.
    """

    def __init__(self, sizes: Iterable[int]) -> None:
        self._ends = list(accumulate(sizes))
        self._size = self._ends[-1] if self._ends else 0

    @abstractmethod
    def row(self, part: int, offset: int) -> R:
        """The row at an offset in a part, both from 0."""

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> list[R]: ...
    def __getitem__(self, index: int | slice) -> R | list[R]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(self._size))]
        at = index + self._size if index < 0 else index
        if not 0 <= at < self._size:
            raise IndexError(index)
        part = bisect_right(self._ends, at)
        return self.row(part, at - (self._ends[part - 1] if part else 0))
