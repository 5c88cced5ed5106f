"""Settings: the theme with a live look, the columns, the keys, the queue."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from ...actions import display, keys_of
from ...actions.registry import by_id
from ...config import config_path, save, save_key
from ...domain.errors import ReviewerError
from ...untrusted import show_line
from ..keymap import checked, textual_bindings
from ..themes import told_of
from ..widgets.sample import Sample
from ..widgets.view_tabs import ViewTabs
from .choose import move_options
from .left_once import LeftOnce
from .settings_columns import ColumnsEdit
from .settings_keys import KeysEdit

if TYPE_CHECKING:
    from textual.widget import Widget

    from ..app import DeskApp

PAGES = ("theme", "columns", "keys", "queue")
_KEYS = {
    "theme": "↑ ↓ try one   esc keeps it",
    "columns": "space in or out   J K order   < > width   = as there is room   v which view",
    "keys": "enter another key   + one more   backspace its own   X all their own   / search",
    "queue": "esc closes",
}


class SettingsScreen(ModalScreen[None], LeftOnce[None]):
    """A page for each thing that can be set; what was changed is kept in the settings file."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,comma", "leave", show=False),
        *(Binding(str(number), f"view({number})", show=False) for number in range(1, 5)),
        Binding("right_square_bracket", "step_view(1)", show=False),
        Binding("left_square_bracket", "step_view(-1)", show=False),
        Binding("slash", "search", show=False),
        Binding("v", "scope", show=False),
        *textual_bindings("move"),
        Binding("semicolon,f12", "app.jump", show=False),
    ]
    DEFAULT_CSS = """
    SettingsScreen OptionList:focus { border: none; }
    SettingsScreen { align: center middle; background: $background 60%; }
    SettingsScreen > Vertical {
        width: 104; max-width: 98%; height: 90%; background: $surface; border: round $border;
    }
    SettingsScreen ViewTabs { background: $panel; }
    SettingsScreen .page { height: 1fr; display: none; }
    SettingsScreen .page.-on { display: block; }
    SettingsScreen #theme { layout: horizontal; }
    SettingsScreen #themes { width: 30; height: 1fr; border: none; background: $surface; }
    SettingsScreen Sample { width: 1fr; }
    SettingsScreen OptionList, SettingsScreen KeysEdit, SettingsScreen ColumnsEdit {
        scrollbar-size-vertical: 1;
    }
    SettingsScreen #scope, SettingsScreen #queue { padding: 0 1; height: auto; }
    SettingsScreen #scope { margin-bottom: 1; }
    SettingsScreen #search { height: 1; border: none; padding: 0 1; background: $panel; }
    SettingsScreen #said { height: auto; min-height: 1; max-height: 5; padding: 0 1; }
    SettingsScreen #said.-wrong { color: $text-error; }
    SettingsScreen #foot { height: auto; padding: 0 1; color: $quiet; }
    """

    def __init__(self, page: str = "") -> None:
        super().__init__()
        self._page = page if page in PAGES else PAGES[0]
        self._one_view = False
        self.tabs = ViewTabs(id="pages")

    def compose(self) -> ComposeResult:
        desk = self._desk
        self._themes = sorted(
            desk.available_themes, key=lambda name: (not name.startswith("reviewer"), name)
        )
        with Vertical():
            yield self.tabs
            with Horizontal(id="theme", classes="page"):
                yield OptionList(*(Option(Content(name)) for name in self._themes), id="themes")
                yield Sample()
            with Vertical(id="columns", classes="page"):
                yield Static(id="scope", markup=False)
                yield ColumnsEdit(id="columns-edit")
            with Vertical(id="keys", classes="page"):
                yield Input(placeholder="search: words or a key", compact=True, id="search")
                yield KeysEdit(desk.session.config.keymap, id="keys-edit")
                yield Static(id="said", markup=False)
            with Vertical(id="queue", classes="page"):
                yield Static(self._where(), markup=False)
            yield Static(id="foot", markup=False)

    @property
    def _desk(self) -> DeskApp:
        return cast("DeskApp", self.app)

    def _where(self) -> Content:
        session, config = self._desk.session, self._desk.session.config
        room = max(20, min(self.app.size.width, 104) - 18)
        rows = [
            ("state", Content(session.connection)),
            ("you", show_line(f"{config.actor_name()} · {', '.join(config.roles)}", room)),
            ("settings", show_line(str(config_path()), room)),
            ("queue", show_line(session.url or self._desk.url, room)),
        ]
        lines = [Content.assemble((f"{name:<10}", "$quiet"), text) for name, text in rows]
        return Content("\n").join(lines)

    def on_mount(self) -> None:
        themes = self.query_one("#themes", OptionList)
        themes.highlighted = self._themes.index(self.app.theme)
        self._show_columns()
        self._open(self._page)

    # ------------------------------------------------------------------ pages

    def _open(self, page: str) -> None:
        self._page = page
        for name in PAGES:
            self.query_one(f"#{name}").set_class(name == page, "-on")
        self.tabs.tell([name.capitalize() for name in PAGES], {}, PAGES.index(page))
        self.query_one("#foot", Static).update(Content(f"1-4 page   {_KEYS[page]}"))
        main = self._main
        if main is not None:
            main.focus()

    @property
    def _main(self) -> Widget | None:
        names = {"theme": "#themes", "columns": "#columns-edit", "keys": "#keys-edit"}
        return self.query_one(names[self._page]) if self._page in names else None

    def action_view(self, number: int) -> None:
        """Opens a page; `number` counts from 1."""
        self._open(PAGES[number - 1])

    def action_step_view(self, step: int) -> None:
        """Opens the next page, or the one before."""
        self._open(PAGES[(PAGES.index(self._page) + step) % len(PAGES)])

    def action_move(self, where: str) -> None:
        """Moves in the page's list."""
        main = self._main
        if isinstance(main, ColumnsEdit | KeysEdit):
            main.move(where)
        elif isinstance(main, OptionList):
            move_options(main, where)

    # ------------------------------------------------------------------ theme

    @on(OptionList.OptionHighlighted, "#themes")
    def _try_theme(self, event: OptionList.OptionHighlighted) -> None:
        name = self._themes[event.option_index]
        self.app.theme = name
        self.query_one(Sample).tell(told_of(name))

    # ------------------------------------------------------------------ columns

    def _show_columns(self) -> None:
        views = self._desk.inbox.views
        default = self._desk.session.config.columns
        self.query_one(ColumnsEdit).show(views.columns if self._one_view else default)
        name = show_line(views.view.name, 30, "bold")
        own = bool(views.since.columns or views.view.columns)
        which = (
            Content.assemble("for the view ", name) if self._one_view else Content("for all views")
        )
        note = "   (the open view has columns of its own)" if own and not self._one_view else ""
        self.query_one("#scope", Static).update(Content.assemble(which, (note, "$text-warning")))

    def action_scope(self) -> None:
        """Columns for all views, or for the one that is open."""
        if self._page == "columns":
            self._one_view = not self._one_view
            self._show_columns()

    @on(ColumnsEdit.Changed)
    def _columns_changed(self, event: ColumnsEdit.Changed) -> None:
        desk = self._desk
        if self._one_view:
            desk.inbox.views.set(columns=event.columns)
        else:
            self._keep("columns", list(event.columns))
        desk.inbox.columns_changed()

    # ------------------------------------------------------------------ keys

    def action_search(self) -> None:
        """Searches the keys."""
        if self._page == "keys":
            self.query_one("#search", Input).focus()

    @on(Input.Changed, "#search")
    def _searched(self, event: Input.Changed) -> None:
        self.query_one(KeysEdit).search(event.value)

    @on(Input.Submitted, "#search")
    def _found(self) -> None:
        self.query_one(KeysEdit).focus()

    @on(KeysEdit.Say)
    def _say(self, event: KeysEdit.Say) -> None:
        said = self.query_one("#said", Static)
        said.set_class(event.wrong, "-wrong")
        said.update(Content(event.sentence))

    @on(KeysEdit.Chosen)
    def _key_chosen(self, event: KeysEdit.Chosen) -> None:
        desk, edit = self._desk, self.query_one(KeysEdit)
        try:
            config = save_key(event.id, event.keys) if event.id else save("keymap", None)
            desk.set_keymap(checked(config.keymap))
        except ReviewerError as error:
            edit.post_message(KeysEdit.Say(str(error), wrong=True))
            return
        desk.session.config = replace(desk.session.config, keymap=config.keymap)
        edit.told(config.keymap)
        desk.inbox.tell()
        if event.id:
            keys = " ".join(display(key) for key in keys_of(by_id(event.id), config.keymap))
            said = f"'{event.id}' is on {keys} now; saved."
        else:
            said = "Every action has its own keys again; saved."
        edit.post_message(KeysEdit.Say(said))

    # ------------------------------------------------------------------ keeping

    def _keep(self, name: str, value: object) -> None:
        try:
            saved = save(name, value)
            session = self._desk.session  # who acts may have been said on the command line
            session.config = replace(session.config, **{name: getattr(saved, name)})
        except ReviewerError as error:
            self.notify(str(error), severity="error", markup=False)

    def action_leave(self) -> None:
        """Keeps the theme and closes; from the search, goes back to the keys."""
        if self.focused is not None and self.focused.id == "search":
            self.query_one(KeysEdit).focus()
            return
        desk = self._desk
        if self.app.theme != (desk.session.config.theme or desk.first_theme):
            self._keep("theme", self.app.theme)
        self.dismiss(None)
