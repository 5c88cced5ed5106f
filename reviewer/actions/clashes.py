"""What is wrong with a custom keymap."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from .keys import is_key, split
from .model import Action
from .registry import ACTIONS, PLACES, actions, by_id, keys_of, place

_ASKING = ("policy.activate", "agents.promotion", "agents.cap", "agents.resume")
"""Besides decisions, what asks before it is done; its key must not answer."""


def check_keymap(keymap: Mapping[str, str]) -> list[str]:
    """A sentence for everything that is wrong with a custom keymap; none where it is good."""
    known = {action.id for action in ACTIONS}
    found = []
    for id, keys in keymap.items():
        if id not in known:
            close = difflib.get_close_matches(id, known, n=1)
            hint = f"; did you mean '{close[0]}'?" if close else ""
            found.append(f"There is no action '{id}'{hint}")
        elif not split(keys):
            found.append(f"'{id}' needs a key")
        else:
            found += [f"'{key}' is no key ('{id}')" for key in split(keys) if not is_key(key)]
    for name in PLACES:
        found += _clashes(name, keymap)
    return list(dict.fromkeys(found)) + _unsafe(keymap)


def _clashes(name: str, keymap: Mapping[str, str]) -> list[str]:
    taken: dict[str, Action] = {}
    found = []
    for action in place(name):
        for key in dict.fromkeys(keys_of(action, keymap)):
            other = taken.setdefault(key, action)
            if other is not action:
                found.append(
                    f"'{key}' is bound to both '{other.id}' and '{action.id}' in the {name}"
                )
    return found


def _unsafe(keymap: Mapping[str, str]) -> list[str]:
    """The rule against accidents: what confirms is neither Enter nor a key that decides."""
    confirm = set(keys_of(by_id("dialog.confirm"), keymap))
    found = []
    if confirm & {"enter"}:
        found.append("'enter' cannot confirm: one key too many is pressed too easily")
    if confirm & {str(number) for number in range(1, 10)}:
        found.append("a digit cannot confirm: digits choose the reason")
    for action in ACTIONS:
        keys = keys_of(action, keymap)
        if "ctrl+c" in keys:
            found.append(f"'ctrl+c' says how to leave; it cannot be '{action.id}'")
        if action.scope in ("typing", "edit"):
            letters = (key for key in keys if len(key) == 1)
            found += [f"'{key}' is typed in a field; it cannot be '{action.id}'" for key in letters]
    asking = (by_id("page"), by_id("stop_agent"), *map(by_id, _ASKING))
    for action in (*actions("decide"), *asking):
        for key in confirm & set(keys_of(action, keymap)):
            found.append(f"'{key}' cannot both be '{action.id}' and confirm it")
    return found
