"""What one can jump to on a screen: panes, the tabs and words of its bars, the rows of lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.errors import NoWidget
from textual.geometry import Region

from .widgets.bar import Bar
from .widgets.footer import DeskFooter
from .widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.widget import Widget

KEYS = "asdfghjklqwertyuiopzxcvbnm"
"""The letters, the easy ones first."""
MOST = 200
"""How many targets get letters."""


class Target(NamedTuple):
    """A place on the screen, and what goes there; `rank` 0 gets a single letter first."""

    x: int
    y: int
    rank: int
    go: Callable[[], Any]


def targets(screen: Screen[Any]) -> list[Target]:
    """Everything on the screen that can be gone to, by rank, then from top to bottom.

    The footer is left out: its words decide, and a jump only moves.
    """
    found: list[Target] = []
    for widget in screen.query("*"):
        region = _seen(screen, widget)
        if region is None or isinstance(widget, DeskFooter):
            continue
        if isinstance(widget, Bar):
            found += _parts(screen, widget, region)
        elif widget.can_focus:
            found.append(Target(region.x, region.y, 0, widget.focus))
            found += _rows(widget, region)
    found.sort(key=lambda target: (target.rank, target.y, target.x))
    places: dict[tuple[int, int], Target] = {}
    for target in found:
        places.setdefault((target.x, target.y), target)
    return list(places.values())[:MOST]


def labels(number: int) -> list[str]:
    """So many labels of one or two letters, none of which begins another one."""
    size = len(KEYS)
    firsts = 0  # letters that begin a label of two
    while size - firsts + firsts * size < number and firsts < size:
        firsts += 1
    single = list(KEYS[: size - firsts])
    double = [first + second for first in KEYS[size - firsts :] for second in KEYS]
    return (single + double)[:number]


def _seen(screen: Screen[Any], widget: Widget) -> Region | None:
    """The part of a widget's content that is on screen, None for none."""
    try:
        placed = screen.find_widget(widget)
    except NoWidget:
        return None
    seen = placed.visible_region.intersection(widget.content_region)
    return seen if seen.area and widget.visible else None


def _parts(screen: Screen[Any], bar: Bar, region: Region) -> Iterator[Target]:
    done: set[str] = set()
    for at, action in bar.words():
        if at < region.width and action not in done and not action.startswith("screen.decide"):
            done.add(action)
            go = partial(screen.call_later, bar.run_action, action)
            yield Target(region.x + at, region.y, 0, go)


def _rows(widget: Widget, region: Region) -> Iterator[Target]:
    if isinstance(widget, VirtualList):
        for line in range(widget.HEAD, region.height, widget.tall):
            index = widget.top + (line - widget.HEAD) // widget.tall
            if index < widget.row_count:
                yield Target(region.x, region.y + line, 1, partial(_to, widget, index))
        return
    lines = getattr(widget, "jumps_to", None)
    if lines is not None:
        for y, index in lines(region.height):
            yield Target(region.x, region.y + y, 1, partial(_to, widget, index))
        return
    from textual.widgets import OptionList

    if isinstance(widget, OptionList):
        for index in range(widget.option_count):
            y = index - widget.scroll_offset.y
            if 0 <= y < region.height:
                yield Target(region.x, region.y + y, 1, partial(_highlight, widget, index))


def _to(widget: Any, index: int) -> None:
    widget.focus()
    widget.go(index)


def _highlight(widget: Any, index: int) -> None:
    widget.focus()
    widget.highlighted = index
