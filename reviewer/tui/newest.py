"""What was made last, kept until newer things need its place."""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Newest(OrderedDict[K, V]):
    """A dictionary of at most `most` entries: those that were put in or moved to the end first go
    first.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: K, value: V) -> None:
        super().__setitem__(key, value)
        self.keep_few(self._most)

    def keep_few(self, number: int) -> None:
        """Lets all but so many go."""
        while len(self) > number:
            self.popitem(last=False)
