"""Key press to settled screen on the review screen: a diff of 10,000 lines, and hard cases.

Run as `python -m tests.benchmarks.bench_review`.  The desk runs in a real pseudo-terminal; the time
is that from a key to the last byte that it changes.  Prints the median and the 95th percentile of
each key and the ratio of the latter to the budget of 16 ms.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from reviewer.domain.artifact import parse
from reviewer.domain.decision import Actor
from reviewer.queue import open_queue

from .bench_desk import Program

BUDGET = 16.0
KEYS = ("j", "k", "\x04", "n", "n", "N", "G", "g", "j", "s", "s", "t", "t", "{", "}", "p", "p")
ROUNDS = 6


def documents() -> dict[str, dict[str, Any]]:
    """What is opened."""
    before = "".join(f"    value_{n} = compute({n}, 'text')  # line {n}\n" for n in range(10_000))
    after = before.replace("7, 'text'", "7, 'other'")
    long = "word " * 200_000
    rows = [{"id": n, "a": n, "b": f"text {n}"} for n in range(10_000)]
    story = [{"type": "message", "role": "user", "text": f"message {n}"} for n in range(5_000)]

    def one(write: dict[str, Any], **more: Any) -> dict[str, Any]:
        small = {"type": "document", "resource": "d", "before": "a", "after": "b"}
        return {
            "agent": {"name": "bot"},
            "kind": "k",
            "title": "t",
            "writes": [write, small],
        } | more

    def file(old: str, new: str) -> dict[str, Any]:
        return {
            "type": "file", "resource": "a.py", "before": {"text": old}, "after": {"text": new},
        }  # fmt: skip

    table = {"type": "rows", "resource": "t", "key_columns": ["id"], "inserted": rows}
    return {
        "10,000 lines, 1,000 changes": one(file(before, after)),
        "10 MB": one(file(before * 20, after * 20)),
        "one line of 1 MB": one(file(long + "a\n", long + "\u202eb\n")),
        "10,000 rows": one(table),
        "5,000 context items": one(file("a\n", "b\n"), context=story),
    }


async def fill(url: str, document: dict[str, Any]) -> None:
    """Submits the one artifact."""
    queue = await open_queue(url)
    await queue.submit(parse(document), Actor("bot", "agent", frozenset({"agent"})))
    await queue.close()


def measure(document: dict[str, Any], folder: Path) -> dict[str, list[float]]:
    """Milliseconds of every press, by key; `open` until the diff is there."""
    asyncio.run(fill(f"sqlite:///{folder}/queue.db", document))
    code = (
        "from reviewer.config import Config\n"
        "from reviewer.tui.app import run_desk\n"
        f"run_desk(Config(name='mia'), 'sqlite:///{folder}/queue.db')"
    )
    desk = Program([sys.executable, "-c", code], folder)
    try:
        desk.until(b"bot")
        desk.settle(0.5)
        found = {"open": [desk.press(b"\r") * 1000]}
        desk.settle(3.0)  # colours, and what is read ahead
        for _ in range(ROUNDS):
            for key in KEYS:
                found.setdefault(key, []).append(desk.press(key.encode()) * 1000)
    finally:
        desk.close()
    return found


def main() -> None:
    """Prints the table; arguments choose what is opened by the start of its name."""
    chosen = tuple(sys.argv[1:]) or ("",)
    for name, document in documents().items():
        if not name.startswith(chosen):
            continue
        with tempfile.TemporaryDirectory() as folder:
            found = measure(document, Path(folder))
        opened = found.pop("open")[0]
        every = [value for values in found.values() for value in values]
        p95 = statistics.quantiles(every, n=20)[-1]
        print(
            f"{name}: open {opened:.0f} ms, p50 {statistics.median(every):.1f} ms, "
            f"p95 {p95:.1f} ms, {p95 / BUDGET:.2f} of the budget",
            flush=True,
        )
        for key, values in found.items():
            worst = statistics.quantiles(values, n=20)[-1]
            print(f"    {key!r:8} p50 {statistics.median(values):6.1f}   p95 {worst:6.1f}")


if __name__ == "__main__":
    main()
