"""Why an action is not possible right now; the sentences are the registry's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..actions import GUARDS, Action

if TYPE_CHECKING:
    from textual.widget import Widget

    from ..domain.views import Entry
    from .session import Session

NOT_ON_SCREEN = "enter opens it first"
READ_ONLY = "the desk is read-only"
"""Said in place of the role: whose desk is read-only may well decide, on another desk."""
PREVIEWED = 3
"""An artifact is on screen where so many lines of its preview are, and its row in the list."""
SENDING = "Still sending the last decision."
_TERMINAL = ("approve", "edit", "reject", "respond")


def forbidden(action: Action, session: Session, entry: Entry | None, marked: int = 0) -> str:
    """The reason why this is not possible with this artifact under the cursor, empty where it is.

    Whether it has been on screen long enough is asked when the key is pressed (`too_soon`).
    """
    for name in action.guards:
        if name == "policy":
            why = against_policy(action, session, entry, marked)
            if why:
                return why
        elif _holds(name, action, session, entry, marked):
            return READ_ONLY if name == "decider" and session.read_only else GUARDS[name]
    return ""


def against_policy(action: Action, session: Session, entry: Entry | None, marked: int) -> str:
    """The policy's own sentence why this is not decided so by this person, empty where it may."""
    if entry is None or marked:
        return ""
    kind = action.id.removesuffix(".stay")
    return session.governing.why_not(kind, entry.state, session.actor)


def too_soon(session: Session, entry: Entry) -> str:
    """Why a decision on it is refused now: it was not seen for 250 ms when the key was pressed."""
    if session.shown_long_enough(entry.state.id, entry.state.digest):
        return ""
    return GUARDS["shown"]


def unready(session: Session, entry: Entry, drawn: bool) -> str:
    """Why a key decides nothing about what is under the cursor now: not on screen, or too new."""
    if not drawn:
        return NOT_ON_SCREEN
    return too_soon(session, entry)


def drawn_lines(widget: Widget) -> tuple[int, int]:
    """The lines of a widget's content that are within the screen: the first, and one past the last.

    Both are 0 where none is: hidden, without room, pushed out by its neighbours, or on a screen
    that is not drawn.
    """
    from textual.errors import NoWidget

    try:
        visible = widget.screen.find_widget(widget).visible_region
    except NoWidget:
        return 0, 0
    inside = visible.intersection(widget.content_region)
    if not inside.area:
        return 0, 0
    first = inside.y - widget.content_region.y
    return first, first + inside.height


def _holds(name: str, action: Action, session: Session, entry: Entry | None, marked: int) -> bool:
    match name:
        case "artifact":
            return entry is None and not marked
        case "pending":
            return not marked and entry is not None and entry.state.status != "pending"
        case "allowed":
            kind = action.id.removesuffix(".stay")
            limited = kind in _TERMINAL and entry is not None and not marked
            return limited and entry is not None and kind not in entry.state.allowed
        case "decider":
            return not session.may_decide
        case "lead":
            return not {"lead", "admin"} & {*session.config.roles}
        case "undoable":
            return session.undoable is None
        case "marks":
            return not marked
        case "writable":
            return session.read_only or not {"reviewer", "lead", "admin"} & {*session.config.roles}
        case "online":
            return session.connection == "offline"
    return False
