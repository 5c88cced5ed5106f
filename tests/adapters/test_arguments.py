"""A function's arguments as JSON, there and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Literal
from uuid import UUID

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from typing_extensions import TypedDict

from reviewer.adapters.arguments import Arguments
from reviewer.adapters.verdicts import InvalidEdit
from reviewer.domain.errors import InputError


class Colour(Enum):
    RED = "red"
    BLUE = 2


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str = "EUR"


class Customer(BaseModel):
    id: int
    name: str
    joined: date | None = None


class Options(TypedDict, total=False):
    urgent: bool
    copies: int


class Connection:
    """Something without a JSON form."""


def turned(function: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """The arguments after a way through JSON text."""
    carried = Arguments(function)
    values, bound = carried.bind(args, kwargs)
    jsonschema.validate(values, carried.schema)
    return carried.restore(json.loads(json.dumps(values)), bound)


def everything(
    first: int, /, text: str, *more: float, flag: bool = False, when: datetime, **rest: str
) -> None: ...


def test_every_kind_of_parameter_comes_back_as_it_was() -> None:
    when = datetime(2026, 11, 20, 10, 0, 0, 123456, tzinfo=UTC)
    args, kwargs = turned(everything, 1, "a", 0.5, 2.0, when=when, first="x", other="y")
    assert args == (1, "a", 0.5, 2.0)
    assert kwargs == {"flag": False, "when": when, "first": "x", "other": "y"}


def test_a_person_sees_defaults_too() -> None:
    def send(to: str, copies: int = 3, note: str | None = None) -> None: ...

    carried = Arguments(send)
    assert carried.bind(("ada",), {})[0] == {"to": "ada", "copies": 3, "note": None}
    assert carried.schema["required"] == ["to"]
    assert carried.schema["properties"]["copies"]["default"] == 3
    assert carried.schema["additionalProperties"] is False


def test_types_come_back_exactly() -> None:
    def call(
        colour: Colour, money: Money, customer: Customer, options: Options, raw: bytes,
        pair: tuple[int, str], tags: set[str], id: UUID, kind: Literal["a", "b"],
        maybe: list[Money] | None = None,
    ) -> None: ...  # fmt: skip

    given_ = {
        "colour": Colour.BLUE,
        "money": Money(Decimal("10.10")),
        "customer": Customer(id=1, name="Ada", joined=date(2026, 1, 2)),
        "options": Options(urgent=True),
        "raw": b"\xff\x00\x80",
        "pair": (1, "b"),
        "tags": {"x", "y"},
        "id": UUID(int=5),
        "kind": "b",
        "maybe": [Money(Decimal(1), "USD")],
    }
    args, kwargs = turned(call, **given_)
    back = dict(zip(given_, args, strict=True)) | kwargs
    assert back == given_
    assert {name: type(value) for name, value in back.items()} == {
        name: type(value) for name, value in given_.items()
    }


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text()
    | st.floats(allow_nan=False, allow_infinity=False, width=32).filter(lambda x: abs(x) < 2**53),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(VALUES)
def test_any_json_value_comes_back_as_it_was(value: Any) -> None:
    def call(value: Any) -> None: ...

    try:
        args, _ = turned(call, value)
    except InputError:
        # lone surrogates are no text; everything else here is JSON
        assert "\\ud" in json.dumps(value)
    else:
        assert args == (value,)
        assert repr(args[0]) == repr(value)


def test_names_that_pydantic_would_not_take() -> None:
    def call(
        _private: int,
        schema: str,
        model_config: int,
        copy: bool,
        json: str,
        p0: int,
        class_: int = 1,
    ) -> None: ...

    assert turned(call, 1, "s", 2, True, "j", 3)[0] == (1, "s", 2, True, "j", 3, 1)


def test_self_is_never_shown() -> None:
    class Mailer:
        def send(self, to: str) -> None: ...

    carried = Arguments(Mailer.send)
    mailer = Mailer()
    values, bound = carried.bind((mailer, "ada"), {})
    assert values == {"to": "ada"}
    assert carried.restore({"to": "ben"}, bound) == ((mailer, "ben"), {})


def test_local_parameters_are_handed_through() -> None:
    def query(connection: Connection, sql: str, *, cursor: object = None) -> None: ...

    carried = Arguments(query, ["connection", "cursor"])
    connection = Connection()
    values, bound = carried.bind((connection, "select 1"), {"cursor": 7})
    assert values == {"sql": "select 1"}
    assert carried.restore({"sql": "select 2"}, bound) == ((connection, "select 2"), {"cursor": 7})


def test_what_has_no_json_form_is_refused_at_once() -> None:
    def query(connection: Connection) -> None: ...

    with pytest.raises(TypeError, match=r"'connection' has no JSON form.*local=\['connection'\]"):
        Arguments(query)

    def call(back: Callable[[int], int]) -> None: ...

    with pytest.raises(TypeError, match="'back' has no JSON form"):
        Arguments(call)


def test_a_local_that_is_no_parameter() -> None:
    def call(x: int) -> None: ...

    with pytest.raises(TypeError, match="no parameter 'y'"):
        Arguments(call, ["y"])


def test_annotations_that_cannot_be_resolved() -> None:
    def call(x: Nowhere) -> None: ...  # type: ignore[name-defined]  # noqa: F821

    with pytest.raises(TypeError, match="'x' cannot be resolved"):
        Arguments(call)
    assert Arguments(call, ["x"]).bind((1,), {})[0] == {}


def test_a_default_without_a_json_form_stays_the_functions_own() -> None:
    missing = object()

    def call(x: int, y: Any = missing) -> None: ...

    carried = Arguments(call)
    values, bound = carried.bind((1,), {})
    assert values == {"x": 1}
    assert carried.restore({"x": 2}, bound) == ((2, missing), {})
    assert carried.restore({"x": 2, "y": 5}, bound) == ((2, 5), {})


@pytest.mark.parametrize(
    "value", [(1, 2), {1, 2}, datetime(2026, 1, 1, tzinfo=UTC), b"x", float("nan"), 2**60, object()]
)
def test_a_value_that_would_come_back_as_another_is_refused(value: Any) -> None:
    def call(value) -> None: ...  # type: ignore[no-untyped-def]

    with pytest.raises(InputError, match="'value'"):
        Arguments(call).bind((value,), {})


def test_a_value_that_does_not_fit_its_annotation_is_refused() -> None:
    def call(copies: int) -> None: ...

    with pytest.raises(InputError, match="'copies'"):
        Arguments(call).bind(("three",), {})


def test_a_call_that_python_would_refuse() -> None:
    with pytest.raises(TypeError, match="missing"):
        Arguments(everything).bind((1,), {})


def edited(function: Callable[..., Any], values: dict[str, Any]) -> Any:
    carried = Arguments(function)
    return carried.restore(values, carried.signature.bind_partial())


def test_edits_are_checked_against_the_annotations() -> None:
    def call(copies: int, to: list[str], mode: Literal["a", "b"] = "a") -> None: ...

    assert edited(call, {"copies": 2, "to": ["x"]}) == ((2, ["x"], "a"), {})
    for wrong, place in (
        ({"copies": "many", "to": []}, "copies"),
        ({"copies": 1, "to": [3]}, "to/0"),
        ({"copies": 1, "to": [], "mode": "z"}, "mode"),
        ({"copies": 1}, "'to'"),
        ({"copies": 1, "to": [], "more": 1}, "'more'"),
    ):
        with pytest.raises(InvalidEdit, match=place):
            edited(call, wrong)


def test_an_edit_of_keywords_cannot_shadow_a_parameter() -> None:
    def call(to: str, **rest: str) -> None: ...

    assert edited(call, {"to": "a", "rest": {"x": "y"}}) == (("a",), {"x": "y"})
    with pytest.raises(InvalidEdit, match="multiple values"):
        edited(call, {"to": "a", "rest": {"to": "b"}})


def test_a_dropped_optional_argument_means_its_default() -> None:
    def call(a: int, b: int = 2, /, c: int = 3) -> None: ...

    assert edited(call, {"a": 1, "c": 9}) == ((1, 2, 9), {})
