"""Edit the writes, then approve your version: a form, and beside it what you changed.

Each write has its form (`reviewer.tui.widgets.forms`) and its text (`reviewer.tui.forms`), with
hidden characters spelled out, so what is seen is what is edited.  Every change is kept as a draft
on disk until it is decided, and carried over where the proposal changes.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from ...actions import by_id
from ...diff import diff_write
from ...domain.errors import InputError
from ...domain.state import Status
from ...domain.writes import Write
from ...untrusted import one_line, show_line
from ..carrying import restore
from ..deciding import drafts
from ..drafts import Draft, Keeper
from ..editing import Editing
from ..opened import size_of
from ..widgets.artifact_header import QUIET
from ..widgets.banner import Banner
from ..widgets.diff_view import DiffView
from ..widgets.footer import DeskFooter
from ..widgets.forms import WriteForm
from ..widgets.text_form import TextForm
from ..widgets.title import Title
from ..widgets.writes_tree import label
from .edit_keys import PATIENCE, EditKeys

if TYPE_CHECKING:
    from ...diff.model import Base, WriteDiff
    from ...domain.views import Change, Item
    from ..session import ClaimLost

PAUSE = 0.25
"""Seconds without a key after which the text is checked and compared; a draft waits no longer."""
AT_ONCE = 100_000
"""A write or draft of so many characters is read without a thread."""
REVISIONS = 12
"""So many revisions back a draft is looked for."""


@dataclass(frozen=True, slots=True)
class Edited:
    """What came of it: one entry for each proposed write, None where dropped, and words."""

    writes: tuple[Write | None, ...]
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """The edit goes on with the revision that took the artifact's place; its draft is there."""

    artifact_id: str


