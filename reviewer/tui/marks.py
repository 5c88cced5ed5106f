"""Marks: what a bulk decision will touch, bound to what was on screen (id, revision, digest)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..domain.views import Entry

LIMIT = 10_000
"""How many can be marked at once."""


class Marks:
    """The marked artifacts in the order in which they were marked."""

    def __init__(self) -> None:
        self._marked: dict[str, Entry] = {}

    def __contains__(self, artifact_id: object) -> bool:
        return artifact_id in self._marked

    def __len__(self) -> int:
        return len(self._marked)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._marked.values())

    def toggle(self, entry: Entry) -> None:
        """Marks it, or takes its mark away."""
        if self._marked.pop(entry.state.id, None) is None:
            self.add([entry])

    def add(self, entries: Iterable[Entry]) -> int:
        """Marks these; answers with how many found no room under the limit."""
        over = 0
        for entry in entries:
            if len(self._marked) >= LIMIT and entry.state.id not in self._marked:
                over += 1
            else:
                self._marked[entry.state.id] = entry
        return over

    def clear(self) -> None:
        """Takes all marks away."""
        self._marked.clear()

    def drop(self, ids: Iterable[str]) -> int:
        """Takes these marks away; answers with how many there were."""
        return sum(self._marked.pop(id, None) is not None for id in ids)

    def keep_only(self, ids: Iterable[str]) -> int:
        """Takes away every mark but these; answers with how many it took."""
        return self.drop(set(self._marked) - set(ids))

    def changed(self, entries: Iterable[Entry]) -> int:
        """Takes away marks on what is not as it was when it was marked; answers with how many.

        Claims and renewals change neither revision nor digest, so they leave marks alone.
        """
        return self.drop(
            entry.state.id
            for entry in entries
            if (old := self._marked.get(entry.state.id)) is not None
            and (old.state.revision, old.state.digest) != (entry.state.revision, entry.state.digest)
        )
