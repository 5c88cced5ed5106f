"""Looks at a few random members of a group, one after the other, before all are decided on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from typing_extensions import override

from ...domain.decision import Code, Refusal
from ..deciding import readings, tell
from ..group_members import why_out
from ..keymap import textual_bindings
from ..looked import note
from ..widgets.bar import Bar, Part
from ..widgets.whole_diff import WholeDiff
from .review import ReviewScreen
from .review_style import STYLE

if TYPE_CHECKING:
    from ...domain.views import Claim, Entry
    from ..opened import Opened


ONLY = "This is only a look: space goes on, esc leaves and decides nothing."


class LookScreen(ReviewScreen):
    """Shows `looks` of these members in full, in this order; nothing is claimed or decided here.

    A look counts when the member has been on screen for 250 ms and every line of every write was
    drawn.  `finished` says that all looks were taken; `looked` and `dropped` are the ids of who was
    looked at, and of who is not as listed any more, with the reason.
    """

    PLACE = "look"
    BINDINGS: ClassVar[list[BindingType]] = [*textual_bindings("look")]
    # a screen's own style takes the place of that of its base
    CSS = STYLE + "LookScreen #look-line { background: $panel; }"
    FOOTER: ClassVar[tuple[str, ...]] = (
        "look.next", "next_change", "next_write", "whitespace", "split", "back", "help",
    )  # fmt: skip

    def __init__(self, order: Sequence[Entry], looks: int, verb: str, size: int) -> None:
        super().__init__("")
        self._waiting = list(order)
        self._listed = {entry.state.id: entry for entry in order}
        self._looks, self._verb, self._number = looks, verb, size
        self._line = Bar(id="look-line")
        self.diff = self.whole = WholeDiff(id="diff")
        self.looked: list[str] = []
        self.dropped: dict[str, str] = {}
        self.finished = False
        self.lines = self.dwell_ms = self.flags_seen = 0

    def compose(self) -> ComposeResult:
        yield self._line
        yield from super().compose()

    # ------------------------------------------------------------------ what comes

    @override
    def begin(self) -> None:
        self._go_on()

    def _go_on(self) -> None:
        """The next member, or the end; who is left when members dropped out may be fewer."""
        if len(self.looked) >= self._looks or not self._waiting:
            self.finished = bool(self.looked)
            self.session.note_hidden()
            self.dismiss()
            return
        self.open(self._waiting.pop(0).state.id)
        self._tell_line()

    @override
    async def _claim(self, artifact_id: str) -> Claim | Refusal:
        return Refusal(Code.NOT_ALLOWED, "A look claims nothing.", artifact_id)

    @override
    def _tell_refusal(self) -> None:
        self.news.say([])

    @override
    def gone(self) -> None:
        self._drop(self.artifact_id, "it does not wait here any more")

    @override
    def passes_over(self, opened: Opened) -> bool:
        session = self.session
        listed = self._listed[opened.id]
        why = why_out(listed, opened.item.entry, session.actor.id, session.now())
        if why:
            self._drop(opened.id, why)
        return bool(why)

    def _drop(self, artifact_id: str, why: str) -> None:
        self.dropped[artifact_id] = why
        self._go_on()

    @override
    def next_of(self, artifact_id: str, step: int) -> str | None:
        return None

    # ------------------------------------------------------------------ keys

    @override
    def action_decide(self, kind: str, advance: bool) -> None:
        tell(self, ONLY)

    @override
    def action_take_over(self) -> None:
        tell(self, ONLY)

    @override
    def action_refresh(self) -> None:
        """Reads the member anew; one that is not as listed any more drops out."""
        if not self._waits:
            self.open(self.artifact_id)

    def action_look_next(self) -> None:
        """The next page, the next write, the next member; what was typed ahead does nothing."""
        opened = self.opened
        if opened is None or self._waits:
            return
        if not self.is_drawn:
            self.session.note_hidden()
            tell(self, "The diff is not on screen; give it room first (esc, + or a larger window).")
            return
        if not self.session.shown_long_enough(opened.id, opened.digest):
            return
        if opened.changed or opened.over:
            self._drop(opened.id, opened.over or "changed meanwhile")
            return
        self.note_lines()
        if opened.digests and self.whole.to_unseen():
            self.call_after_refresh(self._note_shown)
            return
        reading = readings(self.session).of(opened.digest)
        left = [i for i, d in enumerate(opened.digests) if d not in reading.complete]
        if left:
            self.show_write(left[0])
            return
        self._count(opened)

    @property
    def _waits(self) -> bool:
        """Whether the one on screen is not the one that is being opened."""
        opened = self.opened
        return opened is None or opened.id != self.artifact_id or opened.id in self.looked

    def _count(self, opened: Opened) -> None:
        session, reading = self.session, readings(self.session).of(opened.digest)
        note(session, opened, reading)
        self.looked.append(opened.id)
        self.lines += sum(reading.lines.values())
        self.flags_seen += reading.flags
        self.dwell_ms += session.dwell_ms(opened.id, opened.digest)
        self._go_on()

    # ------------------------------------------------------------------ what is said

    def _tell_line(self) -> None:
        at = min(len(self.looked) + 1, self._looks)
        left = [
            Part(f"Look {at} of {self._looks}  ", "strong", keep=9),
            Part(f"random members, before you {self._verb} {self._number:,}", "quiet", keep=3),
        ]
        done = "●" * len(self.looked) + "○" * (self._looks - len(self.looked))
        self._line.show(left, [Part(f"{done} ", "key", keep=5)])
