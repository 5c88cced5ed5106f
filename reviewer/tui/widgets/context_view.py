"""What led to the artifact, beat by beat; folds open and close under the cursor.

Whatever takes long (beats of thousands of items, the body of a large result, a search through all
of it) is prepared in a thread; what is shown stays until the new lines are there.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING, Final

from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.strip import Strip
from typing_extensions import override

from ..newest import Newest
from . import context_heads as heads
from .context_layout import Fold, Layout, Spot, Wish, cost, lay_out
from .context_story import Clock, Story
from .diff_draw import Pane
from .finding import Found, find
from .ink import Overlay
from .pane_lines import PANES, PaneInk

if TYPE_CHECKING:
    from ...domain.artifact import Artifact

AT_ONCE: Final = 24_000
"""Up to about so many characters are laid out or searched without a thread."""
FEW: Final = 64
"""Up to so many items become beats without a thread."""
NARROW: Final = 50
"""Below this width, cells, texts begin near the left edge."""


class ContextView(PaneInk):
    """Virtual lines over the beats of the context."""

    shows_cursor_without_focus = False

    DEFAULT_CSS = "ContextView { width: 100%; height: 1fr; }"

    class Changed(Message):
        """What the line above the pane says is other now: what is found, shown, folded."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.story = Story()
        self.found = Found()
        self.current = 0
        """Which of the places found it stands at, from 0."""
        self.clock = Clock.TIME
        self.sort = ""
        self.all: Fold | None = None
        self.pinned = -1
        """The beat that was jumped to as evidence."""
        self.follow: Callable[[], None] = lambda: None
        """Called at once when the cursor moved."""
        self._known = False
        self._number = self._searches = 0
        self._keeping = False
        self._folds: dict[int, Fold] = {}
        self._lent: tuple[int, Fold | None] | None = None
        self._order: list[int] = []
        self._layout = Layout(self._wish())
        self._panes: Newest[tuple[int, int], Pane] = Newest(PANES)
        self._then: Callable[[], object] | None = None

    # ------------------------------------------------------------------ what is shown

    def show(self, artifact: Artifact, evidence: Collection[int] = ()) -> None:
        """Shows an artifact's context; `evidence` are the items that an escalation points to."""
        self._searches += 1
        for group in ("story", "find"):
            self.workers.cancel_group(self, group)
        self._known = False
        self._folds, self._lent, self.all, self.sort, self.pinned = {}, None, None, "", -1
        self.found, self.current, self._then = Found(), 0, None
        if len(artifact.context) <= FEW:
            self._tell(Story.of(artifact, evidence))
            return
        self.story, self._order = Story(), []
        self._relay()
        self.run_worker(self._read(artifact, evidence), group="story", exclusive=True)

    async def _read(self, artifact: Artifact, evidence: Collection[int]) -> None:
        self._tell(await asyncio.to_thread(Story.of, artifact, evidence))

    def _tell(self, story: Story) -> None:
        self.story, self._known = story, True
        self._order = story.order(self.sort)
        self._layout = Layout(self._wish())
        self._relay(lambda: self.go(0))
        then, self._then = self._then, None
        if then is not None:
            then()

    @property
    def link(self) -> str:
        """The address under the cursor, or that of the trace (hostile text), or nothing."""
        spot = self.spot
        return (self.story.beats[spot.beat].uri if spot else "") or self.story.trace

    @property
    def path(self) -> str:
        """The path of the value under the cursor, within a call's arguments or result."""
        spot = self.spot
        if spot is None or spot.row < 0 or self._wish().fold_of(spot.beat) is not Fold.WHOLE:
            return ""
        return self.story.beats[spot.beat].body.path(
            self._layout.rows[spot.beat].place(spot.row)[0]
        )

    def line_text(self) -> str:
        """The line under the cursor as it stands in the artifact, for copying."""
        spot = self.spot
        if spot is None:
            return ""
        beat = self.story.beats[spot.beat]
        if spot.row < 0:
            return beat.text or f"{beat.who}({beat.called})"
        rows = self._layout.rows[spot.beat]
        line = rows.place(spot.row)[0]
        whole = self._layout.wish.fold_of(spot.beat) is Fold.WHOLE
        return beat.body.copied(line) if whole else rows.lines[line]

    # ------------------------------------------------------------------ laying out

    @property
    def spot(self) -> Spot | None:
        """What is under the cursor."""
        return self._layout.spot(self.cursor) if self._layout.count else None

    def _wish(self) -> Wish:
        gutter = self.story.time_width + 3
        indent = 3 if self.room < NARROW else gutter + 2
        head_room = max(4, self.room - gutter - 2)
        return Wish(
            self.story.beats, self._order, dict(self._folds), self.all, head_room,
            max(4, self.room - indent),
        )  # fmt: skip

    def _relay(self, then: Callable[[], None] | None = None) -> None:
        """Lays out what is wished for now, then does what follows from it."""
        self._number += 1
        self.workers.cancel_group(self, "lay")
        wish, known = self._wish(), self._layout
        if cost(wish, known) <= AT_ONCE:
            layout = lay_out(wish, known)
            assert layout is not None
            self._put(layout, then)
            return
        self.run_worker(self._lay(wish, known, then), group="lay", exclusive=True)

    async def _lay(self, wish: Wish, known: Layout, then: Callable[[], None] | None) -> None:
        number = self._number
        layout = await asyncio.to_thread(lay_out, wish, known, lambda: number == self._number)
        if layout is not None and number == self._number:
            self._put(layout, then)

    def _put(self, layout: Layout, then: Callable[[], None] | None) -> None:
        spot = self.spot
        top = self.cursor - self.scroll_offset.y
        self._layout = layout
        self._panes.clear()
        self.relaid()
        if spot is not None and layout.count:
            line = layout.line_of(*spot)
            if line is None:
                order = layout.wish.order
                near = order[min(len(order) - 1, bisect_right(order, spot.beat))]
                line = layout.line_of(near)
            self.scroll_to(y=max(0, (line or 0) - top), animate=False, force=True, immediate=True)
            self.cursor = line or 0
        if then is not None:
            then()
        self.post_message(self.Changed())
        self._keep_width()

    def _keep_width(self) -> None:
        """Lays out anew where there is another width now: a scrollbar that comes or goes by the
        height takes a cell of it without a resize.  Narrower is never lower, so once is enough.
        """
        wish, now = self._layout.wish, self._wish()
        same = (now.head_room, now.body_room) == (wish.head_room, wish.body_room)
        if not same and not self._keeping:
            self._keeping = True
            self._relay()
            self._keeping = False

    def on_resize(self) -> None:
        super().on_resize()
        self._keep_width()

    # ------------------------------------------------------------------ folding

    def unfold(self) -> bool:
        """Opens or closes the beat under the cursor; False where there is nothing to fold."""
        spot, wish = self.spot, self._wish()
        if spot is None or not heads.foldable(wish, spot.beat):
            return False
        fold, beat = wish.fold_of(spot.beat), self.story.beats[spot.beat]
        opened = fold is Fold.FOLDED or (fold is Fold.OPENING and beat.hides)
        self._folds[spot.beat] = Fold.WHOLE if opened else Fold.FOLDED
        self._lent = None
        self._relay(lambda: self._go(Spot(spot.beat, -1, 0)))
        return True

    def fold_all(self) -> None:
        """Folds everything; then unfolds everything; then it is as at first."""
        after = {None: Fold.FOLDED, Fold.FOLDED: Fold.WHOLE}
        self.all = after.get(self.all) if not self._folds or self.all is not None else Fold.FOLDED
        self._folds, self._lent = {}, None
        spot = self.spot
        self._relay((lambda: self._go(Spot(spot.beat, -1, 0))) if spot is not None else None)

    def narrow(self) -> None:
        """Shows the next sort of beats alone; after the last all of them."""
        sorts = ["", *self.story.sorts]
        self.sort = sorts[(sorts.index(self.sort) + 1) % len(sorts)] if self.sort in sorts else ""
        self._order = self.story.order(self.sort)
        self._relay(lambda: self.search(self.found.needle) if self.found.needle else None)

    def turn_clock(self) -> None:
        """Another time in the gutter: of the day, since the start, since the step before."""
        clocks = list(Clock)
        self.clock = clocks[(clocks.index(self.clock) + 1) % len(clocks)]
        self._panes.clear()
        self.redraw()
        self.post_message(self.Changed())

    def clicked(self) -> None:
        spot = self.spot
        if spot is not None and spot.row < 0:
            self.unfold()

    # ------------------------------------------------------------------ going somewhere

    def go_evidence(self, item: int) -> bool:
        """Goes to the beat that tells a context item, unfolds and marks it; False for no such."""
        if not self._known:
            self._then = partial(self.go_evidence, item)
            return True
        if not 0 <= item < len(self.story.places):
            return False
        at = self.story.places[item]
        self.pinned, self._lent = at, None
        self._folds[at] = Fold.WHOLE
        if self.sort not in ("", self.story.beats[at].sort):
            self.sort, self._order = "", self.story.order()
        self._relay(lambda: self._go(Spot(at, -1, 0), top=True))
        return True

    def moved(self) -> None:
        self.follow()

    def _go(self, spot: Spot, *, top: bool = False) -> None:
        line = self._layout.line_of(*spot)
        if line is None:
            return
        height = self.scrollable_content_region.height
        away = not 0 <= line - self.scroll_offset.y < max(1, height - 2)
        self.go(line, top=top or away)

    def jumps_to(self, height: int) -> list[tuple[int, int]]:
        """Lines on screen that a jump can go to, and their indexes: heads and rows."""
        top = self.scroll_offset.y
        lines = range(top, min(top + height, self._layout.count))
        return [(line - top, line) for line in lines if not self._layout.spot(line).part]

    # ------------------------------------------------------------------ searching

    def search(self, needle: str) -> None:
        """Finds a text in all that the pane would show unfolded; nothing ends the search."""
        self.workers.cancel_group(self, "find")
        self._searches += 1
        if not needle:
            self._found(Found())
            return
        wish = self._wish()
        if self.story.weight <= AT_ONCE:
            found = find(needle, heads.searched(wish))
            assert found is not None
            self._found(found)
            return
        self.run_worker(self._find(needle, wish), group="find", exclusive=True)

    async def _find(self, needle: str, wish: Wish) -> None:
        number = self._searches
        found = await asyncio.to_thread(
            find, needle, heads.searched(wish), lambda: number == self._searches
        )
        if found is not None and number == self._searches:
            self._found(found)

    def _found(self, found: Found) -> None:
        self.found = found
        self._panes.clear()
        self.redraw()
        spot = self.spot
        if found.matches and spot is not None:
            here = (spot.beat, -1 if spot.row < 0 else spot.row, 0, 0)
            after = next((n for n, match in enumerate(found.matches) if match >= here), 0)
            self._to_match(after)
        elif not found.needle:
            self._lent = None
        self.post_message(self.Changed())

    def step_match(self, step: int) -> bool:
        """Goes to the next place found (1) or the one before (-1); False where nothing is."""
        total = len(self.found.matches)
        if total:
            self._to_match((self.current + step) % total)
        return total > 0

    def _to_match(self, number: int) -> None:
        self.current = number
        at, line, start, _ = self.found.matches[number]
        wish, other = self._wish(), False
        if self._lent is not None and self._lent[0] != at:
            beat, fold = self._lent
            self._lent, other = None, True
            if fold is None:
                self._folds.pop(beat, None)
            else:
                self._folds[beat] = fold
        inside = line >= 0 and not wish.in_head(at)
        if inside and wish.fold_of(at) is not Fold.WHOLE and not self._opens(at, line, start):
            self._lent = (at, self._folds.get(at))
            self._folds[at], other = Fold.WHOLE, True
        if other:
            self._relay(lambda: self._go_match(number))
        else:
            self._go_match(number)
            self.post_message(self.Changed())

    def _opens(self, at: int, line: int, start: int) -> bool:
        """Whether a place in a beat's text is shown without unfolding it."""
        opening = self.story.beats[at].opening
        if self._wish().fold_of(at) is not Fold.OPENING or line >= len(opening):
            return False
        return start < len(opening[line])

    def _go_match(self, number: int) -> None:
        if number >= len(self.found.matches):
            return
        at, line, start, _ = self.found.matches[number]
        rows = self._layout.rows.get(at)
        spot = Spot(at, -1, 0)
        if line >= 0 and rows is not None:
            row = rows.row_of(line, start)
            pane = self._pane(Spot(at, row, 0))
            width = max(2, self.room - pane.gutter.cell_length)
            breaks = pane.ink.breaks(width, words=True)
            cell = pane.ink.cell(start - rows.place(row)[1])
            spot = Spot(at, row, max(0, bisect_right(breaks, cell) - 1))
        self._panes.clear()
        self._undraw()
        self._go(spot)
        self.refresh()

    # ------------------------------------------------------------------ drawing

    @property
    def line_count(self) -> int:
        return max(1, self._layout.count)

    @override
    def draw_line(self, index: int, x: int, width: int) -> Strip:
        if not self._layout.count:
            return Strip([Segment(f" {self._nothing()}", self.style("dim"))])
        spot = self._layout.spot(index)
        pane = self._pane(spot)
        if spot.row >= 0:
            return self.part_strip(pane, spot.part, 0, width)
        strip = self.part_strip(pane, None, 0, width)
        if pane.ink.reaches(pane.text_width(width)):
            cut = strip.crop(0, width - 1)
            # a segment without a style breaks the filter of NO_COLOR
            gap = Segment(" " * (width - 1 - cut.cell_length), pane.base)
            return Strip([*cut, gap, self._dots()])
        return strip

    def _dots(self) -> Segment:
        return Segment("…", self.style("dim"))

    def _nothing(self) -> str:
        if not self._known:
            return "…"
        if self.story.beats:
            return f"No {self.sort} here; F shows the rest."
        return "The agent gave no context. Respond (c) asks it for what is missing."

    def _pane(self, spot: Spot) -> Pane:
        key = (spot.beat, spot.row)
        pane = self._panes.get(key)
        if pane is None:
            pane = self._head(spot.beat) if spot.row < 0 else self._row(spot.beat, spot.row)
            self._panes[key] = pane
        return pane

    def _head(self, at: int) -> Pane:
        wish, story = self._layout.wish, self.story
        words = heads.head(wish, at, heads.hits_hidden(self.found, wish, at))
        hits = heads.hits_in_head(self.found, at, heads.text_at(wish, at, words))
        sign = self._sign(hits) or ("⚑" if at in story.evidence or at == self.pinned else " ")
        gutter = f" {sign}{story.time(at, self.clock):>{story.time_width}} "
        style = self.style("warn" if sign != " " else "dim")
        if at == self.pinned:
            style += Style(bold=True, reverse=True)
        runs = [(text, self.style(name)) for text, name in words]
        return self._marked(self.pane(gutter, *runs, gutter_style=style), hits)

    def _row(self, at: int, row: int) -> Pane:
        rows = self._layout.rows[at]
        line, start = rows.place(row)
        text = rows.text(row)
        hits = heads.hits_in_row(self.found, at, line, start, len(text))
        sign = self._sign(hits) or " "
        gutter = f" {sign}" + " " * (self.room - self._layout.wish.body_room - 2)
        quiet = self.story.beats[at].kind in heads.QUIET
        run = (text, self.style("dim" if quiet else ""))
        style = self.style("warn") if hits else None
        return self._marked(self.pane(gutter, run, gutter_style=style), hits)

    def _sign(self, hits: list[tuple[int, int, int]]) -> str:
        if any(number == self.current for number, _, _ in hits):
            return "»"
        return "›" if hits else ""

    def _marked(self, pane: Pane, hits: list[tuple[int, int, int]]) -> Pane:
        marks = [
            Overlay(low, high, Style(reverse=True, bold=True, underline=number == self.current))
            for number, low, high in hits
        ]
        return Pane(pane.gutter, pane.ink, pane.base, [*pane.overlays, *marks]) if marks else pane

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._panes.clear()
