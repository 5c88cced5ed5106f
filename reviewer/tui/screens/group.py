"""One group: what all share once, only what varies by column, who stands out on top."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.worker import Worker

from ...actions import GUARDS, Action, by_id
from ...domain.errors import ReviewerError
from ...untrusted import one_line
from .. import guards
from ..deciding import tell
from ..group_members import GroupMembers, query_of, read_all, read_group
from ..group_words import spread_lines, template_lines
from ..keymap import textual_bindings
from ..looked import looked
from ..widgets.bar import Bar
from ..widgets.footer import DeskFooter
from ..widgets.member_list import MemberList
from ..widgets.told import Told
from .group_head import head, what_line
from .left_once import LeftOnce
from .review_actions import here

if TYPE_CHECKING:
    from ...domain.query import Query
    from ...domain.views import Change, Count, Entry, Group
    from ...queue import Queue
    from ..session import Session

TICK = 0.5
FOOTER = (
    "approve", "reject", "respond", "mark", "open", "group.sort", "group.pane", "reassign",
    "snooze", "escalate", "help",
)  # fmt: skip
STYLE = """
GroupScreen {
    background: $background;
    #line, #what { background: $panel; }
    #footer { background: $surface; }
    #body { height: 1fr; }
    #template { height: auto; max-height: 36%; border-bottom: solid $border; }
    #members { height: 1fr; }
    #spreads { width: 34; border-left: solid $border; }
    &.-splendid #spreads { width: 46; }
    &.-narrow #body, &.-tiny #body { layout: vertical; }
    &.-narrow #main, &.-tiny #main { height: 1fr; }
    &.-narrow #spreads, &.-tiny #spreads {
        display: none; width: 100%; height: 40%; border-left: none; border-top: solid $border;
    }
    &.-narrow.-spreads #spreads, &.-tiny.-spreads #spreads { display: block; }
    &.-narrow.-spreads #template, &.-tiny.-spreads #template { display: none; }
    &.-low #template { max-height: 5; }
    &.-flat #template, &.-flat #spreads { display: none; }
    &.-bare #template, &.-bare #spreads { display: none; }
}
"""


class GroupScreen(LeftOnce[None]):
    """Reads a group, keeps it true, and decides on it as one operation."""

    PLACE = "group"
    BINDINGS: ClassVar[list[BindingType]] = [
        *textual_bindings("move", "decide", "group"),
        *here("back", "refresh"),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (100, "-wide"), (160, "-splendid")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (14, "-low"), (24, "-high")]
    AUTO_FOCUS = "#members"
    CSS = STYLE

    def __init__(self, group: Group, query: Query, what: str, rng: Random) -> None:
        super().__init__()
        self.group, self.list_query, self.what, self._rng = group, query, what, rng
        self.members: GroupMembers | None = None
        self.newer = 0
        self.progress = ""
        self._notice = ""
        self._busy = False
        self.done: set[str] = set()
        self._said: set[str] = set()
        self._changed: set[str] = set()
        self._came = False
        self._stops: list[Callable[[], None]] = []
        self.line = Bar(id="line")
        self.what_line = Bar(id="what")
        self.template = Told(id="template")
        self.list = MemberList(id="members")
        self.spreads = Told(id="spreads")
        self.footer = DeskFooter(id="footer")

    @property
    def session(self) -> Session:
        """The sitting that all screens share."""
        session: Session = self.app.session  # type: ignore[attr-defined]
        return session

    def compose(self) -> ComposeResult:
        yield self.line
        yield self.what_line
        with Horizontal(id="body"):
            with Vertical(id="main"):
                yield self.template
                yield self.list
            yield self.spreads
        yield self.footer

    def on_mount(self) -> None:
        self.session.note_hidden()
        self.list.looked = looked(self.session)
        self.list.moved = self._moved
        self._stops = [
            self.session.on_change(self._on_change),
            self.session.on_state(self.tell),
        ]
        self.set_interval(TICK, self._tick)
        self._read()

    def on_unmount(self) -> None:
        for stop in self._stops:
            stop()

    def on_screen_resume(self) -> None:
        self.list.refresh()
        self._note_shown()
        self.tell()

    def on_resize(self) -> None:
        """With other room the members may be on screen, or not any more."""
        self.call_after_refresh(self._note_shown)

    # ------------------------------------------------------------------ reading

    def _run(self, work: Callable[[], object], group: str) -> Worker[None]:
        return self.run_worker(partial(self._careful, work), group=group, exclusive=True)

    async def _careful(self, work: Callable[[], object]) -> None:
        """Runs it; what goes wrong is said, and the desk goes on."""
        try:
            await work()  # type: ignore[misc]
        except ReviewerError as error:
            tell(self, str(error), "error")

    def _read(self) -> None:
        self._came, self.newer = False, 0
        self._changed.clear()
        self._run(self._reading, "read")

    async def _reading(self) -> None:
        found = await read_group(
            self.session, self.list_query, self.group.shape, self._tell_progress
        )
        self.progress = ""
        if found is None:
            tell(self, "Nobody is left in this group.", "information")
            self.dismiss()
            return
        old = self.members
        self.members = found
        if old is not None:
            found.taken = {id for id in old.taken if id in found.outliers} - found.gone.keys()
            self._unmark(set(old.entries) - set(found.entries), "gone from the group:")
        self._arrange()
        self.call_after_refresh(self._note_shown)

    def _tell_progress(self, doing: str, done: int, total: int) -> None:
        if self.is_mounted:
            of = f" of {total:,}" if total else ""
            self.progress = f"{doing} {done:,}{of} … esc stops"
            self.tell()

    def _arrange(self) -> None:
        assert self.members is not None
        self.list.show(self.members)
        self.template.tell(template_lines(self.members.analysis))
        self._tell_spreads()
        self.tell()

    def _tell_spreads(self) -> None:
        if self.members is not None:
            self.spreads.tell(spread_lines(self.members.analysis, self.list.sorted_by))

    # ------------------------------------------------------------------ what happens meanwhile

    def _on_change(self, changes: list[Change]) -> None:
        group = self.members
        if group is None:
            return
        mine = {change.artifact_id for change in changes} & group.entries.keys()
        self._came |= len(mine) < len({change.artifact_id for change in changes})
        if any(c.event == "undone" and c.artifact_id in mine for c in changes):
            self.done.clear()
            self._said.clear()
            self._read()  # who was decided is a member again, under another revision
            return
        self._changed |= mine
        if not self._busy:
            self._look_after()

    def _look_after(self) -> None:
        if self._changed:
            self._run(self._compare, "compare")

    async def _compare(self) -> None:
        """Who changed, was claimed by somebody else or decided drops out, and it is said."""
        group = self.members
        ids = sorted(self._changed)
        if group is None or not ids:
            return
        now = await read_all(self.session, ids)
        if group is not self.members:
            return
        self._changed -= set(ids)
        session = self.session
        dropped = group.drop(now, session.actor.id, session.now())
        self._unmark(set(dropped), "")
        told = {id: why for id, why in dropped.items() if id not in self.done | self._said}
        if told:
            number = "1 member drops" if len(told) == 1 else f"{len(told):,} members drop"
            reason = next(iter(told.values()))
            tell(self, f"{number} out: {reason}.")
        gone = group.gone.items()
        self.done &= {id for id, why in gone if not why.startswith("claimed by")}
        self.list.put()
        self._note_shown()
        self.tell()

    def note_dropped(self, ids: set[str]) -> None:
        """These were found to have changed; it has been said."""
        self._said |= ids
        self._changed |= ids

    def _unmark(self, ids: set[str], why: str) -> None:
        number = self.list.marks.drop(ids)
        if number and why:
            tell(self, f"{why} {number:,} marks taken away.")

    def _tick(self) -> None:
        if not self.is_active:
            return
        if self._came and self.members is not None and not self._busy:
            self._came = False
            self._run(self._count, "count")
        self.tell()

    async def _count(self) -> None:
        group = self.members
        count = await self.session.read(
            partial(_count, query=query_of(self.list_query, self.group.shape), session=self.session)
        )
        if group is not None and group is self.members:
            self.newer = max(0, count.number - sum(id not in group.gone for id in group.entries))
            self.tell()

    # ------------------------------------------------------------------ on screen

    @property
    def token(self) -> tuple[str, str]:
        """What is on screen, as the session keeps it: the group, and a digest of its members."""
        seal = hashlib.sha256()
        if self.members is not None:
            for id, entry in self.members.entries.items():
                gone = id in self.members.gone
                seal.update(f"{id} {entry.state.revision} {entry.state.digest} {gone}\n".encode())
        return f"group {self.group.shape}", seal.hexdigest()

    @property
    def is_drawn(self) -> bool:
        """Whether at least one member is within the screen."""
        first, end = guards.drawn_lines(self.list)
        return end - max(first, self.list.HEAD) > 0

    def _note_shown(self) -> None:
        if not self.is_active:
            return
        if self.members is not None and self.is_drawn:
            self.session.note_shown(*self.token)
        else:
            self.session.note_hidden()

    # ------------------------------------------------------------------ keys

    def action_move(self, where: str) -> None:
        """Moves the cursor."""
        self.list.move(where)

    def _moved(self) -> None:
        if self.list.range_from is not None:
            self.list.refresh()
        if self.is_mounted:
            self.what_line.show(*what_line(self))

    @on(MemberList.Opened)
    def _opened(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Opens the member under the cursor for review."""
        from .group_member import MemberScreen

        if self._busy:
            self.say(guards.SENDING)
        elif self.list.entry is not None:
            self.app.push_screen(MemberScreen(self.list.current, self.list.beside))

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
            self.say("It stands out: look at it first (enter); then space takes it in.")
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

    def why_not(self, kind: str) -> str:
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
        if not self.aim:
            return "All stand out: look at them (enter), then space takes them in."
        return ""

    def action_decide(self, kind: str, advance: bool) -> None:
        """Decides the marked members, else all that are alike or were taken in."""
        if self._busy:
            self.say(guards.SENDING)
            return
        why = self.why_not(kind)
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
        self.done |= decided
        self._changed |= decided
        self.list.marks.drop(decided)
        await self._compare()
        if decided:
            self.list.go(0)
        group = self.members
        if decided and advance and group is not None and not (group.alike or group.standing_out):
            self.dismiss()

    # ------------------------------------------------------------------ what it says

    def say(self, sentence: str) -> None:
        """Says something in the footer, for a while."""
        self._notice = sentence
        self.set_timer(4, partial(self._quiet, sentence))
        self.tell()

    def _quiet(self, sentence: str) -> None:
        if self._notice == sentence:
            self._notice = ""
            self.tell()

    def tell(self) -> None:
        """Draws head and footer."""
        if not self.is_mounted:
            return
        self.line.show(*head(self, self.session.now()))
        self.what_line.show(*what_line(self))
        if self.members is None:
            self.list.empty = [Content.styled(self.progress or "Reading the group …", "$quiet")]
            self.list.refresh()
        session, undoable = self.session, self.session.undoable
        undo = ""
        if undoable is not None:
            seconds = -(-(undoable.effective_at - session.now()) // 1_000_000)
            undo = f"{one_line(undoable.sentence, 60)} · u undo {seconds} s "
        offline = session.trouble if session.connection == "offline" else ""
        self.footer.tell(
            [by_id(id, "group" if id in ("mark", "open") else "") for id in FOOTER],
            session.config.keymap,
            self._forbidden,
            undo=undo,
            notice=self._notice or session.sending or offline,
        )

    def _forbidden(self, action: Action) -> str:
        entry = self.list.entry
        marked = len(self.list.marks)
        decides = action.scope == "decide" and self.members is not None
        many = self.members.number(marked) if decides and self.members is not None else marked
        return guards.forbidden(action, self.session, entry, many)


async def _count(queue: Queue, query: Query, session: Session) -> Count:
    return await queue.count(query, session.actor)
