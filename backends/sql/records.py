"""The side of labels and audit records."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from reviewer.domain.artifact import Artifact
from reviewer.domain.views import StoredDecision, StoredLabel
from reviewer.queue import AuditRow, Fact, LabelRow, StoredRow

from .engine import Engine
from .proof import misdecided, proven, proven_label
from .transaction import Reader

BATCH = 500
FACTS_BATCH = 2_000
NEVER = (1 << 63) - 1
STORED_BATCH = 100
"""Artifacts with their bodies read from one snapshot."""


class Records(Engine):
    """Labels and audit records in order, read in batches, each from a snapshot of its own."""

    async def labels(self, after: int = 0) -> AsyncIterator[LabelRow]:
        """Labels whose undo window is over, in order.

        It stops before the first whose window is open, so that a reader who goes on after the
        last number it saw never misses one.  What the agent has reported since stands under
        `outcome`.  Raises `TamperedError` at one whose artifact was changed behind the queue.
        """
        last = after
        while True:
            now = self.dialect.now()
            rows = await self.rows("labels_after", after=last, limit=BATCH)
            if not rows:
                return
            for number, effective_at, document, public_id, digest, outcome, payload in rows:
                if effective_at > now:
                    return
                proven(public_id, digest, payload)
                label = proven_label(public_id, digest, payload, document)
                label |= {"outcome": outcome} if outcome else {}
                yield LabelRow(public_id, number, Artifact.model_validate_json(payload), label)
                last = number

    async def audit(self, after: int = 0) -> AsyncIterator[AuditRow]:
        """The audit records in order."""
        last = after
        while rows := await self.rows("audit_after", after=last, limit=BATCH):
            for row in rows:
                yield AuditRow(*row)
            last = rows[-1][0]

    async def facts(self, since: int, until: int | None = None) -> AsyncIterator[list[Fact]]:
        """The decisions that stand, taken from `since` until before `until`, in batches by time.

        Each batch is a snapshot of its own.  Raises `TamperedError` at a decision whose label or
        reasons cannot be read.
        """
        end = NEVER if until is None else until
        at, number = since, 0
        while rows := await self.read(partial(_facts, at=at, after=number, until=end)):
            yield [fact for _, fact in rows]
            at, number = rows[-1][1].at, rows[-1][0]

    async def stored(self) -> AsyncIterator[StoredRow]:
        """What is stored of every artifact with its records, oldest first, for `audit.replay`.

        Each artifact comes from one snapshot, so that a queue at work never differs from itself.
        """
        last = 0
        while found := await self.read(partial(_stored, after=last)):
            for _, row in found:
                yield row
            last = found[-1][0]


def _facts(reader: Reader, at: int, after: int, until: int) -> list[tuple[int, Fact]]:
    values = {"at": at, "id": after, "until": until, "limit": FACTS_BATCH}
    return [(row[0], _fact(row)) for row in reader.all("facts_after", **values)]


def _fact(row: tuple[Any, ...]) -> Fact:
    artifact_id, reasons, bulk, outcome, document = row[2], *row[14:]
    try:
        label = {} if document is None else json.loads(document)
        seen, distance = label.get("dwell_ms", 0), label.get("distance")
        codes = tuple(json.loads(reasons))
    except (ValueError, TypeError, AttributeError):
        raise misdecided(artifact_id) from None
    told = outcome if document is not None else ""
    return Fact(*(*row[1:14], seen, distance, told, codes, bulk != ""))


def _stored(reader: Reader, after: int) -> list[tuple[int, StoredRow]]:
    found = []
    for number, *columns in reader.all("stored_after", after=after, limit=STORED_BATCH):
        decisions = [
            StoredDecision(*(*row[:12], row[12] is not None, row[13]))
            for row in reader.all("stored_decisions", artifact_id=number)
        ]
        labels = [StoredLabel(*row) for row in reader.all("stored_labels", artifact_id=number)]
        records = reader.all("stored_records", artifact=columns[0])
        ruling = reader.one("stored_ruling", artifact_id=number)
        rest = (tuple(decisions), tuple(labels), tuple(records), ruling[0] if ruling else None)
        found.append((number, StoredRow(*(*columns, *rest))))
    return found
