"""The pulse: wakes those who wait as soon as the feed has grown, by this process or another.

Commits of this process beat at once; those of others are seen by a look at the newest number every
100 ms, one look for all who wait on an event loop.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable

PERIOD = 0.1
"""Seconds between two looks."""


class Pulse:
    """Counts up whenever there may be news; `wait` blocks until the count has moved."""

    def __init__(self, look: Callable[[], Awaitable[int]]) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._waiting: dict[asyncio.Future[None], asyncio.AbstractEventLoop] = {}
        self._tasks: dict[asyncio.AbstractEventLoop, asyncio.Task[None]] = {}
        self._stopped = False

    def beat(self) -> None:
        """There is news; may be called from any thread."""
        if not self._waiting:
            return
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        for future, loop in waiting.items():
            try:
                loop.call_soon_threadsafe(_wake, future)
            except RuntimeError:  # that loop is gone, and its waiter with it
                continue

    def subscribe(self) -> asyncio.Future[None]:
        """A future that is done at the next beat; take it before looking, to miss none."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        with self._lock:
            self._waiting[future] = loop
        task = self._tasks.get(loop)
        if task is None or task.done():
            self._tasks = {k: t for k, t in self._tasks.items() if not k.is_closed()}
            self._tasks[loop] = loop.create_task(self._watch(loop))
        return future

    def forget(self, future: asyncio.Future[None]) -> None:
        """The waiter has gone."""
        with self._lock:
            self._waiting.pop(future, None)

    def stop(self) -> None:
        """Wakes everybody; nobody is woken after that."""
        self._stopped = True
        self.beat()

    async def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        last = None
        while not self._stopped and loop in self._waiting.values():
            try:
                newest = await self._look()
            except Exception:
                # those who wait look for themselves and meet the same error
                self.beat()
                return
            # the first look too: something may have come between theirs and this one
            if newest != last:
                self.beat()
            last = newest
            await asyncio.sleep(PERIOD)


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
