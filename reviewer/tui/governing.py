"""What the policy lets happen now, as the desk heard last: who is stopped, what is in force.

Read behind the first list and again whenever the queue says that something about the policy
changed.  Screens ask it without waiting; what it does not know yet, the queue refuses by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from ..domain.errors import ReviewerError
from .policy_words import need_against, stopped_words

if TYPE_CHECKING:
    from ..domain.decision import Actor
    from ..domain.governance import PolicyRow, Stop
    from ..domain.state import State
    from ..domain.views import Change
    from ..policy.document import Policy
    from ..queue import Queue

Read = Callable[[Callable[["Queue"], Awaitable[Any]]], Awaitable[Any]]
EVERYONE = "*"
PATIENCE = 0.5
"""Seconds after which it is read at first: the list goes before it."""


class Governing:
    """Stops and the policy in force; `changed` is called when either is another one."""

    def __init__(self, read: Read, changed: Callable[[], None]) -> None:
        self._read, self._changed = read, changed
        self._wanted = asyncio.Event()
        self.stops: tuple[Stop, ...] = ()
        self.row: PolicyRow | None = None
        self.policy: Policy | None = None

    # ------------------------------------------------------------------ what is known

    def stop_of(self, agent: str) -> Stop | None:
        """The kill switch that holds this agent: its own, or that of all."""
        found = [stop for stop in self.stops if stop.agent in (agent, EVERYONE)]
        return next((stop for stop in found if stop.agent == agent), found[0] if found else None)

    def why_not(self, kind: str, state: State, actor: Actor) -> str:
        """Why the policy does not let this person decide it so, or nothing."""
        stop = self.stop_of(state.agent)
        if stop is not None and kind in ("approve", "edit"):
            return stopped_words(stop)
        return need_against(state.needs, kind, actor) or self._queue_against(state, actor)

    def _queue_against(self, state: State, actor: Actor) -> str:
        """Who is no reviewer of its queue decides nothing there; leads and admins always may."""
        if self.policy is None or actor.roles & {"lead", "admin"}:
            return ""
        from ..policy.deciding import not_of_queue

        return not_of_queue(self.policy, state, actor)

    # ------------------------------------------------------------------ keeping it true

    def heard(self, changes: list[Change]) -> None:
        """Something happened in the queue; what is about no artifact is about the policy."""
        if any(not change.artifact_id for change in changes):
            self._wanted.set()

    async def keep(self) -> None:
        """Reads at first and whenever it was heard to have changed, for ever."""
        await asyncio.sleep(PATIENCE)
        while True:
            self._wanted.clear()
            await self.look()
            await self._wanted.wait()

    async def look(self) -> None:
        """Reads once."""
        # a backend of before that knows no policy governs nothing
        with contextlib.suppress(ReviewerError, AttributeError, NotImplementedError):
            stops: list[Stop] = await self._read(lambda queue: queue.stops())
            row: PolicyRow = await self._read(lambda queue: queue.policy())
            if self.row is None or row.digest != self.row.digest:
                self.policy = await asyncio.to_thread(_read, row.text)
            if (tuple(stops), row) != (self.stops, self.row):
                self.stops, self.row = tuple(stops), row
                self._changed()


def _read(text: str) -> Policy | None:
    from ..policy.reading import read

    try:
        return read(text)
    except ReviewerError:  # in force, and yet unreadable here: of another version
        return None
