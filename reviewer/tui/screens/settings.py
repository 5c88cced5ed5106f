"""Settings: the theme with a live look, the columns, the keys in force, the connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, SelectionList, Static
from textual.widgets.option_list import Option
from textual.widgets.selection_list import Selection

from ...config import COLUMNS, config_path, save
from ...domain.errors import ReviewerError
from ...untrusted import show_line
from .help import key_lines
from .left_once import LeftOnce

if TYPE_CHECKING:
    from ..app import DeskApp


class SettingsScreen(ModalScreen[None], LeftOnce[None]):
    """What was changed is kept in the settings file when the screen is left."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,comma", "leave", show=False)]
    DEFAULT_CSS = """
    SettingsScreen OptionList:focus, SettingsScreen SelectionList:focus { border: none; }
    SettingsScreen { align: center middle; background: $background 60%; }
    SettingsScreen > Vertical {
        width: 100; max-width: 98%; height: 90%; background: $surface; border: round $border;
    }
    SettingsScreen .head { padding: 0 1; text-style: bold; color: $text-primary; }
    SettingsScreen Horizontal { height: 1fr; }
    SettingsScreen Horizontal > Vertical { width: 30; height: 1fr; }
    SettingsScreen OptionList, SettingsScreen SelectionList {
        height: 1fr; border: none; background: $surface;
    }
    SettingsScreen VerticalScroll { width: 1fr; padding: 0 1; }
    SettingsScreen #where { height: auto; padding: 0 1; color: $quiet; }
    """

    def __init__(self, page: str = "") -> None:
        super().__init__()
        self._page = page

    def compose(self) -> ComposeResult:
        desk = self._desk
        config = desk.session.config
        self._themes = sorted(
            desk.available_themes, key=lambda name: (not name.startswith("reviewer"), name)
        )
        names = [*config.columns, *(name for name in COLUMNS if name not in config.columns)]
        with Vertical():
            with Horizontal():
                with Vertical():
                    yield Static("Theme", classes="head", markup=False)
                    yield OptionList(*(Option(Content(name)) for name in self._themes), id="themes")
                with Vertical():
                    yield Static("Columns", classes="head", markup=False)
                    yield SelectionList(
                        *(Selection(Content(n), n, n in config.columns) for n in names)
                    )
                with VerticalScroll():
                    yield Static("Keys (change them under [keymap])", classes="head", markup=False)
                    yield Static(key_lines("inbox", dict(config.keymap)), markup=False)
            yield Static(self._where(), id="where", markup=False)

    @property
    def _desk(self) -> DeskApp:
        return cast("DeskApp", self.app)

    def _where(self) -> Content:
        session = self._desk.session
        return Content("\n").join(
            [
                Content.assemble("queue     ", show_line(session.url or self._desk.url, 80)),
                Content(f"state     {session.connection}"),
                Content.assemble("settings  ", show_line(str(config_path()), 80)),
                Content("esc closes and keeps what you chose"),
            ]
        )

    def on_mount(self) -> None:
        themes = self.query_one("#themes", OptionList)
        themes.highlighted = self._themes.index(self.app.theme)
        themes.focus()

    @on(OptionList.OptionHighlighted, "#themes")
    def _try_theme(self, event: OptionList.OptionHighlighted) -> None:
        self.app.theme = self._themes[event.option_index]

    def action_leave(self) -> None:
        """Keeps what was chosen and closes."""
        desk = self._desk
        chosen = tuple(self.query_one(SelectionList).selected)
        order = [*desk.session.config.columns, *COLUMNS]
        columns = tuple(dict.fromkeys(name for name in order if name in chosen))
        try:
            config = desk.session.config
            if self.app.theme != (config.theme or desk.first_theme):
                config = save("theme", self.app.theme)
            if columns and columns != config.columns:
                config = save("columns", list(columns))
        except ReviewerError as error:
            self.notify(str(error), severity="error", markup=False)
        else:
            desk.session.config = config
            desk.inbox.list.names = config.columns
            desk.inbox.list.redraw()
        self.dismiss(None)
