"""Artifacts: strict, named places, one digest for one meaning."""

# ruff: noqa: E501
from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from reviewer.domain.artifact import (
    Risk,
    artifact_digest,
    instant_of,
    json_schema,
    parse,
    parse_write,
    parse_writes,
)
from reviewer.domain.errors import InputError

from .strategies import artifact_documents, simple

BASE: dict[str, Any] = {"agent": {"name": "bot"}, "kind": "refund", "title": "t"}
WRITE = {"type": "document", "after": "x"}
STATE = {"text": "a"}
PUBLISHED = jsonschema.Draft202012Validator(json_schema())


@given(artifact_documents())
def test_document_and_digest_survive_a_round_trip(document: dict[str, Any]) -> None:
    artifact = parse(document)
    again = parse(json.dumps(artifact.document()))
    assert again == artifact
    assert artifact_digest(again) == artifact_digest(artifact)
    PUBLISHED.validate(artifact.document())


@given(artifact_documents())
def test_defaults_written_out_mean_the_same(document: dict[str, Any]) -> None:
    artifact = parse(document)
    spelled = json.loads(artifact.model_dump_json())
    assert artifact_digest(parse(spelled)) == artifact_digest(artifact)


def test_another_byte_is_another_digest() -> None:
    assert artifact_digest(simple()) != artifact_digest(simple(title="t "))


def test_the_published_schema_is_one() -> None:
    PUBLISHED.check_schema(json_schema())


def file(**fields: Any) -> dict[str, Any]:
    return {"type": "file", "resource": "a.py"} | fields


