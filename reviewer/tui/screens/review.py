"""One artifact: why a person sees it, what it would write, what led to it; decide here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from ...domain.decision import Kind, Refusal
from ...domain.state import Status
from ..deciding import decide, drafts, readings, tell, why_not, why_unseen
from ..flags import banner_lines
from ..guards import SENDING
from ..opened import Diffs, Opened, difference, what_happened
from ..widgets.artifact_header import ArtifactHeader
from ..widgets.banner import Banner
from ..widgets.context_view import ContextView
from ..widgets.diff_ahead import Beside
from ..widgets.diff_view import DiffView
from ..widgets.escalations import Escalations
from ..widgets.footer import DeskFooter
from ..widgets.policy_part import PolicyPart
from ..widgets.precedents import Precedents
from ..widgets.syntax import Syntax, colours_for, highlighter_of, keep
from ..widgets.title import Title
from ..widgets.writes_tree import WritesTree
from .review_actions import ReviewActions
from .review_style import STYLE

if TYPE_CHECKING:
    from ...diff.model import WriteDiff
    from ...domain.views import Change, Claim, Item
    from ..session import ClaimLost

PATIENCE = 0.1
"""Seconds that an artifact is looked through before the screen says so."""
SMALL = 20_000
"""A write of so many characters is compared before it is asked for."""
TICK = 0.5

NextId = Callable[[str, int], str | None]
"""The artifact a step (+1, -1) away from the one with this id, in the list that opened it."""


class ReviewScreen(ReviewActions):
    """Opens an artifact, takes the claim, renews it through the session, gives it back.

    `next_id` is how it goes on after a decision; without one, by the session's neighbour.  `known`
    is the artifact as it was read a moment ago; a claim proves it.
    """

    CSS = STYLE
    SCOPED_CSS = False  # what is built on this screen looks like it

    def __init__(
        self, artifact_id: str, next_id: NextId | None = None, known: Item | None = None
    ) -> None:
        super().__init__(classes="-one-write")  # as most; another class styles the whole screen
        self.artifact_id = artifact_id
        self.opened = None
        self.index = 0
        self._next_id, self._known = next_id, known
        self._diffs = Diffs()
        self._ahead = None
        self._stops: list[Callable[[], None]] = []
        self._deciding = False
        self._turn = asyncio.Lock()
        self._wishes = 0
        self._coloured: object = None
        self._syntaxes: dict[object, Syntax] = {}
        self.header = ArtifactHeader(id="header")
        self.reasons = Escalations(id="reasons")
        self.flags = Banner(id="flags")
        self.news = Banner(id="news")
        self.writes_tree = WritesTree(id="tree")
        self.diff = DiffView(id="diff")
        self.context = ContextView(id="context")
        self.precedents = Precedents(id="precedents")
        self.part = PolicyPart(id="policy-part")
        self.standing = Banner(id="standing")
        self.footer = DeskFooter(id="footer")

    def compose(self) -> ComposeResult:
        yield self.header
        yield self.reasons
        yield self.standing
        yield self.flags
        yield self.news
        with Horizontal(id="body"):
            with Vertical(id="writes-pane"):
                yield Title(id="writes-title")
                yield self.writes_tree
            with Vertical(id="diff-pane"):
                yield Title(id="diff-title")
                yield self.diff
            with Vertical(id="context-pane"):
                yield Title(id="context-title")
                yield Title(id="context-head")
                yield self.context
                yield self.precedents
                yield self.part
        yield self.footer

    def on_mount(self) -> None:
        config = self.session.config
        self.diff.set_reactive(DiffView.split, config.side_by_side)
        self.diff.set_reactive(DiffView.context, config.context_lines)
        self.precedents.display = self.part.display = False
        self.diff.follow = self.tell_diff
        self.diff.beside = self._beside
        self.context.follow = self.tell_context
        self._stops = [
            self.session.on_change(self._on_change),
            self.session.on_state(self.on_state),
            self.session.on_claim_lost(self._on_claim_lost),
        ]
        self.set_interval(TICK, self._tick)
        self.diff.focus()
        self.begin()

    def on_unmount(self) -> None:
        for stop in self._stops:
            stop()

    def on_screen_resume(self) -> None:
        self._note_shown()
        self.tell_footer()

    # ------------------------------------------------------------------ opening

    def begin(self) -> None:
        """Opens the first artifact."""
        self.open(self.artifact_id)

    def open(self, artifact_id: str, *, since: Item | None = None) -> None:
        """Opens an artifact in place of the one that is open; of several wishes the last holds.

        `since` is an earlier revision: what changed against it is said.
        """
        self._wishes += 1
        self.run_worker(self._open_in_turn(artifact_id, since, self._wishes), group="open")

    async def _open_in_turn(self, artifact_id: str, since: Item | None, wish: int) -> None:
        async with self._turn:
            if wish == self._wishes:
                await self._open(artifact_id, since)

    async def _open(self, artifact_id: str, since: Item | None) -> None:
        self.session.note_hidden()
        self.artifact_id, self.index = artifact_id, 0
        self._syntaxes.clear()
        opened = await self._read(artifact_id)
        if opened is None:
            self.gone()
            return
        if self.session.may_decide and opened.item.entry.state.status is Status.PENDING:
            opened.read_at = self.session.now()
            claim = await self._claim(artifact_id)
            if isinstance(claim, Refusal):
                opened.refusal = claim
            else:
                if claim.item.entry.state.digest != opened.digest:
                    opened = await self._looked_through(claim.item)
                opened.item, opened.claimed = claim.item, True
        if opened.refusal is not None:
            fresh = await self.session.get(artifact_id)
            opened.item = fresh or opened.item
        changes = await asyncio.to_thread(difference, since, opened.item) if since else []
        if self.has_been_left:
            if opened.claimed:
                await asyncio.shield(self.session.release(opened.id))
            return
        if self.passes_over(opened):
            return
        self.opened = opened
        readings(self.session).of(opened.digest).flags = len(opened.flags)
        self._show(changes)
        self.call_after_refresh(self._read_around, opened)  # it is on the screen first

    async def _read(self, artifact_id: str) -> Opened | None:
        """The artifact looked through; what was read ahead only where a claim will prove it."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead.id == artifact_id and self.session.may_decide:
            return ahead
        item, self._known = self._known, None
        proved = self.session.may_decide and item is not None and item.entry.state.id == artifact_id
        if item is None or not proved or item.entry.state.status is not Status.PENDING:
            item = await self.session.get(artifact_id)
        return await self._looked_through(item) if item is not None else None

    def gone(self) -> None:
        """The artifact is not in the queue."""
        tell(self, "It is not in the queue any more.")
        self.dismiss()

    def passes_over(self, _opened: Opened) -> bool:
        """Whether this one is left to others without being shown."""
        return False

    async def _claim(self, artifact_id: str) -> Claim | Refusal:
        """A claim; given back where this screen is left before the answer is there."""
        session = self.session
        asked = asyncio.ensure_future(session.claim(artifact_id))
        try:
            return await asyncio.shield(asked)
        except asyncio.CancelledError:
            asked.add_done_callback(lambda _: asyncio.ensure_future(session.release(artifact_id)))
            raise

    async def _looked_through(self, item: Item) -> Opened:
        work = asyncio.ensure_future(asyncio.to_thread(Opened.of, item, self.session.now()))
        if not (await asyncio.wait([work], timeout=PATIENCE))[0]:
            self.diff.clear("Reading a large artifact…")
        return await work

    def _show(self, changes: Sequence[str]) -> None:
        opened = self.opened
        assert opened is not None
        item = opened.item
        self.there()
        self.tell_header()
        self.reasons.show(item)
        self.tell_standing()
        self.flags.say(banner_lines(opened.flags))
        self._tell_refusal()
        if changes:
            told = ", ".join(changes)
            self.news.say([("Δ", f"A new revision; since you looked: {told}.")])
        one = len(item.artifact.writes) < 2
        self.set_class(one, "-one-write")
        self.writes_tree.index = self.index
        self.writes_tree.show(item.artifact.writes, self.mark_of)
        evidence = [r.evidence for r in item.reasons if r.evidence is not None]
        self.context.show(item.artifact, evidence)
        self.show_write(self.index)
        kept = drafts().load(opened.id) or drafts().load(item.entry.supersedes)
        if kept is not None and kept.edited:
            again = "" if kept.digest == opened.digest else " of an earlier proposal"
            tell(self, f"You have a draft{again} for this; e opens it.", "information")

    def show_write(self, index: int) -> None:
        """Shows the diff of one write."""
        opened = self.opened
        if opened is None:
            return
        writes = opened.item.artifact.writes
        if not writes:
            self.diff.clear("Nothing would be written: the agent asks a person. Answer with c.")
            self.tell_titles()
            self._note_shown()
            return
        self.index = max(0, min(index, len(writes) - 1))
        write, digest = writes[self.index], opened.digests[self.index]

        self.diff.show(
            (opened.id, digest),
            lambda ignoring: self._diffs.of(digest, write, ignoring),
            opened.sizes[self.index],
            lambda ignoring: self._diffs.has(digest, ignoring),
            flagged=self.index in opened.flagged,
        )
        if self.diff.syntax is None:  # of a write that was shown before, in the same frame
            self.diff.syntax = self._syntaxes.get((self.diff.key, self.app.theme))
        self.writes_tree.choose(self.index)
        self.tell_titles()
        self.tell_footer()
        self._note_shown()

    def _beside(self) -> Iterator[Beside]:
        """The writes before and after the one that is shown, where their diffs are little work."""
        opened, ignoring = self.opened, self.diff.ignoring
        writes = opened.item.artifact.writes if opened is not None else []
        for index in {self.index + 1, self.index - 1}.intersection(range(len(writes))):
            assert opened is not None
            digest, size = opened.digests[index], opened.sizes[index]
            if size <= SMALL or self._diffs.has(digest, ignoring):
                diff = self._diffs.of(digest, writes[index], ignoring)
                syntax = self._syntaxes.get(((opened.id, digest), self.app.theme))
                yield Beside(diff, size, syntax)

    def _read_around(self, opened: Opened) -> None:
        item = opened.item
        if self.opened is not opened or self.has_been_left:
            return
        self.run_worker(self._read_precedents(item), group="precedents", exclusive=True)
        self.run_worker(
            self._read_ruling(item), group="ruling", exclusive=True, exit_on_error=False
        )
        self.run_worker(self._read_ahead(), group="ahead", exclusive=True)

    async def _read_ahead(self) -> None:
        """The next artifact and its first diff, before they are asked for."""
        following = self.next_of(self.artifact_id, 1)
        if following is None:
            return
        item = await self.session.get(following)
        if item is None:
            return

        def make() -> Opened:
            ahead = Opened.of(item, self.session.now())
            for digest, write in zip(ahead.digests[:1], item.artifact.writes, strict=False):
                self._diffs.of(digest, write, False)
            return ahead

        self._ahead = await asyncio.to_thread(make)

    def next_of(self, artifact_id: str, step: int) -> str | None:
        """The artifact beside one in the list that opened this screen."""
        return (self._next_id or self.session.neighbour)(artifact_id, step)

    # ------------------------------------------------------------------ what happens meanwhile

    @on(DiffView.Changed)
    def _diff_changed(self) -> None:
        diff = self.diff.diff
        place = self.diff.key, self.app.theme
        if diff is not None and place != self._coloured:
            self._coloured = place  # with whitespace ignored the texts are the same
            self.run_worker(self._colour(diff), group="colour", exclusive=True)
        self.tell_titles()
        self._note_shown()

    async def _colour(self, diff: WriteDiff) -> None:
        place = self.diff.key, self.app.theme
        syntax = self.diff.syntax or self._syntaxes.get(place)
        if syntax is None:
            syntax = await Syntax.of(highlighter_of(self.app), diff, colours_for(self.diff))
        if self.diff.diff is diff:
            self.diff.syntax = syntax
            keep(self._syntaxes, place, syntax)
            await syntax.load(self.diff.recolour)

    def _note_shown(self) -> None:
        opened = self.opened
        if opened is None or not self.is_active:
            return
        ready = self.diff.rows is not None or not opened.item.artifact.writes
        if ready:
            self.call_after_refresh(self._drawn, opened)

    def _drawn(self, opened: Opened) -> None:
        if self.opened is not opened or not self.is_active:
            return
        if not self.is_drawn:
            self.session.note_hidden()
            return
        self.session.note_shown(opened.id, opened.digest)
        self.note_lines()

    def note_lines(self) -> None:
        """What of the current write has been on screen goes into the reading."""
        opened = self.opened
        if opened is None or not opened.digests or self.diff.rows is None:
            return
        reading = readings(self.session).of(opened.digest)
        digest = opened.digests[self.index]
        reading.note(digest, self.diff.lines_seen, self.diff.all_seen, self.diff.flags_left)

    @on(WritesTree.Chosen)
    def _chosen(self, event: WritesTree.Chosen) -> None:
        self.show_write(event.index)

    def _on_change(self, changes: list[Change]) -> None:
        opened = self.opened
        if opened is None or opened.done or self._deciding:
            return
        if any(change.artifact_id == opened.id for change in changes):
            self.run_worker(self._compare(opened), group="compare", exclusive=True)

    async def _compare(self, opened: Opened) -> None:
        now = await self.session.get(opened.id)
        if self.opened is not opened or opened.done or self._deciding:
            return
        if opened.differs(now):
            events = await self.session.read(lambda queue: queue.history(opened.id))
            happened, by_me = what_happened(events, opened.read_at, self.session.actor)
            if by_me:
                self.open(opened.id)
                return
            opened.changed = happened or "It changed since it was shown."
            self.news.say([("!", opened.changed_to(now))], alarm=True)
            if opened.over and opened.claimed:
                opened.claimed = False
                await self.session.release(opened.id)
        elif now is not None:
            opened.item = now
        self.tell_header()
        self.tell_footer()

    def _on_claim_lost(self, lost: ClaimLost) -> None:
        opened = self.opened
        if opened is None or lost.artifact_id != opened.id:
            return
        opened.claimed = False
        self.news.say([("!", f"{lost.sentence} Press ctrl+r to claim it again.")], alarm=True)
        self.tell_header()

    def _tick(self) -> None:
        if self.is_active and self.opened is not None:
            self.note_lines()  # behind a dialog nothing is seen for the first time
            self.tell_titles()
        self.tell_time()

    # ------------------------------------------------------------------ deciding

    def refusal(self, kind: Kind) -> str:
        """Why a decision of this kind is refused now, or nothing."""
        opened = self.opened
        if opened is None:
            return "It is not here yet."
        entry = opened.item.entry
        why = opened.refused_because(kind) or why_not(self.session, kind, entry)
        if not why and kind is Kind.APPROVE:
            self.note_lines()
            reading = readings(self.session).of(opened.digest)
            why = self.beyond() or why_unseen(opened.item, opened.flagged, reading)
        return why

    def action_decide(self, kind: str, advance: bool) -> None:
        """Decides what is shown; with `advance` the next one comes."""
        self.run_worker(self._decide(Kind(kind), advance), group="decide", exclusive=False)

    async def _decide(self, kind: Kind, advance: bool) -> None:
        opened = self.opened
        if opened is None:
            return
        if self._deciding:
            tell(self, SENDING)
            return
        if not self.is_drawn:
            self.session.note_hidden()
            tell(self, "The diff is not on screen; give it room first (esc, + or a larger window).")
            return
        if not self.session.shown_long_enough(opened.id, opened.digest):
            return
        why = self.refusal(kind)
        if why:
            tell(self, why)
            return
        following = self.next_of(opened.id, 1) or self.next_of(opened.id, -1)
        self._deciding = True
        try:
            done = await decide(self, kind, [opened.item.entry], advance=advance)
        finally:
            self._deciding = False
        opened.done = done
        if not done:
            await self._compare(opened)
            return
        self.decided(kind, opened)
        if not advance:
            self.open(opened.id)
        elif following is not None and following != opened.id:
            self.open(following)
        else:
            await self.finish()

    def decided(self, kind: Kind, opened: Opened) -> None:
        """A decision was stored."""

    async def finish(self) -> None:
        """There is no other artifact to go on to."""
        tell(self, "That was the last one in the list.", "information")
        await self.leave()

    async def leave(self) -> None:
        """Gives the claim back and goes back to the list."""
        opened, self.opened = self.opened, None
        if opened is not None and opened.claimed:
            await self.session.release(opened.id)
        self.session.note_hidden()
        self.dismiss()

    # ------------------------------------------------------------------ what is said

    def _tell_refusal(self) -> None:
        refusal = self.opened.refusal if self.opened else None
        if refusal is None:
            self.news.say([])
            return
        lead = {"lead", "admin"} & self.session.actor.roles
        more = " T takes it over." if lead else " You can read it meanwhile."
        self.news.say([("●", f"{refusal.sentence}{more}")])
