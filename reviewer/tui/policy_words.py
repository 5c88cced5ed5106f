"""The policy in sentences: what a decision needs, who is stopped, what comes next.

Names in them are people's and agents': whoever draws a sentence passes it through `untrusted`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..domain.instant import long_duration

if TYPE_CHECKING:
    from ..domain.decision import Actor
    from ..domain.governance import Stop
    from ..domain.state import Alert, State

APPROVING = ("approve", "edit")
TERMINAL = (*APPROVING, "reject", "respond")
MODES = {
    "shadow": ("◌", "shadow", "only recorded and scored: nothing of it is written"),
    "assisted": ("◐", "assisted", "a person decides"),
    "autonomous": ("●", "autonomous", "the policy decides alone, inside its limits"),
}
"""A sign, a word and a sentence for each mode: told by shape and word, not by colour alone."""
SHADOW_SENTENCE = "Shadow: what you decide is scored and kept, and nothing of it is ever written."


def digest_words(digest: str) -> str:
    """A policy's digest as people compare it: its first twelve characters."""
    return "".join(c for c in digest.rpartition(":")[2] if c in "0123456789abcdef")[:12]


def mode_words(mode: str) -> str:
    """`◐ assisted`."""
    sign, word, _ = MODES.get(mode, ("·", mode, ""))
    return f"{sign} {word}"


def stopped_words(stop: Stop) -> str:
    """`All agents are stopped by ana: the vendor was breached`."""
    who = "All agents are" if stop.agent == "*" else f"{stop.agent} is"
    why = f": {stop.why}" if stop.why else ""
    return f"{who} stopped by {stop.by}{why}"


def stopped_short(stops: Sequence[Stop]) -> str:
    """What a status line says of stops, empty for none."""
    if any(stop.agent == "*" for stop in stops):
        return "■ all agents stopped"
    if len(stops) == 1:
        return f"■ {stops[0].agent} stopped"
    return f"■ {len(stops)} agents stopped" if stops else ""


def named(needs: Sequence[str], what: str) -> list[str]:
    """The values of the needs of one sort: `not`, `role`, `looks`."""
    return [need.partition(":")[2] for need in needs if need.partition(":")[0] == what]


def looks_needed(needs: Sequence[str]) -> int:
    """How many members must be looked at before many are approved at once."""
    return max((int(number) for number in named(needs, "looks") if number.isdigit()), default=0)


def lifted_out(needs: Sequence[str]) -> bool:
    """Whether it is approved by itself alone, never with others."""
    return "lift_out" in needs


def need_against(needs: Sequence[str], kind: str, actor: Actor) -> str:
    """Which of the ruling's needs keeps this person from deciding it so, or nothing."""
    if kind in APPROVING and actor.id in named(needs, "not"):
        return "Four eyes: it was asked for you or its agent is yours, so somebody else approves it"
    roles = named(needs, "role")
    if kind in TERMINAL and roles and not actor.roles & {*roles}:
        return f"The policy wants {_either(roles)} to decide it"
    return ""


def need_lines(state: State) -> list[str]:
    """What decisions on it need, a sentence each; none where one person is enough."""
    found = []
    if state.quorum > 1:
        have = len(state.approvers)
        names = f" ({', '.join(state.approvers)} did)" if have else ""
        found.append(
            f"{state.quorum} people must approve the same; {have} of {state.quorum} so far{names}"
        )
        found.append("One rejection ends it")
    banned = named(state.needs, "not")
    if banned:
        found.append(f"Four eyes: not {_either(banned)}")
    roles = named(state.needs, "role")
    if roles:
        found.append(f"Decided by {_either(roles)}")
    looks = looks_needed(state.needs)
    if looks:
        found.append(f"With others at once only after {looks} were looked at one by one")
    if lifted_out(state.needs):
        found.append("Approved by itself alone, never with its group")
    return found


def next_alert(alerts: Sequence[Alert], now: int) -> Alert | None:
    """The escalation step that comes next, None where all are behind."""
    ahead = [alert for alert in alerts if alert.at > now]
    return min(ahead, key=lambda alert: alert.at) if ahead else None


def alert_words(alert: Alert) -> str:
    """`step 2 goes to lead, pages, and tells ops`."""
    to = alert.to.removeprefix("queue:")
    where = f"into queue {to}" if alert.to.startswith("queue:") else f"to {to}"
    again = f" (again, {alert.turn + 1} times)" if alert.turn else ""
    parts = [f"step {alert.step} goes {where}{again}"]
    parts += ["pages"] * alert.page
    if alert.notify:
        parts.append(f"tells {', '.join(alert.notify)}")
    return ", ".join(parts)


def series_words(turns: Sequence[Alert]) -> str:
    """`step 2 goes to lead, pages, and again 3 times every 30 min`: the turns of a step as one."""
    first, more = turns[0], len(turns) - 1
    if not more:
        return alert_words(first)
    apart = long_duration(turns[1].at - first.at)
    many = "once, after" if more == 1 else f"{more} times every"
    return f"{alert_words(first)}, and again {many} {apart}"


def countdown_words(alert: Alert, now: int) -> str:
    """`in 12 min: step 2 goes to lead, pages`."""
    return f"in {long_duration(alert.at - now)}: {alert_words(alert)}"


def _either(names: Sequence[str]) -> str:
    return " or ".join(dict.fromkeys(names))
