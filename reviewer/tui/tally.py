"""What was done in one sitting, told when the desk is left."""

from __future__ import annotations

from collections import Counter
from typing import Final

WORDS: Final = {
    "approve": "approved",
    "edit": "edited and approved",
    "reject": "rejected",
    "respond": "answered",
    "reassign": "reassigned",
    "snooze": "snoozed",
    "escalate": "escalated",
}


class Tally:
    """Counts decisions by operation, so that what is taken back is not counted."""

    def __init__(self) -> None:
        self._done: dict[str, tuple[str, int]] = {}
        self._undone = 0

    def note(self, operation_id: str, kind: str, number: int = 1) -> None:
        """An operation decided so many; sent again under the same id it counts once."""
        if number:
            self._done[operation_id] = (kind, number)

    def undo(self, operation_id: str, number: int) -> None:
        """So many of an operation were taken back."""
        kind, before = self._done.get(operation_id, ("", 0))
        self._undone += min(number, before)
        if number >= before:
            self._done.pop(operation_id, None)
        else:
            self._done[operation_id] = (kind, before - number)

    @property
    def counts(self) -> Counter[str]:
        """How many were decided how."""
        found: Counter[str] = Counter()
        for kind, number in self._done.values():
            found[kind] += number
        return found

    def sentence(self, seconds: float, drafts: int, undoable: str = "") -> str:
        """The sitting in one line, or nothing where nothing was done; only our words and numbers.

        `seconds` is how long it lasted, `drafts` how many drafts are kept, `undoable` the
        operation that can still be taken back.
        """
        counts = self.counts
        parts = [f"{counts[kind]:,} {word}" for kind, word in WORDS.items() if counts[kind]]
        if self._undone:
            parts.append(f"{self._undone:,} taken back")
        said = f"In {lasts(seconds)}: {', '.join(parts)}." if parts else ""
        if drafts:
            kept = "1 draft is" if drafts == 1 else f"{drafts:,} drafts are"
            said = f"{said} {kept} kept.".strip()
        if undoable:
            said += f" The last can still be taken back: reviewer undo {undoable}"
        return said


def lasts(seconds: float) -> str:
    """A duration in one unit: `40 s`, `12 min`, `3.0 h`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
