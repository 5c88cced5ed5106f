"""The error ledger: what became of an agent's work, and the brake when its budget is spent.

A decision counts in the bucket in which it was taken, and what is reported of it later counts
there too, so that both go out of a window together.
"""

from __future__ import annotations

from collections.abc import Iterable

from reviewer.domain.decision import POLICY, Kind
from reviewer.domain.governance import bucket

from .in_force import in_force
from .rows import Hot
from .tallies import TALLY
from .transaction import Transaction

SAMPLE = "sample"
"""The reason of what the policy would have approved and sent to people all the same."""
_NAMES = {"approve": "approved", "edit": "edited", "reject": "rejected"}
_OUTCOMES = frozenset({"failed", "drifted", "rolled_back"})
_NOTHING: dict[str, float] = dict.fromkeys(TALLY, 0)

Counts = dict[str, float]
"""What is added to a tally, by the names of its fields."""
Counted = tuple[Hot, int, Counts]
"""An artifact, the instant in whose bucket it counts, and what is added there."""


def of_decision(found: Hot, kind: str, by_policy: bool) -> Counts:
    """What one terminal decision adds."""
    counts: Counts = {"denied": 1}
    if not by_policy:
        counts = {"decided": 1}
        if kind in _NAMES:
            counts[_NAMES[kind]] = 1
        if SAMPLE in found.chips.split("\n"):
            counts["sampled"] = 1
    elif kind != Kind.REJECT:
        counts = {"automatic": 1}
    if found.usd and "denied" not in counts:
        counts["usd"] = found.usd
    return counts


def taken_back(found: Hot) -> Counted:
    """What takes the decision that stands on an artifact out again, with its outcome."""
    state = found.state
    assert state.decided_at is not None
    counts = of_decision(found, found.decision, found.decided_by == POLICY)
    if found.outcome in _OUTCOMES:
        counts[found.outcome] = 1
    return found, state.decided_at, {name: -number for name, number in counts.items()}


def of_report(found: Hot, outcome: str) -> Counted:
    """What a report adds, in place of the one before."""
    state = found.state
    assert state.decided_at is not None
    counts: Counts = {}
    for name, number in ((found.outcome, -1), (outcome, 1)):
        if name in _OUTCOMES:
            counts[name] = counts.get(name, 0) + number
    return found, state.decided_at, counts


def count(tx: Transaction, counted: Iterable[Counted]) -> list[str]:
    """Adds to the ledger and puts the brakes on where a budget is spent by it.

    Answers with the agents that were stopped altogether.
    """
    sums: dict[tuple[str, str, int, str], Counts] = {}
    for found, at, counts in counted:
        state = found.state
        key = (state.agent, state.kind, bucket(at), found.version)
        sum_ = sums.get(key)
        if sum_ is None:
            sums[key] = _NOTHING | counts
        else:
            for name, number in counts.items():
                sum_[name] += number
    for (agent, kind, at, version), sum_ in sums.items():
        tx.run("ledger_add", agent=agent, kind=kind, bucket=at, version=version, **sum_)
    kinds = dict.fromkeys(key[:2] for key in sums)
    return [
        agent for agent, kind in kinds if _budgeted(tx, agent, kind) and _spent(tx, agent, kind)
    ]


def _budgeted(tx: Transaction, agent: str, kind: str) -> bool:
    """Whether anything may be spent; what is not, costs no import."""
    own = in_force(tx, agent, kind).policy.agent(agent)
    return own is not None and (own.policy.budget is not None or bool(own.policy.kinds))


def _spent(tx: Transaction, agent: str, kind: str) -> bool:
    from .budgets import brake

    return brake(tx, agent, kind)
