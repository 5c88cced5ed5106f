"""Masking: nothing that a pattern matches or a field names is left, and nothing else changes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.artifact import Artifact, parse
from reviewer.policy.document import Policy
from reviewer.policy.masking import MASK, Masker

SECRET = "4111-1111"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab14-", max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


def masker(fields: list[str] | None = None, patterns: list[str] | None = None) -> Masker:
    masking = {"fields": fields or [], "patterns": patterns or []}
    return Masker(Policy.model_validate({"version": 1, "agents": {"*": {}}, "masking": masking}))


def artifact(*writes: dict[str, Any], **more: Any) -> Artifact:
    return parse(
        {"agent": {"name": "a"}, "kind": "k", "title": "t", "writes": list(writes), **more}
    )


def said(value: Artifact) -> str:
    return json.dumps(value.document(), ensure_ascii=False)


WRITES: dict[str, tuple[dict[str, Any], str]] = {
    "file": ({"action": "create", "resource": "a", "after": {"text": SECRET}}, "/content"),
    "record": ({"resource": "a", "before": {"x": {"card": 1}}, "after": {"x": {"card": SECRET}}},
               "/x/card"),
    "record patch": (
        {"type": "record", "resource": "a", "before": {"card": SECRET},
         "patch": [{"op": "replace", "path": "/card", "value": SECRET + "2"}]}, "/card"),
    "rows": ({"resource": "t", "key_columns": ["id"],
              "inserted": [{"id": 1, "card": SECRET}], "deleted": [{"id": 2, "card": SECRET}],
              "updated": [{"key": {"id": 3}, "after": {"card": SECRET}}]},
             "/card"),
    "sql": ({"statement": "UPDATE t SET a = ?", "parameters": [SECRET]}, "/parameters/*"),
    "request": ({"method": "POST", "url": "https://x.example", "body": {"card": SECRET}},
                "/body/card"),
    "message": ({"channel": "mail", "to": ["a"], "body": SECRET}, "/body"),
    "tool_call": ({"name": "pay", "arguments": {"card": SECRET}}, "/card"),
    "document": ({"before": SECRET, "after": SECRET + "!"}, "/content"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("by", ["field", "pattern"])
def test_every_type_of_write(name: str, by: str) -> None:
    write, field = WRITES[name]
    made = artifact({"type": name.split(maxsplit=1)[0], **write})
    hides = masker([field]) if by == "field" else masker(patterns=[r"\d{4}-\d{4}"])
    found = hides.artifact(made)
    assert SECRET in said(made)
    assert SECRET not in said(found)
    assert MASK in said(found)
    assert hides.masked > 0


def test_texts_beside_the_writes_are_masked_by_pattern() -> None:
    made = artifact(
        {"type": "document", "after": "x"},
        title=f"card {SECRET}",
        summary=SECRET,
        context=[
            {"type": "message", "role": "user", "text": f"it is {SECRET}."},
            {"type": "tool_call", "name": "n", "id": "1", "arguments": {"deep": [SECRET]}},
        ],
        escalations=[{"code": "c", "detail": SECRET, "score": 0.5}],
        identity={"on_behalf_of": SECRET},
        metadata={"m": SECRET},
    )
    found = masker(patterns=[r"\d{4}-\d{4}"]).artifact(made)
    assert SECRET not in said(found)
    assert f"it is {MASK}." in said(found)
    assert found.escalations[0].score == 0.5


def test_without_masking_everything_is_as_it_was() -> None:
    made = artifact({"type": "document", "after": SECRET})
    assert masker().artifact(made) is made
    assert masker().label({"comment": SECRET}) == {"comment": SECRET}


@pytest.mark.parametrize(("path", "field"), [
    ("/0/after/x/card", "/x/card"), ("/0/body", "/body"), ("/1/after/text", "/content"),
    ("/0/arguments/card", "/card"), ("/0/after", "/content"),
])  # fmt: skip
def test_a_labels_patch_and_final_writes(path: str, field: str) -> None:
    label = {
        "comment": f"not {SECRET}",
        "delta": [{"op": "replace", "path": path, "value": SECRET}, {"op": "remove", "path": "/0"}],
        "writes": [artifact({"type": "tool_call", "name": "p", "arguments": {"card": SECRET}})
                   .document()["writes"][0]],
    }  # fmt: skip
    found = masker([field, "/card"]).label(label)
    assert found["delta"][0]["value"] == MASK
    assert SECRET not in json.dumps(found["writes"])
    assert found["comment"] == f"not {SECRET}"
    assert SECRET not in json.dumps(masker(patterns=[r"\d{4}-\d{4}"]).label(label))


@given(JSON)
def test_no_match_survives_twice_is_once_and_numbers_stay(value: Any) -> None:
    hides = masker(patterns=["[14]+"])
    found = hides.value(value)
    assert hides.value(found) == found

    def texts(one: Any) -> list[str]:
        if isinstance(one, str):
            return [one]
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        return [text for part in inner for text in texts(part)]

    assert not any(set(text) & {"1", "4"} for text in texts(found))


@given(JSON)
def test_what_no_field_and_no_pattern_names_is_untouched(value: Any) -> None:
    assert masker(["/nothing/here"], ["zzz"]).value(value, "") == value
