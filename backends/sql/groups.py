"""Groups of ready artifacts by shape: from counters, or from the front of a filter's walk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from reviewer.domain.artifact import Risk
from reviewer.domain.query import Op, Query
from reviewer.queue import Group, Groups

from . import counting, filters, pages, plans
from .dialect import Row, Syntax
from .plans import COLUMNS, Ask
from .rows import entry, hot
from .transaction import Reader

TIED = 1_000
"""So many shapes of one size are put in the order of their due times; of more, any may be shown."""
ROOM = 100
"""Breaching artifacts that are counted of each group at least."""
_RISKS = tuple(Risk)
_BITS = 1 << 40
"""A place in a walk and an artifact's number are packed into one integer: least place first."""


def groups(reader: Reader, query: Query, me: str, now: int, limit: int, cap: int) -> Groups:
    """The groups under a query; `limit` groups, at most `cap` artifacts are looked at."""
    if filters.scope(query) in ("decided", "snoozed") or limit < 1:
        return Groups(())
    shapes = _shapes_alone(query)
    if shapes is None:
        return _walked(reader, query, me, now, limit, cap)
    return _counted(reader, _largest(reader, shapes, limit), me, now, limit, cap)


def _shapes_alone(query: Query) -> tuple[str, ...] | None:
    """The shapes that a query asks for; none for all; None where it asks for anything else."""
    asked = []
    for term in query.terms:
        if term.negated or term.op is not Op.EQ:
            return None
        if term.field == "shape":
            asked.append(tuple(str(value) for value in term.values))
        elif term.field != "is" or not {"pending", "open"}.issuperset(map(str, term.values)):
            return None
    if query.words or len(asked) > 1:
        return None
    return asked[0] if asked else ()


def _largest(reader: Reader, shapes: tuple[str, ...], limit: int) -> dict[str, int]:
    """Shape → number, enough of them to choose from: those tied with the last one too."""
    if shapes:
        found = {shape: reader.one("shape_number", shape=shape) for shape in shapes}
        return {shape: row[0] for shape, row in found.items() if row}
    rows = reader.all("shapes_largest", limit=limit + 1)
    sizes = dict(rows[:limit])
    if len(rows) > limit and rows[limit][1] == rows[limit - 1][1]:
        sizes |= dict(reader.all("shapes_of_number", number=rows[limit][1], limit=TIED))
    return sizes


