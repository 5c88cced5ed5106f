"""Edit the writes, then approve your version: an editor, and beside it what you changed.

The editor shows the write's form (`reviewer.tui.forms`) with hidden characters spelled out, so what
is seen is what is edited.  Every change is kept as a draft on disk until it is decided.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from ...actions import by_id
from ...diff import diff_write
from ...domain.decision import Decision, Kind, Refusal
from ...domain.editing import apply_edit
from ...domain.errors import InputError
from ...untrusted import one_line, show_line
from ..drafts import Draft
from ..editing import Editing
from ..keymap import textual_bindings
from ..widgets.artifact_header import QUIET
from ..widgets.diff_view import DiffView
from ..widgets.footer import DeskFooter
from ..widgets.writes_tree import label
from .dialogs.edited import EditedDialog
from .external import edit_outside
from .left_once import LeftOnce, asking

if TYPE_CHECKING:
    from ...diff.model import WriteDiff
    from ...domain.views import Item
    from ...domain.writes import Write
    from ..session import Session

PAUSE = 0.25
"""Seconds without a key after which the text is checked, compared and kept."""
TOO_LONG = 2_000_000
"""A longer text is edited in `$EDITOR` only, characters."""


@dataclass(frozen=True, slots=True)
class Edited:
    """What came of it: one entry for each proposed write, None where dropped, and words."""

    writes: tuple[Write | None, ...]
    comment: str = ""


class Editor(TextArea, inherit_bindings=False):
    """A text area that leaves the function keys to the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound
        for bound in TextArea.BINDINGS
        if isinstance(bound, Binding) and bound.key not in ("f6", "f7")
    ]


