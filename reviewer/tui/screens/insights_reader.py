"""Reads decisions for the insights: once as a whole, then only what is new."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING, Protocol, TypeVar

from ...domain.errors import InputError, TamperedError
from ...domain.instant import MINUTE
from ...insights.counted import Counted, together
from ...insights.overview import Overview, overview
from ...insights.periods import Period, begin

if TYPE_CHECKING:
    from ...domain.decision import Actor
    from ...policy.roster import InForce
    from ...queue import Queue

T = TypeVar("T")
SETTLED = 10 * MINUTE
"""Decisions of the last minutes are read each time: they may be taken back, or come in late."""
STALE = MINUTE
"""What happened afterwards to older ones is looked up no more often than this."""


class Source(Protocol):
    """Where decisions come from: the desk's session."""

    @property
    def actor(self) -> Actor:
        """Who asks."""

    def now(self) -> int:
        """The queue's clock."""

    async def read(self, call: Callable[[Queue], Awaitable[T]]) -> T:
        """The answer to a call that changes nothing."""


@dataclass
class _Kept:
    """What was counted of a period up to an instant, and when it was read as a whole."""

    counted: Counted
    until: int
    read_at: int


class InsightsReader:
    """Counts decisions of a period, in threads, so that the screen goes on drawing.

    `progress` is called with how many decisions have been read and the share of the period's time
    that is behind (0 to 1).
    """

    def __init__(
        self, source: Source, zone: tzinfo, progress: Callable[[int, float], None]
    ) -> None:
        self._source, self._zone, self._progress = source, zone, progress
        self._kept: dict[str, _Kept] = {}
        self._changed_at = 0

    def changed_before(self) -> None:
        """Something happened to decisions that were read before: they are to be read again."""
        self._changed_at = self._source.now()

    def forget(self) -> None:
        """Reads everything anew the next time."""
        self._kept.clear()

    async def read(self, period: Period, *, versions: bool) -> Overview:
        """The period as it is now; raises `TamperedError` where a decision cannot be trusted."""
        now = self._source.now()
        first = begin(period, now, self._zone)
        kept = self._kept.get(period.name)
        if kept is None or (kept.read_at < self._changed_at and now - kept.read_at > STALE):
            kept = _Kept(Counted(period.unit, self._zone), first, now)
        settled = max(kept.until, now - SETTLED)
        if settled > kept.until:
            part = await self._count(period, kept.until, settled, first, now)
            await asyncio.to_thread(kept.counted.merge, part)
            kept.until = settled
        self._kept[period.name] = kept
        fresh = await self._count(period, kept.until, None, first, now)
        load = await self._source.read(lambda queue: queue.load(self._source.actor))
        standing = await self._standing()

        def put_together() -> Overview:
            if kept.counted.first is not None and kept.counted.first < first:
                kept.counted.forget(first)
            whole = together(period.unit, self._zone, kept.counted, fresh)
            return overview(whole, period, now, versions=versions, load=load, standing=standing)

        return await asyncio.to_thread(put_together)

    async def _standing(self) -> list[InForce]:
        """Every agent under the policy; none where this version cannot read the policy."""
        from ...effects.budgets import look

        async def standing(queue: Queue) -> list[InForce]:
            try:
                return await look(queue)
            except InputError:
                return []

        return await self._source.read(standing)

    async def _count(
        self, period: Period, since: int, until: int | None, first: int, now: int
    ) -> Counted:
        async def count(queue: Queue) -> Counted | TamperedError:
            try:
                return await all_of(queue)
            except TamperedError as error:
                return error  # trying again would not mend it

        async def all_of(queue: Queue) -> Counted:
            part = Counted(period.unit, self._zone)
            begun, counting = first, None
            async for facts in queue.facts(since, until):
                if counting is not None:
                    await counting  # it went on while these were read
                    self._progress(part.number, (facts[0].at - begun) / max(1, now - begun))
                begun = begun or facts[0].at
                counting = asyncio.ensure_future(asyncio.to_thread(part.add_all, facts))
            if counting is not None:
                await counting
            return part

        found = await self._source.read(count)
        if isinstance(found, TamperedError):
            raise found
        return found
