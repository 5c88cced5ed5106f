"""Notes that cannot hang the desk, stand on what a dialog asks, or pile up.

A note that expires in the instant in which its widget is made would set a timer in the past, and
on that one Textual 8.2 spins for ever.
"""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.notifications import Notification
from textual.widgets._toast import Toast

SOON = 0.05
"""Seconds that a note stays at least."""
FRESH = 1.0
"""Seconds after which a note that is told again stands anew for its whole time."""
_made = Toast.__init__


def _make(self: Toast, notification: Notification) -> None:
    _made(self, notification)
    self._timeout = max(SOON, self._timeout)


def mend() -> None:
    """Lets no note set a timer in the past."""
    Toast.__init__ = _make  # type: ignore[method-assign]


def make_room(app: App[object]) -> None:
    """Takes away the notes that only inform: the footer still tells what can be undone."""
    for note in list(app._notifications):
        if note.severity == "information":
            app._unnotify(note)


def is_told(app: App[Any], note: Notification) -> bool:
    """Whether a note stands already that says the same; an older one makes room for this one."""
    for other in list(app._notifications):
        if _said(other) == _said(note):
            if note.raised_at - other.raised_at < FRESH:
                return True
            app._unnotify(other, refresh=False)
    return False


def _said(note: Notification) -> tuple[str, str, str]:
    return note.message, note.title, note.severity
