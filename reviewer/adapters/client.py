"""The SDK for agents: hand in, wait, carry out, report.

    with Client(agent="refund-bot") as desk:
        ticket = desk.submit(kind="refund", title="Refund order 8841", writes=[...])
        verdict = ticket.wait(timeout=3600)      # None when nobody decided in time
        if verdict and verdict.status == "approved":
            carry_out(verdict.writes)            # the approved or edited form, nothing else
            ticket.report("applied")

`AsyncClient` is the same with `async with` and `await`.  `Client` runs a loop of its own in a
thread, so it works in scripts, notebooks and inside other loops (where it blocks the caller).
Submits, waits and reports are retried while the queue cannot be reached: they are idempotent.
Neither Textual nor litellm is imported here.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar, Unpack

from .. import config
from ..domain.artifact import Artifact
from ..domain.decision import Actor, Code, Refusal
from ..domain.errors import NotFoundError, QueueError, ReviewerError, TamperedError
from ..domain.state import State, Status
from ..queue import Item, Queue, Verdict, open_queue
from . import hold, proposals
from .proposals import AgentLike, Fields
from .verdicts import Refused, approved

P = ParamSpec("P")
T = TypeVar("T")

PAUSES = (0.05, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds between tries while the queue cannot be reached; after the last it is given up."""


FAREWELL = 5.0
"""Seconds that a cancelled call may take to tidy up."""
STEADY = 30.0
"""Seconds after which a call that fails is a new failure, not the same one going on."""


class AsyncClient:
    """An agent's way to the queue, for `async` code; open it with `async with`, or use it at once.

    `queue` is a URL (the settings' queue without one), `agent` a name, or a mapping with `name`,
    `version`, `model` and `run_id`.
    """

    def __init__(self, queue: str = "", *, agent: AgentLike = "") -> None:
        self._url = queue
        self._agent: AgentLike = proposals.agent_document(agent) if agent else ""
        self._queue: Queue | None = None
        self._opening = asyncio.Lock()

    async def __aenter__(self) -> Self:
        await self.opened()
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        await self.close()

    async def opened(self) -> Queue:
        """The queue, opened when it is first needed."""
        async with self._opening:
            if self._queue is None:
                url = config.load().queue_url(self._url)
                if url == config.default_queue_url():
                    config.ensure_home()
                self._queue = await open_queue(url)
            return self._queue

    async def close(self) -> None:
        """Gives the queue back; safe to call twice, and the client opens again when used."""
        queue, self._queue = self._queue, None
        if queue is not None:
            await queue.close()

    async def submit(
        self, artifact: Artifact | Mapping[str, Any] | None = None, /, **fields: Unpack[Fields]
    ) -> AsyncTicket:
        """Hands in an artifact: a whole one, its fields, or both (fields win).

        With the same key and body it is handed in once, however often it is sent.  Raises
        `InputError` with the place of what is wrong, `ConflictError` for the same key with another
        body.
        """
        ready = proposals.artifact(artifact, fields, self._agent)
        name = ready.agent.name
        done = await self._tried(lambda queue: queue.submit(ready, _actor(name)))
        return AsyncTicket(done.artifact_id, done.digest, str(done.status), done.created, self)

    async def get(self, artifact_id: str) -> Item:
        """The artifact with where it stands; raises `NotFoundError`."""
        item = await self._tried(lambda queue: queue.get(artifact_id))
        if item is None:
            raise NotFoundError(f"Nothing in the queue has the id '{artifact_id}'.")
        return item

    async def wait(self, artifact_id: str, timeout: float | None = None) -> Verdict | None:
        """The verdict, once its undo window is over; None after `timeout` seconds."""
        until = None if timeout is None else time.monotonic() + timeout

        def left(queue: Queue) -> Awaitable[Verdict | None]:
            rest = None if until is None else max(0.0, until - time.monotonic())
            return queue.wait(artifact_id, rest)

        return await self._tried(left)

    async def approved(self, artifact_id: str, timeout: float | None = None) -> Verdict:
        """The approving verdict; raises `Rejected`, `Answered`, `Expired`, … or `TimedOut`."""
        return approved(artifact_id, await self.wait(artifact_id, timeout))

    async def withdraw(self, artifact_id: str) -> State:
        """Takes a pending artifact back; raises `Refused` where it is too late.

        Only its agent can, so that one found withdrawn was: after a lost answer it is asked again.
        """
        actor = _actor((await self.get(artifact_id)).entry.state.agent)
        answer = await self._tried(lambda queue: queue.withdraw(artifact_id, actor))
        if isinstance(answer, Refusal) and answer.code is Code.ALREADY_DECIDED:
            state = (await self.get(artifact_id)).entry.state
            answer = state if state.status is Status.WITHDRAWN else answer
        return _done(answer)

    async def report(self, artifact_id: str, outcome: str, detail: str = "") -> State:
        """Reports what happened: applied, drifted, failed, unknown or rolled_back."""
        actor = _actor((await self.get(artifact_id)).entry.state.agent)
        return _done(
            await self._tried(
                lambda queue: queue.report_outcome(artifact_id, outcome, detail, actor)
            )
        )

    def reviewed(self, **how: Unpack[hold.How]) -> Callable[[Callable[P, T]], Callable[P, T]]:
        """A decorator that holds calls of an `async` function until decided; see `hold.How`."""
        return hold.decorator(self, hold.Hold(**how))

    async def _tried(self, call: Callable[[Queue], Awaitable[T]]) -> T:
        """The answer of an idempotent call, tried again while the queue cannot be reached."""
        queue = await self.opened()
        pauses = iter(PAUSES)
        while True:
            began = time.monotonic()
            try:
                return await call(queue)
            except TamperedError:
                raise  # no later try finds what was handed in
            except QueueError:
                if time.monotonic() - began > STEADY:
                    pauses = iter(PAUSES)
                pause = next(pauses, None)
                if pause is None:
                    raise
            await asyncio.sleep(pause)


