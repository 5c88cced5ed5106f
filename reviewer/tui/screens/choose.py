"""Choosing one of a few things, such as a queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ...untrusted import show_line
from ..keymap import textual_bindings
from .left_once import LeftOnce


def move_options(options: OptionList, where: str) -> None:
    """Moves the highlight of a list by the name of a movement: `down`, `page_up`, `bottom`, ..."""
    last, page = options.option_count - 1, max(1, options.size.height - 1)
    steps = {
        "down": 1,
        "up": -1,
        "half_page_down": max(1, page // 2),
        "half_page_up": -max(1, page // 2),
        "page_down": page,
        "page_up": -page,
        "top": -last,
        "bottom": last,
    }
    options.highlighted = max(0, min((options.highlighted or 0) + steps[where], last))


class ChooseScreen(ModalScreen[str | None], LeftOnce[str | None]):
    """A short list; answers with the chosen value, None where the person left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        *textual_bindings("move"),
        Binding("semicolon,f12", "app.jump", show=False),
    ]
    DEFAULT_CSS = """
    ChooseScreen OptionList:focus { border: none; }
    ChooseScreen { align: center middle; background: $background 60%; }
    ChooseScreen > Vertical {
        width: 48; max-width: 95%; height: auto; max-height: 80%;
        background: $panel; border: round $border; padding: 0 1;
    }
    ChooseScreen OptionList { height: auto; max-height: 20; border: none; background: $panel; }
    """

    def __init__(self, title: str, rows: Sequence[tuple[str, str, int]], chosen: str) -> None:
        super().__init__()
        self._title, self._rows, self._chosen = title, rows, chosen

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Content.styled(self._title, "bold"), markup=False)
            yield OptionList(
                *(
                    Option(Content.assemble(show_line(name, 34), "  ", (f"{count:,}", "$quiet")))
                    for _, name, count in self._rows
                ),
                markup=False,
            )

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        values = [value for value, _, _ in self._rows]
        options.highlighted = values.index(self._chosen) if self._chosen in values else 0
        options.focus()

    def action_move(self, where: str) -> None:
        """Moves the highlight."""
        move_options(self.query_one(OptionList), where)

    def go_line(self, line: int) -> None:
        """Highlights a line, counted from 1."""
        options = self.query_one(OptionList)
        options.highlighted = min(line, options.option_count) - 1

    def action_leave(self) -> None:
        """Chooses nothing."""
        self.dismiss(None)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._rows[event.option_index][0])
