"""Where a value is typed: an input over its line, or an area for a text of several lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widget import Widget
from textual.widgets import Input, TextArea

from ....actions import actions, keys_of
from ...forms.typed import spell_line
from ...keymap import textual_bindings

_OWN = {key for action in actions("typing") for key in keys_of(action)}


def _others(inherited: list[BindingType], own: set[str]) -> list[BindingType]:
    return [bound for bound in inherited if isinstance(bound, Binding) and _free(bound, own)]


def _free(bound: Binding, own: set[str]) -> bool:
    return not own & set(bound.key.split(","))


def focus_now(widget: Widget) -> None:
    """Focuses a widget before the next key comes: what is typed meanwhile belongs to it."""
    if widget.is_attached:
        widget.screen.set_focus(widget, scroll_visible=False)


class ValueInput(Input, inherit_bindings=False):
    """One line; `typed` hears every change, `left` how the person leaves: `done`, `next`, …"""

    BINDINGS: ClassVar[list[BindingType]] = [
        *textual_bindings("typing"), *_others(Input.BINDINGS, _OWN),
    ]  # fmt: skip
    DEFAULT_CSS = """
    ValueInput.-textual-compact {
        position: absolute;
        height: 1;
        padding: 0;
        background: $panel;
        color: $foreground;
        display: none;
    }
    """

    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)
    """Its place does not go by what is typed: without this every key lays the screen out anew."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, compact=True, select_on_focus=False)
        self.left: Callable[[str], None] = lambda _how: None
        self.typed: Callable[[str], None] = lambda _text: None
        self._filling = False

    def action_typing(self, how: str) -> None:
        """Leaves as the key says."""
        self.left(how)

    def watch_value(self, value: str) -> None:
        """Tells what is typed at once, so that what comes of it is drawn in the same frame."""
        if not self._filling:
            self.typed(value)

    def begin(self, text: str, *, replace: str = "") -> None:
        """Shows a text, all of it selected; `replace` is typed over it already."""
        self.display = True
        self._filling = True
        self.value = text
        self._filling = False
        self.cursor_position = len(text)
        self.action_select_all()
        focus_now(self)
        if replace:
            self.value = replace
            self.cursor_position = len(replace)

    def place(self, x: int, y: int, width: int) -> None:
        """Lies over the cells from (x, y) of the lines."""
        self.styles.offset = (x, y)
        self.styles.width = max(1, width)

    def end(self) -> None:
        """Is not there any more."""
        self.display = False

    async def _on_key(self, event: events.Key) -> None:
        """Leaves a key that was on its way here when the person left to whatever has the focus."""
        if self.is_attached and self.screen.focused is not self:
            event.prevent_default()  # of the input; it goes on to the bindings

    def _on_paste(self, event: events.Paste) -> None:
        """A paste of several lines is one text, its line ends by name; nothing is cut off."""
        super()._on_paste(
            events.Paste(spell_line(event.text) if "\n" in event.text else event.text)
        )
        event.stop()
        event.prevent_default()


_LEAVING = {"tab", "shift+tab"}
_SCREENS = {"f6", "f7"}


class ValueArea(TextArea, inherit_bindings=False):
    """Several lines; tab leaves.  The function keys are the screen's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(bound.key, bound.action, bound.description, show=False, id=bound.id)
            for bound in textual_bindings("typing")
            if isinstance(bound, Binding) and set(bound.key.split(",")) <= _LEAVING
        ),
        *_others(TextArea.BINDINGS, _LEAVING | _SCREENS),
    ]
    DEFAULT_CSS = """
    ValueArea {
        height: 1fr;
        border: none;
        padding: 0 1;
        background: $background;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 1;
        &:focus { border: none; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__("", id=id, classes=classes, soft_wrap=True, show_line_numbers=False)
        self.left: Callable[[str], None] = lambda _how: None

    def action_typing(self, how: str) -> None:
        """Leaves as the key says."""
        self.left(how)

    def fill(self, text: str) -> None:
        """Shows a text and says nothing of it; the cursor stays where it can."""
        if text != self.text:
            place = self.cursor_location
            with self.prevent(TextArea.Changed):
                self.load_text(text)
            self.move_cursor(place)
