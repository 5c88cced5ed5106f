"""The diff of one write: virtual lines, side by side or unified, wrapped or scrolled."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from rich.style import Style
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.worker import Worker, WorkerState, get_current_worker
from typing_extensions import override

from ...diff.model import LineDiff, WriteDiff
from .diff_draw import Painter, Pane, Styles
from .diff_rows import DiffRows, FoldRow, Options, Row, TextRow
from .ink import Looks, Overlay
from .virtual_lines import VirtualLines
from .visual_lines import Plain, Wrapped

if TYPE_CHECKING:
    from .syntax import Syntax

WIDE: Final = 72
"""From this width of the pane on, cells, a diff is side by side unless switched off."""
WIDE_TERMINAL: Final = 108
"""And from this width of the terminal on."""
AT_ONCE: Final = 100_000
"""A write of at most this many characters is compared at once; a larger one in a thread."""
MEASURED_AT_ONCE: Final = 1_000
"""So many rows are measured for wrapping at once; more in a thread."""

Source = Callable[[bool], WriteDiff]
"""Makes the diff; the argument says whether whitespace is ignored."""


class DiffView(VirtualLines):
    """Shows what a `Source` gives; keys reach it through the screen's actions."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "diff--dim", "diff--number", "diff--added", "diff--removed", "diff--added-word",
        "diff--removed-word", "diff--fold", "diff--head", "diff--alert", "diff--path",
        "diff--hidden", "diff--quiet",
    }  # fmt: skip
    DEFAULT_CSS = """
    DiffView {
        & > .diff--dim { color: $text-muted; }
        & > .diff--number { color: $text-disabled; }
        & > .diff--added { background: $success 14%; }
        & > .diff--removed { background: $error 14%; }
        & > .diff--added-word { background: $success 42%; }
        & > .diff--removed-word { background: $error 42%; }
        & > .diff--fold { color: $text-disabled; }
        & > .diff--head { color: $text-accent; text-style: bold; }
        & > .diff--alert { color: $text-warning; text-style: bold; }
        & > .diff--path { color: $text-primary; }
        & > .diff--hidden { color: $text-error; background: $error 30%; text-style: bold; }
        & > .diff--quiet { color: $text-disabled; }
    }
    """

    split: reactive[bool] = reactive(True, init=False)
    wrapped: reactive[bool] = reactive(False, init=False)
    ignoring: reactive[bool] = reactive(False, init=False)
    context: reactive[int | None] = reactive(3, init=False)

    class Changed(Message):
        """Other rows are shown."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.diff: WriteDiff | None = None
        self.rows: DiffRows | None = None
        self.trouble = ""
        self.follow: Callable[[], None] = lambda: None
        """Called at once when the cursor moved, so that what follows it is in the same frame."""
        self.syntax: Syntax | None = None
        self._key: object = None
        self._source: Source | None = None
        self._laid_out_for = 0
        self._opened: frozenset[tuple[int, int]] = frozenset()
        self._visual: Plain | Wrapped = Plain(0)
        self._painter: Painter | None = None
        self._panes: OrderedDict[int, tuple[Pane, ...]] = OrderedDict()
        self._seen: set[int] = set()

    # ------------------------------------------------------------------ what is shown

    def show(self, key: object, source: Source, size: int) -> None:
        """Shows another diff; `key` says when it is the same, `size` is in characters."""
        if key == self._key:
            return
        self._key, self._source = key, source
        self.diff, self.rows, self.trouble = None, None, ""
        self._opened, self._seen, self.wide = frozenset(), set(), 0
        self._compare(size > AT_ONCE)

    def clear(self, sentence: str = "") -> None:
        """Shows nothing but a sentence."""
        self._key, self._source, self.diff, self.rows = None, None, None, None
        self.trouble = sentence
        self._visual = Plain(0)
        self.relaid()

    @property
    def lines_seen(self) -> int:
        """How many rows of this diff have been on the screen."""
        return len(self._seen)

    @property
    def all_seen(self) -> bool:
        """Whether every row has been on the screen, but for folds of unchanged lines."""
        return self.rows is not None and len(self._seen) >= len(self.rows)

    @property
    def is_split(self) -> bool:
        """Whether it is drawn side by side: wanted, and there is room."""
        return self.split and self.room >= WIDE and self.app.size.width >= WIDE_TERMINAL

    @property
    def row(self) -> int:
        """The row under the cursor."""
        return self._visual.locate(self.cursor).row if self.rows else 0

    @property
    def current(self) -> Row | None:
        """What is under the cursor."""
        return self.rows[self.row] if self.rows and self.row < len(self.rows) else None

    @property
    def change(self) -> tuple[int, int]:
        """Which change the cursor is at, from 1 (0 before the first), and how many there are."""
        if self.rows is None:
            return 0, 0
        return self.rows.change_at(self.row), len(self.rows.changes)

    def _compare(self, threaded: bool) -> None:
        source, ignoring, key = self._source, self.ignoring, self._key
        if source is None:
            return
        if not threaded:
            self._compared(key, source(ignoring))
            return
        self.loading = self.rows is None

        def work() -> tuple[object, WriteDiff]:
            return key, source(ignoring)

        self.run_worker(work, group="diff", exclusive=True, thread=True, exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.worker.group == "diff" and event.state is WorkerState.SUCCESS:
            found: tuple[object, WriteDiff] | None = event.worker.result
            if found is not None:
                self._compared(*found)
        elif event.worker.group == "diff" and event.state is WorkerState.ERROR:
            self.loading = False
            self.clear("This write cannot be compared; edit or reject it, or look at its JSON.")
        elif event.worker.group == "wrap" and event.state is WorkerState.SUCCESS:
            measured: tuple[DiffRows, int, list[int]] | None = event.worker.result
            if measured and measured[0] is self.rows and measured[1] == self.room:
                self._put(Wrapped(measured[2]))

    def _compared(self, key: object, diff: WriteDiff) -> None:
        if key != self._key:
            return
        first = self.diff is None
        self.loading, self.diff = False, diff
        self._lay_out(first=first)

    def _lay_out(self, *, first: bool = False) -> None:
        if self.diff is None:
            return
        self._laid_out_for = self.room
        before, at = self.rows, self.row
        options = Options(self.is_split, self.context, self._opened)
        self.rows = DiffRows(self.diff, options)
        self._forget()
        self._seen = set()
        target = self.rows.changes[0] if first and self.rows.changes else 0
        if before is not None and not first:
            target = _same_place(before, self.rows, at)
        if not self.wrapped:
            self._put(Plain(len(self.rows)), target)
            return
        rows, room, painter = self.rows, self.room, self._paint()
        if len(rows) <= MEASURED_AT_ONCE:
            self._put(Wrapped(_height(painter, row, room) for row in rows), target)
            return
        self._put(Plain(len(rows)), target)

        def measure() -> tuple[DiffRows, int, list[int]]:
            worker, heights = get_current_worker(), []
            for row in rows:
                if worker.is_cancelled:
                    break
                heights.append(_height(painter, row, room))
            return rows, room, heights

        self.run_worker(measure, group="wrap", exclusive=True, thread=True, exit_on_error=False)

    def _put(self, visual: Plain | Wrapped, row: int | None = None) -> None:
        row = self.row if row is None else row
        self._visual = visual
        self.relaid()
        self.go(visual.line_of(row), top=True)
        self.follow()
        self.post_message(self.Changed())

    # ------------------------------------------------------------------ drawing

    @property
    def line_count(self) -> int:
        return self._visual.count if self.rows is not None else 1

    @override
    def draw_line(self, index: int, x: int, width: int) -> Strip:
        if self.rows is None:
            from rich.segment import Segment

            return Strip([Segment(" " + self.trouble, self.rich_style)])
        place = self._visual.locate(index)
        panes = self._panes_of(place.row)
        if place.part is None:
            for pane in panes:
                known = pane.ink.plain or len(pane.ink.text) < 100_000
                cells = pane.ink.width if known else 4 * len(pane.ink.text)
                self.needs(cells + width - pane.text_width(width))
        return self._paint().strip(panes, 0 if place.part is not None else x, place.part)

    @override
    def line_shown(self, index: int) -> None:
        if self.rows is not None and not self.loading:
            self._seen.add(self._visual.locate(index).row)

    def _panes_of(self, row: int) -> tuple[Pane, ...]:
        panes = self._panes.get(row)
        if panes is None:
            assert self.rows is not None
            panes = self._panes[row] = self._paint().panes(self.rows[row])
            if len(self._panes) > 1024:
                self._panes.popitem(last=False)
        return panes

    def _paint(self) -> Painter:
        if self._painter is None:
            digits = _digits(self.diff) if self.diff else 1
            self._painter = Painter(self._styles(), self.room, digits, self.is_split, self._colours)
        return self._painter

    def _colours(self, section: int, side: str, number: int) -> Sequence[Overlay]:
        return self.syntax.overlays(section, side, number) if self.syntax else ()

    def _styles(self) -> Styles:
        def full(name: str) -> Style:
            return self.get_component_rich_style(f"diff--{name}")

        def over(name: str) -> Style:
            style = full(name)
            underline = True if self.app.no_color else None
            return Style(bgcolor=style.bgcolor, bold=style.bold, underline=underline)

        hidden, quiet = full("hidden"), full("quiet")
        return Styles(
            text=self.rich_style, dim=full("dim"), number=full("number"), added=full("added"),
            removed=full("removed"), added_word=over("added-word"),
            removed_word=over("removed-word"), fold=full("fold"), head=full("head"),
            alert=full("alert"), path=full("path"),
            looks=Looks(hidden + Style(reverse=True if self.app.no_color else None),
                        Style(color=quiet.color)),
        )  # fmt: skip

    def _forget(self) -> None:
        self._painter = None
        self._panes.clear()

    def repaint(self) -> None:
        """The same rows look other now, such as after colours arrived."""
        self._panes.clear()
        self.redraw()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._forget()

    def on_resize(self) -> None:
        super().on_resize()
        if self.room != self._laid_out_for:
            self._lay_out()

    # ------------------------------------------------------------------ doing

    def moved(self) -> None:
        self.follow()

    def next_change(self) -> bool:
        """Goes to the next change; False where there is none."""
        return self._to(self.rows.next_change(self.row) if self.rows else None)

    def previous_change(self) -> bool:
        """Goes to the change before; False where there is none."""
        return self._to(self.rows.previous_change(self.row) if self.rows else None)

    def last_change(self) -> None:
        """Goes to the last change."""
        if self.rows and self.rows.changes:
            self._to(self.rows.changes[-1])

    def _to(self, row: int | None) -> bool:
        if row is None:
            return False
        line = self._visual.line_of(row)
        height = self.scrollable_content_region.height
        self.go(line, top=not 0 <= line - self.scroll_offset.y < height - 3)
        return True

    def unfold(self) -> bool:
        """Unfolds what is under the cursor, or folds it again; False where nothing is."""
        row = self.current
        if isinstance(row, FoldRow):
            self._opened |= {(row.section, row.fold.block)}
        elif isinstance(row, TextRow) and (row.section, row.line.block) in self._opened:
            self._opened -= {(row.section, row.line.block)}
        else:
            return False
        self._lay_out()
        return True

    def clicked(self) -> None:
        if isinstance(self.current, FoldRow):
            self.unfold()

    def widen_context(self, more: bool) -> None:
        """More or fewer unchanged lines around changes: 0, 1, 3, 6, 12, 25, 50, all."""
        steps: list[int | None] = [0, 1, 3, 6, 12, 25, 50, None]
        if self.context in steps:
            at = steps.index(self.context)
        else:
            at = next(i for i, s in enumerate(steps) if s is None or s >= (self.context or 0))
        self.context = steps[max(0, min(at + (1 if more else -1), len(steps) - 1))]

    def watch_split(self) -> None:
        self._lay_out()

    def watch_wrapped(self) -> None:
        self.scroll_to(x=0, animate=False, force=True, immediate=True)
        self._lay_out()

    def watch_context(self) -> None:
        self._lay_out()

    def watch_ignoring(self) -> None:
        size = sum(_size(section.body) for section in self.diff.sections) if self.diff else 0
        self._compare(size > AT_ONCE)

    def line_text(self) -> str:
        """The text under the cursor as it stands in the artifact, for copying."""
        row = self.current
        if not isinstance(row, TextRow):
            return ""
        side = row.line.right or row.line.left
        return side.text if side else ""


def _same_place(old: DiffRows, new: DiffRows, at: int) -> int:
    """The row of the new layout that stands where `at` stood in the old one."""
    number = old.change_at(at)
    if number == 0 or number > len(new.changes):
        return min(at, len(new) - 1)
    offset = at - old.changes[number - 1]
    end = new.changes[number] if number < len(new.changes) else len(new)
    return min(new.changes[number - 1] + offset, end - 1)


def _height(painter: Painter, row: Row, room: int) -> int:
    return max(pane.height(room) for pane in painter.panes(row))


def _digits(diff: WriteDiff) -> int:
    lines = [
        max(len(section.body.left), len(section.body.right))
        for section in diff.sections
        if isinstance(section.body, LineDiff)
    ]
    return max(2, len(str(max(lines, default=1))))


def _size(body: object) -> int:
    if not isinstance(body, LineDiff):
        return 0
    return 40 * (len(body.left) + len(body.right))
