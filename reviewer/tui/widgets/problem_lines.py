"""What is wrong with a policy file, a line for each problem: where, what, what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from typing_extensions import override

from .diff_draw import Pane
from .pane_lines import PaneLines

if TYPE_CHECKING:
    from ...policy.reading import Problem


class ProblemLines(PaneLines):
    """The problems in the order of the lines; `followed` gets the line of the one under the cursor.

    Sentences may quote the file, so they are drawn as untrusted text is.
    """

    DEFAULT_CSS = "ProblemLines { background: $surface; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._problems: Sequence[Problem] = ()
        self.followed: Callable[[int], None] = lambda _line: None

    def show(self, problems: Sequence[Problem]) -> None:
        """Shows other problems."""
        self._problems = problems
        self.rebuild()
        self.go(0)

    @property
    def problem(self) -> Problem | None:
        """The problem under the cursor."""
        return self._problems[self.row] if self.row < len(self._problems) else None

    def moved(self) -> None:
        if self.problem is not None:
            self.followed(self.problem.line)

    @property
    def row_count(self) -> int:
        return len(self._problems)

    def _where(self, row: int) -> str:
        return f"{self._problems[row].line}:{self._problems[row].column}"

    @property
    def _room(self) -> int:
        return max((len(self._where(row)) for row in range(len(self._problems))), default=0)

    @override
    def indent(self, row: int) -> int:
        return self._room + 4

    @override
    def row_text(self, row: int) -> str:
        found = self._problems[row]
        hint = f"  {found.hint}" if found.hint else ""
        return f"{found.sentence}{hint}  {found.place}"

    @override
    def row_pane(self, row: int) -> Pane:
        found = self._problems[row]
        runs = [(found.sentence, self.style())]
        if found.hint:
            runs.append((f"  {found.hint}", self.style("mark")))
        runs.append((f"  {found.place}", self.style("dim")))
        gutter = f" ✗ {self._where(row):>{self._room}} "
        return self.pane(gutter, *runs, gutter_style=self.style("bad"))
