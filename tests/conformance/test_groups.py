"""Groups by shape and the load of queues: compared with a naive reading of every item."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.artifact import Artifact
from reviewer.domain.decision import Actor, Kind
from reviewer.domain.instant import HOUR, iso
from reviewer.domain.query import Query, parse
from reviewer.queue import Claim, Count, Groups, Queue

from .crowd import SHAPES, shape_at_admission
from .people import ANN, BOB, LEE, decided, entry_of, listed, proposal, submitted
from .stores import Store
from .test_filter import SHARED, texts
from .truth import World


async def agrees(queue: Queue, world: World, text: str, actor: Actor = ANN) -> None:
    """All groups of a filter are those of the naive reading."""
    query = parse(text)
    found = await queue.groups(query, actor, limit=1000)
    assert found == Groups(world.groups(query, actor)), text


@given(text=texts, actor=st.sampled_from([ANN, BOB, LEE]))
@SHARED
async def test_the_groups_of_any_filter_are_its_artifacts_by_shape(
    queue: Queue, world: World, text: str, actor: Actor
) -> None:
    await agrees(queue, world, text, actor)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "is:pending",
        "is:open,pending",
        "sort:newest",
        "shape:0123",
        *(f"is:pending shape:{shape}" for shape in SHAPES[:3]),
        "shape:" + ",".join((*SHAPES, SHAPES[0])),
        f"-shape:{SHAPES[0]}",
        "is:claimed",
        "is:mine",
        "is:escalated",
        "is:breaching",
        "is:snoozed",
        "is:decided",
        "is:pending,decided",
        "key:key-3*",
        "reason:low_value",
        "queue:billing",
        "refund",
        "zzz",
    ],
)
async def test_groups_by_counters_and_by_walking(queue: Queue, world: World, text: str) -> None:
    for actor in (ANN, BOB):
        await agrees(queue, world, text, actor)


async def test_a_limit_gives_the_largest_groups(queue: Queue, world: World) -> None:
    for text in ("", "risk:>=low"):
        whole = world.groups(parse(text), ANN)
        # sizes tie, so that every limit cuts among equals
        assert len({group.number for group in whole}) < len(whole) - 3
        for limit in range(len(whole) + 2):
            found = await queue.groups(parse(text), ANN, limit=limit)
            assert found == Groups(whole[:limit]), (text, limit)


async def test_a_filter_is_walked_no_further_than_the_cap(queue: Queue, world: World) -> None:
    query = parse("risk:>=low")
    entries = world.listed(query, ANN)
    for cap in (1, 5, len(entries) - 1, len(entries)):
        first = {entry.state.id for entry in entries[:cap]}
        items = tuple(item for item in world.items if item.entry.state.id in first)
        found = await queue.groups(query, ANN, limit=1000, cap=cap)
        known = replace(world, items=items).groups(Query(), ANN)
        assert found == Groups(known, cap == len(entries)), cap


async def test_counters_follow_every_step_of_a_life(store: Store, queue: Queue) -> None:
    async def number() -> int:
        found = await queue.groups(Query(), ANN)
        assert found == await queue.groups(parse("agent:bot"), ANN)
        return found.groups[0].number if found.groups else 0

    ids = [await submitted(queue) for _ in range(8)]
    assert await number() == 8
    approved = await decided(queue, ids[0])
    await decided(queue, ids[1], Kind.REJECT)
    assert await number() == 6
    await queue.undo(approved.operation_id, ANN)
    assert await number() == 7
    await decided(queue, ids[2], Kind.SNOOZE, until=await queue.now() + HOUR)
    assert await number() == 6
    await decided(queue, ids[3], Kind.ESCALATE)
    await decided(queue, ids[4], Kind.REASSIGN, to="queue:leads")
    assert await number() == 6
    await decided(queue, ids[2], Kind.RESPOND)  # what is put off may be decided
    assert await number() == 6
    await decided(queue, ids[5], Kind.SNOOZE, until=await queue.now() + HOUR)
    assert await number() == 5
    await store.pass_time(2 * HOUR)
    await queue.run_clocks()
    assert await number() == 6
    for one in (ids[0], *ids[3:]):
        await decided(queue, one)
    assert await number() == 0


async def test_the_shape_of_an_artifact_is_that_of_its_admission(
    queue: Queue, world: World
) -> None:
    for item in world.items:
        assert item.entry.shape == shape_at_admission(item.artifact)
    one = world.items[6]  # escalated since, for a reason of a person's
    assert "unsafe" in one.entry.reasons
    assert one.entry.shape in [entry.shape for entry in world.listed(Query(), ANN)]
    for item in world.items:
        cost = item.artifact.cost
        assert (item.entry.usd, item.entry.seconds) == (cost.usd, cost.seconds)


async def test_precedents_of_a_shape_are_listed_latest_first(store: Store, queue: Queue) -> None:
    ids = [await submitted(queue) for _ in range(3)]
    other = await submitted(queue, proposal(kind="another"))
    shape = (await entry_of(queue, ids[0])).shape
    assert (await entry_of(queue, other)).shape != shape
    for one in (ids[1], other, ids[0]):
        await decided(queue, one)
        await store.pass_time(HOUR)
    assert await listed(queue, f"is:decided shape:{shape}") == [ids[0], ids[1]]
    assert await listed(queue, f"is:pending shape:{shape}") == [ids[2]]


def timed(risk: str, hours: int, now: int) -> Artifact:
    """An artifact that is due then, as far as the built-in policy lets it."""
    return proposal(risk=risk, due_at=iso(now + hours * HOUR))


async def test_risk_moves_the_first_but_not_the_earliest(queue: Queue) -> None:
    now = await queue.now()
    early = await submitted(queue, timed("low", -2, now))
    boosted = await submitted(queue, timed("critical", 1, now))
    assert isinstance(await queue.claim(early, BOB), Claim)
    for text in ("", "agent:bot"):
        [group] = (await queue.groups(parse(text), ANN)).groups
        assert group.first.state.id == boosted
        assert group.due_at == (await entry_of(queue, early)).state.due_at
        assert (group.number, group.breaching, group.claimed_by_others) == (2, 1, 1)
        assert group.risk == "critical"
        [mine] = (await queue.groups(parse(text), BOB)).groups
        assert mine.claimed_by_others == 0


async def test_the_load_of_every_queue(store: Store, queue: Queue, world: World) -> None:
    assert await queue.load(ANN) == world.load()
    assert {one.queue for one in world.load()} >= {"default", "billing", "billing-eu", "leads"}
    later = await crowd_later(store, queue, world)
    assert await queue.load(BOB) == later.load()
    assert later.load() != world.load()


async def crowd_later(store: Store, queue: Queue, world: World) -> World:
    """The same artifacts an hour on, when more is late and more leases are over."""
    await store.pass_time(HOUR)
    await queue.run_clocks()
    items = [await queue.get(item.entry.state.id) for item in world.items]
    return World(tuple(item for item in items if item), await queue.now())


async def test_nothing_pending_is_no_load(store: Store, queue: Queue) -> None:
    assert await queue.load(ANN) == ()
    assert await queue.groups(Query(), ANN) == Groups(())
    one = await submitted(queue)
    await decided(queue, one, Kind.SNOOZE, until=await queue.now() + HOUR)
    [only] = await queue.load(ANN)
    assert (only.pending, only.snoozed, only.unclaimed) == (0, 1, Count(0))
    assert (only.oldest_at, only.next_due_at) == (None, None)
    assert await queue.groups(Query(), ANN) == Groups(())