class Client:
    """An agent's way to the queue, for plain code; open it with `with`, or use it at once."""

    def __init__(self, queue: str = "", *, agent: AgentLike = "") -> None:
        self._inner = AsyncClient(queue, agent=agent)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._process = os.getpid()

    def __enter__(self) -> Self:
        self.run(self._inner.opened())
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Gives the queue back and ends the thread; safe to call twice."""
        with self._starting:
            loop, self._loop = self._loop, None
        if loop is None or self._process != os.getpid():
            return
        try:
            asyncio.run_coroutine_threadsafe(self._inner.close(), loop).result()
        finally:
            loop.call_soon_threadsafe(loop.stop)
            if self._thread is not None:
                self._thread.join(FAREWELL)

    def submit(
        self, artifact: Artifact | Mapping[str, Any] | None = None, /, **fields: Unpack[Fields]
    ) -> Ticket:
        """As `AsyncClient.submit`."""
        made = self.run(self._inner.submit(artifact, **fields))
        return Ticket(made.id, made.digest, made.status, made.created, self)

    def get(self, artifact_id: str) -> Item:
        """As `AsyncClient.get`."""
        return self.run(self._inner.get(artifact_id))

    def wait(self, artifact_id: str, timeout: float | None = None) -> Verdict | None:
        """As `AsyncClient.wait`."""
        return self.run(self._inner.wait(artifact_id, timeout))

    def approved(self, artifact_id: str, timeout: float | None = None) -> Verdict:
        """As `AsyncClient.approved`."""
        return self.run(self._inner.approved(artifact_id, timeout))

    def withdraw(self, artifact_id: str) -> State:
        """As `AsyncClient.withdraw`."""
        return self.run(self._inner.withdraw(artifact_id))

    def report(self, artifact_id: str, outcome: str, detail: str = "") -> State:
        """As `AsyncClient.report`."""
        return self.run(self._inner.report(artifact_id, outcome, detail))

    def reviewed(self, **how: Unpack[hold.How]) -> Callable[[Callable[P, T]], Callable[P, T]]:
        """A decorator that holds calls of a function, plain or `async`; see `hold.How`."""
        return hold.decorator(self, hold.Hold(**how))

    @property
    def inner(self) -> AsyncClient:
        """The client in the thread."""
        return self._inner

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs a coroutine in the client's own thread and waits; Ctrl-C ends it there too."""
        ended = threading.Event()

        async def whole() -> T:
            try:
                return await work
            finally:
                ended.set()

        try:
            future = asyncio.run_coroutine_threadsafe(whole(), self._running())
        except BaseException:
            work.close()
            raise
        try:
            return future.result()
        except BaseException:
            if future.cancel():  # interrupted: let it withdraw what nobody waits for any more
                ended.wait(FAREWELL)
            raise

    async def awaited(self, work: Coroutine[Any, Any, T]) -> T:
        """The same for a caller in a loop of its own, which goes on meanwhile."""
        try:
            future = asyncio.run_coroutine_threadsafe(work, self._running())
        except BaseException:
            work.close()
            raise
        return await asyncio.wrap_future(future)

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._process != os.getpid():
            raise ReviewerError(
                "This client was opened before the process forked.",
                "Open a Client in each process.",
            )
        with self._starting:
            if self._loop is None:
                runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
                self._loop = runner.get_loop()
                self._thread = threading.Thread(
                    target=_run, args=(runner,), name="reviewer-client", daemon=True
                )
                self._thread.start()
            return self._loop


@dataclass(frozen=True)
class AsyncTicket:
    """An artifact that was handed in; `created` is False where it was there before."""

    id: str
    digest: str
    status: str
    created: bool
    _client: AsyncClient = field(repr=False, compare=False)

    async def wait(self, timeout: float | None = None) -> Verdict | None:
        """The verdict, or None after `timeout` seconds."""
        return await self._client.wait(self.id, timeout)

    async def approved(self, timeout: float | None = None) -> Verdict:
        """The approving verdict; raises what it is otherwise."""
        return await self._client.approved(self.id, timeout)

    async def withdraw(self) -> State:
        """Takes it back."""
        return await self._client.withdraw(self.id)

    async def report(self, outcome: str, detail: str = "") -> State:
        """Reports what happened."""
        return await self._client.report(self.id, outcome, detail)


@dataclass(frozen=True)
class Ticket:
    """An artifact that was handed in; `created` is False where it was there before."""

    id: str
    digest: str
    status: str
    created: bool
    _client: Client = field(repr=False, compare=False)

    def wait(self, timeout: float | None = None) -> Verdict | None:
        """The verdict, or None after `timeout` seconds."""
        return self._client.wait(self.id, timeout)

    def approved(self, timeout: float | None = None) -> Verdict:
        """The approving verdict; raises what it is otherwise."""
        return self._client.approved(self.id, timeout)

    def withdraw(self) -> State:
        """Takes it back."""
        return self._client.withdraw(self.id)

    def report(self, outcome: str, detail: str = "") -> State:
        """Reports what happened."""
        return self._client.report(self.id, outcome, detail)


def _run(runner: asyncio.Runner) -> None:
    with runner:  # at its end the runner cancels what is left and waits for it
        runner.get_loop().run_forever()


def _actor(name: str) -> Actor:
    return Actor(name, "agent", frozenset({"agent"}), "local")


def _done(answer: State | Refusal) -> State:
    if isinstance(answer, Refusal):
        raise Refused(answer.sentence, str(answer.code))
    return answer
