"""The line on top: which queue, how the connection is, what waits, who sits here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...untrusted import show_line
from .bar import Bar, Part

if TYPE_CHECKING:
    from ..connection import Health
    from ..session import Session

HEALTH: dict[str, tuple[str, str]] = {
    "connecting": ("◌ opening", "quiet"),
    "live": ("● live", "good"),
    "slow": ("◐ slow", "warn"),
    "offline": ("○ offline", "bad"),
}
"""How the queue answers, in a sign and a word, and the style of both."""
ROLES = ("admin", "lead", "reviewer", "auditor", "agent")
"""The roles, the one that may do most first."""


def sitting_parts(session: Session) -> list[Part]:
    """Whether the desk is read-only, and who sits here: the right end of a header."""
    parts = [Part("   read-only", "warn", keep=9)] * session.read_only
    role = next((role for role in ROLES if role in session.config.roles), "")
    parts += [Part("    ", keep=4), Part(show_line(session.actor.id, 16), keep=4)]
    return [*parts, Part(f" · {role} ", "quiet", keep=1)]


class StatusLine(Bar):
    """The desk's header; everything it says is always there, by words as well as by colour."""

    def tell(
        self,
        *,
        queue: str,
        health: Health,
        pending: str,
        breaching: str,
        who: str,
        roles: tuple[str, ...],
        read_only: bool,
        stopped: str = "",
    ) -> None:
        """Says how things stand; numbers come as text (`10,000+`), empty where not known yet.

        `stopped` says which agents are, and is the last to go where room gets short.
        """
        name = show_line(queue, 30) if queue else "all queues"
        left = [
            Part("reviewer", "brand", keep=3),
            Part("  ", keep=3),
            Part(name, "strong", "screen.choose_queue", keep=6),
            Part(" ▾", "quiet", "screen.choose_queue", keep=2),
        ]
        word, style = HEALTH[health]
        role = next((role for role in ROLES if role in roles), "")
        right = [Part(word, style, keep=9)]
        if stopped:
            right.insert(0, Part("   ", keep=10))
            right.insert(0, Part(show_line(stopped, 40), "bad", "screen.door('agents')", keep=10))
        if read_only:
            right.append(Part("   read-only", "warn", keep=9))
        if pending:
            right.append(Part(f"    {pending} pending", "strong", "screen.view(2)", keep=8))
        if breaching and breaching != "0":
            right.append(Part(f"   {breaching} breaching", "bad", "screen.view(3)", keep=8))
        right += [Part("    ", keep=4), Part(show_line(who, 16), "text", keep=4)]
        right.append(Part(f" · {role} ", "quiet", keep=1))
        self.show(left, right)
