"""What one group shows: what all share once, what varies by column, who stands out; kept true."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.worker import Worker

from ...actions import Action, by_id
from ...domain.errors import ReviewerError
from .. import guards
from ..deciding import tell
from ..group_members import GroupMembers, as_they_are, query_of, read_group
from ..group_words import spread_lines, template_lines
from ..looked import looked
from ..widgets.bar import Bar
from ..widgets.footer import DeskFooter
from ..widgets.member_list import MemberList
from ..widgets.told import Told
from .group_head import head, what_line
from .left_once import in_sight
from .live import LiveScreen

if TYPE_CHECKING:
    from ...domain.query import Query
    from ...domain.views import Change, Count, Group
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


class GroupView(LiveScreen[None]):
    """Reads a group and keeps it true; what keys do is `GroupScreen`'s."""

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
        self.line = Bar(id="line")
        self.what_line = Bar(id="what")
        self.template = Told(id="template")
        self.list = MemberList(id="members")
        self.spreads = Told(id="spreads")
        self.footer = DeskFooter(id="footer")

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
        self.hear(self._on_change, self.tell)
        self.set_interval(TICK, self._tick)
        self._read()

    def on_screen_resume(self) -> None:
        self.close_when_empty()
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
        if not self.is_there:
            return
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
        if self.is_there:
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
        now = await as_they_are(self.session, self.list_query, self.group.shape, ids)
        if group is not self.members or not self.is_there:
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
        self.close_when_empty()
        self._note_shown()
        self.tell()

    def close_when_empty(self) -> None:
        """Leaves where nobody is left to decide on; not while something is open over it."""
        group = self.members
        if group is None or group.alike or group.standing_out or not self.is_active or self._busy:
            return
        if not self._changed:
            self.session.note_hidden()
            self.dismiss()

    def note_dropped(self, ids: set[str]) -> None:
        """These were found to have changed; it has been said."""
        self._said |= ids
        self._changed |= ids

    def _unmark(self, ids: set[str], why: str) -> None:
        number = self.list.marks.drop(ids)
        if number and why:
            tell(self, f"{why} {number:,} marks taken away.")

    def _tick(self) -> None:
        came = self._came and self.members is not None and not self._busy
        if came and self.is_active:
            self._came = False
            self._run(self._count, "count")
        if in_sight(self):
            self.tell()

    async def _count(self) -> None:
        group = self.members
        count = await self.session.read(
            partial(_count, query=query_of(self.list_query, self.group.shape), session=self.session)
        )
        if group is not None and group is self.members and self.is_there:
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

    @property
    def is_there(self) -> bool:
        """Whether it has not been left; work that waited for the queue may end after that."""
        return self.is_running and self.is_attached

    def _note_shown(self) -> None:
        if not self.is_there or not self.is_active:
            return
        if self.members is not None and self.is_drawn:
            self.session.note_shown(*self.token)
        else:
            self.session.note_hidden()

    # ------------------------------------------------------------------ what it says

    def _moved(self) -> None:
        if self.list.range_from is not None:
            self.list.refresh()
        if self.is_there:
            self.what_line.show(*what_line(self))

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
        if not self.is_there:
            return
        self.line.show(*head(self, self.session.now()))
        self.what_line.show(*what_line(self))
        if self.members is None:
            self.list.empty = [Content.styled(self.progress or "Reading the group …", "$quiet")]
            self.list.refresh()
        actions = (by_id(id, "group" if id in ("mark", "open") else "") for id in FOOTER)
        self.footer.serve(self.session, actions, self._forbidden, notice=self._notice)

    def _forbidden(self, action: Action) -> str:
        entry = self.list.entry
        marked = len(self.list.marks)
        decides = action.scope == "decide" and self.members is not None
        many = self.members.number(marked) if decides and self.members is not None else marked
        return guards.forbidden(action, self.session, entry, many)


async def _count(queue: Queue, query: Query, session: Session) -> Count:
    return await queue.count(query, session.actor)
