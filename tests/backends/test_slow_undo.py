"""A bulk decision that is taken back in time is taken back whole, however slow the disk is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backends.sql import bulk
from backends.sql.queue import SqlQueue
from reviewer.domain.decision import Code, Kind
from reviewer.domain.instant import SECOND
from reviewer.domain.query import parse
from reviewer.queue import BulkDecision, Target
from tests.support.invariants import invariants
from tests.support.making import ANNA, BEN, BOT, refund

NUMBER = 5 * bulk.UNDO_CHUNK


@pytest.fixture
def slow(queue: SqlQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which every chunk of an undo takes 0.9 s, and nothing else takes any time."""
    undo_chunk, dialect, start = bulk.undo_chunk, queue.dialect, queue.dialect.now()
    monkeypatch.setattr(dialect, "now", lambda: start + dialect.clock_offset)

    def slower(*args: Any, **values: Any) -> bool:
        queue.dialect.clock_offset += 9 * SECOND // 10
        return undo_chunk(*args, **values)

    monkeypatch.setattr(bulk, "undo_chunk", slower)


async def decided(queue: SqlQueue) -> None:
    """A bulk decision whose undo window is nearly over."""
    await queue.submit_many([refund(f"r{n}") for n in range(NUMBER)], BOT)
    page = await queue.page(parse(""), ANNA, limit=NUMBER)
    states = [row.state for row in page.entries]
    targets = tuple(Target(state.id, state.revision, state.digest) for state in states)
    asked = BulkDecision("op", Kind.APPROVE, targets)
    *_, result = [running async for running in await queue.decide_many(asked, ANNA)]
    assert result.decided == NUMBER
    item = await queue.get(targets[-1].artifact_id)
    assert item is not None
    state = item.entry.state
    assert state.effective_at is not None
    assert state.decided_at is not None
    queue.dialect.clock_offset += state.effective_at - state.decided_at - SECOND // 2


@pytest.mark.usefixtures("slow")
async def test_the_window_stays_open_until_all_are_taken_back(queue: SqlQueue, path: Path) -> None:
    await decided(queue)
    undone = await queue.undo("op", ANNA)
    assert (undone.decided, undone.skipped) == (NUMBER, ())
    assert invariants(path) == []


@pytest.mark.usefixtures("slow")
async def test_nobody_else_keeps_it_open(queue: SqlQueue, path: Path) -> None:
    await decided(queue)
    undone = await queue.undo("op", BEN)
    assert undone.decided == 0
    assert {refusal.code for refusal in undone.skipped} == {Code.NOT_ALLOWED, Code.TOO_LATE}
    assert invariants(path) == []
