"""One process of several on a queue: `python -m tests.support.queue_process URL ROLE NAME NUMBER`.

It prints one JSON line when it is ready, waits for a line on standard input, works, and prints a
JSON line of what was acknowledged.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from backends.sql.open import open_sqlite
from backends.sql.queue import SqlQueue
from reviewer.domain.decision import Actor, Kind, Refusal
from reviewer.domain.query import parse as query
from reviewer.queue import BulkDecision

from .making import BOT, decision, refund, target

PATIENT = 30.0


async def submitter(queue: SqlQueue, name: str, number: int) -> dict[str, Any]:
    """Submits keys that every submitter shares: each is created once among all of them."""
    answers = [await queue.submit(refund(f"k{n}"), BOT) for n in range(number)]
    return {
        "ids": {f"k{n}": one.artifact_id for n, one in enumerate(answers)},
        "created": [f"k{n}" for n, one in enumerate(answers) if one.created],
    }


async def reviewer(queue: SqlQueue, name: str, number: int) -> dict[str, Any]:
    """Claims the next and decides it until `number` are decided by all together."""
    actor, decided, lost = Actor(name), [], 0
    end = time.monotonic() + PATIENT
    while time.monotonic() < end:
        claim = await queue.claim_next(query(""), actor)
        if claim is None:
            if (await queue.count(query("is:decided"), actor)).number >= number:
                break
            await asyncio.sleep(0.005)
            continue
        kind = (Kind.APPROVE, Kind.REJECT, Kind.RESPOND)[len(decided) % 3]
        taken = decision(claim.item.entry, kind, f"{name}-{len(decided)}", claim.fence)
        answer = await queue.decide(taken, actor)
        lost += isinstance(answer, Refusal)
        if not isinstance(answer, Refusal):
            decided.append(answer.state.id)
    return {"decided": decided, "lost": lost}


async def claimer(queue: SqlQueue, name: str, number: int) -> dict[str, Any]:
    """Claims and releases, and measures how long each claim took, in seconds."""
    actor, took = Actor(name), []
    for _ in range(number):
        start = time.perf_counter()
        claim = await queue.claim_next(query("sort:oldest"), actor)
        took.append(time.perf_counter() - start)
        if claim is None:
            break
        await queue.release(claim.item.entry.state.id, claim.fence, actor)
        await asyncio.sleep(0.002)
    return {"took": took}


async def bulker(queue: SqlQueue, name: str, number: int) -> dict[str, Any]:
    """Decides all that is pending in one operation."""
    actor, targets, cursor = Actor(name), [], None
    while True:
        page = await queue.page(query(""), actor, limit=1000, after=cursor)
        targets += [target(entry) for entry in page.entries]
        cursor = page.next
        if cursor is None:
            break
    bulk = BulkDecision(f"{name}-bulk", Kind.APPROVE, tuple(targets[:number]))
    start = time.perf_counter()
    results = [running async for running in await queue.decide_many(bulk, actor)]
    took = time.perf_counter() - start
    result = results[-1]
    return {"decided": result.decided, "skipped": len(result.skipped), "seconds": took}


async def watcher(queue: SqlQueue, name: str, number: int) -> dict[str, Any]:
    """Watches from the start until it has seen `number` artifacts decided."""
    seen: list[tuple[int, str, str]] = []
    decided: set[str] = set()
    async for batch in queue.watch(0):
        for change in batch:
            seen.append((change.seq, change.artifact_id, change.event))
            if change.event == "decided":
                decided.add(change.artifact_id)
        if len(decided) >= number:
            break
    return {"seen": seen}


ROLES: dict[str, Callable[[SqlQueue, str, int], Awaitable[dict[str, Any]]]] = {
    "submitter": submitter,
    "reviewer": reviewer,
    "claimer": claimer,
    "bulker": bulker,
    "watcher": watcher,
}


async def main(url: str, role: str, name: str, number: int) -> None:
    """Plays a role."""
    queue = await open_sqlite(url)
    print(json.dumps({"ready": role}), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    answer = await ROLES[role](queue, name, number)
    await queue.close()
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
