"""The brake: an agent's kind whose error budget is spent is capped or stopped at once."""

from __future__ import annotations

from reviewer.domain.decision import POLICY, Actor
from reviewer.policy import budget
from reviewer.policy.autonomy import terms

from . import brakes
from .in_force import MODES, in_force
from .known import window
from .transaction import Transaction


def brake(tx: Transaction, agent: str, kind: str) -> bool:
    """Caps or stops an agent's kind whose budget is spent; True where it is stopped by this."""
    force = in_force(tx, agent, kind)
    own = force.policy.agent(agent)
    found = budget.budget_of(own.policy, kind) if own is not None else None
    if own is None or found is None or force.stopped:
        return False
    left = force.cap or MODES[-1]
    mode = min(terms(own.policy, kind).mode, left, key=MODES.index)
    if found.then != "stop" and MODES.index(found.then) >= MODES.index(mode):
        return False  # it takes nothing away
    stands = budget.standing(found, window(tx, tx.now, agent, kind, found.window))
    if not budget.spent(found, stands):
        return False
    actor = Actor(POLICY, "policy", frozenset(), force.policy.digest)
    why = f"the {budget.spent_words(found, stands)}"
    if found.then == "stop":
        brakes.stop(tx, agent, f"in {kind}, {why}", actor)
        return True
    brakes.cap(tx, agent, kind, found.then, why, actor)
    return False
