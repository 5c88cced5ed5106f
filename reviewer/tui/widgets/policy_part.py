"""What the policy has to do with an artifact: its ruling and why, what decisions need, what next.

Sentences may quote agents and files: they are drawn as untrusted text is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..policy_words import (
    MODES,
    alert_words,
    countdown_words,
    digest_words,
    mode_words,
    need_lines,
    next_alert,
    stopped_words,
)
from .told import Line, Told

if TYPE_CHECKING:
    from ...domain.governance import Stop
    from ...domain.state import Ruling, State
    from ...policy.document import Policy

UNKNOWN = "No ruling is stored for it: it came in before the queue kept them."
COURSES = {
    "person": "It went to people",
    "approve": "The policy approved it by itself",
    "deny": "The policy denied it",
    "shadow": "It is only recorded, and scored against what people do",
}


class PolicyPart(Told):
    """The policy's part of the review, line by line."""

    DEFAULT_CSS = "PolicyPart { width: 100%; height: 1fr; }"

    def line_text(self) -> str:
        """The line under the cursor, for copying."""
        return self.row_text(self.row) if self.row < self.row_count else ""


def part_lines(
    state: State,
    ruling: Ruling | None,
    why: Sequence[str],
    *,
    policy: Policy | None,
    stop: Stop | None,
    against: str,
    now: int,
) -> list[Line]:
    """All that is said; `why` are the sentences that explain the ruling, `policy` the one in force.

    `against` is what keeps this person from approving it, empty for nothing.
    """
    return list(_lines(state, ruling, why, policy, stop, against, now))


def _lines(
    state: State,
    ruling: Ruling | None,
    why: Sequence[str],
    policy: Policy | None,
    stop: Stop | None,
    against: str,
    now: int,
) -> Iterator[Line]:
    if stop is not None:
        yield Line(" ■ ", ((stopped_words(stop), "bad"),), "bad")
    elif against:
        yield Line(" ! ", ((against, "warn"),), "warn")
    yield _head("What it ruled")
    if ruling is None:
        yield _plain(UNKNOWN, "dim")
    else:
        sentence = COURSES[str(ruling.course)]
        yield _plain(f"{sentence}, in {ruling.queue}, at {ruling.risk} risk")
    word = MODES.get(state.mode, ("", "", ""))[2]
    yield Line("   ", ((mode_words(state.mode), ""), (f"  {word}", "dim")))
    yield from (Line(" · ", ((one, ""),)) for one in why)
    if ruling is not None and ruling.rules:
        yield _head("Rules that held")
        abouts = {rule.id: rule.about for rule in policy.rules} if policy is not None else {}
        for id in ruling.rules:
            about = abouts.get(id, "")
            yield Line(" § ", ((id, "mark"), (f"  {about}" if about else "", "dim")), "mark")
    needs = need_lines(state)
    yield _head("What decisions need")
    yield from (Line(" · ", ((one, ""),)) for one in needs or ["one person who may decide here"])
    yield from _next(state, ruling, now)
    if ruling is not None and ruling.policy:
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
    yield from (_plain(f"then {alert_words(alert)}", "dim") for alert in later[:4])


def _head(words: str) -> Line:
    return Line(" ", ((words, "head"),))


def _plain(words: str, style: str = "") -> Line:
    return Line("   ", ((words, style),))
