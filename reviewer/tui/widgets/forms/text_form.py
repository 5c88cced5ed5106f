"""Fields and a text: a message with its recipients, a statement with its parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static, TextArea

from ....domain.schema import violated
from ....domain.writes import MessageWrite
from ...forms.checks import MESSAGE, SQL, recipient_complaints
from ...forms.json_text import HeadedText, JsonText
from ...spelling import spell_out, take_back
from .field_form import MOST, FieldForm
from .typing import ValueArea, focus_now

if TYPE_CHECKING:
    from ....domain.writes import Write


class TextForm(FieldForm):
    """Fields above or below a text area that holds most of the write."""

    DEFAULT_CSS = """
    TextForm {
        & > .form-label { height: 1; padding: 0 1; color: $text-muted; background: $surface; }
        & > #form-text { height: 1fr; }
        & > FieldSheet { min-height: 5; }
        &.-unreadable > .form-label, &.-unreadable > #form-text { display: none; }
    }
    """
    FIXED = True
    ODD = "odd"
    NAMES: ClassVar[tuple[str, ...]] = ()
    BELOW: ClassVar[str] = ""
    """What the text is called, and its JSON pointer."""
    SCHEMA: ClassVar[Mapping[str, Any]] = {}
    TEXT_FIRST: ClassVar[bool] = False

    def __init__(self, write: Write, *, id: str | None = None, classes: str | None = None) -> None:
        self._ending = "\n"
        super().__init__(write, id=id, classes=classes)
        self.area = ValueArea(id="form-text")
        self.area.left = self._leave_text

    def parse(self, text: str) -> HeadedText:
        return HeadedText(text, self.NAMES)

    @property
    def schema(self) -> Mapping[str, Any]:
        return self.SCHEMA

    def complaints(self, value: Any) -> Iterable[tuple[str, str]]:
        return violated(value, self.SCHEMA, MOST) or ()

    def compose(self) -> ComposeResult:
        yield self.head
        label = Static(self.BELOW, classes="form-label", markup=False)
        yield from (label, self.area) if self.TEXT_FIRST else ()
        yield self.sheet
        yield from () if self.TEXT_FIRST else (label, self.area)
        yield Static("", id="form-cannot", markup=False)

    def filled(self, document: JsonText) -> None:
        super().filled(document)
        assert isinstance(document, HeadedText)
        spelled = spell_out(document.below)
        self._ending = spelled.ending
        self.area.fill(spelled.text)

    @on(TextArea.Changed, "#form-text")
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        if isinstance(self._document, HeadedText):
            self._document.below = take_back(self.area.text, self._ending)
            self.edited()

    def _leave_text(self, how: str) -> None:
        if how == "previous" or self.TEXT_FIRST:
            focus_now(self.sheet.lines)
        else:
            self.screen.focus_next()

    def tell(self) -> None:
        """The fields take what they need, at most half, and the text the rest."""
        super().tell()
        if self.sheet.fields is not None and self.size.height:
            needed = len(self.sheet.fields.lines) + 3  # the words about a field, and a line to add
            self.sheet.styles.height = max(5, min(needed, self.size.height // 2))

    def on_resize(self) -> None:
        self.tell()

    def go_to(self, pointer: str) -> None:
        if pointer.strip("/").split("/")[0] == self.BELOW.lower():
            focus_now(self.area)
        else:
            super().go_to(pointer)

    def watch_read_only(self) -> None:
        super().watch_read_only()
        self.area.read_only = self.read_only


class MessageForm(TextForm):
    """To, cc, bcc and subject, each recipient looked at, and the body."""

    NAMES = ("to", "cc", "bcc", "subject")
    BELOW = "Body"
    SCHEMA = MESSAGE

    def complaints(self, value: Any) -> Iterable[tuple[str, str]]:
        assert isinstance(self.write, MessageWrite)
        yield from super().complaints(value)
        yield from recipient_complaints(value, self.write.channel)


class SqlForm(TextForm):
    """The statement, and its parameters as fields."""

    NAMES = ("parameters",)
    BELOW = "Statement"
    SCHEMA = SQL
    TEXT_FIRST = True
