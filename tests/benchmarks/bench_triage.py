"""What the triage screen reads, at many pending: the list by due time and the load of the queues.

Run as `python -m tests.benchmarks.bench_triage [PENDING ...]`.  Each is told as a ratio to one page
of the inbox of the same queue, which is the unit of work that the desk is built on.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from reviewer.config import Config
from reviewer.domain.query import Query
from reviewer.tui.due import STEP, breaching_next
from reviewer.tui.session import Session

from .filling import fill

ROUNDS = 15


async def milliseconds(work: Callable[[], Awaitable[object]]) -> float:
    """The median of some rounds, after one that is not counted."""
    await work()
    found = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        await work()
        found.append((time.perf_counter() - start) * 1000)
    return statistics.median(found)


async def measure(folder: Path, size: int) -> None:
    """Prints one line for a queue of this size."""
    path = folder / f"triage-{size}.db"
    await fill(path, size)
    session = Session(Config(name="mia"))
    await session.connect(f"sqlite://{path}")
    queue, actor = session.queue, session.actor
    assert queue is not None
    page = await milliseconds(lambda: queue.page(Query(), actor, limit=STEP))
    due = await milliseconds(lambda: breaching_next(session, "", STEP))
    one = await milliseconds(lambda: breaching_next(session, "q1", STEP))
    load = await milliseconds(lambda: queue.load(actor))
    await session.close()
    print(
        f"{size:>9,} pending: page {page:.2f} ms; by due time {due / page:.1f}×, "
        f"in one queue {one / page:.1f}×, load {load / page:.1f}×"
    )


def main() -> None:
    """Measures at each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pending", nargs="*", type=int, default=[1_000, 50_000])
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for size in chosen.pending:
            asyncio.run(measure(Path(folder), size))


if __name__ == "__main__":
    main()
