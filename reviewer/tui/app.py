"""The desk: opens on the inbox, paints first and loads behind it."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import signal
import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakKeyDictionary

from textual import events, work
from textual._time import get_time
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.notifications import Notify
from textual.screen import Screen
from textual.widget import AwaitMount, Widget

from ..actions import GUARDS
from ..config import Config
from ..domain.errors import QueueError, ReviewerError
from . import painting, toasts
from .alarm import EVERY, Alarm, called_out
from .alerted import Alerted
from .collecting import collect, settle
from .counts import Counts
from .desk_worker import START, DeskWorker, wanted
from .guard import GuardedApp
from .keymap import checked, textual_bindings
from .screens.inbox import InboxScreen
from .screens.jump import JumpScreen
from .session import Session
from .themes import THEMES, default_theme, quieter

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.command import Provider
    from textual.worker import Worker

    from ..domain.views import Change
    from ..effects.worker import Report
    from .inbox_reader import Work


def _commands() -> type[Provider]:
    from .commands import DeskCommands

    return DeskCommands


SWITCH = 0.001
"""Seconds after which a thread that computes lets another one go on: a key waits for several."""
PAUSE = 0.3
"""Seconds without a key after which the next module is imported ahead of its use."""
NEXT = (
    "pygments.lexers", "textual.widgets", "reviewer.diff", "reviewer.tui.widgets.diff_view",
    "reviewer.tui.screens.review", "reviewer.tui.screens.policy", "reviewer.tui.screens.agents",
)  # fmt: skip
"""What the next keys need."""


async def _warm(idle: Callable[[], float]) -> None:
    """Imports what the next keys need, in a thread, a part at a time between keys; then tidies."""
    waiting = list(NEXT)
    while waiting:
        if idle() < PAUSE:
            await asyncio.sleep(PAUSE / 3)
        else:
            await asyncio.to_thread(importlib.import_module, waiting.pop(0))
    settle()
    await collect(idle)


class DeskApp(GuardedApp[None]):
    """The terminal application over one `Session`."""

    TITLE = "reviewer"
    CSS_PATH = "reviewer.tcss"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    COMMANDS: ClassVar[set[Any]] = {_commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        *textual_bindings("global"),
        Binding("ctrl+c", "leave_hint", show=False, system=True),
    ]

    def __init__(self, session: Session, url: str, *, view: str = "", artifact: str = "") -> None:
        super().__init__()
        painting.mend()
        toasts.mend()
        self.session = session
        self.url = url
        self._first_view, self._first_artifact = view, artifact
        self._title = ""
        self._tampered: set[str] = set()
        self._alarm = Alarm(session, self._ring)
        self._alerted = Alerted(session, self._tell_alerted)
        self._desk_worker: DeskWorker | None = None
        self.counts = Counts(self)
        self._aims: WeakKeyDictionary[events.Key, Widget | None] = WeakKeyDictionary()
        self._warmed = self._painted = False
        for theme in THEMES:
            self.register_theme(theme)
        wanted = session.config.theme or default_theme()
        self.theme = wanted if wanted in self.available_themes else default_theme()
        self.first_theme = self.theme
        self.set_keymap(checked(session.config.keymap))

    def get_default_screen(self) -> Screen[Any]:
        """The inbox is the first screen, so that nothing is painted twice."""
        screen = InboxScreen(self.session, self._first_view)
        painting.fit(screen, self.size)
        return screen

    def _get_screen(self, screen: Screen[Any] | str) -> tuple[Screen[Any], AwaitMount]:
        if isinstance(screen, Screen) and not screen.is_running:  # a new one
            painting.fit(screen, self.size)
        return super()._get_screen(screen)

    def _on_notify(self, event: Notify) -> None:
        if toasts.is_told(self, event.notification):
            event.prevent_default()

    @property
    def inbox(self) -> InboxScreen:
        """The inbox, wherever the person is."""
        found = self.screen_stack[0]
        assert isinstance(found, InboxScreen)
        return found

    def on_mount(self) -> None:
        self._catch_signals()
        self.session.on_tampered(self._tell_tampered)
        self.session.on_change(self._hear_alerts)
        self.set_interval(EVERY, self._look_for_breaches)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Draws as always; the queue is opened as soon as the first frame is out."""
        super()._display(screen, renderable)
        if not self._painted and renderable is not None and self.screen_stack:
            self._painted = True
            self.call_later(self.open_queue)

    @work(exclusive=True, group="connect", exit_on_error=False)
    async def open_queue(self) -> None:
        """Opens the queue behind the first paint."""
        try:
            await self.session.connect(self.url)
        except ReviewerError as error:
            settle()
            self.inbox.queue_refused(error)
        except Exception as error:  # anyone may ship a backend; a broken one must not end the desk
            settle()
            sentence = f"The backend failed: {type(error).__name__}: {error}"
            self.inbox.queue_refused(QueueError(sentence))
        else:
            self.inbox.open_list()
            self.set_timer(START, self.begin_work)
            if self._first_artifact:
                self.inbox.open_artifact(self._first_artifact)
                self._first_artifact = ""

    def usable(self) -> None:
        """The first page is there: what comes next can be imported behind it."""
        if not self._warmed:
            self._warmed = True
            self.call_after_refresh(settle)
            self.set_timer(1.0, self._warm_up)

    def _warm_up(self) -> Worker[None]:
        warm: Work = partial(_warm, self.session.idle)
        return self.run_worker(warm, group="warm")

    @work(exclusive=True, group="alarm", exit_on_error=False)
    async def _look_for_breaches(self) -> None:
        if self.session.queue is not None:
            await self._alarm.look()

    def _hear_alerts(self, changes: list[Change]) -> None:
        if self._alerted.heard(changes):
            self._look_at_alerts()

    @work(exclusive=False, group="alerted", exit_on_error=False)
    async def _look_at_alerts(self) -> None:
        await self._alerted.look()

    def _tell_alerted(self, notes: list[str]) -> None:
        """Steps of escalation chains reached the person who sits here."""
        more = f" And {len(notes) - 1:,} more." if len(notes) > 1 else ""
        self.notify(f"{notes[0]}{more}", severity="warning", timeout=15, markup=False)
        self._call_out(len(notes), "escalated to you")

    def begin_work(self) -> None:
        """Runs a worker where the queue is a file; several desks share the work."""
        queue, session = self.session.queue, self.session
        if queue is None or self._desk_worker or not wanted(session.url, session.read_only):
            return
        self._desk_worker = DeskWorker(queue, session.config.pager, self._tell_work)
        self._desk_worker.start()

    def _tell_work(self, report: Report) -> None:
        """The worker's thread says what people should know."""
        from ..untrusted import one_line

        severity = "information" if report.what == "job" else "warning"
        said = one_line(report.sentence, 300)
        with contextlib.suppress(RuntimeError):  # the desk is being left
            self.call_later(self.notify, said, severity=severity, markup=False)

    def _tell_tampered(self, sentence: str) -> None:
        """Says once of each artifact that it was tampered with."""
        from ..untrusted import one_line

        if sentence not in self._tampered:
            self._tampered.add(sentence)
            self.notify(one_line(sentence, 300), severity="error", timeout=30, markup=False)

    def _ring(self, number: int) -> None:
        """More are past their due time than before."""
        said = "1 artifact is" if number == 1 else f"{number:,} artifacts are"
        self.notify(f"{said} past the due time.", severity="warning", markup=False)
        self.inbox.reader.recount()
        self._call_out(number)

    def _call_out(self, number: int, what: str = "breaching") -> None:
        if self._driver is not None and not self.is_headless:
            self._driver.write(called_out(self.session.config.alarm, number, what))

    # -------------------------------------------------------------- being there, leaving

    async def on_event(self, event: events.Event) -> None:
        """Notes that somebody is there, at the time the key was pressed, then goes on as usual."""
        if isinstance(event, events.Key | events.MouseDown):
            self.session.touch(max(0.0, get_time() - event.time))
            if isinstance(event, events.MouseDown):
                self.counts.drop()
            if isinstance(event, events.Key) and not event.is_forwarded:
                self._aims[event] = self.focused
            if isinstance(event, events.Key) and self.screen_stack:
                screen = self.screen_stack[-1]
                if isinstance(screen, InboxScreen):
                    screen.quiet()
        await super().on_event(event)

    async def on_key(self, event: events.Key) -> None:
        """Counts (`5j`), and gives a key to the field that was opened by the key before it.

        In a burst (a fast typist, a slow line) the letters of a filter are on their way to the
        list when the field opens; without this they would act as keys, and `/a` would approve.
        """
        if isinstance(self.screen, JumpScreen):  # pressed before its letters were there
            event.prevent_default()
            self.screen.post_message(events.Key(event.key, event.character))
            return
        field = self.focused
        if self._aims.get(event, field) is not field:
            from textual.widgets import Input, TextArea

            if isinstance(field, Input | TextArea):
                event.prevent_default()
                field.post_message(events.Key(event.key, event.character))
                return
        if await self.counts.takes(event):
            event.prevent_default()

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None:
                with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                    loop.add_signal_handler(number, self.exit)

    async def on_unmount(self) -> None:
        if self._desk_worker is not None:
            await self._desk_worker.stop()
        with contextlib.suppress(ReviewerError, OSError, TimeoutError):
            await asyncio.wait_for(self.session.close(), 3.0)

    async def action_quit(self) -> None:
        """Leaves; claims are given back."""
        self.exit()

    def action_leave_hint(self) -> None:
        """Says how to leave: ctrl+c is pressed by habit, and must not lose work."""
        first = "esc leaves this; then " if len(self.screen_stack) > 1 else ""
        self.notify(f"{first}q leaves the desk; claims are given back.", markup=False)

    # ------------------------------------------------------------------------- keys

    def action_palette(self) -> None:
        """Opens the palette."""
        self.action_command_palette()

    def action_command_palette(self) -> None:
        """The same, by Textual's name for it."""
        from .commands import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def action_help(self) -> None:
        """Shows all keys of this screen, and the guide."""
        from .screens.help import HelpScreen

        place = getattr(self.screen, "PLACE", "inbox")
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(place))

    def action_jump(self) -> None:
        """Puts a letter on everything that can be gone to; the letter goes there."""
        if not isinstance(self.screen, JumpScreen):
            self.push_screen(JumpScreen.over(self.screen))

    def action_guide(self) -> None:
        """Shows the guide."""
        from .screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen("guide"))

    def action_settings(self) -> None:
        """Shows the settings."""
        self.open_settings()

    def open_settings(self, page: str = "") -> None:
        """Shows a page of the settings."""
        from .screens.settings import SettingsScreen

        if not isinstance(self.screen, SettingsScreen):
            self.push_screen(SettingsScreen(page))

    async def action_back(self) -> None:
        """Closes the screen on top, or what is open in the inbox."""
        if len(self.screen_stack) > 1:
            self.pop_screen()
        else:
            await self.inbox.action_back()

    async def run_action(self, action: Any, *args: Any, **more: Any) -> bool:
        """Does as always; what reads a screen anew writes it anew too, whatever stands there."""
        if isinstance(action, str) and action.rpartition(".")[2] == "refresh":
            self.repaint()
        return await super().run_action(action, *args, **more)

    async def action_refresh(self) -> None:
        """Reads everything anew."""
        await self.inbox.action_refresh()

    @work(group="undo", exit_on_error=False)
    async def action_undo(self) -> None:
        """Takes back the last decision, or the last bulk one."""
        last = self.session.undoable
        if last is None:
            self.notify(f"Undo: {GUARDS['undoable']}.", markup=False)
            return
        try:
            result = await self.session.undo()
        except ReviewerError as error:
            self.notify(error.sentence, severity="error", markup=False)
            return
        if result is None:
            return
        from ..untrusted import one_line

        if result.decided:
            from .deciding import drafts

            kept = {refusal.artifact_id for refusal in result.skipped}
            for id in last.artifact_ids:
                if id not in kept:
                    drafts().bring_back(id)
            many = f" ({result.decided:,})" if len(last.artifact_ids) > 1 else ""
            said = f"Taken back{many}: {one_line(last.sentence, 60)}"
            self.notify(said, markup=False)
        for refusal in result.skipped[:1]:
            more = f" and {len(result.skipped) - 1:,} more" if len(result.skipped) > 1 else ""
            said = f"Not taken back{more}: {one_line(refusal.sentence, 200)}"
            self.notify(said, severity="warning", markup=False)
        self.inbox.reader.look_again()
        self.inbox.reader.recount()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What Textual itself offers in the palette: themes and a screenshot."""
        for command in super().get_system_commands(screen):
            if command.title in ("Theme", "Screenshot"):
                yield command

    # ------------------------------------------------------------------------- looks

    def get_css_variables(self) -> dict[str, str]:
        """The theme's variables and ours: `quiet` and `faint`, for any theme of Textual."""
        found = super().get_css_variables()
        ours = quieter(found["foreground"], found["background"])
        self.theme_variables = {**ours, **found}
        return self.theme_variables

    def tell_title(self, pending: str, breaching: str) -> None:
        """Sets the terminal's title; only our words and numbers go there."""
        numbers = f" · {pending} pending" if pending else ""
        late = f" · {breaching} breaching" if breaching not in ("", "0") else ""
        title = f"reviewer{numbers}{late}"
        if title != self._title and self._driver is not None and not self.is_headless:
            self._title = title
            self._driver.write(f"\x1b]2;{title}\x1b\\")


def run_desk(
    config: Config,
    url: str = "",
    view: str | None = None,
    read_only: bool = False,
    artifact: str = "",
) -> str:
    """Runs the desk until the person leaves; answers with what was done, in one line.

    Raises `ReviewerError` where it cannot start.
    """
    sys.setswitchinterval(SWITCH)
    session = Session(config, read_only=read_only)
    app = DeskApp(session, url or config.queue_url(), view=view or "", artifact=artifact)
    app.run(mouse=config.mouse)
    if app.return_code:
        raise SystemExit(app.return_code)
    return session.summary()
