"""The JSON Schema of the policy file: it takes what is read, and stops what a reader stops."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from reviewer.policy.document import json_schema
from reviewer.policy.starter import STARTER
from reviewer.policy.tree import grow
from tests.policy.policies import Document, documents, made
from tests.policy.test_reading import MISTAKES, spots

SCHEMA = json_schema()
CHECK = jsonschema.Draft202012Validator(SCHEMA)
BEYOND = {
    # what no schema can say: names that must be there, ids that stand once, YAML itself
    *("key twice", "merge key", "tag", "group", "group in itself", "queue of a rule"),
    *("queue of a step", "channel", "nobody on call", "lead", "agent of a rule", "rule twice"),
    *("grant twice", "empty rule", "time zone", "turn", "field", "limit", "regular expression"),
    *("webhook", "too large a number"),
}


def test_it_is_a_schema_and_describes_what_editors_show() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    for name, inner in SCHEMA["properties"].items():
        assert inner.get("description"), name
    for name, inner in SCHEMA["$defs"].items():
        if inner.get("type") == "object":
            assert inner.get("description"), name
            assert inner["additionalProperties"] is False, name


def test_it_takes_the_starter() -> None:
    CHECK.validate(grow(STARTER).value)


@settings(max_examples=100, deadline=None)
@given(documents())
def test_it_takes_what_is_read(document: Document) -> None:
    made(document)
    CHECK.validate(document)


@pytest.mark.parametrize("name", sorted(MISTAKES.keys() - BEYOND))
def test_it_stops_the_mistakes_that_a_schema_can_see(name: str) -> None:
    text, _ = spots(MISTAKES[name][0])
    value: Any = grow(text).value
    assert not CHECK.is_valid(value)
