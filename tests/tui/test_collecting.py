"""Garbage is looked for while nobody presses a key, and not in between."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys

import pytest

from reviewer.tui import collecting
from reviewer.tui.collecting import LONG_STILL, OLD, STILL

IN_A_DESK = """
import gc, weakref
gc.disable()
from reviewer.tui.collecting import LONG_AGO, LONG_STILL, OLD, STILL, settle, sweep

class Loop:
    def __init__(self):
        self.me = self

def made():
    loop = Loop()
    return weakref.ref(loop)

old = Loop()
settle()
assert gc.isenabled() and gc.get_threshold()[2] == OLD, gc.get_threshold()
frozen = weakref.ref(old)
del old
gone = made()
assert sweep(STILL / 2, 0.0, LONG_AGO) == 0.0 and gone() is not None
assert sweep(STILL, 0.0, 1.0) == STILL and gone() is None and frozen() is not None
kept = made()
assert sweep(STILL + 1, STILL, 1.0) == STILL and kept() is not None, "once in a pause"
assert sweep(LONG_STILL, STILL, 1.0) == LONG_STILL and kept() is None and frozen() is None
assert sweep(0.0, LONG_STILL, 1.0) == 0.0
old = Loop()
gc.freeze()
frozen = weakref.ref(old)
del old
assert sweep(STILL, 0.0, LONG_AGO - 1) == STILL and frozen() is not None
assert sweep(STILL, STILL, LONG_AGO) == LONG_STILL and frozen() is None, "long ago"
"""


def test_what_is_garbage_goes_in_pauses() -> None:
    assert STILL < LONG_STILL
    assert OLD >= 100, "a full collection takes as long as several frames"
    subprocess.run([sys.executable, "-c", IN_A_DESK], check=True)


def test_a_program_that_is_no_desk_collects_as_ever() -> None:
    from reviewer.tui.collecting import settle

    before = gc.get_threshold()
    assert gc.isenabled()
    settle()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


async def test_what_is_frozen_is_not_counted_again_and_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Counting takes as long as several frames, and stood in a loop that ran once a second."""
    counted: list[int] = []
    monkeypatch.setattr(gc, "get_freeze_count", lambda: counted.append(1) or 1)
    monkeypatch.setattr(collecting, "STILL", 0.002)
    running = asyncio.create_task(collecting.collect(lambda: 0.0))
    await asyncio.sleep(0.05)
    running.cancel()
    assert len(counted) == 1
