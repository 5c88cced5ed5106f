"""What groups cost: a shape at submit, working a group out, and drawing one of 5,000 members.

    python -m tests.benchmarks.bench_groups [MEMBERS]

A shape is told as a ratio to reading the artifact that it is of, working out as a ratio to reading
all members; a key as milliseconds until the screen is still.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from random import Random

from reviewer.config import Config
from reviewer.domain.artifact import parse
from reviewer.domain.decision import Actor
from reviewer.queue import open_queue
from reviewer.shapes import shape_of
from reviewer.shapes.analysis import analyse
from reviewer.tui.app import DeskApp
from reviewer.tui.screens.group import GroupScreen
from reviewer.tui.screens.groups import GroupsScreen
from reviewer.tui.session import Session
from tests.shapes.groups import items
from tests.support.refunds import refunds

BOT = Actor("refund-bot", "agent", frozenset({"agent"}))
KEYS = ("j", "j", "G", "g", "s", "S", "space", "l", "h", "p")


def main() -> None:
    """Prints the numbers."""
    members = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    documents = refunds(members)
    started = time.perf_counter()
    artifacts = [parse(document) for document in documents]
    read = time.perf_counter() - started
    started = time.perf_counter()
    for artifact in artifacts:
        _ = shape_of(artifact, ["sampled"]).id
    shaped = time.perf_counter() - started
    started = time.perf_counter()
    analysis = analyse(items(artifacts))
    worked = time.perf_counter() - started
    assert analysis is not None
    each = 1e6 / members
    print(f"a shape             {shaped * each:8.1f} µs   {shaped / read:5.2f} × parsing it")
    print(f"working out {members:,}  {worked:7.2f} s    {worked / read:5.2f} × parsing all")
    print(f"outliers            {len(analysis.outliers):8d}")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_screen(f"sqlite:///{folder}/queue.db", documents))


async def _screen(url: str, documents: list[dict[str, object]]) -> None:
    queue = await open_queue(url)
    for start in range(0, len(documents), 500):
        await queue.submit_many([parse(d) for d in documents[start : start + 500]], BOT)
    await queue.close()
    app = DeskApp(Session(Config(name="mia")), url)
    async with app.run_test(size=(120, 40)) as pilot:
        while app.session.queue is None:
            await pilot.pause(0.05)
        screen = GroupsScreen(None, Random(1))
        started = time.perf_counter()
        app.push_screen(screen)
        while not screen.list.groups:
            await pilot.pause(0.01)
        print(f"the list of groups  {1000 * (time.perf_counter() - started):8.0f} ms")
        started = time.perf_counter()
        await pilot.press("enter")
        while not (isinstance(app.screen, GroupScreen) and app.screen.members is not None):
            await pilot.pause(0.01)
        print(f"the group on screen {time.perf_counter() - started:8.2f} s")
        took = {}
        for key in KEYS:
            started = time.perf_counter()
            await pilot.press(key)
            await pilot.pause()
            took[key] = 1000 * (time.perf_counter() - started)
        print("keys, ms            " + "  ".join(f"{k} {ms:.0f}" for k, ms in took.items()))
        print(f"median of them      {statistics.median(took.values()):8.1f} ms")


if __name__ == "__main__":
    main()
