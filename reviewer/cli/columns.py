"""The inbox's columns as text: what `reviewer list` shows of one entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..domain.instant import short_duration
from ..domain.state import Status
from ..untrusted import one_line

if TYPE_CHECKING:
    from ..queue import Entry

MARKS = {"critical": "■ crit", "high": "▲ high", "medium": "◆ med", "low": "· low"}
"""Risk by shape and word, never by colour alone."""

GREATEST = {
    "id": 40, "risk": 6, "due": 8, "agent": 20, "kind": 18, "title": 60, "reasons": 28,
    "holder": 14, "age": 8, "queue": 16, "status": 11, "mode": 12,
}  # fmt: skip
"""Cells that a column takes at most."""


def cell(entry: Entry, column: str, now: int) -> str:
    """One cell, safe for a terminal; `now` is the queue's clock in microseconds."""
    return _CELLS[column](entry, now)


def _due(entry: Entry, now: int) -> str:
    pending = entry.state.status is Status.PENDING
    return short_duration(entry.state.due_at - now) if pending else ""


def _holder(entry: Entry, now: int) -> str:
    state = entry.state
    if state.status is not Status.PENDING:
        return one_line(entry.decided_by)
    return one_line(state.lease_owner if state.leased(now) else state.assignee)


def status(entry: Entry, now: int) -> str:
    """Where it stands, with what a person did: `approved`, `pending`, `snoozed`, `claimed`."""
    state = entry.state
    if state.status is not Status.PENDING:
        return "edited" if entry.decision == "edit" else str(state.status)
    if state.snoozed_until is not None and state.snoozed_until > now:
        return "snoozed"
    return "claimed" if state.leased(now) else "pending"


_CELLS: dict[str, Callable[[Entry, int], str]] = {
    "id": lambda entry, _: entry.state.id,
    "risk": lambda entry, _: MARKS[str(entry.state.risk)],
    "due": _due,
    "agent": lambda entry, _: one_line(entry.state.agent),
    "kind": lambda entry, _: one_line(entry.state.kind),
    "title": lambda entry, _: one_line(entry.title, 200),
    "reasons": lambda entry, _: one_line(" ".join(entry.reasons), 60),
    "holder": _holder,
    "age": lambda entry, now: short_duration(now - entry.state.created_at),
    "queue": lambda entry, _: one_line(entry.state.queue),
    "status": status,
    "mode": lambda entry, _: str(entry.state.mode),
}
