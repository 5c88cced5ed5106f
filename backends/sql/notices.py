"""Notifications that did not arrive, or of which nobody knows: listed and counted, never sent."""

from __future__ import annotations

import json

from reviewer.domain.governance import Notice, Unsent

from .transaction import Reader


def unsent(reader: Reader, limit: int, before: int, *, everything: bool) -> list[Unsent]:
    """The newest of them below effect number `before`, of artifacts that wait, or of all."""
    rows = reader.all("notices_unsent", limit=limit, before=before, everything=int(everything))
    return [
        Unsent(_notice(number, artifact_id, document), state, status, detail, attempts, at)
        for number, artifact_id, status, state, detail, attempts, at, document in rows
    ]


def counted(reader: Reader) -> dict[str, int]:
    """How many of artifacts that wait, by `failed` and `unknown`."""
    failed, unknown = reader.one("notices_counted")
    return {"failed": failed, "unknown": unknown}


def _notice(number: int, artifact_id: str, document: str) -> Notice:
    facts = dict(json.loads(document))
    return Notice(
        number,
        artifact_id,
        int(facts.get("step", 0)),
        int(facts.get("turn", 0)),
        str(facts.get("to", "")),
        str(facts.get("channel", "")),
        facts,
    )
