"""The confirm of an edit: all that is yours in it, and words for the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import TextArea
from typing_extensions import override

from ....diff import diff_write
from ....diff.model import WriteDiff
from ....untrusted import show_line
from ...keymap import textual_bindings
from ...opened import size_of
from ...widgets.artifact_header import QUIET
from ...widgets.diff_view import DiffView
from ...widgets.writes_tree import label
from .answers import Answer, Keep, WordsDialog

if TYPE_CHECKING:
    from ....domain.writes import Write

SHOWN = 8
"""So many writes are named; the diff below shows all."""


@dataclass(frozen=True)
class EditedWrites:
    """What of each write is mine: lines that say so, and one diff of all, proposed → mine."""

    lines: tuple[Content, ...]
    diff: WriteDiff
    size: int

    @classmethod
    def of(cls, proposed: Sequence[Write], mine: Sequence[Write | None]) -> EditedWrites:
        """Compares the writes; takes long for large ones."""
        changed = [
            (number, old, new, diff_write(old, new) if new is not None else None)
            for number, (old, new) in enumerate(zip(proposed, mine, strict=True), 1)
            if old != new
        ]
        lines = [_line(number, old, diff) for number, old, _, diff in changed]
        if len(lines) > SHOWN:
            lines = [*lines[:SHOWN], Content(f"and {len(lines) - SHOWN} more")]
        same = len(mine) - len(changed)
        if same:
            words = "write goes" if same == 1 else "writes go"
            lines.append(Content.styled(f"{same} {words} as proposed", QUIET))
        several = len(proposed) > 1
        sections = tuple(
            replace(section, name=f"write {number} · {section.name}") if several else section
            for number, _, _, diff in changed
            for section in (diff.sections if diff is not None else ())
            if section.body.changed
        )
        facts = tuple(
            fact
            for _, _, _, diff in changed
            for fact in (diff.facts_changed if diff is not None else ())
        )
        size = sum(size_of(old) for _, old, new, _ in changed if new is not None)
        return cls(tuple(lines), WriteDiff("", "", "proposed", facts, sections), size)


class EditedDialog(WordsDialog, inherit_bindings=False):
    """Shows exactly what is sent besides the proposal.  `ctrl+s` led here, so only `y` confirms."""

    heading = "Approve your version?"
    verb = "approve mine"
    label = "why (optional)"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "dialog_confirm", show=False, id="dialog.confirm.edit"),
        *(b for b in textual_bindings("dialog") if isinstance(b, Binding) and b.key == "escape"),
        *textual_bindings("move"),
        Binding("tab", "app.focus_next", show=False),
        Binding("shift+tab", "app.focus_previous", show=False),
    ]
    DEFAULT_CSS = """
    EditedDialog {
        & > .dialog--box { width: 108; }
        #edited { height: auto; max-height: 45vh; background: $background; }
    }
    """

    def __init__(self, edited: EditedWrites, *, draft: str = "", keep: Keep) -> None:
        super().__init__(Content("\n").join(edited.lines), draft=draft, keep=keep)
        self.edited = edited
        self.diff = DiffView(id="edited")
        self.diff.set_reactive(DiffView.context, 1)
        self.diff.set_reactive(DiffView.split, False)

    def body(self) -> ComposeResult:
        yield self.diff
        yield from self.words()

    def on_mount(self) -> None:
        super().on_mount()
        diff = self.edited.diff
        self.diff.display = bool(diff.sections or diff.facts)
        if self.diff.display:
            self.diff.focus()
            self.diff.show("edited", lambda _ignoring: diff, self.edited.size, lambda _: True)

    def action_move(self, where: str) -> None:
        """Moves in the diff."""
        self.diff.move(where)

    @override
    def confirm_key(self, keys: tuple[str, ...], typing: bool) -> str:
        return "tab, then y" if typing else "y"

    def more_keys(self) -> str:
        return "" if isinstance(self.focused, TextArea) else "j k scroll   tab text"

    def collect(self) -> Answer:
        return Answer(comment=self.comment)


def _line(number: int, old: Write, diff: WriteDiff | None) -> Content:
    name = show_line(label(old), 44)
    if diff is None:
        return Content.assemble(f"{number}  ", name, ("  dropped", "$text-warning"))
    counts = diff.counts
    said = [f"+{counts.added:,}"] * bool(counts.added)
    said += [f"-{counts.removed:,}"] * bool(counts.removed)
    said += [f"~{counts.changed:,}"] * bool(counts.changed)
    return Content.assemble(f"{number}  ", name, "  ", (" ".join(said) or "changed", "bold"))
