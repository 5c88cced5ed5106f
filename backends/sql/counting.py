"""Texts that count: up to a limit, and from the smallest index that knows."""

from __future__ import annotations

from functools import lru_cache

from .dialect import Syntax
from .filters import READY, Shape, conditions
from .plans import MANY, Ask, Branch, driven, plan, under

SCANNED = 30_000
"""So many matches of common words are looked at, the newest, to count those under a filter."""


@lru_cache(maxsize=512)
def count_sql(ask: Ask, syntax: Syntax) -> str:
    """The text of a count that stops at `:limit`."""
    pieces = []
    for planned in plan(ask, syntax).branches:
        branch = planned
        if len(ask.terms) == 1 and not ask.words:
            branch = _alone(planned)
        elif ask.words in MANY and not ask.terms:
            # whether it is ready is asked of a small index, not of the wide rows
            ready = f"FROM artifact AS a{syntax.using('ix_ready_newest')} WHERE {READY}"
            branch = Branch(
                syntax.matched().partition(" CROSS JOIN")[0],
                (planned.where[0], f"EXISTS (SELECT 1 {ready} AND a.id = f.rowid)"),
            )
        where = f" WHERE {' AND '.join(branch.where)}" if branch.where else ""
        pieces.append(f"SELECT * FROM (SELECT 1 FROM {branch.source}{where} LIMIT :limit)")
    return f"SELECT count(*) FROM (SELECT * FROM ({' UNION ALL '.join(pieces)}) LIMIT :limit)"


def _alone(branch: Branch) -> Branch:
    """The same walk where nothing but its own term counts.

    Listed reasons are those of ready artifacts: nothing else has to be looked at.
    """
    if not branch.source.startswith("reason"):
        return branch
    return Branch(branch.source.partition(" CROSS JOIN")[0], branch.where[:2])


def newest_matches(syntax: Syntax) -> str:
    """The text of the numbers of the newest matches of `:words`."""
    return f"{syntax.matching()} ORDER BY rowid DESC LIMIT {SCANNED}"


def matched_sql(ask: Ask, syntax: Syntax, columns: str, among: str = "") -> str:
    """The text that reads columns of what is under the filter among them, up to `:limit`."""
    source = f"{among or f'({newest_matches(syntax)})'} AS m CROSS JOIN artifact AS a"
    where = " AND ".join(("a.id = m.rowid", *under(ask)))
    return f"SELECT {columns} FROM {source} WHERE {where} LIMIT :limit"


@lru_cache(maxsize=512)
def scanned_sql(ask: Ask, syntax: Syntax) -> str:
    """The text that counts, up to `:limit`, among the newest matches of common words.

    It answers with how many it found, and among how many.
    """
    found = matched_sql(ask, syntax, "1", "matches")
    return (
        f"WITH matches(rowid) AS MATERIALIZED ({newest_matches(syntax)}) "
        f"SELECT (SELECT count(*) FROM ({found})), (SELECT count(*) FROM matches)"
    )


@lru_cache(maxsize=64)
def size_sql(ask: Ask, syntax: Syntax) -> str:
    """The text that counts, up to `:few`, what the driving term alone walks."""
    assert ask.drive is not None
    field, op, negated, given = ask.terms[ask.drive]
    # the places of the terms before it are kept, for its values go by its place
    alone = ((field, op, negated, given),)
    pieces = " UNION ALL ".join(
        f"SELECT * FROM (SELECT 1 FROM {branch.source} WHERE {' AND '.join(branch.where)} "
        "LIMIT :few)"
        for branch in map(_alone, driven(Ask("ready", alone, drive=0), 0, syntax))
    )
    return f"SELECT count(*) FROM (SELECT * FROM ({pieces}) LIMIT :few)".replace(
        ":t0_", f":t{ask.drive}_"
    )


def by_due(terms: Shape) -> bool:
    """Whether due times alone decide: then each queue has an index that knows."""
    return bool(terms) and all(
        not negated and (field == "due" or given == ("breaching",))
        for field, _, negated, given in terms
    )


@lru_cache(maxsize=64)
def due_sql(terms: Shape, syntax: Syntax) -> str:
    """The text that counts what is ready in `:queue` under terms on due times, up to `:limit`."""
    where = " AND ".join((READY, "a.queue = :queue", *conditions(terms)))
    source = f"artifact AS a{syntax.using('ix_ready_due')}"
    return f"SELECT count(*) FROM (SELECT 1 FROM {source} WHERE {where} LIMIT :limit)"
