"""What screens share that show the queue as it is now: the sitting, and being told of news."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from .left_once import LeftOnce

if TYPE_CHECKING:
    from ...domain.views import Change
    from ..session import Session

T = TypeVar("T")


class LiveScreen(LeftOnce[T]):
    """A screen over the session that hears what changes for as long as it is there."""

    _stops: Sequence[Callable[[], None]] = ()

    @property
    def session(self) -> Session:
        """The sitting that all screens share."""
        session: Session = self.app.session  # type: ignore[attr-defined]
        return session

    def hear(self, changed: Callable[[list[Change]], None], state: Callable[[], None]) -> None:
        """Has `changed` called with what changed in the queue, and `state` when the sitting did."""
        self._stops = (self.session.on_change(changed), self.session.on_state(state))

    def on_unmount(self) -> None:
        for stop in self._stops:
            stop()
