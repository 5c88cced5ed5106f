"""Whatever people and clocks do, in any order: each step is carried out once, none is left over."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from backends.sql.open import open_sqlite
from backends.sql.queue import SqlQueue
from reviewer.domain.decision import Actor, Kind
from reviewer.domain.instant import DAY, HOUR, MINUTE, SECOND, iso
from reviewer.queue import Claim, Settled
from tests.support.invariants import invariants
from tests.support.making import ANNA, BEN, BOT, LEAD, decision, refund

POLICY = """
version: 1
queues:
  "*":
    sla: {low: 4h, medium: 4h, high: 4h, critical: 4h}
    lead: lea
    escalate:
      - {after: 25%, to: ana, notify: [chat]}
      - {after: 25%, to: "queue:late", page: true}
      - {after: 100%, to: "@desk", notify: [chat, mail], repeat: {every: 30m, times: 3}}
groups: {desk: [anna, ben]}
agents: {"*": {grants: [{write: "*"}]}}
notify:
  chat: {type: webhook, url: "https://chat.example/x"}
  mail: {type: mail, host: localhost, sender: d@e.f, to: {"*": a@b.c}}
"""
NUMBER = 3
ONE = st.integers(0, NUMBER - 1)
JUMPS = st.sampled_from([SECOND, 6 * SECOND, 20 * MINUTE, HOUR, 3 * HOUR, -HOUR, -DAY, DAY])
WHO = st.sampled_from([ANNA, BEN, LEAD])
DOINGS = st.one_of(
    st.tuples(st.just("jump"), JUMPS),
    st.tuples(st.just("clocks")),
    st.tuples(st.just("stop")),
    st.tuples(
        st.just("decide"),
        ONE,
        st.sampled_from([Kind.APPROVE, Kind.REJECT, Kind.SNOOZE, Kind.ESCALATE]),
        WHO,
    ),
    st.tuples(st.just("undo")),
    st.tuples(st.just("claim"), ONE, WHO),
    st.tuples(st.just("withdraw"), ONE),
)


class World:
    """One queue and what was done last."""

    def __init__(self, queue: SqlQueue, ids: list[str]) -> None:
        self.queue, self.ids = queue, ids
        self.last: tuple[str, Actor] | None = None
        self.count = 0

    async def do(self, what: str, *how: Any) -> None:
        queue = self.queue
        if what == "jump":
            queue.dialect.clock_offset += how[0]
        elif what == "clocks":
            await queue.run_clocks()
        elif what == "stop":
            await queue.stop("refund-bot", "", ANNA)
            await queue.resume("refund-bot", LEAD)
        elif what == "undo" and self.last is not None:
            await queue.undo(*self.last)
        elif what == "withdraw":
            await queue.withdraw(self.ids[how[0]], BOT)
        elif what == "claim":
            await queue.claim(self.ids[how[0]], how[1])
        elif what == "decide":
            await self.decide(*how)

    async def decide(self, number: int, kind: Kind, who: Actor) -> None:
        item = await self.queue.get(self.ids[number])
        assert item is not None
        self.count += 1
        more = {"until": await self.queue.now() + HOUR} if kind is Kind.SNOOZE else {}
        taken = decision(item.entry, kind, f"op-{self.count}", **more)
        answer = await self.queue.decide(taken, who)
        if isinstance(answer, Settled) and kind.terminal:
            self.last = (taken.operation_id, who)


async def lived(path: Path, doings: list[tuple[Any, ...]]) -> None:
    queue = await open_sqlite(f"sqlite://{path}?synchronous=normal")
    await queue.propose_policy(POLICY, "", LEAD)
    more = [{}, {}, {"expires_at": iso(await queue.now() + 2 * HOUR), "on_expiry": "escalate"}]
    ids = [
        (await queue.submit(refund(f"k{n}", **fields), BOT)).artifact_id
        for n, fields in enumerate(more)
    ]
    world = World(queue, ids)
    for what, *how in doings:
        await world.do(what, *how)
    held = await queue.claim(ids[0], ANNA)  # the last of the chain comes while somebody is at it
    queue.dialect.clock_offset += 400 * DAY
    await queue.run_clocks()
    assert await queue.run_clocks() == 0
    await queue.close()
    assert isinstance(held, Claim) or held.sentence


@settings(max_examples=40)
@given(st.lists(DOINGS, max_size=25))
def test_every_step_once_and_none_left_over(doings: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "queue.db"
        asyncio.run(lived(path, doings))
        assert invariants(path) == []
        with closing(sqlite3.connect(path)) as db:
            found = db.execute(
                "SELECT a.status, al.state, al.step, al.turn FROM alert al JOIN artifact a"
                " ON a.id = al.artifact_id"
            ).fetchall()
    assert len(found) == NUMBER * 6
    for status, state, step, turn in found:
        assert state != "waiting"
        if status == "pending":
            # the last repetition is always carried out; the others may have been overtaken by it
            assert state == "done" or (step == 3 and turn < 3 and state == "passed")
