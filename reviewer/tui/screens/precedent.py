"""A precedent: a decided artifact over the one that is under review, to be read and left again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...domain.artifact import parse_writes
from ...domain.decision import Code, Kind, Refusal
from ...domain.errors import ReviewerError
from ...domain.instant import long_duration
from ...policy.reasons import codes
from ..deciding import tell
from ..opened import Opened
from ..precedent_reading import Said, read_events, said_in
from .review import ReviewScreen

if TYPE_CHECKING:
    from ...domain.views import Claim, Item, Verdict

READ_ONLY = "This is a precedent, to be read only; esc goes back to your artifact."
CHANGES = 3
"""Edited places that are named."""


class PrecedentScreen(ReviewScreen):
    """Shows what was decided: the final form of an edited one, by whom, when and why."""

    def __init__(self, artifact_id: str) -> None:
        super().__init__(artifact_id, lambda _id, _step: None)
        self._decided: list[tuple[str, str]] = []

    async def _claim(self, artifact_id: str) -> Claim | Refusal:
        """None is taken, not even where the decision was taken back meanwhile."""
        return Refusal(Code.NOT_ALLOWED, READ_ONLY, artifact_id)

    def refusal(self, _kind: Kind) -> str:
        """A precedent is never decided here."""
        return READ_ONLY

    def action_take_over(self) -> None:
        """A precedent is nobody's to take."""
        tell(self, READ_ONLY)

    async def _looked_through(self, item: Item) -> Opened:
        session = self.session
        said = said_in(await read_events(session, item.entry.state.id))
        verdict = await session.read(lambda queue: queue.verdict(item.entry.state.id))
        final, changes = await asyncio.to_thread(as_decided, item, verdict)
        self._decided = words(item, said, changes, session.now(), codes(session.governing.policy))
        return await super()._looked_through(final)

    def _show(self, changes: Sequence[str]) -> None:
        super()._show(changes)
        self.news.say(self._decided)


def as_decided(item: Item, verdict: Verdict | None) -> tuple[Item, list[str]]:
    """An artifact with the writes that were decided, and where they differ from the proposal."""
    if verdict is None or item.entry.decision != Kind.EDIT:
        return item, []
    proposed = item.artifact.document().get("writes", [])
    try:
        final = parse_writes([_wire(write) for write in verdict.writes])
    except ReviewerError:
        return item, []
    kept = [write for write in final if write is not None]
    changes = _differences(proposed, [write.model_dump(mode="json", exclude_defaults=True)
                                      for write in kept])  # fmt: skip
    return replace(item, artifact=item.artifact.with_writes(kept)), changes


def words(
    item: Item, said: Said, changes: Sequence[str], now: int, reasons: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Who decided it how, when and why, in lines with our marks; `reasons` are codes in words."""
    entry = item.entry
    sign, verb = {
        "approve": ("✓", "Approved"), "edit": ("✎", "Edited and approved"),
        "reject": ("✗", "Rejected"), "respond": ("↩", "Answered"),
    }.get(entry.decision, ("·", str(entry.state.status).capitalize()))  # fmt: skip
    by = f" by {entry.decided_by}" if entry.decided_by else ""
    ago = ""
    if entry.state.decided_at is not None:
        ago = f", {long_duration(now - entry.state.decided_at)} ago"
    why = "".join(f" · {reasons.get(code, code)}" for code in said.reasons)
    comment = f" “{said.comment.strip()}”" if said.comment.strip() else ""
    lines = [(sign, f"Precedent. {verb}{by}{ago}{why}{comment}")]
    if entry.decision == Kind.EDIT:
        shown = "; ".join(changes[:CHANGES])
        more = f"; and {len(changes) - CHANGES} more" if len(changes) > CHANGES else ""
        told = f"Proposed → decided: {shown}{more}" if changes else "The final form comes later."
        lines.append(("Δ", told))
    return lines


def _wire(write: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in write.items() if value is not None or name == "after"}


def _differences(proposed: Any, final: Any) -> list[str]:
    """Places that differ, each with both sides in brief."""
    from ..widgets.json_lines import brief

    found: list[str] = []
    todo: list[tuple[str, Any, Any]] = [("", proposed, final)]
    while todo:
        place, one, other = todo.pop()
        if one == other:
            continue
        if isinstance(one, dict) and isinstance(other, dict):
            keys = [*one, *(key for key in other if key not in one)]
            todo += [(f"{place}/{key}", one.get(key), other.get(key)) for key in reversed(keys)]
        elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
            todo += [(f"{place}/{n}", one[n], other[n]) for n in reversed(range(len(one)))]
        else:
            found.append(f"{place or '/'} {brief(one, 40)} → {brief(other, 40)}")
    return found
