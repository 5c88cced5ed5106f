"""The label that a terminal decision leaves: what was proposed, what was decided, how far apart."""

from __future__ import annotations

from typing import Any

from rapidfuzz.distance import Levenshtein

from ..domain.artifact import Artifact, artifact_digest
from ..domain.decision import Actor, Decision
from ..domain.digest import canonical
from ..domain.instant import iso
from ..domain.lifecycle import State

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

    It refers to the artifact by id and digest and holds only what the decision added: `final`
    writes and their normalised edit distance (0 same, 1 nothing in common) for an edit.
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
        value["distance"] = edit_distance(proposed, final)
    return value


def edit_distance(proposed: Artifact, final: Artifact) -> float:
    """Normalised Levenshtein distance of the canonical writes, 0 to 1, rounded to 4 digits.

    Texts over 200,000 bytes are compared by their first 200,000.
    """
    before = canonical(proposed.document().get("writes", []))[:MAX_DISTANCE_TEXT]
    after = canonical(final.document().get("writes", []))[:MAX_DISTANCE_TEXT]
    return round(Levenshtein.normalized_distance(before, after), 4)
