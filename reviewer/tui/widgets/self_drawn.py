"""The base of widgets that draw each of their lines in full, in the colours of the theme."""

from __future__ import annotations

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class SelfDrawn(Widget):
    """Its lines go to the screen as `render_line` gives them, each kept until it is drawn again.

    Textual puts every line of every widget together anew from border, padding, hatch, tint and
    outline, looks up the styles for it and copies it.  That takes as long as drawing it, and what
    is a copy cannot be known again as the same.  Where there is a border or padding it still does.
    """

    _ground: Style | None = None
    _components: dict[str, tuple[object, Style]] | None = None

    @property
    def ground(self) -> Style:
        """The style of a line's text, resolved once: `rich_style` asks all ancestors each time."""
        if self._ground is None:
            self._ground = self.rich_style
        return self._ground

    def component(self, name: str) -> Style:
        """The style of a component class, resolved once for all lines."""
        if self._components is None:
            self._components = {}
        # made anew with the focus, of which a widget is not told where its own rules stay the same
        now = self._component_styles[name]
        kept = self._components.get(name)
        if kept is None or kept[0] is not now:
            kept = self._components[name] = (now, self.get_component_rich_style(name))
        return kept[1]

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.forget_styles()

    def forget_styles(self) -> None:
        """Other styles may hold now."""
        self._ground = self._components = None

    def render_lines(self, crop: Region) -> list[Strip]:
        if any(self.styles.gutter):
            return super().render_lines(crop)
        width = self.region.width
        kept = self._styles_cache
        if kept._width != width:
            kept.clear()
            kept._width = width
        strips: list[Strip] = []
        for y in crop.line_range:
            strip = None if y in kept._dirty_lines else kept._cache.get(y)
            if strip is None:
                strip = self.render_line(y).adjust_cell_length(width, self.ground)
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
