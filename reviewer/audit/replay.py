"""Replays an artifact's audit records and compares what they say with what is stored.

The chain shows that no record was changed; this shows that no row was: body, status, decisions,
final writes and labels are what the records say (DESIGN §5, invariants 1, 2, 4 and 7).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..domain.digest import canonical, digest_bytes
from ..domain.instant import iso
from ..domain.views import StoredDecision, StoredLabel, StoredRow

_LABEL_OF_AN_EDIT = {"digest_decided", "writes", "delta", "distance"}


def payload_digest(payload: str) -> str:
    """The digest of an artifact's canonical JSON, as a decision names it."""
    return digest_bytes("artifact", payload.encode("utf-8", "surrogatepass"))


def ruling_digest(document: str) -> str:
    """The digest of what was known and ruled at an admission, as its record names it."""
    return digest_bytes("ruling", document.encode("utf-8", "surrogatepass"))


def edited_digest(payload: str, writes: str | list[Any]) -> str:
    """The digest of the artifact with these writes (JSON text or value) in place of its own.

    Raises `ValueError` where one of them is no such JSON.
    """
    final = json.loads(writes) if isinstance(writes, str) else writes
    return digest_bytes("artifact", canonical({**json.loads(payload), "writes": final}))


def disagreement(row: StoredRow) -> str:
    """What of an artifact is not what its records say, in a few words; empty when all is."""
    try:
        return next(_disagreements(row), "")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return "what is stored of it, or its records, cannot be read"


@dataclass(slots=True)
class _Told:
    """What the records of an artifact say, so far."""

    submitted: tuple[int, dict[str, Any]] | None = None
    status: tuple[int, str] = (0, "")
    steps: int = 0
    outcome: tuple[int, str] = (0, "")
    ended_by: str = ""
    standing: str = ""
    """The operation of the terminal decision that stands, or empty."""
    decisions: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)


def _disagreements(row: StoredRow) -> Iterator[str]:
    told = _Told()
    for seq, event, text in row.records:
        value = json.loads(text)
        if (value["seq"], value["event"], value["artifact"]) != (seq, event, row.artifact_id):
            yield f"record {seq} is filed otherwise than it says"
        if event == "submitted" and told.submitted is not None:
            yield f"record {seq} hands it in a second time"
        if event != "submitted" and told.submitted is None:
            yield f"record {seq} speaks of it before it was handed in"
        _follow(told, seq, value)
        facts = value["facts"]
        for name in ("digest", "agent", "key", "kind"):
            if facts[name] != getattr(row, name):
                yield f"the stored {name} is not that of record {seq}"
    if told.submitted is None:
        yield "no record says that it was handed in"
        return
    yield from _body(row, told)
    yield from _state(row, told)
    yield from _decisions(row, told)
    yield from _labels(row, told)


def _follow(told: _Told, seq: int, value: dict[str, Any]) -> None:
    """Takes one record in."""
    event, facts = value["event"], value["facts"]
    if event == "submitted":
        told.submitted = (seq, value)
    if "status" in facts:  # a step of its life
        told.status = (seq, facts["status"])
        told.steps += 1
        told.ended_by = "" if facts["status"] == "pending" else value["actor"]["id"]
        if told.standing and event in ("undone", "superseded", "called_back"):
            told.undone.add(told.standing)
            told.standing = ""
    if event == "outcome":
        told.outcome = (seq, facts["outcome"])
    if "operation" in facts:
        told.decisions[facts["operation"]] = (seq, value)
        if event == "decided":
            told.standing = facts["operation"]


def _body(row: StoredRow, told: _Told) -> Iterator[str]:
    assert told.submitted is not None
    seq, value = told.submitted
    if row.payload is None:
        yield f"the artifact of record {seq} is not stored"
        return
    if payload_digest(row.payload) != value["facts"]["digest"]:
        yield f"the stored artifact is not the one of record {seq}"
        return
    # older versions stored no ruling and named none
    if "ruling" in value["facts"] and value["facts"]["ruling"] != _ruling(row):
        yield f"the stored ruling is not that of record {seq}"
    if json.loads(row.payload).get("title") != row.title:
        yield f"the stored title is not that of record {seq}"


def _ruling(row: StoredRow) -> str:
    return "" if row.ruling is None else ruling_digest(row.ruling)


def _state(row: StoredRow, told: _Told) -> Iterator[str]:
    seq, status = told.status
    if row.status != status:
        yield f"it is stored as {row.status}, by record {seq} it is {status}"
    if row.revision != told.steps:
        yield f"it is stored at revision {row.revision}, its records have {told.steps} steps"
    if row.outcome != told.outcome[1]:
        where = f"of record {told.outcome[0]}" if told.outcome[0] else "on record"
        yield f"the stored outcome is not {where}"
    if row.decided_by != told.ended_by:
        yield f"who ended it is not who did so in record {seq}"
    if (row.decided_at is None) != (status == "pending"):
        yield f"its time of decision does not fit record {seq}"
    kind = told.decisions[told.standing][1]["facts"]["decision"] if told.standing else ""
    if row.decision != kind:
        yield f"the stored kind of its decision is not that of record {seq}"


