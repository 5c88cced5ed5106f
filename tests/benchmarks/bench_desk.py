"""The desk against a hello-world Textual app with a table, both in a real pseudo-terminal.

Run as `python -m tests.benchmarks.bench_desk [PENDING ...] [--file PATH ...] [--runs N]
[--keys N]`; a file is a queue that is filled already.  Measured from outside and in turns: start to
first paint, start to the first page on screen, `j` to the last byte that it changes, and resident
memory.  The ratios are to the hello-world app of the same run; what it costs to look at the screen
is in both.  Both start from compiled modules, as installed programs do, whatever the environment
says of bytecode: one start of each goes before, uncounted.  Budgets
(DESIGN §7): first paint 1.5, first page 2.5, settled p95 16 ms, memory flat.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import select
import statistics
import sys
import tempfile
import time
from pathlib import Path

import ptyprocess

from reviewer.domain.artifact import parse
from reviewer.domain.decision import Actor
from reviewer.queue import open_queue

SIZE = (40, 120)
QUIET = 0.08
BATCH = 5_000
ANSWERS = {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[?2048$p": b"\x1b[?2048;0$y"}
HELLO = """
from textual.app import App
from textual.widgets import DataTable, Footer, Header

class Hello(App):
    def compose(self):
        yield Header()
        yield DataTable(cursor_type="row")
        yield Footer()

    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns("risk", "due", "agent", "title")
        table.add_rows(("high", "0:12", "refund-bot", f"Refund order {n}") for n in range(200))

Hello().run()
"""


class Program:
    """One program in a pseudo-terminal; times are seconds since it was started."""

    def __init__(self, command: list[str], home: Path) -> None:
        env = dict(os.environ, TERM="xterm-256color", COLORTERM="truecolor")
        env |= {"COLUMNS": str(SIZE[1]), "LINES": str(SIZE[0]), "REVIEWER_HOME": str(home)}
        env["PYTHONPYCACHEPREFIX"] = str(home / "bytecode")
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        self.start = time.perf_counter()
        self.process = ptyprocess.PtyProcess.spawn(command, dimensions=SIZE, env=env)
        self.raw = bytearray()
        self.answered = 0

    def read(self, timeout: float) -> bool:
        """Takes in what was written within `timeout` seconds; whether there was anything."""
        ready, _, _ = select.select([self.process.fd], [], [], timeout)
        if not ready:
            return False
        self.raw += os.read(self.process.fd, 1 << 16)
        for query, answer in ANSWERS.items():
            for _ in range(self.raw.count(query, self.answered)):
                os.write(self.process.fd, answer)
        self.answered = len(self.raw)
        return True

    def until(self, pattern: bytes, limit: float = 60.0) -> float:
        """Seconds from the start until the output matches."""
        found = re.compile(pattern)
        while time.perf_counter() - self.start < limit:
            if self.read(0.05) and found.search(self.raw):
                return time.perf_counter() - self.start
        raise SystemExit(f"{pattern!r} did not appear:\n{bytes(self.raw[-2000:])!r}")

    def settle(self, quiet: float = QUIET) -> float:
        """Waits until nothing was written for `quiet` seconds; answers with when the last came."""
        last = time.perf_counter()
        while self.read(quiet):
            last = time.perf_counter()
        return last

    def press(self, key: bytes) -> float:
        """Seconds from a key to the last byte that it changes."""
        sent = time.perf_counter()
        os.write(self.process.fd, key)
        if not self.read(2.0):
            raise SystemExit("a key changed nothing")
        first = time.perf_counter()
        return max(first, self.settle()) - sent if self.read(QUIET) else first - sent

    def memory(self) -> float:
        """Resident memory, MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+)", status)
        return int(found[1]) / 1024 if found else 0.0

    def close(self) -> None:
        """Ends it."""
        self.process.terminate(force=True)


async def fill(url: str, number: int) -> None:
    """Submits until so many are pending."""
    queue = await open_queue(url)
    risks = ("low", "medium", "high", "critical")
    for start in range(0, number, BATCH):
        batch = [
            parse(
                {
                    "key": f"k{n}",
                    "agent": {"name": f"agent-{n % 20}", "version": "1.0"},
                    "kind": "refund",
                    "title": f"Refund order {n}",
                    "risk": risks[n % 4],
                    "escalations": [{"code": "low_confidence", "detail": "two orders match"}],
                    "writes": [
                        {
                            "type": "record",
                            "system": "crm",
                            "resource": f"order/{n}",
                            "before": {"status": "open", "amount": 0},
                            "after": {"status": "refunded", "amount": n % 500},
                        }
                    ],
                }
            )
            for n in range(start, min(start + BATCH, number))
        ]
        await queue.submit_many(batch, Actor("bench", "agent", frozenset({"agent"})))
    await queue.close()


def measure(command: list[str], home: Path, paint: bytes, key: bytes, keys: int) -> list[float]:
    """First paint, first page (seconds), p50, p95, p99 of a settled key (ms), memory (MiB)."""
    program = Program(command, home)
    try:
        first = program.until(paint)
        page = program.until(rb"Refund order \d")
        program.settle(0.5)
        times = sorted(program.press(key) * 1000 for _ in range(keys))
        at = [times[min(len(times) - 1, int(q * len(times)))] for q in (0.5, 0.95, 0.99)]
        return [first, page, *at, program.memory()]
    finally:
        program.close()


def main() -> None:
    """Prints a table, each row with the ratios to hello-world."""
    parser = argparse.ArgumentParser()
    parser.add_argument("pending", nargs="*", type=int, default=[1_000])
    parser.add_argument("--file", type=Path, action="append", default=[])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--keys", type=int, default=60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "hello.py").write_text(HELLO)
        programs: dict[str, tuple[list[str], bytes, bytes]] = {
            "hello": ([sys.executable, str(home / "hello.py")], rb"Refund order \d", b"\x1b[B")
        }
        queues = {f"desk {n:,}": home / f"{n}.db" for n in asked.pending}
        for number, path in zip(asked.pending, queues.values(), strict=True):
            asyncio.run(fill(f"sqlite:///{path}", number))
        queues |= {f"desk {file.stem}": file.resolve() for file in asked.file}
        for name, path in queues.items():
            command = [sys.executable, "-m", "reviewer", "--queue", f"sqlite:///{path}"]
            programs[name] = (command, rb"My queues", b"j")
        for command, paint, key in programs.values():
            measure(command, home, paint, key, 1)
        found: dict[str, list[list[float]]] = {name: [] for name in programs}
        for _ in range(asked.runs):
            for name, (command, paint, key) in programs.items():
                found[name].append(measure(command, home, paint, key, asked.keys))
        report(
            {
                name: [statistics.median(x) for x in zip(*r, strict=True)]
                for name, r in found.items()
            }
        )


def report(medians: dict[str, list[float]]) -> None:
    """Prints medians and ratios."""
    base = medians["hello"]
    print(f"{'':16}{'paint':>14}{'first page':>16}{'j p50':>9}{'p95':>9}{'p99':>9}{'memory':>12}")
    for name, row in medians.items():
        paint, page = (f"{row[i]:.3f} s ({row[i] / base[i]:.2f})" for i in (0, 1))
        keys = "".join(f"{row[i]:6.1f} ms" for i in (2, 3, 4))
        print(f"{name:16}{paint:>14}{page:>16}{keys}{row[5]:8.1f} MiB")


if __name__ == "__main__":
    main()
