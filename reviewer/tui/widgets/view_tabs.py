"""The saved views as tabs, `1` to `9`, with how many each holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...untrusted import show_line
from .bar import Bar, Part


class ViewTabs(Bar):
    """Tabs on one line; where room is short those far from the open one are left out."""

    def tell(self, names: Sequence[str], counts: Mapping[int, str], here: int) -> None:
        """Draws the tabs; `counts` are texts by index, `here` is the open one."""
        parts: list[Part] = []
        for index, name in enumerate(names):
            keep = 99 if index == here else 50 - abs(index - here)
            style = "here" if index == here else "text"
            action = f"screen.view({index + 1})"
            if index:
                parts.append(Part("│", "off", keep=keep))
            number = f" {index + 1} "
            parts.append(Part(number, style if index == here else "quiet", action, keep))
            parts.append(Part(show_line(name, 24), style, action, keep))
            count = counts.get(index, "")
            parts.append(Part(f" {count} " if count else " ", style, action, keep))
        self.show(parts)
