"""What the desk knows and does without widgets: the queue, the clock, claims, decisions, undo.

Nothing heavy is imported until `connect`.  Screens share one `Session` (`app.session`).

    await session.connect(url)                  # then .queue is there and .connection is "live"
    item = await session.read(lambda queue: queue.get(id))
    claim = await session.claim(id)             # Claim | Refusal; renewed while someone is there
    session.note_shown(id, digest)              # once it is drawn
    if session.shown_long_enough(id, digest):
        decision = Decision(..., operation_id=session.new_operation(), fence=session.fence(id))
        settled = await session.decide(decision, "approved 8839")
    await session.undo()
"""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from ..domain.errors import QueueError

if TYPE_CHECKING:
    from ..config import Config
    from ..domain.decision import Actor, Decision, Refusal
    from ..domain.views import BulkDecision, BulkResult, Change, Claim, Settled
    from ..queue import Queue

T = TypeVar("T")
Connection: TypeAlias = Literal["connecting", "live", "slow", "offline"]

SHOWN = 0.25
"""Seconds an artifact has to be on screen before a key may decide it (DESK.md)."""
SLOW = 1.0
"""Seconds after which an unanswered call shows the queue as slow."""
RETRY = (0.25, 0.5, 1.0, 2.0, 5.0)
"""Seconds between tries while the queue cannot be reached; the last one repeats."""
SEND_TRIES = 4
"""How often one decision is sent (with one operation id) before the desk gives up and says so."""


@dataclass(frozen=True, slots=True)
class Undoable:
    """An operation that can still be taken back: until `effective_at` by the queue's clock."""

    operation_id: str
    sentence: str
    effective_at: int
    artifact_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A claim that this desk holds; `until` by the queue's clock."""

    artifact_id: str
    fence: int
    until: int


@dataclass(frozen=True, slots=True)
class ClaimLost:
    """A claim ended without us giving it back; `sentence` says why."""

    artifact_id: str
    sentence: str


