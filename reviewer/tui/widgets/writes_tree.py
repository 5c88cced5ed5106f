"""The writes of an artifact as a tree: by system and folder, each with its mark of being seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message
from typing_extensions import override

from .diff_draw import Pane
from .pane_lines import PaneLines

if TYPE_CHECKING:
    from ...domain.writes import Write

MARKS = {
    "viewed": ("✓", "good"),
    "current": ("●", "mark"),
    "flagged": ("⚑", "warn"),
    "": (" ", "dim"),
}


@dataclass(frozen=True, slots=True)
class Branch:
    """One row: a heading (`index` None) or a write."""

    text: str
    depth: int
    index: int | None = None


class WritesTree(PaneLines):
    """Rows of writes; the cursor's write is the one whose diff is shown."""

    DEFAULT_CSS = "WritesTree { width: 100%; height: 1fr; }"

    class Chosen(Message):
        """Another write is under the cursor."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._branches: list[Branch] = []
        self._mark: Callable[[int], str] = lambda _index: ""
        self.index = 0

    def show(self, writes: Sequence[Write], mark: Callable[[int], str]) -> None:
        """Shows these writes; `mark` says of an index `viewed`, `flagged` or nothing."""
        self._branches, self._mark = branches(writes), mark
        self.index = min(self.index, max(0, len(writes) - 1))
        self.rebuild()
        self.choose(self.index)

    def choose(self, index: int) -> None:
        """Puts the cursor on a write."""
        self.index = index
        for row, branch in enumerate(self._branches):
            if branch.index == index:
                self.go_row(row)
        self.remark()

    def remark(self) -> None:
        """The marks have changed."""
        self._panes.clear()
        self.redraw()

    @property
    def row_count(self) -> int:
        return len(self._branches)

    @override
    def row_pane(self, row: int) -> Pane:
        branch = self._branches[row]
        indent = "  " * branch.depth
        if branch.index is None:
            return self.pane(f"  {indent}", (branch.text, self.style("dim")))
        name = self._mark(branch.index)
        current = branch.index == self.index
        mark, style = MARKS[name if name or not current else "current"]
        text = self.style("head") if current else self.style("dim" if name == "viewed" else "")
        return self.pane(f" {indent}{mark} ", (branch.text, text), gutter_style=self.style(style))

    def moved(self) -> None:
        branch = self._branches[self.row] if self._branches else None
        if branch and branch.index is not None and branch.index != self.index:
            self.index = branch.index
            self.remark()
            self.post_message(self.Chosen(branch.index))


def branches(writes: Sequence[Write]) -> list[Branch]:
    """The rows: a heading for each system where there are several, and for each folder of files."""
    systems = {write.system for write in writes}
    found: list[Branch] = []
    system: str | None = None
    folder = ""
    for index, write in enumerate(writes):
        if len(systems) > 1 and write.system != system:
            found.append(Branch(write.system or "(no system)", 0))
            folder = ""
        system = write.system
        depth = 1 if len(systems) > 1 else 0
        path, _, name = write.resource.rpartition("/") if write.type == "file" else ("", "", "")
        if path != folder and path:
            found.append(Branch(path + "/", depth))
        folder = path
        found.append(Branch(name or label(write), depth + (1 if path else 0), index))
    return found


def label(write: Write) -> str:
    """A write's name where there is little room."""
    if write.resource:
        return write.resource
    if write.type == "message":
        return f"{write.channel} to {', '.join(write.to) or 'nobody'}"
    if write.type == "request":
        return f"{write.method} {write.url}"
    if write.type == "tool_call":
        return f"{write.name}()"
    if write.type == "document":
        return write.title or "document"
    return write.type.replace("_", " ")
