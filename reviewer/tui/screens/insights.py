"""Insights: pace, time to decision, what became of each agent's work, edits, cost; live plots."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import tzinfo
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from ...actions import by_id
from ...domain.errors import ReviewerError
from ...domain.instant import SECOND, to_datetime
from ...insights.periods import PERIODS
from ...insights.table import csv_text, rows
from ...local_zone import local_zone
from ...untrusted import one_line
from ..keymap import textual_bindings
from ..widgets.bar import Bar, Part
from ..widgets.footer import DeskFooter
from ..widgets.insight_panel import InsightPanel
from .insights_panels import PANELS, WIDE
from .insights_reader import InsightsReader, Source
from .left_once import LeftOnce

if TYPE_CHECKING:
    from ...domain.views import Change
    from ...insights.overview import Overview
    from ..app import DeskApp

EVERY = 3 * SECOND
"""New decisions are counted no more often than this."""
ANYWAY = 30 * SECOND
"""The clock moves the period on also where nothing happens."""
LEAST = 10
"""Lines of a panel below which the panels scroll."""
ENOUGH = 12
"""Lines of a panel that holds both a plot and a table."""
_WORDS = {"connecting": "◌ opening", "live": "● live", "slow": "◐ slow", "offline": "○ offline"}
_FOOTER = (
    "insights.next", "insights.zoom", "insights.longer", "insights.versions", "insights.export",
    "back", "help",
)  # fmt: skip


class InsightsScreen(LeftOnce[None]):
    """Panels over one period; `source` and `zone` are the desk's where nothing else is given."""

    PLACE = "insights"
    BINDINGS: ClassVar[list[BindingType]] = [
        *textual_bindings("move", "insights"),
        *(
            bound
            for bound in textual_bindings("global")
            if isinstance(bound, Binding) and bound.id in ("back", "refresh")
        ),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (100, "-wide"), (160, "-splendid")]
    CSS = """
    InsightsScreen {
        layout: vertical;
        & #head, & #footer { background: $surface; }
        & #empty { display: none; height: auto; padding: 1 3; }
        & #panels {
            height: 1fr; padding: 0 1; layout: grid; grid-size: 2; grid-gutter: 0 2;
            scrollbar-size-vertical: 1;
        }
        & #agents, & #modes { column-span: 2; }
        &.-tiny #panels { grid-size: 1; }
        &.-tiny #agents, &.-tiny #modes { column-span: 1; }
        &.-splendid #panels { grid-size: 3; }
        &.-splendid #agents, &.-splendid #modes { column-span: 3; }
        &.-empty #empty { display: block; }
        &.-empty #panels, &.-one #panels { grid-size: 1; }
        &.-empty InsightPanel, &.-one InsightPanel { display: none; column-span: 1; }
        &.-empty #open, &.-one InsightPanel.-large { display: block; }
    }
    """

    def __init__(self, source: Source | None = None, zone: tzinfo | None = None) -> None:
        super().__init__()
        self._given, self._zone = source, zone
        self._period = 1
        self._versions = False
        self._read_at = 0
        self._stale = True
        self._progress = self._fitted = self._trouble = ""
        self._stops: list[Callable[[], None]] = []
        self.view: Overview | None = None
        self.panels = [InsightPanel(panel) for panel in PANELS]
        self.head, self.footer = Bar(id="head"), DeskFooter(id="footer")
        self.grid = VerticalScroll(id="panels", can_focus=False)

    def compose(self) -> ComposeResult:
        yield self.head
        yield Static(id="empty", markup=False)
        with self.grid:
            yield from self.panels
        yield self.footer

    def on_mount(self) -> None:
        source = self._given or self.desk.session
        self._source: Source = source
        self._reader = InsightsReader(source, self._zone or local_zone(), self._tell_progress)
        session = self.desk.session
        self._stops = [session.on_change(self._on_change), session.on_state(self.tell)]
        self.set_interval(1.0, self._tick)
        self.panels[0].focus()
        self._read()

    def on_unmount(self) -> None:
        for stop in self._stops:
            stop()

    @property
    def desk(self) -> DeskApp:
        """The application."""
        return cast("DeskApp", self.app)

    # ------------------------------------------------------------------ reading

    def _on_change(self, changes: list[Change]) -> None:
        self._stale = True
        if any(change.event in ("outcome", "undone") for change in changes):
            self._reader.changed_before()

    def _tick(self) -> None:
        since = self._source.now() - self._read_at
        if (self._stale and since >= EVERY) or since >= ANYWAY:
            self._read()
        self.tell()

    @property
    def reading(self) -> bool:
        """Whether decisions are being read right now."""
        return any(w.group == "read" and not w.is_finished for w in self.workers)

    def _read(self, *, anew: bool = False) -> None:
        """Reads what is new; another period or a wish to read anew ends a reading that runs."""
        if anew or not self.reading:
            self._stale = False
            self._read_at = self._source.now()
            self.run_worker(self._reading(), group="read", exclusive=True)

    async def _reading(self) -> None:
        try:
            view = await self._reader.read(PERIODS[self._period], versions=self._versions)
        except ReviewerError as error:
            self._trouble = str(error)
            self.tell()
            return
        finally:
            self._progress = ""
        self._trouble = ""
        await asyncio.to_thread(self._make_ready, view)
        self._show(view)

    def _make_ready(self, view: Overview) -> None:
        for panel in self.panels:
            panel.ready(view)

    def _tell_progress(self, number: int, part: float) -> None:
        if number > 4_000:
            self._progress = f"counting {number:,} decisions  {part:.0%}"
            self.tell()

    def _show(self, view: Overview) -> None:
        self.view = view
        if view.empty != self.has_class("-empty"):
            self.set_class(view.empty, "-empty")
            self.remove_class("-one")
            # what is not shown cannot keep the focus
            self.set_focus(self.query_one("#open" if view.empty else "#pace"))
        if view.empty:
            self.query_one("#empty", Static).update(self._nothing(view))
        for panel in self.panels:
            panel.show(view)
        self._fit()
        self.call_after_refresh(self._fit)  # the words of an empty period take room of their own
        self.tell()

    def _nothing(self, view: Overview) -> Content:
        period = view.period
        when = "yet" if period.length is None else f"in the {period.label}"
        lines = [Content.styled(f"No decision was taken {when}.", "bold"), Content("")]
        if period.length is not None:
            lines.append(Content("] looks further back: 24 hours, 7 days, 30 days, everything."))
        lines += [
            Content("Whatever people decide is counted here at once: pace and time to decision,"),
            Content("what became of each agent's proposals, how much was edited, what it cost."),
            Content.styled("esc goes back to the inbox · `reviewer demo` shows it alive", "$quiet"),
        ]
        return Content("\n").join(lines)

    # ------------------------------------------------------------------ layout

    def on_resize(self) -> None:
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        """Gives every row of panels as many lines as there are, or lets them scroll."""
        rows = " ".join(map(str, self._rows()))
        if rows and rows != self._fitted:
            self._fitted = rows
            self.grid.styles.grid_rows = rows
            self.call_after_refresh(self.panel.scroll_visible, animate=False)

    def _rows(self) -> list[int]:
        height = self.grid.scrollable_content_region.height
        if height <= 0:
            return []
        if self.has_class("-one") or self.has_class("-empty"):
            return [height]
        wide = 1 if self.has_class("-tiny") else 3 if self.has_class("-splendid") else 2
        count = -(-(len(self.panels) - WIDE) // wide)
        last = [max(4, min(height, panel.row_count + 2)) for panel in self.panels[-WIDE:]]
        if height >= count * ENOUGH + sum(last):
            return [*_split(height - sum(last), count), *last]
        visible = max(1, min(count, height // (ENOUGH if height >= 2 * ENOUGH else LEAST)))
        return [*(_split(height, visible)[row % visible] for row in range(count)), *last]

    @property
    def panel(self) -> InsightPanel:
        """The panel in focus, the first without one."""
        return self.focused if isinstance(self.focused, InsightPanel) else self.panels[0]

    # ------------------------------------------------------------------ keys

    def action_move(self, where: str) -> None:
        """Moves the cursor of the panel in focus."""
        self.panel.move(where)

    def action_step_panel(self, step: int) -> None:
        """Goes to another panel, in sight or enlarged as the one before."""
        shown = [panel for panel in self.panels if panel.display or self.has_class("-one")]
        at = shown.index(self.panel) if self.panel in shown else 0
        target = shown[(at + step) % len(shown)]
        if self.has_class("-one"):
            self._enlarge(target)
        self.set_focus(target)  # at once: keys that come in a burst go on from there

    @on(InsightPanel.Enlarge)
    def action_insights_zoom(self) -> None:
        """Gives the panel in focus the whole screen, or takes it back."""
        if self.has_class("-one"):
            self.remove_class("-one")
        elif not self.has_class("-empty"):
            self.add_class("-one")
            self._enlarge(self.panel)
        self._fit()  # at once, so that nothing is drawn in a room that it does not keep

    def _enlarge(self, chosen: InsightPanel) -> None:
        for panel in self.panels:
            panel.set_class(panel is chosen, "-large")

    def action_insights_longer(self) -> None:
        """A longer period."""
        self.action_period(self._period + 1)

    def action_insights_shorter(self) -> None:
        """A shorter period."""
        self.action_period(self._period - 1)

    def action_period(self, number: int) -> None:
        """The period with this number, if there is one."""
        if 0 <= number < len(PERIODS) and number != self._period:
            self._period = number
            self._read(anew=True)
            self.tell()

    def action_insights_versions(self) -> None:
        """Tells the versions of agents apart, or puts them together."""
        self._versions = not self._versions
        self._read(anew=True)
        self.tell()

    def action_refresh(self) -> None:
        """Reads everything anew."""
        self._reader.forget()
        self._read(anew=True)

    def action_back(self) -> None:
        """Takes an enlarged panel back, or leaves."""
        if self.has_class("-one"):
            self.action_insights_zoom()
        else:
            self.dismiss()

    def action_insights_export(self) -> None:
        """Writes all numbers of the period as CSV and says where."""
        if self.view is None:
            self.notify("Nothing has been counted yet.", markup=False)
        else:
            self.run_worker(self._export(self.view), group="export", exclusive=True)

    async def _export(self, view: Overview) -> None:
        from ...config import ensure_home
        from ...files import replace_text

        def write() -> str:
            folder = ensure_home() / "exports"
            folder.mkdir(mode=0o700, exist_ok=True)
            when = to_datetime(view.now).astimezone(view.zone)
            path = folder / f"insights-{view.period.name}-{when:%Y-%m-%dT%H-%M-%S}.csv"
            numbers = rows(view.counted, view.first, view.now, view.load, view.standing)
            replace_text(path, csv_text(numbers, view.zone, one_line))
            return str(path)

        try:
            where = await asyncio.to_thread(write)
        except (ReviewerError, OSError) as error:
            said = f"It could not be written: {error}"
            self.notify(one_line(said, 300), severity="error", markup=False)
            return
        self.notify(f"Written to {one_line(where, 300)}", markup=False)

    # ------------------------------------------------------------------ words

    def tell(self) -> None:
        """Draws the first and the last line anew."""
        session = self.desk.session
        left = [
            Part("‹ Inbox", "quiet", "screen.back", keep=2),
            Part("  ", keep=2),
            Part("Insights", "brand", keep=8),
            Part("  ", keep=8),
        ]
        for number, period in enumerate(PERIODS):
            look = "here" if number == self._period else "quiet"
            left.append(Part(f" {period.name} ", look, f"screen.period({number})", keep=9))
        by = "by version" if self._versions else "by agent"
        counting = "counting …" if self.view is None and not self._trouble else ""
        live = self._progress or counting or _WORDS[session.connection]
        style = {"live": "good", "offline": "bad"}.get(session.connection, "warn")
        right = [
            Part(by, "quiet", "screen.insights_versions", keep=3),
            Part(f"   {live} ", "quiet" if self._progress else style, keep=7),
        ]
        self.head.show(left, right)
        online = session.connection != "offline"
        self.footer.serve(session, map(by_id, _FOOTER), notice=self._trouble if online else "")


def _split(lines: int, parts: int) -> list[int]:
    """So many lines in parts that differ by one at most."""
    return [lines // parts + (part < lines % parts) for part in range(parts)]
