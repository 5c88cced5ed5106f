"""Proof that what is stored is what was handed in and decided, whenever it is read.

Approve reads no body: what protects is that a body is never shown, and a verdict never given,
unless its digest is the one that the decision names.
"""

from __future__ import annotations

import json
from typing import Any

from reviewer.audit.replay import edited_digest, payload_digest
from reviewer.domain.errors import TamperedError
from reviewer.domain.lifecycle import STATUS_AFTER, State

HINT = "Run `reviewer audit verify`; restore the file from a backup."


def tampered(artifact_id: str) -> TamperedError:
    """The body, or what hangs on it, was changed behind the queue's back."""
    return TamperedError(
        f"The stored artifact {artifact_id} is not the one that was handed in.", HINT
    )


def misdecided(artifact_id: str) -> TamperedError:
    """What is stored of its decision was changed behind the queue's back."""
    return TamperedError(
        f"The stored decision on {artifact_id} is not the one that was taken.", HINT
    )


def proven(artifact_id: str, digest: str, payload: object) -> str:
    """The payload where it has this digest; raises `TamperedError` otherwise."""
    if not isinstance(payload, str) or payload_digest(payload) != digest:
        raise tampered(artifact_id)
    return payload


def decided_writes(
    state: State, kind: str, digest_decided: str, payload: str, writes: str | None
) -> list[dict[str, Any]]:
    """The writes that an approve or an edit lets happen; raises `TamperedError`.

    `payload` is proven already; the decision's own digest must be that of what goes out.
    """
    if STATUS_AFTER.get(kind) != state.status:  # type: ignore[call-overload]
        raise misdecided(state.id)
    if kind == "edit":
        try:
            if writes is not None and edited_digest(payload, writes) == digest_decided:
                return list(json.loads(writes))
        except (ValueError, TypeError):
            pass
        raise misdecided(state.id)
    if digest_decided != state.digest or writes is not None:
        raise misdecided(state.id)
    found = json.loads(payload).get("writes", []) if kind == "approve" else []
    return list(found)


def proven_label(artifact_id: str, digest: str, payload: str, document: str) -> dict[str, Any]:
    """A label that is about this digest, its final writes too; raises `TamperedError`."""
    try:
        label: dict[str, Any] = json.loads(document)
        writes, decided = label.get("writes"), label.get("digest_decided")
        sound = (label["artifact"], label["digest"]) == (artifact_id, digest) and (
            decided is None if writes is None else edited_digest(payload, writes) == decided
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        sound = False
    if not sound:
        raise TamperedError(f"The stored label of {artifact_id} is not that of its decision.", HINT)
    return label
