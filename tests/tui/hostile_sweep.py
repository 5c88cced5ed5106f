"""The whole sweep by hand: thousands of hostile artifacts, every write type at every size.

Run as `python -m tests.tui.hostile_sweep [ARTIFACTS [SEED]]`; takes many minutes.  Prints what was
found, and ends with 1 where anything was.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.support.hostile import TYPES

from .hostile_queue import documents, fill, furnish, standing
from .hostile_walk import Walk

SIZES = ((80, 24), (120, 40), (200, 60))


def sweep(artifacts: int, seed: int) -> int:
    """Walks through the desk at every size, each over a third of the artifacts."""
    wrong = 0
    part = artifacts // len(SIZES)
    for number, size in enumerate(SIZES):
        indexes = range(seed + number * part, seed + (number + 1) * part)
        with tempfile.TemporaryDirectory() as place:
            wrong += _one(Path(place) / "home", size, indexes, seed + number)
    return wrong


def _one(home: Path, size: tuple[int, int], indexes: range, seed: int) -> int:
    started = time.monotonic()
    furnish(home, seed)
    ids = fill(home, documents(indexes, shared=True))
    before = standing(home, ids)
    with Walk(home, size, seed) as walk:
        step = _steps(walk, size)
        step("start", walk.start)
        step("clicks in the inbox", lambda: walk.click_all(1))
        step("home", walk.home_again)
        for kind in TYPES[SIZES.index(size) :: len(SIZES)]:
            step(f"open {kind}", lambda kind=kind: walk.open_kind(kind))  # type: ignore[misc]
            step("clicks in the review", lambda: walk.click_all(1))
            step("home", walk.home_again)
        undecided = standing(home, ids) == before
        for kind in TYPES:
            step(f"open {kind}", lambda kind=kind: walk.open_kind(kind))  # type: ignore[misc]
            step("review", walk.review)
            step("edit", walk.edit)
            step("dialogs", walk.dialogs)
            step("home", walk.home_again)
        step("inbox", walk.inbox)
        step("filter", walk.filter)
        step("rooms", walk.rooms)
        step("run down", lambda: walk.run_down(len(indexes)))
        for kind in TYPES:
            step(f"open {kind}", lambda kind=kind: walk.open_kind(kind))  # type: ignore[misc]
            step("decide", walk.decide)
            step("home", walk.home_again)
        step("hand on", walk.hand_on)
        step("bulk", walk.bulk)
        status = walk.leave()
        found = walk.found() + ([] if undecided else ["a click decided something"])
        decided = standing(home, ids) != before
    seconds = time.monotonic() - started
    print(
        f"{size[0]}x{size[1]}: {len(ids):,} artifacts, {len(walk.terminal.raw):,} bytes, "
        f"{seconds:.0f} s, exit {status}, decided by keys: {decided}, wrong: {len(found)}"
    )
    for line in found[:20]:
        print("  ", line)
    return len(found) + (status != 0) + (not decided)


def _steps(walk: Walk, size: tuple[int, int]) -> Callable[[str, Callable[[], object]], None]:
    def step(name: str, do: Callable[[], object]) -> None:
        before = len(walk.terminal.raw)
        try:
            do()
        except AssertionError as error:
            print(f"{size}: {name}: {ascii(str(error))[:3000]}\n{walk.found()[:5]}")
            raise
        print(f"  {name}: {len(walk.terminal.raw) - before:,} bytes", file=sys.stderr)

    return step


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    sys.exit(bool(sweep(numbers[0] if numbers else 3000, numbers[1] if len(numbers) > 1 else 0)))
