"""Whom nobody told: notifications that failed, or of which nobody knows whether they arrived."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from textual.binding import BindingType

from ...effects.notify.unsent import NEXT, counted
from ..careful import carefully
from ..keymap import textual_bindings
from ..widgets.banner import Banner
from ..widgets.notice_lines import NoticeLines
from .listing import ListingScreen
from .review_actions import here

RELOAD = 15.0
"""Seconds after which they are read anew: what a worker settles is no change of an artifact."""
MOST = 500


class NoticesScreen(ListingScreen):
    """Those of artifacts that wait; `*` those of decided ones as well."""

    PLACE = "notices"
    KEYS = ("notices.open", "notices.all", "back", "help")
    BINDINGS: ClassVar[list[BindingType]] = [*textual_bindings("move", "notices"), *here("refresh")]

    def __init__(self) -> None:
        self.everything = False
        self.list = NoticeLines(id="notices")
        self.next = Banner(id="notices-next")
        super().__init__(self.list, self.next)

    def on_mount(self) -> None:
        self.set_interval(RELOAD, self.read)

    async def load(self) -> None:
        """Reads them, and says how many failed and of how many nobody knows."""
        await carefully(self, self._load)

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
        self.tell_title("Not told", said or "nobody", f"   {whose}{more}")
        self.next.say([("!", NEXT)] if found else [])

    def action_notices_open(self) -> None:
        """Opens the artifact of the one under the cursor."""
        chosen = self.list.chosen
        if chosen is not None:
            from .review import ReviewScreen

            self.app.push_screen(ReviewScreen(chosen.notice.artifact_id))

    def action_notices_all(self) -> None:
        """Those of decided artifacts too, or only of what waits."""
        self.everything = not self.everything
        self.read()
