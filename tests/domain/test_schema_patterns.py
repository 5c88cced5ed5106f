"""Patterns and formats of an agent's JSON Schema: checked, on an engine that cannot hang."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.schema import UNUSABLE, violated, violations

_LETTERS = st.text("ab1", max_size=6)
_PATTERNS = st.sampled_from(["^a", "b$", "a+b", "^[ab]*$", "1", "^$", "(a|b)1"])


def places(value: Any, schema: dict[str, Any]) -> list[str]:
    """Where something is wrong."""
    found = violated(value, schema, 10)
    assert found is not None
    return sorted(place for place, _ in found)


@given(_LETTERS, _PATTERNS)
def test_a_pattern_holds_as_for_the_standard_engine(text: str, pattern: str) -> None:
    assert bool(violations(text, {"pattern": pattern})) is not bool(re.search(pattern, text))


@given(
    st.dictionaries(_LETTERS, st.integers() | st.text(max_size=2), max_size=4),
    st.dictionaries(_PATTERNS, st.sampled_from([{"type": "integer"}, {"type": "string"}])),
    st.sampled_from([True, False, {"type": "integer"}]),
)
def test_properties_by_pattern_are_those_of_the_reference(
    value: dict[str, Any], patterns: dict[str, Any], additional: Any
) -> None:
    schema = {
        "properties": {"a": {"type": "string"}},
        "patternProperties": patterns,
        "additionalProperties": additional,
    }
    reference = jsonschema.Draft202012Validator(schema)
    assert (violated(value, schema, 10) == []) is reference.is_valid(value)


def test_what_hangs_other_engines_is_answered() -> None:
    hostile = "^(a+)+$"
    assert violations("a" * 50_000 + "!", {"pattern": hostile})
    assert places({"a" * 50_000 + "!": 1}, {
        "patternProperties": {hostile: {}}, "additionalProperties": False,
    }) == [""]  # fmt: skip


@pytest.mark.parametrize("pattern", ["(?=y)", "(", r"\p{NotThere}", "a{1,100000}"])
def test_what_cannot_be_run_forbids_nothing(pattern: str) -> None:
    assert violations("x", {"pattern": pattern}) == []
    schema = {"patternProperties": {pattern: {"type": "null"}}, "additionalProperties": False}
    assert violations({"x": 1}, schema) == []


def test_a_lone_surrogate_breaks_nothing() -> None:
    assert violations("x\ud800y", {"pattern": "^z"}) == []


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("date", "2028-02-29", "2027-02-29"),
        ("email", "a@b.example", "nobody"),
        ("ipv4", "10.0.0.1", "10.0.0.256"),
        ("ipv6", "::1", ":::1"),
        ("uuid", "123e4567-e89b-12d3-a456-426614174000", "123e4567"),
    ],
)
def test_formats(name: str, good: str, bad: str) -> None:
    assert violations(good, {"format": name}) == []
    assert len(violations(bad, {"format": name})) == 1
    assert violations(bad, {"format": "never-heard-of"}) == []


def test_a_schema_that_is_none_is_said_to_be_unusable() -> None:
    assert violations({}, {"type": "nothing"}) == [UNUSABLE]


@pytest.mark.parametrize(("value", "word"), [(None, "null"), (True, "true"), (False, "false")])
def test_a_value_is_spelled_as_in_json(value: Any, word: str) -> None:
    (why,) = violations(value, {"type": "string"})
    assert why == f"/: {word} is not of type 'string'"
