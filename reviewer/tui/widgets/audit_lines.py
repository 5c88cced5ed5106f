"""Audit records as lines: number, time, what, who; unfolded with every fact."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from ...audit.words import words
from .diff_draw import Pane
from .pane_lines import PaneLines

if TYPE_CHECKING:
    from ...domain.views import Event

_STYLES: Final = {
    "decided": "head", "undone": "warn", "escalated": "warn", "expired": "bad", "claimed": "dim",
    "released": "dim", "submitted": "mark",
}  # fmt: skip


class AuditLines(PaneLines):
    """Events, oldest first, each one line until it is unfolded."""

    DEFAULT_CSS = "AuditLines { width: 100%; height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.events: list[Event] = []
        self._open: set[int] = set()
        self._rows: list[tuple[int, int]] = []
        self._facts: dict[int, list[str]] = {}
        self._many = self._known = False

    def show(self, events: Sequence[Event], *, many: bool) -> None:
        """Shows events; `many` says that they are of several artifacts, whose ids are then told."""
        here = self.event.seq if self.event is not None else None
        self.events, self._many, self._known = list(events), many, True
        self._open &= {event.seq for event in events}
        self._fill()
        numbers = [event.seq for event in self.events]
        at = numbers.index(here) if here in numbers else len(numbers) - 1
        if self.events:
            self.go_row(self._rows.index((at, -1)))

    @property
    def event(self) -> Event | None:
        """The event under the cursor."""
        return self.events[self._rows[self.row][0]] if self._rows else None

    def unfold(self) -> None:
        """Shows everything that the record under the cursor says, or one line again."""
        event = self.event
        if event is not None:
            self._open ^= {event.seq}
            at = self._rows[self.row][0]
            self._fill()
            self.go_row(self._rows.index((at, -1)))

    def clicked(self) -> None:
        if self._rows and self._rows[self.row][1] == -1:
            self.unfold()

    def _fill(self) -> None:
        self._rows = []
        for at, event in enumerate(self.events):
            self._rows.append((at, -1))
            if event.seq in self._open:
                self._rows += [(at, line) for line in range(len(self._lines(event)))]
        self.rebuild()

    def _lines(self, event: Event) -> list[str]:
        found = self._facts.get(event.seq)
        if found is None:
            found = json.dumps(event.facts, ensure_ascii=False, indent=2).split("\n")[1:-1]
            self._facts[event.seq] = found or ["no facts"]
        return self._facts[event.seq]

    @property
    def row_count(self) -> int:
        return max(1, len(self._rows))

    @override
    def indent(self, row: int) -> int:
        return 12 if self._rows and self._rows[row][1] >= 0 else 1

    @override
    def row_text(self, row: int) -> str:
        if self._rows and self._rows[row][1] >= 0:
            at, line = self._rows[row]
            return self._lines(self.events[at])[line]
        return self.row_pane(row).ink.text

    @override
    def row_pane(self, row: int) -> Pane:
        dim = self.style("dim")
        if not self._rows:
            said = "There is no record yet." if self._known else "Reading the record…"
            return self.pane(" ", (said, dim))
        at, line = self._rows[row]
        event = self.events[at]
        if line >= 0:
            return self.pane(" " * 12, (self._lines(event)[line], dim))
        return self._head(event)

    def _head(self, event: Event) -> Pane:
        dim = self.style("dim")
        when = datetime.fromtimestamp(event.at / 1e6, UTC).astimezone()
        who = event.actor if event.actor_kind == "person" else f"{event.actor} ({event.actor_kind})"
        sign = "▾" if event.seq in self._open else "▸"
        runs = [
            (f"{sign} {event.seq:>7,}  ", dim),
            (f"{when:%Y-%m-%d %H:%M:%S}  ", dim),
            (f"{event.event:<12}  ", self.style(_STYLES.get(event.event, ""))),
            (who, self.style("mark")),
        ]
        if self._many and event.artifact_id:
            runs.append((f"  {event.artifact_id}", dim))
        said = words(event.facts)
        if said:
            runs.append((f"  {said}", self.style()))
        return self.pane(" ", *runs)
