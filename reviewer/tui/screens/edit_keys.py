"""What the keys of the edit screen do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input

from ...actions import Action
from ...domain.decision import Decision, Kind, Refusal
from ...domain.editing import apply_edit
from ...domain.errors import InputError
from ...domain.schema import edit_violations
from ...untrusted import one_line
from ..carrying import why_unread
from ..keymap import textual_bindings
from ..widgets.artifact_header import QUIET
from ..widgets.forms import WriteForm, widget_for
from ..widgets.text_form import TextForm, too_much
from .dialogs.edited import EditedDialog, EditedWrites
from .external import edit_outside
from .left_once import LeftOnce, asking

if TYPE_CHECKING:
    from ...domain.views import Item
    from ...domain.writes import Write
    from ..drafts import Keeper
    from ..editing import Editing
    from ..session import Session
    from ..widgets.banner import Banner

MODES: Final = {
    "proposed": "proposed → mine",
    "before": "before → mine",
    "earlier": "earlier proposal → this one",
}
PATIENCE: Final = 2.0
"""Seconds that checking an agent's JSON Schema may take; then the queue has the last word."""
_FOOTER = (
    "edit.send", "edit.hunks", "edit.carry", "edit.compare", "edit.view", "edit.editor",
    "edit.next_write", "edit.drop", "edit.back",
)  # fmt: skip


