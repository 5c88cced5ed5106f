"""Every hot statement and every filter walks an index: asked of SQLite's own planner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, product
from sqlite3 import Connection
from typing import Any

import pytest

from backends.sql import counting, filters, groups, load, plans
from backends.sql.plans import Ask
from backends.sql.prepared.sqlite import SQL
from backends.sql.sqlite import SYNTAX, Sqlite
from reviewer.domain.query import Op, Query, parse

TERMS = (
    "agent:a", "agent:a,b", "agent:a*", "-agent:a", "kind:k", "queue:q", "queue:q,r", "risk:high",
    "risk:>=high", "risk:low,high", "reason:drift", "reason:drift,other", "-reason:drift",
    "reason:dr*", "shape:0f", "shape:0f,1e", "shape:0f*", "assignee:anna", "for:customer",
    "holder:anna", "due:<1h", "due:>1h", "age:>1d", "is:mine", "is:claimed", "is:unclaimed",
    "is:escalated", "is:breaching", "is:assigned", "is:unassigned", "is:claimed,escalated",
)  # fmt: skip
DECIDED = (
    "is:decided", "is:stuck", "is:approved", "is:approved,rejected", "status:expired", "by:anna",
    "decided:<1h", "is:decided agent:a", "is:decided kind:k", "is:rejected by:anna", "by:anna,ben",
    "is:decided reason:drift", "is:decided shape:0f", "is:decided shape:0f,1e", "by:anna shape:0f",
)  # fmt: skip
OTHER = (
    "", "is:open", "is:open agent:a", "is:snoozed", "is:snoozed is:mine", "is:pending",
    "is:pending shape:0f", "is:open shape:0f agent:a", "is:snoozed shape:0f", "is:open is:mine",
    "is:pending reason:drift", "is:pending due:<1h",
)  # fmt: skip
BY_NAME = ("id:a_1", "key:k", "id:a_1,a_2", "key:k agent:a", "key:re*", "id:a_0*")
PAIRS = tuple(" ".join(pair) for pair in product(("agent:a", "reason:drift", "is:mine"), TERMS))


def explained(connection: Connection, sql: str) -> list[str]:
    """The lines of the plan."""
    names = set(re.findall(r":([a-z_]\w*)", sql))
    values: dict[str, Any] = dict.fromkeys(names, 1)
    values["words"] = '"refund"'
    rows = connection.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
    return [row[3] for row in rows]


def asks(text: str) -> Iterator[Ask]:
    """Every way in which a filter may be walked."""
    query: Query = parse(text)
    terms, scope = filters.shape(query), filters.scope(query)
    drives: list[int | None] = [None]
    if scope in plans.PENDING and query.sort == "deadline":
        drives = [at for at, _ in plans.drivers(terms)] or [None]
    for drive in drives:
        yield Ask(scope, terms, query.sort, "", drive)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A connection to an empty queue."""
    dialect = Sqlite(str(tmp_path_factory.mktemp("plans") / "queue.db"), "normal", 5.0)
    dialect.prepare()
    connection = dialect.connect_reader()
    yield connection
    dialect.disconnect(connection)
    dialect.close()


def scans(lines: list[str]) -> list[str]:
    """Walks over a whole table that no index narrows or orders."""
    return [line for line in lines if re.match(r"SCAN (a|artifact|l|reason|f)\b(?!.* INDEX)", line)]


def unbounded_sorts(lines: list[str]) -> list[str]:
    """Sorts of anything but a branch, which holds no more rows than the page."""
    return [
        line
        for before, line in pairwise(["", *lines])
        if "TEMP B-TREE" in line and not before.startswith("SCAN (subquery-")
    ]


@pytest.mark.parametrize("name", sorted(SQL))
def test_no_prepared_statement_scans_or_sorts(db: Connection, name: str) -> None:
    lines = explained(db, SQL[name])
    whole = WHOLE.get(name)
    assert [
        line
        for line in lines
        if (line.startswith("SCAN") and line not in (f"SCAN {whole}", *WITHIN))
        and "INDEX" not in line
        # the newest record is the end of the table itself
        and name not in ("audit_head",)
    ] == []
    assert name in SORTS or not any("TEMP B-TREE" in line for line in lines)


