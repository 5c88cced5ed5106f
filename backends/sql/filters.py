"""The filter language as SQL conditions: texts by shape, values apart.

A shape is a query without its values, so that a text is made once for "agent = ?, risk >= ?" and
found again whatever agent and risk are asked for.  Conditions are on the hot row `a`, parameters
go by name: `t0_0` is the first value of the first term, `now` and `me` are the clock and the actor.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from reviewer.domain.artifact import Risk
from reviewer.domain.instant import MINUTE
from reviewer.domain.lifecycle import Status
from reviewer.domain.query import Op, Query, Term

STUCK_AFTER = 15 * MINUTE
"""How long an approved artifact may be without an outcome before it counts as stuck."""

READY = "a.status = 'pending' AND a.snoozed_until IS NULL"
OPEN = "a.status = 'pending'"
SNOOZED = "a.status = 'pending' AND a.snoozed_until IS NOT NULL"
DECIDED = "a.status <> 'pending'"
MINE_BY_CLAIM = "a.lease_owner = :me AND a.lease_until > :now"

SCOPES: dict[str, str] = {
    "ready": READY,
    "open": OPEN,
    "snoozed": SNOOZED,
    "decided": DECIDED,
    "any": "",
}
"""What a query looks at; `ready` (pending, not snoozed) unless it says otherwise."""

Shape = tuple[tuple[str, Op, bool, tuple[str | int, ...] | int], ...]

_COLUMNS = {
    "agent": "a.agent",
    "kind": "a.kind",
    "queue": "a.queue",
    "shape": "a.shape",
    "assignee": "a.assignee",
    "key": "a.key",
    "id": "a.public_id",
    "by": "a.decided_by",
    "for": "a.owner",
}
_FLAGS = {
    "pending": OPEN,
    "open": OPEN,
    "decided": DECIDED,
    "snoozed": SNOOZED,
    "claimed": "a.status = 'pending' AND a.lease_until > :now",
    "unclaimed": "a.lease_until <= :now",
    "mine": f"(a.assignee = :me OR ({MINE_BY_CLAIM}))",
    "escalated": "a.escalated = 1",
    "breaching": "a.status = 'pending' AND a.due_at < :now",
    "assigned": "a.assignee <> ''",
    "unassigned": "a.assignee = ''",
    # failed at once, silent after a while
    "stuck": (
        "a.status = 'approved' AND a.outcome <> 'applied' AND a.outcome <> 'rolled_back'"
        " AND (a.outcome <> '' OR a.effective_at <= :stuck)"
    ),
} | {str(status): f"a.status = '{status}'" for status in Status if status != "pending"}

_FLIPPED = {Op.LT: ">", Op.LE: ">=", Op.GT: "<", Op.GE: "<=", Op.EQ: "="}
_PAST = {"age": "a.created_at", "decided": "a.decided_at"}
_LITERAL = ("is", "status")


def shape(query: Query) -> Shape:
    """The query without its values; flags and statuses are part of the text."""
    return tuple(
        (t.field, t.op, t.negated, t.values if t.field in _LITERAL else len(t.values))
        for t in query.terms
    )


def values(query: Query, now: int, me: str) -> dict[str, Any]:
    """The parameters of a query's conditions."""
    found: dict[str, Any] = {"now": now, "me": me, "stuck": now - STUCK_AFTER}
    for index, term in enumerate(query.terms):
        if term.field in _LITERAL:
            continue
        for n, value in enumerate(term.values):
            name = f"t{index}_{n}"
            found[name] = _instant(term.field, value, now)
            if term.op is Op.PREFIX:
                # the first text after all that begin so; U+10FFFF sorts last in UTF-8
                found[name + "_end"] = str(value) + "\U0010ffff"
    return found


def _instant(field: str, value: str | int, now: int) -> str | int:
    if field == "due":
        return now + int(value)
    return now - int(value) if field in _PAST else value


def scope(query: Query) -> str:
    """Which part of the artifacts a query looks at."""
    found = {s for term in query.terms if not term.negated and (s := _scope(term))}
    if len(found) == 1:
        return found.pop()
    if found:
        # "snoozed" lies within "open"; anything else that does not agree is sorted out row by row
        return "snoozed" if found == {"open", "snoozed"} else "any"
    named = any(t.field in ("id", "key") and not t.negated for t in query.terms)
    return "any" if named else "ready"


