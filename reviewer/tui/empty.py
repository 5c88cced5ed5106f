"""What an empty list says: why it is empty, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from ..config import DEFAULT_VIEWS, View
from ..untrusted import show_line

_VIEWS = {
    "Mine": ("Nothing is assigned to you or claimed by you.", "n takes the most urgent one."),
    "Breaching": ("Nothing is past its deadline.", "Well done; 2 shows what comes next."),
    "Escalated": ("Nobody has handed anything up.", "x escalates what you cannot decide."),
    "Claimed": ("Nobody is working on anything right now.", "enter opens and claims."),
    "Decided": ("Nothing has been decided yet.", "a approves, r rejects, u takes back."),
    "Stuck": ("Nothing is stuck.", "Whatever could not be delivered or applied shows up here."),
}


def opening_lines() -> list[Content]:
    """While the queue is being opened."""
    return [Content.styled("Opening the queue …", "$quiet")]


def failed_lines(sentence: str, hint: str) -> list[Content]:
    """Where the queue cannot be opened."""
    return [
        Content.styled("The queue cannot be opened.", "bold $text-error"),
        show_line(sentence),
        show_line(hint, None, "$quiet"),
        Content(""),
        Content.styled("ctrl+r tries again · q leaves · `reviewer doctor` says more", "$quiet"),
    ]


def empty_lines(view: View, filter: str, one_queue: bool, pending: str) -> list[Content]:
    """Where nothing matches the view and the filter.

    `pending` is how many wait in the whole queue as the header says it, empty until that is known.
    """
    if filter:
        shown = Content.assemble("Nothing here matches  ", show_line(filter, 60, "bold"))
        return [shown, Content.styled("/ changes the filter · backspace drops it", "$quiet")]
    if view.name in _VIEWS and view in DEFAULT_VIEWS:
        what, hint = _VIEWS[view.name]
        return [Content.styled(what, "bold"), Content.styled(hint, "$quiet")]
    if not pending:
        return []  # counted in a moment; until then nothing is claimed
    where = "this queue" if one_queue else "the queue"
    if pending != "0":
        none = Content.assemble(("Nothing matches the view ", "bold"), show_line(view.name, 30))
        if view.filter:
            none = Content.assemble(none, "  ", show_line(view.filter, 60, "$quiet"))
        if one_queue:
            none = Content.assemble(none, ("  in this queue", "bold"))
        told = f"{pending} pending in the whole queue · 1-9 open the views · / filters"
        return [none, Content.styled(told, "$quiet")]
    return [
        Content.styled(f"Nothing waits in {where}.", "bold"),
        Content(""),
        Content("Agents hand in with `reviewer submit FILE` or the Python client."),
        Content("`reviewer demo` opens a lively queue to try everything on."),
        Content.styled("? shows all keys · F1 the guide", "$quiet"),
    ]


def wrapped(lines: Sequence[Content], width: int) -> list[Content]:
    """The lines in `width` cells, the long ones on several lines."""
    width = max(8, width)
    return [part for line in lines for part in (line.wrap(width) if line else [line])]
