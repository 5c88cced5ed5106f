"""Permissions: what no grant covers is denied, whatever a hostile agent writes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.state import Course
from reviewer.policy import globs
from reviewer.policy.sql import verbs
from tests.policy import oracle
from tests.policy.policies import Document, made, of, proposal, record, ruled
from tests.policy.test_changes import WRITES


def denied(grant: Document | list[Document], write: Document, **more: Any) -> str:
    """The sentence with which a write is denied under these grants, empty where it is not."""
    compiled = of(grant if isinstance(grant, list) else [grant])
    ruling = ruled(compiled, proposal(write, **more))
    if ruling.course is Course.DENY:
        return ruling.sentence
    return ""


def test_without_a_grant_nothing_may_be_written() -> None:
    for write in WRITES.values():
        assert "the agent has no grants" in denied([], write)
    assert ruled(of([]), proposal()).course is Course.PERSON


@pytest.mark.parametrize("name", WRITES)
def test_a_grant_is_for_its_types(name: str) -> None:
    write = WRITES[name]
    assert denied({"write": name}, write) == ""
    assert denied({"write": "*"}, write) == ""
    assert denied({"write": [name, "sql"]}, write) == ""
    other = "sql" if name != "sql" else "file"
    assert f"no grant is for writes of type {name}" in denied({"write": other}, write)


@pytest.mark.parametrize("name", WRITES)
def test_a_grant_is_for_its_systems_and_actions(name: str) -> None:
    write = WRITES[name]
    assert denied({"write": "*", "system": write["system"]}, write) == ""
    assert denied({"write": "*", "system": write["system"][:2] + "*"}, write) == ""
    assert "the system" in denied({"write": "*", "system": "other"}, write)
    assert "the system" in denied({"write": "*", "system": write["system"].upper()}, write)
    assert "the action" in denied({"write": "*", "actions": "nothing"}, write)


def test_the_sentence_names_the_write_and_what_came_nearest() -> None:
    grants = [
        {"write": "sql"},
        {"write": "record", "system": "crm", "fields": ["/status", "/note"]},
        {"write": "record", "system": "erp"},
    ]
    good = record({"status": "a"}, {"status": "b"})
    bad = record({"amount": 1, "status": "a"}, {"amount": 2, "status": "b"})
    sentence = ruled(of(grants), proposal(good, bad)).sentence
    assert sentence == (
        "Write 2 (record crm orders/1) is not covered by any grant: it changes /amount, which is"
        " not granted."
    )


def test_one_grant_covers_a_write_as_a_whole() -> None:
    halves = [{"write": "*", "fields": ["/a"]}, {"write": "*", "fields": ["/b"]}]
    both = record({"a": 1, "b": 1}, {"a": 2, "b": 2})
    assert denied(halves, both)
    assert not denied(halves, record({"a": 1}, {"a": 2}))


@pytest.mark.parametrize(
    ("pattern", "resource", "covered"),
    [
        ("orders/*", "orders/1", True),
        ("orders/*", "orders/1/lines", False),
        ("orders/*", "orders", False),
        ("orders/*", "orders/", True),
        ("orders/**", "orders/1/lines", True),
        ("orders/**", "orders", False),
        ("orders/1", "orders/1", True),
        ("orders/1", "Orders/1", False),
        ("orders/1", "orders/1 ", False),
        ("orders/1", "orders/１", False),
        ("orders/?", "orders/1", True),
        ("orders/?", "orders/12", False),
        ("orders/?", "orders//", False),
        ("orders/*", "orders/..", False),
        ("orders/**", "orders/../admin", False),
        ("orders/**", "orders/x/../../admin", False),
        ("orders/**", "orders/%2e%2e/admin", False),
        ("orders/**", "orders\\..\\admin", False),
        ("orders/**", "orders/a\nb", False),
        ("o.ders/1", "orders/1", False),
        ("(orders|x)/1", "orders/1", False),
        ("größe/*", "größe/1", True),
        ("größe/*", "gro\u0308ße/1", False),
        ("*", "orders/../admin", True),
        ("**", "orders/../admin", True),
        ("*/*", "orders/1", True),
        ("*a*b*", "xaxbx", True),
    ],
)
def test_resources(pattern: str, resource: str, covered: bool) -> None:
    write = record({"a": 1}, {"a": 2}, resource=resource)
    assert (denied({"write": "*", "resource": pattern}, write) == "") == covered


@pytest.mark.parametrize(
    ("pattern", "url", "covered"),
    [
        ("https://api.example.com/orders/*", "https://api.example.com/orders/1", True),
        ("https://api.example.com/orders/*", "https://API.EXAMPLE.COM/orders/1", True),
        ("https://api.example.com/orders/*", "https://api.example.com/orders/1?all=1", True),
        ("https://api.example.com/orders/*", "http://api.example.com/orders/1", False),
        ("https://api.example.com/orders/*", "https://api.example.com/Orders/1", False),
        ("https://api.example.com/**", "https://api.example.com@evil.test/x", False),
        ("https://api.example.com/**", "https://api.example.com:444/x", False),
        ("https://api.example.com/**", "https://api.example.com.evil.test/x", False),
        ("https://api.example.com/orders/**", "https://api.example.com/orders/../x", False),
        ("https://api.example.com/orders/**", "https://api.example.com/orders/%2E./x", False),
        ("https://*.example.com/**", "https://a.example.com/x", True),
        ("https://*.example.com/**", "https://evil.test/.example.com/x", False),
        ("https://*.example.com/**", "https://evil.test?.example.com/x", False),
        ("https://*.example.com/**", "https://evil.test#.example.com/x", False),
        ("https://*.example.com/**", "https://evil.test\\.example.com/x", False),
        ("https://*.example.com/**", "https://evil.test:80.example.com/x", False),
        ("*", "https://anything.test/../x", True),
    ],
)
def test_the_resource_of_a_request_is_its_address(pattern: str, url: str, covered: bool) -> None:
    write = WRITES["request"] | {"url": url, "resource": "orders/1"}
    assert (denied({"write": "request", "resource": pattern}, write) == "") == covered


def test_a_renamed_file_must_be_covered_at_both_ends() -> None:
    write = {"type": "file", "system": "repo", "action": "rename", "resource": "src/a.py"}
    grant = {"write": "file", "resource": "src/**"}
    assert not denied(grant, write | {"renamed_from": "src/b.py"})
    assert "'.env' is not granted" in denied(grant, write | {"renamed_from": ".env"})


def test_tables_of_a_statement_must_all_be_covered() -> None:
    grant = {"write": "sql", "resource": "prices*"}
    assert not denied(grant, WRITES["sql"] | {"tables": ["prices", "prices_old"]})
    assert denied(grant, WRITES["sql"] | {"tables": ["prices", "users"]})
    assert denied(grant, WRITES["sql"])
    assert denied(grant, WRITES["sql"] | {"tables": ["prices"], "resource": "users"})


@pytest.mark.parametrize(
    ("fields", "after", "covered"),
    [
        (["/a"], {"a": 2, "b": {"c": 1}}, True),
        (["/a"], {"a": {"x": 1}, "b": {"c": 1}}, False),
        (["/a", "/a/*"], {"a": {"x": 1}, "b": {"c": 1}}, True),
        (["/b/*"], {"a": 1, "b": {"c": 2, "d": 1}}, True),
        (["/b/*"], {"a": 1, "b": {"c": {"d": 1}}}, False),
        (["/b/**"], {"a": 1, "b": {"c": 2, "d": {"e": [1]}}}, True),
        (["/b/**"], {"a": 1, "b": 2}, False),
        (["/b/**"], {"a": 1}, True),
        (["/*"], {"a": 2, "b": {"c": 1}, "new": 1}, True),
        (["/a"], {"a": 2, "b": {"c": 1}, "A": 1}, False),
        (["/a"], {"a": 2, "b": {"c": 1}, "a/b": 1}, False),
        (["/a"], {"a": 2, "b": {"c": 1}, "": 1}, False),
    ],
)
def test_fields(fields: list[str], after: Document, covered: bool) -> None:
    write = record({"a": 1, "b": {"c": 1}}, after)
    assert (denied({"write": "*", "fields": fields}, write) == "") == covered


def test_a_record_that_goes_is_no_change_of_its_fields() -> None:
    grant = {"write": "record", "fields": ["/a", "/b"]}
    assert "the whole" in denied(grant, record({"a": 1, "b": 1}))
    assert not denied({"write": "record"}, record({"a": 1, "b": 1}))
    assert "'delete'" in denied({"write": "record", "actions": "modify"}, record({"a": 1}))


def test_a_patch_reaches_no_further_than_its_places() -> None:
    grant = {"write": "record", "fields": ["/status", "/lines/*"]}
    before = {"status": "open", "limit": 5, "lines": [1]}

    def patched(*patch: Document) -> str:
        return denied(grant, record(before, patch=list(patch)))

    assert not patched({"op": "replace", "path": "/status", "value": "paid"})
    assert not patched({"op": "add", "path": "/lines/-", "value": 3})
    assert not patched({"op": "copy", "from": "/limit", "path": "/status"})
    assert patched({"op": "move", "from": "/limit", "path": "/status"})
    assert patched({"op": "add", "path": "/vip", "value": True})
    assert patched({"op": "replace", "path": "", "value": before | {"status": "paid"}})
    assert patched({"op": "replace", "path": "/limit", "value": 5})
    assert patched({"op": "replace", "path": "/lines", "value": [1, 2]})
    there_and_back = (
        {"op": "replace", "path": "/limit", "value": 9},
        {"op": "replace", "path": "/limit", "value": 5},
    )
    assert patched({"op": "replace", "path": "/status", "value": "x"}, *there_and_back)


def test_recipients() -> None:
    grant = {"write": "message", "recipients": ["*@example.com", "#billing"]}

    def sent(*to: str, **more: Any) -> str:
        return denied(grant, WRITES["message"] | {"to": list(to)} | more)

    assert not sent("Ann <ann@Example.com>", "ben@example.com")
    assert not sent("#billing")
    assert not sent()
    assert "'eve@evil.test'" in sent("ann@example.com", cc=["eve@evil.test"])
    assert sent("ann@example.com", bcc=["eve@evil.test"])
    assert "read in two ways" in sent("eve@evil.test,x@example.com")
    assert sent("x@example.com.evil.test")
    assert sent("x@example.com\r\nBcc: eve@evil.test")
    assert sent("#Billing")


@pytest.mark.parametrize(
    ("limit", "value", "covered"),
    [
        ({"most": 100}, 100, True),
        ({"most": 100}, 100.01, False),
        ({"most": 100}, -1e15, True),
        ({"least": 0, "most": 100}, -0.01, False),
        ({"most": 100}, "5", False),
        ({"most": 100}, True, False),
        ({"most": 100}, None, False),
        ({"most": 100}, [5], False),
        ({"most": 100}, {"value": 5}, False),
        ({"one_of": [1]}, 1.0, True),
        ({"one_of": [1]}, True, False),
        ({"one_of": [1]}, "1", False),
        ({"one_of": [True]}, 1, False),
        ({"one_of": ["EUR", None]}, None, True),
        ({"one_of": ["EUR"]}, "eur", False),
        ({"one_of": [{"a": [1]}]}, {"a": [1.0]}, True),
        ({"one_of": [{"a": [1]}]}, {"a": [True]}, False),
        ({"longest": 3}, "abc", True),
        ({"longest": 3}, "abcd", False),
        ({"longest": 2}, [1, 2, 3], False),
        ({"longest": 3}, 12345, False),
        ({"matches": "[A-Z]{3}"}, "EUR", True),
        ({"matches": "[A-Z]{3}"}, "EUR\n", False),
        ({"matches": "[A-Z]{3}"}, "xEURx", False),
        ({"matches": "[0-9]+"}, 12, False),
        ({"most_change": 10}, 60, True),
        ({"most_change": 10}, 61, False),
        ({"most_change": 10}, 39, False),
        ({"most_change": 10}, "55", False),
    ],
)
def test_limits(limit: Document, value: Any, covered: bool) -> None:
    grant = {"write": "*", "limits": {"/v": limit}}
    assert (denied(grant, record({"v": 50}, {"v": value})) == "") == covered
    call = {"type": "tool_call", "name": "x", "arguments": {"v": value}, "before": {"v": 50}}
    assert (denied(grant, call) == "") == covered


def test_a_bounded_change_needs_a_number_before_and_after() -> None:
    grant = {"write": "*", "limits": {"/v": {"most_change": 10}}}
    assert "before and after" in denied(grant, record({"x": 1}, {"v": 1}))
    assert "before and after" in denied(grant, record(after={"v": 1}))
    assert "goes away" in denied(grant, record({"v": 1, "x": 1}, {"x": 1}))
    assert not denied(grant, record({"x": 1}, {"x": 2}))


def test_a_limit_holds_for_what_stands_afterwards_whether_it_is_said_to_change_or_not() -> None:
    grant = {"write": "*", "limits": {"/v": {"most": 10}}}
    assert denied(grant, record({"v": 5000, "x": 1}, {"v": 5000, "x": 2}))
    patch = [{"op": "copy", "from": "/big", "path": "/v"}]
    assert denied(grant, record({"v": 1, "big": 99}, patch=patch))


def test_limits_reach_every_element_and_every_row() -> None:
    grant = {"write": "*", "limits": {"/lines/*/qty": {"most": 5}, "/price": {"most": 5}}}
    assert not denied(grant, record({}, {"lines": [{"qty": 5}, {"qty": 1}, {}]}))
    assert "/lines/1/qty is 6" in denied(grant, record({}, {"lines": [{"qty": 5}, {"qty": 6}]}))
    rows = WRITES["rows"] | {"inserted": [{"id": 5, "price": 5}, {"id": 6, "price": 9}]}
    assert "/price is 9" in denied(grant, rows)


def test_rows_are_counted() -> None:
    grant = {"write": "*", "rows": 2}
    inserted = [{"id": at} for at in range(2)]
    assert not denied(grant, WRITES["rows"])
    assert denied(grant, WRITES["rows"] | {"inserted": inserted})
    assert not denied(grant, WRITES["sql"] | {"rows": 2})
    assert denied(grant, WRITES["sql"] | {"rows": 3})
    assert "does not say" in denied(grant, WRITES["sql"])


def test_identities() -> None:
    compiled = made(
        {
            "agents": {
                "bot": {
                    "identities": ["svc-*"],
                    "grants": [{"write": "*", "identity": "svc-refunds"}],
                }
            }
        }
    )

    def sentence(act_as: str) -> str:
        artifact = proposal(record({"a": 1}, {"a": 2}), identity={"act_as": act_as})
        return ruled(compiled, artifact).sentence

    assert sentence("svc-refunds") == ""
    assert "acting as 'svc-admin' is not granted" in sentence("svc-admin")
    assert sentence("root") == "The agent may not act as 'root'."
    assert sentence("SVC-refunds") == "The agent may not act as 'SVC-refunds'."
    assert sentence("") == "The agent must say as whom it acts."
    assert ruled(compiled, proposal()).course is Course.PERSON


def test_an_agent_without_an_entry_is_denied_or_has_that_of_every_agent() -> None:
    artifact = proposal(record({"a": 1}, {"a": 2}), agent={"name": "stranger"})
    assert ruled(of([{"write": "*"}]), artifact).sentence == (
        "The policy knows no agent 'stranger'."
    )
    every = made({"agents": {"*": {"grants": [{"write": "*"}]}}})
    assert ruled(every, artifact).course is Course.PERSON


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT 1", {"select"}),
        ("select 1; Drop table x", {"select", "drop"}),
        ("WITH a AS (DELETE FROM t RETURNING 1) SELECT * FROM a", {"delete"}),
        ("WITH a AS (SELECT 1) SELECT * FROM a", {"select"}),
        ("EXPLAIN ANALYZE DELETE FROM t", {"delete"}),
        ("EXPLAIN SELECT 1", {"select"}),
        ("SELECT replace(a, 'x', 'y') FROM t", {"select"}),
        ("SELECT 'delete from t; drop'", {"select"}),
        ('SELECT "update" FROM t', {"select"}),
        ("SELECT 1 -- ; DROP TABLE t", {"select"}),
        ("SELECT 1 /* ; DROP TABLE t */", {"select"}),
        ("SELECT a INTO b FROM t", {"select", "create"}),
        ("INSERT INTO t SELECT 1", {"insert"}),
        ("(SELECT 1)", {"select"}),
        # where dialects disagree nobody can tell
        ("SELECT $$ ' $$; DELETE FROM t; --'", {"unclear"}),
        ("SELECT $x$ ' $x$; DELETE FROM t; --'", {"unclear"}),
        ("SELECT '\\'; DELETE FROM t; --'", {"unclear"}),
        ("SELECT 1 --1; DELETE FROM t", {"unclear"}),
        ("SELECT 1 # ; DELETE FROM t", {"unclear"}),
        ("/*! DELETE FROM t */ SELECT 1", {"unclear"}),
        ("SELECT 1 /* /* */ ; DELETE FROM t /* */ */", {"unclear"}),
        ("SELECT q'[']'; DELETE FROM t; --'", {"unclear"}),
        ("SELECT $a1$ ' $a1$; DELETE FROM t; SELECT $a1$ ' $a1$", {"unclear"}),
        ("SELECT $é$ ' $é$; DELETE FROM t; --'", {"unclear"}),
        # a carriage return ends a comment in PostgreSQL, and in SQLite it does not
        ("SELECT 1 -- x\rDELETE FROM t", {"unclear"}),
        ("SELECT 1 -- \r'\n; DELETE FROM t -- '", {"unclear"}),
        ("SELECT 1 -- x\r\nFROM t -- y", {"select"}),
        # brackets quote a name in SQLite and SQL Server, and hold an index elsewhere
        ("SELECT [a'b]; DELETE FROM t; SELECT ['c]", {"unclear"}),
        ("SELECT [a -- b]; DELETE FROM t", {"unclear"}),
        ("SELECT [a /* b]; DELETE FROM t /* ] */", {"unclear"}),
        ("SELECT [a'b]c'; DELETE FROM t; --]'", {"unclear"}),
        ("SELECT [[a'b]; DELETE FROM t; SELECT ['c]", {"unclear"}),
        ("SELECT [", {"unclear"}),
        ("UPDATE t SET a = ARRAY[[1, -2], [x[i-1], 4]], b['k'] = ARRAY['p', 'q']", {"update"}),
        ("SELECT " + "[" * 50_000 + "]", {"select"}),
        ("SELECT 'a", {"unclear"}),
        ("   ", {"unclear"}),
        ("SELECT " + "x" * 100_000, {"unclear"}),
    ],
    ids=range(38),
)
def test_the_verbs_of_a_statement(statement: str, expected: set[str]) -> None:
    assert set(verbs(statement)) == expected


def test_a_statement_is_covered_by_all_its_verbs() -> None:
    grant = {"write": "sql", "actions": ["select", "insert"]}
    for statement in ("select 1", "insert into t select 1"):
        assert not denied(grant, WRITES["sql"] | {"statement": statement})
    for statement in ("select 1; delete from t", "select '\\'; delete from t; --'", "call f()"):
        assert denied(grant, WRITES["sql"] | {"statement": statement})


TEXTS = st.text("ab/*?.\n[é", max_size=8)


@given(st.text("ab/*.[é", max_size=6), TEXTS)
def test_patterns_are_those_of_the_oracle(pattern: str, text: str) -> None:
    # three stars in a row are two and one
    if "***" in pattern:
        return
    import re

    flat = re.fullmatch(
        re.escape(pattern).replace(r"\*\*", "(?s:.*)").replace(r"\*", "(?s:.*)"), text
    )
    assert globs.plain([pattern])(text) == (flat is not None)
    if pattern == "**":
        return
    steps = re.escape(pattern).replace(r"\*\*", "(?s:.*)").replace(r"\*", "[^/]*")
    expected = pattern == "*" or re.fullmatch(steps, text) is not None
    assert globs.paths([pattern])(text) == expected
    if "\n" not in text:
        assert oracle.stepwise(pattern, text) == expected


def test_a_hostile_name_takes_no_long_time() -> None:
    matches = globs.plain(["*a" * 30 + "b"])
    assert not matches("a" * 4096)
