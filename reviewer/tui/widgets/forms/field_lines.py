"""The fields of a document as virtual lines: sign, label, value, and what is wrong below them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from typing_extensions import override

from ....untrusted import one_line
from ...forms.fields import Line, preview
from .form_lines import SIGNS, FormLines

if TYPE_CHECKING:
    from ...forms.fields import Fields

KINDS: Final = {
    "string": "text", "number": "number", "boolean": "yes/no", "null": "null",
    "object": "fields", "array": "list",
}  # fmt: skip
_FOLDS: Final = {"open": "▾ ", "shut": "▸ ", "": "  "}


class FieldLines(FormLines):
    """One line for each field, and one below it for each thing that is wrong with it."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.fields: Fields | None = None
        self._label_width = 0

    # ------------------------------------------------------------------ lines

    @property
    def line_count(self) -> int:
        return len(self.fields.lines) if self.fields is not None else 0

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        if self.fields is None or not self.fields.lines:
            return None
        return self.fields.lines[min(self.cursor, len(self.fields.lines) - 1)]

    def show(self, fields: Fields) -> None:
        """Shows these fields; the cursor stays on its field where it is still there."""
        line = self.line
        self.fields = fields
        self.refill(line)

    def refill(self, stay: Line | None = None) -> None:
        """The lines are others now; the cursor goes where `stay` was."""
        assert self.fields is not None
        self._label_width = 0
        number = self.fields.line_of(stay.path) if stay is not None else 0
        self.relaid()
        self.cursor = number
        self._over_sentences(1)

    @property
    def value_at(self) -> int:
        """The cell at which values begin."""
        if not self._label_width and self.fields is not None:
            longest = max((_wide(line) for line in self.fields.lines), default=0)
            self._label_width = max(6, min(longest, self.room * 2 // 5, 40))
        return 2 + self._label_width + 2

    def on_resize(self) -> None:
        self._label_width = 0
        super().on_resize()

    # ------------------------------------------------------------------ drawing

    @override
    def draw_line(self, index: int, x: int, width: int) -> Strip:
        assert self.fields is not None
        line = self.fields.lines[index]
        if line.what == "wrong":
            return self._wrong(line, width)
        sign = self.fields.sign(line)
        at = min(self.value_at, max(4, width - 4))
        label = self._label(line, at - 2)
        room = width - at
        value = self._absent(line, room) if line.what == "absent" else self._value(line, room, sign)
        mark = Segment(" " + sign, self.look(SIGNS.get(sign, "")))
        return Strip.join([Strip([mark]), label, value])

    def _label(self, line: Line, width: int) -> Strip:
        text = "  " * min(line.depth, 8) + _FOLDS[line.folds]
        style = self.look("quiet" if line.what == "absent" else "dim")
        name = one_line(line.label, max(1, width - cell_len(text) - 1))
        strip = Strip([Segment(text, self.look("dim"))])
        return Strip.join([strip, self.fitted(name, width, style)]).crop_extend(
            0, width, self.ground
        )

    def _value(self, line: Line, room: int, sign: str) -> Strip:
        assert line.node is not None
        assert self.fields is not None
        nested = line.node.kind in ("object", "array")
        style = self.look("quiet" if nested else SIGNS.get(sign, ""))
        shown = self.fitted(preview(line.node), room, style)
        hidden = self.fields.wrong_inside(line)
        if hidden:
            return Strip([*shown, Segment(f"  ✗ {hidden} wrong", self.look("bad"))]).crop(0, room)
        choices = self.fields.choices(line.path) if not nested else ()
        if choices and shown.cell_length + 4 <= room:
            quiet = self.look("quiet")
            shown = Strip([Segment("‹ ", quiet), *shown, Segment(" ›", quiet)])
        kind = KINDS[line.node.kind]
        left = room - shown.cell_length - len(kind) - 1
        if not nested and room >= 40 and left >= 2:
            tag = Segment(" " * left + kind, self.look("quiet"))
            shown = Strip([*shown, tag])
        return shown

    def _absent(self, line: Line, room: int) -> Strip:
        if line.was is not None:
            head = Strip([Segment("∅ removed, was ", self.look("bad"))])
            return Strip.join([head, self.fitted(preview(line.was), room - 15, self.look("bad"))])
        assert self.fields is not None
        needed = line.path[-1] in self.fields.facts(line.path[:-1]).required
        text, style = ("∅ required", "warn") if needed else ("∅ not set", "quiet")
        return Strip([Segment(text, self.look(style))]).crop(0, max(0, room))

    def _wrong(self, line: Line, width: int) -> Strip:
        indent = " " * (2 + 2 * min(line.depth, 8) + 2)
        style = self.look("bad")
        room = width - len(indent) - 2
        head = Strip([Segment(indent, self.ground), Segment("✗ ", style)])
        return Strip.join([head, self.fitted(line.sentence, room, style)])

    # ------------------------------------------------------------------ moving

    def step(self, name: str) -> None:
        self.move(name)
        self._over_sentences(1 if name in ("down", "half_page_down", "top") else -1)

    def _over_sentences(self, step: int) -> None:
        """A sentence is no place to stand on: the cursor goes on to a field."""
        assert self.fields is not None
        lines, at = self.fields.lines, self.cursor
        while 0 <= at < len(lines) and lines[at].what == "wrong":
            at += step
        if not 0 <= at < len(lines):
            at = self.cursor
            while 0 <= at < len(lines) and lines[at].what == "wrong":
                at -= step
        if 0 <= at < len(lines):
            self.cursor = at


def _wide(line: Line) -> int:
    """The cells that a label would like; cheap, so that thousands can be asked."""
    return 2 * min(line.depth, 8) + 3 + min(len(line.label), 40) if line.what != "wrong" else 0
