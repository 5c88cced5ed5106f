"""Masking of artifacts: nothing of any write is left, and what is masked still reads back."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from reviewer.domain.artifact import parse, parse_writes
from reviewer.policy.masked import artifact
from reviewer.policy.masking import MARK
from tests.domain.strategies import artifact_documents, simple

from .test_masking import masker, patterns, strings, survives

WRITES: list[dict[str, Any]] = [
    {"type": "file", "resource": "a.txt", "before": {"text": "IBAN DE89 x"},
     "after": {"base64": "SUJBTiBERTg5IHg=", "mode": "100755"}},
    {"type": "record", "resource": "c/1", "before": {"iban": "DE89", "n": 1},
     "patch": [{"op": "test", "path": "/iban", "value": "DE89"},
               {"op": "replace", "path": "/iban", "value": {"of": "DE89"}}]},
    {"type": "rows", "resource": "t", "key_columns": ["id"], "inserted": [{"iban": "DE89"}],
     "updated": [{"key": {"id": 1}, "before": {"iban": "DE89"}, "after": {"iban": 5}}],
     "deleted": [{"iban": "DE89"}]},
    {"type": "sql", "statement": "update t set iban = 'DE89'", "parameters": {"iban": "DE89"},
     "before": [{"iban": "DE89"}]},
    {"type": "request", "method": "POST", "url": "https://a.example/x?iban=DE%389&n=1;token=t%20t",
     "headers": {"X-Token": "DE89"}, "body": {"iban": "DE89"}, "before": {"iban": "DE89"}},
    {"type": "message", "channel": "mail", "to": ["DE89@x.example"], "subject": "DE89",
     "body": "to DE89", "before": {"to": ["a"], "body": "DE89"}},
    {"type": "tool_call", "name": "pay", "arguments": {"iban": "DE89"}, "before": {"iban": 89}},
    {"type": "document", "title": "DE89", "before": "DE89", "after": "new DE89", "note": "DE89"},
]  # fmt: skip


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write["type"])
def test_a_pattern_leaves_none_of_any_write_which_still_reads_back(write: dict[str, Any]) -> None:
    made = simple(writes=[write], title="about DE89", metadata={"x": "DE89"})
    told = artifact(masker("DE89"), made)
    document = told.document()
    assert "DE89" not in json.dumps(document, ensure_ascii=False)
    assert "SUJBTiBERTg5" not in json.dumps(document)
    assert parse(document) == told
    assert artifact(masker("DE89"), told) == told


@pytest.mark.parametrize(
    ("number", "fields", "gone", "stays"),
    [
        (0, ["/content"], "IBAN", "100755"),
        (0, ["/mode"], "100755", "IBAN"),
        (1, ["/iban"], "DE89", '"of"'),
        (2, ["/iban"], "DE89", '"id": 1'),
        (3, ["/parameters/iban", "/iban"], '"iban": "DE89"', "update t"),
        (3, ["/statement"], "update", "parameters"),
        (4, ["/query/iban"], "DE%389", "n=1"),
        (4, ["/query/token"], "t%20t", "n=1"),
        (4, ["/url"], "a.example/x", "n=1"),
        (4, ["/headers/x-token"], '"X-Token": "DE89"', "X-Token"),
        (4, ["/method"], "POST", "a.example"),
        (4, ["/body/iban"], '"body": {"iban": "DE89"}', "POST"),
        (5, ["/to"], "x.example", "to DE89"),
        (5, ["/body"], "to DE89", "x.example"),
        (6, ["/iban"], "89", "pay"),
        (7, ["/content"], "new DE89", '"title": "DE89"'),
    ],
)
def test_a_field_means_the_documents_of_writes(
    number: int, fields: list[str], gone: str, stays: str
) -> None:
    told = artifact(masker(fields=fields), simple(writes=[WRITES[number]]))
    written = json.dumps(told.document()["writes"], ensure_ascii=False)
    assert gone not in written
    assert stays in written
    assert MARK in written or fields in (["/mode"], ["/method"])
    assert list(parse_writes(told.document()["writes"])) == told.writes
    assert artifact(masker(fields=fields), told) == told


def test_context_is_told_by_texts() -> None:
    context = [
        {"type": "message", "role": "user", "text": "my IBAN DE89"},
        {"type": "tool_call", "name": "get", "arguments": {"iban": "DE89"}},
        {"type": "tool_result", "name": "get", "output": {"iban": "DE89", "n": 89}},
        {"type": "document", "title": "DE89", "uri": "x:DE89", "text": "DE89"},
        {"type": "note", "text": "DE89"},
        {"type": "link", "title": "DE89", "uri": "https://a.example/DE89"},
    ]
    made = simple(context=context)
    assert "DE89" not in json.dumps(artifact(masker("DE89"), made).document())
    told = artifact(masker(fields=["/iban", "/text"]), made)
    assert told.document()["context"] == made.document()["context"]


@given(artifact_documents(), patterns)
def test_any_artifact_is_masked_once_and_for_all(
    document: dict[str, Any], chosen: list[str]
) -> None:
    made, found = parse(document), masker(*chosen)
    told = artifact(found, made)
    assert artifact(masker(*chosen), told).document() == told.document()
    if found.count == 0:
        assert told.document() == made.document()
    for text in strings([one.get("after") for one in told.document().get("writes", [])]):
        assert not any(survives(p, text) for p in chosen) or text.startswith("100")


def written(write: dict[str, Any], **masking: Any) -> Any:
    """One write of an artifact after masking by patterns or fields."""
    hides = masker(*masking.get("patterns", ()), fields=masking.get("fields", ()))
    told = artifact(hides, simple(writes=[write]))
    assert parse(told.document()) == told
    [found] = told.document()["writes"]
    return found


def test_texts_beside_the_writes_are_looked_at_by_patterns() -> None:
    made = simple(
        key="k-DE89",
        title="card DE89",
        summary="DE89",
        agent={"name": "bot", "run_id": "DE89"},
        context=[
            {
                "type": "tool_call",
                "name": "of_DE89",
                "id": "DE89-1",
                "arguments": {"deep": ["DE89"]},
            },
            {"type": "tool_result", "name": "of_DE89", "id": "DE89-1", "output": "DE89"},
        ],
        escalations=[{"code": "c", "detail": "DE89", "score": 0.5}],
        identity={"act_as": "DE89", "on_behalf_of": "DE89", "scopes": ["DE89"]},
        trace={"url": "https://t.example/DE89"},
        reply={"webhook": "https://w.example/DE89"},
        supersedes="DE89",
    )
    told = artifact(masker("DE89"), made)
    document = told.document()
    assert [item.pop("id") for item in document["context"]] == ["DE89-1", "DE89-1"], "they pair up"
    assert "DE89" not in json.dumps(document)
    assert (told.title, told.escalations[0].score) == (f"card {MARK}", 0.5)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00 DE89 \x00",
        "\ufeffDE89".encode("utf-16-le"),
        "\ufeffDE89".encode("utf-16-be"),
    ],
)
def test_bytes_that_hold_a_match_are_masked_as_a_whole(content: bytes) -> None:
    state = {"base64": base64.b64encode(content).decode()}
    write = {"type": "file", "resource": "a.bin", "action": "create", "after": state}
    assert written(write, patterns=["DE89"])["after"] == {"text": MARK}
    assert written(write, patterns=["DE90"])["after"] == state
    assert written(write, fields=["/content"])["after"] == {"text": MARK}


def test_a_match_of_the_base64_itself_leaves_the_text_that_it_spells() -> None:
    state = {"base64": base64.b64encode(b"hello, world").decode()}
    write = {"type": "file", "resource": "a.txt", "action": "create", "after": state}
    assert written(write, patterns=["[A-Za-z0-9+/]{12,}"])["after"] == {"text": "hello, world"}


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://a.example/x/DE%389/y?n=1", f"https://a.example/x/{MARK}/y?n=1"),
        ("https://a.example/x?n=1#DE%389", f"https://a.example/x?n=1#{MARK}"),
        ("https://a.example/x?DE%389", f"https://a.example/x?{MARK}"),
        ("https://a.example/x?DE%389=1&n=%20", f"https://a.example/x?{MARK}=1&n=%20"),
        ("https://a.example/x?n=a;m=DE89", f"https://a.example/x?n=a&m={MARK}"),
        ("https://a.example/%C3%A4?n=%20#", "https://a.example/%C3%A4?n=%20#"),
    ],
)
def test_escapes_of_an_address_hide_nothing(url: str, told: str) -> None:
    write = {"type": "request", "method": "GET", "url": url}
    assert written(write, patterns=["DE89"])["url"] == told


def test_an_address_is_masked_by_its_parts() -> None:
    write = {"type": "request", "method": "GET", "url": "https://a.example/x?abc#d"}
    assert written(write, fields=["/url"])["url"] == f"https://{MARK}?abc#{MARK}"
    assert written(write, fields=["/query"])["url"] == f"https://a.example/x?{MARK}#d"
    many = {"type": "request", "method": "GET", "url": "https://a.example/x?n=1&n=2&m=3"}
    assert written(many, fields=["/query/n"])["url"] == f"https://a.example/x?n={MARK}&n={MARK}&m=3"


def test_a_patch_that_no_longer_fits_is_told_as_what_comes_of_it() -> None:
    write = {
        "type": "record",
        "resource": "c/1",
        "before": {"lines": [{"iban": "DE88"}, {"iban": "DE89"}]},
        "patch": [
            {"op": "remove", "path": "/lines/0"},
            {"op": "test", "path": "/lines/0/iban", "value": "DE89"},
            {"op": "add", "path": "/done", "value": True},
        ],
    }
    told = written(write, fields=["/lines/0/iban"])
    assert "patch" not in told
    assert told["after"] == {"lines": [{"iban": MARK}], "done": True}
    assert written(write, fields=["/done"])["patch"][2]["value"] == MARK


def test_a_schema_names_no_values_of_a_masked_field() -> None:
    iban = {"type": "string", "enum": ["DE88", "DE89"], "default": "DE88"}
    many = {"type": "array", "items": {"anyOf": [{"const": "DE88"}, {"type": "null"}]}}
    schema = {"type": "object", "properties": {"iban": iban, "n": {"const": 1}, "all": many}}
    write = {"type": "tool_call", "name": "pay", "arguments": {}, "arguments_schema": schema}
    told = written(write, fields=["/iban", "/all/*"])["arguments_schema"]["properties"]
    assert told["iban"] == {"type": "string", "enum": [MARK, MARK], "default": MARK}
    assert told["all"]["items"] == {"anyOf": [{"const": MARK}, {"type": "null"}]}
    assert told["n"] == {"const": 1}
    assert written(write, fields=["/none"])["arguments_schema"] == schema
    assert "DE88" not in json.dumps(written(write, patterns=["DE88"]))


STAYS = {
    "agent",
    "kind",
    "queue",
    "code",
    "source",
    "role",
    "id",
    "type",
    "action",
    "mode",
    "method",
}
STAYS |= {"op", "path", "key_columns", "risk", "on_expiry", "due_at", "at", "score", "rows"}


def left(value: Any, at: str = "") -> Iterator[str]:
    """Where anything but marks is left, beside what stays."""
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for name, one in inner:
            if name not in STAYS:
                yield from left(one, f"{at}/{name}")
    elif value not in (MARK, f"https://{MARK}", None, True, False):
        yield at


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write["type"])
def test_no_text_and_no_number_is_forgotten(write: dict[str, Any]) -> None:
    known = {"version": 7, "etag": "e", "digest": "d"}
    more = {"note": "n", "system": "s", "resource": "r", "precondition": known}
    full = {
        "file": {"action": "rename", "renamed_from": "b"},
        "record": {"json_schema": {"title": "t"}},
        "message": {"cc": ["c"], "bcc": ["d"], "thread": "t"},
        "sql": {"tables": ["t"], "rows": 3, "after": ["a"]},
        "tool_call": {"arguments_schema": {"title": "t"}},
        "document": {"language": "python"},
    }
    made = simple(
        key="k",
        supersedes="l",
        summary="s",
        writes=[write | more | full.get(write["type"], {})],
        context=[
            {"type": "message", "role": "user", "text": "t"},
            {"type": "tool_call", "name": "n", "arguments": {"a": "b"}, "id": "1"},
            {"type": "tool_result", "name": "n", "output": ["o", 3], "id": "1"},
            {"type": "document", "title": "t", "uri": "u", "text": "t"},
            {"type": "note", "text": "n"},
            {"type": "link", "title": "t", "uri": "u"},
        ],
        escalations=[{"code": "c", "detail": "d", "score": 0.5}],
        identity={"act_as": "a", "on_behalf_of": "b", "scopes": ["s"]},
        trace={"traceparent": "t", "url": "u"},
        metadata={"m": 1},
        queue="q",
    )
    assert set(left(artifact(masker("(?s).+"), made).document())) == set()


def test_no_digest_of_what_is_masked_stays() -> None:
    known = {"version": 7, "etag": "W/7", "digest": "sha256:ab"}
    write = {"type": "document", "resource": "d", "after": "DE89", "precondition": known}
    told = written(write, patterns=["DE89"])["precondition"]
    assert told == {"version": 7, "etag": MARK, "digest": MARK}
    assert written(write, patterns=["DE90"])["precondition"] == known
    assert written(write, patterns=["^7$"])["precondition"] == known | {"version": MARK}
