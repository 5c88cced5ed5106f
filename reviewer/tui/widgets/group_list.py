"""The list of groups: how many, how urgent, who, and what they would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.strip import Strip

from ..columns import RISKS, SOON, chips, due_text
from .rows import Rows, fit

if TYPE_CHECKING:
    from ...domain.views import Group


class GroupList(Rows):
    """One row for each group; `sentences` says what the artifacts of a shape do."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.groups: Sequence[Group] = ()
        self.sentences: Mapping[str, str] = {}
        self.now = 0
        self.exact = True

    @property
    def group(self) -> Group | None:
        """The group under the cursor."""
        return self.groups[self.cursor] if 0 <= self.cursor < len(self.groups) else None

    @property
    def row_count(self) -> int:
        return len(self.groups)

    def show(self, groups: Sequence[Group], exact: bool, now: int) -> None:
        """Other groups; the cursor stays on its group, or on its place."""
        here = self.group
        self.groups, self.exact, self.now = groups, exact, now
        known = {group.shape: at for at, group in enumerate(groups)}
        at = known.get(here.shape, self.cursor) if here is not None else 0
        self.cursor = max(0, min(at, len(groups) - 1))
        self._keep_in_view()
        self.refresh()

    def tick(self, now: int) -> None:
        """It is later now."""
        self.now = now
        self.refresh()

    def draw_head(self, width: int) -> Strip:
        cells = [(f"   {fit('members', 7, right=True)} ", "head")]
        cells += [
            (fit(name, size, right=right) + " ", "head")
            for name, size, right in self._columns(width - 1)
        ]
        return self.strip(cells, width)

    def draw_row(self, index: int, width: int) -> Strip:
        group = self.groups[index]
        number = f"{group.number:,}{'' if self.exact else '+'}"
        cells = [("   ", ""), (fit(number, 7, right=True) + " ", "mark")]
        for name, size, right in self._columns(width):
            text, style = self._cell(name, group)
            cells.append((fit(text, size, right=right) + " ", style))
        return self.strip(cells, width)

    def _cell(self, name: str, group: Group) -> tuple[str, str]:
        state = group.first.state
        if name == "risk":
            glyph, word = RISKS[group.risk]
            return f"{glyph} {word}", str(group.risk)
        if name == "due":
            left = group.due_at - self.now
            return due_text(left), "late" if left < 0 else "soon" if left < SOON else ""
        if name == "late":
            return (f"{group.breaching:,}", "late") if group.breaching else ("", "")
        if name == "held":
            return (
                (f"{group.claimed_by_others:,}", "quiet") if group.claimed_by_others else ("", "")
            )
        if name == "what they change":
            return self.sentences.get(group.shape, group.first.title), ""
        if name == "why":
            return chips(group.first.reasons), "quiet"
        return (state.agent if name == "agent" else state.kind), "quiet"

    def _columns(self, width: int) -> list[tuple[str, int, bool]]:
        """What finds room, most important first; the sentence takes the rest."""
        left = width - 11
        chosen = [("risk", 6, False), ("due", 7, True)]
        if left < 34:
            chosen = chosen[:1]
        left -= sum(size + 1 for _, size, _ in chosen)
        late = any(group.breaching for group in self.groups)
        held = any(group.claimed_by_others for group in self.groups)
        for name, size, right, wanted in (
            ("agent", 14, False, True), ("late", 5, True, late), ("kind", 14, False, True),
            ("why", 18, False, True), ("held", 5, True, held),
        ):  # fmt: skip
            if wanted and left - size - 1 >= 30:
                chosen.append((name, size, right))
                left -= size + 1
        last = [entry for entry in chosen if entry[0] in ("why", "late", "held")]
        first = [entry for entry in chosen if entry not in last]
        return [*first, ("what they change", max(4, left - 1), False), *last]