class Session:
    """One person's sitting at the desk.

    `monotonic` gives seconds, `wall` microseconds since the epoch; both are passed in by tests.
    """

    def __init__(
        self,
        config: Config,
        *,
        read_only: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        self.config = config
        self.read_only = read_only
        self.queue: Queue | None = None
        self.url = ""
        self.connection: Connection = "connecting"
        self.trouble = ""
        """The queue's own sentence while it cannot be reached."""
        self.neighbour: Callable[[str, int], str | None] = lambda _id, _step: None
        """The artifact a step (+1, -1) away in the list that is being worked through."""
        self._monotonic, self._wall = monotonic, wall
        self._offset: int | None = None
        self._actor: Actor | None = None
        self._held: dict[str, Held] = {}
        self._done: list[Undoable] = []
        self._unsettled: dict[tuple[str, int], Decision] = {}
        self._shown: tuple[str, str] | None = None
        self._shown_at = 0.0
        self._touched = monotonic()
        self._viewed: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._on_change: list[Callable[[list[Change]], None]] = []
        self._on_state: list[Callable[[], None]] = []
        self._on_lost: list[Callable[[ClaimLost], None]] = []

    # ------------------------------------------------------------------ who, when, connection

    @property
    def actor(self) -> Actor:
        """Who sits here."""
        if self._actor is None:
            self._actor = self.config.actor()
        return self._actor

    @property
    def may_decide(self) -> bool:
        """Whether the desk is writable and the person's roles decide."""
        return not self.read_only and bool({"reviewer", "lead", "admin"} & {*self.config.roles})

    def now(self) -> int:
        """The queue's clock: asked once per connection, carried on by the monotonic one."""
        if self._offset is None:
            return self._wall()
        return self._offset + round(self._monotonic() * 1e6)

    async def connect(self, url: str) -> None:
        """Opens the queue and starts watching it; raises `QueueError` where it cannot be opened.

        The heavy imports happen in a thread, so that the screen goes on drawing.
        """
        self.url = url
        module = await asyncio.to_thread(_import_queue)
        queue: Queue = await module.open_queue(url)
        self._offset = await queue.now() - round(self._monotonic() * 1e6)
        self.queue = queue
        self._state("live")
        self._start(self._watch(await queue.position()))
        self._start(self._renewals())

    async def close(self) -> None:
        """Gives claims back, stops watching and closes the queue; safe to call twice."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        queue = self.queue
        if queue is not None:
            await self.release_all()
            self.queue = None
            await queue.close()

    def on_change(self, call: Callable[[list[Change]], None]) -> Callable[[], None]:
        """Calls back with every batch of changes in the queue; answers with how to stop it."""
        return _listen(self._on_change, call)

    def on_state(self, call: Callable[[], None]) -> Callable[[], None]:
        """Calls back when the connection, the claims or what can be undone has changed."""
        return _listen(self._on_state, call)

    def on_claim_lost(self, call: Callable[[ClaimLost], None]) -> Callable[[], None]:
        """Calls back when a claim ended without us giving it back."""
        return _listen(self._on_lost, call)

    async def read(self, call: Callable[[Queue], Awaitable[T]]) -> T:
        """The answer to a call that changes nothing, tried again for as long as it takes.

        Shows `slow` and `offline` meanwhile; cancel the worker to stop.
        """
        tries = 0
        while True:
            try:
                answer = await self._timed(call(self._open()))
            except (QueueError, OSError) as error:
                self._state("offline", str(error))
                await asyncio.sleep(RETRY[min(tries, len(RETRY) - 1)])
                tries += 1
            else:
                self._state("live")
                return answer

    # ---------------------------------------------------------------------------- being there

    def touch(self, age: float = 0.0) -> None:
        """Someone pressed a key or the mouse, `age` seconds ago (typed ahead of a busy screen)."""
        self._touched = max(self._touched, self._monotonic() - age)

    def note_shown(self, artifact_id: str, digest: str) -> None:
        """This artifact is drawn now (and no other); calling it again changes nothing."""
        if self._shown != (artifact_id, digest):
            self._shown, self._shown_at = (artifact_id, digest), self._monotonic()

    def note_hidden(self) -> None:
        """No artifact is on screen."""
        self._shown = None

    def shown_long_enough(self, artifact_id: str, digest: str) -> bool:
        """Whether it had been on screen for 250 ms when the last key was pressed."""
        if self._shown != (artifact_id, digest):
            return False
        return self._touched - self._shown_at >= SHOWN

    def dwell_ms(self, artifact_id: str, digest: str) -> int:
        """Milliseconds that it has been on screen, 0 where it is not."""
        if self._shown != (artifact_id, digest):
            return 0
        return int((self._monotonic() - self._shown_at) * 1000)

    def mark_viewed(self, digest: str, viewed: bool = True) -> None:
        """Content with this digest was seen by the person (or `viewed=False`: was not)."""
        (self._viewed.add if viewed else self._viewed.discard)(digest)

    def is_viewed(self, digest: str) -> bool:
        """Whether content with this digest was marked as seen."""
        return digest in self._viewed

    # ---------------------------------------------------------------------------------- claims

    def held(self, artifact_id: str) -> Held | None:
        """The claim that this desk holds on it, or None."""
        return self._held.get(artifact_id)

    def fence(self, artifact_id: str) -> int | None:
        """The fencing token to send with a decision, None without a claim."""
        held = self._held.get(artifact_id)
        return held.fence if held else None

    async def claim(self, artifact_id: str, take_over: bool = False) -> Claim | Refusal:
        """A claim on this artifact, renewed at a third of the lease while someone is there."""
        answer = await self.read(
            lambda queue: queue.claim(
                artifact_id, self.actor, lease=self.config.lease, take_over=take_over
            )
        )
        self._keep(answer)
        return answer

    async def claim_next(self, query: Any) -> Claim | None:
        """A claim on the most urgent free artifact under a filter, or None."""
        answer = await self.read(
            lambda queue: queue.claim_next(query, self.actor, lease=self.config.lease)
        )
        self._keep(answer)
        return answer

    async def release(self, artifact_id: str) -> None:
        """Gives one claim back; where the queue is gone the lease ends by itself."""
        held = self._held.pop(artifact_id, None)
        if held and self.queue is not None:
            try:
                await self.queue.release(artifact_id, held.fence, self.actor)
            except (QueueError, OSError) as error:
                self._state("offline", str(error))
        self._changed()

    async def release_all(self) -> None:
        """Gives every claim back."""
        for artifact_id in tuple(self._held):
            await self.release(artifact_id)

    def _keep(self, answer: Any) -> None:
        if hasattr(answer, "fence"):
            id = answer.item.entry.state.id
            self._held[id] = Held(id, answer.fence, answer.until)
            self._changed()

    async def _renewals(self) -> None:
        while True:
            await asyncio.sleep(min(15.0, self.config.lease / 1e6 / 12))
            await self.renew_due()

    async def renew_due(self) -> None:
        """Renews claims that have used up a third of their lease, if someone is there.

        Someone is there where a key was pressed within one lease.  Claims that ended are dropped
        and said to be lost.
        """
        lease = self.config.lease
        present = (self._monotonic() - self._touched) * 1e6 <= lease
        for held in tuple(self._held.values()):
            left = held.until - self.now()
            if left <= 0 and not present:
                self._lose(held, "Your claim ended because nobody pressed a key for a while.")
            elif present and left <= lease * 2 / 3 and self.queue is not None:
                try:
                    until = await self._timed(
                        self.queue.renew(held.artifact_id, held.fence, self.actor, lease=lease)
                    )
                except (QueueError, OSError) as error:
                    self._state("offline", str(error))
                    continue
                if not isinstance(until, int):
                    self._lose(held, until.sentence)
                elif held.artifact_id in self._held:
                    self._held[held.artifact_id] = Held(held.artifact_id, held.fence, until)

    def _lose(self, held: Held, sentence: str) -> None:
        if self._held.pop(held.artifact_id, None):
            for call in tuple(self._on_lost):
                call(ClaimLost(held.artifact_id, sentence))
            self._changed()

    # ------------------------------------------------------------------------------- decisions

    def new_operation(self) -> str:
        """A fresh operation id: a decision keeps it however often it is sent."""
        import secrets

        return f"op-{secrets.token_hex(12)}"

    async def decide(self, decision: Decision, sentence: str = "") -> Settled | Refusal:
        """Sends a decision, exactly once for its operation id, and remembers how to take it back.

        `sentence` is what the footer says of it ("approved 8839").  Raises `QueueError` where the
        queue stays out of reach: whether it was decided is then unknown, and sending the same
        decision again uses the same operation id.
        """
        if self.read_only:
            return self._refused_read_only(decision.artifact_id)
        known = (decision.artifact_id, decision.revision)
        earlier = self._unsettled.get(known)
        if earlier is not None and _alike(earlier, decision):
            decision = earlier
        self._unsettled[known] = decision
        sent = decision
        answer = await self._send(lambda queue: queue.decide(sent, self.actor))
        self._unsettled.pop(known, None)
        if hasattr(answer, "operation_id"):
            self._held.pop(decision.artifact_id, None)
            self._remember(
                answer.operation_id, sentence, answer.effective_at, (decision.artifact_id,)
            )
        return answer

    async def decide_many(
        self,
        bulk: BulkDecision,
        on_progress: Callable[[BulkResult], None] = lambda _result: None,
        sentence: str = "",
    ) -> BulkResult | Refusal:
        """One decision on many artifacts; calls back with the running result after each chunk.

        Resumed under the same operation id where the connection breaks in the middle.
        """
        if self.read_only:
            return self._refused_read_only("")

        async def run(queue: Queue) -> BulkResult:
            stream: Any = queue.decide_many(bulk, self.actor)
            if inspect.isawaitable(stream):
                stream = await stream
            last: BulkResult | None = None
            async for last in stream:
                on_progress(last)
            if last is None:
                raise QueueError("The queue did not answer the bulk decision.")
            return last

        result = await self._send(run)
        ids = tuple(target.artifact_id for target in bulk.targets)
        for id in ids:
            self._held.pop(id, None)
        self._remember(result.operation_id, sentence, result.effective_at, ids)
        return result

    @property
    def undoable(self) -> Undoable | None:
        """The last operation that can still be taken back, or None."""
        now = self.now()
        while self._done and self._done[-1].effective_at <= now:
            self._done.pop()
        return self._done[-1] if self._done else None

    async def undo(self) -> BulkResult | None:
        """Takes the last operation back while its window is open; None where there is none."""
        last = self.undoable
        if last is None:
            return None
        result = await self._send(lambda queue: queue.undo(last.operation_id, self.actor))
        if last in self._done:
            self._done.remove(last)
        self._changed()
        return result

    def _remember(
        self, operation_id: str, sentence: str, effective_at: int | None, ids: tuple[str, ...]
    ) -> None:
        if effective_at is not None and effective_at > self.now():
            self._done.append(Undoable(operation_id, sentence, effective_at, ids))
        self._changed()

    async def _send(self, call: Callable[[Queue], Awaitable[T]]) -> T:
        for tried in range(SEND_TRIES):
            try:
                answer = await self._timed(call(self._open()))
            except (QueueError, OSError) as error:
                self._state("offline", str(error))
                if tried == SEND_TRIES - 1:
                    raise QueueError(
                        f"The queue cannot be reached: {error}",
                        "Try again: it is sent under the same id and decided once at most.",
                    ) from error
                await asyncio.sleep(RETRY[tried])
            else:
                self._state("live")
                return answer
        raise AssertionError("unreachable")

    def _refused_read_only(self, artifact_id: str) -> Refusal:
        from ..domain.decision import Code, Refusal

        return Refusal(Code.NOT_ALLOWED, "The desk was opened read-only.", artifact_id)

    # --------------------------------------------------------------------------------- plumbing

    def _open(self) -> Queue:
        if self.queue is None:
            raise QueueError("The queue is not open yet.")
        return self.queue

    async def _timed(self, call: Awaitable[T]) -> T:
        handle = asyncio.get_running_loop().call_later(SLOW, self._slow)
        self._waiting += 1
        try:
            return await call
        finally:
            self._waiting -= 1
            handle.cancel()

    def _slow(self) -> None:
        if self._waiting and self.connection == "live":
            self._state("slow")

    def _state(self, connection: Connection, trouble: str = "") -> None:
        if (connection, trouble) != (self.connection, self.trouble):
            self.connection, self.trouble = connection, trouble
            self._changed()

    def _changed(self) -> None:
        for call in tuple(self._on_state):
            call()

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watch(self, after: int) -> None:
        tries = 0
        while True:
            try:
                async for changes in self._open().watch(after):
                    tries = 0
                    after = max((after, *(change.seq for change in changes)))
                    self._state("live")
                    self._tell(changes)
            except (QueueError, OSError) as error:
                self._state("offline", str(error))
            await asyncio.sleep(RETRY[min(tries, len(RETRY) - 1)])
            tries += 1

    def _tell(self, changes: Sequence[Change]) -> None:
        for call in tuple(self._on_change):
            call(list(changes))


def _import_queue() -> Any:
    import importlib

    return importlib.import_module("reviewer.queue")


def _listen(calls: list[Any], call: Any) -> Callable[[], None]:
    calls.append(call)

    def stop() -> None:
        if call in calls:
            calls.remove(call)

    return stop


def _alike(one: Decision, other: Decision) -> bool:
    """Whether two decisions say the same, whatever their operation ids."""
    import dataclasses

    def plain(decision: Decision) -> Decision:
        return dataclasses.replace(decision, operation_id="", fence=None, seen=one.seen)

    return plain(one) == plain(other)
