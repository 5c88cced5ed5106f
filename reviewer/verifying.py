"""Verifies a live queue: its hash chain, then everything that is stored against the records.

Nothing is held in memory but one artifact at a time, unless records are found to be left over.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from .audit.authority import MISNAMED, Authority
from .audit.chain import GENESIS, Broken, misfit
from .audit.governed import Governed
from .audit.replay import disagreement
from .audit.verify import Head, Report, Unlike
from .domain.errors import InputError
from .queue import Queue


async def verified(queue: Queue, known: Sequence[Head]) -> Report:
    """How far the queue holds; the chain must pass through the `known` heads."""
    report, speaking = await _chain(queue, known)
    if report.broken is not None:
        return report
    seen = 0
    async for row in queue.stored():
        why = disagreement(row)
        if why:
            return replace(report, unlike=Unlike(row.artifact_id, why))
        # what came in since the chain was walked is beyond its head
        seen += sum(seq <= report.head[0] for seq, _, _ in row.records)
    if seen != speaking:
        return replace(report, unlike=await _left_over(queue))
    return replace(report, unlike=await _governed(queue))


async def _governed(queue: Queue) -> Unlike | None:
    """What of policies, caps and kill switches is stored otherwise than on the record."""
    from .policy.compiled import load
    from .policy.starter import starter

    told, last, calm = Governed(), 0, False
    while not calm:
        async for row in queue.audit(last):
            record = json.loads(row.record)
            if not record["artifact"]:
                told.follow(record)
            last = row.seq
        policies, stops, caps = await queue.policies(), await queue.stops(), await queue.caps()
        # what somebody does while it is read is on the record then: it is read once more
        calm = not [row async for row in queue.audit(last) if '"artifact":""' in row.record]
    name, why = told.unlike(starter().digest, policies, stops, caps)
    if name:
        return Unlike(name, why)
    for policy in policies:
        with suppress(InputError):  # what an older version wrote may not be readable any more
            if load(policy.text).digest != policy.digest:
                return Unlike(policy.digest, "the text of the policy is another's")
    return None


async def _chain(queue: Queue, known: Sequence[Head]) -> tuple[Report, int]:
    """The chain's report, and how many of its records speak of an artifact."""
    wanted, head, good, speaking = dict(known), (0, GENESIS), 0, 0
    authority = Authority()
    async for row in queue.audit():
        why = misfit((row.seq, row.record, row.previous, row.hash), head[0] + 1, head[1])
        if not why and wanted.pop(row.seq, row.hash) != row.hash:
            why = "its hash differs from the one that was kept elsewhere"
        record = {} if why else json.loads(row.record)
        if not why and authority.misnamed(record):
            why = MISNAMED
        if why:
            return Report(good, head, Broken(row.seq, why)), speaking
        head, good = (row.seq, row.hash), good + 1
        speaking += bool(record["artifact"])
    if wanted:
        why = f"the record ends here, but record {max(wanted)} was there before"
        return Report(good, head, Broken(head[0] + 1, why)), speaking
    return Report(good, head), speaking


async def _left_over(queue: Queue) -> Unlike:
    """The first artifact of which a record speaks that is filed under none that is stored."""
    filed = {seq async for row in queue.stored() for seq, _, _ in row.records}
    async for row in queue.audit():
        name = json.loads(row.record)["artifact"]
        if name and row.seq not in filed:
            return Unlike(name, f"what record {row.seq} says of it is not stored")
    return Unlike("the record", "it does not hold as many records as are stored")
