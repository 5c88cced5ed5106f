"""When garbage is collected: while nobody presses a key.

A full collection looks through every object that there is; beside a diff of ten thousand lines
with its colours that takes up to a tenth of a second, and Python starts one in the middle of a
key press.  Young objects are collected as ever: that costs next to nothing.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import Final

STILL: Final = 2.0
"""Seconds without a key after which what has come since the last time is looked through."""
LONG_STILL: Final = 30.0
"""Seconds without a key after which everything is."""
LONG_AGO: Final = 60.0
"""Seconds after which the next pause, be it short, is used to look through everything: who decides
one after the other never rests for long, and each screen that has gone is garbage."""
OLD: Final = 1_000
"""So many collections of the middle generation force a full one where keys never rest."""


def settle() -> None:
    """What there is now is not looked through again: it would stall a key press.

    Only in a program that is the desk, which starts without collecting (`cli.opening`).
    """
    if not gc.isenabled() or gc.get_freeze_count():
        gc.freeze()
        gc.set_threshold(*gc.get_threshold()[:2], OLD)
        gc.enable()


async def collect(idle: Callable[[], float]) -> None:
    """Collects for ever, in pauses; `idle` says for how many seconds nobody has pressed a key."""
    done = since = 0.0
    if not gc.get_freeze_count():  # asked once: it counts all that is frozen, for 40 ms
        return
    while True:
        await asyncio.sleep(STILL / 2)
        since += STILL / 2
        done = sweep(idle(), done, since)
        if done == LONG_STILL:
            since = 0.0


def sweep(still: float, done: float, since: float) -> float:
    """Collects what is due after so long a pause; answers with the pause that has been served.

    `since` is how long ago, in seconds, everything was looked through.
    """
    if still < STILL:
        return 0.0
    due = LONG_STILL if still >= LONG_STILL or since >= LONG_AGO else STILL
    if due > done:
        if due == LONG_STILL:
            gc.unfreeze()
        gc.collect()
        gc.freeze()
    return max(due, done)
