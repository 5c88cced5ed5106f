"""The life of an artifact: pure functions from values to what shall be stored.

A backend stores a `Step` atomically and does nothing else; the same functions run under every
backend and under the simulation tests.
"""

from __future__ import annotations

from dataclasses import fields, replace
from operator import attrgetter
from typing import Any

from .artifact import Artifact, Risk, artifact_digest, instant_of
from .decision import POLICY, Actor, Code, Decision, Kind, Refusal
from .editing import apply_edit
from .refusing import already, refusal, refused
from .state import RISK_BOOST, STATUS_AFTER, UNDO_WINDOW, Course, Mode, Ruling, State, Status, Step

__all__ = [
    "RISK_BOOST",
    "STATUS_AFTER",
    "UNDO_WINDOW",
    "Alone",
    "Ruling",
    "State",
    "Status",
    "Step",
    "admit",
    "apply_edit",
    "call_back",
    "decide_alone",
    "expire",
    "rank_of",
    "settle",
    "supersede",
    "undo",
    "withdraw",
]


DENIED = "denied_by_policy"
STOPPED = "stopped"
Alone = tuple[Step, Decision, Actor]
"""What a policy decides by itself: the step, the decision, and the policy as an actor."""


def rank_of(due_at: int, risk: Risk) -> int:
    """The virtual deadline: due time less a boost by risk, in microseconds; smaller goes first."""
    return due_at - RISK_BOOST[risk]


def admit(artifact: Artifact, artifact_id: str, ruling: Ruling, now: int, digest: str = "") -> Step:
    """The first state of a submitted artifact; `digest` is its digest where it is known already."""
    due_at = min(x for x in (ruling.due_at, instant_of(artifact.due_at)) if x is not None)
    state = State(
        id=artifact_id,
        key=artifact.key,
        agent=artifact.agent.name,
        kind=artifact.kind,
        status=Status.PENDING,
        queue=ruling.queue,
        risk=ruling.risk,
        digest=digest or artifact_digest(artifact),
        revision=1,
        due_at=due_at,
        rank=rank_of(due_at, ruling.risk),
        created_at=now,
        allowed=artifact.decisions,
        quorum=ruling.quorum,
        expires_at=instant_of(artifact.expires_at),
        on_expiry=artifact.on_expiry,
        owner=artifact.identity.on_behalf_of,
        mode=ruling.mode,
        needs=ruling.needs,
    )
    agent = artifact.agent
    facts = {
        "queue": state.queue,
        "risk": str(state.risk),
        "policy": ruling.policy,
        "version": agent.version,
        "model": agent.model,
        "run": agent.run_id,
        "act_as": artifact.identity.act_as,
        "on_behalf_of": artifact.identity.on_behalf_of,
        "writes": len(artifact.writes),
    }
    if ruling.course is not Course.PERSON:
        facts |= {"course": str(ruling.course), "mode": str(ruling.mode)}
    return Step(state, "submitted", facts)


def decide_alone(
    state: State, ruling: Ruling, now: int, undo_window: int = UNDO_WINDOW
) -> Alone | None:
    """What the policy decides itself about what was just admitted, and as whom; None: nothing.

    A denial holds whatever decisions the agent allows for, and goes out at once.  An approval goes
    out after the undo window, as a person's would, and is left to people where it is none that
    one alone can give.
    """
    reasons: tuple[str, ...]
    if ruling.course is Course.DENY:
        kind, reasons, comment, window = Kind.REJECT, (DENIED,), ruling.sentence, 0
    elif ruling.course is Course.APPROVE and "approve" in state.allowed and state.quorum == 1:
        kind, reasons, comment, window = Kind.APPROVE, (), "", undo_window
    else:
        return None
    actor = Actor(POLICY, "policy", frozenset(), ruling.policy)
    decision = Decision(
        kind,
        state.id,
        state.revision,
        state.digest,
        f"policy:{state.id}",
        reasons=reasons,
        comment=comment,
    )
    return _decided(state, decision, now, window), decision, actor


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
    no = refused(state, decision, actor, now)
    if no:
        return no
    if not decision.kind.terminal:
        return _move(state, decision, actor, now)
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
    return _decided(state, decision, now, undo_window, final)


