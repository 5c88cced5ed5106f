"""How long editing holds up the screen: `python -m tests.benchmarks.bench_edit`.

Opens texts of several sizes in the edit screen, types into them where that is possible, takes a
hunk out and lets the draft be written.  A stall is the longest time in which nothing else could be
drawn; it is printed beside that of the same keys on a text of 1 kB.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

SIZES = (1_000, 100_000, 250_000, 2_500_000, 10_000_000)
BEAT = 0.001


class Stalls:
    """The longest gap between two beats of the event loop, seconds."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def run(self) -> None:
        """Beats until it is cancelled."""
        last = time.perf_counter()
        while True:
            await asyncio.sleep(BEAT)
            now = time.perf_counter()
            self.longest = max(self.longest, now - last - BEAT)
            last = now


@contextlib.asynccontextmanager
async def measured(found: dict[str, float], name: str) -> AsyncIterator[None]:
    """Notes the longest stall and the time of a block."""
    stalls = Stalls()
    task = asyncio.create_task(stalls.run())
    await asyncio.sleep(0.05)
    stalls.longest, begun = 0.0, time.perf_counter()
    try:
        yield
    finally:
        found[name] = stalls.longest * 1e3
        found[f"{name} took"] = (time.perf_counter() - begun) * 1e3
        task.cancel()


def text_of(size: int) -> str:
    """A text of about so many characters."""
    return "".join(f"line {n} of a text that is being edited here\n" for n in range(size // 42))


async def one(size: int, folder: Path) -> dict[str, float]:
    """The stalls of one size, milliseconds."""
    from reviewer.config import Config
    from reviewer.domain.artifact import parse
    from reviewer.domain.decision import Actor
    from reviewer.queue import open_queue
    from reviewer.tui.app import DeskApp
    from reviewer.tui.screens.edit import EditScreen
    from reviewer.tui.session import Session

    url = f"sqlite:///{folder}/queue-{size}.db"
    queue = await open_queue(url)
    before = text_of(size)
    after = before.replace("line 5 ", "LINE 5 ").replace("line 20 ", "LINE 20 ")
    write = {"type": "document", "resource": "d", "before": before, "after": after}
    document: Any = {"agent": {"name": "a"}, "kind": "k", "title": "t", "writes": [write]}
    agent = Actor("a", "agent", frozenset({"agent"}))
    id = (await queue.submit(parse(document), agent)).artifact_id
    item = await queue.get(id)
    await queue.close()
    assert item is not None
    found: dict[str, float] = {}
    app = DeskApp(Session(Config(name="mia")), url)
    async with app.run_test(size=(120, 40)) as pilot:
        while app.session.queue is None:
            await pilot.pause(0.02)
        await pilot.pause(1.5)  # what is imported behind the first paint
        screen = EditScreen(item)
        async with measured(found, "open"):
            await app.push_screen(screen)
            while not screen.ready:
                await pilot.pause(0.005)
        if not screen.plain.has_class("-too-much"):
            screen.plain.editor.move_cursor((0, 0))
            async with measured(found, "type"):
                for _ in range(20):
                    await pilot.press("x")
                await asyncio.sleep(1.0)
        async with measured(found, "hunks"):
            await pilot.press("f7")
            while not getattr(app.screen, "_patch", None):
                await pilot.pause(0.005)
        async with measured(found, "leave"):
            await pilot.press("n")
            while not screen.editing.left_out:
                await pilot.pause(0.005)
        async with measured(found, "draft"):
            screen.keep()
            await screen.keeper.flush()
    return found


def main() -> None:
    """Prints a table."""
    names = ("open", "type", "hunks", "leave", "draft")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["REVIEWER_HOME"] = folder
        rows = {size: asyncio.run(one(size, Path(folder))) for size in SIZES}
    print("longest stall of the screen in ms (and how long it took)")
    print(f"{'characters':>12}" + "".join(f"{name:>20}" for name in names))
    for size, found in rows.items():
        cells = [
            f"{found[name]:.1f} ({found[f'{name} took']:.0f})" if name in found else "-"
            for name in names
        ]
        print(f"{size:>12,}" + "".join(f"{cell:>20}" for cell in cells))


if __name__ == "__main__":
    main()
