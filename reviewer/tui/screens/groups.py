"""Groups of near-identical proposals, the most numerous first; each is decided on as one."""

from __future__ import annotations

import asyncio
from functools import partial
from random import Random, SystemRandom
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from ...actions import by_id
from ...domain.errors import ReviewerError
from ...domain.query import Query
from ...untrusted import one_line, show_line
from ..keymap import textual_bindings
from ..widgets.bar import Bar, Part
from ..widgets.footer import DeskFooter
from ..widgets.group_list import GroupList
from .left_once import in_sight
from .live import LiveScreen
from .review_actions import here

if TYPE_CHECKING:
    from ...domain.views import Change, Group, Groups
    from ...queue import Queue
    from ..session import Session

MOST = 500
"""How many groups are listed."""
FEWEST = 2
"""Of fewer members it is no group."""
TICK = 0.5
CALM = 2.0
"""Seconds at least between two readings of a queue that goes on changing."""


class GroupsScreen(LiveScreen[None]):
    """The groups under a filter; live."""

    PLACE = "groups"
    BINDINGS: ClassVar[list[BindingType]] = [
        *textual_bindings("move", "groups"),
        *here("back", "refresh"),
    ]
    AUTO_FOCUS = "#groups"
    CSS = """
    GroupsScreen {
        background: $background;
        #line { background: $panel; }
        #footer { background: $surface; }
    }
    """

    def __init__(self, query: Query | None = None, rng: Random | None = None) -> None:
        super().__init__()
        self.query_read = query or Query()
        self._rng = rng or SystemRandom()
        self._dirty = False
        self._read = False
        self._looked_at = 0.0
        self._sentences: dict[str, str] = {}
        self._alone = 0
        self.line = Bar(id="line")
        self.list = GroupList(id="groups")
        self.footer = DeskFooter(id="footer")

    def compose(self) -> ComposeResult:
        yield self.line
        yield self.list
        yield self.footer

    def on_mount(self) -> None:
        self.session.note_hidden()
        self.list.empty = [Content.styled("Looking for what is alike …", "$quiet")]
        self.list.sentences = self._sentences
        self.hear(self._on_change, self._tell)
        self.set_interval(TICK, self._tick)
        self._tell()
        self._look()

    def on_screen_resume(self) -> None:
        self.session.note_hidden()
        if self._read:
            self._look()

    # ------------------------------------------------------------------ reading

    def _time(self) -> float:
        return asyncio.get_running_loop().time()

    def _look(self) -> None:
        self._dirty, self._looked_at = False, self._time()
        self.run_worker(self._reading(), group="groups", exclusive=True)

    async def _reading(self) -> None:
        try:
            found = await self.session.read(
                partial(_groups, query=self.query_read, session=self.session)
            )
        except ReviewerError as error:
            self.notify(one_line(str(error), 300), severity="error", markup=False)
            return
        if not self.is_there:
            return
        self._read = True
        groups = [group for group in found.groups if group.number >= FEWEST]
        self._alone = len(found.groups) - len(groups)
        self.list.empty = self._empty_lines()
        self.list.show(groups, found.exact, self.session.now())
        self._tell()
        await self._say_what(groups)

    async def _say_what(self, groups: list[Group]) -> None:
        """Reads one member of each group to say what they do, those on screen first."""
        from ...shapes import sentence, shape_of

        for group in groups:
            if group.shape in self._sentences:
                continue
            item = await self.session.get(group.first.state.id)
            if not self.is_there:
                return
            if item is not None:
                shape = shape_of(item.artifact, group.first.reasons)
                self._sentences[group.shape] = sentence(shape)
                self.list.refresh()

    def _on_change(self, _changes: list[Change]) -> None:
        self._dirty = True

    def _tick(self) -> None:
        if not in_sight(self):
            return
        if self.is_active and self._dirty and self._time() - self._looked_at >= CALM:
            self._look()
        self.list.tick(self.session.now())
        self._tell()

    @property
    def is_there(self) -> bool:
        """Whether it has not been left; work that waited for the queue may end after that."""
        return self.is_running and self.is_attached

    # ------------------------------------------------------------------ keys

    def action_move(self, where: str) -> None:
        """Moves the cursor."""
        self.list.move(where)

    @on(GroupList.Opened)
    def _opened(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Opens the group under the cursor."""
        from .group import GroupScreen

        group = self.list.group
        if group is not None:
            what = self._sentences.get(group.shape, "")
            self.app.push_screen(GroupScreen(group, self.query_read, what, self._rng))

    def action_refresh(self) -> None:
        """Reads the groups anew."""
        self._look()

    def action_back(self) -> None:
        """Back to the list."""
        self.dismiss()

    # ------------------------------------------------------------------ what it says

    def _empty_lines(self) -> list[Content]:
        if self._alone:
            told = "Nothing here is alike"
            number = "one artifact" if self._alone == 1 else f"{self._alone:,} artifacts"
            what = f"{number}, each of its own shape · f goes through them one by one"
        else:
            told, what = "Nothing waits here", "esc goes back to the list"
        return [
            Content.styled(f"{told}.", "bold"),
            Content.styled(what, "$quiet"),
            Content(""),
            Content("Artifacts of one agent and kind that change the same fields of the same sort"),
            Content("of resource for the same reasons make a group. It is shown once, with only"),
            Content("what varies, and who stands out is kept apart; then all are decided as one."),
        ]

    def _tell(self) -> None:
        if not self.is_there:
            return
        members = sum(group.number for group in self.list.groups)
        more = "" if self.list.exact else "+"
        left = [Part("‹ Inbox  ", "quiet", "screen.back", 3), Part("Groups  ", "strong", keep=9)]
        if self.query_read.text:
            left.append(Part(show_line(self.query_read.text, 60), "quiet", keep=4))
        right = []
        if self._read:
            found = len(self.list.groups)
            words = "1 group" if found == 1 else f"{found:,} groups"
            right = [Part(f"{words}  {members:,}{more} artifacts ", keep=7)]
            if self._alone:
                right.insert(0, Part(f"{self._alone:,} alone  ", "quiet", keep=2))
        self.line.show(left, right)
        empty = not self.list.groups
        self.footer.serve(
            self.session,
            [by_id("open", "groups"), by_id("back"), by_id("help")],
            lambda action: "nothing to open" if empty and action.id == "open" else "",
        )


async def _groups(queue: Queue, query: Query, session: Session) -> Groups:
    return await queue.groups(query, session.actor, limit=MOST)
