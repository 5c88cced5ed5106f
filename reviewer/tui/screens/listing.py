"""The room of a list that has a screen of its own: a title, what to do, the lines, the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.content import Content

from ...actions import by_id
from ..widgets.banner import Banner
from ..widgets.footer import DeskFooter
from ..widgets.title import Title
from .live import LiveScreen

if TYPE_CHECKING:
    from ...domain.views import Change
    from ..widgets.virtual_lines import VirtualLines

TICK = 0.5


class ListingScreen(LiveScreen[None]):
    """Lines with a cursor, read anew when the queue changes; a subclass gives `load`."""

    KEYS: ClassVar[tuple[str, ...]] = ()
    """The actions that the footer names."""
    DEFAULT_CSS = """
    ListingScreen {
        background: $background;
        #title { height: 1; padding: 0 1; background: $surface; }
        #keys { height: 1; background: $surface; }
    }
    """

    def __init__(self, lines: VirtualLines, banner: Banner) -> None:
        super().__init__()
        self._lines, self._banner = lines, banner
        self.footer = DeskFooter(id="keys")

    def compose(self) -> ComposeResult:
        yield Title(id="title")
        yield self._banner
        yield self._lines
        yield self.footer

    def on_mount(self) -> None:
        self.hear(self.heard, self._tell)
        self.set_interval(TICK, self._tell)
        self.session.note_hidden()
        self._lines.focus()
        self._tell()
        self.read()

    async def load(self) -> None:
        """Reads what is listed, and shows it."""
        raise NotImplementedError

    def heard(self, _changes: list[Change]) -> None:
        """Something changed in the queue."""
        self.read()

    def read(self) -> None:
        """Reads anew; what was being read does not come."""
        self.run_worker(self.load(), group="read", exclusive=True)

    def tell_title(self, name: str, what: Content | str, more: str) -> None:
        """Says what is listed."""
        said = Content.assemble((f"{name}  ", "bold"), what, (more, "$text-muted"))
        self.query_one("#title", Title).tell(said)

    def _tell(self) -> None:
        self.footer.serve(self.session, map(by_id, self.KEYS))

    def action_move(self, where: str) -> None:
        """Moves the cursor."""
        self._lines.move(where)

    def action_refresh(self) -> None:
        """Reads anew."""
        self.read()
