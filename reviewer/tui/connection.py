"""The line to the queue: opening it, reading again until it answers, sending once, watching.

A call that changes nothing is repeated for as long as it takes.  A call that changes something is
repeated a few times with everything as it was, its operation id first of all, so that the queue
can tell a repetition from a second decision.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from ..domain.errors import QueueError, TamperedError

if TYPE_CHECKING:
    from ..domain.views import Change
    from ..queue import Queue

T = TypeVar("T")
Health: TypeAlias = Literal["connecting", "live", "slow", "offline"]

SLOW = 1.0
"""Seconds after which an unanswered call shows the queue as slow."""
RETRY = (0.25, 0.5, 1.0, 2.0, 5.0)
"""Seconds between tries while the queue cannot be reached; the last one repeats."""
SEND_TRIES = 4
"""How often one decision is sent (with one operation id) before the desk gives up and says so."""


class Connection:
    """An open queue and how well it answers; `monotonic` seconds, `wall` microseconds."""

    def __init__(self, monotonic: Callable[[], float], wall: Callable[[], int]) -> None:
        self.queue: Queue | None = None
        self.url = ""
        self.health: Health = "connecting"
        self.trouble = ""
        self.heard: Callable[[list[Change]], None] = lambda _changes: None
        self.changed: Callable[[], None] = lambda: None
        self._monotonic, self._wall = monotonic, wall
        self._offset: int | None = None
        self._opened = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting = 0

    def now(self) -> int:
        """The queue's clock: asked once per connection, carried on by the monotonic one."""
        if self._offset is None:
            return self._wall()
        return self._offset + round(self._monotonic() * 1e6)

    async def open(self, url: str) -> None:
        """Opens the queue and starts watching it; raises `QueueError` where it cannot be opened.

        The heavy imports happen in a thread, so that the screen goes on drawing.
        """
        self.url = url
        try:
            module = await asyncio.to_thread(_import_queue, url)
            queue: Queue = await module.open_queue(url)
        except Exception as error:
            self.set_health("offline", str(error))
            raise
        self._offset = await queue.now() - round(self._monotonic() * 1e6)
        self.queue = queue
        self._opened.set()
        self.set_health("live")
        self.start(self._watch(await queue.position()))

    async def stop(self) -> None:
        """Ends everything that runs behind; the queue stays open."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Closes the queue; safe to call twice."""
        queue, self.queue = self.queue, None
        if queue is not None:
            await queue.close()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs something behind until `stop`."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def read(self, call: Callable[[Queue], Awaitable[T]]) -> T:
        """The answer to a call that changes nothing, tried again for as long as it takes.

        Raises `TamperedError`: to ask again would change nothing.
        """
        await self._opened.wait()
        tries = 0
        while True:
            try:
                return await self.once(call)
            except TamperedError:
                raise
            except (QueueError, OSError):
                await asyncio.sleep(RETRY[min(tries, len(RETRY) - 1)])
                tries += 1

    async def send(self, call: Callable[[Queue], Awaitable[T]]) -> T:
        """The answer to a call that is idempotent; raises `QueueError` after a few tries."""
        for tried in range(SEND_TRIES - 1):
            try:
                return await self.once(call)
            except TamperedError:
                raise
            except (QueueError, OSError):
                await asyncio.sleep(RETRY[tried])
        try:
            return await self.once(call)
        except TamperedError:
            raise
        except (QueueError, OSError) as error:
            raise QueueError(
                f"The queue cannot be reached: {error}",
                "Try again: it is sent under the same id and decided once at most.",
            ) from error

    async def once(self, call: Callable[[Queue], Awaitable[T]]) -> T:
        """One try; raises what the queue raises and shows its health."""
        if self.queue is None:
            raise QueueError("The queue is not open.")
        slow = asyncio.get_running_loop().call_later(SLOW, self._slow)
        self._waiting += 1
        try:
            answer = await call(self.queue)
        except TamperedError:
            raise  # about one artifact; the queue itself answers
        except (QueueError, OSError) as error:
            self.set_health("offline", str(error))
            raise
        finally:
            self._waiting -= 1
            slow.cancel()
        self.set_health("live")
        return answer

    def set_health(self, health: Health, trouble: str = "") -> None:
        """Notes how the queue answers and tells who listens, where that is new."""
        if (health, trouble) != (self.health, self.trouble):
            self.health, self.trouble = health, trouble
            self.changed()

    def _slow(self) -> None:
        if self._waiting and self.health == "live":
            self.set_health("slow")

    async def _watch(self, after: int) -> None:
        tries = 0
        while self.queue is not None:
            try:
                async for changes in self.queue.watch(after):
                    tries = 0
                    after = max((after, *(change.seq for change in changes)))
                    self.set_health("live")
                    self.heard(changes)
            except (QueueError, OSError) as error:
                self.set_health("offline", str(error))
            await asyncio.sleep(RETRY[min(tries, len(RETRY) - 1)])
            tries += 1


def wall_clock() -> int:
    """Microseconds since the epoch by this machine; used only until the queue has told its time."""
    return time.time_ns() // 1000


def _import_queue(url: str) -> Any:
    """Imports the protocol, and the backend of this URL where there is one."""
    from .. import queue

    with contextlib.suppress(QueueError):  # it is said when it is opened
        queue.backend_of(url.partition(":")[0])
    return queue
