"""The hunks of one file or document: each is taken or left, as in `git add -p`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from ...actions import by_id
from ...diff.hunks import Hunk, Patch
from ...untrusted import show_line
from ..keymap import textual_bindings
from ..widgets.artifact_header import QUIET
from ..widgets.footer import DeskFooter
from ..widgets.hunk_lines import HunkLines, rows_of
from ..widgets.writes_tree import label
from .left_once import LeftOnce

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..editing import Editing
    from ..session import Session

_FOOTER = ("hunks.take", "hunks.leave", "hunks.split", "hunks.edit", "hunks.next", "hunks.back")


class HunksScreen(LeftOnce[int | None]):
    """Takes or leaves hunks of write `index`; `changed` is called after each choice.

    The answer is a line of the text to edit, from 0, or None.
    """

    PLACE = "hunks"
    BINDINGS = textual_bindings("hunks")
    CSS = """
    HunksScreen {
        background: $background;
        #top { height: 1; padding: 0 1; background: $surface; }
        #hunks { height: 1fr; }
        #footer { background: $surface; }
    }
    """

    def __init__(self, editing: Editing, index: int, changed: Callable[[], None]) -> None:
        super().__init__()
        self.editing, self.index = editing, index
        self._changed = changed
        self._patch: Patch | None = None
        self._hunks: list[Hunk] = []
        self._turn = asyncio.Lock()
        self.lines = HunkLines(id="hunks")
        self.footer = DeskFooter(id="footer")

    @property
    def session(self) -> Session:
        """The sitting that all screens share."""
        session: Session = self.app.session  # type: ignore[attr-defined]
        return session

    @property
    def ready(self) -> bool:
        """Whether the hunks are on the screen."""
        return self._patch is not None

    def compose(self) -> ComposeResult:
        yield Static("", id="top", markup=False)
        yield self.lines
        yield self.footer

    def on_mount(self) -> None:
        self.lines.focus()
        self.footer.tell(list(map(by_id, _FOOTER)), self.session.config.keymap, lambda _a: "")
        self.lines.loading = True
        self.run_worker(self._open(), group="open")

    async def _open(self) -> None:
        self._patch = made = await asyncio.to_thread(self.editing.patch, self.index)
        self.lines.loading = False
        self._hunks = list(made.hunks)
        out = self._out
        if out and self.index not in self.editing.dropped:
            self._hunks = [part for hunk in made.hunks for part in _uniform(made, hunk, out)]
        self._show(0)

    @property
    def _out(self) -> frozenset[int]:
        """The pieces that are left out."""
        if self.index in self.editing.dropped and self._patch is not None:
            return frozenset(range(len(self._patch.pieces)))
        return self.editing.left_out.get(self.index, frozenset())

    def _show(self, hunk: int) -> None:
        made = self._patch
        if made is None:
            return
        out = self._out
        self.lines.show(rows_of(made, self._hunks, out), hunk)
        taken = sum(not set(hunk.pieces) & out for hunk in self._hunks)
        state = f"{taken} of {len(self._hunks)} taken"
        if self.index in self.editing.dropped:
            state = "nothing is taken: the write is dropped"
        elif not self._hunks:
            state = "the text is not changed"
        top = Content.assemble(
            ("hunks  ", QUIET), show_line(label(self.editing.proposed[self.index]), 60, "bold"),
            "   ", (state, "$text-warning" if out else QUIET),
        )  # fmt: skip
        self.query_one("#top", Static).update(top)

    # ------------------------------------------------------------------ taking and leaving

    def _choose(self, hunks: list[int], take: bool | None, step: int) -> None:
        """Takes or leaves hunks (None: the other way round), then moves on so many."""
        if self._patch is not None and self._hunks:
            self.run_worker(self._chosen(hunks, take, step), group="choose")

    async def _chosen(self, hunks: list[int], take: bool | None, step: int) -> None:
        async with self._turn:
            pieces = {piece for number in hunks for piece in self._hunks[number].pieces}
            out = self._out
            leave = not pieces <= out if take is None else not take
            wanted = out | pieces if leave else out - pieces
            if wanted != out:
                why = await asyncio.to_thread(self.editing.leave_out, self.index, wanted)
                if why:
                    self.notify(why, severity="warning", markup=False)
                    return
                self._changed()
            at = self.lines.hunk
            self._show(at)
            if step:
                self.lines.go_hunk(at + step)

    def action_hunks_take(self) -> None:
        """Takes the hunk and goes on."""
        self._choose([self.lines.hunk], True, 1)

    def action_hunks_leave(self) -> None:
        """Leaves the hunk out and goes on."""
        self._choose([self.lines.hunk], False, 1)

    def action_hunks_toggle(self) -> None:
        """Takes the hunk, or leaves it out."""
        self._choose([self.lines.hunk], None, 0)

    def action_hunks_take_all(self) -> None:
        """Takes every hunk."""
        self._choose(list(range(len(self._hunks))), True, 0)

    def action_hunks_leave_all(self) -> None:
        """Leaves every hunk out."""
        self._choose(list(range(len(self._hunks))), False, 0)

    @on(HunkLines.Clicked)
    def _clicked(self) -> None:
        self.action_hunks_toggle()

    def action_hunks_split(self) -> None:
        """Splits the hunk."""
        made, at = self._patch, self.lines.hunk
        if made is None or not self._hunks:
            return
        parts = made.split(self._hunks[at])
        if len(parts) == 1:
            self.notify("It cannot be split further; e edits it.", markup=False)
            return
        self._hunks[at : at + 1] = parts
        self._show(at)

    # ------------------------------------------------------------------ moving, leaving

    def action_hunks_next(self) -> None:
        """The next hunk."""
        self.lines.go_hunk(self.lines.hunk + 1)

    def action_hunks_previous(self) -> None:
        """The hunk before."""
        self.lines.go_hunk(self.lines.hunk - 1)

    def action_hunks_first(self) -> None:
        """The first hunk."""
        self.lines.go_hunk(0)

    def action_hunks_last(self) -> None:
        """The last hunk."""
        self.lines.go_hunk(len(self._hunks) - 1)

    def action_hunks_page_down(self) -> None:
        """Half a page down."""
        self.lines.move("half_page_down")

    def action_hunks_page_up(self) -> None:
        """Half a page up."""
        self.lines.move("half_page_up")

    def action_hunks_edit(self) -> None:
        """Edits the text where the hunk is."""
        made = self._patch
        if made is None or not self._hunks:
            return
        out = self._out
        hunk = self._hunks[self.lines.hunk]
        line = made.pieces[hunk.first].start
        for number in range(hunk.first):
            piece = made.pieces[number]
            if number not in out:
                line += (piece.right_end - piece.right) - (piece.end - piece.start)
        self.dismiss(line)

    def action_hunks_back(self) -> None:
        """Back to the edit."""
        self.dismiss(None)


def _uniform(patch: Patch, hunk: Hunk, out: frozenset[int]) -> list[Hunk]:
    """The hunk split until each part is taken or left as a whole."""
    inside = out & set(hunk.pieces)
    parts = patch.split(hunk)
    if not inside or len(inside) == len(hunk.pieces) or len(parts) == 1:
        return [hunk]
    return [one for part in parts for one in _uniform(patch, part, out)]
