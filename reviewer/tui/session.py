"""What the desk knows and does without widgets: the queue, the clock, claims, decisions, undo.

Nothing heavy is imported until `connect`.  Screens share one `Session` (`app.session`).

    await session.connect(url)                  # then .queue is there and .connection is "live"
    item = await session.get(id)
    claim = await session.claim(id)             # Claim | Refusal; renewed while someone is there
    session.note_shown(id, digest)              # once it is drawn
    if session.shown_long_enough(id, digest):
        decision = Decision(..., operation_id=session.new_operation(), fence=session.fence(id))
        settled = await session.decide(decision, "approved 8839")
    await session.undo()
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import inspect
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from ..config import home
from ..domain.errors import QueueError, TamperedError
from .connection import Connection, Health, wall_clock
from .governing import Governing
from .presence import Presence
from .tally import Tally

if TYPE_CHECKING:
    from ..config import Config
    from ..domain.decision import Actor, Decision, Refusal
    from ..domain.views import BulkDecision, BulkResult, Change, Claim, Item, Settled
    from ..queue import Queue

T = TypeVar("T")


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


class Session(Presence):
    """One person's sitting at the desk.

    `monotonic` gives seconds, `wall` microseconds since the epoch; both are passed in by tests.
    `neighbour(id, step)` is the artifact a step (+1, -1) away in the list being worked through.
    """

    def __init__(
        self,
        config: Config,
        *,
        read_only: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], int] = wall_clock,
    ) -> None:
        super().__init__(monotonic)
        self.config = config
        self.read_only = read_only
        self.neighbour: Callable[[str, int], str | None] = lambda _id, _step: None
        self._line = Connection(monotonic, wall)
        self._line.changed = self._changed
        self._line.heard = self._tell
        self._actor: Actor | None = None
        self._held: dict[str, Held] = {}
        self._done: list[Undoable] = []
        self._unsettled: dict[tuple[str, int], Decision] = {}
        self.sending = ""
        self.tally = Tally()
        self.governing = Governing(self._line.read, self._changed, self.idle)
        self._on_change: list[Callable[[list[Change]], None]] = []
        self._on_state: list[Callable[[], None]] = []
        self._on_tampered: list[Callable[[str], None]] = []
        self._on_lost: list[Callable[[ClaimLost], None]] = []

    # ------------------------------------------------------------------ who, when, connection

    @property
    def queue(self) -> Queue | None:
        """The open queue, None before `connect` and after `close`."""
        return self._line.queue

    @property
    def url(self) -> str:
        """The queue's URL."""
        return self._line.url

    @property
    def connection(self) -> Health:
        """How the queue answers: `connecting`, `live`, `slow` or `offline`."""
        return self._line.health

    @property
    def trouble(self) -> str:
        """The queue's own sentence while it cannot be reached."""
        return self._line.trouble

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
        """The queue's clock, microseconds; this machine's until the queue has told."""
        return self._line.now()

    async def connect(self, url: str) -> None:
        """Opens the queue and starts watching it; raises `QueueError` where it cannot be opened."""
        await self._line.open(url)
        # a queue that lets nothing be written is a desk to look from
        queue = self._line.queue
        self.read_only = self.read_only or (queue is not None and queue.read_only)
        self._line.start(self._renewals())
        self._line.start(self.governing.keep())

    async def close(self) -> None:
        """Gives claims back, stops watching and closes the queue; safe to call twice."""
        await self._line.stop()
        await self.release_all()
        await self._line.close()

    async def read(self, call: Callable[[Queue], Awaitable[T]]) -> T:
        """The answer to a call that changes nothing, tried again for as long as it takes.

        Waits for the queue to be open, shows `slow` and `offline`; cancel the worker to stop.
        """
        return await self._line.read(call)

    async def get(self, artifact_id: str) -> Item | None:
        """One artifact, None where it is not there.

        None as well for one that was tampered with, which is told to who listens: it is neither
        shown nor decided.
        """
        try:
            return await self.read(lambda queue: queue.get(artifact_id))
        except TamperedError as error:
            for call in tuple(self._on_tampered):
                call(error.sentence)
            return None

    def on_tampered(self, call: Callable[[str], None]) -> Callable[[], None]:
        """Calls back with a sentence about each artifact that was tampered with."""
        return _listen(self._on_tampered, call)

    def on_change(self, call: Callable[[list[Change]], None]) -> Callable[[], None]:
        """Calls back with every batch of changes in the queue; answers with how to stop it."""
        return _listen(self._on_change, call)

    def on_state(self, call: Callable[[], None]) -> Callable[[], None]:
        """Calls back when the connection, the claims or what can be undone has changed."""
        return _listen(self._on_state, call)

    def on_claim_lost(self, call: Callable[[ClaimLost], None]) -> Callable[[], None]:
        """Calls back when a claim ended without us giving it back."""
        return _listen(self._on_lost, call)

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
        if self.read_only:
            return self._read_only(artifact_id)
        lease = self.config.lease
        answer = await self.read(
            lambda queue: queue.claim(artifact_id, self.actor, lease=lease, take_over=take_over)
        )
        self._keep(answer)
        return answer

    async def claim_next(self, query: Any) -> Claim | None:
        """A claim on the most urgent free artifact under a filter, or None."""
        if self.read_only:
            return None
        lease = self.config.lease
        answer = await self.read(lambda queue: queue.claim_next(query, self.actor, lease=lease))
        self._keep(answer)
        return answer

    async def release(self, artifact_id: str) -> None:
        """Gives one claim back; where the queue is gone the lease ends by itself."""
        held = self._held.pop(artifact_id, None)
        if held and self.queue is not None:
            # a queue out of reach is shown as offline already; the lease ends by itself
            with contextlib.suppress(QueueError, OSError):
                await self._line.once(lambda q: q.release(artifact_id, held.fence, self.actor))
        self._changed()

    async def release_all(self) -> None:
        """Gives every claim back."""
        for artifact_id in tuple(self._held):
            await self.release(artifact_id)

    async def renew_due(self) -> None:
        """Renews claims that have used up a third of their lease, if someone is there.

        Someone is there where a key was pressed within one lease.  Claims that ended are dropped
        and said to be lost.
        """
        lease = self.config.lease
        present = self.idle() * 1e6 <= lease
        for held in tuple(self._held.values()):
            left = held.until - self.now()
            if left <= 0 and not present:
                self._lose(held, "Your claim ended because nobody pressed a key for a while.")
            elif present and left <= lease * 2 / 3:
                await self._renew(held, lease)

    async def _renew(self, held: Held, lease: int) -> None:
        try:
            until = await self._line.once(
                lambda queue: queue.renew(held.artifact_id, held.fence, self.actor, lease=lease)
            )
        except (QueueError, OSError):
            return  # shown as offline; the next round tries again
        if not isinstance(until, int):
            self._lose(held, until.sentence)
        elif held.artifact_id in self._held:
            self._held[held.artifact_id] = dataclasses.replace(held, until=until)

    async def _renewals(self) -> None:
        while True:
            await asyncio.sleep(min(15.0, self.config.lease / 1e6 / 12))
            await self.renew_due()

    def _keep(self, answer: Any) -> None:
        if hasattr(answer, "fence"):
            id = answer.item.entry.state.id
            self._held[id] = Held(id, answer.fence, answer.until)
            self._changed()

    def _lose(self, held: Held, sentence: str) -> None:
        if self._held.pop(held.artifact_id, None):
            for call in tuple(self._on_lost):
                call(ClaimLost(held.artifact_id, sentence))
            self._changed()

    # ------------------------------------------------------------------------------- decisions

    def note_sending(self, words: str) -> None:
        """What is on its way to the queue and takes its time; nothing ends it."""
        if words != self.sending:
            self.sending = words
            self._changed()

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
        from ..domain.views import Settled

        if self.read_only:
            return self._read_only(decision.artifact_id)
        known = (decision.artifact_id, decision.revision)
        earlier, sent = self._unsettled.get(known), decision
        if earlier is not None and _alike(earlier, decision):
            # the same id, so that it is decided once; the fence of the claim that is held now
            sent = dataclasses.replace(decision, operation_id=earlier.operation_id)
        self._unsettled[known] = sent
        answer = await self._line.send(lambda queue: queue.decide(sent, self.actor))
        self._unsettled.pop(known, None)
        if isinstance(answer, Settled):
            self._held.pop(sent.artifact_id, None)
            self.tally.note(answer.operation_id, sent.kind.value)
            self._remember(answer.operation_id, sentence, answer.effective_at, (sent.artifact_id,))
        return answer

    async def decide_many(
        self,
        bulk: BulkDecision,
        on_progress: Callable[[BulkResult], bool | None] = lambda _result: None,
        sentence: Callable[[BulkResult], str] = lambda _result: "",
    ) -> BulkResult | Refusal:
        """One decision on many artifacts; calls back with the running result after each chunk.

        `sentence` makes of the result what the footer says of it.

        Where the call answers False it stops there; what is decided stays decided.  Resumed
        under the same operation id where the connection breaks in the middle.
        """
        if self.read_only:
            return self._read_only("")

        async def run(queue: Queue) -> BulkResult:
            stream: Any = queue.decide_many(bulk, self.actor)
            if inspect.isawaitable(stream):
                stream = await stream
            last: BulkResult | None = None
            async for last in stream:
                if on_progress(last) is False:
                    await stream.aclose()
                    break
            if last is None:
                raise QueueError("The queue did not answer the bulk decision.")
            return last

        result = await self._line.send(run)
        skipped = {refusal.artifact_id for refusal in result.skipped}
        listed = tuple(target.artifact_id for target in bulk.targets)
        ids = tuple(id for id in listed if id not in skipped)
        for id in listed:
            self._held.pop(id, None)
        self.tally.note(result.operation_id, bulk.kind.value, result.decided)
        if result.decided:
            self._remember(result.operation_id, sentence(result), result.effective_at, ids)
        return result

    async def order(self, call: Callable[[Queue], Awaitable[T]]) -> T | Refusal:
        """Sends what is ordered about the policy or an agent; the same order twice is one."""
        if self.read_only:
            return self._read_only("")
        return await self._line.send(call)

    def summary(self) -> str:
        """The sitting in one line, or nothing; for the terminal, when the desk was left."""
        drafts = sum(1 for _ in (home() / "drafts").glob("*.json"))
        last = self.undoable
        return self.tally.sentence(self.lasted(), drafts, last.operation_id if last else "")

    @property
    def undoable(self) -> Undoable | None:
        """The last operation that can still be taken back, or None."""
        now = self.now()
        self._done = [done for done in self._done if done.effective_at > now]
        return self._done[-1] if self._done else None

    async def undo(self) -> BulkResult | None:
        """Takes the last operation back while its window is open; None where there is none."""
        last = self.undoable
        if last is None:
            return None
        result = await self._line.send(lambda queue: queue.undo(last.operation_id, self.actor))
        self._done = [done for done in self._done if done is not last]
        self.tally.undo(last.operation_id, result.decided)
        self._changed()
        return result

    def _remember(
        self, operation_id: str, sentence: str, effective_at: int | None, ids: tuple[str, ...]
    ) -> None:
        if effective_at is not None and effective_at > self.now():
            self._done.append(Undoable(operation_id, sentence, effective_at, ids))
        else:
            # `u` takes back the last thing done or nothing: a move has no window, and what was
            # decided before it must not be taken back in its place
            self._done.clear()
        self._changed()

    def _read_only(self, artifact_id: str) -> Refusal:
        from ..domain.decision import Code, Refusal

        return Refusal(Code.NOT_ALLOWED, "The desk was opened read-only.", artifact_id)

    # --------------------------------------------------------------------------------- plumbing

    def _changed(self) -> None:
        for call in tuple(self._on_state):
            call()

    async def _still_held(self, artifact_id: str) -> None:
        """Looks whether a claim on what we hold was somebody else's."""
        item, held = await self.get(artifact_id), self._held.get(artifact_id)
        if item is None or held is None:
            return
        state = item.entry.state
        if state.fence > held.fence and state.lease_owner != self.actor.id:
            self._lose(held, f"{state.lease_owner or 'Somebody'} has taken your claim over.")

    def _tell(self, changes: list[Change]) -> None:
        self.governing.heard(changes)
        for change in changes:
            if change.event == "claimed" and change.artifact_id in self._held:
                self._line.start(self._still_held(change.artifact_id))
        for call in tuple(self._on_change):
            call(list(changes))


def _listen(calls: list[Any], call: Any) -> Callable[[], None]:
    calls.append(call)

    def stop() -> None:
        if call in calls:
            calls.remove(call)

    return stop


def _alike(one: Decision, other: Decision) -> bool:
    """Whether two decisions say the same, whatever their operation ids."""

    def plain(decision: Decision) -> Decision:
        return dataclasses.replace(decision, operation_id="", fence=None, seen=one.seen)

    return plain(one) == plain(other)
