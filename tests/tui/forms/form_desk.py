"""A form by itself in a running application, as the edit screen shows it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual import events, on
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from reviewer.domain.artifact import parse
from reviewer.domain.writes import Write
from reviewer.tui.forms import form_of, spell_out, take_back
from reviewer.tui.keyboard import spelled
from reviewer.tui.themes import DEFAULT_DARK, THEMES, quieter
from reviewer.tui.widgets.forms import WriteForm, widget_for

from ..review_desk import document, followed


def write_of(**write: Any) -> Write:
    """A write from its document."""
    (made,) = parse(document(writes=[write])).writes
    return made


class FormApp(App[None]):
    """Shows one form and counts what it says."""

    CSS = "Screen { background: $background; }"

    def __init__(self, write: Write, text: str | None = None, theme: str = DEFAULT_DARK) -> None:
        super().__init__()
        for known in THEMES:
            self.register_theme(known)
        self.theme = theme
        self.write = write
        self.given = spell_out(form_of(write).text(write)).text if text is None else text
        maker = widget_for(write)
        assert maker is not None
        self.form: WriteForm = maker()
        self.heard = 0

    def compose(self) -> ComposeResult:
        yield self.form

    def on_mount(self) -> None:
        self.form.load(self.given)
        self.form.focus()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        found = self.current_theme.to_color_system().generate()
        return quieter(found["foreground"], found["background"])

    async def on_event(self, event: events.Event) -> None:
        await super().on_event(spelled(event))

    @on(WriteForm.Changed)
    def _heard(self, event: WriteForm.Changed) -> None:
        assert event.control is self.form
        self.heard += 1


class FormDesk:
    """One person at a form."""

    def __init__(self, app: FormApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot, self.form = app, pilot, app.form

    async def press(self, *keys: str) -> None:
        """Presses keys one after the other."""
        for key in keys:
            await self.pilot.press(key)
            await followed(self.pilot)

    async def until(self, holds: Callable[[], Any], why: str = "") -> None:
        """Waits for something to be so."""
        for _ in range(1500):
            if holds():
                return
            await self.pilot.pause(0.02)
        raise AssertionError(f"it never came: {why}\n" + "\n".join(self.shown()))

    def shown(self) -> list[str]:
        """The lines of the screen."""
        height = self.app.size.height
        update = self.app.screen._compositor
        return [
            "".join(segment.text for segment in strip) for strip in update.render_strips()[:height]
        ]

    def mine(self) -> Write:
        """The write as it is typed now."""
        return form_of(self.app.write).read(self.app.write, take_back(self.form.text))

    def sees(self, *words: str) -> bool:
        """Whether these words stand on the screen."""
        text = "\n".join(self.shown())
        return all(word in text for word in words)


@asynccontextmanager
async def form_desk(
    write: Write, text: str | None = None, size: tuple[int, int] = (60, 20)
) -> AsyncIterator[FormDesk]:
    """The form of a write, loaded and focused."""
    app = FormApp(write, text)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield FormDesk(app, pilot)
