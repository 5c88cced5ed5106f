"""The context pane of the review screen in a real pseudo-terminal: what holds the event loop.

Run as `python -m tests.benchmarks.bench_context [CASE ...]`.  For every step (open, move, fold all,
unfold all, unfold one, narrow, search): milliseconds until the screen is settled, `blocked` the
longest single callback of the event loop meanwhile, and `work` the most that one callback itself
worked (the loop's thread's own processor time).  The difference is waiting: for a processor, or for
the interpreter's lock, which a thread gives back after 5 ms (`sys.getswitchinterval`) unless it is
in C.  Budget (DESIGN §7): a frame is never frozen; here no callback works over about 10 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from .bench_review import Case, fill
from .watching import Watched

BUDGET = 10.0
FIRST = rb"message 0|dump"
"""What the first line of every case's context says."""
STEPS: tuple[tuple[str, str, float], ...] = (
    ("down", "j", 0.3), ("half a page", "\x04", 0.3), ("last line", "G", 0.5),
    ("first line", "g", 0.5), ("unfold one", "\r", 4.0), ("fold it", "\r", 1.0),
    ("fold all", "-", 1.0), ("unfold all", "-", 6.0), ("as at first", "-", 3.0),
    ("narrow", "F", 2.0), ("narrow again", "F", 2.0), ("all sorts", "FFF", 2.0),
    ("search", "/", 0.5), ("type", "message 49", 3.0), ("type what is not there", "zz", 3.0),
    ("keep", "\r", 0.5), ("end", "\x1b", 0.5),
)  # fmt: skip
"""Name, keys, and seconds of silence after which the screen counts as settled."""


def cases() -> list[Case]:
    """What is opened."""

    def one(context: list[dict[str, Any]]) -> dict[str, Any]:
        write = {"type": "document", "resource": "d", "before": "a\n", "after": "b\n"}
        agent = {"agent": {"name": "bot"}, "kind": "k", "title": "benchmark"}
        return agent | {"writes": [write], "context": context}

    story: list[dict[str, Any]] = []
    for n in range(1_250):
        call = {"type": "tool_call", "name": "get_order", "id": str(n), "arguments": {"order": n}}
        lines = [{"sku": f"S-{k}", "price": k * 1.5} for k in range(n % 9)]
        story += [
            {"type": "message", "role": "user", "text": f"message {n}\n" + "word " * (n % 60)},
            call,
            {"type": "tool_result", "id": str(n), "output": {"order": n, "lines": lines}},
            {"type": "message", "role": "thought", "text": f"thought {n} " + "why " * (n % 40)},
        ]
    value = [{"id": n, "name": f"message {n}", "price": n * 3 % 977} for n in range(190_000)]
    text = "".join(f"message {n}: all is well with the order\n" for n in range(240_000))
    head = {"type": "message", "role": "user", "text": "message 0"}

    def result(output: Any) -> list[dict[str, Any]]:
        return [{"type": "tool_result", "name": "dump", "output": output}, head]

    return [
        Case("5,000 items", one(story)),
        Case("10 MB of JSON", one(result(value))),
        Case("10 MB of text", one(result(text))),
        Case("10 MB in one line", one(result("é" * 3 + "word " * 2_000_000))),
    ]


def longest(log: Path, since: float) -> tuple[float, float]:
    """Milliseconds of the longest callback since an instant, and of the most work in one."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    late = [line for line in lines if line[0] >= since]
    held = max((took for _, took, *_ in late), default=0.0)
    return held * 1000, max((work for _, _, _, work, *_ in late), default=0.0) * 1000


def measure(case: Case, folder: Path) -> list[tuple[str, float, float, float]]:
    """Each step with milliseconds until settled, of the longest callback, of the most work."""
    url, log = f"sqlite:///{folder}/queue.db", folder / "callbacks"
    asyncio.run(fill(url, case.document))
    found = []
    with Watched.desk(url, folder) as desk:
        desk.until(rb"benchmark")
        desk.settle(1.5)  # what is imported behind the first page
        since = time.perf_counter()
        desk.send("\r")
        opened = desk.until(FIRST)
        desk.settle(2.0, 20.0)
        found.append(("open", opened, *longest(log, since)))
        desk.send("\t")
        desk.settle(0.5)
        for name, keys, quiet in STEPS:
            since = last = time.perf_counter()
            desk.send(keys)
            while (more := desk.next(quiet)) is not None and more - since < 30:
                last = more
            found.append((name, (last - since) * 1000, *longest(log, since)))
    return found


def main() -> None:
    """Prints a table for each case; arguments choose cases by the start of their names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("case", nargs="*", default=[""])
    asked = parser.parse_args()
    for case in cases():
        if not case.name.startswith(tuple(asked.case)):
            continue
        size = len(json.dumps(case.document)) / 1e6
        print(f"\n{case.name} ({size:.1f} MB)\n{'':24}{'settled':>9}{'blocked':>9}{'work':>9}  ms")
        with tempfile.TemporaryDirectory() as folder:
            for name, settled, held, work in measure(case, Path(folder)):
                over = f"  {work / BUDGET:.1f}x budget" if work > BUDGET else ""
                print(f"{name:24}{settled:9.0f}{held:9.1f}{work:9.1f}{over}", flush=True)


if __name__ == "__main__":
    main()
