"""Several processes on one store: each artifact is decided once, and everybody hears of it."""

from __future__ import annotations

import asyncio
import json
import sys

from reviewer.audit.chain import verify
from reviewer.queue import Queue
from tests.support.shared import ROOT

from .people import BOT, proposal
from .test_watch import until


async def worker(url: str, name: str) -> list[str]:
    """What one process decided."""
    command = (sys.executable, "-m", "tests.conformance.working", url, name)
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return output.decode().split()


async def test_three_reviewers_in_three_processes_share_the_work(queue: Queue) -> None:
    answers = await queue.submit_many([proposal() for _ in range(150)], BOT)
    ids = sorted(answer.artifact_id for answer in answers)  # type: ignore[union-attr]
    start = await queue.position()
    # a claim and a decision for each
    watching = asyncio.create_task(until(queue.watch(start), start + 2 * len(ids)))
    done = await asyncio.gather(*(worker(queue.url, name) for name in ("ann", "bob", "lee")))
    assert sorted(one for some in done for one in some) == ids
    seen = await watching
    assert sorted(c.artifact_id for c in seen if c.event == "decided") == ids
    rows = [row async for row in queue.audit()]
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert list(verify([(r.seq, r.record, r.previous, r.hash) for r in rows])) == []
    decided = [json.loads(row.record) for row in rows if '"event":"decided"' in row.record]
    by = {record["artifact"]: record["actor"]["id"] for record in decided}
    assert len(decided) == len(by) == len(ids)
    for name, some in zip(("ann", "bob", "lee"), done, strict=True):
        assert all(by[one] == name for one in some)
