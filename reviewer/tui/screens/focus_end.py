"""The end of a run in focus: what came of it, what was skipped, and what comes in meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Center, Middle
from textual.widgets import Static

from ...actions import by_id
from ..keymap import textual_bindings
from ..widgets.footer import DeskFooter
from .focus_words import summary
from .left_once import LeftOnce

if TYPE_CHECKING:
    from ...domain.query import Query
    from ...domain.views import Change
    from ..focus_run import FocusRun
    from ..session import Session


class FocusEnd(LeftOnce[None]):
    """Waits for more, and goes on with it by itself."""

    PLACE = "focus_end"
    BINDINGS: ClassVar[list[BindingType]] = [*textual_bindings("focus_end")]
    CSS = """
    FocusEnd {
        background: $background;
        #summary { width: auto; height: auto; }
        #footer { dock: bottom; height: 1; background: $surface; }
    }
    """

    def __init__(self, query: Query, run: FocusRun) -> None:
        super().__init__()
        self.list_query, self.run = query, run
        self.footer = DeskFooter(id="footer")
        self._stop: Callable[[], None] = lambda: None

    @property
    def session(self) -> Session:
        """The sitting that all screens share."""
        session: Session = self.app.session  # type: ignore[attr-defined]
        return session

    def compose(self) -> ComposeResult:
        with Middle(), Center():
            yield Static(summary(self.run), id="summary", markup=False)
        yield self.footer

    def on_mount(self) -> None:
        self._stop = self.session.on_change(self._heard)
        self.footer.tell(
            [by_id("focus.again"), by_id("undo"), by_id("back"), by_id("help")],
            self.session.config.keymap,
            lambda action: (
                "nothing was skipped" if action.id == "focus.again" and not self.run.skipped else ""
            ),
        )

    def on_unmount(self) -> None:
        self._stop()

    def _heard(self, changes: list[Change]) -> None:
        for change in changes:
            if change.event == "undone":
                self.run.undone(change.artifact_id)
        self.run_worker(self._look(), group="look", exclusive=True)

    async def _look(self) -> None:
        await self.run.look(self.session, self.list_query)
        if self.run.following and self.is_active:
            self._go_on()

    def _go_on(self) -> None:
        from .focus import FocusScreen

        self.app.switch_screen(FocusScreen(self.list_query, self.run))

    def action_focus_again(self) -> None:
        """Goes through what was skipped."""
        if self.run.skipped:
            self.run.skipped.clear()
            self._go_on()
        else:
            self.notify("Nothing was skipped.", markup=False)