def _scope(term: Term) -> str:
    if term.field in ("by", "decided"):
        return "decided"
    if term.field not in _LITERAL:
        return ""
    scopes = {_scope_of_flag(str(value)) for value in term.values}
    return scopes.pop() if len(scopes) == 1 else "any"


def _scope_of_flag(flag: str) -> str:
    if flag in ("pending", "open"):
        return "open"
    if flag == "snoozed":
        return "snoozed"
    return "decided" if flag in ("decided", "stuck") or flag in tuple(Status) else ""


def conditions(terms: Shape, leave_out: int | None = None) -> list[str]:
    """The SQL conditions of a shape, to be joined by AND; one term may be left to an index."""
    found = []
    for index, (field, op, negated, given) in enumerate(terms):
        if index == leave_out:
            continue
        text = condition(index, field, op, given)
        found.append(f"NOT ({text})" if negated else f"({text})")
    return found


def condition(index: int, field: str, op: Op, given: tuple[str | int, ...] | int) -> str:
    """The SQL condition of one term."""
    if isinstance(given, tuple):
        flags = _FLAGS if field == "is" else {str(s): f"a.status = '{s}'" for s in Status}
        return " OR ".join(f"({flags[str(value)]})" for value in given)
    names = [f":t{index}_{n}" for n in range(given)]
    if field in _PAST:
        column = _PAST[field]
        # what is not decided has no such time: false, and true when negated
        return f"{column} IS NOT NULL AND {column} {_FLIPPED[op]} {names[0]}"
    if field == "due":
        return f"a.due_at {op.value} {names[0]}"
    if field == "risk":
        return _compared("a.risk", op, names)
    if field == "reason":
        inner = _compared("r.code", op, names)
        return f"EXISTS (SELECT 1 FROM reason AS r WHERE r.artifact_id = a.id AND {inner})"
    if field == "holder":
        return f"a.lease_until > :now AND {_compared('a.lease_owner', op, names)}"
    return _compared(_COLUMNS[field], op, names)


def _compared(column: str, op: Op, names: list[str]) -> str:
    if op is Op.PREFIX:
        return f"{column} >= {names[0]} AND {column} < {names[0]}_end AND {column} <> ''"
    if op is not Op.EQ:
        return f"{column} {op.value} {names[0]}"
    return f"{column} = {names[0]}" if len(names) == 1 else f"{column} IN ({', '.join(names)})"


def countable(query: Query) -> bool:
    """Whether counters alone know how many match."""
    if query.words:
        return False
    statuses = {"pending", "open", "decided", "snoozed"} | {str(s) for s in Status}
    return all(
        t.field in ("queue", "agent", "kind", "risk", "status")
        or (t.field == "is" and set(t.values) <= statuses)
        for t in query.terms
    )


_COUNTED = {
    "ready": "c.status = 'pending'",
    "open": "c.status IN ('pending', 'snoozed')",
    "snoozed": "c.status = 'snoozed'",
    "decided": "c.status NOT IN ('pending', 'snoozed')",
    "any": "",
}


def counter_conditions(terms: Shape, within: str, only: Collection[int] | None = None) -> list[str]:
    """The same conditions on the counter table `c`; terms that it does not know are left out.

    `only` names the terms (by place) that are wanted.
    """
    found = [_COUNTED[within]] if _COUNTED[within] else []
    for index, (field, op, negated, given) in enumerate(terms):
        if only is not None and index not in only:
            continue
        if isinstance(given, tuple):
            flags = [_counter_flag(str(value)) for value in given]
            if not all(flags):
                continue
            text = " OR ".join(f"({flag})" for flag in flags)
        elif field in ("queue", "agent", "kind", "risk"):
            text = _compared(f"c.{field}", op, [f":t{index}_{n}" for n in range(given)])
        else:
            continue
        found.append(f"NOT ({text})" if negated else f"({text})")
    return found


def _counter_flag(flag: str) -> str:
    if flag in ("pending", "open", "snoozed", "decided"):
        return _COUNTED["open" if flag == "pending" else flag]
    return f"c.status = '{flag}'" if flag in tuple(Status) else ""


RISKS = tuple(str(risk) for risk in Risk)
"""Names of the levels 0 to 3."""
