"""What the inbox shows: saved views, a filter, the list, a live preview; all kept true."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import Screen

from ...actions import Action, by_id
from .. import guards
from ..careful import carefully
from ..empty import empty_lines, failed_lines, opening_lines
from ..feed import Full
from ..inbox_reader import InboxReader, Work
from ..policy_words import stopped_short
from ..shown_view import ShownViews
from ..widgets.artifact_list import ArtifactList
from ..widgets.filter_bar import FilterBar
from ..widgets.footer import DeskFooter
from ..widgets.preview import Preview
from ..widgets.seam import Seam
from ..widgets.status_line import StatusLine
from ..widgets.view_tabs import ViewTabs
from .left_once import in_sight

if TYPE_CHECKING:
    from textual.worker import Worker

    from ...domain.errors import QueryError, ReviewerError
    from ...domain.views import Entry
    from ..app import DeskApp
    from ..session import Session

RUNNING = 0.05
"""The cursor runs where it moves again within so many seconds (a key held down)."""
SETTLE = 0.08
"""Seconds of stillness after which the preview is read where the cursor ran."""
TYPING = 0.12
"""Seconds without a key after which a filter that is being typed applies."""
TICK = 0.5
"""Seconds between two looks at the clock."""
NEIGHBOURS = (1, 2, -1)
"""Which artifacts around the cursor are read before they are asked for."""
REST = 0.03
"""Seconds of stillness after which those are read that half a page and a page away."""
QUIET = 2.0
"""Seconds after news until the views beside the open one are read again."""
FOOTER = (
    "approve", "edit", "reject", "respond", "reassign", "snooze", "escalate", "mark", "bulk",
    "filter", "help",
)  # fmt: skip


class InboxView(Screen[None]):
    """The list of what waits, and what stands under the cursor; what keys do is `InboxScreen`'s."""

    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (100, "-wide"), (160, "-splendid")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (14, "-low"), (20, "-high")]
    AUTO_FOCUS = "#list"

    def __init__(self, session: Session, view: str = "") -> None:
        super().__init__()
        self.session = session
        config = session.config
        self.views = ShownViews.of(config.views, config.columns, view)
        self._chosen = bool(view)
        self._moved_at = 0.0
        self._queue = self._notice = ""
        self.status = StatusLine(id="status")
        self.tabs = ViewTabs(id="tabs")
        self.filter_bar = FilterBar(id="filter")
        self.seam = Seam(id="seam")
        self.list = ArtifactList(self.views.columns, config.actor_name(), id="list")
        self.preview = Preview(id="preview")
        self.footer = DeskFooter(id="footer")
        self.reader = InboxReader(session, self.list, self, self._run)

    def compose(self) -> ComposeResult:
        yield self.status
        yield self.tabs
        yield self.filter_bar
        yield self.seam
        with Container(id="body"):
            yield self.list
            yield self.preview
        yield self.footer

    def on_mount(self) -> None:
        self.list.now = self.session.now()
        self.list.empty = opening_lines()
        self.list.moved = self._moved
        self.session.neighbour = self._neighbour
        self.session.on_change(self.reader.heard)
        self.session.on_state(self.tell)
        self.set_interval(TICK, self._tick)
        self.tell()

    @on(Preview.Placed)
    def _placed(self) -> None:
        self.call_after_refresh(self._join)
        shown, entry = self.preview.shown, self.list.entry
        if entry is not None and (shown is None or shown.entry.state.id != entry.state.id):
            self._moved()  # it has just got room

    def on_screen_suspend(self) -> None:
        self.reader.front.clear()

    def on_screen_resume(self) -> None:
        self.reader.front.set()
        self.reader.look_again()
        self._note_shown()

    @property
    def _desk(self) -> DeskApp:
        return cast("DeskApp", self.app)

    def _join(self) -> None:
        beside = self.preview.display and self.preview.region.y == self.list.region.y
        self.seam.join_at(self.preview.region.x if beside else None)

    def _run(self, work: Work, group: str, exclusive: bool) -> Worker[None]:
        careful: Work = partial(carefully, self, work)
        return self.run_worker(careful, group=group, exclusive=exclusive)

    # ------------------------------------------------------------------ the list

    def open_list(self) -> None:
        """Reads the list under the view, the chosen queue and the filter."""
        views = self.views
        self.reader.open(views.text(self._queue), views.filter, views.views)

    def list_opened(self) -> None:
        """Another list is there; where nothing is mine at first, the next view is shown."""
        views = self.views
        mine = "is:mine" in views.view.filter and views.here + 1 < len(views.views)
        if mine and not self._chosen and not self.list.row_count:
            self._chosen = True
            views.here += 1
            self.open_list()
            return
        self._chosen = True
        query = self.reader.feed.query
        self._tell_empty()
        self.filter_bar.error = None
        self.filter_bar.order = query.sort if query else "deadline"
        self.tell_columns()
        self.tell()
        self._desk.usable()
        self._run(partial(self._ready_views, REST), "views", True)

    async def _ready_views(self, still: float) -> None:
        """Reads and draws the views beside the one that is open, before they are asked for."""
        await asyncio.sleep(still)
        if not self.reader.front.is_set():  # beneath another screen no key asks for them
            return
        for views in (self.views.beside(1), self.views.beside(-1)):
            entries = await self.reader.feed.make_ready(views.text(self._queue))
            self.list.make_ready(entries, views.columns)
            full = self.reader.feed.kept(entries[0]) if entries else None
            if full is not None:
                self.preview.make_ready(full.item, full.diffs, self.session.now())

    def tell_columns(self) -> None:
        """Draws the columns of the view that is open, and where the order shows."""
        self.list.show_columns(self.views.columns, self.filter_bar.order)

    def _tell_empty(self) -> None:
        view, pending = self.views.view, self.reader.pending
        self.list.empty = empty_lines(view, self.views.filter, bool(self._queue), pending)
        if not self.list.row_count:
            self.list.refresh()

    def list_changed(self) -> None:
        """The same list was read anew."""
        self.tell()
        if not any(each.group == "views" and each.is_running for each in self.workers):
            self._run(partial(self._ready_views, QUIET), "views", True)

    def filter_refused(self, error: QueryError) -> None:
        """The filter cannot be read; the list stays as it was."""
        self.filter_bar.set_error(str(error), error.at)

    def queue_refused(self, error: ReviewerError) -> None:
        """The queue cannot be opened."""
        self.list.empty = failed_lines(error.sentence, error.hint)
        self.list.refresh()

    def counted(self) -> None:
        """Counts and known values are there."""
        self.filter_bar.known = self.reader.known
        self._tell_empty()
        self.tell()

    def marks_dropped(self, number: int, why: str) -> None:
        """So many marks were taken away; the person is told."""
        if number:
            words = "1 mark" if number == 1 else f"{number:,} marks"
            sentence = f"{why} {words} taken away"
            self.notify(sentence[0].upper() + sentence[1:], severity="warning", markup=False)
            self.list.look_over()
            self.tell()

    def settled(self, text: str) -> bool:
        """Whether this is the filter that was meant, and none that is being typed."""
        return not self.filter_bar.editing and text == self.views.text(self._queue)

    @on(ArtifactList.Wants)
    def _more(self, event: ArtifactList.Wants) -> None:
        self.reader.more(event.side)

    @on(FilterBar.Changed)
    def _filtered(self, event: FilterBar.Changed) -> None:
        self.views.set(filter=event.text)
        self.set_timer(TYPING, lambda: self._settled(event.text))

    def _settled(self, text: str) -> None:
        if text == self.views.filter:
            self.open_list()

    @on(FilterBar.Closed)
    def _filter_closed(self) -> None:
        self.list.focus()
        self.reader.drop_hidden_marks()

    def _neighbour(self, artifact_id: str, step: int) -> str | None:
        index, rows = self.list.window.index_of(artifact_id), self.list.window.rows
        if index is None or not 0 <= index + step < len(rows):
            return None
        return rows[index + step].state.id

    # --------------------------------------------------------------- the preview

    def _moved(self) -> None:
        if self.list.range_from is not None:
            self.list.look_over()
        if not self.preview.display:
            return
        entry = self.list.entry
        if entry is None:
            if self.is_active:  # beneath another screen it says nothing of what is on screen
                self.session.note_hidden()
            self.preview.show_notice(())
            return
        known = self.reader.feed.kept(entry)
        if known is not None:
            self._show(known)
        # while the cursor runs, only the one where it rests is read
        now, before = asyncio.get_running_loop().time(), self._moved_at
        self._moved_at = now
        hurried = now - before < RUNNING
        self._run(partial(self._look_closer, entry, hurried), "preview", True)

    async def _look_closer(self, entry: Entry, hurried: bool) -> None:
        if hurried:
            await asyncio.sleep(SETTLE)
        elif self.preview.shown is None:  # the list goes first: what this imports would hold it up
            await self._drawn()
        feed = self.reader.feed
        if feed.kept(entry) is None:
            full = await feed.full(entry)
            here = self.list.entry
            if here is None or here.state.id != entry.state.id:
                return
            if full is None:
                self.reader.look_again()
                return
            self._show(full)
        await self._drawn()
        await self._read_ahead(self.list.step, *NEIGHBOURS)
        await asyncio.sleep(REST)
        await self._read_ahead(*self.list.jumps)

    async def _read_ahead(self, *steps: int) -> None:
        for step in steps:
            index = self.list.cursor + step
            if 0 <= index < self.list.row_count:
                full = await self.reader.feed.full(self.list.window.rows[index])
                if full is not None:
                    self.preview.make_ready(full.item, full.diffs, self.session.now())
                    await asyncio.sleep(0)

    async def _drawn(self) -> None:
        """Waits until what has changed is on the screen."""
        drawn = asyncio.Event()
        self.call_after_refresh(drawn.set)
        await drawn.wait()

    def _show(self, full: Full) -> None:
        self.preview.show_item(full.item, full.diffs, self.session.now())

    @on(Preview.Shown)
    def _note_shown(self) -> None:
        item = self.preview.shown
        if item is None or not self.is_active:
            return
        if self.is_drawn:
            self.session.note_shown(item.entry.state.id, item.entry.state.digest)
        else:
            self.session.note_hidden()

    @property
    def is_drawn(self) -> bool:
        """Whether the row under the cursor and the start of its preview are within the screen."""
        first, end = guards.drawn_lines(self.list)
        row = self.list.cursor - self.list.top + self.list.HEAD
        start, stop = guards.drawn_lines(self.preview)
        return first <= row < end and stop - start >= guards.PREVIEWED

    # ------------------------------------------------------------ what it says

    def _tick(self) -> None:
        if in_sight(self):
            now = self.session.now()
            self.list.tick(now)
            self.preview.tick(now)
            self._tell_footer()

    def tell(self) -> None:
        """Draws header, tabs, marks and footer; what is the same as before costs nothing."""
        if not self.is_running:
            return
        config, session, reader = self.session.config, self.session, self.reader
        self.status.tell(
            queue=self._queue,
            health=session.connection,
            pending=reader.pending,
            breaching=reader.breaching,
            who=config.actor_name(),
            roles=config.roles,
            read_only=session.read_only,
            stopped=stopped_short(session.governing.stops),
        )
        views = self.views
        self.tabs.tell([view.name for view in views.views], reader.counts, views.here)
        marks = self.list.marks
        near = sum(entry.state.id in marks for entry in self.list.window.rows) if marks else 0
        away = f", {len(marks) - near:,} further away" if len(marks) > near else ""
        self.filter_bar.marked = f"{len(marks):,} marked{away}" if len(marks) else ""
        self.filter_bar.changed = views.changed
        self.filter_bar.tell()
        self._desk.tell_title(reader.pending, reader.breaching)
        self._tell_footer()

    def _tell_footer(self) -> None:
        session = self.session
        entry, marked = self.list.entry, len(self.list.marks)

        def unseen(action: Action) -> str:
            hidden = action.scope == "decide" and not marked and not self.is_drawn
            return guards.NOT_ON_SCREEN if hidden else ""

        self.footer.serve(
            session,
            map(by_id, FOOTER),
            lambda action: guards.forbidden(action, session, entry, marked) or unseen(action),
            notice=self._notice,
        )

    def say(self, sentence: str) -> None:
        """Says something in the footer, until the next key."""
        self._notice = sentence
        self._tell_footer()

    def quiet(self) -> None:
        """A key was pressed: what was said has been read."""
        self.list.hands_on()
        if self._notice:
            self._notice = ""
            self._tell_footer()
