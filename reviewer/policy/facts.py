"""What is known of the past and the present when the policy rules on an artifact.

A backend reads them under its own clock; the simulation takes them from what was stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

HOUR_WINDOW = "hour"
DAY_WINDOW = "day"


@dataclass(frozen=True, slots=True)
class Asked:
    """What `admission.asks` wants to know of an artifact before it is ruled on.

    `shape` is empty where nothing hangs on how often it was decided; `standing` is whether the
    error ledger is to be read; `scopes` are those of rates, spends and costs; `fields` the paths of
    the numbers that it writes, for `Facts.spreads`; `flags` is whether hidden text is to be looked
    for.
    """

    agent: str
    version: str
    kind: str
    shape: str
    scopes: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    flags: bool = False
    standing: bool = False


@dataclass(frozen=True, slots=True)
class Used:
    """What was used of one scope in the last hour and in the last day: writes, and their sum."""

    hour: int = 0
    day: int = 0
    hour_amount: float = 0.0
    day_amount: float = 0.0


@dataclass(frozen=True, slots=True)
class Spread:
    """Numbers that were approved before under one path: how many, their mean and deviation."""

    number: int
    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Standing:
    """Decisions on an agent's work of one kind within its budget's window.

    `decided` are people's decisions, `automatic` those by the policy; `mistakes` are those that the
    budget counts, `outcomes` the ones among them that an outcome showed; `version_decided` are the
    decisions on this very version.  `budget.standing` makes it from a tally.
    """

    decided: int = 0
    mistakes: int = 0
    version_decided: int = 0
    outcomes: int = 0
    automatic: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything besides the artifact, the policy and the time that a ruling rests on.

    `shape_decided` and `shape_rejected` count terminal decisions by people on the same shape;
    `stopped` says who stopped the agent and why, empty where nobody did; `cap` is the most daring
    mode that the error budget or a person leaves it, empty for no cap; `draw` is a number from 0 to
    1 drawn at random for the sample; `flags` is how many hidden or misleading characters were
    found, None where nobody looked.
    """

    shape_decided: int = 0
    shape_rejected: int = 0
    standing: Standing = Standing()
    used: Mapping[str, Used] = field(default_factory=dict)
    spreads: Mapping[str, Spread] = field(default_factory=dict)
    stopped: str = ""
    cap: str = ""
    draw: float = 1.0
    flags: int | None = None
