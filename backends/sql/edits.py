"""Edits against the JSON Schema that a proposed write carries."""

from __future__ import annotations

import asyncio
import contextlib

from reviewer.domain.artifact import Artifact
from reviewer.domain.decision import Code, Decision, Kind, Refusal
from reviewer.domain.schema import edit_violations

from .engine import Engine
from .transaction import Reader

PATIENCE = 2.0
"""Seconds that checking may take."""


async def broken_schema(engine: Engine, decision: Decision) -> Refusal | None:
    """Refuses an edit that breaks the schema of a proposed write.

    The schema is an agent's: it is checked before the transaction, in a thread of its own and for
    a bounded time, so that a slow one holds nobody up; such an edit then passes unchecked, as it
    does where the schema cannot be used.
    """
    if decision.kind is not Kind.EDIT:
        return None
    proposed = await engine.read(lambda reader: _artifact(reader, decision.artifact_id))
    if proposed is None:
        return None
    check = asyncio.to_thread(edit_violations, proposed.writes, decision.writes)
    with contextlib.suppress(TimeoutError):
        found = await asyncio.wait_for(check, PATIENCE)
        if found:
            return Refusal(Code.INVALID_EDIT, f"{'; '.join(found)}.", decision.artifact_id)
    return None


def _artifact(reader: Reader, artifact_id: str) -> Artifact | None:
    found = reader.artifact(artifact_id)
    return Artifact.model_validate_json(reader.payload(found)) if found else None
