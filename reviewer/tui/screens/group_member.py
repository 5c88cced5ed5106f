"""A member of a group on the normal review screen; that it was looked at is kept."""

from __future__ import annotations

from typing_extensions import override

from ...domain.views import Item
from ..deciding import readings
from ..looked import note
from .review import ReviewScreen


class MemberScreen(ReviewScreen):
    """Review, and who was on screen long enough may be taken into the group's decision."""

    def _note_looked(self) -> None:
        opened = self.opened
        if opened is not None and self.is_drawn:
            self.note_lines()
            note(self.session, opened, readings(self.session).of(opened.digest))

    @override
    def open(self, artifact_id: str, *, since: Item | None = None) -> None:
        self._note_looked()
        super().open(artifact_id, since=since)

    @override
    async def leave(self) -> None:
        self._note_looked()
        await super().leave()