@pytest.mark.parametrize(
    ("changes", "place", "why"),
    [
        ({"writes": [WRITE], "titel": "x"}, "/titel", "not known"),
        ({"writes": [WRITE | {"aftr": 1}]}, "/writes/0/aftr", "not known"),
        ({"writes": [{"type": "fil"}]}, "/writes/0", "does not match"),
        ({"writes": [WRITE], "kind": ""}, "/kind", "a kind is letters"),
        ({"writes": [WRITE], "title": 5}, "/title", "string"),
        ({"writes": [WRITE], "confidence": "0.5"}, "/confidence", "number"),
        ({"writes": [WRITE], "confidence": 1.5}, "/confidence", "less than"),
        ({"writes": [WRITE], "risk": "huge"}, "/risk", "low"),
        ({"writes": [WRITE], "due_at": "tomorrow"}, "/due_at", "RFC 3339"),
        ({"writes": [WRITE], "due_at": 5}, "/due_at", "RFC 3339"),
        ({"writes": [WRITE], "due_at": "2026-01-01T00:00:00"}, "/due_at", "timezone"),
        ({"writes": [WRITE], "on_expiry": "approve"}, "/on_expiry", "reject"),
        ({"writes": [WRITE], "allowed": []}, "/allowed", "at least 1 item"),
        ({"writes": [WRITE], "key": "k", "supersedes": "k"}, "", "supersede itself"),
        ({"writes": []}, "", "at least one write"),
        ({"writes": [WRITE], "format": 2}, "/format", "reads format 1"),
        ({"writes": [WRITE], "format": True}, "/format", "reads format 1"),
        ({"writes": [file(before=STATE, after=None)]}, "/writes/0", "'modify' needs"),
        ({"writes": [file(action="create", before=STATE)]}, "/writes/0", "'create' needs after"),
        ({"writes": [file(action="delete", after=STATE)]}, "/writes/0", "'delete' needs before"),
        ({"writes": [file(action="rename", after=STATE)]}, "/writes/0", "renamed_from"),
        ({"writes": [file(resource="../a", before=STATE, after=STATE)]}, "/writes/0/resource", "beneath"),
        ({"writes": [file(resource="/a", before=STATE, after=STATE)]}, "/writes/0/resource", "beneath"),
        ({"writes": [file(resource="a//b", before=STATE, after=STATE)]}, "/writes/0/resource", "beneath"),
        ({"writes": [file(resource="a\0", before=STATE, after=STATE)]}, "/writes/0/resource", "beneath"),
        ({"writes": [file(before={}, after=STATE)]}, "/writes/0/before", "either text or base64"),
        ({"writes": [file(before=STATE, after={"base64": "?"})]}, "/writes/0/after/base64", "not base64"),
        ({"writes": [{"type": "record"}]}, "/writes/0", "needs 'before'"),
        ({"writes": [{"type": "record", "before": {}, "after": {}, "patch": []}]}, "/writes/0", "not both"),
        ({"writes": [{"type": "record", "before": {}, "patch": [{"op": "remove", "path": "/x"}]}]}, "/writes/0", "does not apply"),
        ({"writes": [{"type": "record", "before": {}, "patch": [{"op": "add", "path": "", "value": 1}]}]}, "/writes/0", "leave an object"),
        ({"writes": [{"type": "rows", "key_columns": ["id"]}]}, "/writes/0", "at least one row"),
        ({"writes": [{"type": "request", "method": "get", "url": "https://x"}]}, "/writes/0/method", "capitals"),
        ({"writes": [{"type": "request", "method": "GET", "url": "file:///x"}]}, "/writes/0/url", "begins with http"),
        ({"writes": [WRITE], "context": [{"type": "message", "role": "user"}]}, "/context/0/text", "missing"),
        ({"writes": [WRITE], "escalations": [{"code": "Low Confidence"}]}, "/escalations/0/code", "small letters"),
    ],
)  # fmt: skip
def test_errors_name_the_place(changes: dict[str, Any], place: str, why: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(BASE | changes)
    assert caught.value.place == place
    assert why in caught.value.sentence


@pytest.mark.parametrize("raw", ["[]", "null", '"x"', "5"])
def test_an_artifact_is_an_object(raw: str) -> None:
    with pytest.raises(InputError, match="JSON object"):
        parse(raw)


def test_three_places_are_named_and_the_rest_counted() -> None:
    with pytest.raises(InputError) as caught:
        parse({"wrtes": [], "agent": {}, "kind": 1})
    assert caught.value.place == "/wrtes"  # the likely cause of what follows, so it goes first
    assert "; /agent/name: this field is missing; /kind: " in caught.value.sentence
    assert caught.value.sentence.endswith("(and 1 more)")
    with pytest.raises(InputError) as caught:
        parse({"kind": "k", "title": "t", "writes": [WRITE], "agent": {"nme": "x"}})
    assert caught.value.place == "/agent/nme"
    assert "more" not in caught.value.sentence


@pytest.mark.parametrize("held", [{}, {"writes": []}, {"escalations": []}])
def test_the_schema_too_wants_a_write_or_an_escalation(held: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="at least one write"):
        parse(BASE | held)
    assert not PUBLISHED.is_valid(BASE | held)
    assert PUBLISHED.is_valid(BASE | held | {"writes": [WRITE]})
    assert PUBLISHED.is_valid(BASE | held | {"escalations": [{"code": "handoff"}]})


def test_the_schema_too_wants_a_decision_that_is_allowed() -> None:
    assert PUBLISHED.is_valid(BASE | {"writes": [WRITE], "allowed": ["reject"]})
    assert not PUBLISHED.is_valid(BASE | {"writes": [WRITE], "allowed": []})


def test_without_a_write_there_is_nothing_to_approve() -> None:
    question = parse(BASE | {"escalations": [{"code": "handoff"}]})
    assert question.decisions == ("reject", "respond")
    assert simple().decisions == ("approve", "edit", "reject", "respond")


def test_a_patch_gives_the_document_afterwards() -> None:
    patch = [{"op": "replace", "path": "/a", "value": 5}]
    artifact = parse(BASE | {"writes": [{"type": "record", "before": {"a": 1}, "patch": patch}]})
    write = artifact.writes[0]
    assert write.type == "record"
    assert write.result() == {"a": 5}
    assert write.before == {"a": 1}


def test_file_contents() -> None:
    before, after = {"base64": "AP8="}, {"text": "é", "mode": "100755"}
    write = parse(BASE | {"writes": [file(before=before, after=after)]}).writes[0]
    assert write.type == "file"
    assert write.before is not None
    assert write.after is not None
    assert (write.before.content(), write.after.content()) == (b"\x00\xff", "é".encode())


def test_edited_writes() -> None:
    assert parse_writes('[null, {"type": "document", "after": "y"}]')[0] is None
    with pytest.raises(InputError, match="JSON array"):
        parse_writes("{}")
    with pytest.raises(InputError) as caught:
        parse_writes([{"type": "document"}])
    assert caught.value.place == "/0/after"


def test_what_is_wrong_with_an_edited_write_is_told_from_its_own_root() -> None:
    with pytest.raises(InputError) as caught:
        parse_write({"type": "request", "method": "post", "url": "x"})
    assert str(caught.value) == (
        "/method: a method is written in capitals, as GET; "
        "/url: an address begins with http:// or https://"
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"queue": "a b"}, "a queue's name is small letters"),
        ({"reply": {"webhook": "x"}}, "an address begins with"),
        ({"writes": [{"type": "file", "resource": "a", "after": {"text": "", "mode": "1"}}]}, "a mode is"),
    ],
)  # fmt: skip
def test_no_pattern_is_told_as_one(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(InputError, match=why):
        parse(BASE | {"writes": [WRITE]} | changes)


def test_risk_levels_and_times() -> None:
    assert [risk.level for risk in Risk] == [0, 1, 2, 3]
    due = parse(BASE | {"writes": [WRITE], "due_at": "1970-01-01T00:00:01Z"}).due_at
    assert instant_of(due) == 1_000_000
    assert instant_of(None) is None
