"""One line of parts, left and right: header, tabs, footer.  Parts can be clicked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.content import Content
from textual.strip import Strip
from textual.visual import Visual

from ..newest import Newest
from .self_drawn import SelfDrawn

MADE = 64
"""Texts of others that are kept as they are drawn."""


class Part(NamedTuple):
    """A piece of a bar: our own words (`str`) or an artifact's (`Content`), and how they look.

    `style` names a component class without its `bar--`.  `keep` is how long the part stays when
    room gets short: the lowest go first, all of one side with the same `keep` together.
    `action` runs when it is clicked.
    """

    text: str | Content
    style: str = "text"
    action: str = ""
    keep: int = 5

    @property
    def width(self) -> int:
        """Its width in cells."""
        return cell_len(self.text) if isinstance(self.text, str) else self.text.cell_length


class Bar(SelfDrawn):
    """A line that draws its parts; the ones that find no room are left out, never cut."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "bar--text", "bar--quiet", "bar--key", "bar--strong", "bar--good", "bar--warn",
        "bar--bad", "bar--here", "bar--off", "bar--brand",
    }  # fmt: skip
    DEFAULT_CSS = """
    Bar {
        height: 1;
        width: 1fr;
        & > .bar--quiet { color: $quiet; }
        & > .bar--off { color: $faint; }
        & > .bar--key { color: $primary; text-style: bold; }
        & > .bar--strong { text-style: bold; }
        & > .bar--good { color: $text-success; }
        & > .bar--warn { color: $text-warning; text-style: bold; }
        & > .bar--bad { color: $text-error; text-style: bold; }
        & > .bar--here { text-style: bold reverse; }
        & > .bar--brand { color: $primary; text-style: bold; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._left: tuple[Part, ...] = ()
        self._right: tuple[Part, ...] = ()
        self._strip: Strip | None = None
        self._hits: list[tuple[int, int, str]] = []
        self._words: list[tuple[int, str]] = []
        self._blanks: dict[int, int] = {}
        self._hovered = ""
        self._made: Newest[object, list[Segment]] = Newest(MADE)

    def show(self, left: Sequence[Part], right: Sequence[Part] = ()) -> None:
        """Draws other parts; the same parts cost nothing."""
        if (tuple(left), tuple(right)) != (self._left, self._right):
            self._left, self._right = tuple(left), tuple(right)
            self._strip = None
            self.refresh()

    def words(self) -> list[tuple[int, str]]:
        """Where a letter can stand before each part that can be clicked, and its action."""
        return self._words

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strip = None
        self._made.clear()

    def render_line(self, y: int) -> Strip:
        if y:
            return Strip.blank(self.size.width, self.ground)
        # a screen that comes back may be drawn before it is told of its size
        if self._strip is None or self._strip.cell_length != self.size.width:
            self._strip = self._draw(self.size.width)
        strip = self._strip
        for start, end, action in self._hits:
            if action and action == self._hovered:
                low, high = start + self._blanks.get(start, 0), min(end, self.size.width)
                line = strip.crop(low, high).apply_style(Style(underline=True))
                strip = Strip.join([strip.crop(0, low), line, strip.crop(high)])
        return strip

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """What a click would do is underlined."""
        offset = event.get_content_offset(self)
        at = offset.x if offset is not None else -1
        self._hover(next((act for start, end, act in self._hits if start <= at < end), ""))

    def on_leave(self) -> None:
        self._hover("")

    def _hover(self, action: str) -> None:
        if action != self._hovered:
            self._hovered = action
            self.refresh()

    async def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        for start, end, action in self._hits:
            if offset is not None and start <= offset.x < end and action:
                event.stop()
                await self.run_action(action)
                return

    def fitted(
        self, left: Sequence[Part], right: Sequence[Part], width: int
    ) -> tuple[list[Part], list[Part]]:
        """The parts that are drawn in `width` cells."""
        return fitting(left, right, width)

    def _draw(self, width: int) -> Strip:
        left, right = self.fitted(self._left, self._right, width - 1)
        ground = self.ground
        segments = [Segment(" ", ground)]
        self._hits, self._words, self._blanks = [], [], {}
        at = 1
        gap = width - 1 - sum(part.width for part in (*left, *right))
        for part in (*left, None, *right):
            if part is None:
                segments.append(Segment(" " * max(0, gap), ground))
                at += max(0, gap)
                continue
            segments += self._segments(part, ground)
            self._hits.append((at, at + part.width, part.action))
            if part.action:
                text = str(part.text)
                blanks = len(text) - len(text.lstrip())
                self._blanks[at] = blanks
                self._words.append((at + max(0, blanks - 1), part.action))
            at += part.width
        return Strip(segments).adjust_cell_length(width, ground)

    def _segments(self, part: Part, ground: Style) -> list[Segment]:
        style = ground + self.ink(f"bar--{part.style}")
        if isinstance(part.text, str):
            return [Segment(part.text, style)]
        key = (part.text.plain, tuple(part.text.spans), style)
        made = self._made.get(key)
        if made is None:
            look = self.get_visual_style(f"bar--{part.style}")
            strips = Visual.to_strips(self, part.text, part.width, 1, look)
            # Textual's own styles of content leave reverse video out
            turned = Style(reverse=True) if style.reverse else Style()
            made = self._made[key] = list(strips[0].apply_style(turned)) if strips else []
        return made


def fitting(
    left: Sequence[Part], right: Sequence[Part], width: int
) -> tuple[list[Part], list[Part]]:
    """The parts that fit into `width` cells: those with the lowest `keep` go first, together."""
    kept_left, kept_right = list(left), list(right)
    while sum(part.width for part in (*kept_left, *kept_right)) > width:
        lowest = min(part.keep for part in (*kept_left, *kept_right))
        for side in (kept_left, kept_right):
            if any(part.keep == lowest for part in side):
                side[:] = [part for part in side if part.keep != lowest]
                break
    return kept_left, kept_right
