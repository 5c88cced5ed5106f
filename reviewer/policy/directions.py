"""Which way a changed value goes: stricter, looser, or neither.

Stricter means that less may be written without a person, or that more is asked of people, or that
it is asked sooner; nothing that was held back before goes through by a stricter change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any


class Effect(StrEnum):
    """Which way a change goes."""

    STRICTER = "stricter"
    LOOSER = "looser"
    NEITHER = "neither"

    @property
    def opposite(self) -> Effect:
        """What the change back would be."""
        return _OPPOSITE[self]


_OPPOSITE = {
    Effect.STRICTER: Effect.LOOSER,
    Effect.LOOSER: Effect.STRICTER,
    Effect.NEITHER: Effect.NEITHER,
}
Direction = Callable[[Any, Any], Effect]
"""From an old value and another new one to which way that goes."""


def neutral(_old: Any, _new: Any) -> Effect:
    """Says nothing of how much is let through."""
    return Effect.NEITHER


def more(old: float | None, new: float | None) -> Effect:
    """The more, the stricter; None asks for nothing."""
    if old is None or new is None:
        return Effect.STRICTER if old is None else Effect.LOOSER
    return Effect.STRICTER if new > old else Effect.LOOSER


def less(old: float | None, new: float | None) -> Effect:
    """The less, the stricter; None is no limit."""
    if old is None or new is None:
        return Effect.STRICTER if old is None else Effect.LOOSER
    return Effect.STRICTER if new < old else Effect.LOOSER


def later(*ranks: str) -> Direction:
    """The later in this order, the stricter."""

    def found(old: str, new: str) -> Effect:
        return more(ranks.index(old), ranks.index(new))

    return found


def narrower(old: Sequence[str], new: Sequence[str], *, paths: bool = False) -> Effect:
    """Patterns: the less they cover, the stricter."""
    wider, tighter = covers(new, old, paths=paths), covers(old, new, paths=paths)
    if wider == tighter:
        return Effect.NEITHER
    return Effect.LOOSER if wider else Effect.STRICTER


def narrower_paths(old: Sequence[str], new: Sequence[str]) -> Effect:
    """Patterns of paths: the less they cover, the stricter."""
    return narrower(old, new, paths=True)


def broader(old: Sequence[str], new: Sequence[str]) -> Effect:
    """Patterns of what is checked: the more they cover, the stricter."""
    return narrower(old, new).opposite


def larger(old: Collection[Any], new: Collection[Any]) -> Effect:
    """Names of what counts: the more there are, the stricter."""
    if set(old) == set(new):
        return Effect.NEITHER
    if set(old) <= set(new):
        return Effect.STRICTER
    return Effect.LOOSER if set(new) <= set(old) else Effect.NEITHER


def fewer(old: Collection[Any], new: Collection[Any]) -> Effect:
    """Those who may do something, where nobody named means everybody: the fewer, the stricter."""
    if not old or not new:
        return Effect.STRICTER if new else Effect.LOOSER
    return larger(old, new).opposite


def choice(old: Collection[Any] | None, new: Collection[Any] | None) -> Effect:
    """Values to choose from; None is any value, and none at all is the strictest."""
    if old is None or new is None:
        return Effect.STRICTER if old is None else Effect.LOOSER
    inside, outside = all(one in old for one in new), all(one in new for one in old)
    if inside == outside:
        return Effect.NEITHER
    return Effect.STRICTER if inside else Effect.LOOSER


def present(old: Any, new: Any) -> Effect:
    """A limit that is stricter for being there; two different ones cannot be compared."""
    if bool(old) == bool(new):
        return Effect.NEITHER
    return Effect.STRICTER if new else Effect.LOOSER


def covers(wide: Sequence[str], narrow: Sequence[str], *, paths: bool = False) -> bool:
    """Whether everything that some pattern of `narrow` matches, one pattern of `wide` matches.

    `paths` are patterns whose `*` ends at a `/` (see `globs`).  Never says yes wrongly.  It may say
    no where only several patterns of `wide` together do.
    """
    return all(any(_covers(one, other, paths) for one in wide) for other in narrow)


_SYMBOLS = re.compile(r"\*\*|[*?]|(?s:.)")
_RUNS = ("*", "**")


def _symbols(pattern: str, paths: bool) -> list[str]:
    """The pattern's symbols, where `**` is a run of anything and `*` one within a step."""
    if pattern in _RUNS:
        return ["**"]
    found: list[str] = _SYMBOLS.findall(pattern)
    return found if paths else ["**" if one == "*" else one for one in found]


@lru_cache(maxsize=4096)
def _covers(wide: str, narrow: str, paths: bool) -> bool:
    """Whether a pattern matches another as text, in which a wildcard only a wildcard matches."""
    pattern = _symbols(wide, paths)
    reached = _past_runs({0}, pattern)
    for symbol in _symbols(narrow, paths):
        following = {
            at if pattern[at] in _RUNS else at + 1
            for at in reached
            if at < len(pattern) and _takes(pattern[at], symbol, paths)
        }
        reached = _past_runs(following, pattern)
    return len(pattern) in reached


def _past_runs(places: set[int], pattern: list[str]) -> set[int]:
    """These places and those behind runs that begin there, since a run may be empty."""
    found = set(places)
    for start in places:
        at = start
        while at < len(pattern) and pattern[at] in _RUNS:
            at += 1
            found.add(at)
    return found


def _takes(one: str, symbol: str, paths: bool) -> bool:
    """Whether a symbol of the wide pattern stands for all that a symbol of the narrow one does."""
    if one == "**":
        return True
    if symbol == "**":
        return False
    within = not paths or symbol != "/"
    if one == "*":
        return within
    if symbol == "*":
        return False
    return within if one == "?" else one == symbol


def together(effects: Collection[Effect]) -> Effect:
    """Which way several changes go: one way, or neither where they go both ways or no way."""
    found = set(effects) - {Effect.NEITHER}
    return found.pop() if len(found) == 1 else Effect.NEITHER