WHOLE = {
    "counters": "counter", "queue_counters": "counter", "policies": "policy", "caps": "cap",
    "stops": "stop", "any_stop": "stop",
}  # fmt: skip
"""Reads all of a table that is small by nature."""
WITHIN = ("SCAN CONSTANT ROW", "SCAN found")
"""No table, and what a subquery with a limit found."""
SORTS = ("items_counted", "reasons_of")
"""Counts one bulk's targets once when it is taken up again; sorts one artifact's reasons."""


@pytest.mark.parametrize("text", [*TERMS, *PAIRS, *DECIDED, *OTHER])
def test_a_page_walks_one_index_in_order(db: Connection, text: str) -> None:
    for ask, backwards, keyed in product(asks(text), (False, True), (False, True)):
        lines = explained(db, plans.page_sql(ask, SYNTAX, backwards, keyed))
        assert scans(lines) == [], text
        assert unbounded_sorts(lines) == [], lines


@pytest.mark.parametrize("text", BY_NAME)
def test_names_are_found_by_their_own_index(db: Connection, text: str) -> None:
    for ask in asks(text):
        lines = explained(db, plans.page_sql(ask, SYNTAX, False, False))
        assert scans(lines) == [], lines
        if "*" not in text:
            assert any(re.search(r"uq_artifact|autoindex", line) for line in lines), lines


@pytest.mark.parametrize("text", [*TERMS, *PAIRS, *DECIDED, *OTHER, *BY_NAME])
def test_a_count_walks_an_index_and_sorts_nothing(db: Connection, text: str) -> None:
    for ask in asks(text):
        lines = explained(db, counting.count_sql(ask, SYNTAX))
        assert scans(lines) == [], text
        assert not any("TEMP B-TREE" in line for line in lines), lines


@pytest.mark.parametrize("text", [*TERMS, *PAIRS, ""])
def test_groups_of_a_filter_read_the_front_of_its_walk(db: Connection, text: str) -> None:
    for ask in asks(text):
        sql = groups.walk_sql(ask, SYNTAX)
        assert scans(explained(db, sql)) == [], text
        # the walk itself is a page of at most a cap's length; only its groups are sorted
        walk = explained(db, plans.walk_sql(ask, SYNTAX, "a.id, a.rank"))
        assert unbounded_sorts(walk) == [], text


def reads_rows(connection: Connection, sql: str) -> bool:
    """Whether any column is taken from the hot table itself and not from an index on it."""
    values = dict.fromkeys(re.findall(r":([a-z_]\w*)", sql), 1)
    root = "SELECT rootpage FROM sqlite_master WHERE name = 'artifact'"
    [page] = connection.execute(root).fetchone()
    steps = connection.execute(f"EXPLAIN {sql}", values).fetchall()
    tables = {step[2] for step in steps if step[1] == "OpenRead" and step[3] == page}
    return any(step[1] == "Column" and step[2] in tables for step in steps)


BY_INDEX = {
    "due": (groups.due_sql(SYNTAX), "ix_ready_shape_due", True),
    "breaching": (groups.breaching_sql(SYNTAX), "ix_ready_shape_due", True),
    "first": (groups.first_sql(SYNTAX), "ix_ready_shape", False),
    "queue": (load.due_sql(SYNTAX), "ix_ready_(due|oldest)", True),
}


@pytest.mark.parametrize("name", BY_INDEX)
def test_the_facts_of_groups_and_queues_are_ends_of_index_ranges(db: Connection, name: str) -> None:
    sql, index, alone = BY_INDEX[name]
    lines = explained(db, sql)
    read = [line for line in lines if re.match(r"(SCAN|SEARCH) (a|artifact)\b", line)]
    assert read
    assert all(re.match(rf"SEARCH a USING INDEX {index} ", line) for line in read), lines
    assert reads_rows(db, sql) is not alone
    assert not any("TEMP B-TREE" in line for line in lines), lines


