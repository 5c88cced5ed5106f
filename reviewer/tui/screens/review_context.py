"""The side of the review screen that answers questions: the run, its evidence, precedents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.content import Content

from ...policy.reasons import codes
from ...untrusted import show_line
from ..copying import copy_menu
from ..deciding import tell
from ..precedent_reading import precedents
from ..widgets.artifact_header import QUIET
from ..widgets.context_layout import Fold
from ..widgets.context_story import Clock
from ..widgets.context_view import ContextView
from ..widgets.diff_view import DiffView
from ..widgets.escalations import Escalations
from ..widgets.policy_part import PolicyPart
from ..widgets.precedents import Precedents
from ..widgets.search_bar import SearchBar
from ..widgets.title import Title
from .left_once import asking
from .review_policy import ReviewPolicy

if TYPE_CHECKING:
    from textual.widget import Widget

    from ...domain.views import Item, Reason
    from ..opened import Opened
    from ..session import Session
    from ..widgets.virtual_lines import VirtualLines


class ReviewContext(ReviewPolicy):
    """Searching, folding, jumping to evidence, and opening precedents."""

    opened: Opened | None
    artifact_id: str
    context: ContextView
    diff: DiffView
    precedents: Precedents
    reasons: Escalations
    _evidence = -1
    """Which of the reasons was jumped from last."""
    _before_search: Widget | None = None

    if TYPE_CHECKING:

        @property
        def session(self) -> Session: ...
        @property
        def pane(self) -> VirtualLines: ...
        def tell_titles(self) -> None: ...
        def _note_shown(self) -> None: ...

    # ------------------------------------------------------------------ what is said

    @on(ContextView.Changed)
    def tell_context(self) -> None:
        """Draws the lines above the context anew."""
        title, head = (self.query_one(f"#context-{part}", Title) for part in ("title", "head"))
        view, searching = self.context, self.context.found
        if searching.needle and view.display:
            said = Content.styled(f"  {searching.said(view.current)}", "bold $text-warning")
            room = max(4, title.content_size.width - said.cell_length - 1)
            found = show_line(searching.needle, room, "bold $foreground")
            title.tell(Content.assemble("/", found, said))
        else:
            tabs = [("Context", view), ("Precedents", self.precedents), ("Policy", self.part)]
            parts = [
                Content.styled(name, "bold $foreground" if pane.display else "$foreground 40%")
                for name, pane in tabs
            ]
            whole = sum(len(name) for name, _ in tabs) + 2 * (len(tabs) - 1)
            room = title.content_size.width  # 0 as long as it has no place yet
            gap = " " if 0 < room < whole else "  "
            title.tell(Content(gap).join(parts))
            self.tell_part()
        head.tell(self._totals(head.content_size.width))

    def _totals(self, room: int) -> Content:
        view = self.context
        if not view.display:
            key = "P" if self.part.display else "p"
            return Content.styled(f"enter opens · {key} context", QUIET)
        path = view.path
        if path:
            return show_line(path, max(4, room), "$text-accent")
        said = [f"only {view.sort}"] if view.sort else []
        if view.all is not None:
            said.append("all folded" if view.all is Fold.FOLDED else "all unfolded")
        if view.clock is not Clock.TIME and view.story.start is not None:
            said.append(str(view.clock))
        said += ["o trace"] if view.story.trace else []  # first: what is long is cut at its end
        said += [view.story.total] if view.story.total else []
        return show_line(" · ".join(said), max(4, room), QUIET)

    # ------------------------------------------------------------------ folding

    def action_unfold(self) -> None:
        """Unfolds what is under the cursor, or folds it; opens evidence or a precedent."""
        pane = self.pane
        if isinstance(pane, Escalations):
            reason = pane.reason_at_cursor()
            if reason is not None and reason.evidence is not None:
                self._to_evidence(pane.row)
            else:
                pane.unfold()
                if reason is not None:
                    tell(self, "Nothing was given as evidence for this.", "information")
        elif isinstance(pane, Precedents):
            self._open_precedent()
        elif isinstance(pane, PolicyPart):
            self._open_policy()
        elif isinstance(pane, DiffView | ContextView):
            if not pane.unfold():
                tell(self, "There is nothing to unfold here.", "information")
        else:
            self.diff.focus()

    def action_fold_all(self) -> None:
        """Folds all of the context, unfolds all, or leaves it as at first."""
        self._show_context()
        self.context.fold_all()

    def action_only(self) -> None:
        """Shows only messages, only tools, only thoughts, only documents, then everything."""
        self._show_context()
        self.context.narrow()

    def action_clock(self) -> None:
        """Another time in the gutter."""
        self._show_context()
        if self.context.story.start is None:
            tell(self, "The agent told no times; the numbers count the steps.", "information")
        self.context.turn_clock()

    def _show_context(self) -> None:
        """The context in place of the precedents, and on the screen at all."""
        if not self.context.display:
            self.turn_to(self.context)
        self.give_room()

    def give_room(self) -> None:
        """Puts the side pane on the screen where there is no room for it beside the diff."""
        hidden = not self.query_one("#context-pane").region
        if hidden and not self.has_class("-max-context"):
            self.remove_class("-max-tree", "-max-diff")
            if not self._has_room():
                self.add_class("-max-context")
            self._note_shown()

    def _has_room(self) -> bool:
        """Whether the context has a place beside or below the diff on a terminal of this size."""
        return not self.has_class("-flat")

    # ------------------------------------------------------------------ searching

    async def action_search(self) -> None:
        """Starts a search in the context."""
        self._show_context()
        if self.query(SearchBar):
            self.query_one(SearchBar).focus()
            return
        self._before_search = self.focused
        field = SearchBar(self.context.found.needle, id="search")
        await self.query_one("#context-pane", Vertical).mount(field, after="#context-title")
        self.set_focus(field)  # at once: what is typed meanwhile belongs to it

    @on(SearchBar.Typed)
    def _search_typed(self, event: SearchBar.Typed) -> None:
        self.context.search(event.text)

    @on(SearchBar.Stepped)
    def _search_stepped(self, event: SearchBar.Stepped) -> None:
        self.context.step_match(event.step)

    @on(SearchBar.Left)
    async def _search_left(self, event: SearchBar.Left) -> None:
        field = self.query(SearchBar)
        if not field:
            return
        kept = event.keep and bool(self.context.found.needle)
        await field.remove()
        if kept:
            self.context.focus()
        else:
            self.end_search()
            (self._before_search or self.diff).focus()

    def end_search(self) -> bool:
        """Ends the search; False where there is none."""
        if not self.context.found.needle:
            return False
        self.context.search("")
        return True

    def step_search(self, step: int) -> bool:
        """Goes to the next place found while the context has the focus; False where it has not."""
        if self.pane is not self.context or not self.context.found.needle:
            return False
        if not self.context.step_match(step):
            tell(self, "It was not found.", "information")
        return True

    # ------------------------------------------------------------------ evidence

    def action_evidence(self) -> None:
        """The evidence of the next escalation that points to some."""
        reasons = self._reasons()
        with_some = [n for n, reason in enumerate(reasons) if reason.evidence is not None]
        if not with_some:
            what = "No escalation points to evidence." if reasons else "There is no escalation."
            tell(self, what, "information")
            return
        after = [number for number in with_some if number > self._evidence]
        self._to_evidence((after or with_some)[0])

    def _reasons(self) -> tuple[Reason, ...]:
        return self.opened.item.reasons if self.opened is not None else ()

    def _to_evidence(self, number: int) -> None:
        reason = self._reasons()[number]
        self._evidence = number
        self._show_context()
        if reason.evidence is None or not self.context.go_evidence(reason.evidence):
            tell(self, "The evidence it names is not in the context.")
            return
        self.reasons.point(number)
        self.context.focus()

    # ------------------------------------------------------------------ precedents

    def action_precedents(self) -> None:
        """Shows the precedents in place of the context, or back."""
        self.turn_to(self.context if self.precedents.display else self.precedents)

    def _open_precedent(self) -> None:
        entry = self.precedents.entry_at_cursor()
        if entry is None:
            tell(self, "Put the cursor on a precedent to open it.", "information")
            return
        from .precedent import PrecedentScreen

        self.app.push_screen(PrecedentScreen(entry.state.id))

    async def _read_precedents(self, item: Item) -> None:
        self._evidence = -1
        self.precedents.clear()
        groups = await precedents(self.session, item)
        reasons = codes(self.session.governing.policy)
        self.precedents.show(groups, self.session.now(), reasons)

    # ------------------------------------------------------------------ copying, links

    def action_copy(self) -> None:
        """Copies the artifact as text or JSON, its id, its permalink, the line under the cursor."""
        opened, pane = self.opened, self.pane
        if opened is None:
            return
        text = ""
        if isinstance(pane, DiffView | ContextView | Precedents | Escalations | PolicyPart):
            text = pane.line_text()
        copy_menu(self, opened.item.entry, text)

    def action_open_link(self) -> None:
        """Opens the link under the cursor, or the trace, after showing where it leads."""
        if not asking(self, "link"):
            self.run_worker(self._open_link(), group="link")

    async def _open_link(self) -> None:
        from .dialogs.link import LinkDialog

        link = self.context.link
        if not link.startswith(("http://", "https://")):
            tell(self, "There is no link here and no trace.", "information")
        elif await self.app.push_screen_wait(LinkDialog(link)):
            self.app.open_url(link)
