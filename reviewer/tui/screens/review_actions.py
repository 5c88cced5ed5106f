"""What the keys of the review screen do, decisions aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content

from ...actions import Action, by_id
from ...domain.decision import Kind, Refusal
from ...untrusted import show_line
from .. import doors, guards
from ..deciding import tell
from ..keymap import textual_bindings
from ..widgets.artifact_header import QUIET, ArtifactHeader
from ..widgets.context_view import ContextView
from ..widgets.diff_view import DiffView
from ..widgets.escalations import Escalations
from ..widgets.precedents import Precedents
from ..widgets.title import Title
from ..widgets.virtual_lines import VirtualLines
from ..widgets.writes_tree import WritesTree, label
from .left_once import in_sight
from .review_context import ReviewContext

if TYPE_CHECKING:
    from ...domain.views import Entry, Item
    from ..opened import Opened
    from ..session import Session
    from ..widgets.footer import DeskFooter

_MAXIMISED = {"tree": "-max-tree", "diff": "-max-diff", "context": "-max-context"}


def here(*ids: str) -> list[BindingType]:
    """Bindings of global actions that a screen carries out itself."""
    return [
        bound
        for bound in textual_bindings("global")
        if isinstance(bound, Binding) and bound.id in ids
    ]


class ReviewActions(ReviewContext):
    """The part of the review screen that moves, folds, marks and shows."""

    PLACE = "review"
    FOOTER: ClassVar[tuple[str, ...]] = (
        "approve", "edit", "reject", "respond", "reassign", "next_change", "next_write",
        "whitespace", "split", "viewed", "help",
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        *textual_bindings("move", "decide", "review"),
        *here("back", "refresh"),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (100, "-wide"), (160, "-splendid")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (14, "-low"), (30, "-high")]

    opened: Opened | None
    header: ArtifactHeader
    index: int
    artifact_id: str
    _ahead: Opened | None
    writes_tree: WritesTree
    diff: DiffView
    context: ContextView
    precedents: Precedents
    reasons: Escalations
    footer: DeskFooter

    if TYPE_CHECKING:

        def open(self, artifact_id: str, *, since: Item | None = None) -> None: ...
        async def leave(self) -> None: ...
        def _note_shown(self) -> None: ...
        def show_write(self, index: int) -> None: ...
        def note_lines(self) -> None: ...
        def refusal(self, kind: Kind) -> str: ...

    @property
    def session(self) -> Session:
        """The sitting that all screens share."""
        session: Session = self.app.session  # type: ignore[attr-defined]
        return session

    @property
    def aim(self) -> list[Entry]:
        """What a decision would be about."""
        return [self.opened.item.entry] if self.opened is not None else []

    @property
    def is_drawn(self) -> bool:
        """Whether at least a line of the diff is within the screen."""
        first, end = guards.drawn_lines(self.diff)
        return end > first

    def on_resize(self) -> None:
        """With other room the diff may be on screen, or not any more."""
        self._note_shown()

    @on(ArtifactHeader.Back)
    def _clicked_back(self) -> None:
        self.run_worker(self.leave(), group="leave", exclusive=True)

    # ------------------------------------------------------------------ panes and moving

    @property
    def pane(self) -> VirtualLines:
        """The pane that has the focus; the diff without one."""
        return self.focused if isinstance(self.focused, VirtualLines) else self.diff

    def _panes(self) -> list[VirtualLines]:
        side: list[VirtualLines] = [self.context, self.precedents, self.part]
        found: list[VirtualLines] = [self.writes_tree, self.diff, *side, self.reasons]
        return [pane for pane in found if pane.region and pane.display]

    def action_move(self, where: str) -> None:
        """Moves the cursor of the pane."""
        self.pane.move(where)

    def action_next_pane(self) -> None:
        """Gives the focus to the next pane."""
        self._step_pane(1)

    def action_previous_pane(self) -> None:
        """Gives the focus to the pane before."""
        self._step_pane(-1)

    def _step_pane(self, step: int) -> None:
        panes = self._panes()
        at = panes.index(self.pane) if self.pane in panes else 0
        panes[(at + step) % len(panes)].focus()

    def action_scroll_left(self) -> None:
        """Scrolls long lines back."""
        self.pane.scroll_sideways(-16)

    def action_scroll_right(self) -> None:
        """Scrolls long lines on."""
        self.pane.scroll_sideways(16)

    def action_maximise(self) -> None:
        """Gives the pane all the room, or takes it back."""
        kind = "diff"
        if self.pane is self.writes_tree:
            kind = "tree"
        elif self.pane in (self.context, self.precedents, self.part):
            kind = "context"
        name = _MAXIMISED[kind]
        on = not self.has_class(name)
        self.remove_class(*_MAXIMISED.values())
        self.set_class(on, name)
        self._note_shown()

    # ------------------------------------------------------------------ the diff

    def action_next_change(self) -> None:
        """The next change, in the next write where there is none in this; or the next found."""
        if self.step_search(1) or self.diff.next_change():
            return
        if not self._step_write(1):
            tell(self, "That was the last change.", "information")

    def action_previous_change(self) -> None:
        """The change before, in the write before where there is none in this; or found before."""
        if self.step_search(-1) or self.diff.previous_change():
            return
        if self._step_write(-1):
            self.diff.last_change()
        else:
            tell(self, "That is the first change.", "information")

    def action_next_write(self) -> None:
        """The next write."""
        if not self._step_write(1):
            tell(self, "That was the last write.", "information")

    def action_previous_write(self) -> None:
        """The write before."""
        if not self._step_write(-1):
            tell(self, "That is the first write.", "information")

    def _step_write(self, step: int) -> bool:
        total = len(self.opened.item.artifact.writes) if self.opened else 0
        if not 0 <= self.index + step < total:
            return False
        self.note_lines()
        self.show_write(self.index + step)
        return True

    def action_more_context(self) -> None:
        """More unchanged lines around changes."""
        self.diff.widen_context(True)

    def action_less_context(self) -> None:
        """Fewer unchanged lines around changes."""
        self.diff.widen_context(False)

    def action_whitespace(self) -> None:
        """Ignores changes of whitespace, or shows them again."""
        self.diff.ignoring = not self.diff.ignoring

    def action_split(self) -> None:
        """Side by side or unified."""
        self.diff.split = not self.diff.split
        if self.diff.split and not self.diff.is_split:
            tell(self, "Side by side needs more room; + gives the pane all of it.", "information")

    def action_wrap(self) -> None:
        """Wraps long lines, or scrolls them."""
        self.diff.wrapped = not self.diff.wrapped

    def action_viewed(self) -> None:
        """Marks this write as seen, or takes the mark back; goes on to the next."""
        if self.opened is None or not self.opened.digests:
            return
        digest = self.opened.digests[self.index]
        viewed = not self.session.is_viewed(digest)
        self.session.mark_viewed(digest, viewed)
        self.writes_tree.remark()
        if not viewed or not self._step_write(1):
            self.tell_titles()

    def mark_of(self, index: int) -> str:
        """The mark of a write in the tree."""
        if self.opened is None:
            return ""
        if self.session.is_viewed(self.opened.digests[index]):
            return "viewed"
        return "flagged" if index in self.opened.flagged else ""

    # ------------------------------------------------------------------ the rest

    def action_take_over(self) -> None:
        """Takes the claim over from whoever holds it."""
        self.run_worker(self._take_over(), group="take", exclusive=True)

    async def _take_over(self) -> None:
        if self.opened is None or self.opened.claimed:
            tell(self, "It is yours already.", "information")
            return
        claim = await self.session.claim(self.opened.id, take_over=True)
        if isinstance(claim, Refusal):
            tell(self, claim.sentence)
            return
        self.open(self.opened.id)

    def action_door(self, name: str) -> None:
        """Opens another screen on this artifact; focus takes the place of this one."""
        entry = self.opened.item.entry if self.opened else None
        if name == "focus" and len(self.app.screen_stack) > 2:
            tell(self, "Focus starts from the list; esc goes back.", "information")
        elif name == "focus":
            from .focus import FocusScreen

            query = self.app.inbox.reader.feed.query  # type: ignore[attr-defined]
            self.app.switch_screen(FocusScreen(query, first=self.artifact_id))
        else:
            doors.open_door(self.app, name, entry, None)

    def action_refresh(self) -> None:
        """Reads the artifact anew, or the revision that took its place."""
        self.run_worker(self._refresh(), group="refresh", exclusive=True)

    async def _refresh(self) -> None:
        opened = self.opened
        if opened is None:
            return
        now = await self.session.get(opened.id)
        newer = now.entry.superseded_by if now is not None else ""
        self._ahead = None
        if newer:
            self.open(newer, since=opened.item)
        else:
            self.open(opened.id)

    def action_back(self) -> None:
        """Ends the search, gives room back, or leaves; the claim is given back."""
        if self.end_search():
            return
        if any(self.has_class(name) for name in _MAXIMISED.values()):
            self.remove_class(*_MAXIMISED.values())
            self._note_shown()
            return
        self.run_worker(self.leave(), group="leave", exclusive=True)

    # ------------------------------------------------------------------ header, titles, footer

    def forbidden(self, action: Action) -> str:
        """Why an action is not possible now, or nothing."""
        if action.scope == "decide":
            return self.refusal(Kind(action.id.split(".")[0]))
        return ""

    def tell_header(self) -> None:
        """Draws the header anew."""
        if self.opened is not None:
            whose, style = self.opened.whose(self.session.actor, self.session.now())
            self.header.show(self.opened.item, self.session.now(), whose, style)

    def tell_time(self) -> None:
        """Draws what counts down, behind a dialog as well."""
        if self.opened is not None and in_sight(self):
            self.header.tick(self.session.now())
            self.tell_footer()

    def tell_footer(self) -> None:
        """Draws the footer anew: keys, the undo countdown, or that the queue is out of reach."""
        self.footer.serve(self.session, map(by_id, self.FOOTER), self.forbidden)

    def tell_titles(self) -> None:
        """Draws the lines above the panes anew."""
        if self.opened is not None:
            self.tell_diff()
            self.tell_context()

    def tell_diff(self) -> None:
        """Draws the lines above the writes and the diff anew."""
        opened = self.opened
        if opened is None:
            return
        writes = opened.item.artifact.writes
        seen = sum(self.mark_of(index) == "viewed" for index in range(len(writes)))
        self.query_one("#writes-title", Title).tell(Content(f"Writes  {seen}/{len(writes)} seen"))
        self.query_one("#diff-title", Title).tell(self._diff_title())

    def _diff_title(self) -> Content:
        opened = self.opened
        assert opened is not None
        writes = opened.item.artifact.writes
        if not writes:
            return Content("No write")
        write = writes[self.index]
        number, total = self.diff.change
        said = [f"change {max(number, 1)} of {total}"] if total else []
        if len(writes) > 1:
            said.insert(0, f"write {self.index + 1} of {len(writes)}")
        if self.diff.ignoring:
            said.append("whitespace ignored")
        if self.mark_of(self.index) == "viewed":
            said.append("✓ seen")
        right = Content.styled("   ".join(said), QUIET)
        room = self.query_one("#diff-title").content_size.width - right.cell_length - 2
        name = show_line(label(write), max(8, room), "bold $foreground")
        system = show_line(f"{write.system}  ", 24, QUIET) if write.system else Content("")
        if system.cell_length + name.cell_length > room:
            system = Content("")
        gap = max(2, room + 2 - system.cell_length - name.cell_length)
        return Content.assemble(system, name, " " * gap, right)
