"""Editing: forms there and back, hidden characters spelled out, hostile schemas."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.artifact import parse
from reviewer.domain.errors import InputError
from reviewer.domain.schema import violations
from reviewer.tui.editing import Editing
from reviewer.tui.forms import FORMS, form_of, spell_out, take_back
from reviewer.untrusted import pieces

from ..domain.strategies import json_objects, texts
from ..support.hostile import TYPES, hostile_artifact
from .review_desk import document

Patch = pytest.MonkeyPatch
words = st.text(st.characters(exclude_categories=["Cs"])) | st.lists(
    st.sampled_from(["a", "\r", "\n", "\r\n", "\u202e", "⟨", "⟨U+202E⟩", "⟨U+27E8⟩", "\t", "\x1b"])
).map("".join)


@given(words)
def test_spelling_out_and_taking_back_changes_nothing(text: str) -> None:
    spelled = spell_out(text)
    assert take_back(spelled.text, spelled.ending) == text


@given(words)
def test_what_is_spelled_out_holds_nothing_hidden(text: str) -> None:
    shown = spell_out(text).text
    assert [piece for piece in pieces(shown) if piece.kind == "hidden"] == []
    assert "\r" not in shown


@pytest.mark.parametrize("number", range(64))
def test_a_form_reads_what_it_wrote(number: int) -> None:
    artifact = parse(hostile_artifact(number))
    for write in artifact.writes:
        form = form_of(write)
        spelled = spell_out(form.text(write))
        again = form.read(write, take_back(spelled.text, spelled.ending))
        assert form.text(again) == form.text(write)
        assert type(again) is type(write)
        assert write.same_target(again)


def test_every_type_of_write_has_a_form() -> None:
    assert set(FORMS) == set(TYPES)


@given(json_objects, texts)
def test_a_record_and_a_text_come_back_as_they_were(after: dict[str, Any], text: str) -> None:
    writes = [
        {"type": "record", "resource": "r", "before": {}, "after": after},
        {"type": "document", "resource": "d", "after": text},
        {"type": "message", "channel": "mail", "to": [text], "subject": text, "body": text},
        {"type": "tool_call", "name": "f", "arguments": after},
    ]
    for write in parse(document(writes=writes)).writes:
        assert form_of(write).read(write, form_of(write).text(write)) == write


@pytest.mark.parametrize(
    ("index", "typed", "why"),
    [
        (1, "{", "not JSON"),
        (1, '{"a": 1, "a": 2}', "stands twice"),
        (1, '{"a": NaN}', "NaN"),
        (1, "[]", "dictionary"),
        (2, "subject: 1", "'---'"),
        (2, 'to: ["a"]\ncc: []\nbcc: []\n---\nhi', "'subject' is gone"),
        (2, 'to: ["a"]\nx: 1\n---\nhi', "'x' is no field"),
    ],
)
def test_what_is_no_write_says_why(index: int, typed: str, why: str) -> None:
    message = {"type": "message", "channel": "mail", "to": ["a"], "subject": "s", "body": "b"}
    artifact = parse(document(writes=[*document()["writes"], message]))
    write = artifact.writes[index]
    with pytest.raises(InputError, match=why):
        form_of(write).read(write, typed)


def test_an_untouched_write_is_the_proposed_one_itself() -> None:
    class Item:
        artifact = parse(document())

    editing = Editing(Item())  # type: ignore[arg-type]
    editing.put(0, "x = 1\n")
    mine = editing.writes()
    assert mine[1] is Item.artifact.writes[1]
    assert mine[0] is not None
    assert mine[0].after.text == "x = 1\n"  # type: ignore[union-attr]
    editing.put(0, Item.artifact.writes[0].after.text)  # type: ignore[union-attr]
    assert not editing.touched


def test_a_schema_is_checked_without_trusting_it(monkeypatch: Patch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a schema reached for the network")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    assert violations({"n": 1}, schema) == []
    assert "integer" in violations({"n": "x"}, schema)[0]
    assert "required" in violations({}, schema)[0]
    unusable = "cannot be used"
    assert unusable in violations({}, {"$ref": "http://127.0.0.1:1/schema.json"})[0]
    assert unusable in violations({}, {"$ref": "#"})[0]
    assert unusable in violations({}, {"type": "no such type"})[0]
    doubling = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(40)}
    endless = {"$ref": "#/$defs/d0", "$defs": doubling | {"d40": {"type": "object"}}}
    assert unusable in violations({}, endless)[0]
    slow = {"properties": {"a": {"pattern": "^(a+)+$"}}}
    assert "does not match" in violations({"a": "a" * 60 + "!"}, slow)[0]
