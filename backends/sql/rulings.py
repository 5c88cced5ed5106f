"""What was known and ruled at each admission, as stored and as read again."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any

from reviewer.audit.replay import ruling_digest
from reviewer.domain.artifact import Artifact
from reviewer.domain.errors import TamperedError
from reviewer.domain.governance import BUCKET, Admission, bucket
from reviewer.domain.instant import DAY
from reviewer.domain.state import Charge, Course, Mode, Ruling
from reviewer.policy.facts import Facts, Standing

from .proof import HINT, proven
from .transaction import Reader, Transaction

_NO_STANDING = Standing()
_encoded = json.JSONEncoder(separators=(",", ":")).encode
BATCH = 200
"""Admissions with their bodies read from one snapshot."""


def store(tx: Transaction, number: int, facts: Facts, ruling: Ruling) -> str:
    """Stores facts and ruling, and what is used up by it; answers with the digest of both."""
    document = _encoded({"facts": _facts(facts), "ruling": _ruling(ruling)})
    tx.run("ruling_insert", artifact_id=number, at=tx.now, document=document)
    for charge in ruling.charges:
        _charge(tx, charge)
    return ruling_digest(document)


def _facts(facts: Facts) -> dict[str, Any]:
    """The facts that are not their defaults, which is what was not asked for."""
    value: dict[str, Any] = {}
    if facts.shape_decided:
        value["shape_decided"] = facts.shape_decided
    if facts.shape_rejected:
        value["shape_rejected"] = facts.shape_rejected
    if facts.standing != _NO_STANDING:
        value["standing"] = _said(facts.standing)
    if facts.used:
        value["used"] = {scope: _said(used) for scope, used in facts.used.items()}
    if facts.spreads:
        value["spreads"] = {path: asdict(spread) for path, spread in facts.spreads.items()}
    if facts.stopped:
        value["stopped"] = facts.stopped
    if facts.cap:
        value["cap"] = facts.cap
    if facts.draw != 1.0:
        value["draw"] = facts.draw
    if facts.flags is not None:
        value["flags"] = facts.flags
    return value


def _ruling(ruling: Ruling) -> dict[str, Any]:
    """The ruling's fields that are not their defaults; written out, for every admission has one."""
    value: dict[str, Any] = {
        "queue": ruling.queue, "risk": ruling.risk, "due_at": ruling.due_at,
        "policy": ruling.policy,
    }  # fmt: skip
    if ruling.quorum != 1:
        value["quorum"] = ruling.quorum
    if ruling.course is not Course.PERSON:
        value["course"] = ruling.course
    if ruling.mode is not Mode.ASSISTED:
        value["mode"] = ruling.mode
    if ruling.sentence:
        value["sentence"] = ruling.sentence
    for name in ("needs", "why", "rules"):
        if found := getattr(ruling, name):
            value[name] = found
    for name in ("reasons", "charges", "alerts"):
        if found := getattr(ruling, name):
            value[name] = [_said(one) for one in found]
    return value


def _said(value: Any) -> dict[str, Any]:
    """The fields of a small value that are not their defaults."""
    return {
        each.name: found
        for each in fields(value)
        if (found := getattr(value, each.name)) != each.default
    }


def _charge(tx: Transaction, charge: Charge) -> None:
    tx.run("usage_forget", scope_=charge.scope, before=tx.now - DAY - 2 * BUCKET)
    at = bucket(tx.now)
    values = {"number": charge.number, "amount": charge.amount}
    tx.run("usage_add", scope=charge.scope, bucket=at, **values)


def get(reader: Reader, artifact_id: str) -> Admission | None:
    """The admission of one artifact, None where none is stored."""
    row = reader.one("ruling_get", public_id=artifact_id)
    return _admission(row) if row else None


def after(reader: Reader, at: int, number: int, until: int) -> list[Admission]:
    """The next admissions by time; raises `TamperedError`."""
    rows = reader.all("rulings_after", at=at, after=number, until=until, limit=BATCH)
    return [_admission(row) for row in rows]


def _admission(row: tuple[Any, ...]) -> Admission:
    number, at, public_id, digest, payload, document, status, *rest = row
    decision, decided_by, decided_kind, decided_at, outcome = rest
    payload = proven(public_id, digest, payload)
    try:
        stored = json.loads(document)
        facts, ruling = dict(stored["facts"]), dict(stored["ruling"])
    except (ValueError, TypeError, KeyError):
        raise TamperedError(f"The stored ruling on {public_id} cannot be read.", HINT) from None
    return Admission(
        number,
        at,
        public_id,
        Artifact.model_validate_json(payload),
        facts,
        ruling,
        status,
        decision,
        decided_by if decision else "",
        decided_kind or "",
        decided_at if decision else None,
        outcome,
    )
