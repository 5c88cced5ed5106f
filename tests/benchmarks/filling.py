"""Fills a queue with many artifacts, quickly: rows are written as `submit` writes them, in bulk."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from pathlib import Path

from backends.sql import intake
from backends.sql.open import open_sqlite
from backends.sql.transaction import Transaction
from reviewer.domain.artifact import Artifact
from reviewer.domain.decision import Actor
from tests.support.making import refund

BATCH = 5_000
RISKS = ("low", "medium", "medium", "high", "critical")


def artifacts(start: int, number: int) -> Iterator[Artifact]:
    """Artifacts of 20 agents, 10 kinds, 5 queues, 50 reasons, with a few rare ones among them."""
    luck = random.Random(start)
    first = refund("k")
    for n in range(start, start + number):
        rare = n % 10_007 == 7
        agent = "rare" if rare else f"agent-{n % 20}"
        words = " needle" if n % 5_003 == 3 else ""
        code = "rare" if n % 20_011 == 11 else f"reason-{luck.randrange(50)}"
        yield first.model_copy(
            update={
                "key": f"k{n}",
                "agent": first.agent.model_copy(update={"name": agent}),
                "kind": f"kind-{n % 10}",
                "queue": f"q{n % 5}",
                "title": f"Refund order {n}{words}",
                "risk": first.risk.__class__(luck.choice(RISKS)),
                "identity": first.identity.model_copy(update={"on_behalf_of": f"c{n % 997}"}),
                "escalations": [first.escalations[0].model_copy(update={"code": code})],
            }
        )


async def fill(path: Path, size: int) -> float:
    """Fills the file up to `size` artifacts; answers with the seconds, 0 where it was full."""
    queue = await open_sqlite(f"sqlite://{path}?synchronous=normal&patience=600")
    before = sum(row[5] for row in await queue.rows("counters"))
    start = time.perf_counter()
    for at in range(before, size, BATCH):
        batch = list(artifacts(at, min(BATCH, size - at)))

        def work(tx: Transaction, batch: list[Artifact] = batch) -> None:
            for artifact in batch:
                name = artifact.agent.name
                incoming = intake.ready(artifact, tx.dialect.policies)
                intake.submit(tx, incoming, Actor(name, "agent", frozenset()))

        await queue.write(work)
        await asyncio.sleep(0)
    seconds = time.perf_counter() - start if before < size else 0.0
    await queue.close()
    return seconds
