"""Effects: the outbox that workers take from, with a lease and a fencing token of its own."""

from __future__ import annotations

from reviewer.domain.decision import Actor
from reviewer.domain.errors import InputError
from reviewer.domain.outcome import Outcome
from reviewer.queue import Effect

from .consequences import held_back_from
from .transaction import Transaction


def take(tx: Transaction, worker: str, limit: int, lease: int) -> list[Effect]:
    """Gives due effects to a worker for `lease` microseconds.

    A delivery whose worker went away is due again, for it may be repeated; any other effect of
    such a worker becomes `unknown` and is never repeated blindly.
    """
    tx.run("effects_lapse", now=tx.now)
    tx.run("effects_lost", now=tx.now)
    rows = tx.all("effects_take", now=tx.now, limit=limit, worker_=worker, until_=tx.now + lease)
    found = []
    for number, artifact_id, kind, attempts, fence, until in sorted(rows):
        public = tx.one("public_id_of", id=artifact_id)[0]
        found.append(Effect(number, public, kind, "running", attempts, fence, until))
    if tx.one("any_stop")[0]:
        found = [one for one in found if not held_back_from(tx, one)]
    return found


def settle(tx: Transaction, effect: Effect, state: str, detail: str, retry_at: int | None) -> bool:
    """Stores a result under the fencing token; False where another worker has it by now.

    With a time to retry at, the effect is scheduled again.
    """
    if state not in frozenset(Outcome):
        raise InputError(f"an effect ends as one of {', '.join(Outcome)}, not '{state}'")
    found = tx.artifact(effect.artifact_id)
    if found is None:
        return False
    holder = tx.one("effect_worker", id=effect.id)
    changed = tx.run(
        "effect_settle",
        id_=effect.id,
        fence_=effect.fence,
        state_="scheduled" if retry_at is not None else state,
        detail_=detail,
        due_at_=tx.now if retry_at is None else retry_at,
    )
    if changed != 1:
        return False
    facts = {"effect": effect.kind, "state": state, "detail": detail, "attempts": effect.attempts}
    tx.event("effect", found, Actor(holder[0], "worker", frozenset()), facts)
    return True
