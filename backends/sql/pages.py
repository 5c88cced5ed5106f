"""Pages, counts and facets under a filter."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import replace
from typing import Any

from reviewer.domain.errors import InputError
from reviewer.domain.query import Query
from reviewer.queue import Count, Entry, Page

from . import counting, filters, plans
from .dialect import Row
from .plans import Ask
from .rows import entry, hot
from .transaction import Reader

FEW = 2_000
"""So many full-text matches are sorted by deadline; more than these are listed newest first."""

LITTLE = 10_000
"""Up to so many decided artifacts are asked one by one for common words, 20 to 45 µs each."""

MAX_LIMIT = 1_000


def ask_for(
    reader: Reader, query: Query, values: dict[str, Any], words: str = "", scope: str = ""
) -> Ask | None:
    """How a query is walked; None where nothing can match.  Completes `values`.

    `words` says how words were found on an earlier page (`Ask.words`); `scope` stands
    for the query's own where it is given.
    """
    terms = filters.shape(query)
    ask = Ask(scope or filters.scope(query), terms, query.sort)
    if query.words:
        found = _words(reader, query, values, words)
        return _rare(reader, ask, found, values, not words) if found else None
    if ask.scope not in plans.PENDING:
        return ask
    counted = [at for at, term in enumerate(terms) if term[0] in plans.COUNTED and not term[2]]
    if len(counted) > 1:
        # terms that are common one by one may never meet; the counters know without a walk
        together = filters.counter_conditions(terms, ask.scope, counted)
        if not _counted(reader, together, values):
            return None
    return replace(ask, drive=_driver(reader, ask, values)) if query.sort == "deadline" else ask


def _rare(reader: Reader, ask: Ask, found: str, values: dict[str, Any], first: bool) -> Ask:
    """Common words under a rare term are asked of what the term drives to, in its order.

    So they are of what is decided, where that is little: the index of words would be read through
    all that waits.  `first` is true where no earlier page has settled the order.
    """
    if ask.scope == "decided":
        if found == "exact" and first:
            decided = _counted(reader, filters.counter_conditions((), "decided"), values)
            found = "rare" if decided <= LITTLE else found
        return replace(ask, words=found)
    drive = None
    if ask.scope == "ready" and ask.sort == "deadline" and found in ("exact", "rare"):
        drive = _driver(reader, ask, values)
    if drive is not None and found == "exact" and first:
        sql = counting.size_sql(replace(ask, drive=drive), reader.dialect.syntax)
        size = reader.connection.execute(sql, values | {"few": FEW + 1}).fetchone()[0]
        found = "rare" if size <= FEW else found
    if found != "rare":
        return replace(ask, words=found)
    if drive is None:
        raise InputError("this cursor belongs to another list")
    return replace(ask, words=found, drive=drive)


def _driver(reader: Reader, ask: Ask, values: dict[str, Any]) -> int | None:
    """The term whose index is walked: an assignee's first, then what the counters find rarest."""
    found = plans.drivers(ask.terms)
    if len(found) <= 1 or found[0][1] not in plans.COUNTED:
        return found[0][0] if found else None
    counts = []
    for at, field in found:
        one = filters.counter_conditions(ask.terms, ask.scope, (at,))
        counts.append((_counted(reader, one, values), field != "agent", at))
    return min(counts)[2]


def _words(reader: Reader, query: Query, values: dict[str, Any], words: str) -> str:
    """How to find the words; sets `:words`.

    A whole word that stands in very many artifacts is not taken for the beginning of others:
    FTS5 would have to merge all of their lists before it could give the first row.
    """
    syntax = reader.dialect.syntax
    whole = syntax.match(query.words, False)
    if not whole:
        return ""
    values["words"] = whole
    if words in ("exact", "rare") or (not words and _many(reader, values)):
        return words or "exact"
    values["words"] = syntax.match(query.words, True)
    if words:
        return words
    return "many" if _many(reader, values) else "few"


def _many(reader: Reader, values: dict[str, Any]) -> bool:
    sql = f"SELECT count(*) FROM ({reader.dialect.syntax.matching()} LIMIT {FEW + 1})"
    return bool(reader.connection.execute(sql, values).fetchone()[0] > FEW)


def page(
    reader: Reader,
    query: Query,
    me: str,
    now: int,
    limit: int,
    after: str | None,
    before: str | None,
) -> Page:
    """A page after or before a cursor; raises `InputError` for a cursor that is none."""
    if after is not None and before is not None:
        raise InputError("a page is after a cursor or before one, not both")
    limit = max(1, min(limit, MAX_LIMIT))
    values = filters.values(query, now, me)
    cursor = after if after is not None else before
    keys = _read(cursor) if cursor else ()
    # the cursor remembers how its words were found, so that all pages are in one order
    ask = ask_for(reader, query, values, keys[0] if keys else "")
    if ask is None:
        return Page(())
    names = plans.plan(ask, reader.dialect.syntax).keys
    if keys and len(keys) != len(names) + 1:
        raise InputError("this cursor belongs to another list")
    values |= {f"k{n}": key for n, key in enumerate(keys[1:])}
    values["limit"] = limit + 1
    sql = plans.page_sql(ask, reader.dialect.syntax, before is not None, bool(keys))
    rows = reader.connection.execute(sql, values).fetchall()
    more = len(rows) > limit
    rows = rows[:limit]
    if before is not None:
        rows.reverse()
    return _made(rows, names, ask.words, more, after, before)