def _decided(
    state: State, decision: Decision, now: int, undo_window: int, final: Artifact | None = None
) -> Step:
    """A terminal decision; on what is only recorded (shadow) it is a judgement without effect."""
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
    return Step(after, "decided", facts, effect=_delivery(state), label=True, final=final)


def _delivery(state: State) -> str:
    """The effect that tells the agent; in shadow mode it was told at admission."""
    return "" if state.mode is Mode.SHADOW else "deliver"


def undo(state: State, actor: Actor, decided_by: str, now: int) -> Step | Refusal:
    """Takes a terminal decision back while its undo window is open; only its actor may."""
    if state.status not in STATUS_AFTER.values() or state.effective_at is None:
        return refusal(state, Code.INVALID, "There is no decision to take back.")
    if now >= state.effective_at:
        return refusal(state, Code.TOO_LATE, "The undo window is over; the decision has gone out.")
    if actor.id != decided_by:
        return refusal(state, Code.NOT_ALLOWED, f"Only {decided_by} can take this decision back.")
    after = _released(state, status=Status.PENDING, decided_at=None, effective_at=None)
    return Step(after, "undone", {"revision": state.revision})


def call_back(state: State, why: str) -> Step | None:
    """An approval of a stopped agent goes back to people; only while it has not gone out.

    Whether it has is for the caller to know.
    """
    if state.status is not Status.APPROVED or state.mode is Mode.SHADOW:
        return None
    after = _released(state, status=Status.PENDING, decided_at=None, effective_at=None)
    reason = (STOPPED, why, "policy")
    facts = {"reason": STOPPED, "detail": why}
    return Step(after, "called_back", facts, escalation=reason)


def expire(state: State, now: int) -> Step | None:
    """What passes by itself at `now`: expiry rejects or escalates, it never approves."""
    if state.status is not Status.PENDING or state.expires_at is None or now < state.expires_at:
        return None
    if state.on_expiry == "escalate":
        after = _released(state, expires_at=None, escalated=True, assignee="", snoozed_until=None)
        reason = ("expired", "nobody decided before it expired", "policy")
        return Step(after, "escalated", {"reason": "expired"}, escalation=reason)
    after = _released(state, status=Status.EXPIRED, decided_at=now, effective_at=now)
    return Step(after, "expired", {}, effect=_delivery(state))


def withdraw(state: State, agent: str, now: int) -> Step | Refusal:
    """The agent takes its own pending artifact back."""
    if agent != state.agent:
        return refusal(state, Code.NOT_ALLOWED, f"Only {state.agent} can withdraw this.")
    if state.status is not Status.PENDING:
        return already(state)
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


def _move(state: State, decision: Decision, actor: Actor, now: int) -> Step:
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
    code = decision.reasons[0] if decision.reasons else "escalated"
    reason = (code, decision.comment, "policy" if actor.kind == "policy" else "person")
    return Step(after, "escalated", facts | {"to": decision.to}, escalation=reason)


_VALUES = attrgetter(*(field.name for field in fields(State)))
_PLACES = {field.name: place for place, field in enumerate(fields(State))}


def _released(state: State, **changes: Any) -> State:
    """The next revision, claimed by nobody; `dataclasses.replace` takes three times as long."""
    values = list(_VALUES(state))
    for name, value in changes.items():
        values[_PLACES[name]] = value
    values[_PLACES["revision"]] += 1
    values[_PLACES["lease_owner"]] = ""
    values[_PLACES["lease_until"]] = 0
    return State(*values)


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
            "sampled": seen.sampled,
        },
    }
