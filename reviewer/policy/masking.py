"""Masking: what the policy in force lets nobody but reviewers see, taken out of what goes out.

Fields are patterns of JSON pointers into the documents of writes (see `changes`); everything under
one that matches becomes `MARK`, its keys stay.  Patterns are RE2 and look into every text by
itself, and at every number as JSON writes it; what they match becomes `MARK`.  Names stay: of
fields and columns, agents, kinds, codes.  The queue and the screen keep everything.

`MARK` has no number of characters in it: a length tells something of what was there, and a number
in it could carry one.
"""

from __future__ import annotations

import json
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from ..domain.digest import canonical
from .pointers import escaped

if TYPE_CHECKING:
    import re2

    from .document import Policy

MARK: Final = "‹masked›"
ROUNDS: Final = 16
"""A text in which masking makes ever new matches is masked as a whole after so many rounds."""
_MARK: Final = MARK.encode()
Span = tuple[int, int]
"""Bytes of a text, from and to."""


def _nothing(_at: str) -> bool:
    return False


@dataclass(slots=True)
class Masker:
    """What masks values; `count` says how many it has masked so far."""

    fields: Callable[[str], bool] = _nothing
    patterns: tuple[re2._Regexp[str], ...] = ()
    count: int = field(default=0, compare=False)
    active: bool = False

    @classmethod
    def of(cls, policy: Policy | None) -> Masker:
        """The masker of a policy; one that leaves everything as it is where it masks nothing."""
        masking = policy.masking if policy is not None else None
        if masking is None or not (masking.fields or masking.patterns):
            return cls()
        from . import globs

        fields = globs.paths(masking.fields) if masking.fields else _nothing
        return cls(fields, tuple(map(_compiled, masking.patterns)), active=True)

    def text(self, text: str) -> str:
        """A text with what the patterns match masked."""
        if not self.patterns or not text:
            return text
        masked = _masked(text, self.patterns)
        self.count += masked != text
        return masked

    def value(self, value: Any, at: str = "") -> Any:
        """A JSON value that stands at a pointer, masked by fields and patterns; keys stay.

        What lies under a masked field keeps its shape: each leaf in it becomes `MARK`.
        """
        return self._value(value, at, self.hidden(at)) if self.active else value

    def hidden(self, at: str) -> bool:
        """Whether a field stands for this pointer, or for a place that it lies in."""
        if not self.active:
            return False
        return any(self.fields(place) for place in _places(at))

    def leaf(self, text: str, at: str) -> str:
        """A text that stands at a pointer."""
        masked: str = self.value(text, at)
        return masked

    def texts(self, value: Any) -> Any:
        """A JSON value that is no document of a write's: only patterns look at it."""
        return self._value(value, "", None) if self.active else value

    def _value(self, value: Any, at: str, hidden: bool | None) -> Any:
        """`hidden`: whether a field stands for it already; None where fields do not count."""
        if isinstance(value, dict):
            return {
                name: self._inner(inner, f"{at}/{escaped(name)}", hidden)
                for name, inner in value.items()
            }
        if isinstance(value, list):
            return [
                self._inner(inner, f"{at}/{number}", hidden) for number, inner in enumerate(value)
            ]
        if hidden:
            self.count += value != MARK
            return MARK
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._number(value)
        return value

    def _inner(self, value: Any, at: str, hidden: bool | None) -> Any:
        return self._value(value, at, self.fields(at) if hidden is False else hidden)

    def _number(self, value: float) -> Any:
        """A number; one of which a pattern matches any part is masked as a whole."""
        ways = [json.dumps(value).encode()]
        if isinstance(value, float):
            ways.append(canonical(value))  # the way of exports: 777 for 777.0
        if not any(next(_found(one, way, 0), None) for one in self.patterns for way in ways):
            return value
        self.count += 1
        return MARK


def _places(at: str) -> Iterator[str]:
    """A pointer's place and those that it lies in, the whole first."""
    end = 0
    while end >= 0:
        yield at[:end]
        end = at.find("/", end + 1) if end < len(at) else -1
    if at:
        yield at


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re2._Regexp[str]:
    import re2

    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def _masked(text: str, patterns: Iterable[re2._Regexp[str]]) -> str:
    """The text without what the patterns match, outside of marks and across them.

    All patterns look at the same text, so that what one of them masks hides nothing from the
    others.  What is left may match anew: it is looked at again until nothing does.
    """
    try:
        left = text.encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair, which no pattern can look at
        return MARK
    for _ in range(ROUNDS):
        spans = _spans(left, patterns)
        if not spans:
            break
        left = _MARK.join(_outside(left, spans))
    else:
        return MARK
    try:
        return left.decode("utf-8")
    except UnicodeDecodeError:  # a pattern that takes bytes (\C) left half a character
        return MARK


def _spans(text: bytes, patterns: Iterable[re2._Regexp[str]]) -> list[Span]:
    """What is to be masked, in order and apart from each other; a mark goes whole or not at all."""
    marks = list(_marks(text))
    found = []
    for pattern in patterns:
        found += list(_found(pattern, text, 0))
        if marks:  # a match that begins in a mark must not hide one that lies behind it
            for start, end in _between(marks, len(text)):
                found += list(_found(pattern, text[start:end], start))
    found = [one for one in found if not _within(one, marks)]
    if not found:
        return []
    joined: list[Span] = []
    # marks that touch a match go with it
    for start, end in sorted([*found, *marks]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _found(pattern: re2._Regexp[str], text: bytes, offset: int) -> Iterator[Span]:
    for match in pattern.finditer(text):
        start, end = match.span()
        if end > start:
            yield offset + start, offset + end


def _within(span: Span, marks: Sequence[Span]) -> bool:
    """Whether the span lies in one of the marks, which are in order and all of one length."""
    at = bisect_right(marks, (span[0], sys.maxsize)) - 1
    return at >= 0 and span[1] <= marks[at][1]


def _marks(text: bytes) -> Iterator[Span]:
    at = text.find(_MARK)
    while at >= 0:
        yield at, at + len(_MARK)
        at = text.find(_MARK, at + len(_MARK))


def _between(marks: Iterable[Span], length: int) -> Iterator[Span]:
    at = 0
    for start, end in marks:
        if start > at:
            yield at, start
        at = end
    if at < length:
        yield at, length


def _outside(text: bytes, spans: Iterable[Span]) -> Iterator[bytes]:
    """The pieces before, between and after the spans."""
    at = 0
    for start, end in spans:
        yield text[at:start]
        at = end
    yield text[at:]
