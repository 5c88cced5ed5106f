"""The form of a rows write: a table of what is inserted, updated and deleted, cell by cell."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Final, Self

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.timer import Timer
from textual.widgets import Input, Static

from ....domain.errors import InputError
from ....domain.writes import RowsWrite
from ....untrusted import one_line, show_line
from ...forms import form_of
from ...forms.json_text import JsonText, Kind
from ...forms.table import Row, Table
from ...forms.typed import to_type, typed
from ...spelling import spell_out, take_back
from ..bar import Bar, Part
from .base import WriteForm
from .grid import Grid
from .rows_words import about_cell, counted
from .typing import ValueInput, focus_now

if TYPE_CHECKING:
    from ....domain.writes import Write

LARGE: Final = 100_000
"""A longer text is read in a thread, characters."""
PAUSE: Final = 0.1
"""Seconds without a key after which the rows are counted."""


class RowsForm(WriteForm):
    """Cells are typed in place; a row is left out and taken back."""

    DEFAULT_CSS = """
    RowsForm {
        & > Bar { background: $surface; padding: 0 1; }
        & > .grid-holder { height: 1fr; }
        & > #form-cannot { display: none; height: 1fr; padding: 1 2; color: $text-error; }
        &.-unreadable > GridHead, &.-unreadable > .grid-holder { display: none; }
        &.-unreadable > #form-cannot { display: block; }
    }
    """

    def __init__(self, write: Write, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(write, id=id, classes=classes)
        self.table: Table | None = None
        self.cannot = ""
        self._given = ""
        self._touched = False
        self._typing: tuple[Row, str, Kind, str | None] | None = None
        self._refused = ""
        self._counts: dict[str, int] = {}
        self._go: str | None = None
        self._timer: Timer | None = None
        self.head = Bar(id="form-head")
        self.grid = Grid(id="grid")
        self.input = ValueInput(id="cell-input")
        self.about = (Bar(id="about-1"), Bar(id="about-2"))
        self.grid.act, self.grid.digit = self.act, self._digit
        self.grid.scrolled, self.grid.stood = self._place, self.tell
        self.grid.pressed = self._pressed
        self.input.left, self.input.typed = self._leave, self._typed

    def compose(self) -> ComposeResult:
        yield self.head
        yield self.grid.head
        with Container(classes="grid-holder"):
            yield self.grid
            yield self.input
        yield Static("", id="form-cannot", markup=False)
        yield from self.about

    def on_mount(self) -> None:
        self._show()

    # ------------------------------------------------------------------ the form

    def load(self, text: str) -> None:
        if text == self.text and (self.table is not None or self.cannot):
            return
        self._given, self._touched = text, False
        self.table, self.cannot = None, ""
        if len(text) < LARGE:
            self._take(text)
        elif self.is_attached:
            self.run_worker(self._read(text), group="read", exclusive=True)

    async def _read(self, text: str) -> None:
        await asyncio.to_thread(self._take, text)
        self._show()

    def _take(self, text: str) -> None:
        """Reads a text; in a thread where it is long."""
        assert isinstance(self.write, RowsWrite)
        try:
            proposed = JsonText(form_of(self.write).text(self.write))
            table = Table(JsonText(take_back(text)), proposed, self.write.key_columns)
            counts = table.counts()
        except InputError as error:
            if text == self._given:
                self.cannot = one_line(str(error), 400)
            return
        if text == self._given:  # nothing else was loaded meanwhile
            self.table, self._counts = table, counts
        if len(text) < LARGE:
            self._show()

    def _show(self) -> None:
        if not self.is_mounted:
            return
        self.set_class(bool(self.cannot), "-unreadable")
        if self.cannot:
            words = f"{self.cannot}\n\nThe text can be put right as text."
            self.query_one("#form-cannot", Static).update(show_line(words, 500))
        elif self.table is None:
            self.head.show([Part("reading…", "quiet")])
            if self._given:
                self.run_worker(self._read(self._given), group="read", exclusive=True)
            return
        else:
            self._end()
            self.grid.show(self.table)
            if self._go is not None:
                self.go_to(self._go)
        self.tell()

    @property
    def text(self) -> str:
        if not self._touched or self.table is None:
            return self._given
        return spell_out(self.table.text, line_ends=False).text

    @property
    def wrong(self) -> str:
        if self.cannot:
            return self.cannot
        if self._refused and self._typing is not None:
            return one_line(f"{self._typing[1]}: {self._refused}", 400)
        if self.table is not None and all(row.node is None for row in self.table.rows):
            return "Every row is left out; F8 leaves the whole write out."
        return ""

    def go_to(self, pointer: str) -> None:
        if self.table is None:
            self._go = pointer
            return
        self._go = None
        path: list[str | int] = []
        for part in pointer.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            path.append(int(name) if len(path) == 1 and name.isdecimal() else name)
        row, column = self.table.place(tuple(path))
        self.grid.go(row, top=True)
        self.grid.go_column(column)
        focus_now(self.grid)

    def focus(self, scroll_visible: bool = True) -> Self:  # noqa: ARG002
        focus_now(self.grid)
        return self

    # ------------------------------------------------------------------ words

    def tell(self) -> None:
        """Says how many rows there are, and what there is to say about the cell."""
        if self.table is None:
            return
        self.head.show(*counted(self._counts))
        row, room = self.grid.row, max(10, self.size.width - 2)
        if row is not None and self.table.columns:
            column, at = self.grid.column_name, self.grid.cursor
            words = about_cell(self.table, row, column, at, room, self._refused)
            for bar, parts in zip(self.about, words, strict=True):
                bar.show(parts)

    # ------------------------------------------------------------------ keys

    def act(self, name: str) -> None:
        """What a key of the form does to the cell or row under the cursor."""
        columns = {"left": -1, "right": 1}
        if self.table is None:
            return
        if name in columns:
            self.grid.go_column(self.grid.column + columns[name])
        elif name in ("first_column", "last_column"):
            self.grid.go_column(0 if name == "first_column" else len(self.table.columns))
        elif name in ("next", "previous"):
            self._seek(1 if name == "next" else -1)
        elif self.read_only:
            self.notify("This cannot be changed now.", markup=False)
        elif self._refused:
            focus_now(self.input)
        elif name == "add":
            new = self.table.insert(self.grid.cursor)
            self._done(relaid=True)
            self.grid.go(new)
        elif self.grid.row is not None:
            self._change(name, self.grid.row, self.table)

    def _change(self, name: str, row: Row, table: Table) -> None:
        column = self.grid.column_name
        if name == "remove":
            if row.node is None:
                table.restore(row, column)
            else:
                table.leave_out(self.grid.cursor)
            self._done(relaid=row.proposed is None)
            return
        if name == "restore":
            if table.restore(row, column):
                self._done()
            else:
                self.notify("This is what was proposed.", markup=False)
            return
        why = table.why_not(row, column)
        node = table.cell(row, column)
        if why:
            self.notify(why, markup=False)
        elif name == "null":
            self._put(row, column, "null")
        elif name == "type":
            self._retype(row, column)
        elif name == "choose" and node is not None and node.kind == "boolean":
            self._put(row, column, "false" if node.source == "true" else "true")
        elif name == "edit":
            self.type(row, column)

    def _retype(self, row: Row, column: str) -> None:
        """A text becomes a number or a truth value, and the other way, where it says the same."""
        assert self.table is not None
        node = self.table.cell(row, column)
        if node is None or node.kind in ("object", "array"):
            return
        if node.kind != "string":
            self._put(row, column, json.dumps("" if node.kind == "null" else node.source))
            return
        others: tuple[Kind, ...] = ("number", "boolean", "null")
        for kind in others:
            try:
                self._put(row, column, typed(str(node.value), kind))
            except InputError:
                continue
            return
        self.notify("This text is neither a number nor true or false.", markup=False)

    def _put(self, row: Row, column: str, source: str) -> None:
        assert self.table is not None
        self.table.put(row, column, source)
        self._done()

    def _done(self, *, relaid: bool = False) -> None:
        """A key was followed; with `relaid` rows came or went."""
        if relaid:
            self.grid.refill()
        else:
            self.grid.redraw_line(self.grid.cursor)
        self._edited()

    def _edited(self) -> None:
        self._touched = True
        self.tell()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(PAUSE, self._count)
        self.post_message(self.Changed(self))

    def _count(self) -> None:
        if self.table is not None:
            self._counts = self.table.counts()
            self.tell()

    def _seek(self, step: int) -> None:
        """The next row that was changed, around the end."""
        assert self.table is not None
        rows, here = self.table.rows, self.grid.cursor
        for distance in range(1, len(rows) + 1):
            at = (here + step * distance) % len(rows)
            if rows[at].sign != " ":
                changed = [
                    number
                    for number, name in enumerate(self.table.columns)
                    if self.table.changed(rows[at], name)
                ]
                self.grid.go(at)
                if changed and self.grid.column not in changed:
                    self.grid.go_column(changed[0])
                return
        self.notify("Nothing is changed.", markup=False)

    def _pressed(self, x: int, times: int) -> None:
        column = self.grid.cell_at(x)
        if column is not None:
            again = column == self.grid.column
            self.grid.go_column(column)
            if times > 1 and again:
                self.act("edit")

    # ------------------------------------------------------------------ typing

    def _digit(self, char: str) -> None:
        row = self.grid.row
        if row is None or self.table is None or self.read_only or self._refused:
            return
        column = self.grid.column_name
        if not self.table.why_not(row, column) and self.table.kind(row, column) == "number":
            self.type(row, column, char)

    def type(self, row: Row, column: str, replace: str = "") -> None:
        """Lets the person type into a cell; `replace` is typed already."""
        assert self.table is not None
        node, kind = self.table.cell(row, column), self.table.kind(row, column)
        self._typing = (row, column, kind, None if node is None else node.source)
        self.input.placeholder = "" if node is not None and node.kind != "null" else "null"
        empty = node is None or node.kind == "null"
        self.input.begin("" if empty or node is None else to_type(node.value), replace=replace)
        self._place()

    def _place(self) -> None:
        """Puts the input over the cell that is typed; wide enough to type in."""
        if self._typing is None or self.table is None:
            return
        row, column = self._typing[:2]
        number = self.table.columns.index(column)
        y = self.grid.cursor - self.grid.scroll_offset.y
        if self.grid.row is not row:
            y = self.table.rows.index(row) - self.grid.scroll_offset.y
        place = next((p for p in self.grid.layout_columns() if p[0] == number), None)
        height = self.grid.size.height
        if place is None or not 0 <= y < max(1, height):
            self.input.place(0, height, 1)
            return
        width = max(place[2], min(24, self.grid.room))
        self.input.place(min(place[1], self.grid.room - width), y, width)

    @on(Input.Changed)
    def _heard(self, event: Input.Changed) -> None:
        event.stop()

    def _typed(self, text: str) -> None:
        if self._typing is None or self.table is None:
            return
        row, column, kind, before = self._typing
        try:
            self.table.put(row, column, typed(text, kind))
            self._refused = ""
        except InputError as error:
            self._refused = str(error)
            self.table.put_back(row, column, before)
        self.grid.redraw_line(self.grid.cursor)
        self._edited()

    def _leave(self, how: str) -> None:
        if self._typing is None or self.table is None:
            return
        row, column, _, before = self._typing
        if how == "undo":
            self._refused = ""
            self.table.put_back(row, column, before)
            self._done()
        elif self._refused:
            self.app.bell()
            return
        self._end()
        focus_now(self.grid)
        if how in ("down", "up"):
            self.grid.move(how)
        elif how in ("next", "previous"):
            self.grid.go_column(self.grid.column + (1 if how == "next" else -1))
            here = self.grid.row
            if here is not None and not self.table.why_not(here, self.grid.column_name):
                self.type(here, self.grid.column_name)

    def _end(self) -> None:
        self._typing, self._refused = None, ""
        self.input.end()
