"""How a filter is walked: which index drives, in which order, from which cursor on.

Every page walks an index in its own order and stops after `limit` rows: nothing is sorted and
nothing is skipped by OFFSET.  The keyset is a row value, `(rank, id) > (:k0, :k1)`, never an OR
chain, which is a hundred times slower (ENGINES.md).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from reviewer.domain.lifecycle import RISK_BOOST, Status
from reviewer.domain.query import Op

from .columns import HOT
from .dialect import Syntax
from .filters import MINE_BY_CLAIM, SCOPES, Shape, conditions

COLUMNS = ", ".join(f"a.{name}" for name in HOT)
MAX_BRANCHES = 8
"""A term with more values than this filters row by row instead of walking one index per value."""

_READY_BY = {
    "assignee": "ix_ready_assignee",
    "for": "ix_ready_owner",
    "shape": "ix_ready_shape",
    "queue": "ix_ready_queue",
    "agent": "ix_ready_agent",
    "kind": "ix_ready_kind",
    "risk": "ix_ready_risk",
}
_DECIDED_BY = {"by": "ix_decided_by", "shape": "ix_decided_shape", "agent": "ix_decided_agent"}
_COLUMN = {
    "assignee": "a.assignee", "for": "a.owner", "queue": "a.queue", "agent": "a.agent",
    "kind": "a.kind", "risk": "a.risk", "by": "a.decided_by", "shape": "a.shape",
}  # fmt: skip
_EXTRA = {"assignee": "a.assignee <> ''", "for": "a.owner <> ''"}
MANY = ("exact", "many")
"""Ways in which words are found newest first, without sorting."""
_DECIDED = frozenset(str(status) for status in Status) - {"pending"}
PENDING = ("ready", "open")
"""Scopes in which a term may drive."""
COUNTED = ("queue", "agent", "kind", "risk")
"""Fields among which the counters choose the most selective one."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One index walk: a FROM clause and its own conditions."""

    source: str
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Branches in one order; `keys` are the columns of the cursor, the last one unique."""

    branches: tuple[Branch, ...]
    keys: tuple[str, ...]
    descending: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """What decides the plan: scope, shape, order, how words are found, which term may drive.

    `words` is empty, `few` (all matches are read and sorted), `many` (newest first), `exact` (the
    same for whole words only), or `rare` (whole words again, asked of what a rare term drives to,
    or of what is decided where that is little).
    """

    scope: str
    terms: Shape
    sort: str = "deadline"
    words: str = ""
    drive: int | None = None


def plan(ask: Ask, syntax: Syntax) -> Plan:
    """The walk for a query."""
    keys, descending = _order(ask)
    if ask.words in MANY:
        branch = Branch(syntax.matched(), ("artifact_search MATCH :words", *under(ask)))
        return Plan((branch,), ("f.rowid",), descending)
    if ask.words == "few":
        branch = Branch("artifact AS a", (f"a.id IN ({syntax.matching()})", *under(ask)))
        return Plan((branch,), keys, descending)
    if ask.words == "rare":
        walked = _decided(ask, syntax) if ask.scope == "decided" else _ready(ask, syntax)
        found = (Branch(one.source, (*one.where, syntax.matches())) for one in walked)
        return Plan(tuple(found), keys, descending)
    if ask.scope == "any":
        return Plan((Branch("artifact AS a", tuple(under(ask))),), keys, descending)
    if ask.scope in PENDING and ask.sort == "deadline":
        return Plan(_ready(ask, syntax) + _put_off(ask, syntax), keys, descending)
    if ask.scope == "decided":
        return Plan(_decided(ask, syntax), keys, descending)
    hint = ""
    if ask.scope == "ready":
        hint = syntax.using("ix_ready_newest")
    elif keys != ("a.id",):
        hint = syntax.using("ix_snoozed_rank")
    return Plan((Branch(f"artifact AS a{hint}", tuple(under(ask))),), keys, descending)


def _order(ask: Ask) -> tuple[tuple[str, ...], bool]:
    if ask.words in MANY:
        return ("a.id",), ask.sort != "oldest"
    if ask.scope == "decided":
        return ("a.decided_at", "a.id"), ask.sort != "oldest"
    if ask.sort == "deadline" and ask.scope != "any":
        return ("a.rank", "a.id"), False
    return ("a.id",), ask.sort != "oldest"


def under(ask: Ask, leave_out: int | None = None) -> list[str]:
    """All conditions of a query on the hot row `a`; one term may be left to an index."""
    base = [SCOPES[ask.scope]] if SCOPES[ask.scope] else []
    return base + conditions(ask.terms, leave_out)


def _put_off(ask: Ask, syntax: Syntax) -> tuple[Branch, ...]:
    """What is pending besides what is ready."""
    if ask.scope != "open":
        return ()
    source = f"artifact AS a{syntax.using('ix_snoozed_rank')}"
    return (Branch(source, tuple(under(replace(ask, scope="snoozed")))),)


def _ready(pending: Ask, syntax: Syntax) -> tuple[Branch, ...]:
    ask = replace(pending, scope="ready")

    def walk(index: str, *more: str, leave_out: int | None = None) -> Branch:
        source = f"artifact AS a{syntax.using(index)}"
        return Branch(source, (*more, *under(ask, leave_out), *_rank_bound(ask.terms)))

    for at, (field, _, negated, given) in enumerate(ask.terms):
        if field == "is" and not negated and given == ("mine",):
            claimed = (MINE_BY_CLAIM, "a.lease_until > 0", "a.assignee <> :me")
            return (
                walk("ix_ready_assignee", "a.assignee = :me", _EXTRA["assignee"], leave_out=at),
                walk("ix_ready_leased", *claimed, leave_out=at),
            )
        if not negated and (field == "holder" or given == ("claimed",)):
            return (walk("ix_ready_leased", "a.lease_until > 0"),)
    if ask.drive is not None:
        return tuple(driven(ask, ask.drive, syntax))
    for _, _, negated, given in ask.terms:
        if not negated and given == ("escalated",):
            return (walk("ix_ready_escalated"),)
        if not negated and given == ("assigned",):
            return (walk("ix_ready_assigned"),)
    if any(field in ("id", "key") and not negated for field, _, negated, _ in ask.terms):
        return (Branch("artifact AS a", tuple(under(ask))),)
    bounds = _due_bounds(ask.terms)
    if not bounds:
        return (walk("ix_ready_rank"),)
    # within one risk ranks and due times run alike: what is due by then is the front of each walk
    return tuple(
        walk(
            "ix_ready_risk",
            f"a.risk = {risk.level}",
            *(f"a.rank {op} {bound} - {boost}" for op, bound in bounds),
        )
        for risk, boost in RISK_BOOST.items()
    )


def driven(ask: Ask, at: int, syntax: Syntax) -> list[Branch]:
    """The walks of the index of the term at a place, one for each of its values."""
    field, _, _, given = ask.terms[at]
    count = given if isinstance(given, int) else len(given)
    found = []
    for n in range(count):
        value = f":t{at}_{n}"
        if field == "reason":
            source = (
                f"reason AS l{syntax.using('ix_reason_listed')} "
                "CROSS JOIN artifact AS a ON l.artifact_id = a.id"
            )
            where: tuple[str, ...] = (f"l.code = {value}", "l.listed = 1")
        else:
            source = f"artifact AS a{syntax.using(_READY_BY[field])}"
            extra = (_EXTRA[field],) if field in _EXTRA else ()
            where = (f"{_COLUMN[field]} = {value}", *extra)
        found.append(Branch(source, (*where, *under(ask, at), *_rank_bound(ask.terms))))
    return found


def _decided(ask: Ask, syntax: Syntax) -> tuple[Branch, ...]:
    terms = list(enumerate(ask.terms))
    for _, (_, _, negated, given) in terms:
        if not negated and given == ("stuck",):
            more = (
                "a.status = 'approved'",
                "a.outcome <> 'applied'",
                "a.outcome <> 'rolled_back'",
            )
            source = f"artifact AS a{syntax.using('ix_stuck')}"
            return (Branch(source, (*more, *conditions(ask.terms))),)
    for wanted in ("shape", "by", "agent"):
        for at, (field, op, negated, given) in terms:
            if field == wanted and op is Op.EQ and not negated and given == 1:
                source = f"artifact AS a{syntax.using(_DECIDED_BY[field])}"
                where = (f"{_COLUMN[field]} = :t{at}_0", *under(ask, at))
                return (Branch(source, where),)
    for at, (field, _, negated, given) in terms:
        if field in ("is", "status") and not negated and isinstance(given, tuple):
            if not _DECIDED.issuperset(given):
                continue
            source = f"artifact AS a{syntax.using('ix_decided_status')}"
            return tuple(
                Branch(source, (f"a.status = '{status}'", *under(ask, at)))
                for status in dict.fromkeys(given)
            )
    return (Branch(f"artifact AS a{syntax.using('ix_decided')}", tuple(under(ask))),)


def _due_bounds(terms: Shape) -> list[tuple[str, str]]:
    """The upper bounds on due times: operator and parameter."""
    found = []
    for at, (field, op, negated, given) in enumerate(terms):
        if not negated and given == ("breaching",):
            found.append(("<", ":now"))
        if not negated and field == "due" and op in (Op.LT, Op.LE):
            found.append((op.value, f":t{at}_0"))
    return found


def _rank_bound(terms: Shape) -> list[str]:
    """A rank is never later than its due time, so that an upper bound on due bounds the walk."""
    return [f"a.rank {op} {bound}" for op, bound in _due_bounds(terms)]


def drivers(terms: Shape) -> list[tuple[int, str]]:
    """Terms whose values an index of ready artifacts can walk, the narrowest kinds first."""
    found = [
        (at, field)
        for at, (field, op, negated, given) in enumerate(terms)
        if op is Op.EQ
        and not negated
        and isinstance(given, int)
        and (field in _READY_BY or field == "reason")
        # an artifact may have several reasons: one walk for each would list it twice
        and given <= (1 if field == "reason" else MAX_BRANCHES)
    ]
    order = ("assignee", "for", "shape", "reason")
    return sorted(found, key=lambda it: order.index(it[1]) if it[1] in order else len(order))


@lru_cache(maxsize=512)
def page_sql(ask: Ask, syntax: Syntax, backwards: bool, keyed: bool) -> str:
    """The text of a page: parameters of the filter, `:limit`, and `:k0`, `:k1` where keyed."""
    return walk_sql(ask, syntax, COLUMNS, backwards, keyed)


def walk_sql(
    ask: Ask, syntax: Syntax, columns: str, backwards: bool = False, keyed: bool = False
) -> str:
    """The text that reads `columns`, the plan's keys among them, of the first `:limit` rows."""
    made = plan(ask, syntax)
    descending = made.descending != backwards
    way, sign = (" DESC", "<") if descending else ("", ">")
    pieces = []
    for branch in made.branches:
        where = list(branch.where)
        keys = [k.replace("a.rank", "l.rank").replace("a.id", "l.artifact_id") for k in made.keys]
        keys = keys if branch.source.startswith("reason") else list(made.keys)
        if keyed:
            marks = ", ".join(f":k{n}" for n in range(len(keys)))
            where.append(f"({', '.join(keys)}) {sign} ({marks})")
        order = ", ".join(key + way for key in keys)
        limits = f" WHERE {' AND '.join(where)}" if where else ""
        pieces.append(
            f"SELECT {columns} FROM {branch.source}{limits} ORDER BY {order} LIMIT :limit"
        )
    if len(pieces) == 1:
        return pieces[0]
    union = " UNION ALL ".join(f"SELECT * FROM ({piece})" for piece in pieces)
    order = ", ".join(key.removeprefix("a.") + way for key in made.keys)
    return f"SELECT * FROM ({union}) ORDER BY {order} LIMIT :limit"


