"""The alarm: when more artifacts are past their due time than before, the terminal says so.

A bell, or a notification by OSC 9 (iTerm2, kitty, WezTerm, Windows Terminal, foot and others show
it on the desktop); inside tmux it is wrapped for passing through.  Only our words and a number.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .session import Session

EVERY: Final = 10.0
"""Seconds between two looks."""
QUIET: Final = 30.0
"""Seconds in which it does not ring again."""


class Alarm:
    """Looks how many are breaching; `ring(number)` is called when there are more than before."""

    def __init__(self, session: Session, ring: Callable[[int], None]) -> None:
        self._session, self._ring = session, ring
        self._known: int | None = None
        self._rang = float("-inf")

    async def look(self) -> None:
        """Looks once; the first look only takes note."""
        from ..domain.query import parse

        session, query = self._session, parse("is:breaching")
        found = (await session.read(lambda queue: queue.count(query, session.actor))).number
        before, now = self._known, session.now() / 1e6
        if before is not None and found > before:
            if now - self._rang < QUIET:
                return  # told with the next ones
            self._rang = now
            self._ring(found)
        self._known = found


def called_out(how: str, number: int, what: str = "breaching") -> str:
    """What is written to the terminal: `how` is `bell`, `osc9` or `off`; `what` is our own word."""
    if how == "osc9":
        said = f"\x1b]9;reviewer · {number} {what}\x1b\\"
        if os.environ.get("TMUX"):
            escaped = said.replace("\x1b", "\x1b\x1b")
            return f"\x1bPtmux;{escaped}\x1b\\"
        return said
    # with the title before it, so that a bell in what an agent wrote could be told from ours
    return f"\x1b]2;reviewer · {number} {what}\x1b\\\a" if how == "bell" else ""
