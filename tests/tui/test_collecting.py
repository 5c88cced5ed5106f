"""Garbage is looked for while nobody presses a key, and not in between."""

from __future__ import annotations

import gc
import subprocess
import sys

from reviewer.tui.collecting import LONG_STILL, OLD, STILL

IN_A_DESK = """
import gc, weakref
gc.disable()
from reviewer.tui.collecting import LONG_STILL, OLD, STILL, settle, sweep

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
assert sweep(STILL / 2, 0.0) == 0.0 and gone() is not None
assert sweep(STILL, 0.0) == STILL and gone() is None and frozen() is not None
kept = made()
assert sweep(STILL + 1, STILL) == STILL and kept() is not None, "once in a pause"
assert sweep(LONG_STILL, STILL) == LONG_STILL and kept() is None and frozen() is None
assert sweep(0.0, LONG_STILL) == 0.0
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
