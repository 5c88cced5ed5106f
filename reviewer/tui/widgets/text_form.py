"""The plain text editor: every write's form can be edited as the text that it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Self

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.document._wrapped_document import WrappedDocument
from textual.widgets import Static, TextArea

from ..json_places import line_of
from .forms.base import WriteForm

if TYPE_CHECKING:
    from ...domain.writes import Write

TOO_LONG: Final = 256_000
"""A longer text is edited in `$EDITOR` only, characters: loading it would freeze the screen."""
TOO_WIDE: Final = 20_000
"""So is one with a longer line: every key draws the whole of it."""


def too_much(text: str) -> str:
    """Why a text is edited in `$EDITOR` only, or nothing."""
    if len(text) > TOO_LONG:
        return f"{len(text):,} characters are too many to type in here"
    if max(map(len, text.split("\n"))) > TOO_WIDE:
        return f"A line of more than {TOO_WIDE:,} characters is too long to type in here"
    return ""


class Unwrapped(WrappedDocument):
    """A document without soft wrap: its height is its number of lines.

    Textual asks for the height with every line that it draws, and counts all lines each time.
    """

    @property
    def height(self) -> int:
        return self.document.line_count


class Editor(TextArea, inherit_bindings=False):
    """A text area that leaves the function keys to the screen; made without soft wrap."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound
        for bound in TextArea.BINDINGS
        if isinstance(bound, Binding) and bound.key not in ("f6", "f7")
    ]

    def load_text(self, text: str) -> None:
        super().load_text(text)
        self.wrapped_document.__class__ = Unwrapped


class TextForm(WriteForm):
    """Shows a form's text in an editor; one that is too much for it is read only."""

    DEFAULT_CSS = """
    TextForm {
        Editor {
            height: 1fr; border: none; background: $background; padding: 0;
            scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1;
        }
        .too-much { padding: 1 2; color: $text-muted; display: none; }
        &.-too-much Editor { display: none; }
        &.-too-much .too-much { display: block; }
    }
    """

    def __init__(self, write: Write, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(write, id=id, classes=classes)
        self.editor = Editor("", soft_wrap=False, show_line_numbers=True, tab_behavior="indent")
        self.editor.indent_width = 4
        self._said = Static("", classes="too-much", markup=False)
        self._whole: str | None = None

    def compose(self) -> ComposeResult:
        yield self.editor
        yield self._said

    def load(self, text: str) -> None:
        why = too_much(text)
        self._whole = text if why else None
        self.set_class(bool(why), "-too-much")
        self._said.update(f"{why}.\n\nf4 opens it in your own editor.")
        if why:
            text = ""
        if text != self.editor.text:
            with self.editor.prevent(TextArea.Changed):
                self.editor.load_text(text)

    @property
    def text(self) -> str:
        return self.editor.text if self._whole is None else self._whole

    @property
    def wrong(self) -> str:
        return ""

    def go_to(self, pointer: str) -> None:
        self.go_line(line_of(self.text, pointer))

    def go_line(self, line: int) -> None:
        """Puts the cursor at the beginning of a line, from 0."""
        if self._whole is None:
            self.editor.move_cursor((line, 0), center=True)
            self.editor.focus()

    def focus(self, scroll_visible: bool = True) -> Self:
        self.editor.focus(scroll_visible)
        return self

    def watch_read_only(self, read_only: bool) -> None:
        self.editor.read_only = read_only

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        if not self.read_only and self._whole is None:
            self.post_message(self.Changed(self))
