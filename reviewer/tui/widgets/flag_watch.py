"""Which flagged places of a diff have been on the screen: the ground of the guard of approve."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from ...untrusted.flags import offsets

if TYPE_CHECKING:
    from .diff_draw import Painter, Pane
    from .diff_rows import DiffRows

Places: TypeAlias = Mapping[int, tuple[tuple[str, tuple[int, ...]], ...]]
"""For each row that carries flags: its texts, and where in them they stand (offsets)."""
AT_ONCE = 1_000
"""So many rows are looked through at once; more in a thread."""


class FlagWatch:
    """The flagged places of one diff; what was seen counts however the diff is laid out."""

    def __init__(self) -> None:
        self.places: Places | None = None
        self._seen: set[tuple[str, int]] = set()

    @property
    def left(self) -> int:
        """How many rows hold flags that have not been on the screen; -1 while not known."""
        if self.places is None:
            return -1
        return sum(
            any((text, offset) not in self._seen for text, found in texts for offset in found)
            for texts in self.places.values()
        )

    def shown(self, row: int, panes: Sequence[Pane], part: int | None, x: int, width: int) -> None:
        """Notes that a line of a row was drawn: `part` of it where wrapped, else from cell `x`."""
        if self.places is None or row not in self.places:
            return
        flagged = dict(self.places[row])
        for pane in panes:
            room = pane.text_width(width)
            start, stop = x, x + room
            if part is not None:
                breaks = pane.ink.breaks(room)
                start = breaks[part] if part < len(breaks) else stop
                stop = breaks[part + 1] if part + 1 < len(breaks) else start + room
            for offset in flagged.get(pane.ink.text, ()):
                if start <= pane.ink.cell(offset) < stop:
                    self._seen.add((pane.ink.text, offset))


def find(rows: DiffRows, painter: Painter, wanted: Callable[[], bool] = lambda: True) -> Places:
    """The flagged places of all rows; may be called in any thread, ends early if not `wanted`."""
    places = {}
    for number, row in enumerate(rows):
        if number % 256 == 0 and not wanted():
            break
        texts = {pane.ink.text: offsets(pane.ink.text) for pane in painter.panes(row)}
        found = tuple((text, at) for text, at in texts.items() if at)
        if found:
            places[number] = found
    return places
