"""Groups by shape, load of queues, facts of decisions: `python -m tests.benchmarks.bench_groups`.

Options: `--size N` (artifacts, default 100,000), `--file PATH` (keep the filled file, use it
again), `--decided N` (so many are decided first, in bulk).  Times are medians through the queue,
threads and values included, beside a page of 100 of the same queue.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

from backends.sql.open import open_sqlite
from backends.sql.queue import SqlQueue
from reviewer.domain.decision import Kind
from reviewer.domain.query import parse
from reviewer.queue import BulkDecision
from tests.benchmarks.filling import fill
from tests.support.making import ANNA, target

GROUPED = (
    "", "queue:q1", "agent:agent-3", "kind:kind-2", "risk:>=high", "reason:reason-7",
    "is:breaching", "due:<1h", "is:mine", "is:claimed", "needle", "refund", "agent:rare",
    "-agent:agent-3",
)  # fmt: skip


async def taken(work: Callable[[], Awaitable[object]], times: int = 11) -> float:
    """Median milliseconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        await work()
        found.append(time.perf_counter() - start)
    return statistics.median(found) * 1e3


async def decide(queue: SqlQueue, number: int) -> None:
    """Bulk approvals until so many decisions stand."""
    while (await queue.count(parse("is:decided"), ANNA)).number < number:
        page = await queue.page(parse("sort:newest"), ANNA, limit=1000)
        aims = tuple(target(entry) for entry in page.entries)
        async for _ in await queue.decide_many(BulkDecision(uuid4().hex, Kind.APPROVE, aims), ANNA):
            pass


async def run(path: Path, size: int, decided: int) -> None:
    """Prints the measurements."""
    await fill(path, size)
    queue = await open_sqlite(f"sqlite://{path}")
    await decide(queue, decided)
    page = await taken(lambda: queue.page(parse(""), ANNA))
    print(f"{size:,} artifacts; a page of 100 takes {page:.2f} ms")
    print(f"{'groups of':<24} {'ms':>8} {'x page':>7} {'groups':>7} {'artifacts':>10} exact")
    for text in GROUPED:
        query = parse(text)
        found = await queue.groups(query, ANNA)
        took = await taken(lambda query=query: queue.groups(query, ANNA))
        number = sum(group.number for group in found.groups)
        print(
            f"{text or '(all)':<24} {took:8.2f} {took / page:7.1f} {len(found.groups):7} "
            f"{number:10,} {found.exact}"
        )
    took = await taken(lambda: queue.load(ANNA))
    print(f"load of {len(await queue.load(ANNA))} queues: {took:.2f} ms")
    for one in await queue.load(ANNA):
        print(f"  {one.queue}: {one.pending:,} pending, {one.breaching} breaching")
    start = time.perf_counter()
    sizes = [len(batch) async for batch in queue.facts(0)]
    seconds = time.perf_counter() - start
    print(
        f"facts: {sum(sizes):,} in {len(sizes)} batches, {seconds * 1e3:.0f} ms, "
        f"{seconds / max(len(sizes), 1) * 1e3:.1f} ms a batch"
    )
    shape = (await queue.groups(parse(""), ANNA, limit=1)).groups[0].shape
    for text in (f"shape:{shape}", f"is:pending shape:{shape}", f"is:decided shape:{shape}"):
        took = await taken(lambda text=text: queue.page(parse(text), ANNA))
        print(f"page of {text}: {took:.2f} ms")
    await queue.close()


def main() -> None:
    """Fills a queue and measures it."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--size", type=int, default=100_000)
    options.add_argument("--decided", type=int, default=20_000)
    options.add_argument("--file", type=Path)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = asked.file or Path(folder) / "queue.db"
        asyncio.run(run(path, asked.size, asked.decided))


if __name__ == "__main__":
    main()
