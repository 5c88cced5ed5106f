"""The preview: the artifact under the cursor in brief, drawn line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.visual import Visual

from ..brief import Briefs, due_words
from ..newest import Newest
from .self_drawn import SelfDrawn

if TYPE_CHECKING:
    from ...diff.model import WriteDiff
    from ...domain.views import Item


READY = 1024
"""Drawn lines that are kept; each holds its line, so that no other one can be taken for it."""


class Preview(SelfDrawn):
    """One artifact in brief; tells (`Shown`) once it is really on the screen."""

    DEFAULT_CSS = """
    Preview { padding: 0 1; overflow: hidden; }
    """

    class Shown(Message):
        """This artifact, with this digest, is drawn."""

        def __init__(self, artifact_id: str, digest: str) -> None:
            super().__init__()
            self.artifact_id, self.digest = artifact_id, digest

    class Placed(Message):
        """It has another place or size."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._item: Item | None = None
        self._diffs: Sequence[WriteDiff] = ()
        self._lines: Sequence[Content] = ()
        self._strips: list[Strip] = []
        self._blank = Strip.blank(0)
        self._ready: Newest[int, tuple[Content, int, Strip]] = Newest(READY)
        self._drawn_for: tuple[int, int, int] | None = None
        self._line_by_line = False
        self._briefs = Briefs()
        self._due = ""
        self._now = 0
        self._top = 0

    @property
    def shown(self) -> Item | None:
        """The artifact that is drawn, None where a notice stands."""
        return self._item

    def show_item(self, item: Item, diffs: Sequence[WriteDiff], now: int) -> None:
        """Draws an artifact; keeps the scroll position where it is the same one."""
        same = self._item is not None and self._item.entry.state.id == item.entry.state.id
        self._item, self._diffs, self._now = item, diffs, now
        if not same:
            self._top = 0
        self._build()
        self._tell()

    def make_ready(self, item: Item, diffs: Sequence[WriteDiff], now: int) -> None:
        """An artifact that may be shown next."""
        lines = self._briefs.of(item, diffs, now, self._room)
        if self._line_by_line:
            self._drawn(lines[: self.size.height])

    @property
    def _room(self) -> int:
        return max(10, self.size.width)

    def show_notice(self, lines: Sequence[Content]) -> None:
        """Draws these lines instead of an artifact."""
        self._item, self._lines, self._top = None, lines, 0
        self._drawn_for = None
        self.refresh()

    def tick(self, now: int) -> None:
        """It is later now: draws the deadline again where it reads differently."""
        self._now = now
        if self._item and due_words(self._item.entry.state.due_at - now) != self._due:
            self._build()

    def scroll_lines(self, lines: int) -> None:
        """Scrolls down, or up where negative."""
        top = max(0, min(self._top + lines, len(self._lines) - self.size.height))
        if top != self._top:
            self._top = top
            self.refresh()

    def _build(self) -> None:
        if self._item is None:
            return
        item, before = self._item, self._lines
        self._due = due_words(item.entry.state.due_at - self._now)
        self._lines = self._briefs.of(item, self._diffs, self._now, self._room)
        self._draw_changed(before)

    def _tell(self) -> None:
        item = self._item
        if item is not None and self.size.height and self.size.width:
            state = item.entry.state
            self.call_after_refresh(self.post_message, self.Shown(state.id, state.digest))

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._drawn_for = None
        self._ready.clear()

    def on_resize(self) -> None:
        self.post_message(self.Placed())
        self._build()
        self._tell()

    def render_line(self, y: int) -> Strip:
        width, height = self.size
        key = (self._top, width, height)
        if self._drawn_for != key:
            lines = self._in_sight()
            strips = self._draw(lines)
            self._drawn_for, self._strips = key, strips[:height]
            self._line_by_line = len(strips) == len(lines)
            self._blank = Strip.blank(width, self.ground)
        return self._strips[y] if y < len(self._strips) else self._blank

    def _in_sight(self) -> Sequence[Content]:
        return self._lines[self._top : self._top + self.size.height]

    def _draw_changed(self, before: Sequence[Content]) -> None:
        """Draws the lines that are others than before: most of two proposals is the same."""
        width, height = self.size
        old, lines = before[self._top : self._top + height], self._in_sight()
        others = [y for y, line in enumerate(lines) if y >= len(old) or not line.is_same(old[y])]
        drawn: list[Strip] = []
        if self._line_by_line and self._drawn_for == (self._top, width, height):
            drawn = self._drawn([lines[y] for y in others])
        if len(drawn) != len(others) or width < 3:  # one may take more than one line on screen
            self._drawn_for = None
            self.refresh()
            return
        strips = self._strips[: len(lines)] + [self._blank] * (len(lines) - len(self._strips))
        for y, strip in zip(others, drawn, strict=True):
            strips[y] = strip
        self._strips = strips
        changed = [*others, *range(len(lines), len(old))]
        if changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    def _drawn(self, lines: Sequence[Content]) -> list[Strip]:
        """Lines drawn, those that were drawn before as they were; none where one is not one line
        on screen.
        """
        width = self.size.width
        found = {id(line): self._ready[id(line)] for line in lines if id(line) in self._ready}
        new = [line for line in lines if id(line) not in found or found[id(line)][1] != width]
        strips = self._draw(new)
        if len(strips) != len(new):
            return []
        for line, strip in zip(new, strips, strict=True):
            found[id(line)] = self._ready[id(line)] = (line, width, strip)
        return [found[id(line)][2] for line in lines]

    def _draw(self, lines: Sequence[Content]) -> list[Strip]:
        """Lines all at once, which costs a third of one by one."""
        width, base = self.size.width, self.ground
        if not lines or width < 3:
            return []
        text = Content("\n").join([line if line else Content(" ") for line in lines])
        strips = Visual.to_strips(self, text, width, None, self.visual_style)
        return [strip.adjust_cell_length(width, base) for strip in strips]

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_lines(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_lines(-3)
