"""The agents: mode in force and whence, the error budget as bar and numbers, who is stopped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.strip import Strip

from ..policy_words import mode_words
from .rows import Rows, fit

if TYPE_CHECKING:
    from ..agent_rows import AgentRow

BAR = 8
_FULL, _EMPTY = "█", "░"


class AgentList(Rows):
    """One row for each agent's kind; what asks for a person stands on top."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: Sequence[AgentRow] = ()

    @property
    def row(self) -> AgentRow | None:
        """What is under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    @property
    def row_count(self) -> int:
        return len(self.rows)

    def show(self, rows: Sequence[AgentRow]) -> None:
        """Other rows; the cursor stays with its agent's kind."""
        here = self.row
        self.rows = rows
        keys = [row.key for row in rows]
        self.cursor = keys.index(here.key) if here is not None and here.key in keys else 0
        self._keep_in_view()
        self.refresh()

    # ------------------------------------------------------------------------------- drawing

    def draw_head(self, width: int) -> Strip:
        heads = {"budget": f"{'error budget':<{BAR}}"}
        cells = [("   ", "")]
        cells += [
            (fit(heads.get(n, n), size) + " ", "head") for n, size in self._columns(width - 1)
        ]
        return self.strip(cells, width)

    def draw_row(self, index: int, width: int) -> Strip:
        row = self.rows[index]
        cells = [(" ", ""), mark_of(row), (" ", "")]
        for name, size in self._columns(width):
            if name == "budget":
                cells += [*budget_cells(row, size), (" ", "")]
                continue
            text, style = _cell(name, row)
            cells.append((fit(text, size) + " ", style))
        return self.strip(cells, width)

    def _columns(self, width: int) -> list[tuple[str, int]]:
        """What finds room; the least important goes first, then agent and kind share the rest."""
        sizes = {"agent": 10, "kind": 8, "mode": 12, "budget": 18}
        left = width - 4 - sum(size + 1 for size in sizes.values())
        for name, size in (("by", 11), ("version", 8), ("decided", 7), ("alone", 7)):
            if left >= size + 1:
                sizes[name] = size
                left -= size + 1
        if left > 0:
            more = min(left, 14)
            sizes["agent"] += more * 3 // 5
            sizes["kind"] += more - more * 3 // 5
            sizes["budget"] += min(max(0, left - more), 14)
        order = ("agent", "version", "kind", "mode", "by", "budget", "decided", "alone")
        return [(name, sizes[name]) for name in order if name in sizes]


def mark_of(row: AgentRow) -> tuple[str, str]:
    """A sign for what is the matter with it: stopped, a promotion, a budget that is spent."""
    if row.stop is not None:
        return "■", "late"
    if row.promotion is not None:
        return "↑", "mark"
    if row.spent or row.force.burns:
        return "!", "late"
    return (" ", "") if row.source == "policy" else ("▾", "warn")


def _cell(name: str, row: AgentRow) -> tuple[str, str]:
    if name == "agent":
        return row.agent, ""
    if name == "kind":
        return row.kind or "every kind", "" if row.kind else "quiet"
    if name == "version":
        return row.version, "quiet"
    if name == "mode":
        if row.stop is not None:
            return "■ stopped", "late"
        return mode_words(row.mode), "" if row.source == "policy" else "warn"
    if name == "by":
        return row.source, "quiet" if row.source == "policy" else "warn"
    number = row.decided if name == "decided" else row.automatic
    return (f"{number:>7,}" if number else f"{'·':>7}"), "quiet"


def budget_cells(row: AgentRow, width: int) -> list[tuple[str, str]]:
    """The gauge: a bar whose full part is what is left, then the same in words."""
    gauge, budget = row.force.gauge, row.force.budget
    if gauge is None or budget is None:
        return [(fit("no budget", width), "quiet")]
    full = round(gauge.left * BAR) if gauge.left < 1 else BAR
    full = max(1, full) if gauge.left > 0 else 0
    style = "late" if gauge.spent else "warn" if gauge.left < 0.25 or row.force.burns else "good"
    if gauge.spent:
        words = "spent"
    elif gauge.decided < budget.least:
        words = f"{gauge.decided} of {budget.least} known"
    else:
        words = f"{gauge.left * 100:.0f} % left"
    counted = f"{words} · {gauge.mistakes}/{gauge.decided}"
    room = width - BAR - 1
    said = counted if len(counted) <= room else words
    if len(said) > room:
        said = f"{gauge.decided}/{budget.least}" if gauge.decided < budget.least else said
    bar = [(_FULL * full, style), (_EMPTY * (BAR - full), "quiet")]
    return [*bar, (" " + fit(said, room), "" if style == "good" else style)]
