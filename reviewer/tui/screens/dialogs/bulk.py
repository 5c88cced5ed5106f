"""The confirm of a bulk decision: exactly what it will touch, and why; then its progress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from functools import partial
from typing import TYPE_CHECKING, Final

from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static
from textual.worker import Worker
from typing_extensions import override

from ....domain.decision import REASONS, Kind
from ....domain.state import Status
from ....untrusted import show_line
from ...widgets.artifact_header import QUIET, RISKS
from ...widgets.bar import Bar, Part
from ...widgets.diff_draw import Pane
from ...widgets.pane_lines import PaneLines
from ..left_once import LeftOnce
from .answers import Answer, WordsDialog, with_reasons
from .base import Wrong
from .choices import Choices

if TYPE_CHECKING:
    from ....domain.views import Change, Entry, Item
    from ...session import Session

WHY: Mapping[str, str] = {
    "checked_each": "I looked at each of them",
    "sampled": "they are alike; I looked at some of them",
    "routine": "routine work with little risk",
    "other": "another reason, said in words",
}
"""Why many are approved at once, in the order of the keys."""
HIDDEN = "The list is not on screen: tab goes there, or make the window larger."


class Touched(PaneLines):
    """The artifacts of a bulk decision, those in `flags` first; virtual however many there are."""

    DEFAULT_CSS = "Touched { height: auto; max-height: 22vh; background: $background; }"

    def __init__(self, entries: Sequence[Entry], flags: Mapping[str, str]) -> None:
        super().__init__()
        self._flags = flags
        self._gone: Mapping[str, str] = {}
        self.drawn = False
        self._entries = sorted(entries, key=lambda entry: entry.state.id not in flags)

    @override
    def line_shown(self, index: int) -> None:
        self.drawn = True

    def strike(self, gone: Mapping[str, str]) -> None:
        """Strikes out what is not touched any more; `gone` says why, by artifact id."""
        self._gone = dict(gone)
        self.rebuild()

    def _why(self, entry: Entry) -> str:
        id = entry.state.id
        return self._gone.get(id) or self._flags.get(id, "")

    @property
    def row_count(self) -> int:
        return len(self._entries)

    @override
    def indent(self, row: int) -> int:
        return 3

    @override
    def row_text(self, row: int) -> str:
        entry = self._entries[row]
        why = self._why(entry)
        said = f"{why}  " if why else ""
        return f"{said}{entry.state.agent}  {entry.title}  {entry.state.id}"

    def row_pane(self, row: int) -> Pane:
        entry = self._entries[row]
        state, dim = entry.state, self.style("dim")
        why = self._why(entry)
        gone = state.id in self._gone
        named = dim + Style(strike=True) if gone else self.style()
        runs = [(f"{state.agent}  ", dim), (entry.title, named), (f"  {state.id}", dim)]
        if why:
            runs.insert(0, (f"{why}  ", self.style("warn")))
        mark = "✗" if gone else "⚑" if why else RISKS[state.risk][0][0]
        style = self.style("warn" if why else "dim")
        return self.pane(f" {mark} ", *runs, gutter_style=style)


class BulkDialog(WordsDialog):
    """Lists what a bulk decision touches and asks why.

    `flags` says of artifact ids what is the matter with them; those are listed first.  `left_out`
    of them are not touched.  `reasons` are the codes that a reject may give, with their meanings.
    """

    label = "in your words (optional)"

    def __init__(
        self,
        kind: Kind,
        entries: Sequence[Entry],
        flags: Mapping[str, str],
        *,
        left_out: Set[str] = frozenset(),
        reasons: Mapping[str, str] = REASONS,
    ) -> None:
        super().__init__(summary(entries, flags))
        self._reasons = reasons
        self.kind, self.entries, self.flags = kind, entries, flags
        self.gone: dict[str, str] = {}
        self._left_out = left_out
        self._stop: Callable[[], None] = lambda: None
        self._count()

    def _count(self) -> None:
        number = self.number
        plural = "s" * (number != 1)
        self.heading = f"{self.kind.value.capitalize()} {number:,} artifact{plural}?"
        self.verb = f"{self.kind.value} {number:,}"

    @property
    def number(self) -> int:
        """How many it touches."""
        return len({entry.state.id for entry in self.entries} - self._left_out - self.gone.keys())

    def body(self) -> ComposeResult:
        yield Touched(self.entries, self.flags)
        yield Static(Content("why"), classes="dialog--label", markup=False)
        yield Choices(self._reasons if self.kind is Kind.REJECT else WHY, several=True)
        yield from self.words()

    def more_keys(self) -> str:
        return f"{self.query_one(Choices).digits} reason   tab list, text"

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Choices).focus()
        session = getattr(self.app, "session", None)
        if session is not None:
            self._stop = session.on_change(self._on_change)

    def on_unmount(self) -> None:
        self._stop()

    def _on_change(self, changes: list[Change]) -> None:
        ids = {change.artifact_id for change in changes}
        touched = [entry for entry in self.entries if entry.state.id in ids]
        if touched and self._is_there:
            work = partial(self._compare, touched)
            _: Worker[None] = self.run_worker(work, group="compare", exit_on_error=False)

    @property
    def _is_there(self) -> bool:
        """Whether it has not been left; work that waited for the queue may end after that."""
        return self.is_running and self.is_attached

    async def _compare(self, touched: Sequence[Entry]) -> None:
        """What is not as it was listed is struck out, and not touched."""
        session: Session = self.app.session  # type: ignore[attr-defined]
        for entry in touched:
            id = entry.state.id
            why = _gone(entry, await session.get(id))
            if why:
                self.gone[id] = why
            else:
                self.gone.pop(id, None)
        if not self._is_there:
            return
        self._count()
        self.query_one(".dialog--heading", Static).update(Content(self.heading))
        left = [entry for entry in self.entries if entry.state.id not in self.gone]
        flags = {id: why for id, why in self.flags.items() if id not in self.gone}
        self.query_one(".dialog--what", Static).update(summary(left, flags, len(self.gone)))
        self.query_one(Touched).strike(self.gone)
        self._tell_keys()

    def collect(self) -> Answer:
        if not self.number:
            raise Wrong("Nothing is left to decide.")
        if not self.query_one(Touched).drawn:
            raise Wrong(HIDDEN)
        answer = with_reasons(self.query_one(Choices), self.comment)
        if self.kind is Kind.RESPOND and not answer.comment:
            raise Wrong("A response needs words.")
        return answer


def _gone(listed: Entry, now: Item | None) -> str:
    """Why an artifact cannot be decided as it was listed, or nothing."""
    if now is None:
        return "not in the queue any more"
    state = now.entry.state
    if state.status is not Status.PENDING:
        return f"decided meanwhile: {state.status}"
    before = listed.state
    same = (state.digest, state.revision) == (before.digest, before.revision)
    return "" if same else "changed meanwhile"


def summary(entries: Sequence[Entry], flags: Mapping[str, str], gone: int = 0) -> Content:
    """`12 refund-bot, 3 crm-sync · 15 refund · 2 high, 13 med`; how many to look at, and gone."""
    rows = [
        _counted(Counter(entry.state.agent for entry in entries)),
        _counted(Counter(entry.state.kind for entry in entries)),
        _counted(Counter(RISKS[entry.state.risk][0] for entry in entries)),
    ]
    lines = [Content.styled(" · ", QUIET).join(rows)]
    if flags:
        number = len(flags)
        words = "artifact needs" if number == 1 else "artifacts need"
        # not "flagged": that is said of hidden text alone, and most are critical, escalated or held
        said = f"⚑ {number:,} {words} a second look, listed first"
        lines.append(Content.styled(said, "$text-warning"))
    if gone:
        words = "was" if gone == 1 else "were"
        said = f"✗ {gone:,} {words} decided or changed meanwhile and will not be touched"
        lines.append(Content.styled(said, "$text-warning"))
    return Content("\n").join(lines)


def _counted(counts: Counter[str]) -> Content:
    parts = [
        Content.assemble((f"{number:,} ", "bold"), show_line(name, 24))
        for name, number in counts.most_common(3)
    ]
    if len(counts) > 3:
        parts.append(Content.styled(f"{len(counts) - 3} more", "$text-muted"))
    return Content(", ").join(parts)


_CELLS: Final = 36
"""How long the bar is, cells."""


class ProgressDialog(ModalScreen[None], LeftOnce[None]):
    """How far a long work has come; `escape` stops it after the current chunk.

    Not with Textual's ProgressBar: the CSS of its own `Bar` would make every `Bar` here 32 wide.
    """

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
            yield Bar(id="progress")
            yield Static(Content(self._stop), markup=False)

    def go(self, done: int) -> None:
        """A chunk is done; so many are now."""
        if self.is_mounted:
            self.query_one(Bar).show(*self._parts(done))

    def on_mount(self) -> None:
        self.go(0)

    def _parts(self, done: int) -> tuple[list[Part], list[Part]]:
        full = _CELLS * min(done, self._total) // max(1, self._total)
        shown = [Part("━" * full, "good"), Part("─" * (_CELLS - full), "off", keep=4)]
        return shown, [Part(f"{done:,} of {self._total:,}", keep=9)]

    def action_stop(self) -> None:
        """Stops after the current chunk."""
        self.stopped = True
