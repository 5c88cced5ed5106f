"""The review screen in a real pseudo-terminal: what keys cost in long and in hard artifacts.

Run as `python -m tests.benchmarks.bench_review [CASE ...] [--rounds N]`.  For every key: from the
key to the first byte and to the last byte that it changes; `open` is from Enter to the first
content; `blocked` the longest that the event loop was held by one callback meanwhile.  The
yardstick is the cursor of a hello-world app with a table, in the same run; the ratio is that of
the 95th percentiles of settled.  Budget (DESIGN §7): settled p95 16 ms in a diff of 10,000 lines,
and no callback over about 100 ms anywhere.

The clock in the header stands still here, so that its frames are not taken for a key's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import select
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reviewer.domain.artifact import parse
from reviewer.domain.decision import Actor
from reviewer.queue import open_queue

from ..support.terminal import Terminal
from .bench_desk import HELLO

SIZE = (120, 40)
QUIET = 0.06
BUDGET = 16.0
KEYS = "jknN\x04][stt{}ww"
"""One round; what a key switches on, a later one switches off (`s` every second round)."""
NAMES = {"\x04": "ctrl+d", "\x1b[B": "down"}
PER_CASE = 40.0
"""Seconds after which a case ends its rounds."""

DESK = """
import asyncio.events, json, sys, time
from reviewer.config import Config
from reviewer.tui.app import run_desk
from reviewer.tui.screens import review

review.TICK = 3600
run, log = asyncio.events.Handle._run, open(sys.argv[2], "w", buffering=1)

def timed(handle):
    start = time.perf_counter()
    run(handle)
    took = time.perf_counter() - start
    if took > 0.02:
        log.write(json.dumps([start, took, repr(handle)[:200]]) + "\\n")

asyncio.events.Handle._run = timed
run_desk(Config(name="mia"), sys.argv[1])
"""
"""The desk, with a record of every callback of the event loop that takes over 20 ms."""


class Timed(Terminal):
    """A terminal that reads first and looks later: drawing the screen is not in the times."""

    def __init__(self, command: list[str], env: Mapping[str, str] | None = None) -> None:
        self._unfed = bytearray()
        super().__init__(command, SIZE, env)

    def _feed(self, data: bytes) -> None:
        self._unfed += data

    def text(self) -> str:
        super()._feed(bytes(self._unfed))
        self._unfed.clear()
        return super().text()

    def next(self, timeout: float) -> float | None:
        """When something was written within `timeout` seconds, or None."""
        ready, _, _ = select.select([self.process.fd], [], [], timeout)
        at = time.perf_counter()
        if not ready:
            return None
        if not self.read(0):
            raise SystemExit(f"the program ended:\n{self.text()}")
        return at

    def press(self, key: str, limit: float = 1.0) -> tuple[float, float] | None:
        """Milliseconds to the first and to the last byte after a key; None where none came."""
        sent = time.perf_counter()
        os.write(self.process.fd, key.encode())
        first = last = self.next(limit)
        while last is not None and (more := self.next(QUIET)) is not None:
            last = more
        if first is None or last is None:
            return None
        return (first - sent) * 1000, (last - sent) * 1000

    def until(self, pattern: bytes, limit: float = 60.0) -> float:
        """Milliseconds from now until something is written that matches."""
        start, begun = time.perf_counter(), len(self.raw)
        while time.perf_counter() < start + limit:
            at = self.next(0.05)
            if at is not None and re.search(pattern, self.raw[begun:]):
                return (at - start) * 1000
        raise SystemExit(f"{pattern!r} did not appear:\n{self.text()}")


@dataclass(frozen=True)
class Case:
    """An artifact; `content` matches as soon as some of it is on the screen."""

    name: str
    document: dict[str, Any]
    content: bytes


@dataclass
class Found:
    """Milliseconds: until content, and of every press by key; the longest callbacks."""

    opened: float = 0.0
    blocked_open: float = 0.0
    keys: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    blocked: dict[str, float] = field(default_factory=dict)


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
    text = rb"value_\d"
    return [
        Case("10,000 lines, 400 edits", one("a.py", "".join(code), edited(code, 400)), text),
        Case("10 MB, 300 edits", one("a.py", "".join(big), edited(big, 300)), text),
        Case("one line of 1 MB", one("a.json", line, line_after), rb"item \d"),
        Case("5,000 context items", one("a", "a\n", "b\n", context=story), rb"message \d"),
    ]


async def fill(url: str, document: dict[str, Any]) -> None:
    """Submits the one artifact."""
    queue = await open_queue(url)
    await queue.submit(parse(document), Actor("bot", "agent", frozenset({"agent"})))
    await queue.close()


def callbacks(log: Path, since: float) -> float:
    """The longest callback that began after an instant, milliseconds."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return max((took * 1000 for start, took, _ in lines if start >= since), default=0.0)


