"""Why a person sees this, in sentences with their source; the agent's summary marked as a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Size
from typing_extensions import override

from .diff_draw import Pane
from .pane_lines import PaneLines

if TYPE_CHECKING:
    from ...domain.views import Item, Reason

FOLDED = 3
"""How many lines show while it is folded."""
OPEN = 12


class Escalations(PaneLines):
    """The reasons, wrapped; `unfold` gives them more room."""

    shows_cursor_without_focus = False

    DEFAULT_CSS = """
    Escalations { height: auto; max-height: 3; background: $surface; padding: 0 1 0 0; }
    Escalations.-open { max-height: 12; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._reasons: tuple[Reason, ...] = ()
        self._summary = ""
        self._known = False
        self._pointed = -1

    def show(self, item: Item) -> None:
        """Shows an artifact's reasons."""
        self._reasons, self._summary = item.reasons, item.artifact.summary
        self._known, self._pointed = True, -1
        before = self.line_count
        self.rebuild()
        if self.line_count != before or not self.container_size:
            self.refresh(layout=True)

    def unfold(self) -> bool:
        """Gives it more room, or takes it back."""
        self.toggle_class("-open")
        return True

    def clicked(self) -> None:
        self.unfold()

    def reason_at_cursor(self) -> Reason | None:
        """The reason under the cursor; None on the agent's claim."""
        return self._reasons[self.row] if self.row < len(self._reasons) else None

    def point(self, number: int) -> None:
        """Marks the reason whose evidence is shown."""
        self._pointed = number
        self._panes.clear()
        self.redraw()
        self.go_row(number)

    def line_text(self) -> str:
        """The reason or the claim under the cursor, for copying."""
        reason = self.reason_at_cursor()
        return self._summary.strip() if reason is None else reason.detail.strip() or reason.code

    @override
    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, self.line_count)

    @property
    def row_count(self) -> int:
        return max(1, len(self._reasons) + bool(self._summary))

    @override
    def indent(self, row: int) -> int:
        return 3

    @override
    def row_pane(self, row: int) -> Pane:
        dim = self.style("dim")
        if row >= len(self._reasons) and self._summary:
            claim = ("  the agent's own claim", dim)
            return self.pane(" ❝ ", (self._summary.strip(), self.style()), claim, gutter_style=dim)
        if not self._known:
            return self.pane("   ", ("…", dim))
        if not self._reasons:
            return self.pane("   ", ("Nobody raised a concern; the policy asks a person.", dim))
        reason = self._reasons[row]
        words = reason.detail.strip() or reason.code.replace("_", " ").replace(".", " ")
        score = "" if reason.score is None else f" {reason.score:g}"
        said = f"  {reason.source}{score}"
        if reason.detail.strip():
            said += f" · {reason.code}"
        runs = [(words, self.style()), (said, dim)]
        if reason.evidence is not None:
            here = "  ◂ evidence shown" if row == self._pointed else "  ▸ evidence"
            runs.append((here, self.style("mark")))
        return self.pane(" ⚑ ", *runs, gutter_style=self.style("warn"))
