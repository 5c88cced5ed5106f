"""The life of an artifact: pure functions from values to what shall be stored.

A backend stores a `Step` atomically and does nothing else; the same functions run under every
backend and under the simulation tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from .artifact import Artifact, Risk, artifact_digest, instant_of
from .decision import Actor, Code, Decision, Kind, Refusal
from .instant import HOUR, MINUTE, SECOND
from .writes import FileWrite, MessageWrite, RequestWrite, ToolCallWrite

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


STATUS_AFTER: dict[Kind, Status] = {
    Kind.APPROVE: Status.APPROVED,
    Kind.EDIT: Status.APPROVED,
    Kind.REJECT: Status.REJECTED,
    Kind.RESPOND: Status.ANSWERED,
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the policy says of an artifact at admission: where it goes, how fast, who must agree."""

    queue: str
    risk: Risk
    due_at: int
    quorum: int = 1
    reasons: tuple[tuple[str, str], ...] = ()
    policy: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """The narrow, hot part of an artifact; times are instants in microseconds.

    `rank` is the virtual deadline by which queues are ordered; `fence` the last fencing token
    given out; `effective_at` when a terminal decision leaves its undo window.
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

    def leased(self, now: int) -> bool:
        """Whether somebody holds a claim at `now`."""
        return bool(self.lease_owner) and self.lease_until > now


@dataclass(frozen=True, slots=True)
class Step:
    """Everything that one event changes; a backend stores all of it in one transaction.

    `event` names the audit event, `facts` are its particulars; `effect` is the kind of effect to
    schedule (empty for none) at `state.effective_at`; `label` says whether a label is left.
    """

    state: State
    event: str
    facts: Mapping[str, Any]
    effect: str = ""
    label: bool = False
    final: Artifact | None = None
    escalation: tuple[str, str] | None = None


def rank_of(due_at: int, risk: Risk) -> int:
    """The virtual deadline: due time less a boost by risk, in microseconds; smaller goes first."""
    return due_at - RISK_BOOST[risk]


def admit(artifact: Artifact, artifact_id: str, ruling: Ruling, now: int) -> Step:
    """The first state of a submitted artifact."""
    due_at = min(x for x in (ruling.due_at, instant_of(artifact.due_at)) if x is not None)
    state = State(
        id=artifact_id,
        key=artifact.key,
        agent=artifact.agent.name,
        kind=artifact.kind,
        status=Status.PENDING,
        queue=ruling.queue,
        risk=ruling.risk,
        digest=artifact_digest(artifact),
        revision=1,
        due_at=due_at,
        rank=rank_of(due_at, ruling.risk),
        created_at=now,
        allowed=artifact.decisions,
        quorum=ruling.quorum,
        expires_at=instant_of(artifact.expires_at),
        on_expiry=artifact.on_expiry,
        owner=artifact.identity.on_behalf_of,
    )
    facts = {"queue": state.queue, "risk": str(state.risk), "policy": ruling.policy}
    return Step(state, "submitted", facts)


def settle(
    state: State,
    decision: Decision,
    actor: Actor,
    now: int,
    artifact: Artifact | None = None,
    undo_window: int = UNDO_WINDOW,
) -> Step | Refusal:
    """What a decision does, or why it is refused.

    `artifact` is needed for an edit only.  The undo window is in microseconds.
    """
    refusal = _refused(state, decision, actor, now)
    if refusal:
        return refusal
    if not decision.kind.terminal:
        return _move(state, decision, now)
    if decision.kind is Kind.APPROVE and len({*state.approvers, actor.id}) < state.quorum:
        approvers = (*state.approvers, actor.id)
        facts = _facts(decision) | {"approvals": len(approvers), "quorum": state.quorum}
        return Step(_released(state, approvers=approvers), "approved_in_part", facts)
    final = None
    if decision.kind is Kind.EDIT:
        edited = apply_edit(artifact, decision)
        if isinstance(edited, Refusal):
            return edited
        final = edited
    after = _released(
        state,
        status=STATUS_AFTER[decision.kind],
        decided_at=now,
        effective_at=now + undo_window,
        snoozed_until=None,
    )
    facts = _facts(decision) | {
        "digest_decided": artifact_digest(final) if final else state.digest,
        "effective_at": after.effective_at,
    }
    return Step(after, "decided", facts, effect="deliver", label=True, final=final)


def undo(state: State, actor: Actor, decided_by: str, now: int) -> Step | Refusal:
    """Takes a terminal decision back while its undo window is open; only its actor may."""
    if state.status not in STATUS_AFTER.values() or state.effective_at is None:
        return _refusal(state, Code.INVALID, "There is no decision to take back.")
    if now >= state.effective_at:
        return _refusal(state, Code.TOO_LATE, "The undo window is over; the decision has gone out.")
    if actor.id != decided_by:
        return _refusal(state, Code.NOT_ALLOWED, f"Only {decided_by} can take this decision back.")
    after = _released(state, status=Status.PENDING, decided_at=None, effective_at=None)
    return Step(after, "undone", {"revision": state.revision})


def expire(state: State, now: int) -> Step | None:
    """What passes by itself at `now`: expiry rejects or escalates, it never approves."""
    if state.status is not Status.PENDING or state.expires_at is None or now < state.expires_at:
        return None
    if state.on_expiry == "escalate":
        after = _released(state, expires_at=None, escalated=True, assignee="", snoozed_until=None)
        reason = ("expired", "nobody decided before it expired")
        return Step(after, "escalated", {"reason": "expired"}, escalation=reason)
    after = _released(state, status=Status.EXPIRED, decided_at=now, effective_at=now)
    return Step(after, "expired", {}, effect="deliver")


def withdraw(state: State, agent: str, now: int) -> Step | Refusal:
    """The agent takes its own pending artifact back."""
    if agent != state.agent:
        return _refusal(state, Code.NOT_ALLOWED, f"Only {state.agent} can withdraw this.")
    if state.status is not Status.PENDING:
        return _already(state)
    after = _released(state, status=Status.WITHDRAWN, decided_at=now, effective_at=now)
    return Step(after, "withdrawn", {})


def supersede(state: State, by: str, now: int) -> Step | None:
    """A new revision voids the older one: its claim, its snooze and a decision not yet gone out."""
    open_decision = state.effective_at is not None and now < state.effective_at
    if state.status is not Status.PENDING and not open_decision:
        return None
    facts = {"by": by, "voided": str(state.status) if open_decision else ""}
    after = _released(
        state, status=Status.SUPERSEDED, decided_at=now, effective_at=now, snoozed_until=None
    )
    return Step(after, "superseded", facts)


def apply_edit(artifact: Artifact | None, decision: Decision) -> Artifact | Refusal:
    """The artifact with the edited writes, or why the edit is no edit."""
    if artifact is None:
        raise ValueError("an edit is settled against its artifact")
    proposed, mine = artifact.writes, decision.writes

    def no(why: str) -> Refusal:
        return Refusal(Code.INVALID_EDIT, why, decision.artifact_id)

    if mine is None or len(mine) != len(proposed):
        return no(f"An edit gives one entry for each of the {len(proposed)} proposed writes.")
    kept = [write for write in mine if write is not None]
    if not kept:
        return no("Every write was dropped; reject it instead.")
    for index, (old, new) in enumerate(zip(proposed, mine, strict=True)):
        if new is not None and not _same_aim(old, new):
            return no(f"Write {index + 1} aims at another resource than the proposed one.")
    final = artifact.with_writes(kept)
    if artifact_digest(final) == artifact_digest(artifact):
        return no("Nothing was changed; approve it instead.")
    return final


def _same_aim(old: Any, new: Any) -> bool:
    if isinstance(old, RequestWrite | MessageWrite | ToolCallWrite):
        return type(old) is type(new) and old.system == new.system
    if isinstance(old, FileWrite) and isinstance(new, FileWrite) and old.action != new.action:
        return False
    return bool(old.same_target(new)) and getattr(old, "before", None) == getattr(
        new, "before", None
    )


def _refused(state: State, decision: Decision, actor: Actor, now: int) -> Refusal | None:
    if actor.kind == "agent":
        return _refusal(state, Code.NOT_ALLOWED, "An agent can never decide.")
    if not actor.roles & {"reviewer", "lead", "admin"} and actor.kind == "person":
        return _refusal(state, Code.NOT_ALLOWED, f"{actor.id} has no role that may decide.")
    if state.status is not Status.PENDING:
        return _already(state)
    if decision.digest != state.digest or decision.revision != state.revision:
        sentence = "It changed since it was shown; look at it again."
        return _refusal(state, Code.STALE, sentence)
    if state.leased(now) and state.lease_owner != actor.id:
        sentence = f"{state.lease_owner} has claimed it."
        return _refusal(state, Code.CLAIMED_BY, sentence)
    # a late decision is fine if nobody claimed in between: the fence alone tells
    if decision.fence is not None and decision.fence != state.fence:
        return _refusal(state, Code.LOST_CLAIM, "Your claim ended and somebody claimed it since.")
    return _kind_refused(state, decision, actor, now)


def _kind_refused(state: State, decision: Decision, actor: Actor, now: int) -> Refusal | None:
    kind = decision.kind
    if kind.terminal and kind.value not in state.allowed:
        allowed = ", ".join(state.allowed) or "nothing"
        return _refusal(state, Code.NOT_ALLOWED, f"{kind} is not allowed here; allowed: {allowed}.")
    if kind is Kind.APPROVE and actor.id in state.approvers:
        return _refusal(state, Code.NOT_ALLOWED, "You have approved it already; another must too.")
    if kind is Kind.EDIT and state.quorum > 1:
        sentence = f"It needs {state.quorum} people who approve the same; an edit cannot be shared."
        return _refusal(state, Code.NOT_ALLOWED, sentence)
    if kind is Kind.REJECT and not decision.reasons:
        return _refusal(state, Code.INVALID, "A reject names at least one reason code.")
    if kind is Kind.RESPOND and not decision.comment.strip():
        return _refusal(state, Code.INVALID, "A response to the agent needs words.")
    if kind is Kind.REASSIGN and not decision.to.strip():
        return _refusal(state, Code.INVALID, "Say to whom it goes: a person, or queue:NAME.")
    if kind is Kind.SNOOZE and (decision.until is None or decision.until <= now):
        return _refusal(state, Code.INVALID, "A snooze ends at a time to come.")
    return None


def _move(state: State, decision: Decision, now: int) -> Step:
    facts = _facts(decision)
    if decision.kind is Kind.SNOOZE:
        after = _released(state, snoozed_until=decision.until)
        return Step(after, "snoozed", facts | {"until": decision.until})
    to_queue = decision.to.startswith("queue:")
    target = {"queue": decision.to[6:], "assignee": ""} if to_queue else {"assignee": decision.to}
    if decision.kind is Kind.REASSIGN:
        after = _released(state, snoozed_until=None, **target)
        return Step(after, "reassigned", facts | {"to": decision.to})
    moved = target if decision.to else {"assignee": ""}
    after = _released(state, snoozed_until=None, escalated=True, **moved)
    after = replace(after, rank=min(after.rank, now))
    reason = (decision.reasons[0] if decision.reasons else "escalated", decision.comment)
    return Step(after, "escalated", facts | {"to": decision.to}, escalation=reason)


def _released(state: State, **changes: Any) -> State:
    return replace(state, revision=state.revision + 1, lease_owner="", lease_until=0, **changes)


def _facts(decision: Decision) -> dict[str, Any]:
    seen = decision.seen
    return {
        "decision": str(decision.kind),
        "operation": decision.operation_id,
        "revision": decision.revision,
        "digest_shown": decision.digest,
        "reasons": list(decision.reasons),
        "comment": decision.comment,
        "seen": {
            "dwell_ms": seen.dwell_ms,
            "lines": seen.lines,
            "flags": seen.flags,
            "assistant_first": seen.assistant_first,
            "bulk": seen.bulk,
        },
    }


def _already(state: State) -> Refusal:
    return _refusal(state, Code.ALREADY_DECIDED, f"It is {state.status} already.")


def _refusal(state: State, code: Code, sentence: str) -> Refusal:
    return Refusal(code, sentence, state.id)
