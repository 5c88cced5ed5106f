"""What the policy has to do with an artifact: its ruling and why, what decisions need, what next.

Sentences may quote agents and files: they are drawn as untrusted text is.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from ..policy_words import (
    MODES,
    countdown_words,
    digest_words,
    mode_words,
    need_lines,
    next_alert,
    series_words,
    stopped_words,
)
from .told import Line, Told

if TYPE_CHECKING:
    from ...domain.governance import Stop
    from ...domain.state import Ruling, State
    from ..ruled import Ruled

UNKNOWN = "No ruling is stored for it: it came in before the queue kept them."


class PolicyPart(Told):
    """The policy's part of the review, line by line."""

    DEFAULT_CSS = "PolicyPart { width: 100%; height: 1fr; }"

    def line_text(self) -> str:
        """The line under the cursor, for copying."""
        return self.row_text(self.row) if self.row < self.row_count else ""


def part_lines(
    state: State, known: Ruled | None, *, stop: Stop | None, against: str, now: int
) -> list[Line]:
    """All that is said; `known` is what was read of the ruling, None while it is read.

    `against` is what keeps this person from approving it, empty for nothing.
    """
    return list(_lines(state, known, stop, against, now))


def _lines(
    state: State, known: Ruled | None, stop: Stop | None, against: str, now: int
) -> Iterator[Line]:
    if stop is not None:
        yield Line(" ■ ", ((stopped_words(stop), "bad"),), "bad")
    elif against:
        yield Line(" ! ", ((against, "warn"),), "warn")
    word = MODES.get(state.mode, ("", "", ""))[2]
    yield Line(" ", ((mode_words(state.mode), "head"), (f"  {word}", "dim")))
    yield _head("What decisions need")
    needs = need_lines(state) or ["one person who may decide here"]
    yield from (Line(" · ", ((one, ""),)) for one in needs)
    ruling = known.ruling if known is not None else None
    yield from _next(state, ruling, now)
    for title, sentences in known.sections if known is not None else ():
        yield _head(title)
        sign = " § " if title.startswith("Rules") else " · "
        yield from (Line(sign, ((one, ""),)) for one in sentences)
    if known is None:
        yield _plain("Reading what was ruled …", "dim")
    elif ruling is None:
        yield _plain(UNKNOWN, "dim")
    elif ruling.policy:
        yield _head("Policy")
        yield Line("   ", ((digest_words(ruling.policy), ""), ("  enter opens it", "dim")))


def _next(state: State, ruling: Ruling | None, now: int) -> Iterator[Line]:
    if ruling is None or state.status != "pending" or not ruling.alerts:
        return
    yield _head("What comes next")
    ahead = next_alert(ruling.alerts, now)
    if ahead is None:
        yield _plain("Every step of its escalation is behind", "dim")
        return
    yield Line(" ↑ ", ((countdown_words(ahead, now), "warn"),), "warn")
    later = sorted((a for a in ruling.alerts if a.at > ahead.at), key=lambda alert: alert.at)
    steps = groupby(later, key=lambda alert: alert.step)
    yield from (_plain(f"then {series_words(list(turns))}", "dim") for _, turns in steps)


def _head(words: str) -> Line:
    return Line(" ", ((words, "head"),))


def _plain(words: str, style: str = "") -> Line:
    return Line("   ", ((words, style),))
