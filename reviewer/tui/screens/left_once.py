"""A screen is left once, however often the key is pressed before it is gone."""

from __future__ import annotations

from typing import Any, TypeVar

from textual import events
from textual.await_complete import AwaitComplete
from textual.screen import Screen
from textual.worker import active_worker

T = TypeVar("T")


def asking(screen: Screen[Any], group: str) -> bool:
    """Whether a worker of this group still waits for an answer, so that nothing is asked twice.

    An exclusive worker would be cancelled and leave its question open under the next one.
    """
    return any(
        worker.node is screen and worker.group == group and not worker.is_finished
        for worker in screen.workers
    )


def in_sight(screen: Screen[Any]) -> bool:
    """Whether people see this screen: it is on top, or nothing but dialogs are over it.

    What counts down goes on behind a dialog; what is noted as seen does not, and asks `is_active`.
    """
    stack = screen.app.screen_stack
    return screen in stack and all(over.is_modal for over in stack[stack.index(screen) + 1 :])


class LeftOnce(Screen[T]):
    """For every screen that can be left; comes after `ModalScreen` among the bases, because
    Textual takes styles from the first one.

    Textual's `dismiss` takes away whatever screen is on top: of two quick presses of `escape`, or
    two clicks, the second would close the screen beneath, or fail where there is none.
    """

    _came_up = False

    @property
    def has_been_left(self) -> bool:
        """Whether nobody will see this screen again; its widgets may be gone before its workers.

        Where the desk ends, its screens stay on the stack until all of their widgets are gone.
        """
        return not self.app.is_running or self not in self.app.screen_stack

    async def on_event(self, event: events.Event) -> None:
        """Nothing is set up in a screen that was left before its widgets were there.

        Nor are styles worked out again when it comes up first: that was done a moment ago.
        """
        if isinstance(event, events.ScreenResume):
            event.refresh_styles = event.refresh_styles and self._came_up
            self._came_up = True
        if isinstance(event, events.Mount) and self.has_been_left:
            return
        await super().on_event(event)

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Leaves this screen, and those that were opened over it, if it has not been left yet.

        Textual ends a screen's workers only after its widgets: one that goes on in between would
        fail where it tells them something, and end the desk.
        """
        stack = tuple(self.app.screen_stack)
        if self not in stack:
            return AwaitComplete()
        for over in reversed(stack[stack.index(self) + 1 :]):
            over.dismiss(None)
        leaving = active_worker.get(None)
        for worker in tuple(self.workers):
            if worker.node is self and worker is not leaving:
                worker.cancel()
        return super().dismiss(result)
