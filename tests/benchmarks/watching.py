"""A desk in a real pseudo-terminal, watched from outside and from inside.

From outside: when bytes came, the processor time of its main thread, and how long that thread
stood in line for a processor (`schedstat`).  From inside: every callback of the event loop that
held it.  What the thread waited in line for a processor is the machine's doing, not the desk's:
`held` and `quiet` leave it out, so that numbers from a loaded machine can be read.
"""

from __future__ import annotations

import json
import os
import re
import select
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..support.terminal import Terminal

SIZE = (120, 40)
QUIET = 0.06

DESK = """
import asyncio.events, gc, json, os, sys, threading, time, traceback
from reviewer.config import Config
from reviewer.tui.app import run_desk
from reviewer.tui.screens import review

review.TICK = 3600
run, log = asyncio.events.Handle._run, open(sys.argv[2], "w", buffering=1)
line = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
busy = [0.0]

def stood():
    return int(os.pread(line, 80, 0).split()[1]) / 1e9

def name(handle):
    # never repr(handle): it writes out what a task waits for, an artifact of megabytes
    call = handle._callback
    if call is None:
        return ""
    task = getattr(call, "__self__", None)
    coroutine = task.get_coro() if isinstance(task, asyncio.Task) else None
    return getattr(coroutine or call, "__qualname__", type(call).__name__)

def timed(handle):
    stood_before, cpu, start = stood(), time.thread_time(), time.perf_counter()
    busy[0] = start
    run(handle)
    busy[0] = 0.0
    took = time.perf_counter() - start
    if took > 0.005:
        waited, used = stood() - stood_before, time.thread_time() - cpu
        log.write(json.dumps([start, took, waited, used, name(handle)]) + "\\n")

def sample(into):
    main = threading.main_thread().ident
    while True:
        time.sleep(0.004)
        began = busy[0]
        now = time.perf_counter()
        if began and now - began > 0.012:
            frames = sys._current_frames()
            told = ["".join(traceback.format_stack(frames[main], 14)[-14:])]
            told += [
                "other " + "".join(traceback.format_stack(f)[-2:])
                for n, f in frames.items() if n not in (main, threading.get_ident())
            ]
            into.write(json.dumps([began, now - began, told]) + "\\n")

def collecting(phase, info):
    if phase == "start":
        began[0] = time.thread_time()
    elif time.thread_time() - began[0] > 0.003:
        used = time.thread_time() - began[0]
        log.write(json.dumps([time.perf_counter(), used, 0.0, used, f"gc {info}"]) + "\\n")

began = [0.0]
gc.callbacks.append(collecting)
asyncio.events.Handle._run = timed
if os.environ.get("STACKS"):
    into = open(os.environ["STACKS"], "w", buffering=1)
    threading.Thread(target=sample, args=(into,), daemon=True).start()
gc.disable()  # as `reviewer` itself does
run_desk(Config(name="mia", roles=("reviewer", "lead")), sys.argv[1])
"""
"""The desk, with a record of every callback of the event loop that takes over 5 ms.

With `STACKS=path` in the environment a thread writes down what was running in those over 12 ms.
"""


@dataclass(frozen=True)
class Press:
    """Milliseconds of one key: to the first and the last byte, and the latter on a free machine;
    processor time of the main thread; the longest callback, without its waits for a processor.
    """

    first: float
    last: float
    quiet: float
    cpu: float
    held: float


class _Awaited:
    """When something came onto the screen, told afterwards: drawing it is in no time measured.

    Frames write the cells that changed, so that no text need ever be written in one piece.
    """

    def __init__(self, terminal: Watched, pattern: str, fresh: bool = True) -> None:
        self._terminal, self._pattern = terminal, re.compile(pattern)
        self._before = self._pattern.search(terminal.text()) if fresh and pattern else None
        self._came: list[tuple[float, int]] = []

    def came(self, at: float) -> None:
        """Something was written."""
        self._came.append((at, len(self._terminal.raw)))

    def found(self) -> float | None:
        """When there was another match than before, None where there is none yet."""
        came, self._came = self._came, []
        for at, length in came:
            match = self._pattern.search(self._terminal.text(length))
            if match and not (self._before and match.group() == self._before.group()):
                return at
        return None


class Watched(Terminal):
    """A terminal that reads first and looks later: drawing the screen is not in the times."""

    def __init__(
        self, command: list[str], env: Mapping[str, str] | None = None, log: Path | None = None
    ) -> None:
        self._unfed = bytearray()
        self._log, self._read = log, 0
        super().__init__(command, SIZE, env)

    @classmethod
    def desk(cls, url: str, home: Path) -> Watched:
        """The desk on a queue; what is needed to run it is written below `home`."""
        program, log = home / "desk.py", home / "callbacks"
        program.write_text(DESK)
        log.write_text("")
        command = [sys.executable, str(program), url, str(log)]
        return cls(command, {"REVIEWER_HOME": str(home)}, log)

    def _feed(self, data: bytes) -> None:
        self._unfed += data

    def text(self, upto: int | None = None) -> str:
        """The screen; with `upto` as it was when so many bytes had been written."""
        data = bytes(self._unfed)
        keep = 0 if upto is None else max(0, len(self.raw) - upto)
        super()._feed(data[: len(data) - keep])
        self._unfed[:] = data[len(data) - keep :]
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

    def press(self, key: str, limit: float = 1.0, until: bytes = b"") -> Press | None:
        """What a key cost; None where nothing came.

        With `until` up to where another match of that is on the screen than before.
        """
        awaited = _Awaited(self, until.decode())
        cpu, stood = self._spent()
        sent = time.perf_counter()
        os.write(self.process.fd, key.encode())
        first = last = self.next(limit)
        if first is None:
            return None
        awaited.came(first)
        while True:
            more = self.next(QUIET)
            if more is not None:
                last = more
                awaited.came(more)
                continue
            found = awaited.found() if until else last
            if found is not None or time.perf_counter() > sent + limit:
                last = found or last
                break
        assert last is not None
        cpu_after, stood_after = self._spent()
        took = last - sent
        noise = min(stood_after - stood, took)
        return Press(
            (first - sent) * 1e3, took * 1e3, (took - noise) * 1e3,
            (cpu_after - cpu) * 1e3, self.held(sent),
        )  # fmt: skip

    def until(self, pattern: bytes, limit: float = 60.0) -> float:
        """Milliseconds from now until what is on the screen matches."""
        start = time.perf_counter()
        awaited = _Awaited(self, pattern.decode(), fresh=False)
        while time.perf_counter() < start + limit:
            at = self.next(0.05)
            if at is not None:
                awaited.came(at)
            else:
                found = awaited.found()
                if found is not None:
                    return (found - start) * 1000
        raise SystemExit(f"{pattern!r} did not appear:\n{self.text()}")

    def held(self, since: float) -> float:
        """The longest callback that began after an instant, milliseconds."""
        if self._log is None:
            return 0.0
        lines = [json.loads(line) for line in self._log.read_text().splitlines()]
        return max(
            (1e3 * (took - waited) for at, took, waited, *_ in lines if at >= since), default=0.0
        )

    def memory(self) -> float:
        """Resident memory, MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+)", status)
        return int(found[1]) / 1024 if found else 0.0

    def _spent(self) -> tuple[float, float]:
        """Seconds of processor time of the main thread, and seconds that it stood in line."""
        pid = self.process.pid
        text = Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()
        return int(text[0]) / 1e9, int(text[1]) / 1e9
