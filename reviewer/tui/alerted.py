"""Notes of escalation chains: what a step with a `terminal` channel shows on its people's desks.

The feed brings the record of every step to every desk; the desk looks whether it is for whoever
sits there.  Each record is shown once, however often the feed brings it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ..domain.errors import ReviewerError

if TYPE_CHECKING:
    from ..domain.views import Change
    from .session import Session

EVENT: Final = "alerted"
MOST: Final = 50
"""Records of one rush that are looked at one by one; the list shows the others as escalated."""


class Alerted:
    """Calls `tell(sentences)` with the notes for this desk's person, those of one rush at once."""

    def __init__(self, session: Session, tell: Callable[[list[str]], None]) -> None:
        self._session, self._tell = session, tell
        self._last = 0
        self._waiting: list[tuple[int, str]] = []

    def heard(self, changes: list[Change]) -> bool:
        """Takes changes in; whether there is something to look at."""
        for change in changes:
            if change.event == EVENT and change.seq > self._last:
                self._last = change.seq
                self._waiting.append((change.seq, change.artifact_id))
        return bool(self._waiting)

    async def look(self) -> None:
        """Reads the records that came and tells those that are for this person."""
        from ..effects.notify.terminal import note

        session = self._session
        waiting, self._waiting = self._waiting[-MOST:], []
        notes = []
        for seq, artifact_id in waiting:
            try:
                events = await session.read(lambda queue, id=artifact_id: queue.history(id))  # type: ignore[misc]
            except ReviewerError:
                continue  # tampered with; the list says so
            for event in events:
                if event.seq == seq and (said := note(event.facts, session.actor.id)):
                    notes.append(said)
            await asyncio.sleep(0)
        if notes:
            self._tell(notes)
