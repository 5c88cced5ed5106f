"""A step of an escalation chain on a pending artifact: what it changes, and what is told.

A claim that somebody holds is left alone, and so is everything a decision is bound to: whoever is
at work on it must not be refused because a clock went off.  The people of the step hear of it all
the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .instant import iso
from .state import Alert, State, Status, Step

EVENT = "alerted"
DUE_SOON = "due_soon"
OVERDUE = "overdue"
_QUEUE = "queue:"


def alert(state: State, step: Alert, people: tuple[str, ...], now: int) -> Step | None:
    """What a step does at `now` (microseconds); None where the artifact is no longer pending.

    `people` are those it reaches: one of them alone is assigned, of several anyone may take it.
    The state's revision stays where somebody holds a claim; then only marks are set.  A repeated
    step adds no reason of its own.
    """
    if state.status is not Status.PENDING:
        return None
    why = sentence(state, step, people, now)
    facts: dict[str, Any] = {
        "step": step.step,
        "turn": step.turn,
        "at": iso(step.at),
        "to": step.to,
        "people": list(people),
        "page": step.page,
        "notify": list(step.notify),
        "why": why,
    }
    after = replace(state, escalated=True, rank=min(state.rank, now))
    if state.leased(now):
        facts["claimed_by"] = state.lease_owner
    else:
        after = _routed(after, step, people)
    code = OVERDUE if now >= state.due_at else DUE_SOON
    reason = None if step.turn else (code, why, "policy")
    return Step(after, EVENT, facts, escalation=reason)


def sentence(state: State, step: Alert, people: tuple[str, ...], now: int) -> str:
    """Why the step was taken, such as `not decided in 80 % of its time; goes to ana`."""
    span = state.due_at - state.created_at
    if now >= state.due_at or span <= 0:
        late = "not decided by its due time"
    else:
        late = f"not decided in {100 * (step.at - state.created_at) // span} % of its time"
    if not people:
        return f"{late}; {_whom(step.to)} is nobody"
    return f"{late}; goes to {_named(people)}"


def _routed(state: State, step: Alert, people: tuple[str, ...]) -> State:
    """Put before the step's people: in their queue, assigned, and no longer put off."""
    freed = replace(
        state, revision=state.revision + 1, lease_owner="", lease_until=0, snoozed_until=None
    )
    if step.to.startswith(_QUEUE):
        return replace(freed, queue=step.to.removeprefix(_QUEUE), assignee="")
    return replace(freed, assignee=people[0] if len(people) == 1 else "")


def _named(people: tuple[str, ...]) -> str:
    shown = ", ".join(people[:3])
    return f"{shown} and {len(people) - 3} more" if len(people) > 3 else shown


def _whom(to: str) -> str:
    return {"on-call": "who is on call", "lead": "the queue's lead"}.get(to, to)
