"""Triage: what a person on call does with what breaches next.

Everything here moves an artifact or opens it; whether it is approved or rejected is decided where
it can be read.  A key acts on the row that was under the cursor, on screen for 250 ms, or on none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content

from ...actions import by_id
from ...domain.decision import Kind, Refusal
from ...untrusted import one_line, show_line
from .. import doors, guards
from ..copying import copy_menu
from ..deciding import Asks, decide, drafts, taking_its_time, tell
from ..due import moment
from ..keymap import textual_bindings
from ..kill_switch import ask_to_stop
from ..widgets.load_list import LoadList
from .left_once import asking
from .review_actions import here
from .triage_view import TriageView

if TYPE_CHECKING:
    from ...domain.views import Entry
    from ...policy.schedule import Duty
    from .dialogs.answers import Answer

NOBODY = "Nobody is on call for it: the policy's on_call says who is (F1). Escalate it?"


class TriageScreen(TriageView):
    """The load of the queues and what breaches next; here one opens, takes, hands on, pages."""

    PLACE = "triage"
    BINDINGS: ClassVar[list[BindingType]] = [
        *textual_bindings("move", "triage"),
        *here("back", "refresh"),
    ]

    _busy = False

    # ------------------------------------------------------------------ moving, opening

    def action_move(self, where: str) -> None:
        """Moves the cursor of the list that has the focus."""
        (self.load if self.on_queues else self.due).move(where)

    def action_open(self) -> None:
        """Opens the artifact under the cursor; on a queue lists only that one."""
        if self.on_queues:
            self._choose(self.load.queue)
        elif self._busy:
            tell(self, guards.SENDING)
        elif self.entry is not None:
            self.open_artifact(self.entry.state.id)

    @on(LoadList.Opened)
    def _queue_opened(self) -> None:
        self._choose(self.load.queue)

    def _choose(self, queue: str) -> None:
        self.remove_class("-queues")
        self.on_queues = False
        self.reader.choose(queue)
        self.call_after_refresh(self.due.focus)
        self.tell()
        self.call_after_refresh(self.note_shown)

    def open_artifact(self, artifact_id: str) -> None:
        """Opens an artifact; its neighbours are those in this list."""
        from .review import ReviewScreen

        self.hide()
        self.app.push_screen(ReviewScreen(artifact_id, self._beside))

    def _beside(self, from_id: str, step: int) -> str | None:
        """The artifact a step away from one in the list as it is now; the first if it has left."""
        rows = self.due.window.rows
        at = self.due.window.index_of(from_id)
        if at is None:
            return next((one.state.id for one in rows if one.state.id != from_id), None)
        return rows[at + step].state.id if 0 <= at + step < len(rows) else None

    def action_switch(self) -> None:
        """To the queues, or back to the list."""
        self.on_queues = not self.on_queues
        self.set_class(self.on_queues and self.folded, "-queues")
        # what is not displayed yet takes no focus; keys go by `on_queues` meanwhile
        self.call_after_refresh((self.load if self.on_queues else self.due).focus)
        self.call_after_refresh(self.note_shown)

    def action_all_queues(self) -> None:
        """Lists all queues."""
        if self.reader.queue:
            self._choose("")

    def action_copy(self) -> None:
        """Copies the artifact: as text, as JSON, its id or its permalink."""
        if self.entry is not None:
            copy_menu(self, self.entry)

    def action_refresh(self) -> None:
        """Reads everything anew."""
        self.reader.look_again()

    def action_back(self) -> None:
        """Back from the queues, from one queue to all, to the inbox."""
        if self.on_queues and self.folded:
            self.action_switch()
        elif self.reader.queue:
            self._choose("")
        else:
            self.hide()
            self.dismiss()

    def action_door(self, name: str) -> None:
        """Opens another screen on what is under the cursor."""
        self.hide()
        doors.open_door(self.app, name, None if self.on_queues else self.entry, None)

    def action_stop_agent(self) -> None:
        """Asks whether to stop the agent of what is under the cursor, or all."""
        entry = None if self.on_queues else self.entry
        ask_to_stop(self, entry.state.agent if entry is not None else "")

    # ------------------------------------------------------------------ claims

    def action_take_next(self) -> None:
        """Claims and opens the most urgent artifact that is free."""
        reason = guards.forbidden(by_id("take_next", "triage"), self.session, self.entry)
        if reason:
            tell(self, f"Next: {reason}.")
        elif not asking(self, "take"):
            self.start(self._take_next, "take", False)

    async def _take_next(self) -> None:
        claim = await self.session.claim_next(self.reader.where())
        if claim is None:
            tell(self, "Nothing here is free to take.", "information")
        else:
            self.open_artifact(claim.item.entry.state.id)

    def action_take_over(self) -> None:
        """Takes the claim over from whoever holds it, and opens it."""
        entry = self._ready("take_over")
        if entry is not None and not asking(self, "take"):
            self.start(partial(self._take_over, entry), "take", False)

    async def _take_over(self, entry: Entry) -> None:
        id = entry.state.id
        if self.session.held(id) is None:
            claim = await self.session.claim(id, take_over=True)
            if isinstance(claim, Refusal):
                tell(self, claim.sentence)
                return
        self.open_artifact(id)

    # ------------------------------------------------------------------ deciding

    def _ready(self, id: str) -> Entry | None:
        """The artifact that a key acts on; None where it must not act now, which is said."""
        action, entry = by_id(id, "triage"), self.entry
        word = (action.label or "to me").capitalize()
        if self._busy:
            tell(self, guards.SENDING)
            return None
        if self.on_queues:
            tell(self, f"{word}: tab goes to the artifacts first.")
            return None
        reason = guards.forbidden(action, self.session, entry)
        if not reason and entry is not None:
            reason = guards.unready(self.session, entry, self.is_drawn)
        if reason:
            tell(self, f"{word}: {reason}.")
            return None
        return entry

    def action_decide(self, kind: str, advance: bool) -> None:
        """Moves the artifact under the cursor: reassign, snooze, escalate."""
        entry = self._ready(kind)
        if entry is not None:
            self._decide_on(entry, Kind(kind), None, advance)

    def action_to_me(self) -> None:
        """Reassigns it to whoever sits here."""
        from .dialogs.answers import Answer

        me = self.session.actor.id
        entry = self._ready("to_me")
        if entry is not None:
            self._decide_on(entry, Kind.REASSIGN, lambda *_: _answered(Answer(to=me)), True)

    def _decide_on(
        self,
        entry: Entry,
        kind: Kind,
        asks: Asks | None,
        advance: bool,
        then: Callable[[], object] = lambda: None,
    ) -> None:
        self._busy = True
        self.start(partial(self._decide, entry, kind, asks, advance, then), "decide", False)

    async def _decide(
        self,
        entry: Entry,
        kind: Kind,
        asks: Asks | None,
        advance: bool,
        then: Callable[[], object],
    ) -> None:
        try:
            done = await decide(self, kind, [entry], advance=advance, asks=asks)
        finally:
            self._busy = False
        if done:
            then()
        self.reader.look_again()
        self.tell()

    # ------------------------------------------------------------------ paging

    def action_page(self) -> None:
        """Pages whoever is on call for it, after a confirm; this escalates it to them."""
        entry = self._ready("page")
        if entry is None:
            return
        duty = self.reader.duty(entry.state.queue)
        if duty is None:
            tell(self, NOBODY)
            self._decide_on(entry, Kind.ESCALATE, None, True)
            return
        answers: list[Answer] = []

        async def asks(*_: Any) -> Answer | None:
            answer = await self._ask_page(entry, duty)
            if answer is None:
                return None
            answers.append(answer)
            how = "paged" if answer.reasons else "escalated"
            said = answer.comment or f"{how} by {self.session.actor.id} from triage"
            return replace(answer, comment=said)

        def then() -> None:
            if self.session.config.pager:
                self._send_page(entry, answers[-1])

        self._decide_on(entry, Kind.ESCALATE, asks, not self.session.config.pager, then)

    async def _ask_page(self, entry: Entry, duty: Duty) -> Answer | None:
        from .dialogs.page import PageDialog

        state, session = entry.state, self.session
        pager = session.config.pager
        if pager:
            from ...effects.notify.pager import name_of

            pager = name_of(pager)
        until = moment(duty.until, session.now()) if duty.until is not None else ""
        what = Content.assemble(
            show_line(entry.title, 70, "bold"),
            (f"\n{state.risk} · ", "$quiet"),
            show_line(state.queue, 30, "$quiet"),
        )

        def keep(words: str) -> None:
            try:
                drafts().keep_comment(state.id, state.digest, "page", words, session.now())
            except OSError as error:
                tell(self, f"The draft cannot be kept: {error.strerror}.", "error")

        kept = drafts().comment(state.id, "page")
        dialog = PageDialog(what, duty.person, until, pager, draft=kept, keep=keep)
        return await self.app.push_screen_wait(dialog)

    def _send_page(self, entry: Entry, answer: Answer) -> None:
        """Runs the pager once; it goes on where this screen is left, and what came of it is said.

        The escalation is stored whatever the pager does.
        """
        from ...effects.notify.pager import send
        from ..paging import page_about

        session, app = self.session, self.app

        async def sending() -> None:
            with taking_its_time(session, f"paging {one_line(answer.to, 60)} …"):
                page = await page_about(entry, answer, session)
                sent = await send(session.config.pager, page)
            stays = "" if sent.ok else f" It is escalated to {page.to}."
            severity: Any = "information" if sent.ok else "error"
            said = one_line(f"{sent.sentence}{stays}", 400)
            app.notify(said, severity=severity, timeout=8 if sent.ok else 30, markup=False)

        app.run_worker(sending(), group="page", exit_on_error=False)


async def _answered(answer: Answer) -> Answer:
    return answer
