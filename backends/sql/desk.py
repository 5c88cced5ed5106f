"""The side that reviewers' tools call."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from reviewer.domain.decision import Actor, Code, Decision, Refusal
from reviewer.domain.errors import TamperedError
from reviewer.domain.instant import parse_iso
from reviewer.domain.query import Query
from reviewer.queue import (
    LEASE,
    BulkDecision,
    BulkResult,
    Change,
    Claim,
    Count,
    Event,
    Groups,
    Page,
    QueueLoad,
    Settled,
)

from . import bulk as bulks
from . import claims, clocks, deciding, edits, filters, pages, plans
from . import groups as shapes
from . import load as loads
from .agent import item_of
from .engine import Engine
from .rows import Hot
from .transaction import Reader, Transaction

PASSED_OVER = 10
"""So many artifacts that were changed behind the queue are passed over for the next claim."""
FEED_BATCH = 500
"""Changes in one batch of `watch`."""


class DeskSide(Engine):
    """Lists, claims, decides, takes back, watches."""

    async def page(
        self,
        query: Query,
        actor: Actor,
        *,
        limit: int = 100,
        after: str | None = None,
        before: str | None = None,
    ) -> Page:
        """A keyset page in the query's order."""
        return await self.refreshed(
            lambda reader, now: pages.page(reader, query, actor.id, now, limit, after, before)
        )

    async def count(self, query: Query, actor: Actor, *, cap: int = 10_000) -> Count:
        """How many match, counted no further than `cap` unless counters know it."""
        return await self.refreshed(
            lambda reader, now: pages.count(reader, query, actor.id, now, cap)
        )

    async def facets(self, query: Query, actor: Actor) -> dict[str, dict[str, int]]:
        """Pending numbers by `queue`, `agent`, `kind`, `risk`, `status`, from counters."""
        return await self.refreshed(lambda reader, now: pages.facets(reader, query, actor.id, now))

    async def groups(
        self, query: Query, actor: Actor, *, limit: int = 100, cap: int = 20_000
    ) -> Groups:
        """The pending, unsnoozed artifacts under a query by shape, the largest groups first."""
        return await self.refreshed(
            lambda reader, now: shapes.groups(reader, query, actor.id, now, limit, cap)
        )

    async def load(self, actor: Actor) -> tuple[QueueLoad, ...]:  # noqa: ARG002
        """What lies in each queue that holds pending artifacts; the most breaching queue first."""
        return await self.refreshed(loads.load)

    async def claim(
        self, artifact_id: str, actor: Actor, *, lease: int = LEASE, take_over: bool = False
    ) -> Claim | Refusal:
        """A claim on this artifact; `take_over` ends another's (leads only)."""

        def work(tx: Transaction) -> Hot | Refusal:
            return claims.claim(tx, artifact_id, actor, lease, take_over)

        answer: Claim | Refusal | _Tampered = await self.write_then(work, _claimed)
        if isinstance(answer, _Tampered):
            await self.release(artifact_id, answer.fence, actor)
            raise answer.error
        return answer

    async def claim_next(self, query: Query, actor: Actor, *, lease: int = LEASE) -> Claim | None:
        """A claim on the first unclaimed artifact by virtual deadline, or None.

        What was changed behind the queue's back is passed over, so that it holds nobody up;
        raises `TamperedError` where there is nothing else.
        """
        if not claims.may_review(actor) or filters.scope(query) != "ready":
            return None

        def work(tx: Transaction) -> Hot | None:
            if clocks.due(tx, tx.now):
                clocks.run(tx)
            values = filters.values(query, tx.now, actor.id)
            ask = pages.ask_for(tx, query, values)
            if ask is None:
                return None
            values |= {"until": tx.now + lease, "approved": claims.approved_by(actor)}
            return claims.claim_next(tx, plans.claim_sql(ask, tx.dialect.syntax), values, actor)

        spoilt: list[_Tampered] = []
        try:
            while len(spoilt) <= PASSED_OVER:
                answer: Claim | _Tampered | None = await self.write_then(work, _claimed)
                if not isinstance(answer, _Tampered):
                    break
                # held until another is found, or it would be the first again
                spoilt.append(answer)
        finally:
            for one in spoilt:
                await self.release(one.artifact_id, one.fence, actor)
        if isinstance(answer, Claim) or not spoilt:
            return answer  # type: ignore[return-value]
        raise spoilt[0].error

    async def renew(
        self, artifact_id: str, fence: int, actor: Actor, *, lease: int = LEASE
    ) -> int | Refusal:
        """Prolongs a claim; answers with its new end."""
        return await self.write(lambda tx: claims.renew(tx, artifact_id, fence, actor, lease))

    async def release(self, artifact_id: str, fence: int, actor: Actor) -> None:
        """Gives a claim back; a claim that is no longer held is no error."""
        await self.write(lambda tx: claims.release(tx, artifact_id, fence, actor))

    async def decide(self, decision: Decision, actor: Actor) -> Settled | Refusal:
        """Any of the seven decisions, exactly once for an operation id."""
        broken = await edits.broken_schema(self, decision)
        if broken is not None:
            return broken
        try:
            return await self.write(
                lambda tx: deciding.decide(tx, decision, actor), before=self.dialect.policies.warm
            )
        except deciding.OperationTakenError as taken:
            return taken.refusal()

    async def decide_many(self, bulk: BulkDecision, actor: Actor) -> AsyncIterator[BulkResult]:
        """A resumable operation in chunks; yields the running result after each chunk.

        Call it again with the same operation id after a crash: it goes on where it stopped.
        """
        return self._in_chunks(bulk, actor)

    async def _in_chunks(self, bulk: BulkDecision, actor: Actor) -> AsyncIterator[BulkResult]:
        operation = await self.write(
            lambda tx: bulks.start(tx, bulk, actor), before=self.dialect.policies.warm
        )
        before = operation.result()
        while True:
            # a chunk that fails must leave no trace in what the next attempt starts from
            attempt = replace(operation)
            work = partial(bulks.chunk, operation=attempt, bulk=bulk, actor=actor)
            if not await self.write(work):
                break
            operation = attempt
            yield operation.result()
        if operation.result() == before:
            yield before

    async def undo(self, operation_id: str, actor: Actor) -> BulkResult:
        """Takes back a decision or a bulk operation while its window is open."""
        single = await self.write(lambda tx: deciding.undo_single(tx, operation_id, actor))
        if single is not None:
            return single
        undoing = await self.write(lambda tx: bulks.undo_start(tx, operation_id, actor))
        if undoing is None:
            sentence = f"There is no operation {operation_id}."
            return BulkResult(operation_id, 0, (Refusal(Code.NOT_FOUND, sentence),))
        work = partial(bulks.undo_chunk, undoing=undoing, actor=actor)
        while await self.write(work):
            pass
        return BulkResult(operation_id, undoing.undone, undoing.refused)

    async def history(self, artifact_id: str) -> list[Event]:
        """The audit events of one artifact, oldest first."""
        rows = await self.rows("audit_of", artifact=artifact_id)
        return [_event(seq, json.loads(record)) for seq, record in rows]

    async def position(self) -> int:
        """The newest event's sequence number, to start watching from."""
        return await self._position()

    async def watch(self, after: int) -> AsyncIterator[list[Change]]:
        """Changes after a sequence number by any process, in batches, at least once, for ever."""
        last = after
        while True:
            beat = self._pulse.subscribe()
            try:
                rows = await self.rows("feed_after", after=last, limit=FEED_BATCH)
                if not rows:
                    await beat
                    continue
            finally:
                self._pulse.forget(beat)
            last = rows[-1][0]
            yield [Change(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class _Tampered:
    """A claim on what cannot be shown, to be given back."""

    artifact_id: str
    fence: int
    error: TamperedError


def _claimed(reader: Reader, found: Hot | Refusal | None) -> Any:
    # the body is read after the commit, for it never changes
    if not isinstance(found, Hot):
        return found
    state = found.state
    try:
        return Claim(item_of(reader, found), state.fence, state.lease_until)
    except TamperedError as error:
        return _Tampered(state.id, state.fence, error)


def _event(seq: int, record: dict[str, object]) -> Event:
    actor = record["actor"]
    facts = record["facts"]
    assert isinstance(actor, dict)
    assert isinstance(facts, dict)
    return Event(
        seq,
        parse_iso(str(record["at"])),
        str(record["event"]),
        str(record["artifact"]),
        str(actor["id"]),
        str(actor["kind"]),
        facts,
    )
