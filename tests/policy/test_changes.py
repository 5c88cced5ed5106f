"""What a write changes: exactly the fields that it does, of every type of write."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from reviewer.domain.artifact import parse
from reviewer.policy.aims import UNCLEAR, address
from reviewer.policy.changes import Change
from reviewer.policy.pointers import ABSENT, at_pointer, differing, leaves, nodes
from tests.domain.strategies import json_values

Document = dict[str, Any]

WRITES: dict[str, Document] = {
    "file": {
        "type": "file",
        "system": "repo",
        "resource": "src/a.py",
        "before": {"text": "a"},
        "after": {"text": "b"},
    },
    "record": {
        "type": "record",
        "system": "crm",
        "resource": "orders/1",
        "before": {"amount": 1, "status": "open"},
        "after": {"amount": 5, "status": "open"},
    },
    "rows": {
        "type": "rows",
        "system": "dwh",
        "resource": "prices",
        "key_columns": ["id"],
        "updated": [{"key": {"id": 1}, "before": {"price": 1}, "after": {"price": 2}}],
    },
    "sql": {
        "type": "sql",
        "system": "dwh",
        "statement": "UPDATE prices SET price = :p",
        "parameters": {"p": 3},
    },
    "request": {
        "type": "request",
        "system": "shop",
        "method": "POST",
        "url": "https://api.example.com/refunds?dry=1",
        "headers": {"X-Reason": "damaged"},
        "body": {"amount": 4},
    },
    "message": {
        "type": "message",
        "system": "mail",
        "channel": "email",
        "to": ["Ann <Ann@Example.com>"],
        "subject": "hello",
        "body": "dear Ann",
    },
    "tool_call": {
        "type": "tool_call",
        "system": "tools",
        "name": "refund",
        "arguments": {"order": 7, "amount": 3},
        "before": {"order": 7, "amount": 0},
    },
    "document": {
        "type": "document",
        "system": "wiki",
        "resource": "terms",
        "before": "a",
        "after": "b",
    },
}


def change(write: Document) -> Change:
    """A write, looked at."""
    document = {"agent": {"name": "bot"}, "kind": "k", "title": "t", "writes": [write]}
    return Change(parse(document).writes[0])


def fields(name: str, **changes: Any) -> set[str]:
    """What one of the writes changes, with other values."""
    merged = {key: value for key, value in (WRITES[name] | changes).items() if value is not ...}
    return set(change(merged).fields)


def test_fields_of_every_type() -> None:
    assert fields("file") == {"/content"}
    assert fields("record") == {"/amount"}
    assert fields("rows") == {"/price"}
    assert fields("sql") == {"/statement", "/parameters/p"}
    assert fields("request") == {"/query/dry", "/headers/x-reason", "/body/amount"}
    assert fields("message") == {"/to", "/subject", "/body"}
    assert fields("tool_call") == {"/order", "/amount"}
    assert fields("document") == {"/content"}


def test_actions_of_every_type() -> None:
    found = {name: change(write).actions for name, write in WRITES.items()}
    assert found == {
        "file": ("modify",),
        "record": ("modify",),
        "rows": ("update",),
        "sql": ("update",),
        "request": ("POST",),
        "message": ("email",),
        "tool_call": ("refund",),
        "document": ("modify",),
    }


def test_aims_of_every_type() -> None:
    assert {name: change(write).aims for name, write in WRITES.items()} == {
        "file": ("src/a.py",),
        "record": ("orders/1",),
        "rows": ("prices",),
        "sql": ("",),
        "request": ("https://api.example.com/refunds",),
        "message": ("",),
        "tool_call": ("",),
        "document": ("terms",),
    }
    assert all(change(write).clear for write in WRITES.values())


def test_files() -> None:
    mode = {"text": "a", "mode": "100755"}
    assert fields("file", after=mode) == {"/mode"}
    assert fields("file", after={"text": "b", "mode": "120000"}) == {"/content", "/mode"}
    assert fields("file", after={"base64": "YQ=="}) == {"/content", "/mode"}  # changes nothing
    assert fields("file", after={"base64": "/w=="}) == {"/content"}
    assert fields("file", action="create", before=...) == {"/content", "/mode"}
    assert fields("file", action="delete", after=...) == {"", "/content", "/mode"}
    rename = WRITES["file"] | {"action": "rename", "renamed_from": "secret/b.py"}
    assert change(rename).aims == ("src/a.py", "secret/b.py")


def test_records() -> None:
    before = {"a": 1, "b": {"c": [1, {"d": 2}], "e": {}}, "f": None}
    assert fields("record", before=before, after=before | {"a": 1.0, "f": False}) == {"/f"}
    assert fields("record", before=before, after=before | {"a": True}) == {"/a"}
    assert fields("record", before=before, after=before | {"a": "1"}) == {"/a"}
    after = {"a": 1, "b": {"c": [1, {"d": 3}, 4], "e": {"x": 1}}, "f": None, "g~/h": 1}
    assert fields("record", before=before, after=after) == {
        *("/b/c/1/d", "/b/c/2", "/b/e/x", "/g~0~1h")
    }
    assert fields("record", before=before, after=before | {"b": 3}) == {
        *("/b", "/b/c/0", "/b/c/1/d", "/b/e")
    }
    assert fields("record", before=..., after={"a": 1, "b": {}}) == {"/a", "/b"}
    gone = fields("record", before={"a": 1, "b": 2}, after=...)
    assert gone == {"", "/a", "/b"}
    # what says that it changes nothing is taken to change all that it carries
    assert fields("record", before={"a": 9, "b": 2}, after={"a": 9, "b": 2}) == {"/a", "/b"}


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ([{"op": "replace", "path": "/amount", "value": 2}], {"/amount"}),
        ([{"op": "replace", "path": "/amount", "value": 1}], {"/amount"}),
        ([{"op": "add", "path": "/vip", "value": True}], {"/vip"}),
        ([{"op": "add", "path": "/x", "value": {"y": [1]}}], {"/x", "/x/y/0"}),
        ([{"op": "remove", "path": "/status"}], {"/status"}),
        ([{"op": "move", "from": "/status", "path": "/s"}], {"/status", "/s"}),
        ([{"op": "copy", "from": "/amount", "path": "/status"}], {"/status"}),
        (
            [
                {"op": "copy", "from": "/amount", "path": "/tmp"},
                {"op": "move", "from": "/tmp", "path": "/limit"},
            ],
            {"/tmp", "/limit"},
        ),
        ([{"op": "add", "path": "/lines/-", "value": {"q": 1}}], {"/lines/-", "/lines/-/q"}
         | {"/lines/1/q"}),
        ([{"op": "add", "path": "/lines/0", "value": {"q": 7}}], {"/lines/0", "/lines/0/q"}
         | {"/lines/1/q"}),
        ([{"op": "test", "path": "/status", "value": "open"}], {"/amount", "/status"}
         | {"/lines/0/q"}),
        ([{"op": "add", "path": "", "value": {"amount": 1}}], {"", "/amount", "/status"}
         | {"/lines/0/q"}),
    ],
    ids=range(12),
)  # fmt: skip
def test_patches_name_their_places_although_nothing_may_come_of_it(
    patch: list[Document], expected: set[str]
) -> None:
    before = {"amount": 1, "status": "open", "lines": [{"q": 1}]}
    assert fields("record", before=before, after=..., patch=patch) == expected


def test_rows() -> None:
    key = {"id": 1}
    updated = [{"key": key, "before": {"a": 1, "b": 2}, "after": {"a": 1, "b": 3}}]
    assert fields("rows", updated=updated) == {"/b"}
    unknown = [{"key": key, "after": {"a": 1}}]
    assert fields("rows", updated=unknown) == {"/a"}
    moved = [{"key": key, "before": {"id": 2}, "after": {"id": 2}}]
    assert fields("rows", updated=moved) == {"/id"}
    inserted = WRITES["rows"] | {"updated": [], "inserted": [{"id": 2, "a": {"x": 1}}]}
    assert set(change(inserted).fields) == {"/id", "/a/x"}
    deleted = WRITES["rows"] | {"updated": [], "deleted": [{"id": 2}]}
    assert set(change(deleted).fields) == {"", "/id"}
    every = change(inserted | {"deleted": [{"id": 2}]})
    assert every.actions == ("insert", "delete")
    assert every.rows == 2


def test_requests_send_all_that_they_hold() -> None:
    body = {"a": 1, "b": {"c": 2}}
    assert fields("request", body=body, before=body) == {
        *("/query/dry", "/headers/x-reason", "/body/a", "/body/b/c")
    }
    headers = {"X-Reason": "a", "x-reason": "b"}
    assert "/headers/x-reason/1" in fields("request", headers=headers)
    twice = fields("request", url="https://api.example.com/x?a=1&a=2&b=")
    assert {"/query/a/0", "/query/a/1", "/query/b"} < twice
    assert "/query" in fields("request", url="https://api.example.com/x?a=1;b=2")
    assert "/query" in fields("request", url="https://api.example.com/x?&")
    assert fields("request", url="https://api.example.com", headers={}, body="text") == {"/body"}


def test_messages_send_all_that_they_hold() -> None:
    draft = {"to": WRITES["message"]["to"], "subject": "hello", "body": "dear Ann"}
    assert fields("message", before=draft) == {"/to", "/subject", "/body"}
    assert fields("message", bcc=["x@example.com"], thread="t") == {
        *("/to", "/bcc", "/subject", "/body", "/thread")
    }


def test_tool_calls() -> None:
    assert fields("tool_call", before=...) == {"/order", "/amount"}
    assert fields("tool_call", before="text") == {"/order", "/amount"}
    assert fields("tool_call", before={"order": 7, "amount": 3}) == {"/order", "/amount"}
    assert fields("tool_call", before={"order": 7, "amount": 3, "x": 1}) == {"/order", "/amount"}
    assert fields("tool_call", arguments={}, before=...) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ann@example.com", "ann@example.com"),
        ("Ann Lee <Ann@Example.COM>", "ann@example.com"),
        ("#billing", "#billing"),
        ("Ann Lee", "Ann Lee"),
        ("eve@evil.test,ann@example.com", UNCLEAR),
        ("eve@evil.test ann@example.com", UNCLEAR),
        ("eve@evil.test\nann@example.com", UNCLEAR),
        ("<eve@evil.test> <ann@example.com>", UNCLEAR),
        ('"ann@example.com" <eve@evil.test>', UNCLEAR),
        ("ann@example.com <eve@evil.test>", UNCLEAR),
        ('"eve@evil.test ann"@example.com', UNCLEAR),
        ("eve@evil.test(ann)@example.com", UNCLEAR),
        ("eve@evil.test;@example.com", UNCLEAR),
        ("@example.com", UNCLEAR),
        ("a\u200b@example.com", UNCLEAR),
        ("ANN@EXAMPLE.COM", "ann@example.com"),
        ("\u212aim@example.com", "\u212aim@example.com"),  # the Kelvin sign is no k
    ],
)
def test_a_recipient_is_one_address_or_none_that_can_be_told(text: str, expected: str) -> None:
    assert address(text) == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com/a/../b",
        "https://api.example.com/a/%2e%2e/b",
        "https://api.example.com/a%2Fb",
        "https://api.example.com/a%5cb",
        "https://api.example.com//b",
        "https://api.example.com/a//b",
        "https://api.example.com\\@evil.test/",
        "https://api.example.com@evil.test/",
        "https://evil.test%2f.example.com/",
        "https://evil.test;.example.com/",
        "https:///b",
        "https://ex\u0430mple.com/",
        "https://api.example.com/a\n/b",
        "https://api.example.com/a b",
        "https://api.example.com/%00",
        "https://api.example.com/%c0%ae",
        "https://api.example.com/%zz",
        "https://[::1/",
    ],
)
def test_an_address_that_can_be_read_in_two_ways_is_not_clear(url: str) -> None:
    assert not change(WRITES["request"] | {"url": url}).clear


def test_addresses_are_compared_without_case_of_the_host_query_and_fragment() -> None:
    for url, expected in (
        ("https://API.Example.com/A?x=/#/y", "https://api.example.com/A"),
        ("https://api.example.com:8443/caf%C3%A9/", "https://api.example.com:8443/caf%C3%A9/"),
        ("http://[::1]:80/a", "http://[::1]:80/a"),
        ("https://api.example.com", "https://api.example.com"),
    ):
        found = change(WRITES["request"] | {"url": url})
        assert found.aims == (expected,)
        assert found.clear


@pytest.mark.parametrize(
    "resource", ["a/../b", "./a", "a//b", "a\\b", "a/%2e%2e/b", "a\u202eb", "a\0b", "a/..", ".."]
)
def test_a_resource_that_can_be_read_in_two_ways_is_not_clear(resource: str) -> None:
    assert not change(WRITES["record"] | {"resource": resource}).clear


@pytest.mark.parametrize("resource", ["", "a", "/a/b", "a/b/", "100 % a", "größe/é", "a:b@c"])
def test_ordinary_resources_are_clear(resource: str) -> None:
    assert change(WRITES["record"] | {"resource": resource}).clear


@given(json_values, json_values)
def test_the_leaves_that_differ_are_those_that_hold_other_values(before: Any, after: Any) -> None:
    found = set(differing(before, after))
    for place in set(leaves(before)) & set(leaves(after)):
        old, new = at_pointer(before, place), at_pointer(after, place)
        assert (place in found) == (not _alike(old, new))
    for place in set(leaves(before)) ^ set(leaves(after)):
        if at_pointer(before, place) is ABSENT or at_pointer(after, place) is ABSENT:
            assert place in found
    assert (not found) == _alike(before, after)


@given(json_values)
def test_every_place_is_found_again_by_its_pointer(value: Any) -> None:
    for place, inner in nodes(value):
        assert at_pointer(value, place) is inner
    assert at_pointer(value, "/no such place/0") is ABSENT
    assert set(leaves(value)) <= {place for place, _ in nodes(value)}
    assert not list(differing(value, value))


def _alike(one: Any, other: Any) -> bool:
    """Equality of JSON values by way of their canonical form."""
    from reviewer.domain.digest import canonical

    return canonical(one) == canonical(other)
