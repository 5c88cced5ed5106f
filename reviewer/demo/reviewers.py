"""Simulated reviewers: colleagues at the other desks, and the script of a headless run."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple
from uuid import uuid4

from ..domain import query
from ..domain.artifact import parse_writes
from ..domain.decision import Actor, Decision, Kind, Seen
from ..domain.instant import HOUR, SECOND
from ..domain.views import Item, Settled
from ..queue import DeskSide, Queue
from .people import COLLEAGUES

_REMARKS = (
    ("wrong_value", "the amount is {} too high, take half"),
    ("missing_context", "show me what was decided last time"),
    ("against_policy", "rule 5: not without a second look"),
    ("poor_quality", "too stiff, write it as one talks"),
    ("unsafe", "try it on a part first"),
    ("not_needed", "leave it, the customer has written again"),
)


class Verdicts(NamedTuple):
    """How often a simulated reviewer does what, as weights."""

    approve: int = 6
    edit: int = 1
    reject: int = 3


USUAL = Verdicts()


def person(name: str) -> Actor:
    """A simulated reviewer; the audit record says that it was one."""
    return Actor(name, "person", frozenset({"reviewer", "lead"}), "simulated")


def edit_of(item: Item) -> tuple[Any, ...] | None:
    """The item's writes with a small change in the first that has one to make, or None."""
    writes = [
        write.model_dump(mode="json", exclude_defaults=True) for write in item.artifact.writes
    ]
    for write, typed in zip(writes, item.artifact.writes, strict=True):
        if typed.type == "message":
            write["body"] += "\nP.S. A person has read this before it was sent.\n"
        elif typed.type == "record" and write.get("after"):
            write["after"] = write["after"] | {"checked_by": "a person"}
        elif typed.type == "document":
            write["after"] += "\nReviewed.\n"
        else:
            continue
        return parse_writes(writes)
    return None


def decision_on(
    item: Item, rng: Random, weights: Verdicts = USUAL, fence: int | None = None
) -> Decision:
    """What a simulated reviewer decides; a question is answered, all else by the weights."""
    state = item.entry.state
    seen = Seen(dwell_ms=rng.randrange(900, 40_000), lines=rng.randrange(4, 60))
    common: dict[str, Any] = {
        "artifact_id": state.id, "revision": state.revision, "digest": state.digest,
        "operation_id": uuid4().hex, "fence": fence, "seen": seen,
    }  # fmt: skip
    if "approve" not in state.allowed:
        words = "Yes, make an exception this once, and be kind about it."
        return Decision(Kind.RESPOND, comment=words, **common)
    kind = rng.choices((Kind.APPROVE, Kind.EDIT, Kind.REJECT), weights)[0]
    if kind is Kind.EDIT and state.quorum == 1:
        writes = edit_of(item)
        if writes is not None:
            return Decision(Kind.EDIT, writes=writes, comment="small change", **common)
    if kind is Kind.REJECT:
        code, remark = rng.choice(_REMARKS)
        return Decision(
            Kind.REJECT, reasons=(code,), comment=remark.format(rng.randrange(5, 90)), **common
        )
    return Decision(Kind.APPROVE, **common)


async def review_some(
    desk: DeskSide,
    actor: Actor,
    rng: Random,
    count: int,
    *,
    filter_text: str = "",
    weights: Verdicts = USUAL,
    dwell: float = 0.0,
) -> list[Settled]:
    """Claims and decides up to `count` artifacts, `dwell` seconds each; answers what it settled."""
    wanted, settled = query.parse(filter_text), []
    for _ in range(count):
        claim = await desk.claim_next(wanted, actor)
        if claim is None:
            break
        await asyncio.sleep(dwell * rng.uniform(0.5, 1.5))
        done = await desk.decide(decision_on(claim.item, rng, weights, claim.fence), actor)
        if isinstance(done, Settled):
            settled.append(done)
        else:
            await desk.release(claim.item.entry.state.id, claim.fence, actor)
    return settled


async def begin(queue: Queue, rng: Random, ids: Sequence[str], reviewer: str) -> None:
    """The state of the day when you sit down: decided, escalated, assigned, snoozed, claimed."""
    for number, artifact_id in enumerate(ids):
        item = await queue.get(artifact_id)
        if item is None or item.entry.state.status != "pending":
            continue
        actor = person(COLLEAGUES[number % len(COLLEAGUES)])
        match number % 10:
            case 0:
                await queue.claim(artifact_id, actor)
            case 1:
                await queue.decide(_move(item, Kind.ESCALATE, comment="above my limit"), actor)
            case 2 if number % 4:
                moved = _move(item, Kind.REASSIGN, to=reviewer, comment="yours, I think")
                await queue.decide(moved, actor)
            case 3:
                until = await queue.now() + rng.randrange(2, 20) * HOUR
                await queue.decide(_move(item, Kind.SNOOZE, until=until), actor)
            case _:
                await queue.decide(decision_on(item, rng), actor)


async def colleagues(queue: Queue, rng: Random, every: float) -> None:
    """Now and then a colleague opens one, reads it, decides it or gives it back; for ever."""
    while True:
        await asyncio.sleep(every * rng.uniform(0.5, 1.5))
        actor = person(rng.choice(COLLEAGUES))
        if rng.random() < 0.5:
            late = "risk:<=medium sort:oldest"
            await review_some(queue, actor, rng, 1, filter_text=late, dwell=every / 2)
            continue
        claim = await queue.claim_next(query.parse("risk:low"), actor)
        if claim is not None:
            await asyncio.sleep(every / 2)
            await queue.release(claim.item.entry.state.id, claim.fence, actor)


def _move(item: Item, kind: Kind, **more: Any) -> Decision:
    state = item.entry.state
    seen = Seen(dwell_ms=5 * SECOND // 1_000)
    return Decision(kind, state.id, state.revision, state.digest, uuid4().hex, seen=seen, **more)
