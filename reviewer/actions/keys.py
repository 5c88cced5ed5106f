"""Keys: one spelling for each, and how people read them."""

from __future__ import annotations

import unicodedata

_NAMED = {
    "comma": ",",
    "slash": "/",
    "backslash": "\\",
    "minus": "-",
    "plus": "+",
    "underscore": "_",
    "at": "@",
    "ctrl+space": "ctrl+@",
    "ctrl+at": "ctrl+@",
    "esc": "escape",
    "return": "enter",
    "shift+space": "space",
}
_SPECIAL = frozenset(
    f"""up down left right home end pageup pagedown insert delete backspace enter escape tab space
    {" ".join(f"f{number}" for number in range(1, 25))}""".split()
)
_DISPLAY = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "escape": "esc",
    "ctrl+@": "ctrl+space",
}


def normal(key: str) -> str:
    """The one spelling of a key: `question_mark` and `?` are both `?`, `shift+a` is `A`."""
    key = key.strip() or key
    if len(key) == 1:
        return key
    if key in _NAMED:
        return _NAMED[key]
    if key in _SPECIAL:
        return key
    if key.startswith("shift+") and len(key) == 7:
        return key[-1].upper()
    try:
        return unicodedata.lookup(key.replace("_", " ").upper())
    except KeyError:
        return key


def display(key: str) -> str:
    """A key as people read it: `↑`, `esc`, `ctrl+space`, `?`."""
    return _DISPLAY.get(normal(key), normal(key))


def split(keys: str) -> tuple[str, ...]:
    """The keys of a comma-separated list; a lone comma is itself one."""
    if keys.strip() == ",":
        return (",",)
    return tuple(key.strip() for key in keys.split(",") if key.strip())


def is_key(key: str) -> bool:
    """Whether a terminal can send it."""
    *modifiers, base = normal(key).split("+") if len(normal(key)) > 1 else (normal(key),)
    if any(
        modifier not in ("ctrl", "shift", "alt", "super", "hyper", "meta") for modifier in modifiers
    ):
        return False
    return len(normal(base)) == 1 or base in _SPECIAL
