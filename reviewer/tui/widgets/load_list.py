"""How much lies in each queue, and who is on call for it: one line each, two where narrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from ...untrusted import one_line
from ..due import moment, span
from ..feed import number
from .virtual_list import VirtualList

if TYPE_CHECKING:
    from ...domain.views import Count, QueueLoad
    from ...policy.schedule import Duty

_NUMBERS = ("pending", "late", "in 1h", "free", "esc", "crit", "oldest")
_BAR = 12
"""Cells of the bar that shows what is late, what is due soon, and the rest."""
_PARTS = (("█", "late"), ("▒", "soon"), ("░", "quiet"))


class Total(NamedTuple):
    """All queues together, in the words of one."""

    pending: str
    breaching: str
    due_soon: str


class LoadList(VirtualList):
    """The queues, the most breaching first, after a line for all of them."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "list--head", "list--quiet", "list--late", "list--soon", "list--here", "list--mine",
        "list--empty",
    }  # fmt: skip
    DEFAULT_CSS = """
    LoadList {
        & > .list--head { color: $quiet; }
        & > .list--quiet { color: $quiet; }
        & > .list--late { color: $text-error; text-style: bold; }
        & > .list--soon { color: $text-warning; }
        & > .list--here { text-style: bold; }
        & > .list--mine { color: $text-success; }
        & > .list--empty { color: $quiet; }
    }
    """

    def __init__(self, me: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.me = me
        self.loads: tuple[QueueLoad, ...] = ()
        self.duties: Mapping[str, Duty | None] = {}
        self.chosen = ""
        self.now = 0
        self.read = False

    def fill(
        self,
        loads: Sequence[QueueLoad],
        duties: Mapping[str, Duty | None],
        chosen: str,
        now: int,
    ) -> None:
        """Shows these; the cursor stays with its queue.  `duties` are by queue."""
        here = self.queue
        self.loads, self.duties, self.chosen, self.now = tuple(loads), duties, chosen, now
        self.read = True
        names = ["", *(load.queue for load in self.loads)]
        self.cursor = names.index(here) if here in names else min(self.cursor, len(names) - 1)
        self._keep_in_view()
        self.refresh()

    def fold(self, narrow: bool) -> None:
        """Two lines for each queue and no head where it is narrow."""
        tall, head = (2, 0) if narrow else (1, 1)
        if (tall, head) != (self.tall, self.HEAD):
            self.tall, self.HEAD = tall, head
            self._keep_in_view()
            self.refresh()

    @property
    def row_count(self) -> int:
        """The line for all queues, and one for each."""
        return len(self.loads) + 1 if self.read else 0

    @property
    def queue(self) -> str:
        """The queue under the cursor, empty for all of them."""
        return self.loads[self.cursor - 1].queue if 1 <= self.cursor <= len(self.loads) else ""

    @property
    def total(self) -> Total:
        """All queues together."""
        return Total(
            f"{sum(load.pending for load in self.loads):,}",
            summed([load.breaching for load in self.loads]),
            summed([load.due_soon for load in self.loads]),
        )

    # ------------------------------------------------------------------------------- drawing

    def draw_head(self, width: int) -> Strip:
        name, wide, duty = self._widths(width - 1)
        cells = "".join(f"{head:>8}" for head in _NUMBERS[: self._numbers(width - 1)])
        bar = " " * (_BAR + 2) if wide else ""
        line = f"   {'queue':<{name}}{bar}{cells}  {'on call':<{duty}}"
        return self._made([(line, "head")], width)

    def draw_row(self, index: int, width: int) -> Strip:
        load = self.loads[index - 1] if index else None
        queue = load.queue if load else ""
        name, wide, duty_room = self._widths(width)
        here = "here" if queue == self.chosen else ""
        mark = "▸" if queue == self.chosen else " "
        title = one_line(queue, name) if load else "all queues"
        if self.tall > 1:
            return self._two_lines(load, f"{mark} {title}", here, width)
        parts = [(f" {mark} {_padded(title, name)}", here)]
        if wide:
            parts += [("  ", ""), *self._bar_parts(load)]
        for text, style in self._cells(load)[: self._numbers(width)]:
            parts.append((f"{text:>8}", style))
        text, style = self._duty(queue, duty_room) if load else ("", "")
        parts += [("  ", ""), (text, style)]
        return self._made(parts, width)

    def _two_lines(self, load: QueueLoad | None, title: str, style: str, width: int) -> Strip:
        late = load.breaching.number if load else 0
        text = number(load.breaching) if load else self.total.breaching
        pending = f"{load.pending:,}" if load else self.total.pending
        told = f"{text} late" if late or text not in ("", "0") else ""
        room = max(4, width - 4 - len(told) - len(pending) - 3)
        shown = one_line(title, room)
        gap = max(1, width - 1 - 1 - cell_len(shown) - len(told) - len(pending) - 2)
        parts = [(" ", ""), (shown, style), (" " * gap, ""), (told, "late"), ("  ", "")]
        return self._made([*parts, (pending, "here")], width)

    def draw_more(self, index: int, line: int, width: int) -> Strip:  # noqa: ARG002
        load = self.loads[index - 1] if index else None
        soon = number(load.due_soon) if load else self.total.due_soon
        told = f"{soon} in 1h"
        if load is None:
            return self._made([(f"   {told}", "quiet")], width)
        text, style = self._duty(load.queue, max(4, width - 4 - len(told) - 3))
        return self._made([(f"   {told} · ", "quiet"), (text, style)], width)

    def draw_empty(self, line: int, width: int) -> Strip:
        return self._made([("   Reading the queues …" if line == 1 else "", "empty")], width)

    def _widths(self, width: int) -> tuple[int, bool, int]:
        """The cells of the name, whether there is a bar, the cells of who is on call."""
        wide = width >= 108
        left = width - 3 - 8 * self._numbers(width) - (_BAR + 2 if wide else 0) - 2
        longest = max((cell_len(one_line(load.queue)) for load in self.loads), default=0)
        name = max(10, min(max(10, longest), 30, left - 14))
        return name, wide, max(6, left - name)

    def _numbers(self, width: int) -> int:
        return 4 if width < 72 else 5 if width < 90 else len(_NUMBERS)

    def _cells(self, load: QueueLoad | None) -> list[tuple[str, str]]:
        if load is None:
            many = self.loads
            found = [
                self.total.pending,
                self.total.breaching,
                self.total.due_soon,
                summed([one.unclaimed for one in many]),
                summed([one.escalated for one in many]),
                f"{sum(one.critical for one in many):,}",
                self._age([one.oldest_at for one in many]),
            ]
        else:
            found = [
                f"{load.pending:,}",
                number(load.breaching),
                number(load.due_soon),
                number(load.unclaimed),
                number(load.escalated),
                f"{load.critical:,}",
                self._age([load.oldest_at]),
            ]
        styles = ("", "late", "soon", "", "", "", "quiet")
        return [
            ("·", "quiet") if text == "0" else (text, style)
            for text, style in zip(found, styles, strict=True)
        ]

    def _age(self, instants: Sequence[int | None]) -> str:
        known = [instant for instant in instants if instant is not None]
        return span(self.now - min(known)) if known else ""

    def _bar_parts(self, load: QueueLoad | None) -> list[tuple[str, str]]:
        """Late, due soon and the rest as shares of the fullest queue; by sign, not colour alone."""
        if load is None:
            return [(" " * _BAR, "")]
        most = max((one.pending for one in self.loads), default=1) or 1
        late, soon = load.breaching.number, load.due_soon.number
        shares = (late, soon, max(0, load.pending - late - soon))
        parts, left = [], _BAR
        for share, (sign, style) in zip(shares, _PARTS, strict=True):
            cells = min(left, -(-share * _BAR // most))
            parts.append((sign * cells, style))
            left -= cells
        return [*parts, (" " * left, "")]

    def _duty(self, queue: str, room: int) -> tuple[str, str]:
        duty = self.duties.get(queue)
        if duty is None:
            return one_line("nobody", room), "quiet"
        who = "you" if duty.person == self.me else duty.person
        until = f" until {moment(duty.until, self.now)}" if duty.until is not None else ""
        following = "you" if duty.next == self.me else duty.next
        then = f", then {following}" if following else ""
        cover = f" for {duty.instead_of}" if duty.instead_of else ""
        for told in (f"{who}{cover}{until}{then}", f"{who}{until}{then}", f"{who}{until}"):
            if cell_len(told) <= room:
                break
        else:
            told = f"{who}{until.replace(' until', ' →')}"
        return one_line(told, room), "mine" if duty.person == self.me else ""

    def _made(self, parts: Sequence[tuple[str, str]], width: int) -> Strip:
        base = self.ground
        segments = [Segment(text, base + self.style_of(style)) for text, style in parts if text]
        return Strip(segments).adjust_cell_length(width, base)


def summed(counts: Sequence[Count]) -> str:
    """Counts together, with a `+` where one of them stopped at its cap."""
    together = sum(count.number for count in counts)
    return f"{together:,}{'' if all(count.exact for count in counts) else '+'}"


def _padded(text: str, cells: int) -> str:
    return text + " " * (cells - cell_len(text))
