"""The insights screen over many decisions: `python -m tests.benchmarks.bench_insights`.

Options: `--size N` (decisions, default 100,000), `--keep FILE` (a queue to fill once and use
again).  Told: how long it takes from the key to the plots against merely reading the same
decisions, and the longest time in which the event loop did nothing else meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from pathlib import Path

from backends.sql.open import open_sqlite
from reviewer.config import Config
from reviewer.domain.decision import Kind
from reviewer.queue import BulkDecision, Target, open_queue
from reviewer.tui.app import DeskApp
from reviewer.tui.screens.insights import InsightsScreen
from reviewer.tui.session import Session
from tests.benchmarks.bench_bulk import pending
from tests.benchmarks.filling import fill
from tests.support.making import ANNA

BULK = 10_000


async def decided(path: Path, size: int) -> None:
    """Fills the queue and decides everything in it, by two kinds of decision."""
    await fill(path, size)
    queue = await open_sqlite(f"sqlite://{path}?synchronous=normal&patience=600")
    number = 0
    while targets := tuple(Target(*row[1:]) for row in pending(path, BULK)):
        kind = Kind.REJECT if number % 4 == 3 else Kind.APPROVE
        bulk = BulkDecision(f"b{time.time_ns()}", kind, targets, reasons=("other",))
        async for _ in await queue.decide_many(bulk, ANNA):
            pass
        number += 1
    await queue.close()


async def reading(url: str) -> tuple[float, int]:
    """Seconds for reading the decisions and doing nothing with them, and how many there are."""
    queue = await open_queue(url)
    start, number = time.perf_counter(), 0
    async for facts in queue.facts(0):
        number += len(facts)
    await queue.close()
    return time.perf_counter() - start, number


class Heart:
    """Beats every millisecond; `longest` is the greatest gap, seconds."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def beat(self) -> None:
        """Beats until it is cancelled."""
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            self.longest, last = max(self.longest, now - last), now


async def opening(url: str) -> tuple[float, float, float]:
    """Seconds from the key to the plots, the longest gap meanwhile, and that of moving about."""
    app = DeskApp(Session(Config(name="anna")), url)
    async with app.run_test(size=(200, 60)) as pilot:
        while app.session.queue is None:
            await pilot.pause(0.02)
        await pilot.pause(3.0)  # what the desk imports behind its first paint is there
        heart = Heart()
        beating = asyncio.create_task(heart.beat())
        start = time.perf_counter()
        screen = InsightsScreen()
        app.push_screen(screen)
        while screen.view is None:
            await pilot.pause(0.002)
        await pilot.pause()
        took, gap = time.perf_counter() - start, heart.longest
        heart.longest = 0.0
        await pilot.press("tab", "tab", "j", "j", "enter", "enter", "v", "tab")
        await pilot.pause(1.0)
        beating.cancel()
        assert screen.view is not None
        return took, gap, heart.longest


async def measure(path: Path, size: int) -> None:
    """Fills where it has to and tells the numbers."""
    await decided(path, size)
    url = f"sqlite:///{path}"
    read, number = await reading(url)
    took, gap, moving = await opening(url)
    print(
        f"{number:,} decisions: read in {read:.2f} s, opened in {took:.2f} s ({took / read:.2f}x)"
    )
    print(
        f"longest gap of the event loop: {gap * 1e3:.0f} ms opening, {moving * 1e3:.0f} ms moving"
    )


def main() -> None:
    """Reads the options and measures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", type=int, default=100_000)
    options.add_argument("--keep", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.environ["REVIEWER_HOME"] = place
        asyncio.run(measure(given.keep or Path(place) / "queue.db", given.size))


if __name__ == "__main__":
    main()
