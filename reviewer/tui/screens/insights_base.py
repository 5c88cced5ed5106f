"""What the panels of the insights screen have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from textual.content import Content

from ...insights.overview import Overview
from ..widgets.columned import Col, table
from .insights_words import labels, named

GOOD, BAD, WARN, MAIN, STRONG = (
    "$success", "$error", "$warning", "$primary", "bold",
)  # fmt: skip
LOOKS = (("█", GOOD), ("▓", MAIN), ("░", BAD), ("▒", WARN))
"""A glyph and a colour for approve, edit, reject, respond."""
Lines = list[Content]


class Room(NamedTuple):
    """What a panel has: cells, and the row that is chosen in it (None: not in focus)."""

    width: int
    height: int
    cursor: int | None


class Panel(NamedTuple):
    """A panel: its id, its title, how it is drawn, and how many rows can be chosen in it."""

    id: str
    title: str
    draw: Callable[[Overview, Room], Lines]
    rows: Callable[[Overview], int]


def parted(room: Room, rows: int, *, plot: bool) -> tuple[int, int]:
    """How many lines the plot gets and how many the table, of what is left under the headline.

    Where there is no room for both, all of it goes to the plot, or to the table whose bars say
    more.
    """
    left = room.height - 1
    if left < 10:
        return (left, 0) if plot and left >= 4 else (0, left)
    below = min(rows + 1, max(4, left * 2 // 5))
    return left - below, below


def labels_of(view: Overview) -> tuple[str, ...]:
    """What stands under the buckets of an overview."""
    return labels(view.starts, view.unit, view.zone)


def rows(
    room: Room,
    height: int,
    cols: list[Col],
    names: list[tuple[str, str]],
    head: str,
    most: int = 26,
    least: int = 12,
) -> Lines:
    """A table of names and columns; `least` and `most` are the widths that a name may have."""
    return table(
        cols,
        lambda row, width: named(names[row], width),
        len(names),
        room.width,
        height,
        head=head,
        cursor=room.cursor,
        least=least,
        most=most,
    )
