"""The numbers that people approved, by agent, kind and path: what is far from them stands out.

Only people's approvals count, so that an agent cannot widen its own bounds by small steps.  Kept
by Welford's method, which works one number in or out without the others.  Source: B. P. Welford,
Technometrics 4 (1962), 419-420.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from reviewer.domain.artifact import Artifact
from reviewer.domain.decision import POLICY
from reviewer.domain.lifecycle import Status
from reviewer.policy.agents import AgentPolicy
from reviewer.policy.autonomy import numbers, terms
from reviewer.policy.changes import Change

from .in_force import in_force
from .rows import Hot
from .transaction import Transaction

Row = tuple[int, float, float]
"""How many numbers, their mean, and the sum of their squared distances from it."""


def learn(tx: Transaction, found: Hot, final: Artifact | None) -> None:
    """Works the numbers of an approval in; `final` is what an edit made of it.

    The body is read only where the policy minds numbers: for most approvals it is not.
    """
    if _minded(tx, found):
        final = final or Artifact.model_validate_json(tx.payload(found))
        _work(tx, found, final, added)


def forget(tx: Transaction, found: Hot) -> None:
    """Works the numbers of an approval that is taken back out again.

    Where another policy has come in force since, which minds numbers or no longer does, one
    approval too many or too few is counted.
    """
    approved = found.state.status is Status.APPROVED and found.decided_by != POLICY
    if approved and _minded(tx, found):
        _work(tx, found, _decided(tx, found), removed)


def added(row: Row, value: float) -> Row:
    """The same with one number more."""
    n, mean, m2 = row
    step = value - mean
    mean += step / (n + 1)
    return n + 1, mean, m2 + step * (value - mean)


def removed(row: Row, value: float) -> Row:
    """The same with one of its numbers less."""
    n, mean, m2 = row
    if n <= 1:
        return 0, 0.0, 0.0
    before = mean - (value - mean) / (n - 1)
    return n - 1, before, max(m2 - (value - mean) * (value - before), 0.0)


def _minded(tx: Transaction, found: Hot) -> bool:
    """Whether numbers of this agent's kind are compared, or may be once it is promoted."""
    agent = in_force(tx, found.state.agent, found.state.kind).policy.agent(found.state.agent)
    if agent is None:
        return False
    given = terms(agent.policy, found.state.kind)
    if given.autonomy.spread is None:
        return False
    return given.mode != "assisted" or _names_limits(agent.policy, found.state.kind)


def _names_limits(agent: AgentPolicy, kind: str) -> bool:
    own = agent.kinds.get(kind)
    return "autonomy" in agent.model_fields_set or (own is not None and own.autonomy is not None)


def _decided(tx: Transaction, found: Hot) -> Artifact:
    """What was approved: as proposed, or as the edit made it."""
    document: dict[str, Any] = json.loads(tx.payload(found))
    row = tx.one("decision_of", artifact_id=found.id, revision=found.state.revision - 1)
    if row is not None and row[6] is not None:
        document["writes"] = json.loads(row[6])
    return Artifact.model_validate_json(json.dumps(document))


def _work(
    tx: Transaction, found: Hot, final: Artifact, change: Callable[[Row, float], Row]
) -> None:
    of = {"agent": found.state.agent, "kind": found.state.kind}
    for path, values in numbers(map(Change, final.writes)).items():
        row: Row = tx.one("spread_of", **of, path=path) or (0, 0.0, 0.0)
        for value in values:
            row = change(row, value)
        n, mean, m2 = row
        tx.run("spread_set", **of, path=path, n=n, mean=mean, m2=m2)
