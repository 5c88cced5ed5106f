"""The second line behind `untrusted`: nothing that a widget draws can speak to the terminal.

The desk is a `GuardedApp` (this is a base class; there is nothing to install).  Between the
compositor and the terminal every strip is looked at: a control, bidirectional, zero-width or tag
character in its text is made visible there, hyperlinks (OSC 8) and control segments are dropped,
and the strip keeps its width.  The guard should never find anything; what it finds is a defect in a
widget, which is counted and logged.  What is said after the desk has ended goes through the door.

Terminals with bidirectional support reorder cells on their own, across the borders of columns,
wherever a text is written from right to left, so that `10 → 20` can read `20 → 10`.  While the desk
runs it asks for explicit mode (ECMA-48, mode 8, BDSM), in which cells stay where they are put, and
gives implicit mode back when it stops or is suspended.  Terminals without such support ignore it.
"""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any, TypeVar, cast

from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.strip import Strip
from textual.worker import WorkerFailed

from reviewer.untrusted import visible
from reviewer.untrusted.characters import NEVER

from .frame import Changes
from .keyboard import Reading, reads_here, spelled
from .lasting import Lasting
from .painted import Painted

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.driver import Driver
    from textual.screen import Screen

EXPLICIT_BIDI = "\x1b[8l"
IMPLICIT_BIDI = "\x1b[8h"

Result = TypeVar("Result")


def guarded(strip: Strip) -> Strip:
    """The strip itself where it is clean, else one of the same width that is safe to write."""
    return _cleaned(strip) if _dirty(strip) else strip


def _dirty(strip: Strip) -> bool:
    # runs over every line of every frame: `strip.text` and `style.link` would cost twice as much
    texts = []
    for text, style, control in strip:
        if control or (style is not None and style._link):
            return True
        texts.append(text)
    return NEVER.search("".join(texts)) is not None


def _cleaned(strip: Strip) -> Strip:
    segments = [
        Segment(
            visible(text, newlines="show") if NEVER.search(text) else text,
            style.update_link(None) if style is not None and style.link else style,
        )
        for text, style, control in strip
        if not control
    ]
    return Strip(segments).adjust_cell_length(strip.cell_length)


def guarded_driver(base: type[Driver]) -> type[Driver]:
    """A driver that reads pastes as texts, and asks the terminal for explicit bidirectional mode
    while the app runs.
    """
    bases = (Reading, base) if reads_here(base) else (base,)

    class GuardedDriver(*bases):  # type: ignore[misc]
        _file: Any

        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            if hasattr(self, "_file"):
                self._file = Lasting(self._file)

        def start_application_mode(self) -> None:
            painted = getattr(self._app, "painted", None)
            if painted is not None:  # it stops for others to write, as an editor
                painted.forget()
            super().start_application_mode()
            # There is no writer where the process was put into the background meanwhile.
            if getattr(self, "_writer_thread", None) is not None:
                self.write(EXPLICIT_BIDI)
                self.flush()

        def stop_application_mode(self) -> None:
            if getattr(self, "_writer_thread", None) is not None:
                self.write(IMPLICIT_BIDI)
            super().stop_application_mode()

    return GuardedDriver


class GuardedApp(App[Result]):
    """A Textual app whose widgets cannot write anything but text and colours to the terminal.

    `breaches` counts the strips in which a widget tried.
    """

    breaches = 0

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.painted = Painted(self._clean, self.console._color_system or ColorSystem.TRUECOLOR)

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver for this platform, in explicit bidirectional mode."""
        return guarded_driver(super().get_driver_class())

    async def on_event(self, event: events.Event) -> None:
        """What is pasted or typed comes to a field with its hidden characters spelled out."""
        if isinstance(event, events.MouseDown) and self._is_on_something_gone(event):
            return
        if isinstance(event, events.Resize):
            self.painted.forget()  # terminals break and cut lines on their own then
        await super().on_event(event if event.is_forwarded else spelled(event))

    def repaint(self) -> None:
        """Writes the whole screen anew, whatever may stand there."""
        self.painted.forget()
        self.refresh()

    def _is_on_something_gone(self, event: events.MouseDown) -> bool:
        """Whether what was pressed is still drawn but no longer there, as a note that just went.

        Textual begins to select text in its parent, and would fail where it has none any more.
        """
        if event.is_forwarded or not self.screen_stack:
            return False
        widget, _ = self.screen.get_widget_and_offset_at(event.x, event.y)
        return widget is not None and widget.parent is None

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        """Screens that show through the one on top: none where it is opaque.

        Textual counts the one below always, and draws the whole screen anew with each of its
        changes: ten times after one decision.
        """
        opaque = self._screen_stack and self._screen_stack[-1].styles.background.a == 1
        return [] if opaque else super()._background_screens

    def bell(self) -> None:
        """Rings nothing: a bell in the desk's output could only have come from a text."""

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        # otherwise Textual draws nothing, and nothing may be remembered as drawn
        if renderable is not None and not self._batch_count and self._running and not self._closed:
            changes = self._guarded(renderable)
            cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
            same = not changes.runs and cursor == self._previous_cursor_position
            renderable = None if same else cast("RenderableType", changes)
        super()._display(screen, renderable)

    def _guarded(self, renderable: RenderableType) -> Changes:
        """What Textual wants to draw, guarded, as far as it is not on the terminal already."""
        before = self.breaches
        if isinstance(renderable, LayoutUpdate):
            changes = self.painted.whole(renderable)
        elif isinstance(renderable, ChopsUpdate):
            changes = self.painted.changed(renderable)
        else:  # Textual itself displays nothing else here; anything else could hold anything
            raise TypeError(f"the guard does not let {type(renderable).__name__} pass")
        if self.breaches > before:
            self.log.warning(f"the guard changed {self.breaches - before} strips")
        return changes

    def _clean(self, strip: Strip) -> Strip:
        clean = guarded(strip)
        self.breaches += clean is not strip
        return clean

    async def run_async(self, **options: Any) -> Result | None:
        """Runs the app; raises what it failed of, for the caller to say in a sentence."""
        result = await super().run_async(**options)
        failed = self._exception
        if isinstance(failed, WorkerFailed):  # the log is to say where, not that a worker failed
            failed = failed.error if isinstance(failed.error, Exception) else failed
        if failed is not None:
            raise failed
        return result

    def _print_error_renderables(self) -> None:
        """Writes what was left to say at the end as plain text through the door.

        An error is not printed, with the values of all variables as Textual would: it is raised.
        """
        said = ""
        if self._exception is None:
            console = Console(file=io.StringIO(), width=self.error_console.width, color_system=None)
            for renderable in self._exit_renderables:
                console.print(renderable)
            said = console.file.getvalue()  # type: ignore[attr-defined]
        self._exit_renderables.clear()
        if said and sys.__stderr__ is not None:
            sys.__stderr__.write(visible(said))
            sys.__stderr__.flush()