def _counted(
    reader: Reader, sizes: dict[str, int], me: str, now: int, limit: int, cap: int
) -> Groups:
    """Groups whose numbers the counters know; the rest comes from the ends of index ranges."""
    syntax, connection = reader.dialect.syntax, reader.connection
    due = {
        shape: connection.execute(due_sql(syntax), {"shape": shape}).fetchone() for shape in sizes
    }
    ranked = sorted(sizes.items(), key=lambda it: (-it[1], due[it[0]][0], it[0]))[:limit]
    values = {"now": now, "me": me, "limit": cap + 1}
    claimed = dict(connection.execute(claimed_sql(syntax), values).fetchall())
    exact = sum(claimed.values()) <= cap
    room = max(cap // max(len(ranked), 1), ROOM)
    found = []
    for shape, number in ranked:
        values = {"shape": shape, "now": now, "limit": room + 1}
        late = connection.execute(breaching_sql(syntax), values).fetchone()[0]
        exact = exact and late <= room
        first = connection.execute(first_sql(syntax), values).fetchone()
        others = min(claimed.get(shape, 0), number)
        facts = (shape, number, others, min(late, room), *due[shape])
        found.append(_group(facts, first))
    return Groups(tuple(found), exact)


def _walked(reader: Reader, query: Query, me: str, now: int, limit: int, cap: int) -> Groups:
    """Groups of the first `cap` artifacts under a filter."""
    values = filters.values(query, now, me)
    query = replace(query, sort="deadline")
    ask = pages.ask_for(reader, query, values, scope="ready")
    if ask is None:
        return Groups(())
    values |= {"cap": cap, "limit": cap + 1, "groups": limit}
    rows = reader.connection.execute(walk_sql(ask, reader.dialect.syntax), values).fetchall()
    found = tuple(_group(row[2:8], row[8:]) for row in rows)
    exact = not rows or rows[0][0] <= cap
    if ask.words in plans.MANY:
        sql = f"SELECT count(*) FROM ({counting.newest_matches(reader.dialect.syntax)})"
        exact = exact and reader.connection.execute(sql, values).fetchone()[0] < counting.SCANNED
    return Groups(found, exact)


def _group(facts: Iterable[Any], first: Row) -> Group:
    shape, number, claimed, breaching, due_at, risk = facts
    one = entry(hot(first))
    return Group(shape, number, claimed, breaching, due_at, _RISKS[risk], one)


def _ready(index: str, syntax: Syntax, *more: str) -> str:
    where = " AND ".join((filters.READY, *more))
    return f"FROM artifact AS a{syntax.using(index)} WHERE {where}"


@lru_cache(maxsize=8)
def due_sql(syntax: Syntax) -> str:
    """The earliest due time and the highest risk of `:shape`: a few probes of one index."""
    of_shape = ("a.shape = :shape",)
    earliest = " UNION ALL ".join(
        "SELECT min(a.due_at) AS due_at "
        + _ready("ix_ready_shape_due", syntax, *of_shape, f"a.risk = {risk.level}")
        for risk in _RISKS
    )
    highest = f"SELECT max(a.risk) {_ready('ix_ready_shape_due', syntax, *of_shape)}"
    return f"SELECT (SELECT min(due_at) FROM ({earliest})), ({highest})"


@lru_cache(maxsize=8)
def breaching_sql(syntax: Syntax) -> str:
    """How many of `:shape` are late, counted up to `:limit`, from the index alone."""
    pieces = " UNION ALL ".join(
        "SELECT * FROM (SELECT 1 "
        + _ready(
            "ix_ready_shape_due",
            syntax,
            "a.shape = :shape",
            f"a.risk = {risk.level}",
            "a.due_at < :now",
        )
        + " LIMIT :limit)"
        for risk in _RISKS
    )
    return f"SELECT count(*) FROM (SELECT * FROM ({pieces}) LIMIT :limit)"


@lru_cache(maxsize=8)
def first_sql(syntax: Syntax) -> str:
    """The first of `:shape` by virtual deadline."""
    walk = _ready("ix_ready_shape", syntax, "a.shape = :shape")
    return f"SELECT {COLUMNS} {walk} ORDER BY a.rank, a.id LIMIT 1"


@lru_cache(maxsize=8)
def claimed_sql(syntax: Syntax) -> str:
    """How many of each shape others hold now, of at most `:limit` claims."""
    held = ("a.lease_until > 0", "a.lease_until > :now", "a.lease_owner <> :me")
    walk = _ready("ix_ready_leased", syntax, *held)
    return f"SELECT shape, count(*) FROM (SELECT a.shape {walk} LIMIT :limit) GROUP BY shape"


@lru_cache(maxsize=512)
def walk_sql(ask: Ask, syntax: Syntax) -> str:
    """The groups of the first `:cap` artifacts of a walk.

    A row is: how many were read (one more than `:cap` where there are more), the place and number
    of the group's first, the group's six facts, the hot row of its first.
    """
    read = "a.id, a.shape, a.rank, a.due_at, a.risk, a.lease_owner, a.lease_until"
    order = ""
    if ask.words in plans.MANY:
        walked = counting.matched_sql(ask, syntax, read)
        # a walk by words comes newest first, and a group's first is always the first by deadline
        order = "ORDER BY rank, id"
    else:
        walked = plans.walk_sql(ask, syntax, read)
    read_once = f"SELECT row_number() OVER ({order}) AS n, w.* FROM ({walked}) AS w"
    grouped = (
        f"SELECT min(n * {_BITS} + id) % {_BITS} AS first, shape, count(*) AS number, "
        "sum(CASE WHEN lease_until > :now AND lease_owner <> :me THEN 1 ELSE 0 END) AS claimed, "
        "sum(CASE WHEN due_at < :now THEN 1 ELSE 0 END) AS late, min(due_at) AS due, "
        "max(risk) AS risk "
        "FROM m WHERE n <= :cap AND shape <> '' GROUP BY shape "
        "ORDER BY number DESC, due, shape LIMIT :groups"
    )
    return (
        f"WITH m AS MATERIALIZED ({read_once}), g AS MATERIALIZED ({grouped}) "
        f"SELECT (SELECT count(*) FROM m), g.*, {COLUMNS} "
        "FROM g CROSS JOIN artifact AS a ON a.id = g.first "
        "ORDER BY g.number DESC, g.due, g.shape"
    )
