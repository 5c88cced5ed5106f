"""Keeps the inbox's list true: first page, neighbours, changes by others, counts for the tabs.

One read of each kind runs at a time; changes that come meanwhile make it run once more.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeAlias

from ..domain.errors import QueryError
from .feed import Feed, number
from .window import AHEAD

if TYPE_CHECKING:
    from ..config import View
    from ..domain.views import Change
    from .session import Session
    from .widgets.artifact_list import ArtifactList
    from .window import Side

Work: TypeAlias = "Callable[[], Coroutine[None, None, None]]"
"""What a worker does; called when it starts, so that one that never starts leaves nothing."""
LOOK_AGAIN = 0.2
"""Seconds between two reads of the list while changes keep coming."""
TOGETHER = 0.02
"""Seconds that a list waits for what its preview shows, so that both come in one frame."""
TOTALS = 16
"""Lists whose length is kept."""
RECOUNT = 1.0
"""Seconds between two counts for the tabs while changes keep coming."""


class Hears(Protocol):
    """Who wants to know what was read: the inbox."""

    def list_opened(self) -> None:
        """Another list is there."""

    def list_changed(self) -> None:
        """The same list was read anew."""

    def filter_refused(self, error: QueryError) -> None:
        """The filter cannot be read."""

    def counted(self) -> None:
        """Counts and known values are there."""

    def marks_dropped(self, number: int, why: str) -> None:
        """So many marks were taken away."""

    def settled(self, text: str) -> bool:
        """Whether the list under this filter is the one that the person wants to stay at."""


class InboxReader:
    """Reads for one `ArtifactList`; `run(work, group, exclusive)` starts a worker."""

    def __init__(
        self,
        session: Session,
        rows: ArtifactList,
        hears: Hears,
        run: Callable[[Work, str, bool], object],
    ) -> None:
        self.feed = Feed(session)
        self.loaded = False
        self.pending = self.breaching = ""
        self.front = asyncio.Event()
        """Set while the list is on top; beneath something else it can wait a little."""
        self.counts: dict[int, str] = {}
        self._totals: dict[str, int] = {}
        self.known: dict[str, tuple[str, ...]] = {}
        self._session, self._list, self._hears, self._run = session, rows, hears, run
        self._text = ""
        self._views: tuple[View, ...] = ()
        self._dirty = self._uncounted = self._looking = self._counting = False
        self._wishes, self._opening = 0, False
        self._touched: set[str] = set()

    def open(self, text: str, typed: str, views: tuple[View, ...]) -> None:
        """Reads the list under a filter; `typed` is the part that a person wrote."""
        self._wishes, self._opening = self._wishes + 1, True
        self._run(partial(self._open_last, text, typed, views, self._wishes), "open", True)

    def more(self, side: Side) -> None:
        """Reads the next page on one side."""
        self._run(partial(self._more, side), "more", True)

    def to_end(self) -> None:
        """Goes to the end of the list."""
        self._run(self._to_end, "more", True)

    def to_start(self) -> None:
        """Goes to the start of the list."""
        self._run(self._to_start, "more", True)

    def heard(self, changes: list[Change]) -> None:
        """Something happened in the queue."""
        ids = {change.artifact_id for change in changes}
        self._touched |= ids
        self.feed.forget_ready()
        away = ids - {entry.state.id for entry in self._list.window.rows}
        self._hears.marks_dropped(self._list.marks.drop(away), "changed out of sight:")
        self.look_again()
        self.recount()

    def look_again(self) -> None:
        """Reads anew what is on screen."""
        self._dirty = True
        if self.loaded and not self._looking and not self._opening:
            self._looking = True
            self._run(self._look_again, "again", False)

    def recount(self) -> None:
        """Counts anew."""
        self._uncounted = True
        if self.loaded and not self._counting:
            self._counting = True
            self._run(self._count, "count", False)

    async def _open_last(self, text: str, typed: str, views: tuple[View, ...], wish: int) -> None:
        """Opens it; what changed while it was read is looked at after that, not lost."""
        self._dirty = False
        try:
            await self._open(text, typed, views)
        finally:
            if wish == self._wishes:
                self._opening = False
                if self._dirty:
                    self.look_again()

    async def _open(self, text: str, typed: str, views: tuple[View, ...]) -> None:
        try:
            if typed:
                await self.feed.parse(typed)  # so that an error's offset is one in what was typed
            first = self.feed.take_ready(text)
            if first is None:
                first = await self.feed.open(text)
            else:  # it is read again as soon as it is shown
                self._dirty = True
        except QueryError as error:
            self._hears.filter_refused(error)
            return
        if self.pending and first.page.entries:  # the first page of all waits for nothing
            # what goes wrong is said by the preview, which reads it again
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self.feed.full(first.page.entries[0]), TOGETHER)
        counted = bool(self.pending) and views == self._views
        self._text, self._views, self.loaded = text, views, True
        self._list.now = self._session.now()
        self._list.total = self._totals.get(text)  # until it is counted anew
        self._list.start([first])
        self.drop_hidden_marks()
        self._hears.list_opened()
        if counted:
            self._run(self._count_list, "total", True)
        else:
            self.recount()

    def drop_hidden_marks(self) -> None:
        """Takes away the marks that the list hides; a filter half typed takes none away."""
        if self._hears.settled(self._text):
            here = [entry.state.id for entry in self._list.window.rows]
            self._hears.marks_dropped(self._list.marks.keep_only(here), "not in this list:")

    async def _more(self, side: Side) -> None:
        before = self._list.window.pages[:]
        loaded = await self.feed.more(self._list.window, side)
        if loaded is not None and self._list.window.pages == before:
            self._list.extend(loaded, side)

    async def _to_end(self) -> None:
        if self._list.window.next is not None:
            last = await self.feed.last()
            total = self._list.total or 0
            self._list.jump(last, max(0, total - len(last.page.entries)))
        self._list.go(self._list.row_count - 1)

    async def _to_start(self) -> None:
        if self._list.window.previous is not None:
            self._list.start([await self.feed.first()])
        self._list.go(0)

    async def _look_again(self) -> None:
        rows = self._list
        try:
            while self._dirty:
                await self._in_front(LOOK_AGAIN)
                self._dirty = False
                touched, self._touched = self._touched, set()
                before, query, top = rows.window.pages[:], self.feed.query, rows.top
                pages, base = await self.feed.again(rows.window, top, rows.page)
                if self.feed.query is not query:  # another list, which may be older than this
                    self._touched |= touched
                    self._dirty = True
                    break
                # scrolled meanwhile: what is on screen now may not be among what was read
                if rows.window.pages != before or abs(rows.top - top) > AHEAD // 2:
                    self._touched |= touched
                    self._dirty = True
                else:
                    if pages != rows.window.pages:
                        rows.refreshed(pages, base)
                    self._check_marks(touched)
                    self._hears.list_changed()
                await asyncio.sleep(LOOK_AGAIN)
        finally:
            self._looking = False
        if self._dirty:
            self.look_again()

    async def _in_front(self, patience: float) -> None:
        """Waits until the list is on top, so many seconds at most.

        What is there then is what the person waits for: the next artifact after a decision.
        """
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.front.wait(), patience)

    def _check_marks(self, touched: set[str]) -> None:
        window, marks = self._list.window, self._list.marks
        here = {entry.state.id for entry in window.rows}
        dropped = marks.changed(window.rows) + marks.drop(touched - here)
        whole = window.next is None and window.previous is None
        if whole and self._hears.settled(self._text):
            dropped += marks.keep_only(here)
        self._hears.marks_dropped(dropped, "changed meanwhile:")

    async def _count_list(self) -> None:
        """Counts this list alone: another list changes none of the other numbers."""
        text = self._text
        total = await self.feed.count(text)
        self._totals = {text: total.number, **self._totals}
        while len(self._totals) > TOTALS:
            self._totals.popitem()
        if text == self._text:
            self._list.tell_total(total.number)

    async def _count(self) -> None:
        try:
            while self._uncounted:
                await self._in_front(RECOUNT)
                self._uncounted = False
                facets = await self.feed.facets()
                self.known = {name: tuple(values) for name, values in facets.items()}
                self.pending = number(await self.feed.count("is:pending"))
                self.breaching = number(await self.feed.count("is:breaching"))
                self.counts = await self.feed.counts(self._views)
                text = self._text
                await self._count_list()
                self._hears.counted()
                if text == self._text:  # else the list that is open now has no total yet
                    await asyncio.sleep(RECOUNT)
        finally:
            self._counting = False
