"""The worker: carries out what is due by time, sends notifications, and runs periodic jobs.

Any number of workers may run on one queue.  The queue gives each step and each notification to one
of them; what was surely not sent is tried again later and longer apart, and what may have been
sent is never sent again.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ..domain.errors import QueueError, ReviewerError
from ..domain.governance import Notice
from ..domain.instant import MINUTE, SECOND
from .notify.notice import notice_of
from .notify.sending import Setup, send
from .notify.sent import Sent, cleaned

if TYPE_CHECKING:
    from ..domain.views import Effect
    from ..policy.document import Policy
    from ..queue import Queue

PERIOD: Final = 1.0
"""Seconds between two looks."""
AT_ONCE: Final = 8
"""Notifications that are sent at the same time."""
LEASE: Final = 5 * MINUTE
"""How long a notification is a worker's; longer than the slowest mail server takes."""
TRIES: Final = 8
FIRST: Final = 10 * SECOND
LONGEST: Final = 15 * MINUTE
"""A notification that surely was not sent is tried so often, first after `FIRST`, each time three
times later than before, but never later than `LONGEST`."""
PAUSES: Final = (1.0, 2.0, 5.0, 10.0)
"""Seconds before the next look after a queue that could not be used, the last one for good."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something a worker does every so often (microseconds); `run` answers with what it did.

    It gets the queue and the queue's time.  Several workers may run it at once, so that what it
    does must be the same when done twice; an empty answer says that there was nothing to do.
    """

    name: str
    every: int
    run: Callable[[Queue, int], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Report:
    """One thing that a worker did, in a sentence of our own words.

    `what` is `clocks`, `sent`, `later` (will be tried again), `failed`, `unknown`, `job` or
    `trouble`; `notice` is what it was about, where it was a notification.
    """

    what: str
    sentence: str
    notice: Notice | None = None


@dataclass(slots=True)
class Done:
    """How much a worker has done: things due by time, and notifications by what became of them."""

    clocks: int = 0
    sent: int = 0
    later: int = 0
    failed: int = 0
    unknown: int = 0

    def sentence(self) -> str:
        """The whole in a line."""
        parts = [f"{self.clocks:,} due by time", f"{self.sent:,} notifications sent"]
        for number, name in (
            (self.later, "to be tried again"),
            (self.failed, "failed"),
            (self.unknown, "unknown"),
        ):
            if number:
                parts.append(f"{number:,} {name}")
        return ", ".join(parts) + "."


def worker_name() -> str:
    """A name that no other worker has: the machine's, the process's, and some luck."""
    return f"{cleaned(socket.gethostname(), 40)}:{os.getpid()}:{secrets.token_hex(3)}"


@dataclass(slots=True)
class Worker:
    """One worker on a queue; `tell` gets to know of everything that it does."""

    queue: Queue
    setup: Setup
    jobs: Sequence[Job] = ()
    tell: Callable[[Report], None] = lambda _report: None
    name: str = field(default_factory=worker_name)
    done: Done = field(default_factory=Done)
    _policy: tuple[str, Policy] | None = None
    _ran: dict[str, int] = field(default_factory=dict)

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set; what is being sent then is finished first.

        A queue that cannot be used is tried again for as long as it takes.
        """
        troubles = 0
        while not stop.is_set():
            pause = PERIOD
            try:
                await self.once(stop)
                troubles = 0
            except (QueueError, OSError) as error:
                pause = PAUSES[min(troubles, len(PAUSES) - 1)]
                troubles += 1
                if troubles == 1:
                    self._told("trouble", f"The queue cannot be used: {error}")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)

    async def once(self, stop: asyncio.Event | None = None) -> None:
        """Does everything that is due now; raises `QueueError`."""
        number = await self.queue.run_clocks()
        if number:
            self.done.clocks += number
            self._told("clocks", f"{number:,} due by time carried out.")
        while stop is None or not stop.is_set():
            effects = await self.queue.take_effects(
                self.name, limit=AT_ONCE, lease=LEASE, kind="notify"
            )
            if not effects:
                break
            # all of them end before anything is said of one that could not be settled
            ended = await asyncio.gather(
                *(self._notify(effect) for effect in effects), return_exceptions=True
            )
            for error in ended:
                if isinstance(error, BaseException):
                    raise error
        await self._run_jobs()

    async def _notify(self, effect: Effect) -> None:
        notice = notice_of(effect)
        try:
            policy = await self._in_force()
            sent = await send(notice, policy, self.setup, await self.queue.now())
        except ReviewerError as error:  # before anything was sent
            sent = Sent(False, str(error))
        except Exception as error:  # a defect of ours must not be sent again and again
            name = type(error).__name__
            sent = Sent(False, f"Sending failed in a way nobody thought of: {name}.", known=False)
        await self._settle(effect, notice, sent)

    async def _settle(self, effect: Effect, notice: Notice, sent: Sent) -> None:
        if sent.ok:
            what, state, retry_at = "sent", "applied", None
        elif not sent.known:
            what, state, retry_at = "unknown", "unknown", None
        elif effect.attempts < TRIES:
            what, state = "later", "failed"
            retry_at = await self.queue.now() + backoff(effect.attempts)
        else:
            what, state, retry_at = "failed", "failed", None
        if not await self._settled(effect, state, sent.sentence, retry_at):
            # it took too long, and others hold it for lost: the record says unknown already
            what = "unknown"
        setattr(self.done, what, getattr(self.done, what) + 1)
        self._told(what, sent.sentence, notice)

    async def _settled(
        self, effect: Effect, state: str, sentence: str, retry_at: int | None
    ) -> bool:
        """Stores what came of it; tried again, for what is not stored ends as unknown."""
        for pause in PAUSES[:-1]:
            with contextlib.suppress(QueueError, OSError):
                return await self.queue.settle_effect(effect, state, sentence, retry_at=retry_at)
            await asyncio.sleep(pause)
        return await self.queue.settle_effect(effect, state, sentence, retry_at=retry_at)

    async def _in_force(self) -> Policy:
        """The policy in force, read once for each digest; raises `ReviewerError`."""
        from ..policy.reading import read

        row = await self.queue.policy()
        if self._policy is None or self._policy[0] != row.digest:
            self._policy = (row.digest, read(row.text))
        return self._policy[1]

    async def _run_jobs(self) -> None:
        now = await self.queue.now()
        for job in self.jobs:
            last = self._ran.get(job.name)
            # a clock that was set back must not keep a job from running
            if last is not None and last <= now < last + job.every:
                continue
            self._ran[job.name] = now
            try:
                said = await job.run(self.queue, now)
            except (QueueError, OSError):
                self._ran.pop(job.name)
                raise
            except Exception as error:  # one job must not keep the others and the clocks waiting
                self._told("trouble", f"The job '{job.name}' failed: {type(error).__name__}.")
                continue
            if said:
                self._told("job", said)

    def _told(self, what: str, sentence: str, notice: Notice | None = None) -> None:
        self.tell(Report(what, sentence, notice))


def backoff(attempts: int) -> int:
    """How long to wait after so many tries, microseconds."""
    return int(min(FIRST * 3 ** (attempts - 1), LONGEST))
