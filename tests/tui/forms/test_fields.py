"""The model of the field form: lines, signs, types, choices, complaints."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.errors import InputError
from reviewer.domain.schema import violated
from reviewer.tui.forms.fields import Fields, place_of
from reviewer.tui.forms.json_text import JsonText
from reviewer.tui.forms.schema_view import SchemaView
from reviewer.tui.forms.typed import spell_line, to_type, typed
from reviewer.tui.spelling import take_back
from reviewer.untrusted import pieces

from ...domain.strategies import json_objects, json_values

ORDER: dict[str, Any] = {
    "type": "object",
    "required": ["status", "amount"],
    "properties": {
        "status": {"enum": ["open", "refunded", "closed"], "title": "Status"},
        "amount": {"type": "number", "minimum": 0, "maximum": 200, "description": "In EUR."},
        "code": {"type": ["string", "null"], "pattern": "^[0-9]+$"},
        "paid": {"type": "boolean"},
        "address": {"$ref": "#/$defs/address"},
        "lines": {"type": "array", "items": {"$ref": "#/$defs/line"}},
        "method": {
            "oneOf": [
                {
                    "type": "object",
                    "required": ["kind", "iban"],
                    "properties": {"kind": {"const": "bank"}, "iban": {"type": "string"}},
                },
                {
                    "type": "object",
                    "properties": {"kind": {"const": "card"}, "last": {"type": "integer"}},
                },
            ]
        },
    },
    "$defs": {
        "address": {"type": "object", "properties": {"zip": {"type": "string"}}},
        "line": {
            "type": "object",
            "required": ["sku"],
            "properties": {"sku": {"type": "string"}, "n": {"type": "integer", "default": 1}},
        },
    },
}


def fields(value: Any, schema: Any = ORDER, proposed: Any = None) -> Fields:
    text, before = (
        json.dumps(v, indent=2) for v in (value, value if proposed is None else proposed)
    )
    return Fields(JsonText(text), JsonText(before), schema)


def looks(made: Fields) -> list[str]:
    return [
        made.sign(line) + ("✗ " + line.sentence if line.what == "wrong" else line.label)
        + ("?" if line.what == "absent" else "")
        for line in made.lines
    ]  # fmt: skip


def test_what_could_be_there_is_a_line_too() -> None:
    made = fields({"status": "open", "address": {}})
    assert looks(made) == [
        " status", " address", " zip?", " amount?", " code?", " paid?", " lines?", " method?"
    ]  # fmt: skip


def test_signs_tell_changed_new_and_removed() -> None:
    made = fields(
        {"status": "open", "amount": 5, "x": 1}, {}, {"status": "open", "amount": 5, "x": 1}
    )
    made.type(("amount",), "6", "number")
    made.remove(("x",))
    made.document.add(("y",), "1")
    made.compared.forget()
    made.rebuild()
    assert looks(made) == [" status", "~amount", "+y", "−x?"]
    assert made.compared.changes() == 3
    assert made.restore(("x",))
    assert made.restore(("amount",))
    assert not made.restore(("amount",))
    made.remove(("y",))
    assert made.compared.changes() == 0


def test_an_item_that_went_is_shown_and_comes_back_to_its_place() -> None:
    made = fields({"a": [1, 2, 3, 4]}, {})
    made.remove(("a", 1))
    assert looks(made) == ["~a", " [0]", " [1]", " [2]", "−[3]?"]
    made.restore(("a", 3))
    assert made.value == {"a": [1, 2, 3, 4]}
    assert made.compared.changes() == 0


def test_what_is_added_begins_as_the_schema_says() -> None:
    made = fields({"lines": []})
    made.add(("lines", 0))
    made.add(("status",))
    made.add(("code",))
    made.add(("method",))
    assert made.value == {
        "lines": [{"sku": ""}],
        "status": "open",
        "code": "",
        "method": {"kind": "bank", "iban": ""},
    }
    made.add(("lines", 0, "n"))
    assert made.value["lines"] == [{"sku": "", "n": 1}]


def test_choices_types_and_null() -> None:
    made = fields({"status": "closed", "code": "007", "paid": True, "amount": 1})
    assert made.choose(("status",), 1)
    assert made.choose(("paid",), -1)
    assert not made.choose(("code",), 1)
    assert made.value == {"status": "open", "code": "007", "paid": False, "amount": 1}
    assert made.retype(("code",))
    assert made.value["code"] is None
    assert made.kind_to_type(("code",)) == "string"
    assert not made.retype(("status",))
    assert not made.retype(("amount",))


def test_alternatives_go_by_what_stands_there() -> None:
    view = SchemaView(ORDER)
    card = {"method": {"kind": "card"}}
    assert view.facts(("method",), card).members == ("kind", "last")
    assert view.facts(("method", "last"), card).types == ("integer",)
    nullable = SchemaView({"anyOf": [{"type": "string"}, {"type": "null"}]})
    assert nullable.facts((), None).types == ("string", "null")
    assert nullable.facts((), "x").takes("null")


def test_complaints_stand_below_their_fields() -> None:
    value = {"status": "x", "amount": 300, "lines": [{"n": "one"}]}
    made = fields(value)
    found = violated(value, ORDER, 50)
    assert found is not None
    assert made.complain(found)
    assert not made.complain(found)
    shown = looks(made)
    assert shown[shown.index(" status") + 1].startswith(" ✗ 'x' is not one of")
    assert "maximum" in shown[shown.index(" amount") + 1]
    assert shown[shown.index(" sku?") + 1] == " ✗ it is required"
    assert made.path_of("/lines/0/n") == ("lines", 0, "n")
    assert place_of(("lines", 0, "n")) == "/lines/0/n"


def test_what_cannot_stand_in_a_number_is_refused_and_the_value_stays() -> None:
    made = fields({"status": "open", "amount": 5})
    for text, why in (
        ("1e400", "too large for a double"), ("NaN", "not JSON"), ("", "a number stands here"),
        ("1,5", "is 1.5 meant?"), ("9007199254740993", "write it as a string"),
        ("0x1", "is no number"),
        ("-", "is no number"), ("٣", "is no number"),
    ):  # fmt: skip
        made.type(("amount",), text, "number")
        assert made.refused is not None
        assert why in made.refused[1]
        assert made.value["amount"] == 5
    made.type(("amount",), "1.50e2", "number")
    assert made.refused is None
    assert '"amount": 1.50e2' in made.document.text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_is_typed_as_it_is_shown(text: str) -> None:
    shown = to_type(text)
    assert "\n" not in shown
    assert "\t" not in shown
    assert [piece for piece in pieces(shown) if piece.kind == "hidden"] == []
    assert json.loads(typed(shown, "string")) == text
    assert take_back(spell_line(text)) == text


@given(json_objects, json_objects, json_values)
def test_no_schema_breaks_the_form(value: Any, schema: Any, more: Any) -> None:
    words = ("type", "enum", "properties", "items", "required", "$ref", "oneOf", "allOf", "title")
    schema = schema | dict.fromkeys(words, more)
    made = fields(value, schema)
    for line in list(made.lines):
        made.facts(line.path)
        made.choices(line.path)
    assert made.value == value


def test_a_schema_that_refers_to_itself_ends() -> None:
    loop = {"$ref": "#/$defs/a", "$defs": {"a": {"allOf": [{"$ref": "#"}, {"$ref": "#/$defs/a"}]}}}
    assert SchemaView(loop).facts(("x", "y"), {"x": {"y": 1}}).types == ()
    tree = {"properties": {"child": {"$ref": "#"}, "name": {"type": "string"}}}
    assert SchemaView(tree).facts(("child",) * 30 + ("name",), {}).types == ("string",)


@pytest.mark.parametrize(("text", "kind"), [("yes", "boolean"), ("0", "null"), ("{", "object")])
def test_what_is_no_such_value_is_refused(text: str, kind: Any) -> None:
    with pytest.raises(InputError):
        typed(text, kind)
