"""The backends under test: each gives a fresh store with a clock that tests can move.

A backend adds itself with one entry in `BACKENDS`; nothing else in this suite knows of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from reviewer.domain.governance import PolicyRow
from reviewer.queue import Queue, open_queue
from tests.support.making import LEAD

EVERYTHING = "version: 1\nagents: {'*': {grants: [{write: '*'}]}}\n"
"""A policy that grants everything to every agent, to be added to."""


class Store(Protocol):
    """One store of a queue, empty at first."""

    async def open(self) -> Queue:
        """Another handle on it, closed with the store."""

    async def pass_time(self, micros: int) -> None:
        """Moves the clock that all its handles go by, back where `micros` is negative."""

    async def ask_for(self, quorum: int) -> None:
        """From now on so many people must approve what is handed in through its handles."""

    async def put_in_force(self, text: str) -> str:
        """Puts a policy in force by a lead's hand; answers with its digest."""

    async def close(self) -> None:
        """Closes all handles."""


@dataclass(frozen=True)
class Backend:
    """A backend: its name, and how to make a fresh store in an empty folder.

    `shared` is a folder for what several tests may share, such as an empty file to copy.
    """

    name: str
    fresh: Callable[[Path, Path], Awaitable[Store]]


class SqliteStore:
    """A file of its own, copied from an empty one so that it is migrated only once."""

    def __init__(self, path: Path) -> None:
        self.url = f"sqlite:///{path}?synchronous=normal"
        self._offset = 0
        self._handles: list[Any] = []

    @classmethod
    async def fresh(cls, folder: Path, shared: Path) -> SqliteStore:
        """A store on a new file in `folder`."""
        empty = shared / "empty.db"
        if not empty.exists():
            making = cls(empty)
            await making.open()
            await making.close()
        path = folder / "queue.db"
        shutil.copyfile(empty, path)
        return cls(path)

    async def open(self) -> Queue:
        handle: Any = await open_queue(self.url)
        handle.dialect.clock_offset = self._offset
        self._handles.append(handle)
        return handle  # type: ignore[no-any-return]

    async def pass_time(self, micros: int) -> None:
        self._offset += micros
        for handle in self._handles:
            handle.dialect.clock_offset = self._offset

    async def ask_for(self, quorum: int) -> None:
        await self.put_in_force(f"{EVERYTHING}queues: {{'*': {{quorum: {quorum}}}}}\n")

    async def put_in_force(self, text: str) -> str:
        handle = self._handles[0] if self._handles else await self.open()
        row = await handle.propose_policy(text, "", LEAD)
        assert isinstance(row, PolicyRow), row
        assert row.state == "active"
        return row.digest

    async def close(self) -> None:
        for handle in self._handles:
            await handle.close()


BACKENDS = [Backend("sqlite", SqliteStore.fresh)]
