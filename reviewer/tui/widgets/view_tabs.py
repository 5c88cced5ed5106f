"""The saved views as tabs, `1` to `9`, with how many each holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...untrusted import show_line
from .bar import Bar, Part, fitting


class ViewTabs(Bar):
    """Tabs on one line; where room is short those far from the open one are counted instead."""

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

    def fitted(
        self, left: Sequence[Part], right: Sequence[Part], width: int
    ) -> tuple[list[Part], list[Part]]:
        """The tabs that find room, and at the end how many do not."""
        kept, right_kept = fitting(left, right, width)
        if len(kept) == len(left):
            return kept, right_kept
        kept, _ = fitting(left, (_more(9),), width)
        note = _more(len({part.action for part in left} - {part.action for part in kept} - {""}))
        room = width - sum(part.width for part in kept)
        return (kept if room < note.width else [*kept, note]), []


def _more(number: int) -> Part:
    return Part(f"│ … {number} more ", "quiet", "screen.step_view(1)", 98)
