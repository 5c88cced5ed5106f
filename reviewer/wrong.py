"""What is wrong with a setting, in words; the reader of the file adds where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Wrong(Exception):
    """A setting that is wrong: why, what to do; `key` and `index` find its line."""

    def __init__(self, why: str, hint: str = "", key: str = "", index: int | None = None) -> None:
        super().__init__(why)
        self.why, self.hint, self.key, self.index = why, hint, key, index


def shown(value: Any) -> str:
    """A value as it would stand in the file, cut; safe to print."""
    import json

    if isinstance(value, tuple):
        value = list(value)
    try:
        return json.dumps(value)[:80]
    except TypeError:
        return ascii(value)[:80]


def nearest(name: str, known: Iterable[str]) -> str:
    """The hint for a name that is not known: the one that may be meant, or all."""
    import difflib

    known = list(known)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"Did you mean '{close[0]}'?" if close else f"Known: {', '.join(known)}."
