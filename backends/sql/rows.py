"""Rows as values: the hot row, and the protocol's lines made of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from reviewer.domain.artifact import Risk
from reviewer.domain.lifecycle import State, Status
from reviewer.domain.state import Mode
from reviewer.queue import Entry, Reason

from .proof import tampered

_STATUS = {str(status): status for status in Status}
_RISK = tuple(Risk)
_MODE = {str(mode): mode for mode in Mode}


@dataclass(slots=True)
class Hot:
    """One hot row: the state, what a list draws, the policy it came in under, its number."""

    state: State
    line: tuple[Any, ...]
    policy: str
    id: int

    @property
    def version(self) -> str:
        """The agent's version."""
        return str(self.line[1])

    @property
    def usd(self) -> float | None:
        """What the agent's run has cost, where it told."""
        cost: float | None = self.line[11]
        return cost

    @property
    def chips(self) -> str:
        """The codes of the reasons, one a line."""
        return str(self.line[2])

    @property
    def superseded_by(self) -> str:
        """The public id of the artifact that came in its place, or empty."""
        return str(self.line[6])

    @property
    def decision(self) -> str:
        """The kind of the terminal decision, or empty."""
        return str(self.line[7])

    @property
    def decided_by(self) -> str:
        """Who took it, or empty."""
        return str(self.line[8])

    @property
    def outcome(self) -> str:
        """What became of it, or empty."""
        return str(self.line[9])


def hot(row: tuple[Any, ...]) -> Hot:
    """A hot row from the columns `columns.HOT`; raises `TamperedError` where it cannot be one."""
    try:
        return Hot(_state(row), row[28:41], row[41], row[42])
    except (KeyError, ValueError, IndexError, TypeError, AttributeError):
        raise tampered(str(row[0])) from None


def _state(row: tuple[Any, ...]) -> State:
    approvers, needs = row[14], row[27]
    return State(
        row[0],
        row[1],
        row[2],
        row[3],
        _STATUS[row[4]],
        row[5],
        _RISK[row[6]],
        row[7],
        row[8],
        row[9],
        row[10],
        row[11],
        tuple(row[12].split()),
        row[13],
        tuple(json.loads(approvers)) if approvers != "[]" else (),
        row[15],
        row[16],
        row[17],
        row[18],
        row[19],
        row[20],
        row[21],
        row[22],
        row[23] == 1,
        row[24],
        row[25],
        _MODE[row[26]],
        tuple(needs.split("\n")) if needs else (),
    )


def entry(found: Hot) -> Entry:
    """The line of a list."""
    title, version, chips, *rest = found.line
    return Entry(found.state, title, version, tuple(chips.split("\n")) if chips else (), *rest)


def reason(row: tuple[Any, ...]) -> Reason:
    """An escalation from the columns of `reasons_of`."""
    return Reason(*row)


def chip(code: str) -> str:
    """A code as it stands among the chips: on one line."""
    return " ".join(code.split())


def with_chip(chips: str, code: str) -> str:
    """The chips with one more, each once."""
    code = chip(code)
    if not chips:
        return code
    return chips if code in chips.split("\n") else f"{chips}\n{code}"
