"""The whole loop on a real queue: decide, and see what the simulated agents make of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from backends.sql.open import open_sqlite
from reviewer.demo import catalogue, contracts, messages, ops, refunds
from reviewer.demo.agent import Pace, Simulation, clock, submit_all
from reviewer.demo.reviewers import edit_of, person
from reviewer.demo.run import queue_url
from reviewer.demo.world import World
from reviewer.domain import query
from reviewer.domain.artifact import artifact_digest, parse, parse_writes
from reviewer.domain.decision import Decision, Kind
from reviewer.domain.instant import SECOND
from reviewer.domain.state import UNDO_WINDOW
from reviewer.domain.views import Item, Settled
from reviewer.queue import Queue, open_queue

YOU = person("you")
STILL = Pace(every=1e6, colleagues=0, drift=0, failure=0, work=0)


@pytest.fixture
async def queue(tmp_path: Path) -> AsyncIterator[Queue]:
    opened = await open_queue(queue_url(tmp_path))
    yield opened
    await opened.close()


@pytest.fixture
async def hasty(tmp_path: Path, queue: Queue) -> AsyncIterator[Queue]:
    """The same queue through a clock that is slow: what is decided here takes effect soon."""
    opened = await open_sqlite(queue_url(tmp_path), clock_offset=-UNDO_WINDOW + SECOND // 2)
    yield opened
    await opened.close()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    opened = World(tmp_path / "world.db")
    yield opened
    opened.close()


class Running:
    """A simulation that follows decisions while the test decides."""

    def __init__(self, queue: Queue, world: World, pace: Pace = STILL) -> None:
        self.simulation = Simulation(queue, world, 1, clock, pace)

    async def __aenter__(self) -> None:
        self.task = asyncio.ensure_future(self.simulation.run(seeded=True))

    async def __aexit__(self, *_: object) -> None:
        if self.task.done():
            self.task.result()
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task


async def handed_in(queue: Queue, *made: dict[str, Any]) -> list[Item]:
    items = [await queue.get(one) for one in await submit_all(queue, made)]
    found = {item.artifact.key: item for item in items if item is not None}
    return [found[one["key"]] for one in made]


async def decide(queue: Queue, item: Item, kind: Kind, **more: Any) -> None:
    state = item.entry.state
    decision = Decision(kind, state.id, state.revision, state.digest, f"op-{state.id}", **more)
    assert isinstance(await queue.decide(decision, YOU), Settled)


async def until(check: Callable[[], Awaitable[Any]], seconds: float = 30) -> Any:
    for _ in range(int(seconds * 10)):
        if found := await check():
            return found
        await asyncio.sleep(0.1)
    raise AssertionError("it did not happen")


async def outcome_of(queue: Queue, item: Item) -> str:
    found = await queue.get(item.entry.state.id)
    assert found is not None
    return found.entry.outcome


async def successor(queue: Queue, item: Item, key: str) -> Item | None:
    found = await queue.find(item.artifact.agent.name, key)
    return await queue.get(found) if found else None


async def test_approved_edited_rejected_answered(queue: Queue, hasty: Queue, world: World) -> None:
    now, rng = clock(), Random(5)
    plain, changed, refused, question, letter = await handed_in(
        queue,
        ops.operate(rng, now),
        contracts.clause(rng, now),
        refunds.chain(rng, now)[0],
        refunds.question(rng, now),
        messages.answer(rng, now),
    )
    edited = edit_of(changed)
    assert edited is not None
    async with Running(queue, world):
        await decide(hasty, plain, Kind.APPROVE)
        await decide(hasty, changed, Kind.EDIT, writes=edited)
        await decide(
            hasty, refused, Kind.REJECT, reasons=("wrong_value",), comment="212.00, not double"
        )
        await decide(hasty, question, Kind.RESPOND, comment="Yes, this once.")
        await until(lambda: outcome_of(queue, plain))
        await until(lambda: outcome_of(queue, changed))
        again = await until(
            lambda: successor(queue, refused, refused.artifact.key.replace("-r0", "-r1"))
        )
        answered = await until(
            lambda: successor(queue, question, question.artifact.key.replace("-r0", "-r1"))
        )

    # approved: the very writes
    assert await outcome_of(queue, plain) == "applied"
    assert world.written(plain.entry.state.id) == plain.artifact.document()["writes"]
    # edited: the edited form, to the byte, under the digest of the decision
    written = world.written(changed.entry.state.id)
    assert await outcome_of(queue, changed) == "applied"
    assert written[0]["after"].endswith("\nReviewed.\n")
    final = changed.artifact.with_writes(edited)
    assert artifact_digest(changed.artifact.with_writes(parse_writes(written))) == artifact_digest(
        final
    )
    assert world.state("contracts", written[0]["resource"], "document") == written[0]["after"]
    # rejected: nothing happened, and a better revision waits
    assert world.written(refused.entry.state.id) == []
    assert again.entry.state.status == "pending"
    assert again.artifact.supersedes == refused.artifact.key
    assert again.artifact.writes[0].after["refund"]["amount"] == 212.0
    assert {reason.code for reason in again.reasons} >= {"revised"}
    # answered: the question became a proposal
    assert "Yes, this once." in answered.artifact.writes[0].body
    # not decided: not touched
    assert world.written(letter.entry.state.id) == []
    assert set(world.executions()) == {plain.entry.state.id, changed.entry.state.id}


async def test_what_was_not_decided_is_not_carried_out(
    queue: Queue, hasty: Queue, world: World
) -> None:
    """A byte that changed on the way back: the digest tells, and nothing happens."""
    (item,) = await handed_in(queue, contracts.clause(Random(1), clock()))
    await decide(hasty, item, Kind.APPROVE)
    verdict = await queue.wait(item.entry.state.id, timeout=20)
    assert verdict is not None
    (write,) = verdict.writes
    swapped = replace(verdict, writes=({**write, "after": write["after"] + " "},))
    simulation = Simulation(queue, world, 1, clock, STILL)
    world.learn(item.artifact)
    assert simulation.carry_out(item, swapped, "").name == "failed"
    assert world.executions() == {}
    assert simulation.carry_out(item, verdict, "").name == "applied"


async def test_taken_back_is_not_carried_out(queue: Queue, world: World) -> None:
    undone, kept = await handed_in(queue, *(ops.scale(Random(n), clock()) for n in (1, 2)))
    async with Running(queue, world):
        await decide(queue, undone, Kind.APPROVE)
        await decide(queue, kept, Kind.APPROVE)
        result = await queue.undo(f"op-{undone.entry.state.id}", YOU)
        assert result.decided == 1
        await until(lambda: outcome_of(queue, kept))
        await asyncio.sleep(1)
    assert set(world.executions()) == {kept.entry.state.id}


@pytest.mark.parametrize(
    ("pace", "outcome"),
    [(Pace(1e6, 0, 1, 0, 0), "drifted"), (Pace(1e6, 0, 0, 1, 0), "failed")],
)
async def test_mishaps_come_back_as_outcomes(
    queue: Queue, hasty: Queue, world: World, pace: Pace, outcome: str
) -> None:
    (item,) = await handed_in(queue, contracts.clause(Random(1), clock()))
    async with Running(queue, world, pace):
        await decide(hasty, item, Kind.APPROVE)
        await until(lambda: outcome_of(queue, item))
    assert await outcome_of(queue, item) == outcome
    assert world.written(item.entry.state.id) == []
    stuck = await queue.page(query.parse("is:stuck"), YOU)
    assert [entry.state.id for entry in stuck.entries] == [item.entry.state.id]


async def test_agents_started_again_finish_what_was_decided_meanwhile(
    queue: Queue, hasty: Queue, world: World
) -> None:
    (item,) = await handed_in(queue, ops.operate(Random(1), clock()))
    await decide(hasty, item, Kind.APPROVE)
    for _ in range(2):  # the second time there is nothing left to do
        async with Running(queue, world):
            await until(lambda: outcome_of(queue, item))
    assert world.written(item.entry.state.id) == item.artifact.document()["writes"]
    write = item.artifact.writes[0]
    assert len(world.state(write.system, write.resource, "tool_call")) == 1


async def test_the_beginning_of_the_day(queue: Queue, world: World) -> None:
    """Seeded in two steps; every saved view of the inbox has something to show."""
    simulation = Simulation(queue, world, 3, clock, STILL)
    first = [parse(one) for one in catalogue.first(3, clock())]
    assert len(await submit_all(queue, [one.document() for one in first])) == len(first)
    await simulation.fill("you")
    pending = await queue.count(query.parse("is:pending"), YOU)
    assert 150 <= pending.number <= 250
    for view in ("is:pending is:mine", "is:breaching", "is:pending is:escalated", "is:claimed",
                 "is:decided sort:newest", "is:snoozed"):  # fmt: skip
        page = await queue.page(query.parse(view), YOU, limit=5)
        assert page.entries, view
    facets = await queue.facets(query.parse(""), YOU)
    assert len(facets["queue"]) == 5
    chain = await queue.page(query.parse("key:refund-8841-*"), YOU)
    assert sum(entry.state.status == "pending" for entry in chain.entries) == 1
