"""The diff of two lists of texts, such as recipients."""

from __future__ import annotations

from collections.abc import Sequence

from .matching import matching
from .model import Entry, ListDiff


def list_diff(before: Sequence[str], after: Sequence[str]) -> ListDiff:
    """Entries kept, removed and added, in order; an entry that moved is removed and added."""
    ids: dict[str, int] = {}
    old, new = ([ids.setdefault(text, len(ids)) for text in side] for side in (before, after))
    entries: list[Entry] = []
    left = right = 0
    matches, _ = matching(old, new)
    for start, start_after, size in [*matches, (len(before), len(after), 0)]:
        entries += (Entry("removed", text) for text in before[left:start])
        entries += (Entry("added", text) for text in after[right:start_after])
        left, right = start + size, start_after + size
        entries += (Entry("same", text) for text in after[start_after:right])
    return ListDiff(tuple(entries))
