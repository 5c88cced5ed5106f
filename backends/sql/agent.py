"""The side that agents call."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from reviewer.domain.artifact import Artifact
from reviewer.domain.decision import Actor, Refusal
from reviewer.domain.errors import NotFoundError
from reviewer.domain.lifecycle import State, Status
from reviewer.domain.state import Mode
from reviewer.queue import Item, Submitted, Verdict

from . import consequences, delivery, intake
from .engine import Engine
from .rows import Hot, entry, reason
from .transaction import Reader, Transaction

BATCH = 250
"""Artifacts taken in by one transaction of `submit_many`."""

_TICK = 1.0


def item_of(reader: Reader, found: Hot) -> Item:
    """An artifact in full; raises `TamperedError` where it is not what was handed in."""
    payload = reader.payload(found)
    reasons = tuple(reason(row) for row in reader.all("reasons_of", id=found.id))
    return Item(entry(found), Artifact.model_validate_json(payload), reasons)


class AgentSide(Engine):
    """Hands artifacts in, waits for verdicts, reports outcomes."""

    async def submit(self, artifact: Artifact, actor: Actor) -> Submitted:
        """Takes an artifact in, idempotently; raises `ConflictError` for same key, other body."""
        intake.check_actor(actor)
        made: list[intake.Incoming] = []
        return await self.write(
            lambda tx: intake.submit(tx, made[0], actor),
            before=lambda: made.append(intake.ready(artifact, self.dialect.policies)),
        )

    async def submit_many(
        self, artifacts: Sequence[Artifact], actor: Actor
    ) -> list[Submitted | Exception]:
        """The same for many in few transactions; each answers for itself, in order."""
        intake.check_actor(actor)
        answers: list[Submitted | Exception] = []
        for batch in intake.batches(artifacts, BATCH):
            answers += await self._submit_batch(batch, actor)
        return answers

    async def _submit_batch(
        self, batch: Sequence[Artifact], actor: Actor
    ) -> list[Submitted | Exception]:
        made: list[intake.Incoming] = []
        return await self.write(
            lambda tx: intake.submit_batch(tx, made, actor),
            before=lambda: made.extend(intake.ready(one, self.dialect.policies) for one in batch),
        )

    async def get(self, artifact_id: str) -> Item | None:
        """One artifact by public id, or None."""

        def work(reader: Reader) -> Item | None:
            found = reader.artifact(artifact_id)
            return item_of(reader, found) if found else None

        return await self.read(work)

    async def find(self, agent: str, key: str) -> str | None:
        """The public id of an agent's key, or None."""

        def work(reader: Reader) -> str | None:
            row = reader.one("artifact_by_key", key=key, agent=agent)
            return str(row[0]) if row else None

        return await self.read(work)

    async def verdict(self, artifact_id: str) -> Verdict | None:
        """The terminal decision once its undo window is over, else None."""
        try:
            verdict, _ = await self._look(artifact_id)
        except NotFoundError:
            return None
        return verdict

    async def _look(self, artifact_id: str) -> tuple[Verdict | None, int | None]:
        """The verdict, or None and when to look again, in microseconds from now.

        Raises `NotFoundError`.
        """
        now = self.dialect.now()

        def work(reader: Reader) -> tuple[bool, Verdict | None, int | None]:
            found = reader.artifact(artifact_id)
            if found is None:
                raise NotFoundError(f"There is no artifact {artifact_id}.")
            state = found.state
            if state.mode is Mode.SHADOW:
                return False, delivery.verdict(reader, found), None
            if state.status is Status.PENDING:
                until = None if state.expires_at is None else state.expires_at - now
                return until is not None and until <= 0, None, until
            if state.effective_at is not None and now < state.effective_at:
                return False, None, state.effective_at - now
            if consequences.undelivered(reader, found):
                return True, None, None
            return False, delivery.verdict(reader, found), None

        news, verdict, again = await self.read(work)
        if news:
            verdict = await self.write(lambda tx: delivery.deliver(tx, artifact_id))
        return verdict, again

    async def wait(self, artifact_id: str, timeout: float | None = None) -> Verdict | None:
        """Blocks for the verdict; `timeout` in seconds, None when it ran out.

        Raises `NotFoundError`: what is not there is not waited for.
        """
        loop = asyncio.get_running_loop()
        end = None if timeout is None else loop.time() + timeout
        while True:
            beat = self._pulse.subscribe()
            try:
                verdict, again = await self._look(artifact_id)
                if verdict is not None:
                    return verdict
                # the queue's clock may be set while we sleep, so look again now and then
                pause = _TICK if again is None else min(max(again, 0) / 1e6 + 0.001, _TICK)
                if end is not None:
                    pause = min(pause, end - loop.time())
                    if pause <= 0:
                        return None
                await asyncio.wait((beat,), timeout=pause)
            finally:
                self._pulse.forget(beat)

    async def withdraw(self, artifact_id: str, actor: Actor) -> State | Refusal:
        """The agent takes its pending artifact back."""
        return await self.write(lambda tx: delivery.withdraw(tx, artifact_id, actor))

    async def report_outcome(
        self, artifact_id: str, outcome: str, detail: str, actor: Actor
    ) -> State | Refusal:
        """What happened to the writes: applied, drifted, failed, unknown, rolled_back."""

        def work(tx: Transaction) -> State | Refusal:
            return delivery.report_outcome(tx, artifact_id, outcome, detail, actor)

        return await self.write(work)
