"""The base of widgets that draw each of their lines in full, in the colours of the theme."""

from __future__ import annotations

from typing import Any

from rich.style import Style
from textual._styles_cache import StylesCache
from textual.geometry import Region, Spacing
from textual.strip import Strip
from textual.widget import Widget


class SelfDrawn(Widget):
    """Its lines go to the screen as `render_line` gives them, each kept until it is drawn again.

    Textual puts every line of every widget together anew from border, padding, hatch, tint and
    outline, looks up the styles for it and copies it.  That takes as long as drawing it, and what
    is a copy cannot be known again as the same.  Borders and padding on the sides are asked of it
    once for all lines; where there are some above or below it puts the lines together still.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        self._ground: Style | None = None
        self._edges: tuple[object, Strip, Strip] | None = None
        self._resolved: dict[str, tuple[object, Style, Style]] = {}
        super().__init__(*args, **more)

    @property
    def ground(self) -> Style:
        """The style of a line's text, resolved once: `rich_style` asks all ancestors each time."""
        if self._ground is None:
            self._ground = self.rich_style
        return self._ground

    def component(self, name: str) -> Style:
        """The style of a component class, resolved once for all lines."""
        return self._looked_up(name)[0]

    def ink(self, name: str) -> Style:
        """The style of a component class without its background, to be laid over another's."""
        return self._looked_up(name)[1]

    def _looked_up(self, name: str) -> tuple[Style, Style]:
        # made anew with the focus, of which a widget is not told where its own rules stay the same
        now = self._component_styles[name]
        kept = self._resolved.get(name)
        if kept is None or kept[0] is not now:
            full = self.get_component_rich_style(name)
            kept = self._resolved[name] = (now, full, _ink(full))
        return kept[1:]

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._ground = self._edges = None
        self._resolved.clear()

    def render_lines(self, crop: Region) -> list[Strip]:
        gutter = self.styles.gutter
        if gutter.top or gutter.bottom:
            return super().render_lines(crop)
        width = self.region.width
        inner = width - gutter.left - gutter.right
        kept = self._styles_cache
        if kept._width != width:
            kept.clear()
            kept._width = width
        strips: list[Strip] = []
        for y in crop.line_range:
            strip = None if y in kept._dirty_lines else kept._cache.get(y)
            if strip is None:
                strip = self.render_line(y).adjust_cell_length(inner, self.ground)
                if inner != width:
                    left, right = self._sides(width, gutter)
                    strip = Strip.join([left, strip, right])
                kept._cache[y] = strip
            strips.append(strip)
        kept._dirty_lines.difference_update(crop.line_range)
        filters = self.get_line_filters()
        if filters:
            _, background = self.background_colors
            for each in filters:
                strips = [strip.apply_filter(each, background) for strip in strips]
        if crop.column_span != (0, width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def _sides(self, width: int, gutter: Spacing) -> tuple[Strip, Strip]:
        """What stands on the left and on the right of each line."""
        if self._edges is None or self._edges[0] != (width, gutter):
            whole = StylesCache()
            whole.render_widget(self, Region(0, 0, width, 1))
            line = whole._cache[0]  # before filters, which go over all of it
            left, right = line.crop(0, gutter.left), line.crop(width - gutter.right, width)
            self._edges = ((width, gutter), left, right)
        return self._edges[1], self._edges[2]


def _ink(style: Style) -> Style:
    """A style without its background, to be laid over another's."""
    return Style(
        color=style.color,
        bold=style.bold,
        dim=style.dim,
        italic=style.italic,
        strike=style.strike,
        reverse=style.reverse,
    )
