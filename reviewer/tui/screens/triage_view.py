"""What the triage screen shows: the load of the queues, who is on call, what breaches next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content

from ...actions import Action, by_id
from ...untrusted import show_line
from .. import guards
from ..careful import carefully, undo_words
from ..due import moment
from ..feed import number
from ..policy_words import stopped_short
from ..triage_reader import TriageReader
from ..widgets.bar import Bar, Part
from ..widgets.due_list import NARROW, DueList
from ..widgets.load_list import LoadList
from ..widgets.status_line import HEALTH, ROLES
from ..widgets.tap_footer import TapFooter
from ..widgets.title import Title
from .left_once import in_sight
from .live import LiveScreen

if TYPE_CHECKING:
    from textual.worker import Worker

    from ...domain.views import Entry
    from ..inbox_reader import Work

TICK = 0.5
"""Seconds between two looks at the clock."""
FLAT = 12
"""Lines below which only the list has room."""
RELOAD = 15.0
"""Seconds after which the load is read anew where nothing changed: deadlines pass by themselves."""
FOOTER = (
    "open", "take_next", "take_over", "page", "escalate", "reassign", "snooze", "switch", "help",
)  # fmt: skip
FEW = ("open", "take_over", "escalate", "page", "switch")
"""The actions that get a field of their own where the terminal is a telephone."""
STYLE = """
TriageScreen {
    layout: vertical;
    background: $background;

    #status, #summary, #footer { background: $surface; }
    #summary { display: none; }
    #body { height: 1fr; layout: vertical; border-top: solid $border; }
    #load { height: 6; max-height: 40%; }
    #due-pane { height: 1fr; }
    #due-title { border-top: solid $border; height: 2; }

    &.-splendid #body { layout: horizontal; }
    &.-splendid #load { width: 42%; height: 1fr; max-height: 100%; }
    &.-splendid #due-pane { width: 1fr; border-left: solid $border; }
    &.-splendid #due-title { border-top: none; height: 1; }

    &.-tiny #body, &.-flat #body { border-top: none; }
    &.-tiny #summary { display: block; }
    &.-flat #summary, &.-flat #due-title, &.-tiny #due-title { display: none; }
    &.-tiny #load, &.-flat #load { display: none; }
    &.-tiny.-queues #load, &.-flat.-queues #load {
        display: block; width: 100%; height: 1fr; max-height: 100%;
    }
    &.-tiny.-queues #due-pane, &.-flat.-queues #due-pane { display: none; }
    &.-tiny Toast { width: 100%; max-width: 96%; }
    &.-tiny ToastRack { margin-bottom: 2; }
}
"""


class TriageView(LiveScreen[None]):
    """The screen; what keys do is `TriageScreen`'s."""

    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (NARROW, "-narrow"), (160, "-splendid")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (FLAT, "-low")]
    AUTO_FOCUS = "#due"
    CSS = STYLE

    def __init__(self) -> None:
        super().__init__()
        me = self.session.actor.id
        self.header = Bar(id="status")
        self.summary = Bar(id="summary")
        self.load = LoadList(me, id="load")
        self.heading = Title(id="due-title")
        self.due = DueList(me, id="due")
        self.footer = TapFooter(id="footer")
        self.footer.few = FEW
        self.reader = TriageReader(self.session, self, self.start)
        self._revision: tuple[str, int] | None = None
        self.on_queues = False

    def compose(self) -> ComposeResult:
        yield self.header
        yield self.summary
        with Container(id="body"):
            yield self.load
            with Vertical(id="due-pane"):
                yield self.heading
                yield self.due
        yield self.footer

    def on_mount(self) -> None:
        self.due.now = self.session.now()
        self.due.empty = (Content.styled("Reading what is due …", "$quiet"),)
        self.due.moved = self._moved
        self.hear(self.reader.heard, self.tell)
        self.set_interval(TICK, self._tick)
        self.set_interval(RELOAD, self._reload)
        self.fold()
        self.reader.look_again()
        self.tell()

    def start(self, work: Work, group: str, exclusive: bool) -> Worker[None]:
        """Runs it in a worker; what goes wrong is said."""
        careful: Work = partial(carefully, self, work)
        return self.run_worker(careful, group=group, exclusive=exclusive)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Keys go where the focus is, also where a click put it."""
        self.on_queues = event.widget is self.load

    # ------------------------------------------------------------------ room

    @property
    def folded(self) -> bool:
        """Whether the queues and the list take turns: the terminal is a telephone, or flat."""
        width, height = self.app.size
        return width < NARROW or height < FLAT

    def fold(self) -> None:
        """Rows of one line or two, by the room that there is."""
        width, height = self.app.size
        self.load.fold(width < NARROW)
        self.due.fold(width, bool(self.reader.queue))
        self.footer.fold(width < NARROW and height >= FLAT)
        self._size_load()

    def _size_load(self) -> None:
        rows = self.load.row_count + self.load.HEAD
        beside = self.app.size.width >= 160 or self.folded
        self.load.styles.height = None if beside else max(3, rows)

    def on_resize(self) -> None:
        """With other room other rows are on screen."""
        self.fold()
        self.set_class(self.on_queues and self.folded, "-queues")
        self.call_after_refresh(self.note_shown)
        self.tell()

    # ------------------------------------------------------------------ what is on screen

    @property
    def entry(self) -> Entry | None:
        """The artifact under the cursor."""
        return self.due.entry

    @property
    def aim(self) -> list[Entry]:
        """What a decision would be about."""
        return [self.entry] if self.entry is not None else []

    @property
    def is_drawn(self) -> bool:
        """Whether the row under the cursor is within the screen."""
        first, end = guards.drawn_lines(self.due)
        start, stop = self.due.row_lines(self.due.cursor)
        return first <= start and stop <= end

    def note_shown(self) -> None:
        """What stands under the cursor is on screen from now on, if it is."""
        if not self.is_active:
            return
        entry = self.entry
        if entry is None or not self.is_drawn:
            self._revision = None
            self.session.note_hidden()
            return
        state = entry.state
        if self._revision != (state.id, state.revision):
            # it moved, or another one stands there: what was seen before does not count for it
            self._revision = (state.id, state.revision)
            self.session.note_hidden()
        self.session.note_shown(state.id, state.digest)

    def hide(self) -> None:
        """Another screen covers this one."""
        self._revision = None
        self.session.note_hidden()

    def on_screen_suspend(self) -> None:
        """A line of a list is no reason to have seen an artifact that is open elsewhere."""
        self.hide()

    def on_screen_resume(self) -> None:
        self.reader.look_again()
        self.call_after_refresh(self.note_shown)
        self.tell()

    def _moved(self) -> None:
        self.reader.reach(self.due.cursor)
        self.call_after_refresh(self.note_shown)
        self._tell_footer()

    # ------------------------------------------------------------------ what is read

    def was_read(self, *, anew: bool) -> None:
        """Load and list are there."""
        reader, now = self.reader, self.session.now()
        self.due.now = now
        duties = {load.queue: reader.duty(load.queue) for load in reader.loads}
        self.load.fill(reader.loads, duties, reader.queue, now)
        self._size_load()
        where = (
            Content.assemble("Nothing is due in ", show_line(reader.queue, 30), ".")
            if reader.queue
            else Content("Nothing waits in any queue.")
        )
        back = "backspace lists all queues" if reader.queue else "Enjoy the quiet."
        self.due.empty = (where.stylize("bold"), Content.styled(back, "$quiet"))
        self.due.fold(self.app.size.width, bool(reader.queue))
        self.due.fill(reader.entries, anew=anew)
        self.tell()

    def _reload(self) -> None:
        if self.is_active:
            self.reader.look_again()

    def _tick(self) -> None:
        if in_sight(self):
            self.due.tick(self.session.now())
            self._tell_footer()
        if self.is_active:
            self.note_shown()

    # ------------------------------------------------------------------ what is said

    def tell(self) -> None:
        """Draws everything around the lists; what is the same as before costs nothing."""
        if not self.is_mounted:
            return
        self._tell_header()
        self._tell_summary()
        self._tell_heading()
        self._tell_footer()

    def _tell_header(self) -> None:
        session, reader = self.session, self.reader
        name = show_line(reader.queue, 30) if reader.queue else "all queues"
        word, style = HEALTH[session.connection]
        roles = session.config.roles
        role = next((role for role in ROLES if role in roles), "")
        left = [
            Part("‹ ", "key", "screen.back", keep=90),
            Part("Triage", "brand", "screen.back", keep=90),
            Part("  ", keep=6),
            Part(name, "strong", "screen.switch", keep=6),
        ]
        right = [Part(word, style, keep=9)]
        stopped = stopped_short(session.governing.stops)
        undo = undo_words(session)
        if self.footer.folded and undo:
            right = [Part("u undo", "warn", "app.undo", keep=99)]
        elif stopped and self.folded:
            right = [Part(show_line(stopped, 24), "bad", "screen.door('agents')", keep=99)]
        elif not self.folded:
            if stopped:
                said = show_line(stopped, 40)
                right.append(Part("   ", keep=10))
                right.append(Part(said, "bad", "screen.door('agents')", keep=10))
            total = self.load.total
            if session.read_only:
                right.append(Part("   read-only", "warn", keep=9))
            if self.load.read:
                right.append(Part(f"    {total.pending} pending", "strong", keep=8))
            if total.breaching != "0":
                right.append(Part(f"   {total.breaching} breaching", "bad", keep=8))
            right += [Part("    ", keep=4), Part(show_line(session.actor.id, 16), keep=4)]
            right.append(Part(f" · {role}", "quiet", keep=1))
        unsent = sum(reader.unsent.values())
        if unsent and right[0].keep != 99:
            words = f"{unsent:,} untold  " if self.folded else f"{unsent:,} not told   "
            right.insert(0, Part(words, "bad", "screen.door('notices')", keep=11))
        self.header.show(left, [*right, Part(" ", keep=90)])

    def _tell_summary(self) -> None:
        """The load in one line, for a telephone."""
        chosen = [one for one in self.load.loads if one.queue == self.reader.queue]
        if not self.load.read:
            self.summary.show([Part("reading …", "quiet")])
            return
        load = self.load
        pending, late, soon = (
            (f"{chosen[0].pending:,}", number(chosen[0].breaching), number(chosen[0].due_soon))
            if chosen
            else load.total
        )
        parts = [Part(f"{pending} open", "strong", "screen.switch", keep=9)]
        if late != "0":
            parts.append(Part(f"  {late} late", "bad", "screen.switch", keep=8))
        if soon != "0":
            parts.append(Part(f"  {soon} in 1h", "warn", "screen.switch", keep=7))
        duty = self.reader.duty(self.reader.queue)
        right = []
        if duty is not None:
            me = duty.person == self.session.actor.id
            who = show_line("you" if me else duty.person, 12)
            right.append(Part("  on", "quiet", "screen.switch", keep=4))
            right.append(Part(" call ", "quiet", "screen.switch", keep=5))
            right.append(Part(who, "good" if me else "text", "screen.switch", keep=5))
            if duty.until is not None:
                until = moment(duty.until, self.session.now())
                right.append(Part(f" → {until}", "quiet", "screen.switch", keep=3))
        self.summary.show(parts, [*right, Part(" ", keep=5)])

    def _tell_heading(self) -> None:
        reader = self.reader
        listed = f"{len(reader.entries):,}{' and more' if reader.more else ''}"
        parts = [Content.styled("Breaching next", "bold $foreground")]
        if reader.queue:
            parts.append(Content.assemble("  in ", show_line(reader.queue, 30, "bold")))
        if self.load.read:
            parts.append(Content.styled(f"   {listed} by due time", "$quiet"))
        self.heading.tell(Content("").join(parts))

    def forbidden(self, action: Action) -> str:
        """Why an action is not possible now, or nothing."""
        if action.id == "open" and self.on_queues:
            return ""
        return guards.forbidden(action, self.session, self.entry)

    def _tell_footer(self) -> None:
        actions = (by_id(id, "triage" if id != "help" else "global") for id in FOOTER)
        self.footer.serve(self.session, actions, self.forbidden)

    @on(DueList.Opened)
    def _opened(self) -> None:
        self.call_later(self.run_action, "screen.open")
