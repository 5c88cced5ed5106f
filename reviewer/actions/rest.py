"""What is the same on every screen, and the dialogs."""

from __future__ import annotations

from collections.abc import Iterable

from .model import Action, one


def rest() -> Iterable[Action]:
    """The desk itself and the dialogs."""
    yield one(
        "global",
        "Desk",
        "undo",
        "u",
        "undo",
        "Take back the last decision, or the last bulk one.",
        guard="undoable",
    )
    yield one("global", "Desk", "help", "?", "help", "All keys of this screen, and the guide.")
    yield one("global", "Desk", "guide", "f1", "", "The guide.")
    yield one("global", "Desk", "palette", "ctrl+p :", "", "Find any action by its name.")
    yield one(
        "global",
        "Desk",
        "jump",
        "; f12",
        "",
        "Jump: a letter on every pane, tab and row goes there.",
    )
    yield one("global", "Desk", "settings", ",", "", "Theme, keys, columns, connection.")
    yield one("global", "Desk", "refresh", "ctrl+r", "", "Read everything anew and redraw.")
    yield one("global", "Desk", "back", "escape", "back", "Back, or close what is open.")
    yield one("global", "Desk", "quit", "q ctrl+q", "quit", "Leave; your claims are given back.")
    yield one(
        "dialog", "Confirm", "dialog.confirm", "y ctrl+s", "yes", "Do it (ctrl+s while typing)."
    )
    yield one(
        "dialog", "Confirm", "dialog.cancel", "escape", "cancel", "Leave everything as it is."
    )
