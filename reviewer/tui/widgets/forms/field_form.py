"""The form of a JSON document: a record, a tool call's arguments, a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Self

from textual.app import ComposeResult
from textual.reactive import reactive
from textual.widgets import Static

from ....domain.errors import InputError
from ....domain.schema import UNUSABLE, violated
from ....untrusted import one_line, show_line
from ...forms import form_of
from ...forms.checks import REQUEST, request_complaints
from ...forms.fields import Fields
from ...forms.json_text import JsonText
from ...spelling import spell_out, take_back
from ..bar import Bar, Part
from .about import named
from .base import WriteForm
from .field_sheet import FieldSheet
from .typing import focus_now

if TYPE_CHECKING:
    from ....domain.writes import Write

MOST: Final = 100
"""How many things that are wrong are looked for."""


class FieldForm(WriteForm):
    """Fields by path, typed and offered by the JSON Schema that the write carries."""

    DEFAULT_CSS = """
    FieldForm {
        & > #form-head { background: $surface; padding: 0 1; }
        & > #form-cannot { display: none; height: 1fr; padding: 1 2; color: $text-error; }
        &.-unreadable > FieldSheet { display: none; }
        &.-unreadable > #form-cannot { display: block; }
    }
    """
    ODD = "wrong"
    """What the number above the fields counts."""
    FIXED = False
    """Whether the outermost members neither come nor go."""

    cannot: reactive[str] = reactive("")
    """Why the text cannot be shown as fields; safe to show."""

    def __init__(self, write: Write, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(write, id=id, classes=classes)
        self._given = ""
        self._touched = False
        self._document: JsonText | None = None
        self._proposed = self.parse(form_of(write).text(write))
        self.head = Bar(id="form-head")
        self.sheet = FieldSheet(self.complaints, id="field-sheet")
        self.sheet.edited = self.edited
        self.sheet.checked = self.tell

    # ------------------------------------------------------------------ for subclasses

    def parse(self, text: str) -> JsonText:
        """The document in a form's text; raises `InputError`."""
        document = JsonText(text)
        if document.root.kind != "object":
            raise InputError("a JSON object is wanted, with its fields in braces")
        return document

    @property
    def schema(self) -> Mapping[str, Any] | None:
        """The JSON Schema of the document, if there is one."""
        return form_of(self.write).schema(self.write)

    def complaints(self, value: Any) -> Iterable[tuple[str, str]]:
        """What is wrong with the value; called in a thread."""
        schema = self.schema
        if schema is None:
            return ()
        found = violated(value, schema, MOST)
        return [("", UNUSABLE)] if found is None else found

    # ------------------------------------------------------------------ the form

    def compose(self) -> ComposeResult:
        yield self.head
        yield self.sheet
        yield Static("", id="form-cannot", markup=False)

    def on_mount(self) -> None:
        self.watch_cannot()
        self.watch_read_only()
        self.tell()

    def load(self, text: str) -> None:
        if text == self.text and (self._document is not None or self.cannot):
            return
        self._given, self._touched = text, False
        try:
            self._document = self.parse(take_back(text))
        except InputError as error:
            self._document = None
            self.cannot = one_line(str(error), 400)
            return
        self.cannot = ""
        self.filled(self._document)

    def filled(self, document: JsonText) -> None:
        """Shows a document that was loaded."""
        self.sheet.show(Fields(document, self._proposed, self.schema, fixed=self.FIXED))
        self.tell()

    @property
    def text(self) -> str:
        if not self._touched or self._document is None:
            return self._given
        return spell_out(self._document.text, line_ends=False).text

    @property
    def wrong(self) -> str:
        if self.cannot:
            return self.cannot
        fields = self.sheet.fields
        if fields is None or fields.refused is None:
            return ""
        path, sentence = fields.refused
        return one_line(f"{named(path)}: {sentence}", 400)

    def go_to(self, pointer: str) -> None:
        if self.sheet.fields is not None:
            self.sheet.go_to(pointer)

    def focus(self, scroll_visible: bool = True) -> Self:  # noqa: ARG002
        focus_now(self.sheet.lines)
        return self

    def edited(self) -> None:
        """Something was typed."""
        self._touched = True
        self.tell()
        self.post_message(self.Changed(self))

    def watch_read_only(self) -> None:
        """What may be typed into follows."""
        self.sheet.read_only = self.sheet.input.disabled = self.sheet.area.read_only = (
            self.read_only
        )

    def watch_cannot(self) -> None:
        """Shows why there are no fields, or the fields."""
        self.set_class(bool(self.cannot), "-unreadable")
        if self.is_mounted:
            words = f"{self.cannot}\n\nThe text can be put right as text."
            self.query_one("#form-cannot", Static).update(show_line(words, 500))

    def tell(self) -> None:
        """Says above the fields how many are wrong and changed."""
        self.head.show(*head_parts(self.sheet, self.ODD, self.schema is not None))


def head_parts(sheet: FieldSheet, odd: str, checked: bool) -> tuple[list[Part], list[Part]]:
    """The line above the fields: what is wrong and what was changed, and how to go on."""
    fields = sheet.fields
    if fields is None:
        return [], []
    wrong = sum(map(len, fields.wrong.values())) + (fields.refused is not None)
    left = []
    if sheet.checking.given_up:
        left.append(Part("? not checked", "warn", keep=9))
    elif wrong:
        left.append(Part(f"✗ {wrong} {odd}", "bad", keep=9))
    elif checked:
        left.append(Part(f"✓ nothing {odd}", "good", keep=9))
    else:
        left.append(Part("no schema", "quiet", keep=7))
    if sheet.changes:
        left.append(Part(f"  ~ {sheet.changes} changed", "warn", keep=8))
    keys = [Part("  enter ", "key", keep=1), Part("edit  ", "quiet", keep=1)]
    keys += [Part("+ - ", "key", keep=1), Part("add, remove  ", "quiet", keep=1)]
    return left, [*keys, Part("n ", "key", keep=2), Part("next", "quiet", keep=2)]


class RequestForm(FieldForm):
    """Method, URL, headers and body of a request; the body is a text or JSON."""

    FIXED = True
    ODD = "odd"

    @property
    def schema(self) -> Mapping[str, Any]:
        return REQUEST

    def complaints(self, value: Any) -> Iterable[tuple[str, str]]:
        return [*(violated(value, REQUEST, MOST) or ()), *request_complaints(value)]
