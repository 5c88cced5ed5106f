"""The confirm of an edit: what of each write is yours, and words for the record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from typing_extensions import override

from ....diff import diff_write
from ....untrusted import show_line
from ...keymap import textual_bindings
from ...widgets.artifact_header import QUIET
from ...widgets.writes_tree import label
from .answers import Answer, WordsDialog

if TYPE_CHECKING:
    from ....domain.writes import Write

SHOWN = 12


class EditedDialog(WordsDialog, inherit_bindings=False):
    """Says what is sent.  `ctrl+s` led here, so only `y` confirms."""

    heading = "Approve your version?"
    verb = "approve mine"
    label = "why (optional)"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "dialog_confirm", show=False, id="dialog.confirm.edit"),
        *(b for b in textual_bindings("dialog") if isinstance(b, Binding) and b.key == "escape"),
    ]

    def __init__(self, proposed: Sequence[Write], mine: Sequence[Write | None]) -> None:
        lines = [
            _line(index, old, new)
            for index, (old, new) in enumerate(zip(proposed, mine, strict=True))
            if old != new
        ]
        same = len(mine) - len(lines)
        if len(lines) > SHOWN:
            lines = [*lines[:SHOWN], Content(f"and {len(lines) - SHOWN} more")]
        if same:
            words = "write goes" if same == 1 else "writes go"
            lines.append(Content.styled(f"{same} {words} as proposed", QUIET))
        super().__init__(Content("\n").join(lines))

    def body(self) -> ComposeResult:
        yield from self.words()

    @override
    def confirm_key(self, keys: tuple[str, ...], typing: bool) -> str:
        return "tab, then y" if typing else "y"

    def more_keys(self) -> str:
        return "" if self.focused else "tab text"

    def collect(self) -> Answer:
        return Answer(comment=self.comment)


def _line(index: int, old: Write, new: Write | None) -> Content:
    name = show_line(label(old), 44)
    if new is None:
        return Content.assemble(f"{index + 1}  ", name, ("  dropped", "$text-warning"))
    counts = diff_write(old, new).counts
    said = [f"+{counts.added:,}"] * bool(counts.added)
    said += [f"-{counts.removed:,}"] * bool(counts.removed)
    said += [f"~{counts.changed:,}"] * bool(counts.changed)
    return Content.assemble(f"{index + 1}  ", name, "  ", (" ".join(said) or "changed", "bold"))
