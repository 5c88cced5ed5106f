"""The values of policies in force, of agents under them, and of what stops them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .artifact import Artifact
from .instant import MINUTE

BUCKET = 5 * MINUTE
"""How much time one row of the ledger, and one of what is used up, holds."""


def bucket(at: int) -> int:
    """The instant at which the bucket of an instant begins."""
    return at - at % BUCKET


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One policy as stored: its digest, the text of the file, and its life.

    `state` is `proposed`, `active` or `retired`; `activated_by` names the second person where four
    eyes were needed.
    """

    digest: str
    text: str
    state: str
    note: str
    proposed_by: str
    proposed_at: int
    activated_by: str = ""
    activated_at: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of an agent's work in one bucket of time or in a window.

    `decided` counts terminal decisions by people; `rejected` and `edited` are among them, as are
    `sampled` ones that the policy would have approved; `automatic` are decisions by the policy;
    `failed`, `drifted`, `rolled_back` are outcomes reported since.
    """

    decided: int = 0
    approved: int = 0
    edited: int = 0
    rejected: int = 0
    sampled: int = 0
    automatic: int = 0
    denied: int = 0
    failed: int = 0
    drifted: int = 0
    rolled_back: int = 0
    usd: float = 0.0


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """The tally of one agent, version and kind in the bucket that begins at `at` (5 minutes)."""

    agent: str
    version: str
    kind: str
    at: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class Cap:
    """The most daring mode that is left to an agent's kind (empty for all), and why.

    `state` is `capped` (in force), `promotion` (a proposal to leave it `mode`, which a person
    decides) or `declined` (the last such proposal, and who said no and why).
    """

    agent: str
    kind: str
    mode: str
    why: str
    by: str
    at: int
    state: str = "capped"


@dataclass(frozen=True, slots=True)
class Stop:
    """A kill switch that was thrown: for one agent, or `*` for all."""

    agent: str
    why: str
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """What a stop did at once: how many decisions that had not gone out went back to people."""

    stop: Stop
    called_back: int


@dataclass(frozen=True, slots=True)
class Admission:
    """One admission of the past for the simulation: what came, what was known, what was ruled.

    `facts` and `ruling` are plain JSON values as stored; `decision` is the terminal decision that
    stands, by `decided_by` of `decided_kind` at `decided_at`, empty where there is none.
    """

    seq: int
    at: int
    artifact_id: str
    artifact: Artifact
    facts: dict[str, Any]
    ruling: dict[str, Any]
    status: str
    decision: str = ""
    decided_by: str = ""
    decided_kind: str = ""
    decided_at: int | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification to send, as the worker takes it: which step of whose chain, to whom, by what.

    `to` is a person; `channel` the name of a channel of the policy, or `page`.
    """

    effect: int
    artifact_id: str
    step: int
    turn: int
    to: str
    channel: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unsent:
    """A notification that did not arrive (`state` failed), or of which nobody knows (unknown).

    `status` is the artifact's, `detail` what the channel said last, `attempts` how often it was
    tried, `at` the instant at which it was given up.
    """

    notice: Notice
    state: str
    status: str
    detail: str
    attempts: int
    at: int
