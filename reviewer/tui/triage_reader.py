"""Keeps the triage screen true: the load of the queues, what breaches next, who is on call.

One read runs at a time; changes that come meanwhile make it run once more.  No widgets.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from ..domain.query import Query
from .due import MOST, STEP, breaching_next

if TYPE_CHECKING:
    from ..domain.views import Change, Entry, QueueLoad
    from ..policy.schedule import Duty
    from .inbox_reader import Work
    from .session import Session

LOOK_AGAIN = 0.2
"""Seconds between two reads while changes keep coming."""


class Hears(Protocol):
    """Who wants to know what was read: the screen."""

    def was_read(self, *, anew: bool) -> None:
        """Load and list are there; `anew` is another list than before."""


class TriageReader:
    """Reads for one screen; `run(work, group, exclusive)` starts a worker."""

    def __init__(
        self, session: Session, hears: Hears, run: Callable[[Work, str, bool], object]
    ) -> None:
        self.queue = ""
        self.loads: tuple[QueueLoad, ...] = ()
        self.entries: list[Entry] = []
        self.more = False
        self.unsent: dict[str, int] = {}
        """Notifications that did not arrive or may not have, by state."""
        self._session, self._hears, self._run = session, hears, run
        self._wanted = STEP
        self._shown: str | None = None
        self._dirty = self._looking = False

    def choose(self, queue: str) -> None:
        """Lists one queue, or all for an empty name."""
        self.queue, self._wanted = queue, STEP
        self.look_again()

    def reach(self, index: int) -> None:
        """The cursor is at `index`: near the end more is read."""
        if self.more and index >= len(self.entries) - STEP // 4 and self._wanted < MOST:
            self._wanted = min(MOST, len(self.entries) + STEP)
            self.look_again()

    def heard(self, _changes: list[Change]) -> None:
        """Something happened in the queue."""
        self.look_again()

    def look_again(self) -> None:
        """Reads everything anew."""
        self._dirty = True
        if not self._looking:
            self._looking = True
            self._run(self._look, "look", False)

    async def _look(self) -> None:
        session = self._session
        try:
            while self._dirty:
                self._dirty = False
                queue = self.queue
                loads = await session.read(lambda q: q.load(session.actor))
                unsent = await session.read(lambda q: q.count_unsent())
                entries, more = await breaching_next(session, queue, self._wanted)
                if queue != self.queue:
                    continue
                self.loads, self.entries, self.more = loads, entries, more
                self.unsent = unsent
                anew, self._shown = self._shown != queue, queue
                self._hears.was_read(anew=anew)
                await asyncio.sleep(LOOK_AGAIN)
        finally:
            self._looking = False

    def duty(self, queue: str) -> Duty | None:
        """Who is on call for a queue now."""
        policy, own = self._session.governing.policy, self._session.config.on_call
        if not own and (policy is None or not policy.on_call):
            return None
        from ..policy.chain import turns
        from ..policy.schedule import on_call

        return on_call(turns(policy, own), queue, self._session.now())

    def where(self) -> Query:
        """The filter of what is listed."""
        from ..domain.query import Op, Term

        return Query((Term("queue", Op.EQ, (self.queue,)),) if self.queue else ())
