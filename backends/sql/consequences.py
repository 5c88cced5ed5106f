"""What a terminal decision leaves behind, and what goes with it when it does not stand any more.

Its mark, label and effect; what it counts for in the error ledger; the numbers that it approved.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reviewer.domain import lifecycle
from reviewer.domain.artifact import Artifact
from reviewer.domain.decision import POLICY, Actor, Decision
from reviewer.domain.lifecycle import STATUS_AFTER, Status, Step
from reviewer.queue import Effect

from . import alerts, ledger
from .in_force import in_force, stop_sentence
from .ledger import Counted
from .rows import Hot, hot
from .transaction import Reader, Transaction

OPEN_BATCH = 200
"""Approvals called back at a time."""


def count(tx: Transaction, counted: Iterable[Counted]) -> None:
    """Adds to the ledger; an agent that is stopped by it gets its open approvals called back."""
    for agent in ledger.count(tx, counted):
        actor = Actor(POLICY, "policy", frozenset(), tx.policy())
        after = (0, 0)
        while found := call_back_open(tx, agent, after, actor):
            after = found[-1]


def taken(tx: Transaction, decided: Sequence[tuple[Hot, Step, Decision]], actor: Actor) -> None:
    """What terminal decisions of one actor count for; the rows are those before the decision."""
    alone = actor.id == POLICY
    for found, step, _ in decided:
        if not alone and step.state.status is Status.APPROVED:
            _learn(tx, found, step.final)
    count(
        tx,
        [
            (found, tx.now, ledger.of_decision(found, decision.kind, alone))
            for found, _, decision in decided
        ],
    )


def void(tx: Transaction, found: Hot) -> None:
    """Takes back what the last decision left; `found` is the row as that decision left it."""
    of = {"artifact_id_": found.id, "revision_": found.state.revision - 1}
    _forget(tx, found)
    tx.run("decision_void", **of, at_=tx.now)
    tx.run("label_delete", **of)
    tx.run("effect_cancel", **of)
    if found.state.status in STATUS_AFTER.values():
        count(tx, [ledger.taken_back(found)])


def _learn(tx: Transaction, found: Hot, final: Artifact | None) -> None:
    if _minds_numbers(tx, found):
        from . import spreads

        spreads.learn(tx, found, final)


def _forget(tx: Transaction, found: Hot) -> None:
    if _minds_numbers(tx, found):
        from . import spreads

        spreads.forget(tx, found)


def _minds_numbers(tx: Transaction, found: Hot) -> bool:
    """Whether anything is said of autonomy at all; where not, nothing is read or imported."""
    own = in_force(tx, found.state.agent, found.state.kind).policy.agent(found.state.agent)
    if own is None:
        return False
    said = own.policy
    return said.mode != "assisted" or bool(said.kinds) or "autonomy" in said.model_fields_set


def call_back(tx: Transaction, found: Hot, why: str, actor: Actor) -> bool:
    """An approval that has not gone out goes back to people."""
    step = lifecycle.call_back(found.state, why)
    if step is None:
        return False
    void(tx, found)
    tx.store(found, step, actor)
    alerts.revive(tx, found)
    return True


def call_back_open(
    tx: Transaction, agent: str, after: tuple[int, int], actor: Actor
) -> list[tuple[int, int]]:
    """Calls the next open approvals of an agent back; answers with the place of each."""
    due, number = after
    rows = tx.all("approvals_open", agent=agent, due=due, after=number, limit=OPEN_BATCH)
    for row in rows:
        found = hot(row[2:])
        # an earlier one may have changed it: a revision that its successor voids
        call_back(tx, found, stop_sentence(tx, agent), actor)
    return [(row[0], row[1]) for row in rows]


def held_back(tx: Transaction, found: Hot) -> bool:
    """Calls an approval back whose agent was stopped before it went out; whether it was one."""
    state = found.state
    if state.status is not Status.APPROVED or not undelivered(tx, found):
        return False
    stopped = in_force(tx, state.agent, state.kind).stopped
    if not stopped:
        return False
    actor = Actor(POLICY, "policy", frozenset(), tx.policy())
    return call_back(tx, found, stopped, actor)


def held_back_from(tx: Transaction, effect: Effect) -> bool:
    """The same for an approval that a worker is about to be given."""
    if effect.kind != "deliver":
        return False
    found = tx.artifact(effect.artifact_id)
    if found is None or found.state.status is not Status.APPROVED:
        return False
    stopped = in_force(tx, found.state.agent, found.state.kind).stopped
    actor = Actor(POLICY, "policy", frozenset(), tx.policy())
    return bool(stopped) and call_back(tx, found, stopped, actor)


def undelivered(reader: Reader, found: Hot) -> bool:
    """Whether the agent gets this verdict for the first time."""
    row = reader.one(
        "effect_of", artifact_id=found.id, revision=found.state.revision - 1, kind="deliver"
    )
    return row is not None and row[1] in ("scheduled", "failed", "unknown")
