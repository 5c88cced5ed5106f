"""A member of a group on the normal review screen; that it was looked at is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from typing_extensions import override

from ...domain.views import Item
from ..deciding import readings
from ..looked import note
from .review import NextId, ReviewScreen

if TYPE_CHECKING:
    from ...domain.decision import Kind
    from ..opened import Opened


class MemberScreen(ReviewScreen):
    """Review, and who was on screen long enough may be taken into the group's decision.

    `on_decided` is told who was decided here, `next_id` gives the members beside one.
    """

    def __init__(
        self, artifact_id: str, next_id: NextId, on_decided: Callable[[str], None]
    ) -> None:
        super().__init__(artifact_id, next_id)
        self._on_decided = on_decided

    @override
    def decided(self, kind: Kind, opened: Opened) -> None:
        super().decided(kind, opened)
        self._on_decided(opened.id)

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
