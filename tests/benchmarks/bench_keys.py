"""The keys of the desk over a large queue: `python -m tests.benchmarks.bench_keys --file PATH`.

Options: `--size N` (artifacts, default 100,000; the file is filled up to that), `--file PATH` (keep
the filled file, use it again; some of its artifacts are claimed and approved), `--rounds N`.  For
each thing that a person does, milliseconds: from the key until it is on the screen (`shown`), the
same without what the desk's main thread waited in line for a processor (`quiet`), that thread's
processor time, and the longest that one callback held the event loop (`held`).  Budget (DESIGN
§7): p95 16 ms for keys, 50 ms for approve and advance (`advance`: until another title is drawn).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from .bench_review import HEAD, hello, row
from .filling import fill
from .watching import Press, Watched


@dataclass(frozen=True)
class Act:
    """Something that a person does: a key, what matches when it is there, the keys to go back.

    It is there when another match than before is on the screen, without `until` when nothing more
    is written.
    """

    name: str
    key: str
    until: bytes = b""
    back: str = ""
    pause: float = 0.3


ROW = rb"Refund order \d+"
ACTS = (
    *(Act("j", "j", pause=0.06) for _ in range(8)),
    *(Act("k", "k", pause=0.06) for _ in range(4)),
    Act("ctrl+d", "\x04"),
    Act("ctrl+d", "\x04"),
    Act("ctrl+u", "\x15"),
    Act("G", "G"),
    Act("g", "g"),
    Act("view 3", "3"),
    Act("view 4", "4"),
    Act("view 5", "5"),
    Act("view 6", "6"),
    Act("view 7", "7"),
    Act("view 1", "1"),
    Act("view 2", "2"),
    Act("mark", " "),
    Act("unmark", " ", b"", "k "),
    Act("* (all)", "*", rb"Marked the first", "\x1b", 1.0),
    Act("open /", "/"),
    Act("type n", "n", pause=0.05),
    Act("type e", "e", pause=0.05),
    Act("type e", "e", pause=0.05),
    Act("filtered", "dle", rb"needle[^/]*needle", "\x1b\x1b", 0.6),
    Act("groups", "b", rb"members", "\x1b", 0.6),
    Act("triage", "t", rb"(?i)triage", "\x1b", 0.6),
    Act("focus", "f", rb"change 1 of", "\x1b", 0.6),
    Act("open", "\r", rb"change 1 of", "", 1.0),
    Act("advance", "a", ROW, "", 1.0),
    Act("advance", "a", ROW, "", 1.0),
    Act("advance", "a", ROW, "\x1b", 1.0),
)


def run(url: str, home: Path, rounds: int) -> None:
    """Prints the measurements."""
    yardstick = hello(home, 40)
    base = sorted(press.quiet for press in yardstick)[int(0.95 * len(yardstick))]
    found: dict[str, list[Press]] = {}
    with Watched.desk(url, home) as desk:
        first = desk.until(rb"Refund order")
        desk.settle(2.5, 30.0)  # what is imported and counted behind the first page
        begun = desk.memory()
        print(f"first page after {first:.0f} ms, then {begun:.0f} MiB")
        for _ in range(rounds):
            for act in ACTS:
                press = desk.press(act.key, 2.0, act.until)
                desk.settle(act.pause, 2.0)
                if press is not None:
                    found.setdefault(act.name, []).append(press)
                for key in act.back:
                    desk.send(key)
                    desk.settle(0.3, 1.0)
        print(f"{desk.memory():.0f} MiB afterwards; load {os.getloadavg()[0]:.1f}")
    print(HEAD, row("hello down", yardstick, base), sep="\n")
    for name, presses in found.items():
        print(row(name, presses, base))


def main() -> None:
    """Fills a queue and measures."""
    options = argparse.ArgumentParser()
    options.add_argument("--size", type=int, default=100_000)
    options.add_argument("--file", type=Path)
    options.add_argument("--rounds", type=int, default=5)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        path = asked.file or home / "queue.db"
        asyncio.run(fill(path, asked.size if not asked.file or not path.exists() else 0))
        start = time.perf_counter()
        run(f"sqlite:///{path}", home, asked.rounds)
        print(f"in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
