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
    from ..domain.views import Change, Item
    from ..policy.compiled import Compiled
    from ..policy.document import Policy
    from ..queue import Queue

Read = Callable[[Callable[["Queue"], Awaitable[Any]]], Awaitable[Any]]
EVERYONE = "*"
PATIENCE = 0.5
"""Seconds after which it is read at first: the list goes before it."""
PAUSE, MOST = 0.3, 5.0
"""Seconds without a key after which the policy is compiled, which imports much; and at most."""


class Governing:
    """Stops and the policy in force; `changed` is called when either is another one."""

    def __init__(self, read: Read, changed: Callable[[], None], idle: Callable[[], float]) -> None:
        self._read, self._changed, self._idle = read, changed, idle
        self._wanted = asyncio.Event()
        self.stops: tuple[Stop, ...] = ()
        self.row: PolicyRow | None = None
        self.compiled: Compiled | None = None

    # ------------------------------------------------------------------ what is known

    @property
    def policy(self) -> Policy | None:
        """The policy in force as values, None while it is not read."""
        return self.compiled.policy if self.compiled is not None else None

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
        if self.compiled is None:
            return ""
        from ..domain.decision import Decision, Kind
        from ..policy.deciding import refused

        # a reject asks for nothing but the right queue; stops and grants are asked elsewhere
        asked = Decision(
            Kind.REJECT, state.id, state.revision, state.digest, "", reasons=("other",)
        )
        no = refused(self.compiled, state, asked, actor, None, "")
        return no.sentence.rstrip(".") if no is not None else ""

    def beyond(self, item: Item, actor: Actor) -> str:
        """What of it the agent may not write any more, under the policy in force; heavy."""
        if self.compiled is None:
            return ""
        from ..domain.decision import Decision, Kind
        from ..policy.deciding import refused

        state = item.entry.state
        asked = Decision(Kind.APPROVE, state.id, state.revision, state.digest, "")
        no = refused(self.compiled, state, asked, actor, item.artifact, "")
        return no.sentence.rstrip(".") if no is not None else ""

    # ------------------------------------------------------------------ keeping it true

    def heard(self, changes: list[Change]) -> None:
        """Something happened in the queue; what is about no artifact is about the policy."""
        if any(not change.artifact_id for change in changes):
            self._wanted.set()

    async def keep(self) -> None:
        """Reads at first and whenever it was heard to have changed, for ever."""
        await asyncio.sleep(PATIENCE)
        await self._look_for_stops()
        waited = 0.0
        while self._idle() < PAUSE and waited < MOST:
            await asyncio.sleep(PAUSE / 3)
            waited += PAUSE / 3
        while True:
            self._wanted.clear()
            await self.look()
            await self._wanted.wait()

    async def _look_for_stops(self) -> None:
        with contextlib.suppress(ReviewerError, AttributeError, NotImplementedError):
            stops: list[Stop] = await self._read(lambda queue: queue.stops())
            if tuple(stops) != self.stops:
                self.stops = tuple(stops)
                self._changed()

    async def look(self) -> None:
        """Reads once."""
        # a backend of before that knows no policy governs nothing
        with contextlib.suppress(ReviewerError, AttributeError, NotImplementedError):
            stops: list[Stop] = await self._read(lambda queue: queue.stops())
            row: PolicyRow = await self._read(lambda queue: queue.policy())
            if self.compiled is None or self.row is None or row.digest != self.row.digest:
                self.compiled = await asyncio.to_thread(_load, row.text)
            if (tuple(stops), row) != (self.stops, self.row):
                self.stops, self.row = tuple(stops), row
                self._changed()


def _load(text: str) -> Compiled | None:
    from ..policy.compiled import load

    try:
        return load(text)
    except ReviewerError:  # in force, and yet unreadable here: of another version
        return None
