"""The worker inside the desk: where the queue is a file, nobody has to run one besides.

It works in a thread of its own with an event loop of its own, over the desk's queue, so that no
frame waits for a mail server.  Any number of desks and workers may do so at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ..effects.worker import Report
    from ..queue import Queue

START: Final = 3.0
"""Seconds after the queue is open before it begins: the first screens go before."""
PATIENCE: Final = 2.0
"""Seconds that leaving the desk waits for what is being sent; what is not settled is unknown."""


def wanted(url: str, read_only: bool) -> bool:
    """Whether a desk on this queue runs a worker: on a file, and where it may write."""
    return url.startswith("sqlite:") and not read_only


class DeskWorker:
    """The thread; `tell` is called in it with everything that people should know."""

    def __init__(self, queue: Queue, pager: str, tell: Callable[[Report], None]) -> None:
        self._queue, self._pager, self._tell = queue, pager, tell
        self._lock = threading.Lock()
        self._stopped = False
        self._stop: Callable[[], None] | None = None
        self._thread = threading.Thread(target=self._main, name="desk-worker", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    async def stop(self) -> None:
        """Ends it; waits a moment for what is being sent.  Safe to call twice."""
        with self._lock:
            self._stopped = True
            if self._stop is not None:
                self._stop()
        if self._thread.is_alive():
            await asyncio.to_thread(self._thread.join, PATIENCE)

    def _main(self) -> None:
        asyncio.run(self._work())

    async def _work(self) -> None:
        # imported here: this thread has time, the desk's first frame has none
        from ..domain.permalink import place_of
        from ..effects.jobs import JOBS
        from ..effects.notify.sending import Setup
        from ..effects.worker import Worker

        loop, stop = asyncio.get_running_loop(), asyncio.Event()

        def told_to() -> None:
            with contextlib.suppress(RuntimeError):  # it has ended by itself meanwhile
                loop.call_soon_threadsafe(stop.set)

        with self._lock:
            if self._stopped:
                return
            self._stop = told_to
        setup = Setup(place_of(self._queue.url), self._pager)
        await Worker(self._queue, setup, JOBS, self._heard).run(stop)

    def _heard(self, report: Report) -> None:
        # what went well is in the record; a queue out of reach is shown by the desk itself
        if report.what in ("failed", "unknown") or report.what == "job":
            self._tell(report)
