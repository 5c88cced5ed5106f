"""The review screen in a real pseudo-terminal: what keys cost in long and in hard artifacts.

Run as `python -m tests.benchmarks.bench_review [CASE ...] [--rounds N]`.  For every key,
milliseconds: from the key to the last byte that it changes (`settled`), the same without what the
desk's main thread waited in line for a processor (`quiet`), that thread's processor time, and
the longest that one callback held the event loop, without such waits (`held`).  The yardstick is
the cursor of a hello-world app with a table, in the same run; the ratio is that of the 95th
percentiles of quiet.  Budget (DESIGN §7): p95 16 ms in a diff of 10,000 lines, and no callback
over about 100 ms anywhere.

The clock in the header stands still here, so that its frames are not taken for a key's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reviewer.domain.artifact import parse
from reviewer.domain.decision import Actor
from reviewer.queue import open_queue

from .bench_desk import HELLO
from .watching import Press, Watched

QUIET = 0.06
BUDGET = 16.0
KEYS = "jknN\x04][stt{}ww"
"""One round; what a key switches on, a later one switches off (`s` every second round)."""
NAMES = {"\x04": "ctrl+d", "\x1b[B": "down"}
PER_CASE = 40.0
"""Seconds after which a case ends its rounds."""


@dataclass(frozen=True)
class Case:
    """An artifact."""

    name: str
    document: dict[str, Any]


@dataclass
class Found:
    """Milliseconds until content, and the longest callback until then; every press by key."""

    opened: float = 0.0
    held_open: float = 0.0
    keys: dict[str, list[Press]] = field(default_factory=dict)


def cases() -> list[Case]:
    """What is opened."""

    def one(name: str, before: str, after: str, **more: Any) -> dict[str, Any]:
        small = {"type": "document", "resource": "d", "before": "a\n", "after": "b\n"}
        write = {
            "type": "file", "resource": name, "before": {"text": before}, "after": {"text": after},
        }  # fmt: skip
        agent = {"agent": {"name": "bot"}, "kind": "k", "title": "benchmark"}
        return agent | {"writes": [write, small]} | more

    def edited(lines: list[str], edits: int) -> str:
        every = len(lines) // edits
        return "".join(
            line.replace("compute", "combine") if n % every == every // 2 else line
            for n, line in enumerate(lines)
        )

    code = [f"    value_{n} = compute({n}, 'text')  # line {n}\n" for n in range(10_000)]
    big = [f"    value_{n} = compute({n}, 'text', {n * 7919})\n" for n in range(210_000)]
    items = [{"id": n, "name": f"item {n}", "price": n * 3 % 977} for n in range(22_000)]
    line = json.dumps(items)
    line_after = line.replace('"item 11000"', '"thing 11000"')
    story = [
        {"type": "message", "role": "user", "text": f"message {n}\n" + "word " * (n % 60)}
        for n in range(5_000)
    ]
    return [
        Case("10,000 lines, 400 edits", one("a.py", "".join(code), edited(code, 400))),
        Case("10 MB, 300 edits", one("a.py", "".join(big), edited(big, 300))),
        Case("one line of 1 MB", one("a.json", line, line_after)),
        Case("5,000 context items", one("a", "a\n", "b\n", context=story)),
    ]


async def fill(url: str, document: dict[str, Any]) -> None:
    """Submits the one artifact."""
    queue = await open_queue(url)
    await queue.submit(parse(document), Actor("bot", "agent", frozenset({"agent"})))
    await queue.close()


def measure(case: Case, folder: Path, rounds: int) -> Found:
    """Opens one artifact and presses keys."""
    url = f"sqlite:///{folder}/queue.db"
    asyncio.run(fill(url, case.document))
    found = Found()
    with Watched.desk(url, folder) as desk:
        desk.until(rb"benchmark")
        desk.settle(1.5)  # what is imported behind the first page
        since = time.perf_counter()
        desk.send("\r")
        found.opened = desk.until(rb"change 1 of")
        desk.settle(2.0, 20.0)  # colours, and what is read ahead
        found.held_open = desk.held(since)
        if "context" in case.name:
            desk.send("\t\t")
            desk.settle(0.5)
        end = time.monotonic() + PER_CASE
        for _ in range(rounds):
            for key in KEYS:
                took = desk.press(key)
                desk.settle(QUIET)
                if took is not None:
                    found.keys.setdefault(NAMES.get(key, key), []).append(took)
            if time.monotonic() > end:
                break
    return found


def hello(folder: Path, presses: int) -> list[Press]:
    """The yardstick: the cursor of a table, down."""
    (folder / "hello.py").write_text(HELLO)
    with Watched([sys.executable, str(folder / "hello.py")]) as app:
        app.until(rb"Refund order \d")
        app.settle(1.0)
        found = [app.press("\x1b[B") for _ in range(presses)]
    return [took for took in found if took is not None]


def at(values: list[float], share: float) -> float:
    """A percentile, by nearest rank."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


HEAD = (
    f"{'':12}{'n':>4}{'settled p50':>13}{'p95':>8}{'quiet p50':>11}{'p95':>8}"
    f"{'ratio':>7}{'cpu p95':>9}{'held':>7}"
)


def row(name: str, presses: Sequence[Press], base: float) -> str:
    """A line of a table; `base` is the yardstick's."""
    settled, quiet = [p.last for p in presses], [p.quiet for p in presses]
    p95 = at(quiet, 0.95)
    over = "" if p95 <= BUDGET else f"  {p95 / BUDGET:.1f}x budget"
    return (
        f"{name:12}{len(presses):4}{at(settled, 0.5):13.1f}{at(settled, 0.95):8.1f}"
        f"{at(quiet, 0.5):11.1f}{p95:8.1f}{p95 / base:7.2f}"
        f"{at([p.cpu for p in presses], 0.95):9.1f}{max(p.held for p in presses):7.0f}{over}"
    )


def main() -> None:
    """Prints a table for each case; arguments choose cases by the start of their names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("case", nargs="*", default=[""])
    parser.add_argument("--rounds", type=int, default=12)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        yardstick = hello(Path(folder), 60)
    base = at([press.quiet for press in yardstick], 0.95)
    print(HEAD, row("hello down", yardstick, base), sep="\n", flush=True)
    for case in cases():
        if not case.name.startswith(tuple(asked.case)):
            continue
        with tempfile.TemporaryDirectory() as folder:
            found = measure(case, Path(folder), asked.rounds)
        said = f"first content after {found.opened:.0f} ms, held {found.held_open:.0f} ms"
        print(f"\n{case.name}: {said}; load {os.getloadavg()[0]:.1f}")
        for key, presses in found.keys.items():
            print(row(key, presses, base))
        print(row("all", [p for presses in found.keys.values() for p in presses], base), flush=True)


if __name__ == "__main__":
    main()
