"""What Textual draws, at the cost that it should have.

Textual 8.2 keeps the backgrounds that it computed under the cache of the widget that asked.  That
one holds every line which the widget has drawn, so that a thousand widgets stay for good after
their screens have gone: a hundred megabytes after an hour of reviews.

A line that is cut or filled up to the width that it has remembers itself as what came of that: each
drawn line is garbage that only a full collection finds, a hundred megabytes where keys never rest.

Each frame it asks all widgets within a box around what changed for all of their lines.

Its timer of frames lets one go at once and the next after one period to two: what a key asks of the
queue would be drawn 17 to 33 ms after the key's own frame, most of the time spent waiting.
"""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Collection, Iterable, Sequence
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from textual import screen as frames
from textual._compositor import Compositor
from textual._styles_cache import StylesCache
from textual.color import Color
from textual.filter import ANSIToTruecolor, LineFilter
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style

if TYPE_CHECKING:
    from rich.style import Style as RichStyle
    from textual._compositor import ChopsUpdate
    from textual.events import Idle
    from textual.geometry import Size
    from textual.screen import Screen
    from textual.widget import Widget

PERIOD = 1 / 240
"""Seconds between two frames at least."""
COLOURS = 1024
"""Pairs of colours that are remembered."""


@lru_cache(COLOURS)
def _backgrounds(outer: Color, inner: Color) -> tuple[Style, Style]:
    return Style(background=outer + inner), Style(background=outer)


def _inner_outer(_: StylesCache, outer: Color, inner: Color) -> tuple[Style, Style]:
    return _backgrounds(outer, inner)


def mend() -> None:
    """Lets what was drawn go with its widget, and frames follow each other as they are ready."""
    setattr(frames, "UPDATE_PERIOD", PERIOD)  # noqa: B010 it is Final for all others
    frames.Screen._on_idle = _together  # type: ignore[method-assign,assignment]
    StylesCache.get_inner_outer = _inner_outer  # type: ignore[method-assign,assignment]
    Strip.divide = _divided  # type: ignore[method-assign,assignment]
    Strip.adjust_cell_length = _adjusted  # type: ignore[method-assign,assignment]
    Strip.crop_extend = _cut  # type: ignore[method-assign,assignment]
    Compositor.render_partial_update = _partly  # type: ignore[method-assign,assignment]
    Compositor._get_renders = _asked_for  # type: ignore[method-assign,assignment]


_divide, _adjust, _crop_extend = Strip.divide, Strip.adjust_cell_length, Strip.crop_extend


def _divided(strip: Strip, cuts: Iterable[int]) -> Sequence[Strip]:
    places = list(cuts)
    return [strip] if places == [strip.cell_length] else _divide(strip, places)


def _adjusted(strip: Strip, cell_length: int, style: RichStyle | None = None) -> Strip:
    return strip if strip.cell_length == cell_length else _adjust(strip, cell_length, style)


def _cut(strip: Strip, start: int, end: int, style: RichStyle | None) -> Strip:
    whole = start == 0 and strip.cell_length == end
    return strip if whole else _crop_extend(strip, start, end, style)


_render_partial_update, _get_renders = Compositor.render_partial_update, Compositor._get_renders
_ASKED: ContextVar[tuple[Compositor, list[Region]] | None] = ContextVar("asked", default=None)


def _partly(compositor: Compositor) -> ChopsUpdate | None:
    """Renders what has to be drawn; of widgets that have no part in it nothing is asked."""
    columns: dict[tuple[int, int], Region] = {}
    for region in compositor._dirty_regions:
        place = region.x, region.width
        columns[place] = columns[place].union(region) if place in columns else region
    token = _ASKED.set((compositor, list(columns.values())))
    try:
        return _render_partial_update(compositor)
    finally:
        _ASKED.reset(token)


def _asked_for(
    compositor: Compositor, crop: Region | None = None
) -> Iterable[tuple[Region, Region, list[Strip]]]:
    """Rendered widgets, without those that lie beside everything that has to be drawn.

    Textual asks all that touch a box around it: nearly the whole screen where the footer and a line
    near the top changed.
    """
    asking, asked = _ASKED.get() or (None, [])
    if asking is not compositor:  # or a screen that shows through this one is drawn for it
        yield from _get_renders(compositor, crop)
        return
    for widget, (region, clip) in compositor.visible_widgets.items():
        seen = region.intersection(clip)
        if seen and any(seen.overlaps(part) for part in asked):
            yield region, clip, widget.render_lines(seen.translate((-region.x, -region.y)))


_on_idle = frames.Screen._on_idle


async def _together(screen: Screen[Any], event: Idle) -> None:
    """Lets go of a frame once every widget that was told in the same moment has said that it has to
    be drawn: the line that counts the marks comes with the mark.
    """
    await sleep(0)
    await _on_idle(screen, event)


def fit(screen: Screen[Any], size: Size) -> None:
    """Lays a screen out for this size from the start: its first frame is not drawn twice."""
    for number, steps in (
        (size.width, screen.HORIZONTAL_BREAKPOINTS),
        (size.height, screen.VERTICAL_BREAKPOINTS),
    ):
        screen.add_class(*[name for least, name in steps or () if number >= least][-1:])


def plain(filters: Sequence[LineFilter]) -> list[LineFilter]:
    """Filters of lines without the one that gives a shade to dim text and the 16 ANSI colours.

    For widgets that draw themselves, in colours of the theme: it goes over every line of every
    frame, a tenth of what a step through a list costs.
    """
    return [each for each in filters if not isinstance(each, ANSIToTruecolor)]


def scrolled(widget: Widget, lines: range, by: int, anew: Collection[int]) -> None:
    """Some lines of a widget went up, `by` lines (down where negative): what is drawn goes with
    them, and only what came into sight, and the lines in `anew`, are drawn.
    """
    cache, top = widget._styles_cache, widget.gutter.top
    drawn, dirty = cache._cache.copy(), cache._dirty_lines.copy()
    widget.refresh(Region(0, lines.start, widget.size.width, len(lines)))
    for line in lines:
        at, source = top + line, top + line + by
        kept = drawn.get(source) if line + by in lines and source not in dirty else None
        if kept is None or line in anew:
            cache._cache.pop(at, None)
        else:
            cache._cache[at] = kept
            cache._dirty_lines.discard(at)