@pytest.mark.parametrize(
    "text", ["due:<1h", "is:breaching", "due:>1h due:<2h", "is:breaching due:>1m"]
)
def test_due_times_are_counted_in_an_index_alone(db: Connection, text: str) -> None:
    terms = filters.shape(parse(text))
    assert counting.by_due(terms)
    sql = counting.due_sql(terms, SYNTAX)
    assert any("ix_ready_due (queue=? AND due_at" in line for line in explained(db, sql))
    assert not reads_rows(db, sql)


@pytest.mark.parametrize("text", ["", "-due:<1h", "due:<1h agent:a", "is:breaching,mine"])
def test_other_counts_look_at_rows(text: str) -> None:
    assert not counting.by_due(filters.shape(parse(text)))


@pytest.mark.parametrize(
    "text", ["agent:a", "reason:drift", "shape:0f,1e", "queue:q assignee:anna"]
)
def test_common_words_are_asked_of_what_a_rare_term_drives_to(db: Connection, text: str) -> None:
    for ask in asks(f"refund {text}"):
        rare = Ask(ask.scope, ask.terms, ask.sort, "rare", ask.drive)
        for sql in (
            plans.page_sql(rare, SYNTAX, False, True),
            counting.count_sql(rare, SYNTAX),
            counting.size_sql(rare, SYNTAX),
        ):
            lines = explained(db, sql)
            assert [line for line in scans(lines) if "VIRTUAL TABLE" not in line] == []
            assert unbounded_sorts(lines) == [], lines
        assert not reads_rows(db, counting.size_sql(rare, SYNTAX))


@pytest.mark.parametrize(
    "text", ["is:decided", "is:approved", "is:decided shape:0f", "by:anna is:decided", "is:stuck"]
)
def test_common_words_are_asked_of_what_is_decided(db: Connection, text: str) -> None:
    for ask in asks(f"refund {text}"):
        rare = Ask(ask.scope, ask.terms, ask.sort, "rare")
        for sql in (plans.page_sql(rare, SYNTAX, False, True), counting.count_sql(rare, SYNTAX)):
            lines = explained(db, sql)
            assert any(re.search(r"INDEX ix_(decided|stuck)", line) for line in lines), lines
            assert [line for line in scans(lines) if "VIRTUAL TABLE" not in line] == []
            assert unbounded_sorts(lines) == [], lines


@pytest.mark.parametrize("text", ["refund agent:a*", "refund is:decided", "refund -kind:k"])
def test_common_words_under_a_filter_are_counted_among_the_newest(
    db: Connection, text: str
) -> None:
    for ask in asks(text):
        sql = counting.scanned_sql(Ask(ask.scope, ask.terms, ask.sort, "many"), SYNTAX)
        lines = explained(db, sql)
        assert scans(lines) == []
        assert not any("TEMP B-TREE" in line for line in lines), lines


def test_common_words_are_counted_without_the_hot_rows(db: Connection) -> None:
    sql = counting.count_sql(Ask("ready", (), "deadline", "many"), SYNTAX)
    assert scans(explained(db, sql)) == []
    assert not reads_rows(db, sql)


@pytest.mark.parametrize("sql", [groups.claimed_sql(SYNTAX), load.claimed_sql(SYNTAX)])
def test_claims_are_read_from_their_own_index(db: Connection, sql: str) -> None:
    lines = explained(db, sql)
    assert any(line.startswith("SCAN a USING INDEX ix_ready_leased") for line in lines), lines


def test_the_largest_shapes_are_read_from_the_end_of_their_index(db: Connection) -> None:
    lines = explained(db, SQL["shapes_largest"])
    assert len(lines) == 1
    assert "ix_shape_number" in lines[0]


