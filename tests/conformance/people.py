"""Who acts in these tests and what they do: short ways to submit, look and decide."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from reviewer.domain.artifact import Artifact, parse
from reviewer.domain.decision import Actor, Decision, Kind, Refusal
from reviewer.domain.instant import DAY
from reviewer.domain.query import parse as parse_query
from reviewer.domain.state import State
from reviewer.queue import BulkDecision, BulkResult, Entry, Page, Queue, Settled, Target

BOT = Actor("bot", "agent", frozenset({"agent"}))
ANN = Actor("ann")
BOB = Actor("bob")
LEE = Actor("lee", roles=frozenset({"lead"}))
VIC = Actor("vic", roles=frozenset({"auditor"}))
EVERYTHING = parse_query("is:pending,decided")


def agent(name: str) -> Actor:
    """An agent of that name."""
    return Actor(name, "agent", frozenset({"agent"}))


def proposal(key: str = "", value: Any = 2, **changes: Any) -> Artifact:
    """A small artifact of `bot` with one record write; its key is new unless given."""
    write = {"type": "record", "resource": "order/1", "before": {"a": 1}, "after": {"a": value}}
    base = {
        "key": key or uuid4().hex,
        "agent": {"name": "bot"},
        "kind": "task",
        "title": "Set a",
        "writes": [write],
    }
    return parse(base | changes)


async def submitted(queue: Queue, artifact: Artifact | None = None) -> str:
    """Submits as the artifact's agent; the public id."""
    artifact = artifact or proposal()
    return (await queue.submit(artifact, agent(artifact.agent.name))).artifact_id


async def entry_of(queue: Queue, artifact_id: str) -> Entry:
    """The line of an artifact that is there."""
    item = await queue.get(artifact_id)
    assert item is not None
    return item.entry


async def state_of(queue: Queue, artifact_id: str) -> State:
    """The state of an artifact that is there."""
    return (await entry_of(queue, artifact_id)).state


async def a_decision(queue: Queue, artifact_id: str, kind: Kind, **changes: Any) -> Decision:
    """A decision of that kind on what is shown now, with what the kind needs."""
    state = await state_of(queue, artifact_id)
    needed: dict[Kind, dict[str, Any]] = {
        Kind.REJECT: {"reasons": ("wrong_value",)},
        Kind.RESPOND: {"comment": "Ask again with the order number."},
        Kind.REASSIGN: {"to": "bob"},
        Kind.SNOOZE: {"until": await queue.now() + DAY},
        Kind.EDIT: {"writes": proposal(value=3).writes},
    }
    base = {
        "kind": kind,
        "artifact_id": artifact_id,
        "revision": state.revision,
        "digest": state.digest,
        "operation_id": uuid4().hex,
    }
    return Decision(**(base | needed.get(kind, {}) | changes))


async def decided(
    queue: Queue, artifact_id: str, kind: Kind = Kind.APPROVE, actor: Actor = ANN, **changes: Any
) -> Settled:
    """Decides what is shown now; it must not be refused."""
    answer = await queue.decide(await a_decision(queue, artifact_id, kind, **changes), actor)
    assert isinstance(answer, Settled), answer
    return answer


async def targets(queue: Queue, ids: list[str]) -> tuple[Target, ...]:
    """The bulk targets of artifacts as they are now."""
    states = [await state_of(queue, one) for one in ids]
    return tuple(Target(state.id, state.revision, state.digest) for state in states)


async def bulk(queue: Queue, decision: BulkDecision, actor: Actor = ANN) -> BulkResult:
    """Runs a bulk decision to its end."""
    return [result async for result in await queue.decide_many(decision, actor)][-1]


async def listed(queue: Queue, text: str = "", actor: Actor = ANN) -> list[str]:
    """The ids that a filter lists on one big page."""
    page = await queue.page(parse_query(text), actor, limit=1000)
    return [entry.state.id for entry in page.entries]


async def pages(queue: Queue, text: str, limit: int, actor: Actor = ANN) -> list[Page]:
    """All pages of a filter, forwards."""
    found = [await queue.page(parse_query(text), actor, limit=limit)]
    while found[-1].next is not None:
        found.append(await queue.page(parse_query(text), actor, limit=limit, after=found[-1].next))
        assert len(found) < 1000
    return found


def code_of(answer: object) -> str:
    """The code of a refusal; fails where it is none."""
    assert isinstance(answer, Refusal), answer
    assert answer.sentence
    return str(answer.code)
