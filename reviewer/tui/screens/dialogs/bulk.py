"""The confirm of a bulk decision: exactly what it will touch, and why; then its progress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import ProgressBar, Static
from typing_extensions import override

from ....domain.decision import REASONS, Kind
from ....untrusted import show_line
from ...widgets.artifact_header import QUIET, RISKS
from ...widgets.diff_draw import Pane
from ...widgets.pane_lines import PaneLines
from ..left_once import LeftOnce
from .answers import Answer, WordsDialog, with_reasons
from .base import Wrong
from .choices import Choices

if TYPE_CHECKING:
    from ....domain.views import Entry

WHY: Mapping[str, str] = {
    "checked_each": "I looked at each of them",
    "sampled": "they are alike; I looked at some of them",
    "routine": "routine work with little risk",
    "other": "another reason, said in words",
}
"""Why many are approved at once, in the order of the keys."""


class Touched(PaneLines):
    """The artifacts of a bulk decision, flagged ones first; virtual however many there are."""

    DEFAULT_CSS = "Touched { height: auto; max-height: 22vh; background: $background; }"

    def __init__(self, entries: Sequence[Entry], flags: Mapping[str, str]) -> None:
        super().__init__()
        self._flags = flags
        self._entries = sorted(entries, key=lambda entry: entry.state.id not in flags)

    @property
    def row_count(self) -> int:
        return len(self._entries)

    @override
    def indent(self, row: int) -> int:
        return 3

    @override
    def row_text(self, row: int) -> str:
        entry = self._entries[row]
        why = self._flags.get(entry.state.id, "")
        said = f"{why}  " if why else ""
        return f"{said}{entry.state.agent}  {entry.title}  {entry.state.id}"

    def row_pane(self, row: int) -> Pane:
        entry = self._entries[row]
        state, dim = entry.state, self.style("dim")
        why = self._flags.get(state.id, "")
        runs = [(f"{state.agent}  ", dim), (entry.title, self.style()), (f"  {state.id}", dim)]
        if why:
            runs.insert(0, (f"{why}  ", self.style("warn")))
        mark = "⚑" if why else RISKS[state.risk][0][0]
        style = self.style("warn" if why else "dim")
        return self.pane(f" {mark} ", *runs, gutter_style=style)


class BulkDialog(WordsDialog):
    """Lists what a bulk decision touches and asks why.

    `flags` says of artifact ids what is the matter with them; those are listed first.  `left_out`
    of them are not touched.
    """

    label = "in your words (optional)"

    def __init__(
        self,
        kind: Kind,
        entries: Sequence[Entry],
        flags: Mapping[str, str],
        *,
        left_out: int = 0,
    ) -> None:
        super().__init__(summary(entries, flags))
        self.kind, self.entries, self.flags = kind, entries, flags
        number = len(entries) - left_out
        self.heading = f"{kind.value.capitalize()} {number:,} artifact{'s' * (number != 1)}?"
        self.verb = f"{kind.value} {number:,}"

    def body(self) -> ComposeResult:
        yield Touched(self.entries, self.flags)
        yield Static(Content("why"), classes="dialog--label", markup=False)
        yield Choices(REASONS if self.kind is Kind.REJECT else WHY, several=True)
        yield from self.words()

    def more_keys(self) -> str:
        return "1-9 reason   tab list, text"

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Choices).focus()

    def collect(self) -> Answer:
        answer = with_reasons(self.query_one(Choices), self.comment)
        if self.kind is Kind.RESPOND and not answer.comment:
            raise Wrong("A response needs words.")
        return answer


def summary(entries: Sequence[Entry], flags: Mapping[str, str]) -> Content:
    """`12 refund-bot, 3 crm-sync · 15 refund · 2 high, 13 med`, and how many are flagged."""
    rows = [
        _counted(Counter(entry.state.agent for entry in entries)),
        _counted(Counter(entry.state.kind for entry in entries)),
        _counted(Counter(RISKS[entry.state.risk][0] for entry in entries)),
    ]
    lines = [Content.styled(" · ", QUIET).join(rows)]
    if flags:
        number = len(flags)
        words = "artifact is" if number == 1 else "artifacts are"
        lines.append(Content.styled(f"⚑ {number:,} {words} flagged, listed first", "$text-warning"))
    return Content("\n").join(lines)


def _counted(counts: Counter[str]) -> Content:
    parts = [
        Content.assemble((f"{number:,} ", "bold"), show_line(name, 24))
        for name, number in counts.most_common(3)
    ]
    if len(counts) > 3:
        parts.append(Content.styled(f"{len(counts) - 3} more", "$text-muted"))
    return Content(", ").join(parts)


class ProgressDialog(ModalScreen[None], LeftOnce[None]):
    """How far a long work has come; `escape` stops it after the current chunk."""

    BINDINGS = [Binding("escape", "stop", "stop", show=False)]
    DEFAULT_CSS = """
    ProgressDialog {
        align: center middle;
        & > #box {
            width: 60; max-width: 96%; height: auto;
            background: $surface; border: round $border; padding: 0 1;
        }
    }
    """

    def __init__(
        self, words: str, total: int, stop: str = "esc stop; what is decided stays decided"
    ) -> None:
        super().__init__()
        self._words, self._total, self._stop = words, total, stop
        self.stopped = False

    def compose(self) -> ComposeResult:
        from textual.containers import Vertical

        with Vertical(id="box"):
            yield Static(Content(self._words), markup=False)
            yield ProgressBar(total=self._total, show_eta=False)
            yield Static(Content(self._stop), markup=False)

    def go(self, done: int) -> None:
        """A chunk is done; so many are now."""
        if self.is_mounted:
            self.query_one(ProgressBar).update(progress=done)

    def action_stop(self) -> None:
        """Stops after the current chunk."""
        self.stopped = True
