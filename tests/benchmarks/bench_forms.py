"""The edit forms in a real pseudo-terminal: what a key costs in a large record and a large table.

Run as `python -m tests.benchmarks.bench_forms [--rounds N]`.  From the key to the last byte that it
changes, milliseconds; the yardstick is the cursor of a hello-world app with a table, in the same
run, and the ratio is that of the 95th percentiles.  Budget (DESIGN §7): settled p95 16 ms.
"""

from __future__ import annotations

import argparse
import os
import re
import select
import statistics
import sys
import time
from typing import Any

from ..support.terminal import Terminal
from .bench_desk import HELLO

QUIET = 0.06

NAMES = {"\x04": "ctrl+d", "\r": "enter", "\x15": "ctrl+u"}
FORM = """
import sys
from textual.widgets import Input
from tests.benchmarks.bench_forms import write
from tests.tui.forms.form_desk import FormApp

Input.cursor_blink = False
FormApp(write(sys.argv[1])).run()
"""
CASES = {
    "record of 2,000": "jk" + "\x04\x15" + "\r" + "12345" + "\r" + "u",
    "rows 10,000 x 12": "jk" + "ll" + "\x04\x15" + "\r" + "12345" + "\r" + "u" + "-u" + "hh",
}


def write(name: str) -> Any:
    """The write of a case."""
    from ..tui.forms.form_desk import write_of

    if name.startswith("record"):
        after = {f"field_{n}": n if n % 3 == 1 else f"value {n}" for n in range(2000)}
        kinds = {int: "number", str: "string"}
        schema = {
            "type": "object",
            "properties": {k: {"type": kinds[type(v)], "title": k} for k, v in after.items()},
        }
        return write_of(type="record", resource="r", before={}, after=after, json_schema=schema)
    rows = [
        {"id": n} | {f"c{k}": f"value {n} {k}" if k % 2 else n * k for k in range(1, 12)}
        for n in range(10_000)
    ]
    return write_of(type="rows", resource="t", key_columns=["id"], inserted=rows)


class Timed(Terminal):
    """A terminal that only reads: drawing the screen is not in the times."""

    def __init__(self, command: list[str]) -> None:
        super().__init__(command, (120, 40))

    def _feed(self, data: bytes) -> None:
        pass

    def next(self, timeout: float) -> float | None:
        """When something was written within `timeout` seconds, or None."""
        ready, _, _ = select.select([self.process.fd], [], [], timeout)
        at = time.perf_counter()
        if ready and not self.read(0):
            raise SystemExit("the program ended")
        return at if ready else None

    def press(self, key: str) -> tuple[float, float] | None:
        """Milliseconds to the first and to the last byte after a key; None where none came."""
        sent = time.perf_counter()
        os.write(self.process.fd, key.encode())
        first = last = self.next(1.0)
        while last is not None and (more := self.next(QUIET)) is not None:
            last = more
        if first is None or last is None:
            return None
        return (first - sent) * 1000, (last - sent) * 1000

    def until(self, pattern: bytes) -> None:
        """Waits until something is written that matches."""
        start = time.perf_counter()
        while not re.search(pattern, self.raw):
            self.next(0.05)
            if time.perf_counter() > start + 60:
                raise SystemExit(f"{pattern!r} did not appear")


def p95(times: list[float]) -> float:
    """The 95th percentile."""
    return sorted(times)[min(len(times) - 1, round(len(times) * 0.95))]


def measure(terminal: Timed, keys: str, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """The times of every key, by its name."""
    found: dict[str, list[tuple[float, float]]] = {}
    typing = False
    for _ in range(rounds):
        for key in keys:
            took = terminal.press(key)
            name = "a digit typed" if typing and key.isalnum() else NAMES.get(key, key)
            if key == "\r":
                typing = not typing
                name = "enter, to type" if typing else "enter, done"
            if took is not None:
                found.setdefault(name, []).append(took)
    return found


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    hello = Timed([sys.executable, "-c", HELLO])
    hello.until(b"row 5|5")
    hello.press("j")
    base = [t[1] for t in (hello.press("\x1b[B") for _ in range(60)) if t is not None]
    hello.close()
    yard = p95(base)
    print(f"hello world, cursor down: median {statistics.median(base):.1f}  p95 {yard:.1f}")
    for name, keys in CASES.items():
        terminal = Timed([sys.executable, "-c", FORM, name])
        terminal.until(b"field_|c1")
        while terminal.next(2.0) is not None:
            pass
        print(f"\n{name}")
        for key, both in measure(terminal, keys, rounds).items():
            times = [last for _, last in both]
            print(
                f"  {key:16} first {statistics.median(first for first, _ in both):6.1f}"
                f"  median {statistics.median(times):6.1f}  p95 {p95(times):6.1f}"
                f"  x{p95(times) / yard:.1f}"
            )
        terminal.close()


if __name__ == "__main__":
    main()