def measure(case: Case, folder: Path, rounds: int) -> Found:
    """Opens one artifact and presses keys."""
    url, log = f"sqlite:///{folder}/queue.db", folder / "callbacks"
    asyncio.run(fill(url, case.document))
    (folder / "desk.py").write_text(DESK)
    command = [sys.executable, str(folder / "desk.py"), url, str(log)]
    found = Found()
    with Timed(command, {"REVIEWER_HOME": str(folder)}) as desk:
        desk.until(rb"benchmark")
        desk.settle(1.5)  # what is imported behind the first page
        since = time.perf_counter()
        desk.send("\r")
        found.opened = desk.until(case.content)
        desk.settle(2.0, 20.0)  # colours, and what is read ahead
        found.blocked_open = callbacks(log, since)
        if "context" in case.name:
            desk.send("\t\t")
            desk.settle(0.5)
        end = time.monotonic() + PER_CASE
        for _ in range(rounds):
            for key in KEYS:
                since = time.perf_counter()
                took = desk.press(key)
                desk.settle(QUIET)
                name = NAMES.get(key, key)
                held = callbacks(log, since)
                found.blocked[name] = max(held, found.blocked.get(name, 0.0))
                if took is not None:
                    found.keys.setdefault(name, []).append(took)
            if time.monotonic() > end:
                break
    return found


def hello(folder: Path, presses: int) -> list[tuple[float, float]]:
    """The yardstick: the cursor of a table, down."""
    (folder / "hello.py").write_text(HELLO)
    with Timed([sys.executable, str(folder / "hello.py")]) as app:
        app.until(rb"Refund order \d")
        app.settle(1.0)
        found = [app.press("\x1b[B") for _ in range(presses)]
    return [took for took in found if took is not None]


def at(values: list[float], share: float) -> float:
    """A percentile, by nearest rank."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def row(name: str, presses: list[tuple[float, float]], held: float, base: float) -> str:
    """A line of the table."""
    first, last = ([press[i] for press in presses] for i in (0, 1))
    numbers = "".join(f"{at(side, q):9.1f}" for side in (first, last) for q in (0.5, 0.95))
    p95 = at(last, 0.95)
    over = "" if p95 <= BUDGET else f"  {p95 / BUDGET:.1f}x budget"
    return f"{name:10}{len(presses):4}{numbers}{p95 / base:8.2f}{held:9.0f}{over}"


def main() -> None:
    """Prints a table for each case; arguments choose cases by the start of their names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("case", nargs="*", default=[""])
    parser.add_argument("--rounds", type=int, default=12)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        yardstick = hello(Path(folder), 60)
    base = at([last for _, last in yardstick], 0.95)
    head = f"{'':10}{'n':>4}{'first p50':>9}{'p95':>9}{'settled':>9}{'p95':>9}{'ratio':>8}"
    print(head + f"{'blocked':>9}", row("hello down", yardstick, 0.0, base), sep="\n", flush=True)
    for case in cases():
        if not case.name.startswith(tuple(asked.case)):
            continue
        with tempfile.TemporaryDirectory() as folder:
            found = measure(case, Path(folder), asked.rounds)
        said = f"first content after {found.opened:.0f} ms, blocked {found.blocked_open:.0f} ms"
        print(f"\n{case.name}: {said}")
        for key, presses in found.keys.items():
            print(row(key, presses, found.blocked[key], base))
        every = [press for presses in found.keys.values() for press in presses]
        print(row("all", every, max(found.blocked.values()), base), flush=True)


if __name__ == "__main__":
    main()
