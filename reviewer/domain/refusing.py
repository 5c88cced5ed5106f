"""Why a decision is refused: one rule after the other, each with its sentence."""

from __future__ import annotations

from .decision import POLICY, Actor, Code, Decision, Kind, Refusal, place_wrong
from .outcome import AFTER, Outcome
from .state import Mode, State, Status


def refused(state: State, decision: Decision, actor: Actor, now: int) -> Refusal | None:
    """Why this decision by this actor is refused at `now` (microseconds), or None."""
    if actor.kind == "agent":
        return refusal(state, Code.NOT_ALLOWED, "An agent can never decide.")
    if actor.kind == "person" and actor.id == POLICY:
        sentence = f"'{POLICY}' stands for the policy itself; decide under a name of your own."
        return refusal(state, Code.NOT_ALLOWED, sentence)
    if not actor.roles & {"reviewer", "lead", "admin"} and actor.kind == "person":
        return refusal(state, Code.NOT_ALLOWED, f"{actor.id} has no role that may decide.")
    if state.status is not Status.PENDING:
        return already(state)
    if decision.digest != state.digest or decision.revision != state.revision:
        sentence = "It changed since it was shown; look at it again."
        return refusal(state, Code.STALE, sentence)
    if state.leased(now) and state.lease_owner != actor.id:
        sentence = f"{state.lease_owner} has claimed it."
        return refusal(state, Code.CLAIMED_BY, sentence)
    # a late decision is fine if nobody claimed in between: the fence alone tells
    if decision.fence is not None and decision.fence != state.fence:
        return refusal(state, Code.LOST_CLAIM, "Your claim ended and somebody claimed it since.")
    return _kind_refused(state, decision, actor, now)


def _kind_refused(state: State, decision: Decision, actor: Actor, now: int) -> Refusal | None:
    kind = decision.kind
    if kind.terminal and kind.value not in state.allowed:
        allowed = ", ".join(state.allowed) or "nothing"
        return refusal(state, Code.NOT_ALLOWED, f"{kind} is not allowed here; allowed: {allowed}.")
    unmet = _unmet(state, decision, actor)
    if unmet is not None:
        return unmet
    if kind is Kind.APPROVE and actor.id in state.approvers:
        return refusal(state, Code.NOT_ALLOWED, "You have approved it already; another must too.")
    if kind is Kind.EDIT and state.quorum > 1:
        sentence = f"It needs {state.quorum} people who approve the same; an edit cannot be shared."
        return refusal(state, Code.NOT_ALLOWED, sentence)
    if kind is Kind.REJECT and not decision.reasons:
        return refusal(state, Code.INVALID, "A reject names at least one reason code.")
    if kind is Kind.RESPOND and not decision.comment.strip():
        return refusal(state, Code.INVALID, "A response to the agent needs words.")
    moves = kind is Kind.REASSIGN or (kind is Kind.ESCALATE and decision.to)
    if moves and (wrong := place_wrong(decision.to)):
        return refusal(state, Code.INVALID, wrong)
    if kind is Kind.SNOOZE and (decision.until is None or decision.until <= now):
        return refusal(state, Code.INVALID, "A snooze ends at a time to come.")
    return None


def _unmet(state: State, decision: Decision, actor: Actor) -> Refusal | None:
    """The first of the ruling's conditions (`State.needs`) that this decision does not meet.

    Roles are for every terminal decision; the rest is only in the way of what would be written.
    """
    kind = decision.kind
    roles = sorted(need[5:] for need in state.needs if need.startswith("role:"))
    if kind.terminal and roles and actor.kind == "person" and not actor.roles & set(roles):
        sentence = f"This is for {' or '.join(roles)} to decide; {actor.id} has no such role."
        return refusal(state, Code.NOT_ALLOWED, sentence)
    if kind not in (Kind.APPROVE, Kind.EDIT):
        return None
    for need in state.needs:
        name, _, value = need.partition(":")
        if name == "not" and value == actor.id:
            sentence = f"Four eyes: {actor.id} owns the agent or asked for it; another approves."
            return refusal(state, Code.NOT_ALLOWED, sentence)
        if kind is Kind.APPROVE and decision.seen.bulk:
            if name == "looks" and value.isdecimal() and decision.seen.sampled < int(value):
                sentence = f"Look at {value} of them before you approve them as one."
                return refusal(state, Code.NOT_ALLOWED, sentence)
            if name == "lift_out":
                sentence = "A rule lifts it out of the group: look at it and decide it by itself."
                return refusal(state, Code.NOT_ALLOWED, sentence)
    return None


def already(state: State) -> Refusal:
    """The refusal of whatever comes after a terminal event."""
    return refusal(state, Code.ALREADY_DECIDED, f"It is {state.status} already.")


def refusal(state: State, code: Code, sentence: str) -> Refusal:
    """A refusal about one artifact."""
    return Refusal(code, sentence, state.id)


def report_refused(
    state: State, before: str, outcome: str, actor: Actor, now: int
) -> Refusal | None:
    """Why this report is refused at `now` (microseconds), or None; `before` is the last outcome."""
    if outcome not in frozenset(Outcome):
        known = ", ".join(Outcome)
        return refusal(state, Code.INVALID, f"An outcome is one of {known}.")
    if actor.kind == "agent" and actor.id != state.agent:
        return refusal(state, Code.NOT_ALLOWED, f"Only {state.agent} can report on this.")
    if state.mode is Mode.SHADOW:
        return refusal(state, Code.INVALID, "It was only recorded (shadow): nothing is applied.")
    if state.status is not Status.APPROVED:
        return refusal(state, Code.INVALID, f"It is {state.status}: nothing was applied.")
    if state.effective_at is None or now < state.effective_at:
        sentence = "The decision has not gone out yet; wait for the verdict."
        return refusal(state, Code.INVALID, sentence)
    if outcome not in AFTER[before]:
        sentence = f"It was reported as {before} already; that cannot become {outcome}."
        return refusal(state, Code.INVALID, sentence)
    return None
