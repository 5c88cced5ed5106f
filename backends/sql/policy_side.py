"""The side of policies: what is in force, what it makes of agents, what people do about both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial

from reviewer.domain.decision import Actor, Refusal
from reviewer.domain.governance import (
    Admission,
    Cap,
    LedgerRow,
    PolicyRow,
    Stop,
    Stopped,
    Tally,
)

from . import brakes, consequences, policies, rulings
from .engine import Engine
from .records import NEVER


class PolicySide(Engine):
    """Policies, admissions, ledger, caps, kill switches."""

    async def policy(self) -> PolicyRow:
        """The policy in force; the built-in starter where nobody has activated any."""
        return await self.read(policies.active)

    async def policies(self) -> list[PolicyRow]:
        """All policies that were ever proposed or in force, newest first."""
        return await self.read(policies.every)

    async def propose_policy(self, text: str, note: str, actor: Actor) -> PolicyRow | Refusal:
        """Stores a policy, in force at once where the one in force asks for no second person.

        Raises `InputError` where the text is no policy.  The same text twice is one policy.
        """
        from reviewer.policy.compiled import load

        # compiled before the transaction: a long list of rules holds nobody up
        compiled = await asyncio.to_thread(load, text)
        return await self.write(lambda tx: policies.propose(tx, compiled, text, note, actor))

    async def activate_policy(self, digest: str, actor: Actor) -> PolicyRow | Refusal:
        """Puts a stored policy in force: a proposed one, or one of before."""
        return await self.write(lambda tx: policies.activate(tx, digest, actor))

    async def ruling(self, artifact_id: str) -> Admission | None:
        """What was known and ruled when it was admitted; None where there is none stored."""
        return await self.read(lambda reader: rulings.get(reader, artifact_id))

    async def admissions(
        self, since: int, until: int | None = None
    ) -> AsyncIterator[list[Admission]]:
        """Admissions from `since` until before `until`, oldest first, in batches."""
        end = NEVER if until is None else until
        at, number = since, 0
        while found := await self.read(partial(rulings.after, at=at, number=number, until=end)):
            yield found
            at, number = found[-1].at, found[-1].seq

    async def ledger(self, since: int, agent: str = "") -> list[LedgerRow]:
        """The error ledger's buckets from `since` on, by time; of one agent or of all."""
        rows = await self.rows("ledger_since", since=since)
        return [
            LedgerRow(name, version, kind, at, Tally(*tally))
            for name, version, kind, at, *tally in rows
            if agent in ("", name)
        ]

    async def caps(self) -> list[Cap]:
        """Caps in force, promotions proposed, and those that were declined last."""
        return await self.read(brakes.caps)

    async def set_cap(
        self, agent: str, kind: str, mode: str, why: str, actor: Actor
    ) -> Refusal | None:
        """Leaves an agent's kind at most this mode; `autonomous` lifts the cap."""
        return await self.write(lambda tx: brakes.set_cap(tx, agent, kind, mode, why, actor))

    async def propose_promotion(
        self,
        agent: str,
        kind: str,
        mode: str,
        why: str,
        actor: Actor,
        *,
        as_of: int | None = None,
    ) -> bool:
        """Asks people to lift a cap; False where that was asked already, or declined since."""
        return await self.write(
            lambda tx: brakes.propose_promotion(tx, agent, kind, mode, why, actor, as_of)
        )

    async def decline_promotion(
        self, agent: str, kind: str, why: str, actor: Actor
    ) -> Refusal | None:
        """Says no to a promotion that is proposed; the mode stays what it is."""
        return await self.write(lambda tx: brakes.decline_promotion(tx, agent, kind, why, actor))

    async def tell_once(
        self,
        agent: str,
        kind: str,
        code: str,
        why: str,
        quiet: int,
        actor: Actor,
        *,
        also: Sequence[str] = (),
    ) -> bool:
        """Records what people are to be told; False where it was told within `quiet`."""
        return await self.write(
            lambda tx: brakes.tell_once(tx, agent, kind, code, why, quiet, actor, also)
        )

    async def stops(self) -> list[Stop]:
        """Kill switches that are thrown now."""
        return await self.read(brakes.stops)

    async def stop(self, agent: str, why: str, actor: Actor) -> Stopped | Refusal:
        """Stops an agent, or `*` all: nothing of it is admitted, approved or delivered from now on.

        Decisions that have not gone out yet go back to people, in small transactions: what is
        fetched before its turn comes is called back then.
        """
        refused = brakes.may_stop(actor)
        if refused:
            return refused
        stop = await self.write(lambda tx: brakes.stop(tx, agent, why, actor))
        called_back, after = 0, (0, 0)
        while True:
            work = partial(consequences.call_back_open, agent=agent, after=after, actor=actor)
            found = await self.write(work)
            if not found:
                return Stopped(stop, called_back)
            called_back += len(found)
            after = found[-1]

    async def resume(self, agent: str, actor: Actor) -> Refusal | None:
        """Takes a stop back (leads and admins)."""
        return await self.write(lambda tx: brakes.resume(tx, agent, actor))
