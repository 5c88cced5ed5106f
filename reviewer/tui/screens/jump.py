"""Jumping: a letter stands on everything on the screen that can be gone to; pressing it goes there.

The screen beneath is drawn as it was, faint, so that nothing moves while one reads the letters.
Every key that is no letter leaves, so no key can do anything else meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.widget import Widget

from ..targets import Target, labels, targets
from .left_once import LeftOnce


class Letters(Widget):
    """The screen beneath with letters on it."""

    COMPONENT_CLASSES = {"letters--letter", "letters--faint"}
    DEFAULT_CSS = """
    Letters {
        width: 100%; height: 100%; background: $background;
        & > .letters--letter { color: $background; background: $accent; text-style: bold; }
        & > .letters--faint { color: $faint; }
    }
    """

    def __init__(self, strips: Sequence[Strip], named: Sequence[tuple[str, Target]]) -> None:
        super().__init__()
        self._strips, self._named = strips, named
        self.typed = ""

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        strip = self._strips[y] if y < len(self._strips) else Strip.blank(width)
        faint = self.get_component_rich_style("letters--faint").color
        line = Strip([_faint(segment, faint) for segment in strip if not segment.control])
        line = line.adjust_cell_length(width, self.rich_style)
        look = self.get_component_rich_style("letters--letter")
        end = -1
        for name, target in sorted(self._named, key=lambda pair: pair[1].x):
            left = name.removeprefix(self.typed) if name.startswith(self.typed) else ""
            if target.y != y or not left or target.x <= end or target.x >= width:
                continue
            end = target.x + len(left) - 1
            start, stop = target.x, min(width, target.x + len(left))
            parts = [line.crop(0, start), Strip([Segment(left[: stop - start], look)])]
            line = Strip.join([*parts, line.crop(stop, width)])
        return line


def _faint(segment: Segment, colour: Color | None) -> Segment:
    style = segment.style or Style()
    return Segment(segment.text, Style(color=colour, bgcolor=style.bgcolor))


class JumpScreen(ModalScreen[None], LeftOnce[None]):
    """Takes all keys until a letter is complete or another key leaves."""

    def __init__(self, strips: Sequence[Strip], found: Sequence[Target]) -> None:
        super().__init__()
        self._named = list(zip(labels(len(found)), found, strict=True))
        self._letters = Letters(strips, self._named)

    @classmethod
    def over(cls, screen: Screen[Any]) -> JumpScreen:
        """The letters for what is on a screen now."""
        return cls(screen._compositor.render_strips(), targets(screen))

    def compose(self) -> Any:
        yield self._letters

    def on_key(self, event: events.Key) -> None:
        """A letter goes on, everything else leaves."""
        event.stop()
        event.prevent_default()
        typed = self._letters.typed + (event.character or "").lower()
        fitting = [pair for pair in self._named if pair[0].startswith(typed)]
        if not event.is_printable or not fitting:
            self._leave(None)
        elif fitting[0][0] == typed:
            self._leave(fitting[0][1].go)
        else:
            self._letters.typed = typed
            self._letters.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click on a letter goes there too, one elsewhere leaves."""
        event.stop()
        at = next((t for name, t in self._named if t.y == event.screen_y and
                   t.x <= event.screen_x < t.x + len(name)), None)  # fmt: skip
        self._leave(at.go if at is not None else None)

    def on_resize(self, event: events.Resize) -> None:
        """What stands where is another thing now."""
        if self._letters.size.area and event.size != self._letters.size:
            self._leave(None)

    def _leave(self, go: Callable[[], Any] | None) -> None:
        if self.is_current:
            below = self.app.screen_stack[-2]
            self.dismiss(None)
            if go is not None:
                below.call_later(go)
