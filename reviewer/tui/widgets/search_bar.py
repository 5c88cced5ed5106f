"""The field in which a search is typed, above the pane that is searched."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from ..spelling import take_back


class SearchBar(Input):
    """Live while it is typed; enter keeps what was found, escape ends the search."""

    DEFAULT_CSS = """
    SearchBar.-textual-compact { height: 1; padding: 0 1; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave(False)", show=False),
        Binding("enter", "leave(True)", show=False),
        Binding("down,ctrl+n", "step(1)", show=False),
        Binding("up,ctrl+p", "step(-1)", show=False),
    ]

    class Typed(Message):
        """Another text is looked for."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """It is not typed any more; `keep` says whether the search goes on."""

        def __init__(self, keep: bool) -> None:
            super().__init__()
            self.keep = keep

    class Stepped(Message):
        """The next (1) or previous (-1) place is wanted."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self, value: str = "", *, id: str | None = None) -> None:
        super().__init__(
            value, placeholder="search  enter keeps  esc ends", compact=True, id=id,
            select_on_focus=True,
        )  # fmt: skip

        self.cursor_blink = False

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tells at once."""
        event.stop()
        self.post_message(self.Typed(take_back(event.value)))

    def action_leave(self, keep: bool) -> None:
        """Stops typing."""
        self.post_message(self.Left(keep))

    def action_step(self, step: int) -> None:
        """Goes on while typing."""
        self.post_message(self.Stepped(step))
