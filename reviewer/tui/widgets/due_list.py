"""What breaches next: artifacts by due time, live countdowns; one line each, two where narrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ...domain.views import Page
from ...untrusted import one_line
from ..columns import RISKS, SOON, Cell, cell
from ..due import countdown
from ..window import Loaded
from .artifact_list import ArtifactList, fit

if TYPE_CHECKING:
    from ...domain.views import Entry

COLUMNS = ("risk", "due", "queue:11", "agent", "title", "reasons", "holder")
_ROOM = 100
"""Cells from which on both the queue and the agent have a column."""
NARROW = 60
"""Cells below which an artifact takes two lines."""
_DUE = 8
_FLAG = "⚑"


class DueList(ArtifactList):
    """The list of the triage screen; all that it shows is in memory, and nothing is marked."""

    def __init__(self, me: str, *, id: str | None = None) -> None:
        super().__init__(COLUMNS, me, id=id)

    def fill(self, entries: Sequence[Entry], *, anew: bool) -> None:
        """Shows these; `anew` is another list, else the cursor stays with its artifact."""
        loaded = [Loaded(Page(tuple(entries)))]
        if anew:
            self.start(loaded)
        else:
            self.refreshed(loaded, 0)

    def fold(self, width: int, one_queue: bool) -> None:
        """Two lines for each artifact and no head where it is narrow, else columns by room.

        The queue goes before the agent, unless there is `one_queue` only.
        """
        tall, head = (2, 0) if width < NARROW else (1, 1)
        without = "queue:11" if one_queue else "agent" if width < _ROOM else ""
        names = tuple(name for name in COLUMNS if name != without)
        if (tall, head, names) != (self.tall, self.HEAD, self.names):
            self.tall, self.HEAD, self.names = tall, head, names
            self._keep_in_view()
            self._strips.clear()
            self.refresh()

    # ------------------------------------------------------------------------------- drawing

    def _cell(self, name: str, entry: Entry) -> Cell:
        if name == "due":
            return due_cell(entry, self.now)
        return cell(name, entry, self.now, self.me)

    def _times(self, entry: Entry) -> str:
        return due_cell(entry, self.now).text

    def _drawn(
        self,
        entry: Entry,
        marked: bool,  # noqa: ARG002
        width: int,
        names: tuple[str, ...],  # noqa: ARG002
    ) -> Strip:
        if self.tall > 1:
            return self._first_line(entry, width)
        base = self.ground
        segments = [Segment("  ", base)]
        for column in self._columns(width + 1):
            shown = self._cell(column.name, entry)
            segments.append(Segment(" ", base))
            segments.append(Segment(fit(shown.text, column), base + self.style_of(shown.style)))
        return Strip(segments).adjust_cell_length(width, base)

    def _first_line(self, entry: Entry, width: int) -> Strip:
        base, state = self.ground, entry.state
        due, flag = due_cell(entry, self.now), _FLAG if state.escalated else " "
        room = max(1, width - _DUE - 5)
        parts = [
            (" ", ""),
            (RISKS[state.risk][0], str(state.risk)),
            (f"{due.text:>{_DUE}} ", due.style),
            (flag, "late"),
            (" ", ""),
            (one_line(entry.title, room), ""),
        ]
        return self._strip(parts, base, width)

    def draw_more(self, index: int, line: int, width: int) -> Strip:  # noqa: ARG002
        entry = self.window.rows[index]
        state = entry.state
        holder = cell("holder", entry, self.now, self.me)
        held = f"@{holder.text}" if holder.text and not holder.text.startswith("→") else holder.text
        told = f"{RISKS[state.risk][1]} · {state.queue} · {state.agent}"
        held = one_line(held, max(4, width // 3)) if held else ""
        room = max(1, width - 3 - cell_len(held) - 2)
        parts = [("   ", ""), (one_line(told, room), "quiet")]
        if held:
            parts += [("  ", ""), (held, "mine" if holder.text == "you" else "high")]
        return self._strip(parts, self.ground, width)

    def _strip(self, parts: Sequence[tuple[str, str]], base: Style, width: int) -> Strip:
        segments = [Segment(text, base + self.style_of(style)) for text, style in parts]
        return Strip(segments).adjust_cell_length(width, base)

    # --------------------------------------------------------------------------------- mouse

    def head_clicked(self, x: int) -> None:
        """The order is fixed."""

    def clicked(self, index: int, x: int, times: int) -> None:  # noqa: ARG002
        self.go(index)
        if times == 2:
            self.post_message(self.Opened())


def due_cell(entry: Entry, now: int) -> Cell:
    """The countdown of an artifact."""
    left = entry.state.due_at - now
    return Cell(countdown(left), "late" if left < 0 else "soon" if left < SOON else "")
