"""All policies that were ever proposed or in force: who, when, their digest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.strip import Strip

from ..due import moment
from ..policy_words import digest_words
from .rows import Rows, fit

if TYPE_CHECKING:
    from ...domain.governance import PolicyRow

STATES = {
    "active": ("●", "in force", "good"),
    "proposed": ("◌", "proposed", "warn"),
    "retired": ("·", "before", "quiet"),
}
"""A sign, a word and a style for each state."""


class PolicyList(Rows):
    """One row for each policy, the newest first."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: Sequence[PolicyRow] = ()
        self.now = 0

    @property
    def row(self) -> PolicyRow | None:
        """The policy under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    @property
    def row_count(self) -> int:
        return len(self.rows)

    def show(self, rows: Sequence[PolicyRow], now: int) -> None:
        """Other policies; the cursor stays with its one."""
        here = self.row
        self.rows, self.now = rows, now
        digests = [row.digest for row in rows]
        self.cursor = digests.index(here.digest) if here and here.digest in digests else 0
        self._keep_in_view()
        self.refresh()

    def draw_head(self, width: int) -> Strip:
        cells = [("   ", "")]
        cells += [(fit(name, size) + " ", "head") for name, size in self._columns(width - 1)]
        return self.strip(cells, width)

    def draw_row(self, index: int, width: int) -> Strip:
        row = self.rows[index]
        sign, word, style = STATES.get(row.state, STATES["retired"])
        cells = [(" ", ""), (sign, style), (" ", "")]
        said = {
            "state": (word, style),
            "digest": (digest_words(row.digest), ""),
            "proposed": (_who(row.proposed_by, row.proposed_at, self.now), "quiet"),
            "activated": (_who(row.activated_by, row.activated_at, self.now), "quiet"),
            "note": (row.note, ""),
        }
        for name, size in self._columns(width):
            text, style = said[name]
            cells.append((fit(text, size) + " ", style))
        return self.strip(cells, width)

    def _columns(self, width: int) -> list[tuple[str, int]]:
        found = [("state", 9), ("digest", 12)]
        left = width - 4 - sum(size + 1 for _, size in found)
        if left >= 27:
            found.append(("proposed", 26))
            left -= 27
        if left >= 27:
            found.append(("activated", 26))
            left -= 27
        if left >= 8:
            found.append(("note", left - 1))
        return found


def _who(name: str, at: int | None, now: int) -> str:
    if not name and at is None:
        return ""
    when = moment(at, now) if at else ""  # what is built in was there before all time
    return f"{when} {name}".strip()
