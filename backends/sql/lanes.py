"""Lanes: threads with connections of their own: no database work runs on the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

T = TypeVar("T")

AGAIN = 0.02
"""Seconds until what goes on although nobody waits for it is interrupted again."""


class Job(Generic[T]):
    """One piece of work for a lane, and the future that waits for it on its event loop."""

    __slots__ = ("_begun", "_connection", "_lock", "after", "future", "loop", "work")

    def __init__(
        self,
        work: Callable[[Any, Job[T]], T],
        loop: asyncio.AbstractEventLoop,
        after: Callable[[Any], None] | None = None,
    ) -> None:
        self.work = work
        self.after = after
        self.loop = loop
        self.future: asyncio.Future[T] = loop.create_future()
        self._lock = threading.Lock()
        self._begun: bool | None = None
        self._connection: Any = None

    def on(self, connection: Any) -> None:
        """A thread works on it with this connection; None when it has ended."""
        with self._lock:
            self._connection = connection

    def begin(self) -> bool:
        """Called before anything is changed; False where nobody waits for it any more."""
        with self._lock:
            if self._begun is None:
                self._begun = True
            return self._begun

    def give_up(self, error: Exception) -> None:
        """Answers with an error, but only while nothing has begun: an answer is never a guess."""
        with self._lock:
            if self._begun is not None:
                return
            self._begun = False
        if not self.future.done():
            self.future.set_exception(error)

    def abandon(self, interrupt: Callable[[Any], None]) -> None:
        """Nobody waits for it any more: it never begins, or is interrupted until it has ended."""
        with self._lock:
            if self._begun is None:
                self._begun = False
            if self._connection is None:
                return
            interrupt(self._connection)
        # between two statements there was nothing to interrupt
        self.loop.call_later(AGAIN, self.abandon, interrupt)

    def done(self, result: T | None, error: BaseException | None) -> None:
        """Hands the answer to the event loop; a loop that is gone wants no answer."""
        try:
            self.loop.call_soon_threadsafe(self._settle, result, error)
        except RuntimeError:
            return

    def _settle(self, result: Any, error: BaseException | None) -> None:
        if self.future.done():
            return
        if error is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class Lane:
    """Some threads that work off one line of jobs, each on its own connection.

    `connect` and `disconnect` run in the thread; a connection is made at the thread's first job.
    With `interrupt`, which stops what a connection does, a job ends when its caller is cancelled.
    """

    def __init__(
        self,
        name: str,
        threads: int,
        connect: Callable[[], Any],
        disconnect: Callable[[Any], None],
        interrupt: Callable[[Any], None] | None = None,
    ) -> None:
        self._connect = connect
        self._disconnect = disconnect
        self._interrupt = interrupt
        self._jobs: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{n}", daemon=True)
            for n in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    async def run(
        self,
        work: Callable[[Any, Job[T]], T],
        patience: float | None = None,
        too_late: Callable[[], Exception] | None = None,
        after: Callable[[Any], None] | None = None,
    ) -> T:
        """Runs `work` in a thread; `too_late` makes the error if it has not begun in time.

        `patience` is in seconds; `after` runs when the answer has been given.
        """
        loop = asyncio.get_running_loop()
        job = Job(work, loop, after)
        self._jobs.put(job)
        timer = None
        if patience is not None and too_late is not None:
            timer = loop.call_later(patience, lambda: job.give_up(too_late()))
        try:
            return await job.future
        except asyncio.CancelledError:
            if self._interrupt is not None:
                job.abandon(self._interrupt)
            raise
        finally:
            if timer is not None:
                timer.cancel()

    def stop(self, timeout: float) -> None:
        """Ends the threads after the jobs they have; waits at most `timeout` seconds for each."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(timeout)

    def is_here(self) -> bool:
        """Whether the caller runs in one of its threads."""
        return threading.current_thread() in self._threads

    def _work(self) -> None:
        connection: Any = None
        while (job := self._jobs.get()) is not None:
            try:
                if connection is None:
                    connection = self._connect()
                job.on(connection)
                try:
                    result = job.work(connection, job)
                finally:
                    job.on(None)
            except BaseException as error:
                job.done(None, error)
            else:
                job.done(result, None)
                del result
                if job.after is not None:
                    job.after(connection)
            del job
        if connection is not None:
            self._disconnect(connection)
