"""Effects: the outbox that workers take from, with a lease and a fencing token of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from reviewer.domain.decision import Actor
from reviewer.domain.errors import InputError
from reviewer.domain.outcome import Outcome
from reviewer.queue import Effect

from .consequences import held_back_from
from .transaction import Reader, Transaction

WORKERS: frozenset[str] = frozenset()
NOTIFY = "notify"
_AWAY = "its worker went away while it was at it; it is not done again"


def take(tx: Transaction, worker: str, limit: int, lease: int, kind: str = "") -> list[Effect]:
    """Gives due effects to a worker for `lease` microseconds, those of one kind or any.

    A delivery whose worker went away is due again, for it may be repeated; any other effect of
    such a worker becomes `unknown` and is never repeated blindly.
    """
    tx.run("effects_lapse", now=tx.now)
    for number, artifact_id, stored, holder in tx.all("effects_lost", now=tx.now, why_=_AWAY):
        _lost(tx, number, artifact_id, stored.partition(":")[0], holder)
    statement = "notices_take" if kind == NOTIFY else "effects_take"
    rows = tx.all(statement, now=tx.now, limit=limit, worker_=worker, until_=tx.now + lease)
    found = []
    for number, artifact_id, stored, attempts, fence, until in sorted(rows):
        public = tx.one("public_id_of", id=artifact_id)[0]
        named = stored.partition(":")[0]
        detail = _detail(tx, number, named)
        found.append(Effect(number, public, named, "running", attempts, fence, until, detail))
    if tx.one("any_stop")[0]:
        found = [one for one in found if not held_back_from(tx, one)]
    return found


def due(reader: Reader, now: int) -> bool:
    """Whether there is a notification to take, or what a worker left behind: two index probes."""
    return bool(reader.one("notices_due", now=now)[0])


def _lost(tx: Transaction, number: int, artifact_id: int, kind: str, worker: str) -> None:
    """Records that nobody knows what became of an effect."""
    found = tx.artifact(tx.one("public_id_of", id=artifact_id)[0])
    if found is not None:
        facts = {"effect": kind, "state": "unknown", "detail": _AWAY}
        which = _which(_detail(tx, number, kind))
        tx.event("effect", found, Actor(worker, "worker", WORKERS), facts | which)


def _detail(reader: Reader, number: int, kind: str) -> dict[str, Any]:
    """What a notification says and to whom; nothing of other kinds."""
    if kind != NOTIFY:
        return {}
    [document] = reader.one("notice_of", id=number)
    return dict(json.loads(document))


def _which(detail: Mapping[str, Any]) -> dict[str, Any]:
    """What a notification's record says besides."""
    return {name: detail[name] for name in ("step", "turn", "channel", "to") if name in detail}


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
    tx.event("effect", found, Actor(holder[0], "worker", WORKERS), facts | _which(effect.detail))
    return True
