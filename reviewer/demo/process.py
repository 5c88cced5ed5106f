"""The process that the simulated agents run in: it ends with the desk that started it.

Its standard input is a pipe whose other end only the desk holds: the pipe closes when the desk
ends, in whatever way.  Where another child of the desk has inherited the pipe, the parent's id
tells.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from ..domain.errors import ReviewerError
from ..queue import open_queue
from ..untrusted.log import SafeFormatter
from .agent import Pace, Simulation, clock
from .world import World

GRACE = 2.0
"""Seconds for an orderly end after the desk has gone."""


def main(arguments: list[str] | None = None) -> int:
    """Runs until the desk ends; messages go to standard error, the demo's log file."""
    handler = logging.StreamHandler()
    handler.setFormatter(SafeFormatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    chosen = _parser().parse_args(arguments)
    try:
        asyncio.run(_run(chosen))
    except ReviewerError as error:
        logging.error("the simulated agents have stopped: %s", error)
        return 1
    return 0


async def _run(chosen: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    _watch_parent(chosen.parent, lambda: loop.call_soon_threadsafe(ended.set))
    queue = await open_queue(chosen.queue)
    world = World(Path(chosen.world))
    pace = Pace(chosen.every, chosen.colleagues, chosen.drift, chosen.failure, chosen.work)
    simulation = Simulation(queue, world, chosen.seed, clock, pace)
    running = asyncio.ensure_future(simulation.run(seeded=chosen.seeded, reviewer=chosen.reviewer))
    waiting = asyncio.ensure_future(ended.wait())
    try:
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        world.close()
        await queue.close()


def _watch_parent(parent: int, tell: Callable[[], object]) -> None:
    gone = threading.Event()

    def pipe() -> None:
        while sys.stdin.buffer.read(4096):
            pass
        gone.set()

    def watch() -> None:
        while not gone.wait(0.5):
            if os.name == "posix" and os.getppid() != parent:
                break
        tell()
        time.sleep(GRACE)
        os._exit(0)  # whatever hangs must not outlive the desk

    threading.Thread(target=pipe, daemon=True).start()
    threading.Thread(target=watch, daemon=True).start()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="reviewer.demo.process", description=__doc__)
    parser.add_argument("queue")
    parser.add_argument("world")
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeded", action="store_true")
    parser.add_argument("--reviewer", default="")
    usual = Pace()
    for name in ("every", "colleagues", "drift", "failure", "work"):
        parser.add_argument(f"--{name}", type=float, default=getattr(usual, name))
    return parser


if __name__ == "__main__":
    sys.exit(main())
