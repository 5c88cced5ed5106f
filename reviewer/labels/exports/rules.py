"""Which decision leaves which training example, in no format yet.

Approve: the proposal is right (SFT, KTO true).  Edit: the final is right (SFT) and better than the
proposal (a pair); no KTO, for the proposal was neither wanted nor wrong as a whole.  Reject: the
proposal is wrong (KTO false), and worse than a later revision that was approved (a pair).  A
response is a message to the agent and no completion: only the full form carries it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...domain.artifact import Artifact
from ..conversation import writes_text
from .revisions import Case


@dataclass(frozen=True, slots=True)
class Pair:
    """Two completions of one artifact's prompt, as texts of writes."""

    artifact: Artifact
    chosen: str
    rejected: str


def proposal(artifact: Artifact) -> str:
    """What the agent proposed, as the text of its writes."""
    return writes_text(artifact.document().get("writes", []))


def final(case: Case) -> str | None:
    """What was approved, as the text of the writes; None where nothing was."""
    if case.decision == "approve":
        return proposal(case.row.artifact)
    return writes_text(case.row.label["writes"]) if case.decision == "edit" else None


def verdict(case: Case) -> bool | None:
    """Whether the proposal as it stood is good (approve) or bad (reject); None: neither."""
    return {"approve": True, "reject": False}.get(case.decision)


def pairs(case: Case) -> Iterator[Pair]:
    """The pairs that this label completes: its own edit, and earlier rejected revisions.

    A rejected revision's pair stands on its own prompt, the one that both would answer.  Two that
    are the same, as when all that an edit changed is masked, teach nothing and make no pair.
    """
    good = final(case)
    if good is None:
        return
    worse = [*case.rejected, *([case.row.artifact] if case.decision == "edit" else [])]
    for one in worse:
        if proposal(one) != good:
            yield Pair(one, good, proposal(one))
