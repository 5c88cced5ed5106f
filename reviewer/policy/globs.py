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
_ANY_RUN: Final = r"(?s:.*)"
_SPECIAL = re.compile(r"\*\*|\*|\?")
Matcher = Callable[[str], bool]


def plain(patterns: Sequence[str]) -> Matcher:
    """Whether a text is one of those that any of the plain patterns stands for."""
    return _matcher(tuple(patterns), _ANY_RUN, r"(?s:.)")


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
    others = [pattern for pattern in patterns if pattern not in exact]
    if not others:
        return exact.__contains__
    matchers = [_one_run(pattern, run) for pattern in others]
    simple = [matcher for matcher in matchers if matcher is not None]
    if len(simple) < len(matchers):
        rest = [p for p, matcher in zip(others, matchers, strict=True) if matcher is None]
        compiled = re2.compile("|".join(_translated(p, run, one) for p in rest), _options())
        simple.append(lambda text: compiled.fullmatch(text) is not None)

    def matches(text: str) -> bool:
        return text in exact or any(matcher(text) for matcher in simple)

    return matches


def _one_run(pattern: str, run: str) -> Matcher | None:
    """The matcher of a pattern with a single run, which most are; it needs no automaton."""
    if "?" in pattern or len(_SPECIAL.findall(pattern)) != 1:
        return None
    sign = "**" if "**" in pattern else "*"
    head, _, tail = pattern.partition(sign)
    least = len(head) + len(tail)
    within = sign == "*" and run != _ANY_RUN

    def matches(text: str) -> bool:
        if len(text) < least or not (text.startswith(head) and text.endswith(tail)):
            return False
        return not within or "/" not in text[len(head) : len(text) - len(tail)]

    return matches


def _translated(pattern: str, run: str, one: str) -> str:
    signs = {"**": _ANY_RUN, "*": run, "?": one}
    parts, at = [], 0
    for found in _SPECIAL.finditer(pattern):
        parts += [re2.escape(pattern[at : found.start()]), signs[found.group()]]
        at = found.end()
    return "".join([*parts, re2.escape(pattern[at:])])


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    return options
