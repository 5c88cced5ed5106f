"""The diff of two JSON documents by field path (RFC 6901 pointers).

Values are the same when their canonical JSON is (RFC 8785): `1` and `1.0` are one number, `true`,
`1` and `"1"` are three values, the order of an object's keys does not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from .arrays import pair_elements, same
from .lines import line_diff
from .model import ABSENT, Counts, FieldChange, FieldDiff, FieldFold, FieldRow

ID_KEYS: Final[tuple[tuple[str, ...], ...]] = (("id",), ("key",), ("name",))
"""Fields by which objects of an array are recognised, the first that fits."""
LONG_TEXT: Final = 60
"""Longer strings are compared by word, in code points."""


def field_diff(before: Any, after: Any, id_keys: Sequence[tuple[str, ...]] = ID_KEYS) -> FieldDiff:
    """What changed between two JSON documents; `ABSENT` stands for a document that is not there.

    Elements of arrays are matched by the first of `id_keys` (fields taken together) that every
    element has with a value of its own, else by what the arrays have in common in order.
    """
    entries = tuple(_compare(before, after, "", "", id_keys))
    added = removed = changed = 0
    for entry in entries:
        if entry.op == "added":
            added += count_leaves(entry.after)
        elif entry.op == "removed":
            removed += count_leaves(entry.before)
        elif entry.op != "same":
            changed += 1
    return FieldDiff(before, after, entries, Counts(added, removed, changed))


def field_rows(diff: FieldDiff, context: int | None = 0) -> list[FieldRow]:
    """The leaves of a diff in document order, `context` unchanged ones around changes (None: all).

    What was added or removed as a whole comes as one row for each leaf in it (a leaf is a scalar
    or an empty container), unchanged leaves have the op `same`.
    """
    rows = [leaf for entry in diff.entries for leaf in _leaves(entry)]
    if context is None:
        return list(rows)
    near = [False] * len(rows)
    for at, row in enumerate(rows):
        if row.op != "same":
            low, high = max(0, at - context), min(len(rows), at + context + 1)
            near[low:high] = [True] * (high - low)
    shown: list[FieldRow] = []
    folded = 0
    for row, kept in zip(rows, near, strict=True):
        if not kept:
            folded += 1
            continue
        if folded:
            shown.append(FieldFold(folded))
            folded = 0
        shown.append(row)
    return [*shown, FieldFold(folded)] if folded else shown


def count_leaves(value: Any) -> int:
    """How many scalars and empty containers a JSON value holds."""
    count, todo = 0, [value]
    while todo:
        item = todo.pop()
        if item and isinstance(item, dict):
            todo += item.values()
        elif item and isinstance(item, list | tuple):
            todo += item
        else:
            count += 1
    return count


def _compare(
    before: Any, after: Any, old: str, new: str, keys: Sequence[tuple[str, ...]]
) -> Iterator[FieldChange]:
    if before is ABSENT or after is ABSENT:
        if before is not after:
            yield _one_sided(before, after, old, new)
    elif same(before, after):
        yield FieldChange("same", old, new, before, after)
    elif isinstance(before, dict) and isinstance(after, dict):
        yield from _objects(before, after, old, new, keys)
    elif isinstance(before, list | tuple) and isinstance(after, list | tuple):
        yield from _arrays(before, after, old, new, keys)
    else:
        text = None
        if isinstance(before, str) and isinstance(after, str) and (_long(before) or _long(after)):
            text = line_diff(before, after)
        yield FieldChange("changed", old, new, before, after, text)


def _one_sided(before: Any, after: Any, old: str, new: str) -> FieldChange:
    if before is ABSENT:
        return FieldChange("added", None, new, ABSENT, after)
    return FieldChange("removed", old, None, before, ABSENT)


def _step(name: str) -> str:
    """One step of a pointer (RFC 6901)."""
    if "~" in name or "/" in name:
        name = name.replace("~", "~0").replace("/", "~1")
    return "/" + name


def _long(text: str) -> bool:
    return len(text) > LONG_TEXT or "\n" in text or "\r" in text


def _objects(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    old: str,
    new: str,
    keys: Sequence[tuple[str, ...]],
) -> Iterator[FieldChange]:
    for name in [*before, *(name for name in after if name not in before)]:
        step = _step(name)
        here, there = old + step, new + step
        yield from _compare(before.get(name, ABSENT), after.get(name, ABSENT), here, there, keys)


def _arrays(
    before: Sequence[Any],
    after: Sequence[Any],
    old: str,
    new: str,
    keys: Sequence[tuple[str, ...]],
) -> Iterator[FieldChange]:
    for i, j, moved in pair_elements(before, after, keys):
        if i is None or j is None:
            yield _one_sided(
                ABSENT if i is None else before[i],
                ABSENT if j is None else after[j],
                f"{old}/{i}",
                f"{new}/{j}",
            )
            continue
        here, there = f"{old}/{i}", f"{new}/{j}"
        if moved:
            yield FieldChange("moved", here, there, before[i], after[j])
        if not moved or not same(before[i], after[j]):
            yield from _compare(before[i], after[j], here, there, keys)


def _leaves(entry: FieldChange) -> Iterator[FieldChange]:
    """An entry as one row for each leaf; replaced and moved values stay one row."""
    if entry.op in ("changed", "moved"):
        yield entry
        return
    value = entry.before if entry.op == "removed" else entry.after
    todo: list[tuple[str, Any]] = [("", value)]
    while todo:
        below, item = todo.pop()
        if item and isinstance(item, dict):
            todo += reversed([(below + _step(key), inner) for key, inner in item.items()])
        elif item and isinstance(item, list | tuple):
            todo += reversed([(f"{below}/{at}", inner) for at, inner in enumerate(item)])
        else:
            yield FieldChange(
                entry.op,
                None if entry.before_path is None else entry.before_path + below,
                None if entry.after_path is None else entry.after_path + below,
                ABSENT if entry.op == "added" else item,
                ABSENT if entry.op == "removed" else item,
            )
