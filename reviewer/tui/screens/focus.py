"""Focus: one artifact after the other, the most urgent first; decide and the next is there.

It goes by the filter of the list that it was opened from.  Leaving keeps the place: opened again
under the same filter, also after a crash, it goes on with the artifact that was on screen.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from typing_extensions import override

from ...config import home
from ...domain.decision import Code, Kind
from ...domain.query import Query, parse
from ..deciding import tell
from ..focus_run import FocusRun, FocusRuns
from ..keymap import textual_bindings
from ..widgets.bar import Bar
from .focus_words import progress
from .review import ReviewScreen
from .review_style import STYLE

if TYPE_CHECKING:
    from textual.worker import Worker

    from ...domain.views import Change
    from ..inbox_reader import Work
    from ..opened import Opened

MINE: Final = "is:mine"
"""The list that the desk opens on where something is claimed, as after a crash in focus."""


class FocusScreen(ReviewScreen):
    """Reviews what is pending under a filter, one by one."""

    PLACE = "focus"
    BINDINGS: ClassVar[list[BindingType]] = [*textual_bindings("focus")]
    CSS = STYLE + "FocusScreen #focus-line { background: $panel; }"
    FOOTER: ClassVar[tuple[str, ...]] = (
        "approve", "edit", "reject", "focus.skip", "respond", "next_change", "back", "help",
    )  # fmt: skip

    def __init__(
        self, query: Query | None, run: FocusRun | None = None, *, first: str = ""
    ) -> None:
        super().__init__("")
        self._first = first
        self.list_query = query or Query()
        self._resumed = run is not None
        self.run = run or FocusRun(self.list_query.text)
        self._line = Bar(id="focus-line")
        self._since = 0

    def compose(self) -> ComposeResult:
        yield self._line
        yield from super().compose()

    @property
    def _runs(self) -> FocusRuns:
        return FocusRuns(home() / "focus")

    # ------------------------------------------------------------------ what comes

    @override
    def begin(self) -> None:
        self.run_worker(self._begin(), group="begin")

    async def _begin(self) -> None:
        await self.session.read(_nothing)
        if self._resumed:
            await self._go_on()
            return
        self.run = await asyncio.to_thread(self._runs.load, self.run.text, self.session.now())
        if self.list_query.text == MINE:
            await self._take_up()
        first = self._first or self.run.current
        kept = await self.session.get(first) if first else None
        if kept is None or kept.entry.state.status != "pending" or self.run.passed(first):
            first = self.run.current = ""
        if self.run.done or self.run.skipped:
            tell(self, "Going on where you were; backspace begins anew.", "information")
        await self._go_on(first)

    async def _take_up(self) -> None:
        """Goes on with a run that was cut off: its claim is what the list of one's own shows."""
        cut = await asyncio.to_thread(self._runs.cut_off, self.session.now())
        if cut is None or self._first not in ("", cut.current):
            return
        held = await self.session.get(cut.current)
        state = held.entry.state if held is not None else None
        if (
            state is not None
            and state.lease_owner == self.session.actor.id
            and state.leased(self.session.now())
        ):
            self.run, self.list_query = cut, parse(cut.text)
            list_ = f"the list {cut.text}" if cut.text else "all lists"
            tell(self, f"Going on with the run over {list_}, which was cut off.", "information")

    async def _go_on(self, first: str = "") -> None:
        """Opens this one, or what comes next, or says that nothing does."""
        if not first:
            await self.run.look(self.session, self.list_query)
            first = self.run.following
        if first:
            self.open(first)
        else:
            await self.finish()

    @override
    def next_of(self, artifact_id: str, step: int) -> str | None:
        ahead = self.run.following if step > 0 else ""
        return ahead if ahead and ahead != artifact_id and not self.run.passed(ahead) else None

    @override
    async def _read_ahead(self) -> None:
        self.run.current = self.artifact_id
        self._since = self.session.now()
        await self.run.look(self.session, self.list_query)
        self.tell_line()
        await self._keep()
        await super()._read_ahead()

    @override
    def passes_over(self, opened: Opened) -> bool:
        """One that somebody else has just claimed is left to them."""
        refusal = opened.refusal
        if refusal is None or refusal.code is not Code.CLAIMED_BY:
            return False
        tell(self, f"{refusal.sentence} Going on.", "information")
        self.run.current = ""
        self.run_worker(self._go_on(), group="go-on", exclusive=True)
        return True

    @override
    def gone(self) -> None:
        self.run.skip(self.artifact_id)  # where it was tampered with it is pending for ever
        self.run.current = ""
        self.run_worker(self._go_on(), group="go-on", exclusive=True)

    @override
    def _on_change(self, changes: list[Change]) -> None:
        for change in changes:
            if change.event == "undone" and change.artifact_id in self.run.done:
                self.run.undone(change.artifact_id)
                if self.is_active and not self._deciding:  # what was taken back is wanted again
                    self.run_worker(self._leave_for(change.artifact_id), group="go-on")
                    return
        self._look()
        super()._on_change(changes)

    def _look(self) -> Worker[None]:
        look: Work = self._look_again  # called when it starts: one that is replaced never does
        return self.run_worker(look, group="look", exclusive=True)

    async def _look_again(self) -> None:
        before = self.run.following
        await self.run.look(self.session, self.list_query)
        self.tell_line()
        if self.run.following != before:
            await super()._read_ahead()

    # ------------------------------------------------------------------ what is done

    @override
    def decided(self, kind: Kind, opened: Opened) -> None:
        seconds = (self.session.now() - self._since) / 1e6
        self.run.decided(opened.id, kind.value, seconds)
        self.run.current = ""
        self.tell_line()

    @override
    async def finish(self) -> None:
        """The end, unless something has come meanwhile."""
        self.run.current = ""
        await self.run.look(self.session, self.list_query)
        if self.run.following:
            self.open(self.run.following)
            return
        await self._keep()
        from .focus_end import FocusEnd

        await self._let_go()
        self.app.switch_screen(FocusEnd(self.list_query, self.run))

    @override
    def action_door(self, name: str) -> None:
        if name == "focus":
            tell(self, "This is focus; esc leaves it, and f comes back here.", "information")
        else:
            super().action_door(name)

    def action_focus_skip(self) -> None:
        """Leaves the artifact for later."""
        if self.opened is not None and not self._deciding:
            self.run.skip(self.opened.id)
            self.run_worker(self._leave_for(""), group="go-on", exclusive=True)

    def action_focus_back(self) -> None:
        """Goes back to the one that was skipped last."""
        if self._deciding:
            return
        last = self.run.last_skipped()
        if not last:
            tell(self, "Nothing was skipped.", "information")
            return
        self.run_worker(self._leave_for(last), group="go-on", exclusive=True)

    def action_focus_restart(self) -> None:
        """Forgets the run."""
        self.run = FocusRun(self.run.text, current=self.run.current)
        tell(self, "Begun anew: nothing counted, nothing skipped.", "information")
        self._look()

    async def _leave_for(self, following: str) -> None:
        await self._let_go()
        self.run.current = ""
        await self._go_on(following)

    async def _let_go(self) -> None:
        opened, self.opened = self.opened, None
        if opened is not None and opened.claimed:
            await self.session.release(opened.id)

    async def _keep(self) -> None:
        try:
            await asyncio.to_thread(self._runs.save, self.run, self.session.now())
        except OSError as error:
            tell(self, f"The place cannot be kept: {error.strerror}.", "error")

    @override
    async def leave(self) -> None:
        await self._keep()
        await super().leave()

    # ------------------------------------------------------------------ what is said

    def tell_line(self) -> None:
        """Draws position and pace."""
        self._line.show(*progress(self.run, self.size.width))


async def _nothing(_queue: object) -> None:
    """Waits for the queue to be open."""
