"""The diff of one write: virtual lines, side by side or unified, wrapped or scrolled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.worker import Worker, WorkerState, get_current_worker
from typing_extensions import override

from ...diff.model import WriteDiff
from .diff_ahead import Beside, drawn_ahead
from .diff_layout import AT_ONCE, Laid, Plan, same_place
from .diff_paint import DiffPaint
from .diff_rows import DiffRows, FoldRow, Options, Row, TextRow
from .diff_sheet import Sheet, Sheets
from .flag_watch import AT_ONCE as FLAGS_AT_ONCE
from .flag_watch import FlagWatch, Places
from .flag_watch import find as find_flags
from .visual_lines import Plain, Wrapped

if TYPE_CHECKING:
    from textual.theme import Theme

    from .syntax import Syntax

WIDE: Final = 72
"""From this width of the pane on, cells, a diff is side by side unless switched off."""
WIDE_TERMINAL: Final = 108
"""And from this width of the terminal on."""
CONTEXT: Final = (0, 1, 3, 6, 12, 25, 50, None)
"""Unchanged lines around changes, from fewest to all."""

Source = Callable[[bool], WriteDiff]
"""Makes the diff; the argument says whether whitespace is ignored."""


class DiffView(DiffPaint):
    """Shows what a `Source` gives; keys reach it through the screen's actions."""

    split: reactive[bool] = reactive(True, init=False)
    wrapped: reactive[bool] = reactive(False, init=False)
    ignoring: reactive[bool] = reactive(False, init=False)
    context: reactive[int | None] = reactive(3, init=False)

    class Changed(Message):
        """Other rows are shown."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.diff: WriteDiff | None = None
        self.trouble = ""
        self.follow: Callable[[], None] = lambda: None
        """Called at once when the cursor moved, so that what follows it is in the same frame."""
        self.beside: Callable[[], Iterable[Beside]] = tuple
        """What may be shown next."""
        self._syntax: Syntax | None = None
        self._key: object = None
        self._source: Source | None = None
        self._laid_out_for = 0
        self._laying = False
        self.weight = 0
        self._known: Callable[[bool], bool] = _never
        self._opened: frozenset[tuple[int, int]] = frozenset()
        self._sheet: Sheet | None = None
        self.sheets = Sheets()
        self._seen: set[int] = set()
        self._watch: FlagWatch | None = None

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, self._theme_changed)

    # ------------------------------------------------------------------ what is shown

    def show(
        self,
        key: object,
        source: Source,
        size: int,
        known: Callable[[bool], bool] | None = None,
        *,
        flagged: bool = False,
    ) -> None:
        """Shows another diff; `key` says when it is the same, `size` is in characters.

        `known` says whether the source has the answer already; then no thread is asked.  Of a
        `flagged` one it is watched which flags have been on the screen.
        """
        if key == self._key:
            return
        self._watch = FlagWatch() if flagged else None
        self._key, self._source, self.weight = key, source, size
        self._known = known or _never
        self.diff, self._sheet, self.trouble = None, None, ""
        self._opened, self._seen, self.wide = frozenset(), set(), 0
        self._syntax = None
        self._stop("lay")
        self._compare()

    def clear(self, sentence: str = "") -> None:
        """Shows nothing but a sentence."""
        self._key, self._source, self.diff, self._sheet = None, None, None, None
        self.trouble = sentence
        self._stop("diff", "lay")
        self.loading = False
        self.sheets.clear()
        self.relaid()

    @property
    def rows(self) -> DiffRows | None:
        """The rows that are shown."""
        return self._sheet.rows if self._sheet is not None else None

    @property
    def _visual(self) -> Plain | Wrapped:
        return self._sheet.visual if self._sheet is not None else Plain(0)

    @property
    def syntax(self) -> Syntax | None:
        """The colours of what is shown, as far as they are there."""
        return self._syntax

    @syntax.setter
    def syntax(self, syntax: Syntax | None) -> None:
        self._syntax = syntax
        for sheet in self.sheets.of(self.diff) if self.diff is not None else ():
            if sheet.syntax is not syntax:
                sheet.syntax = syntax
                if syntax is not None and syntax.complete:  # nobody is told of what is there
                    sheet.undraw()
                    self.refresh()

    def _theme_changed(self, _theme: Theme) -> None:
        """Code has the colours of the theme, too: who gave them, gives others."""
        self.syntax = None
        self.sheets.undraw()
        self.redraw()
        self.post_message(self.Changed())

    @property
    def key(self) -> object:
        """What the diff that is shown was given as its key."""
        return self._key

    @property
    def lines_seen(self) -> int:
        """How many rows of this diff have been on the screen."""
        return len(self._seen)

    @property
    def all_seen(self) -> bool:
        """Whether every row has been on the screen, but for folds of unchanged lines."""
        return self.rows is not None and len(self._seen) >= len(self.rows)

    @property
    def flags_left(self) -> int:
        """How many flagged rows have not been on the screen; -1 while that is not known."""
        return self._watch.left if self._watch is not None else 0

    @property
    def room(self) -> int:
        """The width for a line, cells; the one that it had as long as a sign covers it, which says
        that something is read.
        """
        return self.scrollable_content_region.width or max(1, self._laid_out_for)

    @property
    def may_split(self) -> bool:
        """Whether there is room for both sides."""
        return self.room >= WIDE and self.app.size.width >= WIDE_TERMINAL

    @property
    def is_split(self) -> bool:
        """Whether it is drawn side by side: wanted, and there is room."""
        return self.split and self.may_split

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

    def _compare(self) -> None:
        source, ignoring, key = self._source, self.ignoring, self._key
        if source is None:
            return
        self._stop("diff")
        if self.weight <= AT_ONCE or self._known(ignoring):
            self._compared(key, source(ignoring))
            return
        self.loading = self.rows is None

        def work() -> tuple[object, WriteDiff]:
            return key, source(ignoring)

        self._begin(work, "diff")

    def _begin(self, work: Callable[[], object], group: str) -> None:
        self.run_worker(work, group=group, exclusive=True, thread=True, exit_on_error=False)

    def _stop(self, *groups: str) -> None:
        for group in groups:
            self.workers.cancel_group(self, group)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        group, result = event.worker.group, event.worker.result
        if event.state is WorkerState.ERROR and group in ("diff", "lay"):
            self.clear("This write cannot be compared; edit or reject it, or look at its JSON.")
        elif event.state is WorkerState.SUCCESS and result is not None:
            if group == "diff":
                self._compared(*result)
            elif group == "flags":
                self._flags_found(*result)
            elif group == "lay":
                laid, first, room = result
                if laid.rows.diff is self.diff and room == self.room:
                    self._put(self._sheet_of(laid), first=first)

    def _compared(self, key: object, diff: WriteDiff) -> None:
        if key != self._key:
            return
        first = self.rows is None
        self.diff = diff
        self._lay_out(first=first)

    def options(self, split: bool | None = None, context: int | None = -1) -> Options:
        """How a diff is laid out now, or would be with another choice (-1: as now)."""
        wanted = self.split if split is None else split
        lines = self.context if context == -1 else context
        return Options(wanted and self.may_split, lines, self._opened)

    def _lay_out(self, *, first: bool = False) -> None:
        """Lays the rows out; what is shown stays until the new rows are there."""
        if self.diff is None:
            return
        self._stop("lay")
        self._laid_out_for, first = self.room, first or self.rows is None
        options = self.options()
        kept = self.sheets.find(self.diff, options, self.wrapped, self.room)
        if kept is not None:
            self._put(kept, first=first)
            return
        old = self.rows
        same = old is not None and old.diff is self.diff and old.options == options
        painter = self.painter_for(self.diff, options.split) if self.wrapped else None
        plan = Plan(self.diff, options, painter, self.weight, old if same else None)
        if plan.light:
            laid = plan.run()
            assert laid is not None
            self._put(self._sheet_of(laid), first=first)
            return
        self.loading, self._laying, room = self.rows is None, True, self.room
        if painter is not None:
            painter.inks = {}  # the thread's own until it is done
        now = self._sheet
        if now is not None and isinstance(now.visual, Wrapped) and room != now.laid_for:
            # what was wrapped for another width would not all be seen
            self._put(self._sheet_of(Laid(now.rows, Plain(len(now.rows)), {})), first=False)
            self._laying = True

        def work() -> tuple[Laid, bool, int] | None:
            worker = get_current_worker()
            laid = plan.run(lambda: not worker.is_cancelled)
            return (laid, first, room) if laid is not None else None

        self._begin(work, "lay")

    def _sheet_of(self, laid: Laid) -> Sheet:
        inks = self._sheet.inks if self._sheet is not None else {}
        return Sheet(laid, self._syntax, inks, self.room)

    def _put(self, sheet: Sheet, *, first: bool) -> None:
        before, at = self.rows, self.row
        self.loading, self._laying, self._sheet = False, False, sheet
        self.sheets.keep(sheet)
        if sheet.rows is not before:
            self._seen = set()
        row = sheet.rows.changes[0] if first and sheet.rows.changes else 0
        if before is not None and not first:
            row = at if sheet.rows is before else same_place(before, sheet.rows, at)
        self.wide = max(self.wide, sheet.wide)
        self.relaid(sheet.kept)
        if not self.scrollable_content_region.height:  # covered until now: its height is not known
            self.call_after_refresh(lambda: self.go(self.cursor, top=True))
        self.go(sheet.visual.line_of(row), top=True)
        self.widen_to_sight()
        self.follow()
        self.post_message(self.Changed())
        self._find_flags()

    def _find_flags(self) -> None:
        rows = self.rows
        if self._watch is None or rows is None:
            return
        self._stop("flags")
        painter = self.painter_for(rows.diff, rows.options.split)
        painter.inks = {}  # the thread's own
        if len(rows) <= FLAGS_AT_ONCE:
            self._flags_found(rows, find_flags(rows, painter))
            return

        def work() -> tuple[DiffRows, Places]:
            worker = get_current_worker()
            return rows, find_flags(rows, painter, lambda: not worker.is_cancelled)

        self._begin(work, "flags")

    def _flags_found(self, rows: DiffRows, places: Places) -> None:
        if self._watch is not None and rows is self.rows:
            self._watch.places = places
            # what is on the screen already was drawn before it was known
            self.refresh()

    # ------------------------------------------------------------------ drawing

    @property
    def line_count(self) -> int:
        return self._visual.count if self.rows is not None else 1

    @override
    def draw_line(self, index: int, x: int, width: int) -> Strip:
        sheet = self._sheet
        if sheet is None:
            from rich.segment import Segment

            return Strip([Segment(" " + self.trouble, self.ground)])
        sheet.paint_for(self.room, self.painter_of)
        strip, full = sheet.draw(index, x, width)
        self.needs(full)
        return strip

    def _draw_ahead(self) -> Iterator[int]:
        yield from super()._draw_ahead()
        yield from drawn_ahead(self)

    def needs(self, width: int) -> None:
        super().needs(width)
        if self._sheet is not None:
            self._sheet.wide = max(self._sheet.wide, self.wide)

    @override
    def line_shown(self, index: int) -> None:
        sheet = self._sheet
        if sheet is None or self.loading:
            return
        place = sheet.visual.locate(index)
        self._seen.add(place.row)
        if self._watch is not None:
            x, width = self.scroll_offset.x, self.scrollable_content_region.width
            sheet.paint_for(self.room, self.painter_of)
            self._watch.shown(place.row, sheet.panes(place.row), place.part, x, width)

    def other_diff(self) -> WriteDiff | None:
        """The diff with whitespace ignored, or without, where it is known."""
        ignoring = not self.ignoring
        return self._source(ignoring) if self._source and self._known(ignoring) else None

    def _forget(self) -> None:
        if self._sheet is not None:
            self._sheet.undraw()

    def recolour(self, section: int, side: str, first: int, last: int) -> None:
        """Lines from `first` to before `last` of one side have other colours now.

        What is not on the screen is drawn anew when it comes there.
        """
        shown = self._sheet
        if shown is None:
            return
        gone = {id(sheet): sheet.recolour(section, side, first, last)
                for sheet in self.sheets.of(shown.rows.diff)}[id(shown)]  # fmt: skip
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        for line in range(top, min(top + height, self.line_count)):
            if shown.visual.locate(line).row in gone:
                self.refresh_line(line)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.sheets.undraw()

    def on_resize(self) -> None:
        super().on_resize()
        if self.room == self._laid_out_for:
            return
        rows = self.rows
        if rows is None or self._laying or self.wrapped or rows.options.split != self.is_split:
            self._lay_out()
        else:  # the same rows, narrower or wider
            self._laid_out_for = self.room
            self.go(self.cursor, top=True)
            if self._sheet is not None and self._sheet.painted_for != self.room:
                self._forget()
                self.refresh()

    # ------------------------------------------------------------------ doing

    def moved(self) -> None:
        self._ahead.rest()  # another place of what may be looked at next
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
        self.context = self.wider(more)

    def wider(self, more: bool) -> int | None:
        """The next number of unchanged lines around changes; None for all."""
        if self.context in CONTEXT:
            at = CONTEXT.index(self.context)
        else:
            at = next(i for i, s in enumerate(CONTEXT) if s is None or s >= (self.context or 0))
        return CONTEXT[max(0, min(at + (1 if more else -1), len(CONTEXT) - 1))]

    def watch_split(self) -> None:
        self._lay_out()

    def watch_wrapped(self) -> None:
        # rows are wrapped once, for the width that is left beside the scrollbar
        self.styles.overflow_y = "scroll" if self.wrapped else "auto"
        if self.wrapped:
            self.show_vertical_scrollbar = True
        self.scroll_to(x=0, animate=False, force=True, immediate=True)
        self._lay_out()

    def watch_context(self) -> None:
        self._lay_out()

    def watch_ignoring(self) -> None:
        self._compare()

    def line_text(self) -> str:
        """The text under the cursor as it stands in the artifact, for copying."""
        row = self.current
        if not isinstance(row, TextRow):
            return ""
        side = row.line.right or row.line.left
        return side.text if side else ""


def _never(_ignoring: bool) -> bool:
    return False
