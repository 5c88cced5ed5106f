"""What every form widget is: a view on the text of a write's form, which stays the one truth.

The text is what `reviewer.tui.editing` keeps, with hidden characters spelled out.  Loading a text
and asking for it gives the same text back until something is typed; then only what was typed
differs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive

if TYPE_CHECKING:
    from ....domain.writes import Write


class WriteForm(Vertical):
    """The base of the forms; a subclass gives `load`, `text`, `wrong`, `go_to` and `focus`.

    It is made with the proposed write, against which it marks what was changed.
    """

    DEFAULT_CSS = "WriteForm { height: 1fr; width: 1fr; background: $background; }"

    read_only: reactive[bool] = reactive(False)
    """Whether nothing can be changed: it can still be read and scrolled."""

    class Changed(Message):
        """Something was typed; `control` is the form.  Loading posts none."""

        def __init__(self, form: WriteForm) -> None:
            super().__init__()
            self.form = form

        @property
        def control(self) -> WriteForm:
            """The form."""
            return self.form

    def __init__(self, write: Write, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.write = write

    def load(self, text: str) -> None:
        """Shows a form's text (hidden characters spelled out); may be called before it is mounted.

        The cursor, what is folded and what is scrolled stay where there still is such a place.
        """
        raise NotImplementedError

    @property
    def text(self) -> str:
        """What is typed now as the form's text; what was loaded, until something is typed."""
        raise NotImplementedError

    @property
    def wrong(self) -> str:
        """Why what is shown cannot be read or sent, a sentence safe to show; empty where it can.

        A field in which something impossible stands (`1e400` in a number) has in `text` the value
        that it had before, and this says so; whoever sends asks for this first.
        """
        raise NotImplementedError

    def go_to(self, pointer: str) -> None:
        """Focuses the field at a JSON pointer (RFC 6901) into the form; the nearest there is."""
        raise NotImplementedError

    def focus(self, scroll_visible: bool = True) -> Self:
        """Focuses where one types or moves."""
        raise NotImplementedError
