"""Steps of chains at the desk: notes for whom they reached, and the desk's own worker."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from backends.sql import alerts
from backends.sql.transaction import Transaction
from reviewer.domain.state import Alert
from reviewer.policy.agents import AgentPolicy
from reviewer.policy.document import Policy, Terminal
from reviewer.tui.desk_worker import wanted
from tests.effects.working import LATE, policy
from tests.support.making import LEAD
from tests.support.receiving import hook

from .review_desk import Desk, desk

Patch = pytest.MonkeyPatch
RINGS = Policy(version=1, agents={"*": AgentPolicy()}, notify={"desk": Terminal(type="terminal")})


async def step(here: Desk, name: str, *people: str, number: int = 1) -> None:
    """A step of this artifact's chain reaches these people by their desks."""
    queue: Any = here.queue
    to = people[0] if len(people) == 1 else "@all"
    groups = RINGS.model_copy(update={"groups": {"all": list(people)}})

    def work(tx: Transaction) -> None:
        found = tx.artifact(name)
        assert found is not None
        alerts.store(tx, found.id, [Alert(tx.now, number, 0, to, notify=("desk",))])
        alerts.carry_out_due(tx, groups)

    await queue.write(work)


async def test_whoever_it_reached_is_told_once(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        one, two = await here.submit(key="one"), await here.submit(key="two")
        await step(here, one, "ben")
        await step(here, two, "mia")
        await here.until(lambda: "Escalated to you" in here.toasts(), "the note")
        await step(here, one, "ben", "mia", number=2)
        await here.until(lambda: here.toasts().count("Escalated to you") == 2, "the second note")
        assert "goes to ben, mia" in here.toasts()
        await here.pilot.pause(0.3)
        assert here.toasts().count("Escalated to you") == 2


async def test_the_desk_works_on_a_file_without_holding_up_a_key(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    go = threading.Event()
    with hook() as chat:
        chat.before = lambda: go.wait(60) and None  # type: ignore[assignment]
        async with desk(tmp_path, monkeypatch) as here:
            queue: Any = here.queue
            await queue.propose_policy(policy(chat), "", LEAD)
            name = await here.submit(due_at=LATE)
            here.app.begin_work()
            await here.until(lambda: len(chat.got) == 1, "the message")
            # the message hangs; the desk goes on
            await here.open(name)
            await here.press("escape")
            go.set()
            await here.until(lambda: here.app._desk_worker is not None)
            for _ in range(500):
                events = [event.event for event in await here.queue.history(name)]
                if "effect" in events:
                    break
                await here.pilot.pause(0.02)
            assert "alerted" in events
            assert "effect" in events
        assert here.app._desk_worker is not None
        assert not here.app._desk_worker._thread.is_alive()
    assert len(chat.got) == 1


def test_who_works() -> None:
    assert wanted("sqlite:///tmp/queue.db", False)
    assert not wanted("sqlite:///tmp/queue.db", True)
    assert not wanted("https://desk.example", False)
    assert not wanted("postgresql://db/queue", False)
