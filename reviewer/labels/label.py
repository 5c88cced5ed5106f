"""The label that a terminal decision leaves: what was proposed, what was decided, how far apart."""

from __future__ import annotations

from typing import Any

from rapidfuzz.distance import Levenshtein

from ..domain.artifact import Artifact, artifact_digest
from ..domain.decision import Actor, Decision
from ..domain.digest import canonical
from ..domain.instant import iso
from ..domain.lifecycle import State
from .delta import field_delta

FORMAT = 1
MAX_DISTANCE_TEXT = 200_000


def label(
    state: State,
    decision: Decision,
    actor: Actor,
    at: int,
    proposed: Artifact | None = None,
    final: Artifact | None = None,
    policy: str = "",
) -> dict[str, Any]:
    """The label's JSON document.

    It refers to the artifact by id and digest and holds only what the decision added: for an edit
    the final writes, the RFC 6902 patch from the proposed ones (`delta`) and their normalised edit
    distance (0 same, 1 nothing in common).
    """
    value: dict[str, Any] = {
        "format": FORMAT,
        "artifact": state.id,
        "digest": state.digest,
        "decision": str(decision.kind),
        "reasons": list(decision.reasons),
        "comment": decision.comment,
        "reviewer": actor.id,
        "reviewer_kind": actor.kind,
        "at": iso(at),
        "dwell_ms": decision.seen.dwell_ms,
        "bulk": decision.seen.bulk,
        "assistant_first": decision.seen.assistant_first,
        "policy": policy,
    }
    if final is not None and proposed is not None:
        value["digest_decided"] = artifact_digest(final)
        value["writes"] = final.document()["writes"]
        value["delta"] = field_delta(_writes(proposed), _aligned(proposed, final, decision))
        value["distance"] = edit_distance(proposed, final)
    return value


def edit_distance(proposed: Artifact, final: Artifact) -> float:
    """Normalised Levenshtein distance of the canonical writes, 0 to 1, rounded to 4 digits.

    Texts over 200,000 bytes are compared by their first 200,000.
    """
    before = canonical(_writes(proposed))[:MAX_DISTANCE_TEXT]
    after = canonical(_writes(final))[:MAX_DISTANCE_TEXT]
    return round(Levenshtein.normalized_distance(before, after), 4)


def seeded(artifact: Artifact) -> bool:
    """Whether it is a seeded test of reviewers (`metadata.seeded` is true), never training data."""
    return artifact.metadata.get("seeded") is True


def _writes(artifact: Artifact) -> list[dict[str, Any]]:
    writes: list[dict[str, Any]] = artifact.document().get("writes", [])
    return writes


def _aligned(proposed: Artifact, final: Artifact, decision: Decision) -> list[Any]:
    """The final writes, one entry for each proposed one, None where the edit dropped it."""
    kept = iter(_writes(final))
    edited = decision.writes if decision.writes is not None else final.writes
    if len(edited) != len(proposed.writes):
        raise ValueError("an edit has one entry for each proposed write")
    return [None if write is None else next(kept) for write in edited]
