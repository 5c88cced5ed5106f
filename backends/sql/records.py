"""The side of labels and audit records."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from reviewer.domain.artifact import Artifact
from reviewer.queue import AuditRow, LabelRow

from .engine import Engine

BATCH = 500


class Records(Engine):
    """Labels and audit records in order, read in batches, each from a snapshot of its own."""

    async def labels(self, after: int = 0) -> AsyncIterator[LabelRow]:
        """Labels whose undo window is over, in order.

        It stops before the first whose window is open, so that a reader who goes on after the
        last number it saw never misses one.  What the agent has reported since stands under
        `outcome`.
        """
        last = after
        while True:
            now = self.dialect.now()
            rows = await self.rows("labels_after", after=last, limit=BATCH)
            if not rows:
                return
            for number, effective_at, document, public_id, outcome, payload in rows:
                if effective_at > now:
                    return
                artifact = Artifact.model_validate_json(payload)
                label = json.loads(document) | ({"outcome": outcome} if outcome else {})
                yield LabelRow(public_id, number, artifact, label)
                last = number

    async def audit(self, after: int = 0) -> AsyncIterator[AuditRow]:
        """The audit records in order."""
        last = after
        while rows := await self.rows("audit_after", after=last, limit=BATCH):
            for row in rows:
                yield AuditRow(*row)
            last = rows[-1][0]