class EditScreen(LeftOnce[Edited | None]):
    """Edits one artifact's writes; answers with `Edited`, or None where the person left."""

    PLACE = "edit"
    BINDINGS: ClassVar[list[BindingType]] = [
        replace(bound, priority=True)
        for bound in textual_bindings("edit")
        if isinstance(bound, Binding)
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    CSS = """
    EditScreen {
        background: $background;
        #top { height: 1; padding: 0 1; background: $surface; }
        #body { height: 1fr; }
        &.-narrow #body { layout: vertical; }
        #form, #mine { width: 1fr; height: 1fr; }
        #mine { border-left: solid $border; }
        &.-narrow #mine { border-left: none; border-top: solid $border; }
        .title { height: 1; padding: 0 1; color: $text-muted; }
        #wrong { height: auto; max-height: 4; padding: 0 1; background: $error 22%; display: none; }
        #wrong.-on { display: block; }
        Editor {
            height: 1fr; border: none; background: $background; padding: 0;
            scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1;
        }
        #footer { background: $surface; }
    }
    """

    def __init__(self, item: Item) -> None:
        super().__init__()
        self.item = item
        self.index = 0
        self.editing = Editing(item)
        self._against_before = False
        self._filling = False
        self._rounds = 0
        self._timer: Any = None
        self.diff = DiffView(id="diff")
        self.editor = Editor("", id="editor", soft_wrap=False, show_line_numbers=True)
        self.footer = DeskFooter(id="footer")

    @property
    def session(self) -> Session:
        """The sitting that all screens share."""
        session: Session = self.app.session  # type: ignore[attr-defined]
        return session

    def compose(self) -> ComposeResult:
        yield Static("", id="top", markup=False)
        with Horizontal(id="body"):
            with Vertical(id="form"):
                yield Static("", id="form-title", classes="title", markup=False)
                yield self.editor
                yield Static("", id="wrong", markup=False)
            with Vertical(id="mine"):
                yield Static("", id="mine-title", classes="title", markup=False)
                yield self.diff
        yield self.footer

    def on_mount(self) -> None:
        from ..deciding import drafts

        self.editor.indent_width = 4
        kept = drafts().load(self.item.entry.state.id)
        if kept is not None and kept.edited:
            self._restore(kept)
        self._show_write()
        self.editor.focus()
        self.footer.tell(list(map(by_id, _FOOTER)), self.session.config.keymap, lambda _a: "")

    def _restore(self, kept: Draft) -> None:
        self.editing.restore(kept)
        said = "Your draft is back."
        if kept.digest != self.item.entry.state.digest:
            said = "Your draft is back. The proposal changed since; compare before you send."
        self.notify(said, markup=False)

    # ------------------------------------------------------------------ one write

    def _show_write(self) -> None:
        editing, writes = self.editing, self.item.artifact.writes
        text = editing.text(self.index)
        self._filling = True
        too_long = len(text) > TOO_LONG
        self.editor.read_only = too_long or self.index in editing.dropped
        self.editor.load_text("" if too_long else text)
        self._filling = False
        if too_long:
            self._say_wrong(f"{len(text):,} characters are too many here; F4 opens your editor.")
        where = Content.assemble(
            ("edit  ", QUIET), show_line(self.item.artifact.title, 60, "bold"), "   ",
            (f"write {self.index + 1} of {len(writes)}", QUIET), "   ",
            show_line(label(writes[self.index]), 60),
        )  # fmt: skip
        self.query_one("#top", Static).update(where)
        self._look()

    @on(TextArea.Changed)
    def _typed(self) -> None:
        if self._filling or self.editor.read_only:
            return
        if self.editing.put(self.index, self.editor.text):
            if self._timer is not None:
                self._timer.stop()
            self._timer = self.set_timer(PAUSE, self._look)

    def _look(self) -> None:
        """Checks, compares and keeps what has been typed."""
        self.run_worker(self._look_closer(), group="look", exclusive=True)

    async def _look_closer(self) -> None:
        self.keep()
        editing, index = self.editing, self.index
        dropped = index in editing.dropped
        form = editing.forms[index]
        state = "dropped" if dropped else "changed" if editing.changed(index) else "as proposed"
        title = Content.assemble(form.what, ("  " + state, QUIET))
        self.query_one("#form-title", Static).update(title)
        base = "before → mine" if self._against_before else "proposed → mine"
        self.query_one("#mine-title", Static).update(Content(f"{base}   F2 switches"))
        if dropped:
            self._say_wrong("")
            self.diff.clear("This write is dropped; F8 takes it back in.")
            return
        try:
            mine = await asyncio.to_thread(editing.read, index)
        except InputError as error:
            self._say_wrong(str(error))
            return
        self._say_wrong("; ".join(await self._violations(index, mine)))
        self._compare(index, mine)

    async def _violations(self, index: int, mine: Write) -> list[str]:
        try:
            async with asyncio.timeout(2.0):
                return await asyncio.to_thread(self.editing.violations, index, mine)
        except TimeoutError:
            return ["The agent's JSON Schema takes too long; it was not checked."]

    def _compare(self, index: int, mine: Write) -> None:
        proposed, before = self.item.artifact.writes[index], self._against_before
        self._rounds += 1

        def source(ignoring: bool) -> WriteDiff:
            base = "before" if before else "proposed"
            return diff_write(proposed, mine, base, ignoring)  # type: ignore[arg-type]

        self.diff.show((self._rounds,), source, len(self.editing.text(index)))

    def _say_wrong(self, sentence: str) -> None:
        line = self.query_one("#wrong", Static)
        line.set_class(bool(sentence), "-on")
        line.update(show_line(sentence, 400))

    def keep(self) -> None:
        """Keeps a draft of everything that differs from the proposal."""
        from ..deciding import drafts

        state = self.item.entry.state
        store = drafts()
        known = store.load(state.id) or Draft(state.id, state.digest)
        draft = replace(
            known,
            digest=state.digest,
            saved_at=self.session.now(),
            texts=self.editing.changed_texts(),
            dropped=tuple(sorted(self.editing.dropped)),
        )
        try:
            if draft != replace(known, saved_at=draft.saved_at):
                store.save(draft)
        except OSError as error:
            self.notify(
                f"The draft cannot be kept: {error.strerror}.", severity="error", markup=False
            )

    # ------------------------------------------------------------------ keys

    def action_edit_compare(self) -> None:
        """Compares with the state before, or with the proposal."""
        self._against_before = not self._against_before
        self._look()

    def action_edit_drop(self) -> None:
        """Leaves this write out, or takes it back in."""
        self.editing.dropped ^= {self.index}
        self._show_write()

    def action_edit_next_write(self) -> None:
        """The next write."""
        self.keep()
        self.index = (self.index + 1) % len(self.item.artifact.writes)
        self._show_write()

    def action_edit_editor(self) -> None:
        """Edits in the person's own editor."""
        if self.index in self.editing.dropped:
            return
        write = self.item.artifact.writes[self.index]
        text = self.editing.text(self.index)
        edited = edit_outside(self.app, self.session.config.editor_command(), text, write.resource)
        if isinstance(edited, str):
            self.editing.put(self.index, edited)
            self._show_write()
        elif edited is not None:
            self.notify(one_line(str(edited), 200), severity="error", markup=False)

    def action_edit_back(self) -> None:
        """Leaves; the draft is kept."""
        self.keep()
        if self.editing.touched:
            self.notify("The draft is kept; e opens it again.", markup=False)
        self.dismiss(None)

    def action_edit_send(self) -> None:
        """Goes on to the confirm."""
        if not asking(self, "send"):
            self.run_worker(self._send(), group="send")

    async def _send(self) -> None:
        self.keep()
        try:
            writes = await asyncio.to_thread(self.editing.writes)
        except InputError as error:
            self._say_wrong(str(error))
            return
        state = self.item.entry.state
        trial = Decision(Kind.EDIT, state.id, state.revision, state.digest, "", writes=writes)
        outcome = await asyncio.to_thread(apply_edit, self.item.artifact, trial)
        if isinstance(outcome, Refusal):
            self._say_wrong(outcome.sentence)
            return
        dialog = EditedDialog(self.item.artifact.writes, writes)
        answer = await self.app.push_screen_wait(dialog)
        if answer is not None:
            self.dismiss(Edited(writes, answer.comment))


_FOOTER = (
    "edit.send", "edit.compare", "edit.editor", "edit.next_write", "edit.drop", "edit.back",
)  # fmt: skip
