"""Whom nobody told: notifications that failed, or of which nobody knows whether they arrived."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from ...actions import by_id
from ...effects.notify.unsent import NEXT, counted
from ..careful import carefully, undo_words
from ..keymap import textual_bindings
from ..widgets.banner import Banner
from ..widgets.footer import DeskFooter
from ..widgets.notice_lines import NoticeLines
from ..widgets.title import Title
from .live import LiveScreen
from .review_actions import here

if TYPE_CHECKING:
    from ...domain.views import Change

TICK = 0.5
RELOAD = 15.0
"""Seconds after which they are read anew: what a worker settles is no change of an artifact."""
MOST = 500
_FOOTER = ("notices.open", "notices.all", "back", "help")


class NoticesScreen(LiveScreen[None]):
    """Those of artifacts that wait; `*` those of decided ones as well."""

    PLACE = "notices"
    BINDINGS: ClassVar[list[BindingType]] = [*textual_bindings("move", "notices"), *here("refresh")]
    CSS = """
    NoticesScreen {
        background: $background;
        #notices-title { height: 1; padding: 0 1; background: $surface; }
        #notices-footer { height: 1; background: $surface; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.everything = False
        self.list = NoticeLines(id="notices")
        self.next = Banner(id="notices-next")
        self.footer = DeskFooter(id="notices-footer")

    def compose(self) -> ComposeResult:
        yield Title(id="notices-title")
        yield self.next
        yield self.list
        yield self.footer

    def on_mount(self) -> None:
        self.hear(self._heard, self._tell)
        self.set_interval(TICK, self._tell)
        self.set_interval(RELOAD, self._read)
        self.session.note_hidden()
        self.list.focus()
        self._tell()
        self._read()

    def _heard(self, _changes: list[Change]) -> None:
        self._read()

    def _tell(self) -> None:
        session = self.session
        trouble = session.trouble if session.connection == "offline" else ""
        self.footer.tell(
            list(map(by_id, _FOOTER)),
            session.config.keymap,
            lambda _action: "",
            undo=undo_words(session),
            notice=session.sending or trouble,
        )

    def _read(self) -> None:
        self.run_worker(carefully(self, self._load), group="read", exclusive=True)

    async def _load(self) -> None:
        everything = self.everything
        found = await self.session.read(
            lambda queue: queue.unsent(limit=MOST, everything=everything)
        )
        if self.has_been_left:
            return
        self.list.show(found, self.session.now())
        numbers = Counter(one.state for one in found)
        more = f", the newest {MOST:,}" if len(found) == MOST else ""
        whose = "of all artifacts" if everything else "of what waits"
        said = counted({name: numbers[name] for name in ("failed", "unknown")})
        self.query_one("#notices-title", Title).tell(
            Content.assemble(
                ("Not told  ", "bold"), said or "nobody", (f"   {whose}{more}", "$text-muted")
            )
        )
        self.next.say([("!", NEXT)] if found else [])

    # ------------------------------------------------------------------ keys

    def action_move(self, where: str) -> None:
        """Moves the cursor."""
        self.list.move(where)

    def action_notices_open(self) -> None:
        """Opens the artifact of the one under the cursor."""
        chosen = self.list.chosen
        if chosen is not None:
            from .review import ReviewScreen

            self.app.push_screen(ReviewScreen(chosen.notice.artifact_id))

    def action_notices_all(self) -> None:
        """Those of decided artifacts too, or only of what waits."""
        self.everything = not self.everything
        self._read()

    def action_refresh(self) -> None:
        """Reads anew."""
        self._read()