def test_facts_go_by_the_index_of_decisions_in_time(db: Connection) -> None:
    lines = explained(db, SQL["facts_after"])
    assert lines[0] == "SEARCH decision USING INDEX ix_decision_at (at>? AND at<?)"
    assert all(line.startswith("SEARCH") for line in lines)


@pytest.mark.parametrize("text", ["is:decided shape:0f", "is:pending shape:0f", "shape:0f"])
def test_a_shape_has_indexes_of_its_own(db: Connection, text: str) -> None:
    index = "ix_decided_shape" if "decided" in text else "ix_ready_shape"
    for ask in asks(text):
        for sql in (plans.page_sql(ask, SYNTAX, False, True), counting.count_sql(ask, SYNTAX)):
            assert any(f"INDEX {index} (shape=?" in line for line in explained(db, sql))


@pytest.mark.parametrize("text", [*TERMS, *PAIRS, ""])
def test_claiming_the_next_walks_an_index(db: Connection, text: str) -> None:
    for ask in asks(text):
        sql = plans.claim_sql(ask, SYNTAX)
        lines = explained(db, sql)
        assert scans(lines) == [], lines
        assert unbounded_sorts(lines) == [], lines
        assert "SEARCH artifact USING INTEGER PRIMARY KEY (rowid=?)" in lines


@pytest.mark.parametrize("text", ["refund", "refund agent:a", "refund is:decided"])
def test_many_matches_are_walked_backwards_without_sorting(db: Connection, text: str) -> None:
    for ask in asks(text):
        many = Ask(ask.scope, ask.terms, ask.sort, "many")
        lines = explained(db, plans.page_sql(many, SYNTAX, False, True))
        assert not any("TEMP B-TREE" in line for line in lines), lines
        assert any(re.match(r"SCAN f VIRTUAL TABLE", line) for line in lines), lines
        assert "SEARCH a USING INTEGER PRIMARY KEY (rowid=?)" in lines


def test_statuses_stand_in_the_text_and_are_never_bound() -> None:
    assert {name for name, sql in SQL.items() if re.search(r"status (=|<>|!=) :", sql)} == set()


def test_a_page_is_a_row_value_not_an_or_chain() -> None:
    sql = plans.page_sql(Ask("ready", ()), SYNTAX, False, True)
    assert "(a.rank, a.id) > (:k0, :k1)" in sql
    assert " OR " not in sql


def test_a_shape_is_made_once_whatever_its_values() -> None:
    one, two = (filters.shape(parse(f"agent:{name} risk:>=high")) for name in ("x", "y"))
    assert one == two
    assert filters.shape(parse("agent:x,y")) != one
    ask = Ask("ready", one, drive=0)
    assert plans.page_sql(ask, SYNTAX, False, True) is plans.page_sql(
        Ask("ready", two, drive=0), SYNTAX, False, True
    )


def test_drivers_are_positive_equalities_with_an_index() -> None:
    terms = filters.shape(parse("kind:a -agent:b queue:c* reason:x,y assignee:z risk:>=high"))
    assert plans.drivers(terms) == [(4, "assignee"), (0, "kind")]
    assert all(terms[at][1] is Op.EQ for at, _ in plans.drivers(terms))


def test_admission_reads_by_narrow_ranges(db: Connection) -> None:
    narrow = {
        "in_force": "SEARCH policy USING INDEX uq_policy_active",
        "ledger_version": "COVERING INDEX ix_ledger_version (agent=? AND version=? AND kind=?",
        "ledger_window": "USING PRIMARY KEY (agent=? AND kind=? AND bucket>? AND bucket<?)",
        "usage_since": "USING PRIMARY KEY (scope=? AND bucket>?)",
        "spread_of": "USING PRIMARY KEY (agent=? AND kind=? AND path=?)",
        "shape_history": "SEARCH shape_counter USING PRIMARY KEY (shape=?)",
        "rulings_after": "SEARCH ruling USING INDEX ix_ruling_at",
        "approvals_open": "SEARCH effect USING INDEX ix_effect_due",
    }
    for name, line in narrow.items():
        assert any(line in found for found in explained(db, SQL[name])), name
