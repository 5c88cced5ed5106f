"""What an empty list says: why it is empty, and what to do next."""

from __future__ import annotations

from textual.content import Content

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


def empty_lines(view: str, filter: str, one_queue: bool) -> list[Content]:
    """Where nothing matches the view and the filter."""
    if filter:
        shown = Content.assemble("Nothing here matches  ", show_line(filter, 60, "bold"))
        return [shown, Content.styled("/ changes the filter · backspace drops it", "$quiet")]
    if view in _VIEWS:
        what, hint = _VIEWS[view]
        return [Content.styled(what, "bold"), Content.styled(hint, "$quiet")]
    where = "this queue" if one_queue else "the queue"
    return [
        Content.styled(f"Nothing waits in {where}.", "bold"),
        Content(""),
        Content("Agents hand in with `reviewer submit FILE` or the Python client."),
        Content("`reviewer demo` opens a lively queue to try everything on."),
        Content.styled("? shows all keys · F1 the guide", "$quiet"),
    ]
