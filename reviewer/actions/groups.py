"""Groups of near-identical proposals: the list of them, one of them, looks at single members."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from .model import Action
from .model import one as _one


def groups() -> Iterable[Action]:
    """The list of groups."""
    one = partial(_one, "groups", "Groups")

    yield one(
        "open", "enter", "open", "Open the group: what is alike, what varies, who stands out."
    )


def group() -> Iterable[Action]:
    """One group; decisions act on what is marked, else on all but the outliers."""
    one = partial(_one, "group")

    yield one("Group", "open", "enter", "open", "Open a member for review.", guard="artifact")
    yield one(
        "Marks",
        "mark",
        "space",
        "mark",
        "Mark the member; of an outlier that was looked at: take it in, or leave it out again.",
        guard="artifact",
    )
    yield one(
        "Marks", "range", "v", "", "Mark everything from here to where you press v again.",
        guard="artifact",
    )  # fmt: skip
    yield one("Marks", "mark_all", "*", "", "Mark all members but outliers not taken in.")
    yield one("Marks", "clear_marks", "ctrl+@", "", "Clear all marks.", guard="marks")
    yield one("Group", "group.sort", "s", "sort", "Sort by the next column.")
    yield one("Group", "group.turn", "S", "", "Turn the order round.")
    yield one("Group", "group.right", "l right", "", "Columns further right.", call="columns(1)")
    yield one("Group", "group.left", "h left", "", "Columns further left.", call="columns(-1)")
    yield one("Group", "group.pane", "p tab", "pane", "What is alike, how it spreads, or neither.")


def look() -> Iterable[Action]:
    """A look at a random member before the whole group is decided."""
    yield _one(
        "look",
        "Look",
        "look.next",
        "space",
        "go on",
        "The next page; at the end the next write, then the next look.",
    )
