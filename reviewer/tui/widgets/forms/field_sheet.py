"""Fields that are edited in place: lines, the input over one of them, and words about it below."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Container

from ...forms.fields import Line
from ..bar import Bar
from .about import about
from .checking import Check, Checking, Found
from .field_typing import FieldTyping
from .typing import focus_now

if TYPE_CHECKING:
    from ...forms.fields import Fields
    from ...forms.json_text import Path


class FieldSheet(FieldTyping):
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
        & > Bar { background: $surface; padding: 0 1; }
    }
    """

    def __init__(self, check: Check, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.changes = 0
        self.edited: Callable[[], None] = lambda: None
        self.checked: Callable[[], None] = lambda: None
        self.checking = Checking(self, check, self._to_check, self._take)
        self.about = (Bar(id="about-1"), Bar(id="about-2"))

    def compose(self) -> ComposeResult:
        with Container(classes="field-holder"):
            yield self.lines
            yield self.input
        yield self.area
        yield from self.about

    def on_mount(self) -> None:
        self.lines.act = self.act
        self.lines.digit = self.digit
        self.lines.stood = self.tell
        self.lines.scrolled = self.place
        self.lines.pressed = self._pressed
        self.input.left = self.area.left = self.leave
        self.input.typed = self.typed
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
        self.end_typing()
        self.lines.show(fields)
        self.tell()
        self.checking.ask(0.0)

    def go_to(self, place: str) -> None:
        """Focuses the field at a JSON pointer."""
        assert self.fields is not None
        path = self.fields.path_of(place)
        self.fields.show(path)
        self.lines.refill()
        self.lines.cursor = self.fields.line_of(path)
        focus_now(self.lines)

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
            focus_now(self.input)
            return
        if name == "restore":
            self._done(fields.restore(path), path, "This is what was proposed.")
        elif line.what == "absent" and name in ("edit", "choose", "add"):
            self._added(fields.add(path))
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
                self.stand(line.path[:-1])
            else:
                self._fold(line, step < 0)
        elif line.what == "field" and not self.read_only and fields.choose(line.path, step):
            self._done(changed=True, path=line.path)
        elif step < 0 and len(line.path) > 1 and not fields.choices(line.path):
            self.stand(line.path[:-1])

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
            wrong = line.path in fields.wrong or fields.wrong_inside(line)
            changed = line.folds != "open" and fields.sign(line) != " "
            if line.what != "wrong" and (wrong or changed):
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
            self._added(fields.add((*path, len(node.parts))))
        elif around is not None and around.kind == "array" and isinstance(path[-1], int):
            self._added(fields.add((*path[:-1], path[-1] + 1)))
        else:
            inside = path if node is not None and node.kind == "object" else path[:-1]
            if fields.fixed and not inside:
                self.notify("There are no other fields here.", markup=False)
            else:
                self.name_one(inside)

    def _added(self, path: Path) -> None:
        """A field or an item is new: what comes next is its value, so letters are letters."""
        self._done(changed=True, path=path)
        assert self.fields is not None
        if not self.fields.choices(path):
            self.type(path)

    def _done(self, changed: bool, path: Path, why: str = "") -> None:
        """A key was followed: draws what came of it, or says why nothing did."""
        if not changed:
            if why:
                self.notify(why, markup=False)
            return
        self.lines.refill(Line("field", path))
        self.done()

    def done(self) -> None:
        self.tell()
        self.edited()
        self.checking.ask()

    def _pressed(self, x: int, times: int) -> None:
        line = self.lines.line
        if line is None:
            return
        if line.folds and x < self.lines.value_at:
            self._fold(line, line.folds == "open")
        elif times > 1:
            self.act("edit")

    # ------------------------------------------------------------------ checking

    def _to_check(self) -> tuple[Any, object]:
        return (self.fields.value if self.fields is not None else None), self.fields

    def _take(self, found: Found | None) -> None:
        """Shows what is wrong."""
        if self.fields is None:
            return
        stood = self.lines.line
        if found is not None and self.fields.complain(found):
            self.lines.refill(stood)
            self.place()
        self.changes = self.fields.compared.changes()
        self.tell()
        self.checked()
