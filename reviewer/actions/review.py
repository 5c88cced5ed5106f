"""One artifact under review."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from .model import Action
from .model import one as _one


def review() -> Iterable[Action]:
    """Reading one artifact."""
    one = partial(_one, "review")

    yield one("Review", "next_change", "n", "change", "Next change, or next place found.")
    yield one("Review", "previous_change", "N", "", "Change before, or place found before.")
    yield one("Review", "next_write", "]", "write", "Next write.")
    yield one("Review", "previous_write", "[", "", "Write before.")
    yield one("Review", "more_context", "{", "", "More unchanged lines around changes.")
    yield one("Review", "less_context", "}", "", "Fewer unchanged lines around changes.")
    yield one("Review", "unfold", "enter", "", "Unfold or fold; open evidence or precedent.")
    yield one(
        "Review",
        "viewed",
        ".",
        "seen",
        "Mark this write as seen; kept as long as its content stays.",
    )
    yield one("View", "whitespace", "w", "whitespace", "Ignore or show changes of whitespace.")
    yield one("View", "split", "s", "split", "Side by side or unified.")
    yield one("View", "wrap", "t", "", "Wrap long lines or scroll them.")
    yield one("View", "maximise", "+", "", "Give the pane all the room, or back.")
    yield one("View", "precedents", "p", "", "Context or precedents.")
    yield one(
        "Context", "search", "/", "search", "Search in the context; n and N go on from there."
    )
    yield one("Context", "evidence", "'", "evidence", "The evidence of the next escalation.")
    yield one(
        "Context", "fold_all", "-", "", "Fold all of the context, unfold all, or as at first."
    )
    yield one(
        "Context", "only", "F", "", "Only messages, tools, thoughts or documents; then all again."
    )
    yield one(
        "Context", "clock", "@", "", "Times: of the day, since the start, since the step before."
    )
    yield one("Panes", "next_pane", "tab", "", "Next pane.")
    yield one("Panes", "previous_pane", "shift+tab", "", "Pane before.")
    yield one("Panes", "scroll_left", "h left", "", "Scroll left.")
    yield one("Panes", "scroll_right", "l right", "", "Scroll right.")
    yield one(
        "Review", "open_link", "o", "", "Open the link or the trace; shown before it is opened."
    )
    yield one("Review", "copy", "y", "", "Copy it: the line, text, JSON, id or permalink.")
    yield one(
        "Review",
        "take_over",
        "T",
        "",
        "Take the claim over from whoever holds it.",
        guard="decider lead",
    )
    yield one("Screens", "focus", "f", "", "Focus: go on from here.", call="door('focus')")
    yield one(
        "Screens", "audit", "H", "", "The audit record of this artifact.", call="door('audit')"
    )
