"""Help: all keys of the screen one came from, and the pages of the guide."""

from __future__ import annotations

from importlib import resources
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Markdown, OptionList, Static
from textual.widgets.option_list import Option

from ...actions import PLACES, Action, display, keys_of, place
from ..keymap import textual_bindings
from .left_once import LeftOnce

_PLACES = {name: f"Keys: {name.replace('_', ' ')}" for name in PLACES}


class HelpScreen(ModalScreen[None], LeftOnce[None]):
    """Pages on the left, the chosen one on the right; opens on the keys of `page`, or `guide`."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "leave", show=False),
        *textual_bindings("move"),
        Binding("tab", "app.focus_next", show=False),
        Binding("semicolon,f12", "app.jump", show=False),
    ]
    DEFAULT_CSS = """
    HelpScreen OptionList:focus { border: none; border-right: solid $border; }
    HelpScreen { align: center middle; background: $background 60%; }
    HelpScreen > Horizontal {
        width: 110; max-width: 98%; height: 95%; background: $surface; border: round $border;
    }
    HelpScreen OptionList {
        width: 28; height: 1fr; border: none; border-right: solid $border; background: $surface;
    }
    HelpScreen.-narrow > Horizontal { layout: vertical; }
    HelpScreen.-narrow OptionList {
        width: 100%; height: 4; border: none; border-bottom: solid $border;
    }
    HelpScreen VerticalScroll { width: 1fr; height: 1fr; padding: 0 2; }
    HelpScreen Markdown { background: $surface; margin: 0; padding: 0; }
    HelpScreen:dark Markdown { background: $surface; }
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self._guide = guide_pages()
        self._pages = list(_PLACES.items())
        self._pages += [(f"guide/{name}", title) for name, title, _ in self._guide]
        first = f"guide/{self._guide[0][0]}" if page == "guide" and self._guide else page
        names = [name for name, _ in self._pages]
        self._start = names.index(first) if first in names else 0

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield OptionList(*(Option(Content(title)) for _, title in self._pages), markup=False)
            with VerticalScroll(id="page"):
                yield Static(id="keys", markup=False)
                yield Markdown(id="guide", open_links=False)

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        options.highlighted = self._start
        options.focus()

    @on(OptionList.OptionHighlighted)
    async def _chosen(self, event: OptionList.OptionHighlighted) -> None:
        name = self._pages[event.option_index][0]
        keys, guide = self.query_one("#keys", Static), self.query_one("#guide", Markdown)
        page = self.query_one("#page", VerticalScroll)
        keys.display, guide.display = name in _PLACES, name not in _PLACES
        if name in _PLACES:
            session = getattr(self.app, "session", None)
            keys.update(key_lines(name, session.config.keymap if session else {}))
        else:
            await guide.update(next(t for n, _, t in self._guide if f"guide/{n}" == name))
        page.scroll_home(animate=False)

    def action_move(self, where: str) -> None:
        """Scrolls the page; the arrows, that choose one, are the list's own."""
        page = self.query_one("#page", VerticalScroll)
        height = max(1, page.size.height - 1)
        steps = {
            "down": 1,
            "up": -1,
            "half_page_down": height // 2,
            "half_page_up": -(height // 2),
            "page_down": height,
            "page_up": -height,
            "top": -page.virtual_size.height,
            "bottom": page.virtual_size.height,
        }
        page.scroll_relative(y=steps[where], animate=False, immediate=True)

    def go_line(self, line: int) -> None:
        """Scrolls to a line, counted from 1."""
        self.query_one("#page", VerticalScroll).scroll_to(y=line - 1, animate=False)

    def action_leave(self) -> None:
        """Closes the help."""
        self.dismiss(None)


def key_lines(name: str, keymap: dict[str, str] | object = None) -> Content:
    """The keys of a place as lines, by group; from the registry."""
    mapping = keymap if isinstance(keymap, dict) else {}
    groups: dict[str, list[Action]] = {}
    for action in place(name):
        groups.setdefault(action.group, []).append(action)
    lines: list[Content] = []
    for group, members in groups.items():
        lines.append(Content.styled(group, "bold $text-primary"))
        for action in members:
            keys = " ".join(display(key) for key in keys_of(action, mapping))
            lines.append(Content.assemble((f"  {keys:<16}", "bold"), action.sentence))
        lines.append(Content(""))
    return Content("\n").join(lines)


def guide_pages() -> list[tuple[str, str, str]]:
    """The guide's pages in order: file name, title (its first heading), text."""
    folder = resources.files("reviewer") / "guide"
    found = []
    for file in sorted(folder.iterdir(), key=lambda file: file.name) if folder.is_dir() else ():
        if file.name.endswith(".md"):
            text = file.read_text(encoding="utf-8")
            heading = next((x for x in text.splitlines() if x.startswith("# ")), f"# {file.name}")
            found.append((file.name, heading[2:].strip()[:23], text))
    return found
