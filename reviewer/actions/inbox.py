"""The inbox: the list, its marks and its views."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from .model import Action
from .model import one as _one


def in_list() -> Iterable[Action]:
    """What the list does."""
    one = partial(_one, "list")

    yield one(
        "Inbox", "open", "enter", "open", "Open it for review; this claims it.", guard="artifact"
    )
    yield one("Inbox", "filter", "/", "filter", "Filter the list; the same language as everywhere.")
    yield one("Inbox", "clear_filter", "backspace", "", "Drop the filter and show the whole view.")
    yield one("Inbox", "sort", "s", "", "Change the order: by deadline, newest, oldest.")
    yield one(
        "Inbox",
        "take_next",
        "n",
        "",
        "Claim and open what is most urgent and free.",
        guard="decider online",
    )
    yield one("Inbox", "copy", "y", "", "Copy it: text, JSON, id or permalink.", guard="artifact")
    yield one("Inbox", "columns", "L", "", "Choose, order and widen the columns.")
    yield one("Inbox", "preview", "p", "", "Show or hide the preview.")
    yield one(
        "Inbox",
        "preview_down",
        "J shift+down",
        "",
        "Scroll the preview down.",
        call="scroll_preview(1)",
    )
    yield one(
        "Inbox", "preview_up", "K shift+up", "", "Scroll the preview up.", call="scroll_preview(-1)"
    )


def marks() -> Iterable[Action]:
    """Marking, and the ways to many at once."""
    one = partial(_one, "list")

    yield one(
        "Marks",
        "mark",
        "space",
        "mark",
        "Mark it and go on; decisions act on all marked.",
        guard="artifact",
    )
    yield one(
        "Marks",
        "range",
        "v",
        "",
        "Mark everything from here to where you press v again.",
        guard="artifact",
    )
    yield one("Marks", "mark_all", "*", "", "Mark everything that matches the filter.")
    yield one("Marks", "clear_marks", "ctrl+@", "", "Clear all marks.", guard="marks")


def doors() -> Iterable[Action]:
    """The other screens, as far as one goes there from the list."""
    one = partial(_one, "list", "Screens")
    yield one("focus", "f", "focus", "Focus: one after the other.", call="door('focus')")
    yield one("bulk", "b", "bulk", "Groups of near-identical proposals.", call="door('groups')")
    yield one(
        "triage", "t", "", "Triage: what breaches next, who is on call.", call="door('triage')"
    )
    yield one("insights", "i", "", "Insights: pace, agreement, cost.", call="door('insights')")
    yield one("audit", "H", "", "The audit record of the artifact.", call="door('audit')")


def views() -> Iterable[Action]:
    """The saved views."""
    one = partial(_one, "list")

    for number in range(1, 10):
        yield one(
            "Views",
            f"view.{number}",
            str(number),
            "",
            f"Saved view {number}.",
            call=f"view({number})",
        )
    yield one(
        "Views", "save_view", "V", "", "Save what is shown as a view; rename, move, delete views."
    )
    yield one("Views", "next_view", "l right", "", "Next saved view.", call="step_view(1)")
    yield one("Views", "previous_view", "h left", "", "Saved view before.", call="step_view(-1)")
