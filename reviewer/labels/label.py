"""The label that a terminal decision leaves: what was proposed, what was decided, how far apart."""

from __future__ import annotations

from typing import Any

from ..domain.artifact import Artifact, artifact_digest
from ..domain.decision import Actor, Decision
from ..domain.digest import canonical
from ..domain.instant import iso
from ..domain.lifecycle import State
from .delta import field_delta

FORMAT = 1
MAX_DISTANCE_TEXT = 50_000


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

    Exact where what lies between the common start and end is at most 50,000 bytes long; beyond
    that its first 50,000 bytes stand for all of it, so that no edit holds up the queue.
    """
    from rapidfuzz.distance import Levenshtein  # the desk's first page waits for this module

    before, after = canonical(_writes(proposed)), canonical(_writes(final))
    start = _common(before, after)
    old, new = before[start:], after[start:]
    end = _common(old[::-1], new[::-1])
    old, new = old[: len(old) - end], new[: len(new) - end]
    share = max(len(old), len(new)) / max(len(before), len(after))
    apart = Levenshtein.normalized_distance(old[:MAX_DISTANCE_TEXT], new[:MAX_DISTANCE_TEXT])
    return round(apart * share, 4)


def _common(one: bytes, other: bytes) -> int:
    """The length of the longest common start, by halving: comparing slices is a memcmp."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


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
