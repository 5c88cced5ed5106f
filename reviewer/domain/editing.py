"""Edits: the artifact with a person's writes in place of the proposed ones."""

from __future__ import annotations

from typing import Any

from .artifact import Artifact, artifact_digest
from .decision import Code, Decision, Refusal
from .writes import FileWrite, MessageWrite, RequestWrite, ToolCallWrite


def apply_edit(artifact: Artifact | None, decision: Decision) -> Artifact | Refusal:
    """The artifact with the edited writes, or why the edit is no edit."""
    if artifact is None:
        raise ValueError("an edit is settled against its artifact")
    proposed, mine = artifact.writes, decision.writes

    def no(why: str) -> Refusal:
        return Refusal(Code.INVALID_EDIT, why, decision.artifact_id)

    if mine is None or len(mine) != len(proposed):
        return no(f"An edit gives one entry for each of the {len(proposed)} proposed writes.")
    kept = [write for write in mine if write is not None]
    if not kept:
        return no("Every write was dropped; reject it instead.")
    for index, (old, new) in enumerate(zip(proposed, mine, strict=True)):
        if new is not None and not _same_aim(old, new):
            return no(f"Write {index + 1} aims at another resource than the proposed one.")
    final = artifact.with_writes(kept)
    if artifact_digest(final) == artifact_digest(artifact):
        return no("Nothing was changed; approve it instead.")
    return final


def _same_aim(old: Any, new: Any) -> bool:
    if isinstance(old, RequestWrite | MessageWrite | ToolCallWrite):
        return type(old) is type(new) and old.system == new.system
    if isinstance(old, FileWrite) and isinstance(new, FileWrite) and old.action != new.action:
        return False
    return bool(old.same_target(new)) and getattr(old, "before", None) == getattr(
        new, "before", None
    )
