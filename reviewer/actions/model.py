"""What an action is, and what its guards say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

GUARDS: dict[str, str] = {
    "artifact": "there is no artifact under the cursor",
    "pending": "it is decided already",
    "allowed": "the agent or the policy does not allow it here",
    "shown": "it has not been on screen long enough to be read",
    "flags": "flagged lines have not been seen yet",
    "decider": "your role may not decide",
    "lead": "only a lead may do that",
    "undoable": "there is nothing that can still be taken back",
    "marks": "nothing is marked",
    "online": "the queue cannot be reached",
    "writable": "the desk was opened read-only, or your role may only look",
    "policy": "the policy does not let you decide it so",
}
"""What a guard says while it forbids an action; a forbidden action stays visible and says why."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do.

    `call` is what a screen runs (`decide('approve', True)`), `label` the footer's word (empty:
    not in the footer), `sentence` the help's.  `guard` names the conditions (keys of `GUARDS`,
    space-separated) under which it is allowed.
    """

    id: str
    keys: tuple[str, ...]
    scope: str
    call: str
    label: str
    sentence: str
    group: str
    guard: str = ""

    @property
    def guards(self) -> tuple[str, ...]:
        """The names of its guards."""
        return tuple(self.guard.split())


class Bound(NamedTuple):
    """What a Textual `Binding` needs: comma-joined keys, action, description, id, footer or not."""

    keys: str
    call: str
    description: str
    id: str
    show: bool


def one(
    scope: str,
    group: str,
    id: str,
    keys: str,
    label: str,
    sentence: str,
    *,
    call: str = "",
    guard: str = "",
) -> Action:
    """An action from its parts; `call` is its id where nothing else is said."""
    return Action(
        id, tuple(keys.split()), scope, call or id.replace(".", "_"), label, sentence, group, guard
    )
