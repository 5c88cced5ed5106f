"""The virtual lines of a form: what fields and cells share, the keys and the fitted texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip

from ...keymap import textual_bindings
from ..ink import Ink, Looks
from ..pane_lines import PaneInk

SIGNS: Final = {"~": "mark", "+": "good", "−": "bad"}
"""How the signs of what changed look; `~` changed, `+` new, `−` removed."""


class FormLines(PaneInk):
    """Lines of a form; the form around them says what happens by setting the callables.

    `act` gets the name of a key's action, `digit` a digit that was typed, `pressed` the cell of a
    click and how often it was clicked.
    """

    BINDINGS = textual_bindings("form")
    DEFAULT_CSS = "FormLines { width: 1fr; height: 1fr; }"
    MOVES: Final = ("down", "up", "top", "bottom", "half_page_down", "half_page_up")

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.act: Callable[[str], None] = lambda _name: None
        self.digit: Callable[[str], None] = lambda _char: None
        self.scrolled: Callable[[], None] = lambda: None
        self.stood: Callable[[], None] = lambda: None
        self.pressed: Callable[[int, int], None] = lambda _x, _times: None
        self._looks: dict[str, Style] = {}
        self._hidden: Looks | None = None

    # ------------------------------------------------------------------ drawing

    def look(self, name: str = "") -> Style:
        """A style by name as `style` has it, resolved once."""
        if name not in self._looks:
            self._looks[name] = self.ground + (self.style(name) if name else Style.null())
        return self._looks[name]

    def fitted(self, text: str, room: int, style: Style) -> Strip:
        """Hostile text in at most so many cells, with `…` where something is cut off."""
        if room <= 0:
            return Strip([])
        if self._hidden is None:
            self._hidden = self.looks
        ink = Ink(text)
        if not ink.reaches(room):
            return ink.strip(0, room, style, (), self._hidden)
        cut = ink.strip(0, room - 1, style, (), self._hidden)
        return Strip([*cut, Segment("…", self.look("quiet"))])

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._looks.clear()
        self._hidden = None

    def redraw_line(self, index: int) -> None:
        """One line looks other now."""
        strips = self._kept.strips
        for key in [key for key in strips if key[0] == index]:
            del strips[key]
        self.refresh_line(index)

    def on_resize(self) -> None:
        super().on_resize()
        self.scrolled()

    # ------------------------------------------------------------------ keys and mouse

    def action_form(self, name: str) -> None:
        """What a key of the form does."""
        if name in self.MOVES:
            self.step(name)
        elif name.isdecimal():
            self.digit(name)
        else:
            self.act(name)

    def step(self, name: str) -> None:
        """Moves the cursor by the name of a movement."""
        self.move(name)

    def moved(self) -> None:
        self.stood()

    def watch_scroll_y(self, old: float, new: float) -> None:
        super().watch_scroll_y(old, new)
        self.scrolled()

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or offset.y + self.scroll_offset.y >= self.line_count:
            return
        again = offset.y + self.scroll_offset.y == self.cursor
        super().on_click(event)
        self.pressed(offset.x, event.chain if again else 1)
