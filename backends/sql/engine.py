"""What the five sides share: the lanes, transactions, and waking up those who watch."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

from reviewer.domain.errors import QueueError

from . import clocks
from .dialect import Connection, Dialect
from .lanes import Job, Lane
from .pulse import Pulse
from .transaction import Reader, Transaction

T = TypeVar("T")
U = TypeVar("U")
_STOP_SECONDS = 5.0


class Engine:
    """One writing lane, some reading ones, and the pulse, over a dialect.

    It may be used from any event loop of the process that opened it, not from a child made by
    fork: the child opens its own.
    """

    def __init__(self, url: str, dialect: Dialect) -> None:
        self.url = url
        self.read_only = dialect.read_only
        self.dialect = dialect
        self._process = os.getpid()
        self._closed = False
        self._writer = Lane("queue-writer", 1, dialect.connect_writer, dialect.disconnect)
        self._readers = Lane(
            "queue-reader",
            dialect.readers,
            dialect.connect_reader,
            dialect.disconnect,
            dialect.interrupt,
        )
        self._pulse = Pulse(self._position)
        # a program that ends without closing still closes its connections in good order
        self._finalizer = weakref.finalize(
            self, _stop, (self._writer, self._readers), dialect, self._process
        )

    async def close(self) -> None:
        """Gives everything back; safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self._pulse.stop()
        await asyncio.get_running_loop().run_in_executor(None, self._finalizer)

    async def write(
        self, work: Callable[[Transaction], T], before: Callable[[], None] | None = None
    ) -> T:
        """Runs `work` in a write transaction; its answer comes after the commit.

        `before` runs in the same thread while others may still write.
        """
        self._check()

        def run(connection: Any, job: Job[T]) -> T:
            if before is not None:
                before()
            with self.dialect.writing(connection, job.begin) as begun:
                if not begun:
                    raise self.dialect.busy()
                answer = work(Transaction(connection, self.dialect))
            # not before the commit: nothing is answered that could still be lost
            self._pulse.beat()
            return answer

        return await self._on(self._writer, run, self.dialect.after_commit)

    async def write_then(
        self, work: Callable[[Transaction], T], then: Callable[[Reader, T], U]
    ) -> U:
        """The same, with `then` reading on after the commit, when others may write again."""
        self._check()

        def run(connection: Any, job: Job[U]) -> U:
            with self.dialect.writing(connection, job.begin) as begun:
                if not begun:
                    raise self.dialect.busy()
                answer = work(Transaction(connection, self.dialect))
            self._pulse.beat()
            return then(Reader(connection, self.dialect), answer)

        return await self._on(self._writer, run, self.dialect.after_commit)

    async def rows(self, name: str, **values: Any) -> list[Any]:
        """The rows of a prepared statement."""
        return await self.read(lambda reader: reader.all(name, **values))

    async def read(self, work: Callable[[Reader], T]) -> T:
        """Runs `work` against one snapshot; it stops when the caller is cancelled."""
        self._check()

        def run(connection: Connection, job: Job[T]) -> T:
            if not job.begin():
                raise self._occupied()
            with self.dialect.reading(connection):
                return work(Reader(connection, self.dialect))

        return await self._on(self._readers, run)

    async def refreshed(self, work: Callable[[Reader, int], T]) -> T:
        """Reads after what is due by time has been carried out; `work` gets the clock too."""
        now = self.dialect.now()

        def look(reader: Reader) -> tuple[bool, T]:
            return clocks.due(reader, now), work(reader, now)

        late, answer = await self.read(look)
        if not late:
            return answer
        # a queue that cannot be written now can still be read
        with contextlib.suppress(QueueError):
            await self.run_clocks()
        return await self.read(lambda reader: work(reader, now))

    async def run_clocks(self) -> int:
        """Carries out what is due by time, in small transactions; answers with how many."""
        now = self.dialect.now()
        if not self.read_only and not await self.read(lambda reader: clocks.due(reader, now)):
            return 0  # nobody is kept from writing where there is nothing to do
        total = 0
        while done := await self.write(clocks.run):
            total += done
        return total

    async def now(self) -> int:
        """The queue's clock, an instant in microseconds."""
        return self.dialect.now()

    async def _position(self) -> int:
        return int(await self.read(lambda reader: reader.one("position")[0]))

    async def _on(
        self,
        lane: Lane,
        work: Callable[[Any, Job[T]], T],
        after: Callable[[Any], None] | None = None,
    ) -> T:
        too_late = self._occupied if lane is self._readers else self.dialect.busy
        try:
            return await lane.run(work, self.dialect.patience, too_late, after)
        except Exception as error:
            better = self.dialect.translated(error)
            if better is error:
                raise
            raise better from error

    def _occupied(self) -> QueueError:
        """All connections that read are busy for longer than `patience`."""
        return QueueError(
            f"The queue {self.dialect.place} answers slowly: what was asked before is still read.",
            "Try again in a moment; free text with a common word takes longest.",
        )

    def _check(self) -> None:
        if os.getpid() != self._process:
            raise QueueError(
                "This queue was opened before the process forked.", "Open it again in the child."
            )
        if self._closed:
            raise QueueError("This queue is closed.", "Open it again.")


def _stop(lanes: tuple[Lane, ...], dialect: Dialect, process: int) -> None:
    if os.getpid() != process:
        return
    if any(lane.is_here() for lane in lanes):
        # the last reference went away in a lane's own thread, which cannot wait for itself
        threading.Thread(target=_stop, args=(lanes, dialect, process)).start()
        return
    for lane in lanes:
        lane.stop(_STOP_SECONDS)
    dialect.close()
