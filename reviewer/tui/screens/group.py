"""One group: what its keys do, and deciding on it as one operation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from ...actions import GUARDS, by_id
from ...domain.decision import Kind
from .. import guards
from ..deciding import why_not
from ..keymap import textual_bindings
from ..widgets.member_list import MemberList
from .group_view import GroupView
from .review_actions import here

if TYPE_CHECKING:
    from ...domain.views import Entry


class GroupScreen(GroupView):
    """A group on screen; decisions act on what is marked, else on all but the outliers."""

    PLACE = "group"
    BINDINGS: ClassVar[list[BindingType]] = [
        *textual_bindings("move", "decide", "group"),
        *here("back", "refresh"),
    ]

    # ------------------------------------------------------------------ keys

    def action_move(self, where: str) -> None:
        """Moves the cursor."""
        self.list.move(where)

    @on(MemberList.Opened)
    def _opened(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Opens the member under the cursor for review."""
        from .group_member import MemberScreen

        if self._busy:
            self.say(guards.SENDING)
        elif self.list.entry is not None:
            self.app.push_screen(MemberScreen(self.list.current, self.list.beside, self.done.add))

    def action_mark(self) -> None:
        """Marks the member, or takes an outlier in that was looked at; ends a range."""
        list, group = self.list, self.members
        entry = list.entry
        if group is None or entry is None:
            return
        if list.range_from is not None:
            self._mark_range()
            return
        id = entry.state.id
        if id in group.outliers and entry.state.digest not in list.looked:
            many = entry.writes > 1
            whole = (
                f"all of its {entry.writes} writes first (enter, ])" if many else "it first (enter)"
            )
            self.say(f"It stands out: look at {whole}; then space takes it in.")
            return
        if id in group.outliers and not len(list.marks):
            group.taken ^= {id}
        else:
            list.marks.toggle(entry)
        list.move("down")
        list.refresh()
        self.tell()

    def action_range(self) -> None:
        """Starts a range, or marks it."""
        if self.list.range_from is not None:
            self._mark_range()
        elif self.list.entry is not None:
            self.list.range_from = self.list.current
            self.list.refresh()
            self.say("Range: move, then v marks everything up to there; esc leaves.")

    def _mark_range(self) -> None:
        inside = self.list.inside
        self.list.range_from = None
        self._mark(inside)

    def action_mark_all(self) -> None:
        """Marks all that are alike or were taken in."""
        if self.members is not None:
            self._mark([entry.state.id for entry in self.members.aim(())])

    def _mark(self, ids: Sequence[str]) -> None:
        group = self.members
        if group is None:
            return
        fit = [id for id in ids if id not in group.outliers or id in group.taken]
        self.list.marks.add(group.entries[id] for id in fit)
        self.list.refresh()
        left = len(ids) - len(fit)
        self.say(f"{left:,} stand out and are not marked." if left else "")

    def action_clear_marks(self) -> None:
        """Takes all marks away."""
        self.list.marks.clear()
        self.list.refresh()
        self.tell()

    def action_group_sort(self) -> None:
        """Sorts by the next column."""
        if self.list.columns:
            self.list.sort_by = (self.list.sort_by + 1) % len(self.list.columns)
            self.list.put()
            self._tell_spreads()

    def action_group_turn(self) -> None:
        """Turns the order round."""
        self.list.downwards = not self.list.downwards
        self.list.put()

    def action_columns(self, step: int) -> None:
        """Columns further right, or left."""
        last = max(0, len(self.list.columns) - 1)
        self.list.first_column = max(0, min(self.list.first_column + step, last))
        self.list.refresh()

    def action_group_pane(self) -> None:
        """What is alike and how the rest spreads; where there is little room one of them."""
        wide = self.has_class("-wide") or self.has_class("-splendid")
        if self.has_class("-bare"):
            self.remove_class("-bare", "-spreads")
        elif wide or self.has_class("-spreads"):
            self.add_class("-bare")
        else:
            self.add_class("-spreads")
        self.call_after_refresh(self._note_shown)

    def action_refresh(self) -> None:
        """Reads the group anew."""
        self._read()

    def action_back(self) -> None:
        """Leaves what is going on: a range, marks, the reading, the group."""
        if self.list.range_from is not None:
            self.list.range_from = None
            self.list.refresh()
        elif len(self.list.marks):
            self.action_clear_marks()
        else:
            self.workers.cancel_group(self, "read")
            self.session.note_hidden()
            self.dismiss()

    # ------------------------------------------------------------------ deciding

    @property
    def aim(self) -> list[Entry]:
        """What a decision would touch."""
        marked = [entry.state.id for entry in self.list.marks]
        return self.members.aim(marked) if self.members is not None else []

    def refusal(self, kind: str) -> str:
        """Why nothing is decided now, or nothing."""
        action = by_id(kind)
        reason = guards.forbidden(action, self.session, None, 1)
        if reason:
            return f"{(action.label or kind).capitalize()}: {reason}."
        if self.members is None:
            return "The group is still being read."
        if kind == "edit":
            return "Many cannot be edited at once; enter opens one of them."
        if not self.is_drawn:
            self.session.note_hidden()
            return "The members are not on screen; make the window larger."
        if not self.session.shown_long_enough(*self.token):
            self._note_shown()
            return f"{kind.capitalize()}: {GUARDS['shown']}."
        aim = self.aim
        if not aim:
            return "All stand out: look at them (enter), then space takes them in."
        chosen, session = Kind(kind), self.session
        if all(why_not(session, chosen, entry) for entry in aim):
            return why_not(session, chosen, aim[0])
        return ""

    def action_decide(self, kind: str, advance: bool) -> None:
        """Decides the marked members, else all that are alike or were taken in."""
        if self._busy:
            self.say(guards.SENDING)
            return
        why = self.refusal(kind)
        if why:
            self.say(why)
            return
        self._busy = True
        self._run(partial(self._decide, kind, self.aim, advance), "decide")

    async def _decide(self, kind: str, entries: list[Entry], advance: bool) -> None:
        from .group_deciding import decide_group

        try:
            decided = await decide_group(self, kind, entries, self._rng)
        finally:
            self._busy = False
        if not self.is_there:
            return
        self.done |= decided
        self._changed |= decided
        self.list.marks.drop(decided)
        await self._compare()
        if decided and advance:
            self.list.go(0)
