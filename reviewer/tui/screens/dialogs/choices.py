"""A numbered list of answers: digits choose, whatever has the focus but a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from typing_extensions import override

from ...widgets.diff_draw import Pane
from ...widgets.pane_lines import PaneLines

DIGITS: Final = 9
"""How many choices have a key of their own."""


class Choices(PaneLines):
    """Choices with their sentences; one or several can be chosen.

    The first nine have a digit; what comes after them is reached by the cursor and `space`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move('down')", show=False),
        Binding("up,k", "move('up')", show=False),
        Binding("space", "choose", show=False),
    ]
    # what does not fit scrolls here, not in the dialog, so that the cursor stays in view
    DEFAULT_CSS = "Choices { height: auto; max-height: 50vh; background: $surface; }"

    class Chosen(Message):
        """What is chosen has changed."""

    def __init__(
        self, choices: Mapping[str, str], *, several: bool = False, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._choices = list(choices.items())
        self._several = several
        self.chosen: tuple[str, ...] = ()

    @property
    def digits(self) -> str:
        """The keys that choose: `1-4`."""
        number = len(self._choices)
        return f"1-{number}" if number <= DIGITS else f"1-{DIGITS}, j, space"

    def pick(self, number: int) -> None:
        """Chooses by number from 1, or takes it back."""
        if not 1 <= number <= len(self._choices):
            return
        code = self._choices[number - 1][0]
        if code in self.chosen:
            self.chosen = tuple(other for other in self.chosen if other != code)
        else:
            self.chosen = (*self.chosen, code) if self._several else (code,)
        self.cursor = number - 1
        self._panes.clear()
        self.redraw()
        self.post_message(self.Chosen())

    def action_choose(self) -> None:
        """Chooses what is under the cursor."""
        self.pick(self.row + 1)

    def action_move(self, where: str) -> None:
        """Moves the cursor."""
        self.move(where)

    def clicked(self) -> None:
        self.pick(self.row + 1)

    @override
    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._choices)

    @property
    def row_count(self) -> int:
        return len(self._choices)

    @override
    def indent(self, row: int) -> int:
        return 6

    @override
    def row_pane(self, row: int) -> Pane:
        code, sentence = self._choices[row]
        on = code in self.chosen
        mark = "●" if on else "○"
        digit = str(row + 1) if row < DIGITS else " "
        style = self.style("good" if on else "dim")
        return self.pane(
            f" {digit} {mark}  ", (sentence, self.style("" if on else "dim")), gutter_style=style
        )
