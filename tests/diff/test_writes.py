"""Whole writes: what the sections hold is the write, for every type, and nothing is left out."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from reviewer.diff import (
    ABSENT,
    BinaryDiff,
    FieldDiff,
    LineDiff,
    ListDiff,
    Section,
    TableDiff,
    WriteDiff,
    diff_write,
    form,
)
from reviewer.diff.writes import MAX_LINES
from reviewer.domain.writes import Write
from tests.support.shared import shared_data

from .strategies import documents, pairs, texts

WRITES: TypeAdapter[Any] = TypeAdapter(Write)
fields = st.dictionaries(st.sampled_from(["a", "b", "id", "ключ"]), documents, max_size=3)
recipients = st.lists(st.sampled_from(["a@x", "b@x", "c@x"]), max_size=3)


def make(kind: str, **given_fields: Any) -> Any:
    return WRITES.validate_python({"type": kind, "system": "s", "resource": "r", **given_fields})


def section(diff: WriteDiff, name: str) -> Section:
    return next(section for section in diff.sections if section.name == name)


def body(diff: WriteDiff, name: str) -> Any:
    return section(diff, name).body


def codes(diff: WriteDiff) -> dict[str, tuple[str | None, str | None]]:
    return {fact.code: (fact.before, fact.after) for fact in diff.facts}


def sides(body: Any) -> tuple[Any, Any]:
    """What a section holds of the left and of the right."""
    match body:
        case LineDiff():
            return "".join(body.left), "".join(body.right)
        case FieldDiff():
            return body.before, body.after
        case BinaryDiff():
            return body.before, body.after
        case ListDiff():
            return (
                [e.text for e in body.entries if e.kind != "added"],
                [e.text for e in body.entries if e.kind != "removed"],
            )
    raise AssertionError(body)


def state(content: str | bytes, mode: str = "100644") -> dict[str, str]:
    if isinstance(content, bytes):
        return {"base64": base64.b64encode(content).decode(), "mode": mode}
    return {"text": content, "mode": mode}


@given(pairs)
def test_a_file_of_text(pair: tuple[str, str]) -> None:
    before, after = pair
    diff = diff_write(make("file", before=state(before), after=state(after)))
    assert [sides(s.body) for s in diff.sections] == ([pair] if before or after else [])
    assert diff.changed == (before != after)


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_a_file_of_bytes(before: bytes, after: bytes) -> None:
    diff = diff_write(make("file", before=state(before), after=state(after)))
    assert diff.changed == (before != after)
    for part in diff.sections:
        left, right = sides(part.body)
        if isinstance(left, str):
            left, right = left.encode(), right.encode()
        assert (left, right) == (before, after)


@given(st.one_of(st.none(), fields), fields)
def test_a_record(before: dict[str, Any] | None, after: dict[str, Any]) -> None:
    diff = diff_write(make("record", before=before, after=after))
    assert sides(body(diff, "record")) == (ABSENT if before is None else before, after)
    assert diff.changed == (before is None or form(before) != form(after))


@given(st.one_of(st.none(), texts), texts)
def test_a_document(before: str | None, after: str) -> None:
    diff = diff_write(make("document", before=before, after=after, language="markdown"))
    assert diff.changed == (before != after)
    if before or after:
        assert section(diff, "text").language == "markdown"
        assert sides(body(diff, "text")) == (before or "", after)
    else:
        assert not diff.sections


@given(recipients, recipients, texts, texts)
def test_a_message(old: list[str], new: list[str], before: str, after: str) -> None:
    write = make(
        "message",
        channel="email",
        to=new,
        cc=["c@x"],
        bcc=["hidden@x"],
        subject="Hi",
        body=after,
        before={"to": old, "subject": "Hi", "body": before},
    )
    diff = diff_write(write)
    if old or new:
        assert sides(body(diff, "to")) == (old, new)
    assert sides(body(diff, "bcc")) == ([], ["hidden@x"])
    assert sides(body(diff, "subject")) == ("Hi", "Hi")
    assert not body(diff, "subject").changed
    if before or after:
        assert sides(body(diff, "body")) == (before, after)
    assert codes(diff)["channel"] == (None, "email")


@given(fields, st.one_of(st.none(), fields))
def test_a_tool_call(arguments: dict[str, Any], before: dict[str, Any] | None) -> None:
    diff = diff_write(make("tool_call", name="refund", arguments=arguments, before=before))
    assert sides(body(diff, "arguments")) == (ABSENT if before is None else before, arguments)
    assert codes(diff)["tool"] == (None, "refund")


@given(st.one_of(st.none(), documents), st.one_of(st.none(), documents))
def test_sql_with_parameters_and_rows(before: Any, after: Any) -> None:
    write = make(
        "sql",
        statement="UPDATE t SET a = :a\nWHERE id = 1",
        parameters={"a": 5},
        tables=["t"],
        rows=3,
        before=before,
        after=after,
    )
    diff = diff_write(write)
    assert section(diff, "statement").language == "sql"
    assert sides(body(diff, "statement")) == ("", write.statement)
    assert sides(body(diff, "parameters")) == (ABSENT, {"a": 5})
    assert sides(body(diff, "tables")) == ([], ["t"])
    assert codes(diff)["rows_claimed"] == (None, "3")
    if before is not None or after is not None:
        left, right = sides(body(diff, "rows"))
        assert (left is ABSENT) == (before is None)
        assert right is ABSENT if after is None else form(right) == form(after)


def request(method: str, body: Any, before: Any, **headers: str) -> WriteDiff:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    write = make("request", method=method, url="https://x/y", headers=named, body=body)
    return diff_write(write.model_copy(update={"before": before}))


def test_put_replaces_the_whole_representation() -> None:
    diff = request("PUT", {"a": 1}, {"a": 1, "b": 2})
    assert [(c.op, c.path) for c in body(diff, "body").changes] == [("removed", "/b")]


def test_patch_shows_the_body_and_what_it_makes() -> None:
    diff = request("PATCH", {"a": None, "b": {"c": 1}}, {"a": 1, "b": {"d": 2}, "e": 3})
    assert sides(body(diff, "body"))[1] == {"a": None, "b": {"c": 1}}
    assert sides(body(diff, "representation"))[1] == {"b": {"c": 1, "d": 2}, "e": 3}
    patch = [{"op": "replace", "path": "/a", "value": 2}]
    diff = request("PATCH", patch, {"a": 1}, Content_Type="application/json-patch+json; x=y")
    assert sides(body(diff, "representation")) == ({"a": 1}, {"a": 2})
    bad = [{"op": "remove", "path": "/zz"}]
    diff = request("PATCH", bad, {"a": 1}, Content_Type="application/json-patch+json")
    assert [part.name for part in diff.sections] == ["headers", "body"]


def test_post_is_compared_in_the_fields_that_it_names() -> None:
    diff = request("POST", {"a": 2, "n": 1}, {"a": 1, "b": 2})
    assert [(c.op, c.path) for c in body(diff, "body").changes] == [
        ("changed", "/a"),
        ("added", "/n"),
    ]


def test_delete_removes_the_representation() -> None:
    diff = request("DELETE", None, {"a": 1})
    assert sides(body(diff, "representation")) == ({"a": 1}, ABSENT)
    assert [part.name for part in diff.sections] == ["representation"]


def test_an_empty_body_is_not_no_body() -> None:
    assert not request("POST", None, None).sections
    assert body(request("POST", "", None), "body").changed
    text = request("POST", "<a/>", None, Content_Type="text/xml")
    assert section(text, "body").language == "xml"
    assert sides(body(text, "body")) == ("", "<a/>")
    assert sides(body(request("PUT", "text", {"a": 1}), "body")) == ({"a": 1}, "text")


def test_rows_are_a_table_and_as_proposed_are_compared_by_key() -> None:
    given_fields: dict[str, Any] = {
        "key_columns": ["a", "b"],
        "inserted": [{"a": 1, "b": 1, "v": 0}, {"a": 1, "b": 2, "v": 0}],
        "updated": [{"key": {"a": 2, "b": 1}, "before": {"v": 1}, "after": {"v": 2}}],
    }
    write = make("rows", **given_fields)
    assert isinstance(body(diff_write(write), "rows"), TableDiff)
    edited = make("rows", **{**given_fields, "inserted": [{"a": 1, "b": 2, "v": 5}]})
    diff = diff_write(write, edited)
    changes = [(c.op, c.path) for c in body(diff, "inserted").changes]
    assert changes == [("removed", "/0"), ("changed", "/0/v")]
    assert not body(diff, "updated").changed
    assert isinstance(body(diff_write(write, edited, "before"), "rows"), TableDiff)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"before": state("a\n"), "after": state("a\n", "100755")}, ("100644", "100755")),
        ({"before": state("a\n", "100755"), "after": state("a\n")}, ("100755", "100644")),
        ({"action": "create", "after": state("t", "120000")}, (None, "120000")),
    ],
)
def test_modes_are_told(fields: dict[str, Any], expected: tuple[str, str]) -> None:
    diff = diff_write(make("file", **fields))
    assert codes(diff)["mode"] == expected
    assert diff.changed
    alarming = {"100755", "120000"}
    assert all(f.alert == (f.after in alarming) for f in diff.facts if f.code == "mode")


def test_creation_deletion_and_renames_are_told() -> None:
    created = diff_write(make("file", action="create", after=state("")))
    assert codes(created)["existence"] == ("absent", "present")
    assert created.changed
    assert not created.sections
    deleted = diff_write(make("file", action="delete", before=state("a\n")))
    assert codes(deleted)["existence"] == ("present", "absent")
    assert sides(body(deleted, "content")) == ("a\n", "")
    moved = diff_write(make("file", action="rename", renamed_from="old", before=state("a\n")))
    assert codes(moved)["rename"] == ("old", "r")
    assert not body(moved, "content").changed
    assert moved.changed
    blind = diff_write(make("file", action="rename", renamed_from="old"))
    assert "content_unknown" in codes(blind)
    guessed = diff_write(make("file", action="rename", renamed_from="old", after=state("a\n")))
    assert "before_unknown" in codes(guessed)
    assert "existence" in codes(diff_write(make("record", before={"a": 1})))


def test_line_endings_and_the_last_newline_are_told() -> None:
    diff = diff_write(make("file", before=state("a\nb\n"), after=state("a\r\nb")))
    assert codes(diff)["line_endings"] == ("LF 2", "CR LF 1")
    assert codes(diff)["last_newline"] == ("there", "missing")
    ragged = diff_write(make("file", before=state("a\nb"), after=state("c\nb")))
    assert codes(ragged)["last_newline"] == ("missing", "missing")
    tidied = diff_write(make("file", before=state("a\r\n"), after=state("a\n")))
    assert codes(tidied)["line_endings"] == ("CR LF 1", "LF 1")
    mixed = diff_write(make("file", before=state("a\n"), after=state("a\rb\n\ufeff")))
    assert codes(mixed)["line_endings"] == ("LF 1", "LF 1, CR 1")
    marked = diff_write(make("document", before="a\n", after="\ufeffa\n"))
    assert codes(marked)["byte_order_mark"] == ("missing", "there")
    quiet = diff_write(make("document", before="a b", after="a c"))
    assert set(codes(quiet)) == {"no_precondition"}


def test_bytes_and_text_are_told_apart() -> None:
    diff = diff_write(make("file", before=state("text\n"), after=state(b"\xff\0")))
    assert codes(diff)["binary"] == ("5 bytes", "2 bytes")
    assert sides(body(diff, "content")) == (b"text\n", b"\xff\0")
    nul = diff_write(make("file", before=state(b"a\0b"), after=state(b"a\0c")))
    assert isinstance(body(nul, "content"), BinaryDiff)
    plain = diff_write(make("file", before=state("é\n"), after=state("é\n".encode())))
    assert not plain.changed


def test_a_text_of_too_many_lines_is_shown_as_bytes() -> None:
    after = "a\n" * (MAX_LINES + 1)
    diff = diff_write(make("document", before="a\n", after=after))
    assert sides(body(diff, "text")) == (b"a\n", after.encode())
    assert "binary" in codes(diff)


def test_preconditions_are_told() -> None:
    write = make("record", before={"a": 1}, after={"a": 2}, precondition={"version": 7})
    assert codes(diff_write(write))["precondition_version"] == ("7", "7")
    bare = make("record", before={"a": 1}, after={"a": 2})
    assert "no_precondition" in codes(diff_write(bare))
    assert codes(diff_write(write, bare))["precondition_version"] == ("7", None)


@given(fields, fields, fields)
def test_an_edit_is_compared_with_the_proposal_or_with_before(
    before: dict[str, Any], proposed: dict[str, Any], mine: dict[str, Any]
) -> None:
    write, edited = (make("record", before=before, after=after) for after in (proposed, mine))
    diff = diff_write(write, edited)
    assert diff.base == "proposed"
    assert sides(body(diff, "record")) == (proposed, mine)
    assert diff.changed == (form(proposed) != form(mine))
    whole = diff_write(write, edited, base="before")
    assert sides(body(whole, "record")) == (before, mine)
    forged = make("record", before={"forged": True}, after=mine)
    assert sides(body(diff_write(write, forged, base="before"), "record"))[0] == before
    with pytest.raises(ValueError, match="cannot become"):
        diff_write(write, make("document", after=""))


EXAMPLES: dict[str, dict[str, Any]] = {
    "file": {"before": state("a\n"), "after": state("b\n")},
    "record": {"before": {"a": 1}, "after": {"a": 2}},
    "rows": {"key_columns": ["id"], "deleted": [{"id": 1}]},
    "sql": {"statement": "DELETE FROM t"},
    "request": {"method": "GET", "url": "https://x"},
    "message": {"channel": "email", "to": ["a@x"], "body": "hello"},
    "tool_call": {"name": "f", "arguments": {}},
    "document": {"after": "text"},
}
OTHERS: list[tuple[str, str, Any]] = [
    *((kind, "note", "!") for kind in EXAMPLES),
    *((kind, "system", "!") for kind in EXAMPLES),
    *((kind, "resource", "!") for kind in EXAMPLES),
    *((kind, "precondition", {"etag": "!"}) for kind in EXAMPLES),
    ("file", "before", state("!")),
    ("file", "after", state("!")),
    ("file", "after", state("b\n", "100755")),
    ("record", "before", {"!": 1}),
    ("record", "after", {"a": True}),
    ("record", "json_schema", {"!": 1}),
    ("rows", "key_columns", ["!"]),
    ("rows", "inserted", [{"id": 5}]),
    ("rows", "updated", [{"key": {"id": 1}, "after": {"a": 1}}]),
    ("rows", "deleted", [{"id": True}]),
    ("sql", "statement", "DELETE FROM u"),
    ("sql", "parameters", [1]),
    ("sql", "parameters", {}),
    ("sql", "tables", ["!"]),
    ("sql", "rows", 0),
    ("sql", "before", {"!": 1}),
    ("sql", "after", False),
    ("request", "method", "POST"),
    ("request", "url", "http://x"),
    ("request", "headers", {"!": "1"}),
    ("request", "body", False),
    ("request", "body", ""),
    ("request", "before", {"!": 1}),
    ("message", "channel", "!"),
    ("message", "to", ["!"]),
    ("message", "cc", ["!"]),
    ("message", "bcc", ["!"]),
    ("message", "subject", "!"),
    ("message", "body", "hello "),
    ("message", "thread", ""),
    ("message", "before", {"to": ["!"]}),
    ("tool_call", "name", "!"),
    ("tool_call", "arguments", {"!": None}),
    ("tool_call", "arguments_schema", {"!": 1}),
    ("tool_call", "before", {"!": 1}),
    ("document", "title", "!"),
    ("document", "language", "!"),
    ("document", "before", ""),
    ("document", "after", "text\n"),
]


def test_the_examples_name_every_field_of_every_write() -> None:
    for kind, example in EXAMPLES.items():
        names = set(type(make(kind, **example)).model_fields) - {"type"}
        changed = {field for other, field, _ in OTHERS if other == kind}
        # A file's action and old path change together with its states, a patch with `after`.
        assert names - changed <= {"action", "renamed_from", "patch"}


@pytest.mark.parametrize(("kind", "field", "value"), OTHERS)
def test_no_edited_field_is_ever_missing(kind: str, field: str, value: Any) -> None:
    write = make(kind, **EXAMPLES[kind])
    edited = make(kind, **{**EXAMPLES[kind], field: value})
    diff = diff_write(write, edited)
    assert diff.changed
    assert not diff_write(write, write, "proposed").changed


def test_a_naughty_string_is_whole_in_every_type_of_write() -> None:
    for text in json.loads(shared_data("hostile", "blns.json").read_text(encoding="utf-8")):
        diff = diff_write(make("document", before="calm\n", after=text))
        assert "".join(body(diff, "text").right) == text
        diff = diff_write(make("tool_call", name="f", arguments={"a": text}))
        assert sides(body(diff, "arguments"))[1] == {"a": text}


def test_titles_name_the_target() -> None:
    bare = {"system": "", "resource": ""}
    titles = {kind: diff_write(make(kind, **EXAMPLES[kind])).title for kind in EXAMPLES}
    assert set(titles.values()) == {"s r"}
    expected = {
        "request": "GET https://x",
        "message": "email a@x",
        "tool_call": "f",
        "sql": "",
        "document": "",
        "record": "",
    }
    for kind, title in expected.items():
        assert diff_write(make(kind, **{**EXAMPLES[kind], **bare})).title == title
