"""Random work of several actors through two handles, compared with the pure model step by step."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from reviewer.audit.chain import verify
from reviewer.audit.replay import disagreement
from reviewer.domain.artifact import parse_writes
from reviewer.domain.decision import Decision, Kind, Refusal
from reviewer.domain.errors import ConflictError
from reviewer.domain.instant import DAY, HOUR, MINUTE, SECOND, iso
from reviewer.domain.query import parse
from reviewer.domain.state import State
from reviewer.queue import BulkDecision, Claim, Groups, Queue, Settled, Target

from .model import Model
from .people import ANN, BOB, BOT, LEE, VIC, agent, bulk, proposal
from .stores import Backend, Store
from .truth import World

T = TypeVar("T")
TOLERANCE = 5 * MINUTE
TIMES = ("decided_at", "effective_at", "lease_until", "rank", "due_at", "created_at")
people = st.sampled_from([ANN, BOB, LEE])
anyone = st.sampled_from([ANN, BOB, LEE, LEE, ANN, BOB, VIC, BOT])
pick = st.integers(0, 7)


class Machine(RuleBasedStateMachine):
    """One example: a fresh store, its model, and an event loop of its own."""

    backend: Backend
    shared: Path

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.store: Store = self.run(self.backend.fresh(Path(self.folder.name), self.shared))
        self.handles: list[Queue] = [self.run(self.store.open()) for _ in range(2)]
        self.turn = 0
        self.model = Model()
        self.claims: list[Claim] = []
        self.sent: list[Decision] = []

    def run(self, awaitable: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await awaitable

        return self.runner.run(awaited())

    @property
    def queue(self) -> Queue:
        """The handles take turns."""
        self.turn += 1
        return self.handles[self.turn % 2]

    def now(self) -> int:
        return self.run(self.queue.now())

    def any_id(self, index: int) -> str:
        ids = list(self.model.kept)
        return ids[-1 - index % len(ids)]

    @rule(
        key=st.sampled_from("abcdef"),
        value=st.sampled_from([2, 2, 3]),
        risk=st.sampled_from(["low", "high"]),
        supersedes=st.none() | st.sampled_from("abcdef"),
        life=st.sampled_from([0, 0, 30, 600]),
        on_expiry=st.sampled_from(["reject", "escalate"]),
    )
    def submit(
        self, key: str, value: int, risk: str, supersedes: str | None, life: int, on_expiry: str
    ) -> None:
        more: dict[str, Any] = {}
        known = self.model.by_key("bot", key)
        if known is not None and value == 2:
            artifact = known.artifact
        else:
            if life:
                more = {"expires_at": iso(self.now() + life * MINUTE), "on_expiry": on_expiry}
            if supersedes not in (None, key) and self.model.by_key("bot", supersedes or ""):
                more["supersedes"] = supersedes
            artifact = proposal(key, value, risk=risk, **more)
        now = self.now()
        if self.model.conflicts(artifact):
            with pytest.raises(ConflictError):
                self.run(self.queue.submit(artifact, BOT))
            return
        answer = self.run(self.queue.submit(artifact, BOT))
        assert answer.created is (known is None)
        if known is None:
            self.model.submit(artifact, answer.artifact_id, now)
        else:
            assert (answer.artifact_id, answer.status) == (known.state.id, known.state.status)
        self.adopt()

    @precondition(lambda self: self.model.kept)
    @rule(index=pick, actor=anyone, take_over=st.booleans())
    def claim(self, index: int, actor: Any, take_over: bool) -> None:
        artifact_id, now = self.any_id(index), self.now()
        answer = self.run(self.queue.claim(artifact_id, actor, take_over=take_over))
        until = answer.until if isinstance(answer, Claim) else 0
        assert self.model.claim(artifact_id, actor, until, take_over, now) == code(answer)
        if isinstance(answer, Claim):
            self.claims.append(answer)
            assert answer.fence == self.model.kept[artifact_id].state.fence

    @precondition(lambda self: self.model.kept)
    @rule(actor=people)
    def claim_next(self, actor: Any) -> None:
        now = self.now()
        expected = self.model.next(actor, now)
        answer = self.run(self.queue.claim_next(parse(""), actor))
        assert (answer and answer.item.entry.state.id) == (expected and expected.state.id)
        if answer is not None and expected is not None:
            self.model.claim(expected.state.id, actor, answer.until, False, now)
            self.claims.append(answer)

    @precondition(lambda self: self.claims)
    @rule(index=pick, actor=people, give_back=st.booleans())
    def use_claim(self, index: int, actor: Any, give_back: bool) -> None:
        claim = self.claims[-1 - index % len(self.claims)]
        artifact_id = claim.item.entry.state.id
        if give_back:
            self.run(self.queue.release(artifact_id, claim.fence, actor))
            self.model.release(artifact_id, claim.fence, actor)
            return
        answer = self.run(self.queue.renew(artifact_id, claim.fence, actor))
        until = 0 if isinstance(answer, Refusal) else answer
        assert self.model.renew(artifact_id, claim.fence, actor, until) is (until != 0)

    @precondition(lambda self: self.model.kept)
    @rule(
        index=pick,
        kind=st.sampled_from(list(Kind)),
        actor=anyone,
        fenced=st.booleans(),
        stale=st.sampled_from([0, 0, 0, 1]),
        to=st.sampled_from(["ann", "bob", "queue:leads"]),
        value=st.sampled_from([2, 3, 4]),
    )
    def decide(
        self, index: int, kind: Kind, actor: Any, fenced: bool, stale: int, to: str, value: int
    ) -> None:
        artifact_id, now = self.any_id(index), self.now()
        state = self.model.kept[artifact_id].state
        writes = [
            {"type": "record", "resource": "order/1", "before": {"a": 1}, "after": {"a": value}}
        ]
        decision = Decision(
            kind=kind,
            artifact_id=artifact_id,
            revision=state.revision - stale,
            digest=state.digest,
            operation_id=uuid4().hex,
            fence=state.fence if fenced else None,
            reasons=("unsafe",) if kind is Kind.REJECT else (),
            comment="words" if kind is Kind.RESPOND else "",
            writes=parse_writes(writes) if kind is Kind.EDIT else None,
            to=to if kind in (Kind.REASSIGN, Kind.ESCALATE) else "",
            until=now + 2 * HOUR if kind is Kind.SNOOZE else None,
        )
        self.decide_as(decision, actor, now)
        self.sent.append(decision)

    @precondition(lambda self: self.sent)
    @rule(index=pick, actor=people)
    def send_again(self, index: int, actor: Any) -> None:
        self.decide_as(self.sent[-1 - index % len(self.sent)], actor, self.now())

    def decide_as(self, decision: Decision, actor: Any, now: int) -> None:
        answer = self.run(self.queue.decide(decision, actor))
        assert self.model.decide(decision, actor, now) == code(answer)
        if isinstance(answer, Settled):
            assert answer.operation_id == decision.operation_id
        self.adopt()

    @precondition(lambda self: self.model.kept)
    @rule(
        kind=st.sampled_from([Kind.APPROVE, Kind.REJECT, Kind.ESCALATE]),
        actor=people,
        stale=st.integers(0, 3),
    )
    def decide_many(self, kind: Kind, actor: Any, stale: int) -> None:
        now, operation = self.now(), uuid4().hex
        states = [kept.state for kept in self.model.kept.values()]
        aims = tuple(
            Target(s.id, s.revision - (n == stale), s.digest) for n, s in enumerate(states)
        )
        reasons = ("unsafe",) if kind is Kind.REJECT else ()
        made = BulkDecision(operation, kind, aims, reasons)
        result = self.run(bulk(self.queue, made, actor))
        refused = {refusal.artifact_id: str(refusal.code) for refusal in result.skipped}
        for aim in aims:
            one = Decision(
                kind, aim.artifact_id, aim.revision, aim.digest, uuid4().hex, reasons=reasons
            )
            assert self.model.decide(one, actor, now) == refused.get(aim.artifact_id, "")
        assert result.decided == len(aims) - len(refused)
        self.adopt()

    @precondition(lambda self: self.model.operations)
    @rule(index=pick, actor=people)
    def undo(self, index: int, actor: Any) -> None:
        ids = list(self.model.operations)
        operation_id = ids[-1 - index % len(ids)]
        if operation_id not in {decision.operation_id for decision in self.sent}:
            return
        now = self.now()
        result = self.run(self.queue.undo(operation_id, actor))
        found = "".join(str(refusal.code) for refusal in result.skipped)
        assert self.model.undo(operation_id, actor, now) == found
        self.adopt()

    @precondition(lambda self: self.model.kept)
    @rule(index=pick, name=st.sampled_from(["bot", "bot", "other"]))
    def withdraw(self, index: int, name: str) -> None:
        artifact_id, now = self.any_id(index), self.now()
        answer = self.run(self.queue.withdraw(artifact_id, agent(name)))
        assert self.model.withdraw(artifact_id, name, now) == code(answer)
        self.adopt()

    @rule(passed=st.sampled_from([10 * SECOND, 13 * MINUTE, HOUR, 3 * HOUR, DAY]))
    def pass_time(self, passed: int) -> None:
        self.run(self.store.pass_time(passed))
        for _ in range(3):
            self.run(self.queue.run_clocks())
        self.model.run_clocks(self.now())
        self.adopt()

    def adopt(self) -> None:
        """States are equal but for the moments within a call, which the model takes over."""
        for artifact_id, kept in self.model.kept.items():
            item = self.run(self.queue.get(artifact_id))
            assert item is not None
            real = item.entry.state
            assert_alike(real, kept.state)
            kept.state = real
            assert item.entry.decided_by in (kept.decided_by, "clock", "bot")
            assert item.entry.superseded_by == kept.superseded_by

    @invariant()
    def states_agree(self) -> None:
        for artifact_id, kept in list(self.model.kept.items())[-3:]:
            item = self.run(self.queue.get(artifact_id))
            assert item is not None
            assert item.entry.state == kept.state

    def teardown(self) -> None:
        try:
            self.run(self.whole())
        finally:
            self.run(self.store.close())
            self.runner.close()
            self.folder.cleanup()

    async def whole(self) -> None:
        """What must hold of everything that is stored (invariants 1, 2, 5, 6, 7, 8)."""
        queue, model = self.handles[0], self.model
        items = [await queue.get(artifact_id) for artifact_id in model.kept]
        world = World(tuple(item for item in items if item), await queue.now())
        for text in (
            "",
            "is:pending,decided",
            "is:decided",
            "is:claimed",
            "is:mine",
            "sort:newest",
        ):
            query = parse(text)
            page = await queue.page(query, ANN, limit=500)
            assert list(page.entries) == world.listed(query, ANN), text
            assert (await queue.count(query, ANN)).number == len(page.entries)
        for text in ("", "kind:task", "-is:claimed"):
            query = parse(text)
            found = await queue.groups(query, ANN, limit=500)
            assert found == Groups(world.groups(query, ANN)), text
        assert await queue.load(ANN) == world.load()
        facts = [fact async for batch in queue.facts(0) for fact in batch]
        taken = sorted((fact.artifact_id, fact.decision) for fact in facts)
        assert taken == sorted(model.taken())
        await self.store.pass_time(MINUTE)
        now = await queue.now()
        labels = [row async for row in queue.labels()]
        found = sorted((row.artifact_id, row.label["decision"]) for row in labels)
        assert found == sorted(model.standing(now))
        rows = [row async for row in queue.audit()]
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
        assert list(verify([(r.seq, r.record, r.previous, r.hash) for r in rows])) == []
        stored = [row async for row in queue.stored()]
        assert [row.artifact_id for row in stored] == list(model.kept)
        assert [disagreement(row) for row in stored] == [""] * len(stored)
        for artifact_id, kept in model.kept.items():
            records = [json.loads(row.record) for row in rows]
            events = [r["event"] for r in records if r["artifact"] == artifact_id]
            assert [e.event for e in await queue.history(artifact_id)] == events
            assert sorted(events) == sorted(kept.events)


def assert_alike(real: State, expected: State) -> None:
    """Equal, but times may differ by what a call takes."""
    for name in TIMES:
        mine, theirs = getattr(real, name), getattr(expected, name)
        assert (mine is None) is (theirs is None), (name, real, expected)
        assert mine is None or abs(mine - theirs) < TOLERANCE, (name, real, expected)
    times = {name: getattr(real, name) for name in TIMES}
    assert real == replace(expected, **times)


def code(answer: object) -> str:
    """The code of a refusal, or nothing."""
    return str(answer.code) if isinstance(answer, Refusal) else ""


def test_any_work_of_several_people_is_what_the_rules_say(backend: Backend, shared: Path) -> None:
    machine = type("Machine", (Machine,), {"backend": backend, "shared": shared})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
