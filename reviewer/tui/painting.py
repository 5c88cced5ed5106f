"""What Textual remembers of colours, without the widgets that it was asked for.

Textual 8.2 keeps the backgrounds that it computed under the cache of the widget that asked.  That
one holds every line which the widget has drawn, so that a thousand widgets stay for good after
their screens have gone: a hundred megabytes after an hour of reviews.
"""

from __future__ import annotations

from functools import lru_cache

from textual._styles_cache import StylesCache
from textual.color import Color
from textual.style import Style

COLOURS = 1024
"""Pairs of colours that are remembered."""


@lru_cache(COLOURS)
def _backgrounds(outer: Color, inner: Color) -> tuple[Style, Style]:
    return Style(background=outer + inner), Style(background=outer)


def _inner_outer(_: StylesCache, outer: Color, inner: Color) -> tuple[Style, Style]:
    return _backgrounds(outer, inner)


def mend() -> None:
    """Lets what was drawn go with its widget."""
    StylesCache.get_inner_outer = _inner_outer  # type: ignore[method-assign,assignment]
