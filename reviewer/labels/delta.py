"""What an edit changed: by field as a patch, by text as hunks.

Sources: RFC 6901 (JSON Pointer), RFC 6902 (JSON Patch), POSIX `diff -U 0` for the hunks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import jsonpatch

from ..domain.digest import canonical

MAX_LINES = 20_000

Patch = list[dict[str, Any]]


def field_delta(proposed: Sequence[Any], edited: Sequence[Any | None]) -> Patch:
    """The RFC 6902 patch that turns the proposed writes into the edited ones.

    Both are JSON documents of writes; `edited` has an entry for each proposed write, None where it
    was dropped.  Every changed field is named by its own pointer; dropped writes are removed last,
    from the end, so that the pointers before stay those of the proposal.
    """
    patch: Patch = []
    for index, (old, new) in enumerate(zip(proposed, edited, strict=True)):
        if new is not None:
            patch += [_beneath(f"/{index}", step) for step in _patch(old, new)]
    gone = [index for index, new in enumerate(edited) if new is None]
    return patch + [{"op": "remove", "path": f"/{index}"} for index in reversed(gone)]


def text_delta(proposed: Sequence[Any], patch: Patch) -> str:
    """A unified diff without context lines of every text that the patch replaced by another.

    The file names of its headers are the JSON pointers of the texts within the writes.
    """
    return "".join(
        _hunks(step["path"], before, step["value"])
        for step in patch
        if step["op"] == "replace" and isinstance(step["value"], str)
        for before in [_at(proposed, step["path"])]
        if isinstance(before, str)
    )


def _patch(old: Any, new: Any) -> Patch:
    steps: Patch = jsonpatch.make_patch(old, new).patch
    try:
        faithful = canonical(jsonpatch.apply_patch(old, steps)) == canonical(new)
    except (jsonpatch.JsonPatchException, jsonpatch.JsonPointerException):
        faithful = False
    return steps if faithful else [{"op": "replace", "path": "", "value": new}]


def _beneath(prefix: str, step: dict[str, Any]) -> dict[str, Any]:
    moved = {name: prefix + step[name] for name in ("path", "from") if name in step}
    return step | moved


def _at(document: Any, pointer: str) -> Any:
    # a list before the path may have shifted by an earlier step: then there is no text to compare
    try:
        return jsonpatch.JsonPointer(pointer).resolve(document)
    except jsonpatch.JsonPointerException:
        return None


def _hunks(pointer: str, before: str, after: str) -> str:
    old, new = before.split("\n"), after.split("\n")
    body = "".join(_hunk(old, new, *span) for span in _changed(old, new))
    return f"--- {pointer}\n+++ {pointer}\n{body}" if body else ""


def _changed(old: list[str], new: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Spans (old from, to, new from, to) of lines that differ; one span where there are many."""
    from rapidfuzz.distance import Indel  # the desk's first page waits for this module

    if max(len(old), len(new)) > MAX_LINES:
        yield 0, len(old), 0, len(new)
        return
    span: tuple[int, int, int, int] | None = None
    for step in Indel.opcodes(old, new):
        if step.tag == "equal":
            if span:
                yield span
            span = None
        else:
            first = span or (step.src_start, 0, step.dest_start, 0)
            span = (first[0], step.src_end, first[2], step.dest_end)
    if span:
        yield span


def _hunk(old: list[str], new: list[str], a: int, b: int, c: int, d: int) -> str:
    # an empty side is numbered by the line before it
    head = f"@@ -{a + (b > a)},{b - a} +{c + (d > c)},{d - c} @@\n"
    return head + "".join(f"-{x}\n" for x in old[a:b]) + "".join(f"+{x}\n" for x in new[c:d])
