"""What passes by itself: leases lapse, snoozes end, artifacts expire, chains go a step on."""

from __future__ import annotations

from dataclasses import replace

from reviewer.domain import lifecycle
from reviewer.domain.decision import Actor

from . import alerts
from .rows import Hot, hot
from .transaction import Reader, Transaction

CLOCK = Actor("clock", "policy", frozenset(), "built-in")
"""The actor of what nobody does."""

BATCH = 200


def lapse(tx: Transaction) -> int:
    """Ends leases whose time is over, by their own index."""
    rows = tx.all("lapse", now=tx.now)
    for row in rows:
        found = hot(row)
        tx.event("lapsed", found, CLOCK, {"fence": found.state.fence})
    return len(rows)


def wake(tx: Transaction) -> int:
    """Ends snoozes whose time has come."""
    rows = tx.all("snoozes_over", now=tx.now, limit=BATCH)
    for row in rows:
        found = hot(row)
        tx.run("wake", id_=found.id)
        tx.event("woken", found, CLOCK, {})
    return len(rows)


def expire(tx: Transaction, found: Hot) -> Hot | None:
    """Carries out an expiry that is due and answers with the row after it; else None."""
    step = lifecycle.expire(found.state, tx.now)
    if step is None:
        return None
    decided_by = "" if step.state.status == "pending" else CLOCK.id
    tx.store(found, step, CLOCK, decided_by=decided_by)
    return replace(found, state=step.state)


def run(tx: Transaction) -> int:
    """One batch of everything that is due; 0 when there is nothing left."""
    done = lapse(tx) + wake(tx)
    for row in tx.all("expiries_over", now=tx.now, limit=BATCH):
        expire(tx, hot(row))
        done += 1
    # last: what has expired goes through no more steps
    return done + alerts.run(tx)


def due(reader: Reader, now: int) -> bool:
    """Whether anything is due: four index probes."""
    return bool(reader.one("clocks_due", now=now)[0])
