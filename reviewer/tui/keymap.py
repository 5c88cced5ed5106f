"""The registry's actions as Textual bindings, and a person's own keys laid over them."""

from __future__ import annotations

from collections.abc import Mapping

from textual.binding import Binding, BindingType

from ..actions import bindings, check_keymap
from ..domain.errors import ReviewerError

_ALSO = {"ctrl+@": "ctrl+@,ctrl+at,ctrl+space", "shift+f6": "shift+f6,f18"}
"""Terminals name ctrl+space in three ways, and shift+f6 in two."""


def textual_bindings(*scopes: str) -> list[BindingType]:
    """The bindings of these scopes for a `BINDINGS` class variable; ids are the actions' ids."""
    return [
        Binding(
            _ALSO.get(bound.keys, bound.keys),
            bound.call,
            bound.description,
            show=bound.show,
            id=bound.id,
        )
        for bound in bindings(*scopes)
    ]


def checked(keymap: Mapping[str, str]) -> dict[str, str]:
    """The keymap for `App.set_keymap`; raises `ReviewerError` where keys clash.

    Textual itself would let a remapped key silently steal another action's.
    """
    wrong = check_keymap(keymap)
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise ReviewerError(
            f"The keymap in the settings cannot be used: {wrong[0]}{more}.",
            "Correct it under [keymap]; `reviewer keys` lists actions and keys.",
        )
    return {id: _textual(keys) for id, keys in keymap.items()}


def _textual(keys: str) -> str:
    return "comma" if keys.strip() == "," else keys
