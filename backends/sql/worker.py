"""The side that workers call."""

from __future__ import annotations

from reviewer.domain.governance import Unsent
from reviewer.queue import LEASE, Effect

from . import effects, notices
from .engine import Engine
from .records import NEVER


class WorkerSide(Engine):
    """Takes effects, settles them; `run_clocks` is the engine's."""

    async def take_effects(
        self, worker: str, *, limit: int = 10, lease: int = LEASE, kind: str = ""
    ) -> list[Effect]:
        """Effects that are due and free, taken by this worker; of one kind, or of any."""
        if kind == effects.NOTIFY and not self.read_only:
            # asked every second by every worker: an idle one must keep nobody from writing
            now = self.dialect.now()
            if not await self.read(lambda reader: effects.due(reader, now)):
                return []
        return await self.write(lambda tx: effects.take(tx, worker, limit, lease, kind))

    async def settle_effect(
        self, effect: Effect, state: str, detail: str, *, retry_at: int | None = None
    ) -> bool:
        """Stores what became of an effect; False for a stale holder."""
        return await self.write(lambda tx: effects.settle(tx, effect, state, detail, retry_at))

    async def unsent(
        self, *, limit: int = 100, before: int | None = None, everything: bool = False
    ) -> list[Unsent]:
        """Notifications that failed or are unknown, the newest first; of what waits, or of all."""
        last = NEVER if before is None else before
        return await self.read(
            lambda reader: notices.unsent(reader, limit, last, everything=everything)
        )

    async def count_unsent(self) -> dict[str, int]:
        """How many of what waits, by `failed` and `unknown`."""
        return await self.read(notices.counted)
