"""A process that works on a queue until it is killed: `python -m tests.support.crashing …`.

It imports everything once and forks a worker for each round, so that a round starts in
milliseconds.  Workers write what they are about to do and what was acknowledged into a pipe; what
a killed worker had not heard back is done again, under the same ids, by the next one.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import random
import signal
import struct
import sys
import time
from typing import Any

from backends.sql import bulk
from backends.sql.open import open_sqlite
from backends.sql.queue import SqlQueue
from reviewer.domain.decision import Kind, Refusal
from reviewer.domain.query import parse as query
from reviewer.policy import admission, budget, deciding  # noqa: F401  (forks have them already)
from reviewer.policy.starter import starter
from reviewer.queue import BulkDecision, Settled, Submitted
from reviewer.untrusted.artifact import inspect_artifact

from .making import ANNA, BEN, BOT, decision, refund, target

starter()
inspect_artifact({"title": "the tables of the inspection are made once, too"})
WORKERS = 2
HEAD = struct.Struct("<I")


class Worker:
    """Does random things and says so."""

    def __init__(self, pipe: int, name: str, luck: random.Random) -> None:
        self.pipe = pipe
        self.name = name
        self.luck = luck
        self.count = 0
        self.actor = luck.choice((ANNA, BEN))
        self.decided: list[str] = []

    def say(self, what: str, name: str, detail: Any) -> None:
        """One message; a killed writer leaves at most a torn last one."""
        raw = pickle.dumps((what, name, detail))
        os.write(self.pipe, HEAD.pack(len(raw)) + raw)

    def fresh(self) -> str:
        """An id that nobody else uses."""
        self.count += 1
        return f"{self.name}-{self.count}"

    async def run(self, url: str, unheard: list[tuple[str, str, Any]]) -> None:
        """Repeats what was not acknowledged, then works on for ever."""
        queue = await open_sqlite(url)
        for what, name, detail in unheard:
            await self.act(queue, what, name, detail)
        while True:
            what, detail = await self.choose(queue)
            if what:
                name = self.fresh()
                self.say("intend", name, (what, detail))
                await self.act(queue, what, name, detail)

    async def choose(self, queue: SqlQueue) -> tuple[str, Any]:
        """What to do next, with all that is needed to do it again."""
        dice = self.luck.random()
        if dice < 0.35:
            return "submit", None
        if dice < 0.42:
            return "withdraw", None
        if dice < 0.52 and self.decided:
            return "undo", (self.luck.choice(self.decided[-3:]), self.actor)
        if dice < 0.62:
            page = await queue.page(
                query(self.luck.choice(("", "sort:newest"))), self.actor, limit=40
            )
            targets = tuple(target(entry) for entry in page.entries)
            kind = self.luck.choice((Kind.APPROVE, Kind.REJECT))
            return "bulk", (kind, targets, self.actor)
        claim = await queue.claim_next(query(""), self.actor)
        if claim is None:
            return "submit", None
        kind = self.luck.choice((Kind.APPROVE, Kind.APPROVE, Kind.REJECT, Kind.EDIT, Kind.REASSIGN))
        more: dict[str, Any] = {"to": self.actor.id} if kind is Kind.REASSIGN else {}
        if kind is Kind.EDIT:
            write = claim.item.artifact.writes[0]
            more["writes"] = (write.model_copy(update={"after": {"amount": self.count}}),)
        taken = decision(claim.item.entry, kind, "", claim.fence, **more)
        return "decide", (taken, self.actor)

    async def act(self, queue: SqlQueue, what: str, name: str, detail: Any) -> None:
        """Does it and acknowledges what the queue has acknowledged."""
        answer: Any = None
        if what == "submit":
            submitted = await queue.submit(refund(name), BOT)
            answer = submitted.artifact_id
        elif what == "withdraw":
            many = await queue.submit_many([refund(f"{name}-{n}") for n in range(3)], BOT)
            ids = [one.artifact_id for one in many if isinstance(one, Submitted)]
            await queue.withdraw(ids[0], BOT)
            answer = ids
        elif what == "decide":
            taken, actor = detail
            settled = await queue.decide(_named(taken, name), actor)
            answer = None if isinstance(settled, Refusal) else settled.state.id
            if isinstance(settled, Settled) and actor.id == self.actor.id:
                self.decided.append(name)
        elif what == "undo":
            operation, actor = detail
            answer = (operation, (await queue.undo(operation, actor)).decided)
        elif what == "bulk":
            kind, targets, actor = detail
            reasons = ("duplicate",)
            asked = BulkDecision(name, kind, targets, reasons)
            async for result in await queue.decide_many(asked, actor):
                answer = (result.decided, len(result.skipped), len(targets))
            if actor.id == self.actor.id:
                self.decided.append(name)
        self.say("done", name, (what, answer))


def _named(taken: Any, name: str) -> Any:
    from dataclasses import replace

    return replace(taken, operation_id=name)


def messages(raw: bytes) -> list[tuple[str, str, Any]]:
    """The whole messages in what a pipe held."""
    found, at = [], 0
    while at + HEAD.size <= len(raw):
        (size,) = HEAD.unpack_from(raw, at)
        piece = raw[at + HEAD.size : at + HEAD.size + size]
        if len(piece) < size:
            break
        found.append(pickle.loads(piece))
        at += HEAD.size + size
    return found


def _work(pipe: int, url: str, name: str, seed: int, unheard: list[tuple[str, str, Any]]) -> None:
    bulk.CHUNK = 7  # several chunks in a small bulk
    worker = Worker(pipe, name, random.Random(seed))
    asyncio.run(worker.run(url, unheard))


def _fork(url: str, name: str, seed: int, unheard: list[tuple[str, str, Any]]) -> tuple[int, int]:
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        os.set_blocking(reading, False)
        return child, reading
    try:
        os.close(reading)
        _work(writing, url, name, seed, unheard)
    finally:
        os._exit(3)


def main(url: str, seed: int, rounds: int, first: int) -> None:
    """Runs the rounds and writes all acknowledgements to standard output."""
    luck = random.Random(seed)
    unheard: list[tuple[str, str, Any]] = []
    heard: list[tuple[str, Any]] = []
    for number in range(first, first + rounds):
        halves = [unheard[n::WORKERS] for n in range(WORKERS)]
        children = [
            _fork(url, f"r{number}w{n}", luck.randrange(2**32), halves[n]) for n in range(WORKERS)
        ]
        said: list[bytes] = [b""] * WORKERS
        for n, (child, pipe) in enumerate(children):
            end = time.monotonic() + luck.uniform(0.005, 0.09)
            while (left := end - time.monotonic()) > 0:
                time.sleep(min(left, 0.01))
                said = [before + _drained(p) for before, (_, p) in zip(said, children, strict=True)]
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            if not os.WIFSIGNALED(status):
                raise SystemExit(f"worker {n} of round {number} ended by itself")
            said[n] += _drained(pipe)
        intended = {name: (what, name, detail) for what, name, detail in unheard}
        for raw, (_, pipe) in zip(said, children, strict=True):
            os.close(pipe)
            for what, name, detail in messages(raw):
                if what == "intend":
                    intended[name] = (detail[0], name, detail[1])
                else:
                    intended.pop(name, None)
                    heard.append((name, detail))
        unheard = list(intended.values())
    sys.stdout.buffer.write(pickle.dumps(heard))


def _drained(pipe: int) -> bytes:
    pieces = []
    while True:
        try:
            piece = os.read(pipe, 65536)
        except BlockingIOError:
            break
        if not piece:
            break
        pieces.append(piece)
    return b"".join(pieces)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
