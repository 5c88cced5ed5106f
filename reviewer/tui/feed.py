"""What the inbox reads: pages under a filter, counts for tabs, and artifacts in full, kept a while.

No widgets.  All reads go through `Session.read`, so they wait for a queue that is out of reach.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..domain.errors import QueryError
from .brief import WRITES
from .marks import LIMIT
from .newest import Newest
from .window import AHEAD, PAGE, Loaded, Side, Way, Window

if TYPE_CHECKING:
    from ..config import View
    from ..diff.model import WriteDiff
    from ..domain.query import Query
    from ..domain.views import Count, Entry, Item, Page
    from .session import Session

KEPT = 48
"""Artifacts whose body and diffs are kept for the preview."""
READY = 4
"""First pages of other lists that are kept."""
CHUNK = 500
"""Entries asked for at once when everything that matches is marked."""
END = ""
"""The `before` cursor that stands behind the last entry of any list."""


class Full(NamedTuple):
    """An artifact in full with the diffs of its first writes."""

    item: Item
    diffs: tuple[WriteDiff, ...]


class Feed:
    """The list under one filter."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._full: Newest[tuple[str, str, int], Full] = Newest(KEPT)
        self._ready: Newest[str, tuple[Query, Loaded]] = Newest(READY)
        self.query: Query | None = None

    async def make_ready(self, text: str) -> Sequence[Entry]:
        """The first page under a filter, with its first artifact, read before it is asked for.

        Of a filter that cannot be read nothing: it says why when it is opened.
        """
        if text not in self._ready:
            try:
                query = await self.parse(text)
            except QueryError:
                return ()
            page = await self._page(query, None)
            if page.entries:
                await self.full(page.entries[0])
            self._ready[text] = query, Loaded(page)
        return self._ready[text][1].page.entries

    def take_ready(self, text: str) -> Loaded | None:
        """Opens a page that was read before; it may be other by now, and is to be read again."""
        if text not in self._ready:
            return None
        self.query, loaded = self._ready.pop(text)
        return loaded

    def forget_ready(self) -> None:
        """Something happened in the queue."""
        self._ready.clear()

    async def open(self, text: str) -> Loaded:
        """The first page under a filter; raises `QueryError`, and then nothing has changed."""
        query = await self.parse(text)
        page = await self._page(query, None)
        self.query = query
        return Loaded(page)

    async def parse(self, text: str) -> Query:
        """The query of a filter; raises `QueryError`.  Waits until the language is imported."""
        await self._session.read(_nothing)
        from ..domain.query import parse

        return parse(text)

    async def more(self, window: Window, side: Side) -> Loaded | None:
        """The next page on one side, None where there is none."""
        cursor = window.next if side == "after" else window.previous
        if cursor is None or self.query is None:
            return None
        way: Way = (side, cursor)
        return Loaded(await self._page(self.query, way), way)

    async def first(self) -> Loaded:
        """The first page again."""
        assert self.query is not None
        return Loaded(await self._page(self.query, None))

    async def last(self) -> Loaded:
        """The last page."""
        assert self.query is not None
        way: Way = ("before", END)
        return Loaded(await self._page(self.query, way), way)

    async def again(self, window: Window, top: int, height: int) -> tuple[list[Loaded], int]:
        """The pages around what is on screen, read anew, and how many lines stand before them."""
        assert self.query is not None
        number, start = window.page_at(max(0, top - AHEAD // 2))
        way = window.pages[number].way if window.pages else None
        first = await self._page(self.query, way)
        if way is not None and not first.entries:
            way, start, first = None, -window.base, await self._page(self.query, None)
        pages, loaded = [Loaded(first, way)], len(first.entries)
        while pages[-1].page.next is not None and loaded < top - start + height + AHEAD:
            way = ("after", pages[-1].page.next)
            pages.append(Loaded(await self._page(self.query, way), way))
            loaded += len(pages[-1].page.entries)
        return pages, max(0, window.base + start)

    async def everything(self, progress: Callable[[int], None]) -> tuple[list[Entry], bool]:
        """All entries that match, up to the limit, and whether there are more."""
        assert self.query is not None
        found: list[Entry] = []
        after: str | None = None
        while True:
            way: Way = None if after is None else ("after", after)
            page = await self._page(self.query, way, CHUNK)
            found += page.entries
            progress(len(found))
            after = page.next
            if after is None or len(found) >= LIMIT:
                return found[:LIMIT], after is not None or len(found) > LIMIT

    async def count(self, text: str) -> Count:
        """How many match a filter."""
        query, actor = await self.parse(text), self._session.actor
        return await self._session.read(lambda queue: queue.count(query, actor))

    async def counts(self, views: Sequence[View]) -> dict[int, str]:
        """How many each view holds, as text by the view's index; finished work is not counted.

        A view whose filter cannot be read has no number; it says why when it is opened.
        """
        found: dict[int, str] = {}
        for index, view in enumerate(views[:9]):
            if "is:decided" not in view.filter:
                with contextlib.suppress(QueryError):
                    found[index] = number(await self.count(view.filter))
        return found

    async def facets(self) -> dict[str, dict[str, int]]:
        """The queue's own values by field, with how many are pending."""
        query, actor = await self.parse(""), self._session.actor
        return await self._session.read(lambda queue: queue.facets(query, actor))

    # ------------------------------------------------------------------- artifacts in full

    def kept(self, entry: Entry) -> Full | None:
        """The artifact in full if it was read already."""
        key = _key(entry)
        if key in self._full:
            self._full.move_to_end(key)
        return self._full.get(key)

    async def full(self, entry: Entry) -> Full | None:
        """The artifact in full with its diffs, made in a thread; None where it is gone."""
        known = self.kept(entry)
        if known is not None:
            return known
        item = await self._session.get(entry.state.id)
        if item is None:
            return None
        full = Full(item, await asyncio.to_thread(_diffs, item))
        self._full[_key(item.entry)] = full
        return full

    async def _page(self, query: Query, way: Way, limit: int = PAGE) -> Page:
        side = {} if way is None else {way[0]: way[1]}
        actor = self._session.actor
        return await self._session.read(
            lambda queue: queue.page(
                query, actor, limit=limit, after=side.get("after"), before=side.get("before")
            )
        )


def number(count: Count) -> str:
    """A count for people: `42`, `10,000+`."""
    return f"{count.number:,}{'' if count.exact else '+'}"


def _key(entry: Entry) -> tuple[str, str, int]:
    return entry.state.id, entry.state.digest, entry.state.revision


def _diffs(item: Item) -> tuple[WriteDiff, ...]:
    from ..diff import diff_write

    return tuple(diff_write(write) for write in item.artifact.writes[:WRITES])


async def _nothing(_queue: object) -> None:
    return None
