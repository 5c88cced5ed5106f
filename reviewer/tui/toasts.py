"""Notes that cannot hang the desk, and that do not stand on what a dialog asks.

A note that expires in the instant in which its widget is made would set a timer in the past, and
on that one Textual 8.2 spins for ever.
"""

from __future__ import annotations

from textual.app import App
from textual.notifications import Notification
from textual.widgets._toast import Toast

SOON = 0.05
"""Seconds that a note stays at least."""
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
