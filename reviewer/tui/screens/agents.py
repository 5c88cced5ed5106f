"""The agents under the policy: modes and whence, error budgets, promotions, the kill switch."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.content import Content

from ...actions import Action, by_id
from ...policy.promotion import AGAIN
from .. import doors, guards
from ..agent_rows import AgentRow, rows_of, since_of
from ..agent_words import agent_lines
from ..careful import carefully
from ..deciding import tell
from ..keymap import textual_bindings
from ..kill_switch import REFUSED, ask_to_stop, send
from ..policy_words import stopped_words
from ..widgets.agent_list import AgentList
from ..widgets.banner import Banner
from ..widgets.bar import Bar, Part
from ..widgets.footer import DeskFooter
from ..widgets.status_line import HEALTH, sitting_parts
from ..widgets.told import Told
from .left_once import asking, in_sight
from .live import LiveScreen
from .review_actions import here

if TYPE_CHECKING:
    from textual.worker import Worker

    from ...domain.governance import Cap, LedgerRow, Stop
    from ...domain.views import Change
    from ...queue import Queue
    from ..inbox_reader import Work

TICK = 0.5
RELOAD = 15.0
"""Seconds after which budgets are worked out anew: their windows move by themselves."""
LOOK_AGAIN = 0.5
"""Seconds between two reads while decisions keep coming in."""
FOOTER = (
    "stop_agent", "agents.resume", "agents.promotion", "agents.cap", "agents.versions",
    "agents.list", "help",
)  # fmt: skip
STYLE = """
AgentsScreen {
    layout: vertical;
    background: $background;

    #status, #footer { background: $surface; }
    #body { height: 1fr; layout: vertical; border-top: solid $border; }
    #agents { height: 1fr; }
    #about { height: 45%; border-top: solid $border; }
    &.-splendid #body { layout: horizontal; }
    &.-splendid #agents-pane { width: 62%; }
    &.-splendid #about { width: 1fr; height: 1fr; border-top: none; border-left: solid $border; }
    #agents-pane { height: 1fr; }
    &.-flat #about { display: none; }
    &.-flat.-about #about { display: block; height: 1fr; border-top: none; }
    &.-flat.-about #agents-pane { display: none; }
}
"""


class AgentsScreen(LiveScreen[None]):
    """One row for each agent's kind, and what is said of the one under the cursor."""

    PLACE = "agents"
    BINDINGS: ClassVar[list[BindingType]] = [
        *textual_bindings("move", "agents"),
        *here("back", "refresh"),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (100, "-wide"), (150, "-splendid")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (14, "-low"), (30, "-high")]
    AUTO_FOCUS = "#agents"
    CSS = STYLE

    def __init__(self, agent: str = "") -> None:
        super().__init__()
        self._first = agent
        self.versions = False
        self.stops: list[Stop] = []
        self._dirty = self._looking = False
        self.header = Bar(id="status")
        self.alarm = Banner(id="alarm")
        self.list = AgentList(id="agents")
        self.about = Told(id="about")
        self.footer = DeskFooter(id="footer")

    def compose(self) -> ComposeResult:
        yield self.header
        yield self.alarm
        with Container(id="body"):
            with Vertical(id="agents-pane"):
                yield self.list
            yield self.about
        yield self.footer

    def on_mount(self) -> None:
        self.session.note_hidden()
        self.list.empty = (Content.styled("Adding up what became of their work …", "$quiet"),)
        self.list.moved = self._moved
        self.hear(self._heard, self.tell)
        self.set_interval(TICK, self._tick)
        self.set_interval(RELOAD, self.look_again)
        self.look_again()
        self.tell()

    def on_screen_resume(self) -> None:
        self.look_again()

    def start(self, work: Work, group: str) -> Worker[None]:
        """Runs it in a worker; what goes wrong is said."""
        careful: Work = partial(carefully, self, work)
        return self.run_worker(careful, group=group)

    # ------------------------------------------------------------------ what is read

    def _heard(self, _changes: list[Change]) -> None:
        self.look_again()

    def look_again(self) -> None:
        """Reads everything anew; one read runs at a time."""
        self._dirty = True
        if not self._looking and self.is_active:
            self._looking = True
            self.start(self._look, "look")

    async def _look(self) -> None:
        session = self.session
        try:
            while self._dirty:
                self._dirty = False
                if session.governing.policy is None:
                    await session.governing.look()
                policy = session.governing.policy
                if policy is None:
                    self.list.empty = (Content("The policy in force cannot be read here."),)
                    self.list.refresh()
                    return
                now = session.now()
                since = since_of(policy, now)
                ledger: list[LedgerRow] = await session.read(partial(_ledger, since=since))
                caps: list[Cap] = await session.read(lambda queue: queue.caps())
                stops: list[Stop] = await session.read(lambda queue: queue.stops())
                made = await asyncio.to_thread(
                    rows_of, policy, ledger, caps, stops, now, versions=self.versions
                )
                if self.has_been_left:
                    return
                self._show(made, stops)
                await asyncio.sleep(LOOK_AGAIN)
        finally:
            self._looking = False

    def _show(self, rows: list[AgentRow], stops: list[Stop]) -> None:
        self.stops = stops
        self.list.empty = (
            Content.styled("No agent has done anything yet.", "bold"),
            Content.styled("Their modes and budgets stand here as soon as one submits.", "$quiet"),
        )
        self.list.show(rows)
        if self._first:
            at = [row.agent for row in rows]
            if self._first in at:
                self.list.go(at.index(self._first))
            self._first = ""
        everyone = [stop for stop in stops if stop.agent == "*"]
        self.alarm.say([("■", f"{stopped_words(stop)}.") for stop in everyone], alarm=True)
        self._moved()

    def _moved(self) -> None:
        self.about.tell(agent_lines(self.list.row, self.session.now()))
        self.tell()

    # ------------------------------------------------------------------ what is said

    def _tick(self) -> None:
        if in_sight(self):
            self._tell_footer()

    def tell(self) -> None:
        """Draws header and footer."""
        if not self.is_mounted or self.has_been_left:
            return
        session = self.session
        left = [
            Part("‹ ", "key", "screen.back", keep=90),
            Part("Agents", "brand", "screen.back", keep=90),
        ]
        rows = self.list.rows
        left.append(Part(f"  {len({row.agent for row in rows})}", "strong", keep=6))
        asked = len({(r.agent, r.kind) for r in rows if r.promotion is not None})
        spent = len({(r.agent, r.kind) for r in rows if r.spent})
        if self.stops:
            left.append(Part(f"   ■ {len(self.stops)} stopped", "bad", keep=10))
        if spent:
            words = "1 budget spent" if spent == 1 else f"{spent} budgets spent"
            left.append(Part(f"   ! {words}", "bad", keep=8))
        if asked:
            words = "1 promotion" if asked == 1 else f"{asked} promotions"
            left.append(Part(f"   ↑ {words} to decide", "warn", keep=7))
        word, style = HEALTH[session.connection]
        right = [Part(word, style, keep=9)]
        self.header.show(left, [*right, *sitting_parts(session)])
        self._tell_footer()

    def forbidden(self, action: Action) -> str:
        """Why an action is not possible now, or nothing."""
        reason = guards.forbidden(action, self.session, None)
        if reason:
            return reason
        row = self.list.row
        if action.id == "agents.resume" and not self.stops:
            return "nobody is stopped"
        if action.id in ("agents.cap", "agents.list", "agents.promotion") and row is None:
            return "there is no agent under the cursor"
        if action.id == "agents.promotion" and row is not None and row.promotion is None:
            return "no promotion is proposed for it"
        return ""

    def _tell_footer(self) -> None:
        actions = (by_id(id, "agents" if id != "help" else "global") for id in FOOTER)
        self.footer.serve(self.session, actions, self.forbidden)

    # ------------------------------------------------------------------ keys

    def action_move(self, where: str) -> None:
        """Moves in the pane that has the focus."""
        (self.about if self.focused is self.about else self.list).move(where)

    def action_switch(self) -> None:
        """To what is said of the agent, or back."""
        to_about = self.focused is not self.about
        self.set_class(to_about, "-about")
        self.call_after_refresh((self.about if to_about else self.list).focus)

    def action_back(self) -> None:
        """Back to the list, then to where one came from."""
        if self.focused is self.about:
            self.action_switch()
        else:
            self.dismiss()

    def action_refresh(self) -> None:
        """Reads everything anew."""
        self.look_again()

    def action_door(self, name: str) -> None:
        """Opens another screen."""
        doors.open_door(self.app, name, None, None)

    def action_agents_versions(self) -> None:
        """Tells the versions of an agent apart, or not."""
        self.versions = not self.versions
        self.look_again()

    def action_agents_list(self) -> None:
        """Lists in the inbox what waits of the agent under the cursor."""
        row = self.list.row
        if row is not None:
            name = row.agent.replace("\\", "\\\\").replace('"', '\\"')
            self.app.inbox.show_only(f'agent:"{name}"')  # type: ignore[attr-defined]
            for screen in reversed(self.app.screen_stack[1:]):
                screen.dismiss(None)

    def _ready(self, id: str) -> AgentRow | None:
        """The row that a key acts on; None where it must not act, which is said."""
        reason = self.forbidden(by_id(id))
        if reason:
            tell(self, f"{by_id(id).label.capitalize()}: {reason}.")
            return None
        return self.list.row

    def action_stop_agent(self) -> None:
        """Asks whether to stop the agent under the cursor, or all."""
        row = self.list.row
        ask_to_stop(self, row.agent if row is not None else "")

    def action_agents_resume(self) -> None:
        """Asks whether to let the stopped agent under the cursor go on, or all."""
        reason = self.forbidden(by_id("agents.resume"))
        row = self.list.row
        stop = row.stop if row is not None else None
        if stop is None:
            stop = next((one for one in self.stops if one.agent == "*"), None)
        if reason or stop is None:
            tell(self, f"Resume: {reason or 'put the cursor on an agent that is stopped'}.")
        elif not asking(self, "order"):
            self.start(partial(self._resume, stop), "order")

    async def _resume(self, stop: Stop) -> None:
        from .dialogs.governing import ResumeDialog

        if not await self.app.push_screen_wait(ResumeDialog(stop)):
            return
        actor = self.session.actor
        done = await send(self, "resuming …", lambda queue: queue.resume(stop.agent, actor))
        if done is not REFUSED:
            who = "All agents go on" if stop.agent == "*" else f"{stop.agent} goes on"
            tell(self, f"{who}.", "information")
            self.look_again()

    def action_agents_cap(self) -> None:
        """Asks for the most daring mode that is left to the agent's kind."""
        row = self._ready("agents.cap")
        if row is not None and not asking(self, "order"):
            self.start(partial(self._cap, row), "order")

    async def _cap(self, row: AgentRow) -> None:
        from .dialogs.governing import CapDialog

        answer = await self.app.push_screen_wait(CapDialog(row))
        if answer is not None:
            await self._set_cap(row, row.kind, answer.reasons[0], answer.comment)

    async def _set_cap(self, row: AgentRow, kind: str, mode: str, why: str) -> None:
        actor = self.session.actor
        done = await send(
            self, "setting the cap …",
            lambda queue: queue.set_cap(row.agent, kind, mode, why, actor),
        )  # fmt: skip
        if done is not REFUSED:
            what = "has no cap any more" if mode == "autonomous" else f"is at most {mode} now"
            tell(self, f"{row.agent} {row.kind} {what}.".replace("  ", " "), "information")
            self.look_again()

    def action_agents_promotion(self) -> None:
        """Asks whether a promotion that is proposed is lifted or declined."""
        row = self._ready("agents.promotion")
        if row is not None and not asking(self, "order"):
            self.start(partial(self._promote, row), "order")

    async def _promote(self, row: AgentRow) -> None:
        from .dialogs.governing import LIFT, PromotionDialog

        answer = await self.app.push_screen_wait(PromotionDialog(row))
        asked = row.promotion
        if answer is None or asked is None:
            return
        if answer.reasons[0] == LIFT:
            await self._set_cap(row, asked.kind, asked.mode, answer.comment)
            return
        agent, kind, actor = row.agent, asked.kind, self.session.actor
        done = await send(
            self, "declining …",
            lambda queue: queue.decline_promotion(agent, kind, answer.comment, actor),
        )  # fmt: skip
        if done is not REFUSED:
            tell(self, f"Declined: {agent} is not {asked.mode}. {AGAIN}", "information")
            self.look_again()


async def _ledger(queue: Queue, since: int) -> list[LedgerRow]:
    return await queue.ledger(since)
