"""Fields that are edited in place: lines, the input over one of them, and words about it below."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.timer import Timer
from textual.widgets import Input, TextArea

from ...forms.fields import Line
from ...forms.typed import spell_text, to_type
from ...spelling import take_back
from ..bar import Bar
from .about import about
from .field_lines import FieldLines
from .typing import ValueArea, ValueInput

if TYPE_CHECKING:
    from ...forms.fields import Fields
    from ...forms.json_text import Kind, Path

PAUSE: Final = 0.1
"""Seconds without a key after which the fields are checked."""
PATIENCE: Final = 2.0
"""Seconds that a check may take; the schema is the agent's."""
TOO_SLOW: Final = "The agent's JSON Schema takes too long; it is not checked."
LONG: Final = 200
"""A longer text, or one of several lines, is typed in an area of its own, characters."""
TOO_LONG: Final = 200_000
"""A longer text is not typed here at all."""

Check = Callable[[Any], Iterable[tuple[str, str]]]
"""From a value to what is wrong with it: JSON pointers and sentences, hostile."""


class FieldSheet(Vertical):
    """Shows `Fields` and edits them.

    `edited` is called after every change, also to what cannot be read; `checked` when what is wrong
    was found out.  `changes` is how many fields differ from the proposal.
    """

    DEFAULT_CSS = """
    FieldSheet {
        height: 1fr;
        & > .field-holder { height: 1fr; }
        & > ValueArea { height: 2fr; display: none; border-top: solid $border; }
        & > ValueArea:focus { border-top: solid $primary; }
        & > ValueArea.-on { display: block; }
        & > Bar { background: $surface; padding: 0 1; }
    }
    """

    def __init__(self, check: Check, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.fields: Fields | None = None
        self.read_only = False
        self.unchecked = ""
        self.changes = 0
        self.edited: Callable[[], None] = lambda: None
        self.checked: Callable[[], None] = lambda: None
        self._check = check
        self._typing: tuple[Path, Kind, str] | None = None
        self._unseen, self._checking = False, False
        self._timer: Timer | None = None
        self.lines = FieldLines(id="field-lines")
        self.input = ValueInput(id="field-input")
        self.area = ValueArea(id="field-area")
        self.about = (Bar(id="about-1"), Bar(id="about-2"))

    def compose(self) -> ComposeResult:
        with Container(classes="field-holder"):
            yield self.lines
            yield self.input
        yield self.area
        yield from self.about

    def on_mount(self) -> None:
        self.lines.act = self.act
        self.lines.digit = self._digit
        self.lines.stood = self.tell
        self.lines.scrolled = self._place
        self.lines.pressed = self._pressed
        self.input.left = self.area.left = self._leave
        self.input.typed = self._typed
        if self.fields is not None:
            self.show(self.fields)

    # ------------------------------------------------------------------ showing

    def show(self, fields: Fields) -> None:
        """Shows these fields; what is being typed into another is over."""
        if self.fields is not None and fields is not self.fields:
            fields.folded = self.fields.folded
            fields.wrong = self.fields.wrong
            fields.rebuild()
        self.fields = fields
        if not self.is_mounted:
            return
        self._end()
        self.lines.show(fields)
        self.tell()
        self._look_through(0.0)

    def go_to(self, place: str) -> None:
        """Focuses the field at a JSON pointer."""
        assert self.fields is not None
        path = self.fields.path_of(place)
        self.fields.show(path)
        self.lines.refill()
        self.lines.cursor = self.fields.line_of(path)
        self.lines.focus()

    @property
    def refused(self) -> str:
        """Why what is being typed cannot stand where it does, or nothing."""
        return self.fields.refused[1] if self.fields is not None and self.fields.refused else ""

    def tell(self) -> None:
        """Says about the field under the cursor what there is to say."""
        if self.fields is not None:
            room = max(10, self.size.width - 2)
            for bar, parts in zip(
                self.about, about(self.fields, self.lines.line, room), strict=True
            ):
                bar.show(parts)

    def on_resize(self) -> None:
        self.tell()

    # ------------------------------------------------------------------ keys

    def act(self, name: str) -> None:
        """What a key of the form does to the field under the cursor."""
        line, fields = self.lines.line, self.fields
        if line is None or fields is None:
            if name == "add" and fields is not None:
                self._add(())
            return
        if name in ("next", "previous"):
            self._seek(1 if name == "next" else -1)
        elif name in ("left", "right"):
            self._sideways(line, 1 if name == "right" else -1)
        elif name in ("edit", "choose") and line.folds:
            self._fold(line, line.folds == "open")
        elif self.read_only:
            self.notify("This cannot be changed now.", markup=False)
        else:
            self._change(name, line)

    def _change(self, name: str, line: Line) -> None:
        fields, path = self.fields, line.path
        assert fields is not None
        if self.refused:
            self.input.focus()
            return
        if name == "restore":
            self._done(fields.restore(path), path, "This is what was proposed.")
        elif line.what == "absent" and name in ("edit", "choose", "add"):
            self._done(changed=True, path=fields.add(path))
        elif line.what != "field":
            return
        elif name in ("edit", "choose"):
            chosen = fields.choose(path, 1)
            if chosen:
                self._done(chosen, path)
            else:
                self.type(path)
        else:
            self._change_there(name, path)

    def _change_there(self, name: str, path: Path) -> None:
        """The same to a field that is there."""
        fields = self.fields
        assert fields is not None
        if name == "add":
            self._add(path)
        elif name == "remove":
            self._remove(path)
        elif name == "null":
            fields.put(path, "null")
            self._done(changed=True, path=path)
        elif name == "type":
            self._done(fields.retype(path), path, "Nothing of another type may stand here.")

    def _remove(self, path: Path) -> None:
        assert self.fields is not None
        why, here = self.fields.why_not_remove(path), self.lines.cursor
        if not why:
            self.fields.remove(path)
        self._done(not why, path, why)
        if not why and self.lines.line is not None and self.lines.line.path != path:
            self.lines.cursor = here  # what came in its place, not what is around it

    def _sideways(self, line: Line, step: int) -> None:
        fields = self.fields
        assert fields is not None
        if line.folds:
            if step < 0 and line.folds == "shut":
                self._stand(line.path[:-1])
            else:
                self._fold(line, step < 0)
        elif line.what == "field" and not self.read_only and fields.choose(line.path, step):
            self._done(changed=True, path=line.path)
        elif step < 0 and len(line.path) > 1 and not fields.choices(line.path):
            self._stand(line.path[:-1])

    def _fold(self, line: Line, shut: bool) -> None:
        assert self.fields is not None
        self.fields.folded[line.path] = shut
        self.fields.rebuild()
        self.lines.refill(line)

    def _seek(self, step: int) -> None:
        """The next field that is wrong or changed, around the end."""
        fields = self.fields
        assert fields is not None
        count = len(fields.lines)
        for distance in range(1, count + 1):
            at = (self.lines.cursor + step * distance) % count
            line = fields.lines[at]
            wrong = line.path in fields.wrong
            if line.what != "wrong" and (wrong or (not line.folds and fields.sign(line) != " ")):
                self.lines.cursor = at
                return
        self.notify("Nothing is wrong or changed.", markup=False)

    def _add(self, path: Path) -> None:
        """A new item after the one at a path, or in the list at it; a new member of an object."""
        fields = self.fields
        assert fields is not None
        node = fields.document.find(path)
        around = fields.document.find(path[:-1]) if path else None
        if node is not None and node.kind == "array":
            self._done(changed=True, path=fields.add((*path, len(node.parts))))
        elif around is not None and around.kind == "array" and isinstance(path[-1], int):
            self._done(changed=True, path=fields.add((*path[:-1], path[-1] + 1)))
        else:
            inside = path if node is not None and node.kind == "object" else path[:-1]
            if fields.fixed and not inside:
                self.notify("There are no other fields here.", markup=False)
            else:
                self._name_one(inside)

    def _name_one(self, path: Path) -> None:
        """Asks for the name of a new member, in the place of its value."""
        fields = self.fields
        assert fields is not None
        if not fields.facts(path).others:
            self.notify("The schema allows no other fields here.", markup=False)
            return
        self._typing = (path, "null", "name")
        self.input.placeholder = "name of the new field"
        self.input.begin("")
        self._place()

    def _done(self, changed: bool, path: Path, why: str = "") -> None:
        """A key was followed: draws what came of it, or says why nothing did."""
        if not changed:
            if why:
                self.notify(why, markup=False)
            return
        self.lines.refill(Line("field", path))
        self._edited()

    def _edited(self) -> None:
        self.tell()
        self.edited()
        self._look_through(PAUSE)

    def _stand(self, path: Path) -> None:
        assert self.fields is not None
        self.lines.cursor = self.fields.line_of(path)

    def _pressed(self, x: int, times: int) -> None:
        line = self.lines.line
        if line is None:
            return
        if line.folds and x < self.lines.value_at:
            self._fold(line, line.folds == "open")
        elif times > 1:
            self.act("edit")

    # ------------------------------------------------------------------ typing

    def _digit(self, char: str) -> bool:
        line = self.lines.line
        if line is None or line.node is None or self.read_only or self.fields is None:
            return False
        number = self.fields.kind_to_type(line.path) == "number"
        if number and not self.fields.choices(line.path):
            self.type(line.path, char)
        return number

    def type(self, path: Path, replace: str = "") -> None:
        """Lets the person type into a field; `replace` is typed already."""
        fields = self.fields
        assert fields is not None
        node = fields.document.find(path)
        if node is None or node.kind in ("object", "array") or self.read_only:
            return
        self._stand(path)
        kind = fields.kind_to_type(path)
        self._typing = (path, kind, node.source)
        value = node.value if node.kind == kind or node.kind != "null" else ""
        if isinstance(value, str) and (len(value) > LONG or "\n" in value):
            self._type_long(value)
            return
        self.input.placeholder = "null" if node.kind == "null" else ""
        self.input.begin(to_type(value), replace=replace)
        self._place()

    def _type_long(self, value: str) -> None:
        if len(value) > TOO_LONG:
            self._typing = None
            self.notify(f"{len(value):,} characters are too many here; F4 edits it.", markup=False)
            return
        self.area.fill(spell_text(value))
        self.area.add_class("-on")
        self.area.focus()

    def _place(self) -> None:
        """Puts the input over the value of the field that is typed."""
        if self._typing is None or self.fields is None or self.area.has_class("-on"):
            return
        path, _, purpose = self._typing
        y = self.fields.line_of(path) - self.lines.scroll_offset.y
        x = 2 if purpose == "name" else self.lines.value_at
        visible = 0 <= y < max(1, self.lines.size.height)
        self.input.place(x, y if visible else self.lines.size.height, self.lines.room - x)

    @on(TextArea.Changed)
    def _typed_long(self, event: TextArea.Changed) -> None:
        event.stop()
        self._typed(self.area.text)

    @on(Input.Changed)
    def _heard(self, event: Input.Changed) -> None:
        event.stop()

    def _typed(self, text: str) -> None:
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
        self._edited()

    def _leave(self, how: str) -> None:
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
            self._edited()
        elif self.refused:
            self.app.bell()
            return
        self._end()
        self.lines.focus()
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
        self._end()
        self.lines.focus()
        if how == "undo" or not name or node is None:
            return
        if node.place(name) is not None:
            self._stand((*path, name))
            self.notify("A field with this name is there already.", markup=False)
            return
        self._done(changed=True, path=fields.add((*path, name)))
        self.type((*path, name))

    def _end(self) -> None:
        self._typing = None
        self.input.end()
        self.area.remove_class("-on")

    # ------------------------------------------------------------------ checking

    def _look_through(self, pause: float) -> None:
        """Checks the fields when no key has come for a while."""
        if self._timer is not None:
            self._timer.stop()
        self._unseen = True
        self._timer = self.set_timer(pause, self._start) if pause else None
        if not pause:
            self._start()

    def _start(self) -> None:
        if not self._checking and not self.unchecked:
            self._checking = True
            self.run_worker(self._look(), group="check")

    async def _look(self) -> None:
        try:
            while self._unseen and self.fields is not None:
                self._unseen = False
                fields = self.fields
                async with asyncio.timeout(PATIENCE):
                    found = await asyncio.to_thread(_checked, self._check, fields.value)
                if fields is self.fields and fields.complain(found):
                    self.lines.refill(self.lines.line)
                    self._place()
                self.changes = fields.compared.changes()
                self.tell()
                self.checked()
        except TimeoutError:
            self.unchecked = TOO_SLOW
            self.checked()
        finally:
            self._checking = False


def _checked(check: Check, value: Any) -> list[tuple[str, str]]:
    return list(check(value))