@lru_cache(maxsize=512)
def claim_sql(ask: Ask, syntax: Syntax) -> str:
    """The text that claims the first free artifact for `:me` until `:until`, in one statement."""
    free = (
        "a.lease_until <= :now",
        "(a.expires_at IS NULL OR a.expires_at > :now)",
        "a.assignee IN ('', :me)",
        # someone who has approved already cannot approve again
        f"(a.approvers = '[]' OR NOT {syntax.holds('a.approvers', ':approved')})",
    )
    made = plan(ask, syntax)
    pieces = []
    for branch in made.branches:
        keys = ("l.rank", "l.artifact_id") if branch.source.startswith("reason") else made.keys
        way = " DESC" if made.descending else ""
        order = ", ".join(key + way for key in keys)
        where = " AND ".join((*branch.where, *free))
        pieces.append(
            f"SELECT a.id AS id, a.rank AS rank FROM {branch.source} WHERE {where} "
            f"ORDER BY {order} LIMIT 1"
        )
    first = f"SELECT id FROM ({pieces[0]})"
    if len(pieces) > 1:
        union = " UNION ALL ".join(f"SELECT * FROM ({piece})" for piece in pieces)
        order = "rank, id" if made.keys == ("a.rank", "a.id") else "id"
        first = f"SELECT id FROM ({union}) ORDER BY {order} LIMIT 1"
    return (
        "UPDATE artifact SET lease_owner = :me, lease_until = :until, fence = fence + 1 "
        f"WHERE id = ({first}) RETURNING {', '.join(HOT)}"
    )
