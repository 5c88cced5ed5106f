"""Which actions take a count, as in `5j` or `20G`: moves only, and never a decision."""

from __future__ import annotations

from .model import Action
from .registry import ACTIONS

REPEATED = frozenset(
    {
        "down", "up", "half_page_down", "half_page_up", "page_down", "page_up",
        "next_change", "previous_change", "next_write", "previous_write",
        "more_context", "less_context", "next_view", "previous_view",
        "preview_down", "preview_up", "scroll_left", "scroll_right", "next_pane", "previous_pane",
    }
)  # fmt: skip
"""Actions that a count repeats."""
LINES = frozenset({"top", "bottom"})
"""Actions that a count turns into going to that line."""
MOST = 99_999
"""The highest count."""
AT_ONCE = 1_000
"""How often an action is repeated at most, where it cannot be done in one step."""

_DECIDING = frozenset(action.id for action in ACTIONS if action.scope == "decide")


def decides(id: str) -> bool:
    """Whether an action of this id decides anything: no count comes before those."""
    return id in _DECIDING


def move_of(id: str) -> str:
    """The move that an id stands for: `form.down` is `down` in a form."""
    return id.rpartition(".")[2]


def takes_count(action: Action) -> bool:
    """Whether `5` before its key means five times, or line 5."""
    return move_of(action.id) in REPEATED | LINES and not decides(action.id)
