"""What the policy has against a person's decision, besides what the artifact's state has."""

from __future__ import annotations

from ..domain.artifact import Artifact
from ..domain.decision import Actor, Code, Decision, Kind, Refusal
from ..domain.refusing import refusal
from ..domain.state import State
from .chain import persons, queue_policy
from .changes import Change
from .compiled import Compiled

ABOVE = frozenset({"lead", "admin"})
"""Roles that decide in every queue."""


def refused(
    compiled: Compiled,
    state: State,
    decision: Decision,
    actor: Actor,
    artifact: Artifact | None,
    stopped: str,
) -> Refusal | None:
    """Why a decision is refused, or None.

    `artifact` is the proposed one; an edit needs it, and an approval is held against the grants of
    today where it is given.  `stopped` says who stopped the agent and why, empty for nobody.
    """
    if actor.kind == "person" and not actor.roles & ABOVE:
        no = _not_theirs(compiled, state, actor)
        if no is not None:
            return no
    if decision.kind not in (Kind.APPROVE, Kind.EDIT):
        return None
    if stopped:
        sentence = f"{state.agent} is stopped: {stopped.rstrip('.')}."
        return refusal(state, Code.NOT_ALLOWED, sentence)
    return _not_granted(compiled, state, decision, artifact)


def _not_theirs(compiled: Compiled, state: State, actor: Actor) -> Refusal | None:
    """Where a queue names reviewers, they decide, and whoever an artifact was given to."""
    queue = queue_policy(compiled.policy, state.queue)
    if not queue.reviewers or actor.id == state.assignee:
        return None
    if actor.id in persons(compiled.policy, [*queue.reviewers, queue.lead or ""]):
        return None
    sentence = f"{actor.id} is no reviewer of the queue {state.queue}."
    return refusal(state, Code.NOT_ALLOWED, sentence)


def _not_granted(
    compiled: Compiled, state: State, decision: Decision, artifact: Artifact | None
) -> Refusal | None:
    """Nobody approves or writes into an edit what the agent may not write."""
    edit = decision.kind is Kind.EDIT
    if artifact is None and edit:
        raise ValueError("an edit is judged with its artifact")
    if artifact is None:
        return None
    agent = compiled.agent(state.agent)
    if agent is None:
        sentence = f"The policy in force knows no agent '{state.agent}'."
        return refusal(state, Code.NOT_ALLOWED, sentence)
    act_as = artifact.identity.act_as
    if not agent.identities(act_as):
        sentence = f"The policy in force does not let {state.agent} act as '{act_as}'."
        return refusal(state, Code.NOT_ALLOWED, sentence)
    code = Code.INVALID_EDIT if edit else Code.NOT_ALLOWED
    for number, write in enumerate(decision.writes or () if edit else artifact.writes, 1):
        if write is None:
            continue
        covering, _, why = agent.covering(Change(write), act_as)
        if not covering:
            sentence = f"Write {number} is beyond what {state.agent} may write: {why}."
            return refusal(state, code, sentence)
    return None
