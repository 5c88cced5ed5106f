"""Patterns of the policy file: whether a text is one that a pattern stands for.

Two sorts.  A plain pattern (systems, identities, kinds, actions) has `*` for any run of characters.
A path pattern (resources, JSON pointers) has `*` for any run within one step, which ends at `/`,
and `**` for any run at all.  In both `?` stands for one character (in a path not for `/`), and a
pattern that is nothing but `*` stands for everything.  Texts are compared character by character:
case counts, and so does every way to write the same letter, since what a system makes of a name is
not known here.  All take a time that grows no faster than pattern times text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

import re2

EVERYTHING: Final = frozenset({"*", "**"})
_SPECIAL = re.compile(r"\*\*|\*|\?")
Matcher = Callable[[str], bool]


def plain(patterns: Sequence[str]) -> Matcher:
    """Whether a text is one of those that any of the plain patterns stands for."""
    return _matcher(tuple(patterns), r"(?s:.*)", r"(?s:.)")


def paths(patterns: Sequence[str]) -> Matcher:
    """The same for path patterns."""
    return _matcher(tuple(patterns), r"[^/]*", r"[^/]")


def all_of(patterns: Sequence[str]) -> bool:
    """Whether the patterns stand for everything."""
    return not EVERYTHING.isdisjoint(patterns)


def _always(_text: str) -> bool:
    return True


@lru_cache(maxsize=4096)
def _matcher(patterns: tuple[str, ...], run: str, one: str) -> Matcher:
    if all_of(patterns):
        return _always
    exact = frozenset(pattern for pattern in patterns if not _SPECIAL.search(pattern))
    others = [_translated(pattern, run, one) for pattern in patterns if pattern not in exact]
    if not others:
        return exact.__contains__
    compiled = re2.compile("|".join(f"(?:{other})" for other in others), _options())

    def matches(text: str) -> bool:
        return text in exact or compiled.fullmatch(text) is not None

    return matches


def _translated(pattern: str, run: str, one: str) -> str:
    signs = {"**": r"(?s:.*)", "*": run, "?": one}
    parts, at = [], 0
    for found in _SPECIAL.finditer(pattern):
        parts += [re2.escape(pattern[at : found.start()]), signs[found.group()]]
        at = found.end()
    return "".join([*parts, re2.escape(pattern[at:])])


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    return options
