"""Which elements of two JSON arrays belong together."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any, Final

from rapidfuzz.distance import Indel

from .align import align
from .matching import increasing, matching

MAX_ALIGNED: Final = 2_500
"""Pairs of elements that are compared in one replaced part of an array."""
MAX_COMPARED: Final = 300
"""Code points of a string that count for how much two strings are alike."""

_ENCODE: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
_WHOLE_FLOAT: Final = re.compile(r"\.0(?![0-9])|e\+")


def same(before: Any, after: Any) -> bool:
    """Whether two JSON values have the same canonical form (RFC 8785)."""
    if before != after:  # in C and never wrong; only `true == 1` is right for Python alone
        return False
    if isinstance(before, bool) or isinstance(after, bool):
        return before is after
    if isinstance(before, dict):
        return all(same(value, after[key]) for key, value in before.items())
    if isinstance(before, list | tuple):
        return all(map(same, before, after))
    return True


def form(value: Any) -> str:
    """A text that is equal for two JSON values exactly when their canonical forms are."""
    text = _ENCODE(value)
    # Only a whole number can be written in two ways: 1.0 or 1, 1e+16 or 10000000000000000.
    return _ENCODE(_whole(value)) if _WHOLE_FLOAT.search(text) else text


def _whole(value: Any) -> Any:
    """The value with whole numbers as integers."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(inner) for key, inner in value.items()}
    return [_whole(inner) for inner in value] if isinstance(value, list | tuple) else value


def pair_elements(
    before: Sequence[Any], after: Sequence[Any], id_keys: Sequence[tuple[str, ...]]
) -> Iterator[tuple[int | None, int | None, bool]]:
    """Pairs (place before, place after, moved), None for an element that one side does not have.

    Elements that are neither removed, added nor moved keep their order.
    """
    for names in id_keys:
        old, new = identities(before, names), identities(after, names)
        if old and new:
            yield from _by_identity(old, new)
            return
    yield from _by_content(before, after)


def identities(array: Sequence[Any], names: tuple[str, ...]) -> list[str] | None:
    """The identity of each element; None unless all have one, each its own."""
    found: list[str] = []
    for element in array:
        if not isinstance(element, dict) or any(name not in element for name in names):
            return None
        found.append(form([element[name] for name in names]))
    return found if len(set(found)) == len(found) else None


def _by_identity(old: list[str], new: list[str]) -> Iterator[tuple[int | None, int | None, bool]]:
    places = {identity: at for at, identity in enumerate(new)}
    pairs = [(at, places[identity]) for at, identity in enumerate(old) if identity in places]
    still = dict(increasing(pairs))
    come_from = {j: i for i, j in pairs}
    gone = deque(at for at, identity in enumerate(old) if identity not in places)
    for j in range(len(new)):
        i = come_from.get(j)
        if i is not None and i in still:
            while gone and gone[0] < i:
                yield gone.popleft(), None, False
        yield i, j, i is not None and i not in still
    for i in gone:
        yield i, None, False


def _by_content(
    before: Sequence[Any], after: Sequence[Any]
) -> Iterator[tuple[int | None, int | None, bool]]:
    head, tail = _same_ends(before, after)
    ids: dict[str, int] = {}
    old, new = (
        [ids.setdefault(form(element), len(ids)) for element in side[head : len(side) - tail]]
        for side in (before, after)
    )
    found, _ = matching(old, new)
    matches = [(0, 0, head), *((i + head, j + head, size) for i, j, size in found)]
    matches.append((len(before) - tail, len(after) - tail, tail))
    i = j = 0
    for start, start_after, size in matches:
        for left, right in _replaced(before[i:start], after[j:start_after]):
            yield None if left is None else i + left, None if right is None else j + right, False
        for step in range(size):
            yield start + step, start_after + step, False
        i, j = start + size, start_after + size


def _same_ends(before: Sequence[Any], after: Sequence[Any]) -> tuple[int, int]:
    """How many elements are the same at the start and, of the rest, at the end."""
    size = min(len(before), len(after))
    head = next((at for at in range(size) if not same(before[at], after[at])), size)
    ends = (at for at in range(size - head) if not same(before[-1 - at], after[-1 - at]))
    return head, next(ends, size - head)


def _replaced(
    before: Sequence[Any], after: Sequence[Any]
) -> Iterator[tuple[int | None, int | None]]:
    """Pairs of a part in which no element is the same: what is alike, then the rest in order."""
    matched: list[tuple[int, int]] = []
    if 1 < len(before) * len(after) <= MAX_ALIGNED:
        matched = align(len(before), len(after), lambda i, j: _alike(before[i], after[j]))
    i = j = 0
    for left, right in [*matched, (len(before), len(after))]:
        for step in range(max(left - i, right - j)):
            yield (
                i + step if i + step < left else None,
                j + step if j + step < right else None,
            )
        if left < len(before):
            yield left, right
        i, j = left + 1, right + 1


def _alike(before: Any, after: Any) -> float:
    if isinstance(before, str) and isinstance(after, str):
        some, other = before[:MAX_COMPARED], after[:MAX_COMPARED]
        return Indel.normalized_similarity(some, other, score_cutoff=0.5)
    if isinstance(before, dict) and isinstance(after, dict):
        names = [name for name in before if name in after]
        equal = sum(same(before[name], after[name]) for name in names)
        return (equal + 0.1 * len(names)) / max(len(before), len(after), 1)
    return 0.0
