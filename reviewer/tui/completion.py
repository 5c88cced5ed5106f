"""Completing a filter: fields, the values that the language knows, and those in the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

FIELDS = (
    "agent", "kind", "risk", "due", "reason", "is", "queue", "assignee", "holder", "status",
    "age", "decided", "by", "for", "key", "id", "sort",
)  # fmt: skip
"""The fields in the order in which they are offered."""
VALUES: dict[str, tuple[str, ...]] = {
    "risk": ("high", "critical", "medium", "low", ">=high", ">=medium"),
    "due": ("<1h", "<15m", "<0m", "<1d"),
    "age": (">1h", ">1d", "<15m"),
    "decided": ("<1h", "<1d", "<1w"),
    "is": (
        "unclaimed", "mine", "breaching", "escalated", "claimed", "assigned", "unassigned",
        "snoozed", "stuck", "open", "pending", "decided",
    ),
    "sort": ("deadline", "newest", "oldest"),
    "status": ("pending", "approved", "rejected", "answered", "expired", "withdrawn"),
}  # fmt: skip


def candidates(text: str, known: Mapping[str, Sequence[str]]) -> tuple[str, list[str]]:
    """What the last term of a filter could become: its beginning so far, and whole endings.

    `known` are the queue's own values by field; those that would need quotes are left out.
    """
    start = text.rfind(" ") + 1
    term = text[start:]
    minus = "-" if term.startswith("-") else ""
    name, colon, value = term[len(minus) :].partition(":")
    if not colon:
        found = [f"{minus}{field}:" for field in FIELDS if name and field.startswith(name)]
        return text[:start], found
    before, comma, last = value.rpartition(",")
    every = [v for v in (*VALUES.get(name, ()), *known.get(name, ())) if _plain(v)]
    head = f"{minus}{name}:{before}{comma}"
    return text[:start], [head + v for v in dict.fromkeys(every) if v.startswith(last)]


def complete(text: str, known: Mapping[str, Sequence[str]]) -> str | None:
    """The filter with its last term completed by the likeliest candidate, or None."""
    start, found = candidates(text, known)
    longer = [start + term for term in found if start + term != text]
    return longer[0] if longer else None


def _plain(value: str) -> bool:
    """Whether a value of the queue's can be typed as it is, and shows what it is."""
    return value.isascii() and value.isprintable() and not set(' ",') & set(value)
