"""What is stored of an artifact's life: its status, its hot state, and the step of one event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .artifact import Artifact, Risk
from .decision import Kind
from .instant import HOUR, MINUTE, SECOND

UNDO_WINDOW = 5 * SECOND
RISK_BOOST: dict[Risk, int] = {
    Risk.LOW: 0,
    Risk.MEDIUM: 30 * MINUTE,
    Risk.HIGH: 2 * HOUR,
    Risk.CRITICAL: 8 * HOUR,
}


class Status(StrEnum):
    """Where an artifact stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    ANSWERED = "answered"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


SHADOWED = "shadowed"
"""The status of a verdict on what is only recorded; the artifact itself stands as it stands."""
STATUS_AFTER: dict[Kind, Status] = {
    Kind.APPROVE: Status.APPROVED,
    Kind.EDIT: Status.APPROVED,
    Kind.REJECT: Status.REJECTED,
    Kind.RESPOND: Status.ANSWERED,
}


class Mode(StrEnum):
    """Who decides about an artifact: nobody (it is only recorded), a person, or the policy."""

    SHADOW = "shadow"
    ASSISTED = "assisted"
    AUTONOMOUS = "autonomous"


class Course(StrEnum):
    """What becomes of an artifact at admission."""

    PERSON = "person"
    APPROVE = "approve"
    DENY = "deny"
    SHADOW = "shadow"


@dataclass(frozen=True, slots=True)
class Added:
    """A reason that admission adds; `source` is `policy`, `budget`, `sample` or `drift`."""

    code: str
    detail: str
    source: str = "policy"
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """What an admission uses up of a rate or a spend: so many writes, so much in sum."""

    scope: str
    number: int
    amount: float = 0.0


@dataclass(frozen=True, slots=True)
class Alert:
    """A step of an escalation chain, worked out: when (an instant), to whom, how.

    `to` is as the chain has it (`on-call`, `lead`, a person, `@group`, `queue:NAME`); `step` counts
    the chain's steps from 1, `turn` the repetitions of one from 0.
    """

    at: int
    step: int
    turn: int
    to: str
    page: bool = False
    notify: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the policy says of an artifact at admission: where it goes, how fast, who must agree.

    `course` is what becomes of it; `sentence` says why it is denied.  `needs` are conditions on
    decisions: `not:PERSON` (may not approve it), `role:ROLE` (one of these roles decides),
    `looks:N` (members looked at before a bulk decision), `lift_out`.  `why` are the sentences that
    explain it, `rules` the ids of the rules that held, `policy` the digest of the policy.
    """

    queue: str
    risk: Risk
    due_at: int
    quorum: int = 1
    reasons: tuple[Added, ...] = ()
    policy: str = ""
    course: Course = Course.PERSON
    mode: Mode = Mode.ASSISTED
    sentence: str = ""
    needs: tuple[str, ...] = ()
    charges: tuple[Charge, ...] = ()
    alerts: tuple[Alert, ...] = ()
    why: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """The narrow, hot part of an artifact; times are instants in microseconds.

    `rank` is the virtual deadline by which queues are ordered; `fence` the last fencing token
    given out; `effective_at` when a terminal decision leaves its undo window; `needs` are the
    ruling's conditions on decisions.
    """

    id: str
    key: str
    agent: str
    kind: str
    status: Status
    queue: str
    risk: Risk
    digest: str
    revision: int
    due_at: int
    rank: int
    created_at: int
    allowed: tuple[str, ...]
    quorum: int = 1
    approvers: tuple[str, ...] = ()
    assignee: str = ""
    owner: str = ""
    snoozed_until: int | None = None
    expires_at: int | None = None
    on_expiry: str = "reject"
    lease_owner: str = ""
    lease_until: int = 0
    fence: int = 0
    escalated: bool = False
    decided_at: int | None = None
    effective_at: int | None = None
    mode: Mode = Mode.ASSISTED
    needs: tuple[str, ...] = ()

    def leased(self, now: int) -> bool:
        """Whether somebody holds a claim at `now`."""
        return bool(self.lease_owner) and self.lease_until > now


@dataclass(frozen=True, slots=True)
class Step:
    """Everything that one event changes; a backend stores all of it in one transaction.

    `event` names the audit event, `facts` are its particulars; `effect` is the kind of effect to
    schedule (empty for none) at `state.effective_at`; `label` says whether a label is left;
    `escalation` is the code, the detail and the source of a reason to add.
    """

    state: State
    event: str
    facts: Mapping[str, Any]
    effect: str = ""
    label: bool = False
    final: Artifact | None = None
    escalation: tuple[str, str, str] | None = None
