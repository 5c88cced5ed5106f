"""Typing into a field: the input over its line, the area of a long text, the name of a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual import on
from textual.containers import Vertical
from textual.widgets import Input, TextArea

from ...forms.fields import Line
from ...forms.typed import spell_text, to_type
from ...spelling import take_back
from .field_lines import FieldLines
from .typing import ValueArea, ValueInput, focus_now

if TYPE_CHECKING:
    from ...forms.fields import Fields
    from ...forms.json_text import Kind, Path

LONG: Final = 200
"""A longer text, or one of several lines, is typed in an area of its own, characters."""
TOO_LONG: Final = 200_000
"""A longer text is not typed here at all."""


class FieldTyping(Vertical):
    """Lines of fields, and where a value is typed.  `done` is called after every change."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.fields: Fields | None = None
        self.read_only = False
        self.lines = FieldLines(id="field-lines")
        self.input = ValueInput(id="field-input")
        self.area = ValueArea(id="field-area")
        self._typing: tuple[Path, Kind, str] | None = None

    def done(self) -> None:
        """Something was changed."""
        raise NotImplementedError

    def stand(self, path: Path) -> None:
        """Puts the cursor on a field."""
        assert self.fields is not None
        self.lines.cursor = self.fields.line_of(path)

    @property
    def refused(self) -> str:
        """Why what is being typed cannot stand where it does, or nothing."""
        return self.fields.refused[1] if self.fields is not None and self.fields.refused else ""

    def digit(self, char: str) -> None:
        """Types over the number under the cursor, if it is one."""
        line = self.lines.line
        if line is None or line.node is None or self.read_only or self.fields is None:
            return
        number = self.fields.kind_to_type(line.path) == "number"
        if number and not self.fields.choices(line.path) and not self.refused:
            self.type(line.path, char)

    def type(self, path: Path, replace: str = "") -> None:
        """Lets the person type into a field; `replace` is typed already."""
        fields = self.fields
        assert fields is not None
        node = fields.document.find(path)
        if node is None or node.kind in ("object", "array") or self.read_only:
            return
        self.stand(path)
        kind = fields.kind_to_type(path)
        self._typing = (path, kind, node.source)
        value = node.value if node.kind == kind or node.kind != "null" else ""
        if isinstance(value, str) and (len(value) > LONG or "\n" in value):
            self._type_long(value)
            return
        self.input.placeholder = "null" if node.kind == "null" else ""
        self.input.begin(to_type(value), replace=replace)
        self.place()

    def _type_long(self, value: str) -> None:
        if len(value) > TOO_LONG:
            self._typing = None
            self.notify(f"{len(value):,} characters are too many here; F4 edits it.", markup=False)
            return
        self.area.fill(spell_text(value))
        self.area.display = True
        focus_now(self.area)

    def place(self) -> None:
        """Puts the input over the value of the field that is typed."""
        if self._typing is None or self.fields is None or self.area.display:
            return
        path, _, purpose = self._typing
        y = self.fields.line_of(path) - self.lines.scroll_offset.y
        x = 2 if purpose == "name" else self.lines.value_at
        visible = 0 <= y < max(1, self.lines.size.height)
        self.input.place(x, y if visible else self.lines.size.height, self.lines.room - x)

    @on(TextArea.Changed)
    def _typed_long(self, event: TextArea.Changed) -> None:
        event.stop()
        self.typed(self.area.text)

    @on(Input.Changed)
    def _heard(self, event: Input.Changed) -> None:
        event.stop()

    def typed(self, text: str) -> None:
        if self._typing is None or self.fields is None or self._typing[2] == "name":
            return
        path, kind, source = self._typing
        before = len(self.fields.lines)
        self.fields.type(path, text, kind)
        if self.fields.refused is not None:  # half of what was meant is not what is kept
            self.fields.put(path, source)
        if len(self.fields.lines) != before:
            self.lines.refill(Line("field", path))
        else:
            number = self.fields.line_of(path)
            self.lines.redraw_line(number)
            self.lines.redraw_line(number + 1)  # why it cannot stand there
        self.done()

    def leave(self, how: str) -> None:
        assert self.fields is not None
        if self._typing is None:
            return
        path, _, before = self._typing
        if before == "name":
            self._named(path, how)
            return
        if how == "undo":
            self.fields.refuse(path, "")
            self.fields.put(path, before)
            self.lines.refill(Line("field", path))
            self.done()
        elif self.refused:
            self.app.bell()
            return
        self.end_typing()
        focus_now(self.lines)
        if how in ("down", "up"):
            self.lines.step(how)
        elif how in ("next", "previous"):
            self.lines.step("down" if how == "next" else "up")
            line = self.lines.line
            if line is None or line.path == path or line.node is None:
                return
            if not self.fields.choices(line.path):
                self.type(line.path)

    def _named(self, path: Path, how: str) -> None:
        """The name of a new member was typed."""
        fields, name = self.fields, take_back(self.input.value)
        assert fields is not None
        node = fields.document.find(path)
        self.end_typing()
        focus_now(self.lines)
        if how == "undo" or not name or node is None:
            return
        if node.place(name) is not None:
            self.stand((*path, name))
            self.notify("A field with this name is there already.", markup=False)
            return
        self.lines.refill(Line("field", fields.add((*path, name))))
        self.done()
        self.type((*path, name))

    def end_typing(self) -> None:
        self._typing = None
        if self.is_attached and self.screen.focused in (self.input, self.area):
            focus_now(self.lines)
        self.input.end()
        self.area.display = False

    def name_one(self, path: Path) -> None:
        """Asks for the name of a new member, in the place of its value."""
        fields = self.fields
        assert fields is not None
        if not fields.facts(path).others:
            self.notify("The schema allows no other fields here.", markup=False)
            return
        self._typing = (path, "null", "name")
        self.input.placeholder = "name of the new field"
        self.input.begin("")
        self.place()