class EditScreen(EditKeys):
    """Edits one artifact's writes; answers with `Edited` or `Moved`, or None where one left."""

    CSS = """
    EditScreen {
        background: $background;
        #top { height: 1; padding: 0 1; background: $surface; }
        #body { height: 1fr; }
        &.-narrow #body { layout: vertical; }
        #form, #mine { width: 1fr; height: 1fr; }
        #mine { border-left: solid $border; }
        &.-narrow #mine { border-left: none; border-top: solid $border; }
        #holder { height: 1fr; }
        #wrong { height: auto; max-height: 4; padding: 0 1; background: $error 22%; display: none; }
        #wrong.-on { display: block; }
        #footer { background: $surface; }
        Editor, Editor:focus { border: none; padding: 0; }
    }
    """

    def __init__(self, item: Item) -> None:
        super().__init__()
        self.item = item
        self.index = 0
        self.editing = Editing(item)
        self.keeper = Keeper(drafts(), self._not_kept)
        self.comment = ""
        self.ready = False
        self._comments: dict[str, str] = {}
        self._forms: dict[int, WriteForm] = {}
        self._visited: set[int] = set()
        self._shown = -1
        self._rounds = 0
        self._soon: Any = None
        self._later: Any = None
        self._stops: list[Any] = []
        self.news = Banner(id="news")
        self.diff = DiffView(id="diff")
        self.plain = TextForm(item.artifact.writes[0], id="plain")
        self.form: WriteForm = self.plain
        self.footer = DeskFooter(id="footer")

    def compose(self) -> ComposeResult:
        yield Static("", id="top", markup=False)
        yield self.news
        with Horizontal(id="body"):
            with Vertical(id="form"):
                yield Title(id="form-title")
                with Vertical(id="holder"):
                    yield self.plain
                yield Static("", id="wrong", markup=False)
            with Vertical(id="mine"):
                yield Title(id="mine-title")
                yield self.diff
        yield self.footer

    def on_mount(self) -> None:
        self._stops = [
            self.session.on_change(self._heard),
            self.session.on_claim_lost(self._claim_lost),
            self.session.on_state(self._on_state),
        ]
        self._tell_footer()
        self.plain.focus()
        self.run_worker(self._begin(), group="begin")

    def on_unmount(self) -> None:
        for stop in self._stops:
            stop()
        if self.form.is_attached and self.ready:
            self.keep()
        self.keeper.now()

    # ------------------------------------------------------------------ drafts

    async def _begin(self) -> None:
        state = self.item.entry.state
        large = drafts().size(state.id) > AT_ONCE
        own = await asyncio.to_thread(drafts().load, state.id) if large else drafts().load(state.id)
        self.keeper.knows(own)
        kept = own if own is not None and own.edited else await self._earlier_draft() or own
        if kept is not None:
            self._comments = dict(own.comments if own is not None else kept.comments)
            self.comment = self._comments.get("edit", "")
        if kept is not None and kept.edited:
            await self._restore(kept)
        await self.show_write()
        self.ready = True
        if kept is not None and kept is not own:
            self.keep()
            await self.keeper.flush()

    async def _earlier_draft(self) -> Draft | None:
        """The draft on the latest earlier revision that has one."""
        entry = self.item.entry
        for _ in range(REVISIONS):
            older = entry.supersedes
            if not older:
                return None
            kept = await asyncio.to_thread(drafts().load, older)
            if kept is not None and kept.edited:
                return kept
            found = await self.session.read(lambda queue, id=older: queue.get(id))  # type: ignore[misc]
            if found is None:
                return None
            entry = found.entry
        return None

    async def _restore(self, kept: Draft) -> None:
        digest = self.item.entry.state.digest
        restored = await asyncio.to_thread(restore, self.editing, kept, digest)
        news = restored.renewed or restored.lost
        if restored.conflicted:
            self.index = restored.conflicted[0]
        elif restored.renewed:
            self.index = restored.renewed[0]
        if news:
            more = " F2 shows what the new one changed." if restored.renewed else ""
            self.news.say([("Δ", restored.sentence + more)], alarm=bool(restored.conflicted))
        else:
            self.notify(restored.sentence, markup=False)

    def keep(self) -> None:
        """Keeps a draft of everything that differs from the proposal, in a moment."""
        self.sync()
        if self._soon is not None:
            self._soon.stop()
            self._soon = None
        state, comments = self.item.entry.state, dict(self._comments)
        if self.comment or "edit" in comments:
            comments["edit"] = self.comment
        self.keeper.keep(self.editing.draft(state.id, state.digest, self.session.now(), comments))

    def _not_kept(self, error: OSError) -> None:
        said = f"The draft cannot be kept: {error.strerror}."
        self.notify(said, severity="error", markup=False)

    # ------------------------------------------------------------------ one write

    @property
    def write(self) -> Write:
        """The proposed write that is shown."""
        write: Write = self.item.artifact.writes[self.index]
        return write

    async def show_write(self) -> None:
        """Shows the form of the write at `index`."""
        index, editing = self.index, self.editing
        self._tell_top()
        if not editing.ready(index) and size_of(self.write) > AT_ONCE:
            self.diff.clear("Reading a large write…")
            await asyncio.to_thread(editing.original, index)
        if index != self.index:
            return
        await self.show_form()
        if index not in self._visited:
            self._visited.add(index)
            self._to_first_change()

    def _to_first_change(self) -> None:
        """Puts the cursor of a text that is shown first on what the agent changed in it."""
        index, editing = self.index, self.editing
        if self.as_text and size_of(self.write) <= AT_ONCE and not editing.why_no_hunks(index):
            pieces = editing.patch(index).pieces
            if pieces and not editing.changed(index):
                self.plain.go_line(pieces[0].right)

    async def show_form(self) -> None:
        """Shows the write in its form, or as text where it has none or cannot be read by one."""
        index, editing = self.index, self.editing
        text, form = editing.text(index), self.plain
        why = self.why_text(index)
        chosen: WriteForm = form if why is not None else await self._form(index)
        if index != self.index:
            return
        chosen.read_only = index in editing.dropped or index in editing.conflicted
        if chosen.text != text or chosen is self.plain:
            chosen.load(text)
        self.form, self._shown = chosen, index
        for child in self.query_one("#holder").children:
            child.display = child is chosen
        chosen.focus()
        if why and index not in editing.dropped:
            self.notify(why, markup=False)
        self.look()

    async def _form(self, index: int) -> WriteForm:
        """The form widget of a write; the last few stay as they were left."""
        form = self._forms.pop(index, None)
        if form is None:
            form = self.maker(index)()
            form.display = False
            await self.query_one("#holder").mount(form)
        self._forms[index] = form
        while len(self._forms) > 4:
            await self._forms.pop(next(iter(self._forms))).remove()
        return form

    @on(WriteForm.Changed)
    def _typed(self, event: WriteForm.Changed) -> None:
        if event.form is not self.form or self.form.read_only:
            return
        if self._soon is None:
            self._soon = self.set_timer(PAUSE, self.keep)
        self.look_no_more()
        self._later = self.set_timer(PAUSE, self.look)

    def sync(self) -> None:
        """Takes what is typed into the edit, unless another write's form is still shown."""
        if self.ready and self._shown == self.index and not self.form.read_only:
            self.editing.put(self.index, self.form.text)

    def look(self) -> None:
        """Checks, compares and keeps what has been typed."""
        self.look_no_more()
        self.begin(self._look, "look")

    def look_no_more(self) -> None:
        """Nothing that was to be said of what is typed comes any more."""
        if self._later is not None:
            self._later.stop()
            self._later = None
        self.workers.cancel_group(self, "look")

    async def _look(self) -> None:
        if self.ready:
            self.keep()
        editing, index = self.editing, self.index
        self.tell_titles()
        self._tell_footer()
        if index in editing.dropped:
            self.say_wrong("")
            self.diff.clear("This write is dropped; F8 takes it back in.")
            return
        if index in editing.conflicted:
            self.say_wrong(editing.conflicted[index].sentence)
        try:
            mine = await asyncio.to_thread(editing.read, index)
        except InputError as error:
            if index == self.index:
                self.say_wrong(str(error), error.place)
            return
        found = [] if index in editing.conflicted else await self._violations(index, mine)
        if index != self.index:
            return  # another write is shown by now
        if index not in editing.conflicted:
            said = self.form.wrong or "; ".join(sentence for _, sentence in found)
            # a form says by itself what is wrong in it
            self.say_wrong(self.over or (said if self.as_text else ""))
            self.wrong_at = next((place for place, _ in found), "")
        if self.mode == "proposed" and not editing.changed(index):
            self.diff.clear("As proposed; nothing of it is yours yet.")
        else:
            self._compare(index, mine)

    async def _violations(self, index: int, mine: Write) -> list[tuple[str, str]]:
        try:
            async with asyncio.timeout(PATIENCE):
                return await asyncio.to_thread(self.editing.violations, index, mine)
        except TimeoutError:
            return [("", "The agent's JSON Schema takes too long; it was not checked.")]

    def _compare(self, index: int, mine: Write) -> None:
        proposed, mode, editing = self.write, self.mode, self.editing
        self._rounds += 1

        def source(ignoring: bool) -> WriteDiff:
            if mode == "earlier":
                old = editing.form_read(index, editing.earlier[index])
                return diff_write(old, proposed, "proposed", ignoring)
            base: Base = "before" if mode == "before" else "proposed"
            return diff_write(proposed, mine, base, ignoring)

        self.diff.show((self._rounds,), source, len(editing.text(index)))

    # ------------------------------------------------------------------ what happens meanwhile

    def _heard(self, changes: list[Change]) -> None:
        id = self.item.entry.state.id
        if any(change.artifact_id == id for change in changes):
            self.begin(self._compare_state, "heard")

    async def _compare_state(self) -> None:
        state = self.item.entry.state
        now = await self.session.get(state.id)
        if now is not None and now.entry.superseded_by:
            self.newer = now.entry.superseded_by
            agent = one_line(now.entry.state.agent, 40)
            self.over = f"{agent} handed in a new revision."
            said = f"{self.over} F9 carries your edit over to it; nothing is sent before."
        elif now is None or now.entry.state.status is not Status.PENDING:
            status = now.entry.state.status if now is not None else "gone"
            by = one_line(f" by {now.entry.decided_by}" if now and now.entry.decided_by else "", 60)
            self.over = f"It is {status}{by}; nothing is left to decide."
            said = f"{self.over} Your draft is kept."
        elif now.entry.state.digest != state.digest:
            self.over = "It changed since you opened it; leave and look at it again."
            said = f"{self.over} Your draft is kept and carried over."
        else:
            if self.over:  # the decision was taken back
                self.over = self.newer = ""
                self.news.say([])
            return
        self.news.say([("!", said)], alarm=True)
        self._tell_footer()

    def _claim_lost(self, lost: ClaimLost) -> None:
        if lost.artifact_id == self.item.entry.state.id and not self.over:
            said = f"{lost.sentence} Your draft is kept; it is sent if nobody else claims it."
            self.news.say([("!", said)], alarm=True)

    # ------------------------------------------------------------------ what is said

    def _tell_top(self) -> None:
        writes = self.item.artifact.writes
        number = f"write {self.index + 1} of {len(writes)}" if len(writes) > 1 else ""
        where = Content.assemble(
            ("edit  ", QUIET), show_line(self.item.artifact.title, 60, "bold"), "   ",
            (number, QUIET), "   " if number else "", show_line(label(self.write), 60),
        )  # fmt: skip
        self.query_one("#top", Static).update(where)

    def tell_titles(self) -> None:
        """Draws the lines above the two halves anew."""
        editing, index = self.editing, self.index
        state, look = "as proposed", QUIET
        if index in editing.dropped:
            state, look = "dropped", "$text-warning"
        elif index in editing.conflicted:
            state, look = "meets the new proposal", "$text-error"
        elif editing.changed(index):
            state, look = "changed", "$text-accent"
        shown = "" if self.maker_or_none(index) is None else "text" if self.as_text else "form"
        what = editing.forms[index].what
        what = what if self.as_text else what.removesuffix(" as JSON")
        parts = [Content(what), Content.styled(state, look)]
        parts += [Content.styled(shown, QUIET)] * bool(shown)
        self.query_one("#form-title", Title).tell(Content("  ").join(parts))
        self.query_one("#mine-title", Title).tell(self.mode_title())

    def _tell_footer(self) -> None:
        session = self.session
        trouble = session.trouble if session.connection == "offline" else ""
        notice = session.sending or trouble
        shown = self.footer_actions(by_id)
        self.footer.tell(shown, session.config.keymap, self.forbidden, notice=notice)

    def _on_state(self) -> None:
        if self.is_mounted:
            self._tell_footer()

    def say_wrong(self, sentence: str, place: str = "") -> None:
        """Says why what is typed cannot be sent; nothing hides it."""
        self.wrong_at = place if place.startswith("/") else ""
        if not self.query("#wrong"):
            return  # left meanwhile: a look in a thread may end after that
        line = self.query_one("#wrong", Static)
        line.set_class(bool(sentence), "-on")
        line.update(show_line(sentence, 400))
