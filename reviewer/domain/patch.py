"""RFC 6902 patches, applied within bounds: a few steps must not make a document of gigabytes.

A step that copies the document into itself doubles it, so thirty of them are a billion fields; and
steps that nest what they find make it deeper than anything that walks a document can follow.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

import jsonpatch
import jsonpointer

from .strict_json import MAX_DEPTH

MAX_STEPS = 10_000
MAX_MOVED = 4 * 1024 * 1024
"""How much all steps of a patch may copy and move: characters, and `EACH` for every value."""
EACH = 8
DEEPEST = MAX_DEPTH - 3
"""A document lies at `/writes/0/before`, and an artifact is `MAX_DEPTH` deep at most."""
_BROKEN = (
    jsonpatch.JsonPatchException,
    jsonpointer.JsonPointerException,
    AttributeError,
    TypeError,
)
"""What the library raises on a patch that does not apply, or is none."""


def apply_patch(before: Any, patch: Sequence[Any]) -> Any:
    """The document that a patch makes of `before`, which stays as it is.

    Raises ValueError where a step does not apply, and where the patch goes beyond the bounds.
    """
    if len(patch) > MAX_STEPS:
        raise ValueError(f"the patch has more than {MAX_STEPS:,} steps")
    done, left = copy.deepcopy(before), MAX_MOVED
    try:
        for step in patch:
            left -= _cost(done, step)
            if left < 0:
                raise ValueError(f"the patch copies and moves more than {MAX_MOVED // 2**20} MiB")
            done = jsonpatch.JsonPatch([step]).apply(done, in_place=True)
    except _BROKEN as error:
        raise ValueError(f"the patch does not apply: {error}") from error
    return done


def _cost(document: Any, step: Any) -> int:
    """What a step copies or moves; raises ValueError where it would put something too deep."""
    op, path = step.get("op"), step.get("path")
    if op not in ("add", "replace", "copy", "move") or not isinstance(path, str):
        return 0  # whatever is wrong with it, the library says
    known = op in ("add", "replace")
    value = step.get("value") if known else jsonpointer.resolve_pointer(document, step.get("from"))
    cost = 0
    for size, depth in _walk(value):
        cost += size
        if depth + path.count("/") > DEEPEST:
            raise ValueError(f"the patch nests deeper than {DEEPEST}")
        if cost > MAX_MOVED and not known:
            break
    return 0 if known else cost


def _walk(value: Any) -> Iterator[tuple[int, int]]:
    """Size and depth of every value within, itself first; without recursion."""
    stack: list[tuple[Any, int]] = [(value, 0)]
    while stack:
        item, depth = stack.pop()
        if isinstance(item, dict):
            yield EACH + sum(map(len, item)), depth
            stack.extend((inner, depth + 1) for inner in item.values())
        elif isinstance(item, list):
            yield EACH, depth
            stack.extend((inner, depth + 1) for inner in item)
        else:
            yield EACH + (len(item) if isinstance(item, str) else 0), depth