class EditKeys(LeftOnce[Any]):
    """The part of the edit screen that acts; `over` says why nothing can be sent any more."""

    PLACE = "edit"
    BINDINGS: ClassVar[list[BindingType]] = [
        replace(bound, priority=True)
        for bound in textual_bindings("edit")
        if isinstance(bound, Binding)
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]

    item: Item
    index: int
    editing: Editing
    keeper: Keeper
    plain: TextForm
    form: WriteForm
    comment: str
    ready: bool
    news: Banner

    if TYPE_CHECKING:

        @property
        def write(self) -> Write: ...
        def keep(self) -> None: ...
        def sync(self) -> None: ...
        def look(self) -> None: ...
        def look_no_more(self) -> None: ...
        def say_wrong(self, sentence: str, place: str = "") -> None: ...
        async def show_write(self) -> None: ...
        async def show_form(self) -> None: ...

    def __init__(self) -> None:
        super().__init__()
        self.mode = "proposed"
        self.over = ""
        self.newer = ""
        self.wrong_at = ""
        self._as_text: set[int] = set()
        self._makers: dict[int, Callable[[], WriteForm] | None] = {}

    @property
    def session(self) -> Session:
        """The sitting that all screens share."""
        session: Session = self.app.session  # type: ignore[attr-defined]
        return session

    def begin(self, work: Any, group: str) -> None:
        """Runs a coroutine function in place of the one of that group.

        Given the function, nothing is left behind where it is replaced before it began.
        """
        self.run_worker(work, group=group, exclusive=True)

    # ------------------------------------------------------------------ form or text

    def maker_or_none(self, index: int) -> Callable[[], WriteForm] | None:
        """What makes the form widget of a write, where there is one."""
        if index not in self._makers:
            self._makers[index] = widget_for(self.editing.proposed[index])
        return self._makers[index]

    def maker(self, index: int) -> Callable[[], WriteForm]:
        """What makes the form widget of a write that has one."""
        made = self.maker_or_none(index)
        assert made is not None
        return made

    @property
    def as_text(self) -> bool:
        """Whether the write is shown as its text."""
        return self.form is self.plain

    def why_text(self, index: int) -> str | None:
        """Why a write is shown as text: a sentence, nothing to say of it, or None for its form."""
        if self.maker_or_none(index) is None or index in self._as_text:
            return ""
        text = self.editing.text(index)
        why = too_much(text) or why_unread(self.editing.proposed[index], text)
        return f"Shown as text: {why}." if why else None

    def action_edit_view(self) -> None:
        """Shows the form, or its text."""
        if not self.ready:
            return
        self.sync()
        if self.maker_or_none(self.index) is None:
            self.notify("This write is edited as text.", markup=False)
            return
        self._as_text ^= {self.index}
        self.begin(self.show_form, "show")

    # ------------------------------------------------------------------ looking

    def mode_title(self) -> Content:
        """What stands above the diff: what is compared, and what F2 compares next."""
        modes = self._modes()
        if self.mode not in modes:
            self.mode = "proposed"
        following = modes[(modes.index(self.mode) + 1) % len(modes)]
        return Content.assemble(MODES[self.mode], ("   f2 " + MODES[following], QUIET))

    def _modes(self) -> list[str]:
        return [mode for mode in MODES if mode != "earlier" or self.index in self.editing.earlier]

    def action_edit_compare(self) -> None:
        """Compares with the next of: the proposal, the state before, the earlier proposal."""
        modes = self._modes()
        self.mode = modes[(modes.index(self.mode) + 1) % len(modes)] if self.mode in modes else ""
        self.look()

    def action_edit_wrong(self) -> None:
        """Goes to the place that is wrong."""
        if self.wrong_at:
            self.form.go_to(self.wrong_at)

    # ------------------------------------------------------------------ writes

    def action_edit_next_write(self) -> None:
        """The next write."""
        self._step(1)

    def action_edit_previous_write(self) -> None:
        """The write before."""
        self._step(-1)

    def _step(self, step: int) -> None:
        if self.ready:
            self.go_write((self.index + step) % len(self.editing.proposed))

    def go_write(self, index: int) -> None:
        """Shows another write."""
        self.keep()
        self.index = index
        self.say_wrong("")
        self.begin(self.show_write, "show")

    def action_edit_drop(self) -> None:
        """Leaves this write out, or takes it back in."""
        if not self.ready:
            return
        self.sync()
        self.editing.drop(self.index)
        if len(self.editing.dropped) == len(self.editing.proposed):
            words = "Every write is dropped" if len(self.editing.proposed) > 1 else "It is dropped"
            self.notify(f"{words}; esc, then r rejects instead.", markup=False)
        self.begin(self.show_form, "show")

    def action_edit_editor(self) -> None:
        """Edits in the person's own editor."""
        if not self.ready or self.form.read_only:
            return
        self.sync()
        text = self.editing.text(self.index)
        command = self.session.config.editor_command()
        edited = edit_outside(self.app, command, text, self.write.resource)
        if isinstance(edited, str):
            self.editing.put(self.index, edited)
            self.begin(self.show_form, "show")
        elif edited is not None:
            self.notify(one_line(str(edited), 200), severity="error", markup=False)

    # ------------------------------------------------------------------ hunks and conflicts

    def action_edit_hunks(self) -> None:
        """Takes or leaves each change of the text."""
        if not self.ready or asking(self, "hunks"):
            return
        self.sync()
        why = self.editing.why_no_hunks(self.index)
        if why:
            self.notify(why, markup=False)
        else:
            self.run_worker(self._hunks(), group="hunks")

    async def _hunks(self) -> None:
        from .edit_hunks import HunksScreen

        self.keep()
        screen = HunksScreen(self.editing, self.index, self._keep_only)
        line = await self.app.push_screen_wait(screen)
        if line is not None:
            self._as_text.add(self.index)
        await self.show_form()
        if line is not None:
            self.plain.go_line(line)

    def _keep_only(self) -> None:
        """Keeps what another screen chose; the form does not show it yet."""
        self.form.load(self.editing.text(self.index))
        self.keep()

    def action_edit_carry(self) -> None:
        """Goes on with the new revision, or to the places where the edit meets the proposal."""
        if not self.ready or asking(self, "carry"):
            return
        if self.newer:
            self.run_worker(self._carry(), group="carry")
        elif self.editing.conflicted:
            self.run_worker(self._conflicts(), group="carry")
        else:
            self.notify("Nothing is in conflict with the proposal.", markup=False)

    async def _carry(self) -> None:
        from ..deciding import drafts
        from .edit import Moved

        self.keep()
        await self.keeper.flush()
        kept = await asyncio.to_thread(drafts().load, self.item.entry.state.id)
        if kept is not None and kept.edited:
            try:
                await asyncio.to_thread(drafts().save, replace(kept, artifact_id=self.newer))
            except OSError as error:
                self.notify(f"The draft cannot be kept: {error.strerror}.", markup=False)
                return
        self.dismiss(Moved(self.newer))

    async def _conflicts(self) -> None:
        from .edit_conflicts import ConflictsScreen

        conflicted = self.editing.conflicted
        if self.index not in conflicted:
            self.keep()
            self.index = min(conflicted)
            await self.show_write()
        screen = ConflictsScreen(self.write, conflicted[self.index], self._keep_only)
        await self.app.push_screen_wait(screen)
        if self.editing.settle(self.index):
            self._tell_settled()
        await self.show_form()

    def _tell_settled(self) -> None:
        """Says what is left to settle after a write was."""
        left = len(self.editing.conflicted)
        if left:
            said = f"F9 settles {left} more write{'s' * (left > 1)} in which it meets the new one."
        else:
            said = "Your edit is carried over to the new proposal; F2 shows what that changed."
        self.news.say([("Δ", said)], alarm=bool(left))

    # ------------------------------------------------------------------ leaving

    def action_edit_back(self) -> None:
        """Leaves the field that is typed in, then the screen; the draft is kept."""
        if isinstance(self.focused, Input):
            self.form.focus()
        elif not asking(self, "leave"):
            self.run_worker(self._leave(), group="leave")

    async def _leave(self) -> None:
        if self.ready:
            self.keep()
            await self.keeper.flush()
            if self.editing.touched:
                self.notify("The draft is kept; e opens it again.", markup=False)
        self.dismiss(None)

    def action_edit_send(self) -> None:
        """Goes on to the confirm."""
        if self.ready and not asking(self, "send"):
            self.run_worker(self._send(), group="send")

    async def _send(self) -> None:
        self.keep()
        self.look_no_more()
        await self.keeper.flush()
        if self.over:
            self.say_wrong(self.over)
            return
        if self.form.wrong:
            self.say_wrong(self.form.wrong)
            return
        try:
            writes = await asyncio.to_thread(self.editing.writes)
        except InputError as error:
            self.say_wrong(str(error))
            return
        state = self.item.entry.state
        trial = Decision(Kind.EDIT, state.id, state.revision, state.digest, "", writes=writes)
        outcome = await asyncio.to_thread(apply_edit, self.item.artifact, trial)
        if isinstance(outcome, Refusal):
            self.say_wrong(outcome.sentence)
            return
        broken = await self._broken(writes)
        if broken:
            self.say_wrong("; ".join(broken))
            return
        await self._confirm(writes)

    async def _broken(self, writes: tuple[Write | None, ...]) -> tuple[str, ...]:
        """What the queue would refuse: values that break the schema of a proposed write."""
        check = asyncio.to_thread(edit_violations, self.item.artifact.writes, writes)
        try:
            return await asyncio.wait_for(check, PATIENCE)
        except TimeoutError:
            return ()

    async def _confirm(self, writes: tuple[Write | None, ...]) -> None:
        from .edit import Edited

        mine = await asyncio.to_thread(EditedWrites.of, self.item.artifact.writes, writes)
        dialog = EditedDialog(mine, draft=self.comment, keep=self._keep_words)
        answer = await self.app.push_screen_wait(dialog)
        if answer is None:
            return
        if self.over:  # it changed while the confirm was open
            self.say_wrong(self.over)
            return
        self.dismiss(Edited(writes, answer.comment))

    def _keep_words(self, words: str) -> None:
        self.comment = words
        self.keep()

    # ------------------------------------------------------------------ the footer

    def footer_actions(self, by_id: Callable[[str], Action]) -> list[Action]:
        """What the footer names: what this write can have."""
        return [by_id(id) for id in _FOOTER if not self._beside(id)]

    def _beside(self, id: str) -> bool:
        if id == "edit.hunks":
            return bool(self.editing.why_no_hunks(self.index))
        if id == "edit.carry":
            return not (self.newer or self.editing.conflicted)
        if id == "edit.next_write":
            return len(self.editing.proposed) < 2
        return id == "edit.view" and self.maker_or_none(self.index) is None

    def forbidden(self, action: Action) -> str:
        """Why an action is not possible now, or nothing."""
        if action.id == "edit.send":
            return self.over
        if action.id == "edit.editor" and self.form.read_only:
            return "this write cannot be edited now"
        return ""
