"""A home of its own, and a person beside the agent."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backends.sql.open import open_sqlite
from reviewer.domain import query
from reviewer.domain.decision import Actor, Decision, Kind, Refusal
from reviewer.domain.instant import SECOND
from reviewer.domain.lifecycle import UNDO_WINDOW
from reviewer.queue import Item, Queue

ANA = Actor("ana", "person", frozenset({"reviewer"}))
LATE = UNDO_WINDOW + SECOND
Choice = Callable[[Item], dict[str, Any] | None]


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An embedded queue in a home of its own."""
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path))
    monkeypatch.delenv("REVIEWER_QUEUE", raising=False)
    return f"sqlite:///{tmp_path}/queue.db"


class Person:
    """Decides whatever comes in, in a thread and on a connection of their own.

    Their clock is late by the undo window, so that nobody waits for it to end.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.choice: Choice = lambda item: {"kind": Kind.APPROVE}
        self.seen: list[Item] = []
        self.failed: list[str] = []
        self.decided: list[str] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._work()), daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(20)

    async def _work(self) -> None:
        queue: Queue = await open_sqlite(self.url, clock_offset=-LATE)
        try:
            while not self._stop.is_set():
                page = await queue.page(query.parse(""), ANA)
                for entry in page.entries:
                    item = await queue.get(entry.state.id)
                    if item is not None and item.entry.state.id not in self._done:
                        await self._decide(queue, item)
                await asyncio.sleep(0.02)
        finally:
            await queue.close()

    @property
    def _done(self) -> set[str]:
        return {item.entry.state.id for item in self.seen}

    async def _decide(self, queue: Queue, item: Item) -> None:
        chosen = self.choice(item)
        if chosen is None:
            return
        self.seen.append(item)
        state = item.entry.state
        decision = Decision(
            artifact_id=state.id, revision=state.revision, digest=state.digest,
            operation_id=f"op-{state.id}-{state.revision}", **chosen,
        )  # fmt: skip
        answer = await queue.decide(decision, ANA)
        if isinstance(answer, Refusal):
            self.failed.append(answer.sentence)
        self.decided.append(state.id)


@pytest.fixture
def person(url: str) -> Iterator[Person]:
    """A person who approves, until `choice` says otherwise; decisions take effect at once."""
    someone = Person(url)
    someone.start()
    yield someone
    someone.stop()
    assert someone.failed == []


def until(condition: Callable[[], bool], limit: float = 20.0) -> None:
    """Waits for a condition; fails after `limit` seconds."""
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)