def _made(
    rows: list[Row],
    names: tuple[str, ...],
    words: str,
    more: bool,
    after: str | None,
    before: str | None,
) -> Page:
    found = [hot(row) for row in rows]
    entries: tuple[Entry, ...] = tuple(entry(one) for one in found)
    if not found:
        return Page((), None, None)

    def at(index: int) -> str:
        one = found[index]
        known = {
            "a.rank": one.state.rank,
            "a.decided_at": one.state.decided_at,
            "a.id": one.id,
            "f.rowid": one.id,
        }
        return _written((words, *(known[name] for name in names)))

    has_next = more if before is None else bool(before)
    has_previous = more if before is not None else bool(after)
    return Page(entries, at(-1) if has_next else None, at(0) if has_previous else None)


def count(reader: Reader, query: Query, me: str, now: int, cap: int) -> Count:
    """From the counters where they know it, else no further than `cap`."""
    values = filters.values(query, now, me)
    if filters.countable(query):
        terms = filters.shape(query)
        found = filters.counter_conditions(terms, filters.scope(query))
        return Count(_counted(reader, found, values))
    values["limit"] = cap + 1
    if counting.by_due(filters.shape(query)) and not query.words:
        number = _due(reader, query, values)
    else:
        ask = ask_for(reader, query, values)
        if ask is None:
            return Count(0)
        if ask.words in plans.MANY and ask.terms:
            sql = counting.scanned_sql(ask, reader.dialect.syntax)
            number, among = reader.connection.execute(sql, values).fetchone()
            return Count(min(number, cap), number <= cap and among < counting.SCANNED)
        sql = counting.count_sql(ask, reader.dialect.syntax)
        number = reader.connection.execute(sql, values).fetchone()[0]
    return Count(min(number, cap), number <= cap)


def _due(reader: Reader, query: Query, values: dict[str, Any]) -> int:
    """How many are due then, up to `:limit`: a range of one index in each queue."""
    sql = counting.due_sql(filters.shape(query), reader.dialect.syntax)
    left = values["limit"]
    for queue, *_ in reader.all("queue_counters"):
        here = values | {"queue": queue, "limit": left}
        left -= reader.connection.execute(sql, here).fetchone()[0]
        if left <= 0:
            break
    return int(values["limit"] - left)


def _counted(reader: Reader, found: list[str], values: dict[str, Any]) -> int:
    where = f" WHERE {' AND '.join(found)}" if found else ""
    sql = f"SELECT coalesce(sum(c.number), 0) FROM counter AS c{where}"
    return int(reader.connection.execute(sql, values).fetchone()[0])


def facets(reader: Reader, query: Query, me: str, now: int) -> dict[str, dict[str, int]]:
    """Numbers by queue, agent, kind and risk within the query's scope, and by status over all.

    Only terms on these fields narrow them: the counters know no others.
    """
    values = filters.values(query, now, me)
    terms = filters.shape(query)
    sums: dict[str, dict[str, int]] = {}
    within = filters.counter_conditions(terms, filters.scope(query))
    for field in plans.COUNTED:
        sums[field] = _grouped(reader, field, within, values)
    sums["risk"] = {filters.RISKS[int(level)]: n for level, n in sums["risk"].items()}
    plain = [at for at, term in enumerate(terms) if term[0] in plans.COUNTED]
    wider = filters.counter_conditions(terms, "any", plain)
    sums["status"] = _grouped(reader, "status", wider, values)
    return sums


def _grouped(
    reader: Reader, field: str, found: list[str], values: dict[str, Any]
) -> dict[str, int]:
    where = " AND ".join([*found, "c.number > 0"])
    sql = (
        f"SELECT c.{field}, sum(c.number) FROM counter AS c WHERE {where} "
        f"GROUP BY c.{field} ORDER BY 2 DESC, 1"
    )
    return {str(name): n for name, n in reader.connection.execute(sql, values).fetchall()}


def _written(keys: tuple[Any, ...]) -> str:
    raw = json.dumps(keys, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _read(cursor: str) -> tuple[Any, ...]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        keys = json.loads(raw)
    except (ValueError, binascii.Error) as error:
        raise InputError("this is not a cursor of a list") from error
    modes = ("", "few", "exact", "many", "rare")
    if not isinstance(keys, list) or not keys or keys[0] not in modes:
        raise InputError("this is not a cursor of a list")
    if not all(type(key) is int for key in keys[1:]):
        raise InputError("this is not a cursor of a list")
    return tuple(keys)
