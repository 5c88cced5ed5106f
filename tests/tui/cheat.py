"""A program whose widgets cheat: they bring raw hostile text past the door in every way there is.

Run as `python -m tests.tui.cheat plain|guarded`.
"""

from __future__ import annotations

import sys
from typing import Any

from rich.segment import ControlType, Segment
from rich.style import Style
from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import DataTable, Input, Label, OptionList, RichLog, Static, TextArea, Tree

from reviewer.tui.guard import GuardedApp
from reviewer.untrusted import plain

EVIL = (
    "a\x1b[31mb\x1b]52;c;ZWNobyBoaQ==\x07\x1b]8;;http://x/\x1b\\l\x1b]0;t\x07\x9b31m\x1bP1$r\x1b\\"
    "\u202eabc\u2066\u200b\u200d\ufeff\u00ad\U000e0041\U000e0100\ufe0f\u3164\u2028"
)
LINK = "https://example.invalid/"


class Raw(Widget):
    """Writes a strip with a raw text, a link and a control segment."""

    def render_line(self, y: int) -> Strip:
        return Strip(
            [
                Segment(EVIL, Style(color="red")),
                Segment("linked", Style(link=LINK)),
                Segment("\x1b[2J", None, [(ControlType.CLEAR,)]),
            ]
        )


def cheating(base: type[App[Any]]) -> App[Any]:
    """An app of this class, full of cheating widgets."""

    class Cheat(base):  # type: ignore[misc, valid-type]
        CSS = (
            "Static, Label, Raw, Input, TextArea, DataTable, OptionList, RichLog, Tree {height: 3;}"
        )
        BINDINGS = [
            Binding("f2", "leave", priority=True),
            Binding("f3", "fail", priority=True),
            Binding("f4", "say", priority=True),
        ]
        ENABLE_COMMAND_PALETTE = False

        def compose(self) -> ComposeResult:
            titled = Static(EVIL, markup=False)
            titled.border_title = Content(EVIL)
            titled.styles.border = ("solid", "red")
            yield titled
            yield Label(Content(EVIL, strip_control_codes=False))
            yield Static(Text(EVIL, style=Style(link=LINK)))
            yield Raw()
            yield Input(EVIL, placeholder=EVIL)
            yield TextArea(EVIL)
            yield DataTable()
            yield OptionList(Content(EVIL), Content("x" + EVIL))
            yield RichLog()
            yield Tree(Text(EVIL))

        def on_mount(self) -> None:
            table = self.query_one(DataTable)
            table.add_column(Text(EVIL))
            table.add_row(Text(EVIL))
            self.query_one(RichLog).write(Text(EVIL))
            self.notify(EVIL, title=EVIL, markup=False)
            self.title = EVIL
            self.set_timer(0.3, lambda: self.query_one(Label).update(Content("READY" + EVIL)))

        def action_leave(self) -> None:
            self.exit(return_code=min(getattr(self, "breaches", 0), 99))

        def action_say(self) -> None:
            self.exit(message="said: " + EVIL)

        def action_fail(self) -> None:
            raise RuntimeError(EVIL)

    return Cheat()


if __name__ == "__main__":
    app = cheating(GuardedApp if sys.argv[1] == "guarded" else App)
    try:
        app.run()
    except RuntimeError as error:
        print("raised:", plain(str(error)))
    sys.exit(app.return_code)
