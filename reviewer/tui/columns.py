"""The columns of the inbox: what they say of an artifact, and which of them find room.

Texts here may be an artifact's: whoever draws a cell passes it through `untrusted`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ..domain.instant import MINUTE, SECOND, short_duration
from ..saved_views import column
from .policy_words import mode_words

if TYPE_CHECKING:
    from ..domain.views import Entry

RISKS = {
    "critical": ("■", "crit"),
    "high": ("▲", "high"),
    "medium": ("◆", "med"),
    "low": ("·", "low"),
}
"""A glyph and a word for each risk: it is told by shape and word, not by colour alone."""
SOON = 30 * MINUTE
"""A deadline this near is shown as near, microseconds."""

_CHIPS = {
    "low_confidence": "conf",
    "policy_violation": "policy",
    "sampled": "sample",
    "needs_human": "human",
}


class Column(NamedTuple):
    """A column with the width it got, cells."""

    name: str
    width: int
    right: bool = False


class Cell(NamedTuple):
    """What a cell says, and how: a component class of the list without its `list--`."""

    text: str
    style: str = ""


class _Wish(NamedTuple):
    least: int
    most: int
    rank: float
    right: bool = False


_WISHES = {
    "risk": _Wish(6, 6, 0),
    "due": _Wish(7, 7, 2, right=True),
    "title": _Wish(6, 400, 1),
    "agent": _Wish(10, 14, 3),
    "reasons": _Wish(9, 28, 4),
    "holder": _Wish(6, 10, 5),
    "status": _Wish(8, 9, 6),
    "kind": _Wish(7, 12, 7),
    "age": _Wish(5, 6, 8, right=True),
    "queue": _Wish(6, 12, 9),
    "mode": _Wish(8, 12, 6.5),
}
_HEADS = {"reasons": "why", "holder": "holds"}
_COMFORTABLE = 24
"""The title's width before less important columns get any."""

_ROOMY = 8
"""What must be left for the more important columns before the least important ones get room."""


@lru_cache(maxsize=64)
def columns_for(names: Sequence[str], width: int) -> tuple[Column, ...]:
    """The columns that fit into `width` cells, each preceded by one blank, in the order given.

    The most important come first; the title takes what is left over.  A column written with its
    width (`title:40`) gets it where there is room, and else as much of it as there is.
    """
    wanted = dict(column(text) for text in names)
    names = tuple(wanted)
    chosen: dict[str, int] = {}
    left = width
    for name in sorted(names, key=lambda n: _WISHES[n].rank):
        wish = _WISHES[name]
        if wanted[name] and left >= wanted[name] + 1 + (0 if wish.rank < 3 else _ROOMY):
            chosen[name] = wanted[name]
            left -= wanted[name] + 1
            continue
        title = "title" in chosen or "title" not in names
        spare = left - (0 if not title else max(0, _COMFORTABLE - chosen.get("title", 0)))
        need = wish.least + 1
        roomy = 0 if wish.rank < 5 else _ROOMY
        if (left if wish.rank < 3 else spare) < need + roomy:
            continue
        chosen[name] = wish.least
        left -= need
    left = _grow(chosen, left, "title", wanted, max(_COMFORTABLE, width * 3 // 8))
    for name in ("reasons", "agent", "kind", "holder", "queue", "age", "status", "mode"):
        left = _grow(chosen, left, name, wanted, _WISHES[name].most if width > 90 else 14)
    _grow(chosen, left, "title", wanted, 400)
    return tuple(Column(n, chosen[n], _WISHES[n].right) for n in names if n in chosen)


def _grow(
    chosen: dict[str, int], left: int, name: str, wanted: Mapping[str, int], most: int
) -> int:
    """Widens a column to `most`, or to the width it is written with; answers with what is left."""
    if name not in chosen:
        return left
    limit = wanted[name] or min(most, _WISHES[name].most)
    more = max(0, min(left, limit - chosen[name]))
    chosen[name] += more
    return left - more


def head(name: str) -> str:
    """A column's heading."""
    return _HEADS.get(name, name)


def cell(name: str, entry: Entry, now: int, me: str) -> Cell:
    """What one column says of an artifact at `now`, to the person `me`."""
    state = entry.state
    match name:
        case "risk":
            glyph, word = RISKS[state.risk]
            return Cell(f"{glyph} {word}", str(state.risk))
        case "due":
            return _due(entry, now)
        case "agent":
            return Cell(state.agent, "quiet")
        case "kind":
            return Cell(state.kind, "quiet")
        case "title":
            return Cell(entry.title, "" if state.status == "pending" else "quiet")
        case "reasons":
            return Cell(chips(entry.reasons, escalated=state.escalated), "quiet")
        case "holder":
            return _holder(entry, now, me)
        case "age":
            return Cell(_span(now - state.created_at), "quiet")
        case "queue":
            return Cell(state.queue, "quiet")
        case "status":
            return Cell(entry.outcome or str(state.status), "quiet")
        case "mode":
            return Cell(mode_words(state.mode), "soon" if state.mode == "shadow" else "quiet")
    raise KeyError(name)


def chips(reasons: Sequence[str], *, escalated: bool = False) -> str:
    """Reason codes as short words: `⚑ conf, drift`."""
    words = [_CHIPS.get(code, code.replace("_", " ")) for code in dict.fromkeys(reasons)]
    return ("⚑ " if escalated else "") + ", ".join(words)


def due_text(left: int) -> str:
    """The time left until a deadline: `0:12` (h:mm), `42 s` below a minute, `-0:04` when late."""
    if -MINUTE < left < MINUTE:
        return f"{'-' if left < 0 else ''}{abs(left) // SECOND} s"
    return short_duration(left)


def _due(entry: Entry, now: int) -> Cell:
    state = entry.state
    if state.status != "pending":
        return Cell("", "quiet")
    if state.snoozed_until is not None and state.snoozed_until > now:
        return Cell("z " + due_text(state.snoozed_until - now), "quiet")
    left = state.due_at - now
    return Cell(due_text(left), "late" if left < 0 else "soon" if left < SOON else "")


def _holder(entry: Entry, now: int, me: str) -> Cell:
    state = entry.state
    if state.status != "pending":
        return Cell(entry.decided_by, "quiet")
    if state.leased(now):
        return Cell("you", "mine") if state.lease_owner == me else Cell(state.lease_owner, "quiet")
    if state.assignee:
        who = "you" if state.assignee == me else state.assignee
        return Cell(f"→{who}", "quiet")
    return Cell("")


def _span(micros: int) -> str:
    """A duration in one unit: `now` below a minute, `12m`, `5h`, `3d`; it ticks by the minute."""
    seconds = max(0, micros) // SECOND
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return "now"
