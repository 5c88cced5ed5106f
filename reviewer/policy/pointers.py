"""JSON values by pointer (RFC 6901): which places differ, and what stands at a place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

_DIGIT = re.compile(r"\d")


class Absent:
    """The value of a place that is not there."""

    def __repr__(self) -> str:
        return "absent"


ABSENT: Final = Absent()


def escaped(step: str) -> str:
    """One step of a pointer."""
    return step.replace("~", "~0").replace("/", "~1") if "~" in step or "/" in step else step


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same: 1 and 1.0 are, true and 1 are not."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def differing(before: Any, after: Any, at: str = "") -> Iterator[str]:
    """The pointers of the leaves that differ between two JSON values; `ABSENT` for none.

    An object or a list that is empty is a leaf.  Where a leaf becomes an object or a list, or the
    other way round, its own place is told besides those within.
    """
    if before is after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in {**before, **after}:
            step = f"{at}/{escaped(name)}"
            yield from differing(before.get(name, ABSENT), after.get(name, ABSENT), step)
    elif isinstance(before, list) and isinstance(after, list):
        for number in range(max(len(before), len(after))):
            old = before[number] if number < len(before) else ABSENT
            new = after[number] if number < len(after) else ABSENT
            yield from differing(old, new, f"{at}/{number}")
    elif before is ABSENT or after is ABSENT:
        yield from leaves(after if before is ABSENT else before, at)
    elif not same(before, after):
        yield at
        for value in (before, after):
            if isinstance(value, dict | list) and value:
                yield from leaves(value, at)


def leaves(value: Any, at: str = "") -> Iterator[str]:
    """The pointers of all leaves of a JSON value."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from leaves(inner, f"{at}/{escaped(name)}")
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{at}/{number}")
    else:
        yield at


def nodes(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every place of a JSON value with what stands there, the whole first."""
    yield at, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from nodes(inner, f"{at}/{escaped(name)}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from nodes(inner, f"{at}/{number}")


def found(value: Any, pattern: str, matches: Callable[[str], bool]) -> Iterator[tuple[str, Any]]:
    """The places of a JSON value that a pattern stands for, with what stands there."""
    if "*" in pattern or "?" in pattern:
        for at, inner in nodes(value):
            if matches(at):
                yield at, inner
    else:
        inner = at_pointer(value, pattern)
        if inner is not ABSENT:
            yield pattern, inner


def at_pointer(value: Any, pointer: str) -> Any:
    """What stands at a pointer, `ABSENT` where nothing does."""
    for raw in pointer.split("/")[1:]:
        step = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and step.isascii():
            # RFC 6901 knows no leading zeros
            if int(step[:9]) >= len(value) or str(int(step[:9])) != step:
                return ABSENT
            value = value[int(step)]
        else:
            return ABSENT
    return value


def general(pointer: str) -> str:
    """A pointer with its indexes made `*`, so that elements of a list share one history."""
    if _DIGIT.search(pointer) is None:
        return pointer
    return "/".join("*" if step.isdecimal() else step for step in pointer.split("/"))


def number(value: Any) -> float | None:
    """A JSON number, None for everything else: true is none, and neither is the text "1"."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)
