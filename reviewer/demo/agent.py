"""The simulated agents: they keep submitting, wait for decisions, revise and execute.

They run in a process of their own (`python -m reviewer.demo.process`) on the same queue as the
desk, and see of it what any agent sees, except that one feed serves all seven of them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

from ..domain import query
from ..domain.artifact import artifact_digest, parse, parse_writes
from ..domain.decision import Actor
from ..domain.errors import ConflictError, InputError, QueueError
from ..domain.instant import SECOND
from ..domain.views import Item, Submitted, Verdict
from ..queue import Queue
from . import catalogue
from .made import Json
from .reviewers import begin, colleagues
from .revise import next_key, revised
from .world import Outcome, World

CHUNK = 20
ENOUGH = 300
"""So many pending, and the agents pause: a demo that runs overnight does not drown."""

_FAILURES = (
    "the system answered 503 three times",
    "the connection was lost after the request had been sent",
    "the account of the agent is locked",
)


@dataclass(frozen=True, slots=True)
class Pace:
    """How lively it is: seconds between submits and between colleagues' deeds, share of mishaps."""

    every: float = 6.0
    colleagues: float = 25.0
    drift: float = 0.05
    failure: float = 0.03
    work: float = 0.8


def clock() -> int:
    """Now, in microseconds since the epoch."""
    return time.time_ns() // 1_000


def agent_actor(name: str) -> Actor:
    """An agent of the demo as the queue sees it."""
    return Actor(name, "agent", frozenset({"agent"}), "simulated")


async def submit_all(queue: Queue, made: Iterable[Json]) -> list[str]:
    """Submits artifacts, each as its own agent; answers with the ids of those taken in."""
    by_agent: dict[str, list[Json]] = {}
    for one in made:
        by_agent.setdefault(one["agent"]["name"], []).append(one)
    ids: list[str] = []
    for name, ones in by_agent.items():
        answers = await queue.submit_many([parse(one) for one in ones], agent_actor(name))
        ids += [answer.artifact_id for answer in answers if isinstance(answer, Submitted)]
    return ids


class Simulation:
    """Seven agents over one queue and one world; `run` goes on until it is cancelled."""

    def __init__(
        self, queue: Queue, world: World, seed: int, clock: Callable[[], int], pace: Pace = Pace()
    ) -> None:
        self._queue, self._world, self._seed = queue, world, seed
        self._clock, self._pace = clock, pace
        self._handled: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, *, seeded: bool = False, reviewer: str = "") -> None:
        """Fills the queue (unless `seeded`), then submits and follows decisions for ever."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.follow())
                group.create_task(self._clocks())
                group.create_task(self._live(seeded, reviewer))
        finally:
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def follow(self) -> None:
        """Acts on every decision once its undo window is over; events seen before do no harm."""
        async for changes in self._queue.watch(0):
            for change in changes:
                if change.event == "decided":
                    self._start(self._finish(change.artifact_id))

    async def fill(self, reviewer: str = "") -> None:
        """The rest of the beginning, in small steps so that the desk stays quick."""
        now, chunk, small = self._clock(), [], []
        for one in catalogue.rest(self._seed, now):
            chunk.append(one)
            if len(chunk) == CHUNK or one["key"].startswith(("regenerate", "reconcile")):
                small += await submit_all(self._queue, chunk)
                chunk = []
                await asyncio.sleep(0.1)
        last = await submit_all(self._queue, chunk)
        await begin(self._queue, Random(self._seed), [*small, *last][-catalogue.MORE :], reviewer)

    async def _live(self, seeded: bool, reviewer: str) -> None:
        if not seeded:
            await self.fill(reviewer)
        rng = Random(f"{self._seed}/live")
        if self._pace.colleagues:
            self._start(colleagues(self._queue, rng, self._pace.colleagues))
        number = self._clock() // SECOND % 90_000 if seeded else 0
        while True:
            await asyncio.sleep(self._pace.every * rng.uniform(0.4, 1.6))
            waiting = await self._queue.count(
                query.parse("is:pending"), agent_actor("refund-bot"), cap=ENOUGH
            )
            if waiting.number < ENOUGH:
                number += 1
                await submit_all(self._queue, [catalogue.steady(self._seed, number, self._clock())])

    async def _clocks(self) -> None:
        while True:
            await asyncio.sleep(5)
            await self._queue.run_clocks()

    async def _finish(self, artifact_id: str) -> None:
        for wait in (0.5, 2.0, 8.0):
            try:
                return await self._finish_once(artifact_id)
            except QueueError:  # busy or locked: the verdict can be asked for again
                self._handled.discard(artifact_id)
                await asyncio.sleep(wait)
        return await self._finish_once(artifact_id)

    async def _finish_once(self, artifact_id: str) -> None:
        item = await self._queue.get(artifact_id)
        if item is None or item.entry.outcome or item.entry.state.effective_at is None:
            return
        left = item.entry.state.effective_at - await self._queue.now()
        await asyncio.sleep(max(0.0, left / SECOND) + 0.05)
        verdict = await self._queue.verdict(artifact_id)
        # None: it was taken back; then the next decision comes with an event of its own
        if verdict is None or artifact_id in self._handled:
            return
        self._handled.add(artifact_id)
        if verdict.decision in ("approve", "edit"):
            await self._execute(item, verdict)
        else:
            await self._revise(item, verdict)

    async def _execute(self, item: Item, verdict: Verdict) -> None:
        rng = Random(f"{self._seed}/{verdict.artifact_id}")
        self._world.learn(item.artifact)
        fail, luck = "", rng.random()
        if self._world.outcome(verdict.artifact_id) is None and verdict.writes:
            if luck < self._pace.drift:
                self._world.disturb(verdict.writes[0])
            elif luck < self._pace.drift + self._pace.failure:
                fail = rng.choice(_FAILURES)
        await asyncio.sleep(self._pace.work * rng.random())
        outcome = self.carry_out(item, verdict, fail)
        actor = agent_actor(item.artifact.agent.name)
        await self._queue.report_outcome(verdict.artifact_id, outcome.name, outcome.detail, actor)

    def carry_out(self, item: Item, verdict: Verdict, fail: str) -> Outcome:
        """Exactly what was decided: the digest of what came back is the digest of the decision."""
        try:
            writes = [write for write in parse_writes(list(verdict.writes)) if write is not None]
        except InputError as error:
            return Outcome("failed", f"what came back cannot be read: {error}")
        if artifact_digest(item.artifact.with_writes(writes)) != verdict.digest:
            return Outcome("failed", "what came back is not what was decided")
        return self._world.execute(verdict.artifact_id, verdict.digest, verdict.writes, fail=fail)

    async def _revise(self, item: Item, verdict: Verdict) -> None:
        name, key = item.artifact.agent.name, next_key(item.artifact.key)
        if key is None or await self._queue.find(name, key) is not None:
            return
        rng = Random(f"{self._seed}/{verdict.artifact_id}/again")
        await asyncio.sleep(self._pace.work * (1 + rng.random()))
        old = item.artifact.document()
        again = revised(old, verdict, rng, self._clock())
        if again is not None:
            try:
                await self._queue.submit(parse(again), agent_actor(name))
            except ConflictError:
                return  # another process of the demo was quicker

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            asyncio.get_running_loop().call_exception_handler(
                {"message": "a simulated agent stumbled", "exception": error, "task": task}
            )
