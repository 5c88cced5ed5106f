"""The diff against `git diff --no-index` as a whole process, and in its bad cases.

Run as `python -m tests.benchmarks.bench_diff`.  "ours" is what a screen waits for: the line diff
of two texts, its side-by-side layout, and the first 60 rows with their word marks.  "git" is one
process from start to end on files in the page cache.  Medians, taken in turns in one run.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

from reviewer.diff import LineDiff, line_diff, side_by_side, unified

RUNS = 15
SCREEN = 60


def cases() -> Iterator[tuple[str, str, str]]:
    """Name and both texts."""
    rng = random.Random(8841)

    def code(size: int) -> list[str]:
        return [f"    value_{n} = compute({rng.random()})\n" for n in range(size)]

    def edited(lines: list[str], edits: int) -> str:
        after = list(lines)
        for _ in range(edits):
            at = rng.randrange(len(after))
            after[at] = after[at].replace("compute", "computed")
        return "".join(after)

    def few(size: int) -> str:
        return "".join(rng.choice(("}\n", "\n", "return\n", "else {\n")) for _ in range(size))

    lines = code(5_000)
    yield "5,000 lines, 200 edits", "".join(lines), edited(lines, 200)
    lines = code(10_000)
    yield "10,000 lines, 400 edits", "".join(lines), edited(lines, 400)
    yield "5,000 lines drawn from 4", few(5_000), few(5_000)
    yield "50,000 lines drawn from 4", few(50_000), few(50_000)
    lines = code(5_000)
    yield "5,000 lines shuffled", "".join(lines), "".join(rng.sample(lines, len(lines)))
    yield "200,000 lines all different", "".join(code(200_000)), "".join(code(200_000))
    lines = code(260_000)
    yield "10 MB, 300 edits", "".join(lines), edited(lines, 300)
    line = "".join(rng.choice("abcdefgh .,") for _ in range(1_000_000))
    yield "one line of 1 MB, one edit", line, line[:600_000] + "X" + line[600_001:]
    yield "one line of 1 MB, all different", line, line[::-1]
    yield "one line of 10 MB, one edit", line * 10, line * 5 + "X" + line * 5


def shown(left: str, right: str) -> LineDiff:
    """What a screen waits for."""
    diff = line_diff(left, right)
    rows = side_by_side(diff)
    first = rows.next_change(-1) or 0
    for at in range(first, min(first + SCREEN, len(rows))):
        rows[at]
    return diff


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(name: str, left: str, right: str, folder: Path) -> None:
    """Prints one line of the table."""
    for file, text in (("a", left), ("b", right)):
        (folder / file).write_text(text, encoding="utf-8")
    command = ["git", "diff", "--no-index", "--no-color", "a", "b"]

    def git() -> None:
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False)

    ours: list[float] = []
    theirs: list[float] = []
    diff = shown(left, right)
    git()
    runs = RUNS if len(left) < 1_000_000 else 5
    for _ in range(runs):
        ours.append(seconds(lambda: shown(left, right)))
        theirs.append(seconds(git))
    one, other = statistics.median(ours), statistics.median(theirs)
    only = statistics.median(seconds(lambda: line_diff(left, right)) for _ in range(runs))
    coarse = "  coarse" if diff.coarse else ""
    print(
        f"{name:34}{one * 1e3:9.1f} ms{other * 1e3:9.1f} ms{one / other:7.2f}x"
        f"{only * 1e3:9.1f} ms{only / other:7.2f}x{coarse}"
    )


def scrolling(left: str, right: str) -> None:
    """Prints what one more page of a long diff costs, and its memory."""
    diff = line_diff(left, right)
    for name, lay_out in (("unified", unified), ("side by side", side_by_side)):
        start = time.perf_counter()
        layout = lay_out(diff, None)
        opened = time.perf_counter() - start
        pages: list[float] = []
        for at in range(0, len(layout), SCREEN):
            start = time.perf_counter()
            layout[at : at + SCREEN]
            pages.append(time.perf_counter() - start)
        pages.sort()
        print(
            f"{name:34}laid out in {opened * 1e3:.1f} ms; a page of {SCREEN} rows: "
            f"median {statistics.median(pages) * 1e3:.2f} ms, "
            f"p95 {pages[int(len(pages) * 0.95)] * 1e3:.2f} ms"
        )
    tracemalloc.start()
    kept = line_diff(left, right)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    print(f"{'memory of the diff':34}{size / (len(left) + len(right)):.2f}x of both texts")
    del kept


def main() -> int:
    """Prints the table."""
    print(f"{'':34}{'screen':>12}{'git':>12}{'ratio':>8}{'diff alone':>12}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for name, left, right in cases():
            measure(name, left, right, Path(folder))
    print("\nscrolling through 10,000 lines with 400 edits, nothing folded")
    named = {name: (left, right) for name, left, right in cases() if name.startswith("10,000")}
    scrolling(*named["10,000 lines, 400 edits"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
