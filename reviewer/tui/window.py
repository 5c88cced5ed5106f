"""The part of a long list that is in memory: a few keyset pages, and where they stand in it.

Pure values: the number of pending artifacts never shows in memory.  `base` is how many lines are
known to stand before the first one; it is exact as long as nothing changes meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from ..domain.views import Entry, Page

Side: TypeAlias = Literal["after", "before"]
Way: TypeAlias = tuple[Side, str] | None
"""How a page was asked for: by which cursor, or None for the first."""

PAGE = 100
"""Lines that are asked for at once."""
PAGES = 6
"""Pages that are kept."""
AHEAD = 50
"""Lines before an edge at which the next page is asked for."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A page and how it was asked for."""

    page: Page
    way: Way = None


@dataclass(slots=True)
class Window:
    """Consecutive pages of a list."""

    pages: list[Loaded] = field(default_factory=list)
    base: int = 0
    rows: list[Entry] = field(default_factory=list)

    @property
    def next(self) -> str | None:
        """The cursor of what comes after, None at the end."""
        return self.pages[-1].page.next if self.pages else None

    @property
    def previous(self) -> str | None:
        """The cursor of what comes before, None at the start."""
        return self.pages[0].page.previous if self.pages else None

    def start(self, pages: Sequence[Loaded], base: int = 0) -> None:
        """Replaces everything."""
        self.pages = [loaded for loaded in pages if loaded.page.entries] or list(pages[:1])
        self.base = base
        self._flatten()
        if self.previous is None:
            self.base = 0

    def append(self, loaded: Loaded) -> int:
        """Adds a page at the end; answers with how many lines fell off at the start."""
        self.pages.append(loaded)
        dropped = 0
        while len(self.pages) > PAGES:
            dropped += len(self.pages.pop(0).page.entries)
        self.base += dropped
        self._flatten()
        return dropped

    def prepend(self, loaded: Loaded) -> int:
        """Adds a page at the start, dropping from the end; answers with how many lines came."""
        self.pages.insert(0, loaded)
        came = len(loaded.page.entries)
        del self.pages[PAGES:]
        self.base = max(0, self.base - came) if loaded.page.previous is not None else 0
        self._flatten()
        return came

    def wants(self, first: int, last: int) -> Side | None:
        """Which side is asked for when lines `first` to `last` are on screen, None for neither."""
        if self.next is not None and last >= len(self.rows) - AHEAD:
            return "after"
        if self.previous is not None and first < AHEAD:
            return "before"
        return None

    def page_at(self, index: int) -> tuple[int, int]:
        """The page that holds a line: its number and the index of its first line."""
        start = 0
        for number, loaded in enumerate(self.pages):
            if index < start + len(loaded.page.entries):
                return number, start
            start += len(loaded.page.entries)
        return max(0, len(self.pages) - 1), start

    def index_of(self, artifact_id: str) -> int | None:
        """Where an artifact stands among the loaded lines."""
        for index, entry in enumerate(self.rows):
            if entry.state.id == artifact_id:
                return index
        return None

    def _flatten(self) -> None:
        self.rows = [entry for loaded in self.pages for entry in loaded.page.entries]


def follow(old: Sequence[str], new: Sequence[str], cursor: int) -> int:
    """Where the cursor goes when the ids `old` become `new`: to the same id where it still is.

    Else to the nearest one that followed it, else to the nearest one before it, else to the start.
    """
    if not new or not 0 <= cursor < len(old):
        return 0
    places = {id: index for index, id in enumerate(new)}
    for id in (*old[cursor:], *reversed(old[:cursor])):
        if id in places:
            return places[id]
    return min(cursor, len(new) - 1)
