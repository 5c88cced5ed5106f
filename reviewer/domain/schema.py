"""JSON Schema of an agent (draft 2020-12 and older), checked without trusting it.

The schema is the artifact's and hostile: references that leave it are not followed, patterns are
not run (they can hang), and whoever checks does it in a thread and waits for a bounded time only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .strict_json import pointer
from .writes import RecordWrite, ToolCallWrite, Write

MAX_ERRORS = 3
MAX_REFERENCES = 20_000
UNUSABLE = "The agent's JSON Schema cannot be used; it was not checked."


def edit_violations(
    proposed: Sequence[Write], mine: Sequence[Write | None] | None
) -> tuple[str, ...]:
    """What edited writes break in the schemas that the proposed ones carry; hostile text.

    A schema that cannot be used breaks nothing.
    """
    found: list[str] = []
    for number, (old, new) in enumerate(zip(proposed, mine or (), strict=False), 1):
        value, schema = None, None
        if isinstance(old, ToolCallWrite) and isinstance(new, ToolCallWrite):
            value, schema = new.arguments, old.arguments_schema
        elif isinstance(old, RecordWrite) and isinstance(new, RecordWrite):
            value, schema = new.result(), old.json_schema
        if schema is not None and value is not None:
            wrong = [why for why in violations(value, schema) if why != UNUSABLE]
            found += [f"write {number}, {why}" for why in wrong]
    return tuple(found)


class Violation(NamedTuple):
    """One thing that is wrong: where, as a JSON pointer (RFC 6901), and what; hostile text."""

    place: str
    sentence: str


def violations(value: Any, schema: Mapping[str, Any]) -> list[str]:
    """What is wrong with a value under a schema, at most three sentences; hostile text.

    A schema that cannot be used gives one sentence that says so.
    """
    found = violated(value, schema, MAX_ERRORS)
    return [UNUSABLE] if found is None else [f"{at or '/'}: {why}" for at, why in found]


def violated(value: Any, schema: Mapping[str, Any], most: int) -> list[Violation] | None:
    """The same with their places, at most so many; None for a schema that cannot be used."""
    import jsonschema
    import referencing

    try:
        base = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
        steps = _Steps()
        counted = {
            word: steps.counting(base.VALIDATORS[word])
            for word in ("$ref", "$dynamicRef", "$recursiveRef")
            if word in base.VALIDATORS
        }
        unchecked = dict.fromkeys(("pattern", "patternProperties", "format"), _unchecked)
        checker = jsonschema.validators.extend(base, counted | unchecked)
        # an empty registry: jsonschema's own would fetch references from the network
        validator = checker(schema, registry=referencing.Registry())
        found = []
        for error in validator.iter_errors(value):
            place = pointer(tuple(error.absolute_path))
            found.append(Violation(place, error.message[:200]))
            if len(found) == most:
                break
    except (
        jsonschema.exceptions.SchemaError,
        jsonschema.exceptions.UnknownType,
        referencing.exceptions.Unresolvable,
        RecursionError,
        TypeError,
        ValueError,
        AttributeError,
        KeyError,
    ):
        return None
    return found


class _Steps:
    """Counts references that are followed: a few that double each other would never end."""

    def __init__(self) -> None:
        self._left = MAX_REFERENCES

    def counting(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """The rule, until too many references were followed."""

        def counted(*arguments: Any) -> Any:
            self._left -= 1
            if self._left < 0:
                raise ValueError("too many references")
            return rule(*arguments)

        return counted


def _unchecked(*_arguments: Any) -> Iterator[Any]:
    return iter(())
