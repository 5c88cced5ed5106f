"""A crowd of artifacts that differ in everything a filter can ask for, and what befalls them."""

from __future__ import annotations

from reviewer.domain.artifact import Artifact
from reviewer.domain.decision import Kind
from reviewer.domain.instant import HOUR, MINUTE, iso
from reviewer.queue import Claim, Item, Queue
from reviewer.shapes.shape import shape_of

from .people import ANN, BOB, BOT, LEE, agent, decided, proposal, submitted
from .stores import Store
from .truth import World

RISKS = ("low", "medium", "high", "critical")
TITLES = (
    "Refund order 8841",
    "Größe ändern",
    "merge DUPLICATE contact",
    "名前を変える",
    "100% off_x",
)


def member(number: int, now: int) -> Artifact:
    """One of many artifacts that differ in everything a filter can ask for."""
    due = now + (-30 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR)[number % 4]
    reasons = [{"code": code} for code in ("low_confidence", "low_value", "drift")[: number % 4]]
    cost = {"usd": number / 100, "seconds": number + 0.5} if number % 5 else {}
    return proposal(
        f"key-{number:02}",
        agent={"name": ("bot", "bot-two", "crm")[number % 3]},
        kind=("refund", "refund.big", "merge")[number % 3 - number % 2],
        queue=("", "billing", "billing-eu")[number % 3],
        risk=RISKS[(number // 2) % 4],
        title=TITLES[number % len(TITLES)],
        due_at=iso(due),
        expires_at=iso(now + (90 * MINUTE if number % 11 == 5 else 900 * HOUR)),
        escalations=reasons,
        identity={"on_behalf_of": ("", "customer:1", "customer:12")[number % 3]},
        cost=cost,
    )


def shape_at_admission(artifact: Artifact) -> str:
    """The id of the shape that an artifact comes in under; the built-in policy adds no reason."""
    return shape_of(artifact, [reason.code for reason in artifact.escalations]).id


SHAPES = tuple(sorted({shape_at_admission(member(number, 0)) for number in range(60)}))
"""The ids of all shapes in the crowd."""


async def add(queue: Queue, number: int) -> str:
    """Submits one of them."""
    return await submitted(queue, member(number, await queue.now()))


async def happen(queue: Queue, ids: list[str]) -> None:
    """Every twelfth artifact meets the same fate."""
    for number, one in enumerate(ids):
        fate = number % 12
        actor = (ANN, BOB)[number % 2]
        if fate == 0:
            await decided(queue, one, Kind.APPROVE, actor)
        elif fate == 1:
            await decided(queue, one, Kind.REJECT, actor)
        elif fate == 2:
            await decided(queue, one, Kind.RESPOND, actor)
        elif fate == 3:
            assert isinstance(await queue.claim(one, actor, lease=100 * HOUR), Claim)
        elif fate == 4:
            await decided(queue, one, Kind.SNOOZE, LEE, until=await queue.now() + 50 * HOUR)
        elif fate == 5:
            await decided(queue, one, Kind.REASSIGN, LEE, to=("ann", "bob")[number // 12 % 2])
        elif fate == 6:
            await decided(queue, one, Kind.ESCALATE, LEE, to="queue:leads", reasons=("unsafe",))
        elif fate == 7:
            item = await queue.get(one)
            assert item is not None
            await queue.withdraw(one, agent(item.artifact.agent.name))
        elif fate == 8:
            assert isinstance(await queue.claim(one, actor, lease=MINUTE), Claim)


async def a_world(store: Store, queue: Queue) -> World:
    """Two crowds, the second two hours after the first; some leases and lives are over."""
    first = [await add(queue, number) for number in range(30)]
    await happen(queue, first)
    first.append(await submitted(queue, proposal("newer", supersedes="key-09")))
    await store.pass_time(2 * HOUR)
    await queue.run_clocks()
    second = [await add(queue, number) for number in range(30, 60)]
    await happen(queue, second)
    await store.pass_time(5 * MINUTE)
    await queue.run_clocks()
    await queue.report_outcome(first[0], "applied", "", BOT)
    await queue.report_outcome(first[12], "failed", "", BOT)
    items: list[Item] = []
    for one in first + second:
        item = await queue.get(one)
        assert item is not None
        items.append(item)
    return World(tuple(items), await queue.now())
