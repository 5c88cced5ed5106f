"""The queue on an SQL engine: all five sides over one engine."""

from __future__ import annotations

from typing import Any

from .agent import AgentSide
from .desk import DeskSide
from .policy_side import PolicySide
from .records import Records
from .worker import WorkerSide


class SqlQueue(AgentSide, DeskSide, WorkerSide, Records, PolicySide):
    """`reviewer.queue.Queue` on an SQL engine.  Open it with `open_sqlite`."""

    async def describe(self) -> dict[str, Any]:
        """Facts for `reviewer doctor`: engine, version, schema, sizes, checks."""
        facts = await self.read(lambda reader: self.dialect.facts(reader.connection))
        numbers = await self.read(
            lambda reader: {
                "artifacts": sum(row[5] for row in reader.all("counters")),
                "events": reader.one("position")[0],
            }
        )
        return {"url": self.url, **facts, **numbers}
