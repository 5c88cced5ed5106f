"""Outcomes: what became of approved writes, as the agent or an executor reports it."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What happened afterwards."""

    APPLIED = "applied"
    DRIFTED = "drifted"
    FAILED = "failed"
    UNKNOWN = "unknown"
    ROLLED_BACK = "rolled_back"


AFTER: dict[str, frozenset[str]] = {
    "": frozenset(Outcome),
    Outcome.DRIFTED: frozenset(Outcome) - {Outcome.ROLLED_BACK},
    Outcome.FAILED: frozenset(Outcome),
    Outcome.UNKNOWN: frozenset(Outcome),
    Outcome.APPLIED: frozenset({Outcome.APPLIED, Outcome.ROLLED_BACK}),
    Outcome.ROLLED_BACK: frozenset({Outcome.ROLLED_BACK}),
}
"""Which outcome may follow which: what was applied can only be rolled back."""
