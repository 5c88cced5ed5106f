"""The review's part about the policy: its ruling and why, what decisions need, who is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...domain.state import Mode, Status
from ..kill_switch import ask_to_stop
from ..policy_words import SHADOW_SENTENCE, stopped_words
from ..ruled import Ruled, ruled
from ..widgets.policy_part import PolicyPart, part_lines
from .first_frame import FirstFrame
from .left_once import LeftOnce

if TYPE_CHECKING:
    from ...domain.views import Item
    from ..opened import Opened
    from ..session import Session
    from ..widgets.banner import Banner
    from ..widgets.context_view import ContextView
    from ..widgets.precedents import Precedents
    from ..widgets.virtual_lines import VirtualLines


class ReviewPolicy(FirstFrame[None], LeftOnce[None]):
    """The third of the side panes, a banner above everything, and the kill switch."""

    opened: Opened | None
    context: ContextView
    precedents: Precedents
    part: PolicyPart
    standing: Banner
    _ruled: Ruled | None = None

    if TYPE_CHECKING:

        @property
        def session(self) -> Session: ...
        def tell_context(self) -> None: ...
        def give_room(self) -> None: ...
        def tell_footer(self) -> None: ...

    # ------------------------------------------------------------------ the side panes

    def action_policy_part(self) -> None:
        """Shows what the policy has to do with it in place of the context, or back."""
        to_part = not self.part.display
        self.turn_to(self.part if to_part else self.context)
        if to_part:
            self.give_room()

    def turn_to(self, pane: VirtualLines) -> None:
        """Shows one of the three in the side pane, with the focus where it was asked for."""
        side: tuple[VirtualLines, ...] = (self.context, self.precedents, self.part)
        was = self.focused
        for one in side:
            one.display = one is pane
        self.set_class(pane is self.part, "-part")
        if pane is not self.context:
            pane.focus()  # what is asked for is what the next keys are about
        elif was in side:
            self.context.focus()
        self.tell_context()

    def beyond(self) -> str:
        """Why the policy in force does not let it be approved any more, or nothing."""
        known, opened = self._ruled, self.opened
        there = known is not None and opened is not None and known.id == opened.id
        return f"{known.beyond}." if there and known is not None and known.beyond else ""

    # ------------------------------------------------------------------ the policy's part

    def tell_part(self) -> None:
        """Draws the policy's part anew; what is the same as before costs nothing."""
        opened = self.opened
        if opened is None or not self.part.display:
            return
        session, state = self.session, opened.item.entry.state
        governing = session.governing
        known = self._ruled if self._ruled is not None and self._ruled.id == opened.id else None
        against = governing.why_not("approve", state, session.actor)
        stop = governing.stop_of(state.agent)
        against = against or (known.beyond if known is not None else "")
        now = session.now()
        self.part.tell(part_lines(state, known, stop=stop, against=against, now=now))

    async def _read_ruling(self, item: Item) -> None:
        id = item.entry.state.id
        self._ruled = await ruled(self.session, item)
        if self.opened is not None and self.opened.id == id:
            self.tell_part()

    def _open_policy(self) -> None:
        from .policy import PolicyScreen

        self.app.push_screen(PolicyScreen())

    def tell_standing(self) -> None:
        """Says above everything that nothing of it is written, or that its agent is stopped."""
        if self.opened is None:
            return
        state = self.opened.item.entry.state
        stop = self.session.governing.stop_of(state.agent)
        told = [("◌", SHADOW_SENTENCE)] if state.mode is Mode.SHADOW else []
        if stop is not None and state.status is Status.PENDING:
            said = f"{stopped_words(stop)}. It cannot be approved; reject and the rest go on."
            told.append(("■", said))
        self.standing.say(told, alarm=stop is not None)

    def on_state(self) -> None:
        if self.is_mounted:
            self.tell_standing()
            self.tell_part()
            self.tell_footer()

    def action_stop_agent(self) -> None:
        """Asks whether to stop the agent of this artifact, or all."""
        ask_to_stop(self, self.opened.item.entry.state.agent if self.opened is not None else "")
