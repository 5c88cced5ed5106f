"""The list of artifacts: columns by room, marks, claims, countdowns that tick by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.message import Message
from textual.strip import Strip

from ...domain.instant import SECOND
from ...untrusted import one_line
from ..ahead import Ahead
from ..columns import Cell, Column, cell, columns_for, head
from ..marks import Marks
from ..newest import Newest
from ..shown_view import arrow
from ..window import Loaded, Side, Window, follow
from .virtual_list import VirtualList

if TYPE_CHECKING:
    from ...domain.views import Entry

MARKS = 2
"""Cells on the left in which a click marks: the cursor's and the mark's."""
FILLING = 2 * SECOND
"""How long the cursor of an empty list that fills stays on the first line, until a key is pressed.

Else it would go down with whatever came first while more urgent ones come in above it.  It is
shorter than anybody reads, and each artifact must still be on screen for 250 ms to be decided.
"""
SHADOW = "shadow"
CACHED = 1024
"""How many drawn rows are kept."""
STILL = 0.02
"""Seconds without scrolling after which the rows of the pages below and above are drawn."""


class ArtifactList(VirtualList):
    """Artifacts in the order of the queue; a window of pages of them is in memory."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "list--head", "list--quiet", "list--late", "list--soon", "list--critical", "list--high",
        "list--medium", "list--low", "list--mark", "list--marked", "list--mine", "list--gone",
        "list--empty",
    }  # fmt: skip
    DEFAULT_CSS = """
    ArtifactList {
        & > .list--head { color: $quiet; }
        & > .list--quiet { color: $quiet; }
        & > .list--late { color: $text-error; text-style: bold; }
        & > .list--soon { color: $text-warning; }
        & > .list--critical { color: $text-error; text-style: bold; }
        & > .list--high { color: $text-warning; }
        & > .list--medium { color: $text-primary; }
        & > .list--low { color: $quiet; }
        & > .list--mark { color: $text-accent; text-style: bold; }
        & > .list--marked { background: $accent 12%; }
        & > .list--mine { color: $text-success; }
        & > .list--gone { color: $faint; text-style: strike; }
        & > .list--empty { color: $quiet; }
    }
    """

    class Wants(Message):
        """The next page on one side is needed."""

        def __init__(self, side: Side) -> None:
            super().__init__()
            self.side = side

    class HeadClicked(Message):
        """The head of a column was clicked."""

        def __init__(self, column: str) -> None:
            super().__init__()
            self.column = column

    class MarkClicked(Message):
        """The mark of a row was clicked; the cursor is on it."""

    def __init__(self, names: Sequence[str], me: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.names = tuple(names)
        self.me = me
        self.window = Window()
        self.marks = Marks()
        self.now = 0
        self.order = ""
        self.total: int | None = None
        self.range_from: str | None = None
        self._strips: Newest[object, Strip] = Newest(CACHED)
        self._filling: int | None = None
        self._ahead = Ahead(self, STILL, self._draw_ahead)
        self._next: dict[tuple[str, ...], Sequence[Entry]] = {}
        self._looks: dict[str, tuple[str, bool]] = {}

    # ------------------------------------------------------------------------------- entries

    @property
    def entry(self) -> Entry | None:
        """The artifact under the cursor."""
        rows = self.window.rows
        return rows[self.cursor] if 0 <= self.cursor < len(rows) else None

    @property
    def row_count(self) -> int:
        """How many artifacts are loaded."""
        return len(self.window.rows)

    def span(self) -> tuple[int, int]:
        """How many artifacts come before the first loaded one, and in all as far as known."""
        window = self.window
        known = window.base + len(window.rows) + (window.next is not None)
        return window.base, max(known, self.total or 0) if window.next is not None else known

    def tell_total(self, total: int) -> None:
        """How many artifacts there are in all; only the scroll bar shows it."""
        bar, self.total = self.thumb(), total
        if self.thumb() != bar:
            self.refresh()

    def start(self, pages: Sequence[Loaded]) -> None:
        """Another list: the cursor goes to the first artifact."""
        self.window.start(pages)
        self.cursor = self.top = 0
        self.range_from = self._filling = None
        self._redrawn()

    def refreshed(self, pages: Sequence[Loaded], base: int) -> None:
        """The same list read anew: the cursor stays with its artifact, at its place on screen."""
        old = [entry.state.id for entry in self.window.rows]
        if not old:
            self._filling = self.now
        elif self._filling is not None and self.now - self._filling > FILLING:
            self._filling = None
        line = self.cursor - self.top
        at_top = self.top == 0 and self.window.previous is None
        self.window.start(pages, base)
        if self._filling is None:
            self.cursor = follow(old, [entry.state.id for entry in self.window.rows], self.cursor)
        else:
            self.cursor = 0
        self.top = 0 if at_top else max(0, self.cursor - line)
        self._redrawn()

    def hands_on(self) -> None:
        """Somebody pressed a key: from now on the cursor stays with its artifact."""
        self._filling = None

    def extend(self, loaded: Loaded, side: Side) -> None:
        """Another page on one side; what is on screen stays where it is."""
        window = self.window
        bar, filled = self.thumb(), self.row_count - self.top >= self.page
        shift = -window.append(loaded) if side == "after" else window.prepend(loaded)
        self.cursor = max(0, self.cursor + shift)
        self.top = max(0, self.top + shift)
        if not filled or self.thumb() != bar:
            self.refresh()
        self.came_into_view()

    def jump(self, loaded: Loaded, base: int) -> None:
        """The end of the list; the cursor goes to its last artifact."""
        self.window.start([loaded], base)
        self.cursor = max(0, self.row_count - 1)
        self._redrawn()

    def came_into_view(self) -> None:
        """Asks for the next page before it is needed."""
        self._ahead.rest()
        side = self.window.wants(self.top, self.top + self.page)
        if side is not None:
            self.post_message(self.Wants(side))

    def _redrawn(self) -> None:
        self._keep_in_view()
        self.refresh()
        self.came_into_view()
        self.moved()

    # --------------------------------------------------------------------------------- time

    def tick(self, now: int) -> None:
        """It is later now: draws again the rows whose countdown reads differently."""
        self.now = now
        self.look_over()

    def look_over(self) -> None:
        """Draws again the rows on screen that look other than they were drawn: by time or marks."""
        rows = range(self.top, min(self.top + self.page, self.row_count))
        drawn = {index: self._looks.get(self.window.rows[index].state.id) for index in rows}
        for index, look in drawn.items():
            if look not in (None, self._look(index)):
                self.refresh_row(index)
        if len(self._looks) > CACHED:
            self._looks = {
                self.window.rows[index].state.id: look for index, look in drawn.items() if look
            }

    def _look(self, index: int) -> tuple[str, bool]:
        """What of a row changes by itself or by a key: its times, and whether it is marked."""
        entry = self.window.rows[index]
        return self._times(entry), entry.state.id in self.marks or self.in_range(index)

    def _times(self, entry: Entry) -> str:
        return "".join(cell(name, entry, self.now, self.me).text for name in ("due", "age"))

    # ------------------------------------------------------------------------------- drawing

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()

    def show_columns(self, names: Sequence[str], order: str) -> None:
        """Shows these columns; rows drawn in others are kept, for a view that has them."""
        if (tuple(names), order) != (self.names, self.order):
            self.names, self.order = tuple(names), order
            self.refresh()

    def in_range(self, index: int) -> bool:
        """Whether a row lies between the start of a range and the cursor."""
        start = self.window.index_of(self.range_from) if self.range_from else None
        return start is not None and min(start, self.cursor) <= index <= max(start, self.cursor)

    def make_ready(self, entries: Sequence[Entry], names: Sequence[str]) -> None:
        """Draws these too, in these columns, while no key is pressed: another list may be next."""
        self._next[tuple(names)] = entries
        self._ahead.rest()

    def draw_row(self, index: int, width: int) -> Strip:
        entry = self.window.rows[index]
        times, marked = self._looks[entry.state.id] = self._look(index)
        return self._kept(entry, (times, marked), width, self.names)

    def _kept(
        self, entry: Entry, look: tuple[str, bool], width: int, names: tuple[str, ...]
    ) -> Strip:
        state = entry.state
        key = (
            state.id, state.revision, state.status, state.lease_owner, look, width, names,
        )  # fmt: skip
        strip = self._strips.get(key)
        if strip is None:
            strip = self._drawn(entry, look[1], width, names)
            self._strips[key] = strip
        return strip

    def _draw_ahead(self) -> Iterator[int]:
        """Draws the rows of the pages above and below, that where the cursor goes first."""
        top, page, width = self.top, self.page, self.size.width - 1
        below, above = range(top + page, top + 2 * page), range(top - 1, top - page - 1, -1)
        for index in (*below, *above) if self.step > 0 else (*above, *below):
            if 0 <= index < self.row_count and width > 0:
                self.draw_row(index, width)
                yield index
        while self._next:
            names, entries = self._next.popitem()
            for entry in entries[:page] if width > 0 else ():
                look = self._times(entry), entry.state.id in self.marks
                self._kept(entry, look, width, names)
                yield 0

    def _drawn(self, entry: Entry, marked: bool, width: int, names: tuple[str, ...]) -> Strip:
        from rich.segment import Segment

        base = self.ground + (self.style_of("marked") if marked else Style())
        segments = [Segment(" ", base)]
        # in a place that is ours, so that no title can pass for it
        shadow = entry.state.mode == SHADOW
        sign = "●" if marked else "◌" if shadow else " "
        segments.append(Segment(sign, base + self.style_of("soon" if sign == "◌" else "mark")))
        columns = columns_for(names, width - 2)
        told = any(column.name == "holder" for column in columns)
        for column in columns:
            shown = cell(column.name, entry, self.now, self.me)
            holder = "" if told else cell("holder", entry, self.now, self.me).text
            if column.name == "reasons" and holder:
                shown = Cell(f"@{holder.removeprefix('→')} {shown.text}", shown.style)
            text = fit(shown.text, column)
            segments.append(Segment(" ", base))
            style = "quiet" if shadow and column.name in ("risk", "due", "title") else shown.style
            segments.append(Segment(text, base + self.style_of(style)))
        return Strip(segments).adjust_cell_length(width, base)

    def draw_head(self, width: int) -> Strip:
        from rich.segment import Segment

        style = self.ground + self.style_of("head")
        heads = ((head(c.name), arrow(c.name, self.order), c) for c in self._columns(width))
        names = " ".join(fit(f"{name} {way}".rstrip(), c) for name, way, c in heads)
        return Strip([Segment("   " + names, style)]).adjust_cell_length(width, style)

    def _columns(self, width: int) -> tuple[Column, ...]:
        return columns_for(self.names, width - 3)

    def head_clicked(self, x: int) -> None:
        at = MARKS
        for column in self._columns(self.size.width):
            at += 1 + column.width
            if x < at:
                self.post_message(self.HeadClicked(column.name))
                return

    def clicked(self, index: int, x: int, times: int) -> None:
        if x < MARKS:
            self.go(index)
            self.post_message(self.MarkClicked())
        else:
            super().clicked(index, x, times)


def fit(text: str, column: Column) -> str:
    """Text in exactly the cells of a column; it may be an artifact's."""
    from rich.cells import cell_len

    shown = one_line(text, column.width)
    gap = " " * (column.width - cell_len(shown))
    return gap + shown if column.right else shown + gap
