"""The two lines above a group: whose it is and how many a decision touches; what they all do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...untrusted import show_line
from ..columns import RISKS, due_text
from ..widgets.bar import Part

if TYPE_CHECKING:
    from .group_view import GroupView

Sides = tuple[list[Part], list[Part]]
_STYLES = {"critical": "bad", "high": "warn"}


def head(screen: GroupView, now: int) -> Sides:
    """Agent, kind, risk and deadline on the left; numbers on the right."""
    group, members = screen.group, screen.members
    glyph, word = RISKS[group.risk]
    left = [
        Part("‹ Groups  ", "quiet", "screen.back", 3),
        Part(f"{glyph} {word}  ", _STYLES.get(group.risk, "text"), keep=6),
        Part(show_line(group.first.state.agent, 30), "strong", keep=8),
        Part(" · ", "quiet", keep=8),
        Part(show_line(group.first.state.kind, 30), "strong", keep=8),
        Part(f"   due {due_text(group.due_at - now)}", "warn" if group.due_at < now else "quiet",
             keep=4),
    ]  # fmt: skip
    if members is None:
        return left, [Part(f"{screen.progress} ", "quiet", keep=9)]
    there = len(members.alike) + len(members.standing_out)
    right = [Part(f"{there:,} members", "text", keep=5)]
    if members.more:
        right.append(Part(" (the first ones)", "warn", keep=5))
    if screen.newer:
        right.append(Part(f"   {screen.newer:,} new, ctrl+r", "good", keep=2))
    away = members.gone.keys() - screen.done
    if screen.done:
        right.append(Part(f"   {len(screen.done):,} decided", "good", keep=2))
    if away:
        right.append(Part(f"   {len(away):,} dropped out", "warn", keep=2))
    marked = len(screen.list.marks)
    if marked:
        right.append(Part(f"   {marked:,} marked", "key", keep=9))
    else:
        right.append(Part(f"   decides {members.number(0):,}", "key", keep=9))
    return left, [*right, Part(" ")]


def what_line(screen: GroupView) -> Sides:
    """What the writes of all members do, as far as it finds room."""
    members, here = screen.members, screen.list.current
    room = max(8, screen.size.width - 4)
    if members is not None and here in members.outliers:
        why = "; ".join(members.outliers[here])
        return [Part("⚑ ", "warn", keep=9), Part(show_line(why, room), "warn", keep=9)], []
    title = screen.what or screen.group.first.title
    return [Part(show_line(title, room), "quiet", keep=9)], []