def _decisions(row: StoredRow, told: _Told) -> Iterator[str]:
    stored = {decision.operation: decision for decision in row.decisions}
    for operation, (seq, _) in told.decisions.items():
        if operation not in stored:
            yield f"the decision of record {seq} is not stored"
            return
    for decision in row.decisions:
        if decision.operation not in told.decisions:
            yield f"the stored decision '{decision.operation}' is on no record"
            return
        seq, value = told.decisions[decision.operation]
        for name in _unlike(decision, value):
            yield f"the stored {name} of its decision is not that of record {seq}"
        if decision.undone != (decision.operation in told.undone):
            yield f"whether its decision of record {seq} stands is stored otherwise"
        yield from _writes(row, decision, seq, value["facts"])
    standing = stored.get(told.standing)
    if standing is not None and row.effective_at != standing.effective_at:
        yield "when its decision goes out is stored in two ways"


def _unlike(decision: StoredDecision, value: dict[str, Any]) -> Iterator[str]:
    """The fields of a stored decision that are not those of its record."""
    facts, actor = value["facts"], value["actor"]
    pairs = {
        "kind": (decision.kind, facts["decision"]),
        "revision": (decision.revision, facts["revision"]),
        "actor": ((decision.actor, decision.actor_kind), (actor["id"], actor["kind"])),
        "time": (iso(decision.at), value["at"]),
        "digest": (decision.digest, facts["digest_shown"]),
        "decided digest": (decision.digest_decided, facts.get("digest_decided", "")),
        "reasons": (json.loads(decision.reasons), facts["reasons"]),
        "comment": (decision.comment, facts["comment"]),
    }
    for name, (mine, recorded) in pairs.items():
        if mine != recorded:
            yield name
    recorded_end, end = facts.get("effective_at"), decision.effective_at
    moved = decision.bulk and end is not None and recorded_end is not None and end > recorded_end
    if end != recorded_end and not moved:  # only a slow bulk's window moves on
        yield "end of the undo window"


def _writes(
    row: StoredRow, decision: StoredDecision, seq: int, facts: dict[str, Any]
) -> Iterator[str]:
    wrong = f"the stored writes are not those of record {seq}"
    if facts["decision"] == "edit":
        made = _digest(row.payload or "", decision.writes)
        if made != facts["digest_decided"]:
            yield wrong
        return
    if decision.writes is not None:
        yield wrong
    if facts.get("digest_decided", row.digest) != row.digest:
        yield f"record {seq} decides another artifact than was handed in"


def _labels(row: StoredRow, told: _Told) -> Iterator[str]:
    """One label for the decision that stands, saying what its record says; else none."""
    if not told.standing:
        if row.labels:
            yield f"a label is stored, but by record {told.status[0]} no decision stands"
        return
    seq, value = told.decisions[told.standing]
    if not row.labels:
        yield f"the label of record {seq} is not stored"
    elif len(row.labels) > 1:
        yield f"more than the one label of record {seq} is stored"
    else:
        for name in _label_unlike(row, row.labels[0], value):
            yield f"the stored label's '{name}' is not that of record {seq}"


def _label_unlike(row: StoredRow, stored: StoredLabel, value: dict[str, Any]) -> Iterator[str]:
    facts, actor = value["facts"], value["actor"]
    label = json.loads(stored.document)
    expected = {
        "format": 1,
        "artifact": row.artifact_id,
        "digest": facts["digest_shown"],
        "decision": facts["decision"],
        "reasons": facts["reasons"],
        "comment": facts["comment"],
        "reviewer": actor["id"],
        "reviewer_kind": actor["kind"],
        "at": value["at"],
        "dwell_ms": facts["seen"]["dwell_ms"],
        "bulk": facts["seen"]["bulk"],
        "assistant_first": facts["seen"]["assistant_first"],
        "policy": value["policy"],
    }
    edit = facts["decision"] == "edit"
    if edit:
        expected["digest_decided"] = facts["digest_decided"]
    for name, recorded in expected.items():
        if name not in label or label[name] != recorded:
            yield name
    more = set(label) - set(expected)
    if more != (_LABEL_OF_AN_EDIT - {"digest_decided"} if edit else set()):
        yield "fields"
    if edit and _digest(row.payload or "", label.get("writes")) != facts["digest_decided"]:
        yield "writes"
    if stored.revision != facts["revision"]:
        yield "revision"
    if stored.effective_at != row.effective_at:
        yield "effective_at"


def _digest(payload: str, writes: str | list[Any] | None) -> str:
    """The digest of what an edit made, empty where there is none."""
    try:
        return "" if writes is None else edited_digest(payload, writes)
    except (ValueError, TypeError):
        return ""
