"""How much lies in each queue: from counters, and from the ends of index ranges."""

from __future__ import annotations

from functools import lru_cache

from reviewer.domain.instant import HOUR
from reviewer.queue import Count, QueueLoad

from . import filters
from .dialect import Syntax
from .transaction import Reader

CAP = 10_000
"""Nothing is counted further than this, but for what the counters know."""
SOON = HOUR


def load(reader: Reader, now: int) -> tuple[QueueLoad, ...]:
    """One line for each queue that holds pending artifacts, the most breaching first."""
    syntax = reader.dialect.syntax
    claimed = _by_queue(reader, claimed_sql(syntax), now)
    escalated = _by_queue(reader, escalated_sql(syntax), now)
    found = []
    for queue, pending, snoozed, critical in reader.all("queue_counters"):
        values = {"queue": queue, "now": now, "soon": now + SOON, "limit": CAP + 1}
        row = reader.connection.execute(due_sql(syntax), values).fetchone()
        breaching, due_soon, next_due_at, oldest_at = row
        held = claimed.get(queue, Count(0, claimed[""].exact))
        found.append(
            QueueLoad(
                queue,
                pending,
                snoozed,
                critical,
                held,
                Count(pending - held.number, held.exact),
                _capped(breaching),
                _capped(due_soon),
                escalated.get(queue, Count(0, escalated[""].exact)),
                oldest_at,
                next_due_at,
            )
        )
    far = 1 << 62
    found.sort(key=lambda it: (-it.breaching.number, it.next_due_at or far, it.queue))
    return tuple(found)


def _capped(number: int) -> Count:
    return Count(min(number, CAP), number <= CAP)


def _by_queue(reader: Reader, sql: str, now: int) -> dict[str, Count]:
    """Numbers by queue; under the empty name whether all of them are exact."""
    rows = reader.connection.execute(sql, {"now": now, "limit": CAP + 1}).fetchall()
    exact = sum(number for _, number in rows) <= CAP
    return {"": Count(0, exact)} | {queue: Count(number, exact) for queue, number in rows}


def _ready(index: str, syntax: Syntax, *more: str) -> str:
    where = " AND ".join((filters.READY, *more))
    return f"FROM artifact AS a{syntax.using(index)} WHERE {where}"


@lru_cache(maxsize=8)
def claimed_sql(syntax: Syntax) -> str:
    """Claims by queue, of at most `:limit`."""
    walk = _ready("ix_ready_leased", syntax, "a.lease_until > 0", "a.lease_until > :now")
    return f"SELECT queue, count(*) FROM (SELECT a.queue {walk} LIMIT :limit) GROUP BY queue"


@lru_cache(maxsize=8)
def escalated_sql(syntax: Syntax) -> str:
    """What a person has escalated, by queue, of at most `:limit`."""
    walk = _ready("ix_ready_escalated", syntax, "a.escalated = 1")
    return f"SELECT queue, count(*) FROM (SELECT a.queue {walk} LIMIT :limit) GROUP BY queue"


@lru_cache(maxsize=8)
def due_sql(syntax: Syntax) -> str:
    """Of `:queue`: how many are late, how many are due by `:soon`, the next due time, the oldest.

    Both numbers stop at `:limit`.
    """

    def count(*when: str) -> str:
        walk = _ready("ix_ready_due", syntax, "a.queue = :queue", *when)
        return f"SELECT count(*) FROM (SELECT 1 {walk} LIMIT :limit)"

    late = count("a.due_at < :now")
    soon = count("a.due_at >= :now", "a.due_at <= :soon")
    earliest = f"SELECT min(a.due_at) {_ready('ix_ready_due', syntax, 'a.queue = :queue')}"
    oldest = f"SELECT min(a.created_at) {_ready('ix_ready_oldest', syntax, 'a.queue = :queue')}"
    return f"SELECT ({late}), ({soon}), ({earliest}), ({oldest})"
