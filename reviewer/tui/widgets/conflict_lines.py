"""The places where an edit meets a new proposal: what it was, what is mine, what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual.strip import Strip
from typing_extensions import override

from ...diff.merge_places import Choice, Choices, Place
from .diff_draw import Pane
from .pane_lines import PaneLines

WORDS: dict[Choice, str] = {"mine": "mine", "theirs": "the new proposal's", "both": "both"}
MAX_LINES = 200
"""Of a side that is longer, no more lines are shown."""


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One line of a side of a place; the first of a side carries its name."""

    place: int
    side: str
    text: str = ""
    first: bool = False
    chosen: bool = False


def rows_of(places: Sequence[Place], choices: Choices) -> list[ConflictRow]:
    """All rows of the places."""
    rows: list[ConflictRow] = []
    for at, place in enumerate(places):
        if at:
            rows.append(ConflictRow(at - 1, "blank"))
        rows.append(ConflictRow(at, "head"))
        sides = {"was": place.base, "mine": place.mine, "theirs": place.theirs}
        if place.both is not None:
            sides["both"] = place.both
        chosen = choices.get(at)
        for side, text in sides.items():
            lines = ["∅"] if text is None else text.rstrip("\n").split("\n")
            if len(lines) > MAX_LINES:
                lines = [*lines[:MAX_LINES], f"… and {len(lines) - MAX_LINES:,} more lines"]
            rows += [
                ConflictRow(at, side, line, first=not n, chosen=side == chosen)
                for n, line in enumerate(lines)
            ]
    return rows


class ConflictLines(PaneLines):
    """Draws the places; the cursor's place is the one that keys are about."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"conflict--chosen"}
    DEFAULT_CSS = "ConflictLines > .conflict--chosen { background: $success 18%; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: list[ConflictRow] = []
        self._places: Sequence[Place] = ()
        self._choices: Choices = {}

    @property
    def place(self) -> int:
        """The number of the place under the cursor."""
        return self._rows[self.row].place if self._rows else 0

    def show(self, places: Sequence[Place], choices: Choices, place: int) -> None:
        """Shows these places with the cursor on one of them."""
        self._places, self._choices = places, choices
        self._rows = rows_of(places, choices)
        self.rebuild()
        self.go_place(place)

    def go_place(self, place: int) -> None:
        """Puts the cursor on the head of a place, the nearest there is."""
        place = max(0, min(place, len(self._places) - 1))
        heads = [at for at, row in enumerate(self._rows) if row.side == "head"]
        if heads:
            self.go(self._visual.line_of(heads[place]), top=True)

    @property
    def row_count(self) -> int:
        return len(self._rows)

    @override
    def draw_line(self, index: int, x: int, width: int) -> Strip:
        strip = super().draw_line(index, x, width)
        if not self._rows[self._visual.locate(index).row].chosen:
            return strip
        return strip.extend_cell_length(width, self.ground + self._chosen)

    @property
    def _chosen(self) -> Style:
        return Style(bgcolor=self.component("conflict--chosen").bgcolor)

    @override
    def row_pane(self, row: int) -> Pane:
        shown = self._rows[row]
        if shown.side == "blank":
            return self.pane("", ("", self.style()))
        if shown.side == "head":
            return self._head(shown.place)
        name = shown.side if shown.first else ""
        mark = "▸" if shown.chosen and shown.first else " "
        look = self.style("dim") if shown.side == "was" else self.style()
        gutter = self.style("mark") if shown.side != "was" else self.style("dim")
        if shown.chosen:
            look, gutter = look + self._chosen, gutter + self._chosen
        return self.pane(f"   {mark} {name:<8}", (shown.text, look), gutter_style=gutter)

    def _head(self, at: int) -> Pane:
        place, choice = self._places[at], self._choices.get(at)
        number = f"{at + 1} of {len(self._places)}  "
        where = place.where or "the whole document"
        if choice is None:
            said = ("  not settled", self.style("bad"))
        else:
            said = (f"  {WORDS[choice]}", self.style("good"))
        mark = "✓" if choice else "✗"
        return self.pane(
            f" {mark} ", (number, self.style("dim")), (where, self.style("head")), said
        )
