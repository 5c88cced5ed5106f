"""The demo without a desk: a simulated reviewer at work for some seconds, and a summary."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from pathlib import Path
from random import Random

from ..domain import query
from ..queue import Queue, open_queue
from .reviewers import USUAL, Verdicts, person, review_some
from .world import World


async def report(url: str, place: Path, seconds: float) -> str:
    """Reviews for two thirds of the time, waits for the rest; the summary as JSON text."""
    queue = await open_queue(url)
    try:
        decided = await _work(queue, seconds * 2 / 3)
        await asyncio.sleep(seconds / 3)
        summary = await _summary(queue, place)
    finally:
        await queue.close()
    return json.dumps({"decided_here": decided} | summary, sort_keys=True)


async def _work(queue: Queue, seconds: float) -> int:
    rng, actor = Random(1), person("robin")
    answers = Verdicts(0, 0, 1)
    end = asyncio.get_running_loop().time() + seconds
    decided = 0
    while asyncio.get_running_loop().time() < end:
        for weights, count in ((USUAL, 4), (answers, 1)):
            done = await review_some(queue, actor, rng, count, weights=weights, dwell=0.02)
            decided += len(done)
        await asyncio.sleep(0.2)
    return decided


async def _summary(queue: Queue, place: Path) -> dict[str, object]:
    actor = person("robin")
    counts = {}
    for name in ("pending", "approved", "rejected", "answered", "superseded", "stuck"):
        counts[name] = (await queue.count(query.parse(f"is:{name}"), actor)).number
    revisions = await queue.count(query.parse("is:pending reason:revised"), actor)
    world = World(place / "world.db")
    try:
        outcomes = Counter(one.name for one in world.executions().values())
    finally:
        world.close()
    return counts | {"revisions": revisions.number, "outcomes": dict(sorted(outcomes.items()))}
