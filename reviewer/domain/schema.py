"""JSON Schema of an agent (draft 2020-12 and older), checked without trusting it.

The schema is the artifact's and hostile: references that leave it are not followed, patterns run
on RE2 alone, which cannot hang (those that it does not know are not checked), and whoever checks
does it in a thread and waits for a bounded time only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
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
        checker = jsonschema.validators.extend(base, counted | PATTERNS)
        # an empty registry: jsonschema's own would fetch references from the network
        formats = jsonschema.FormatChecker(FORMATS)
        validator = checker(schema, registry=referencing.Registry(), format_checker=formats)
        found = []
        for error in validator.iter_errors(value):
            place = pointer(tuple(error.absolute_path))
            found.append(Violation(place, _sentence(error.message, error.instance)))
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


def _sentence(message: str, value: Any) -> str:
    """What jsonschema says, with null, true and false spelled as in JSON."""
    if value is None or isinstance(value, bool):
        message = message.replace(repr(value), json.dumps(value), 1)
    return message[:200]


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


def _pattern(_validator: Any, pattern: Any, value: Any, _schema: Any) -> Iterator[Any]:
    from jsonschema import ValidationError

    if isinstance(value, str) and _found(pattern, value) is False:
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def _pattern_properties(validator: Any, patterns: Any, value: Any, _schema: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for pattern, below in patterns.items():
            for name, item in value.items():
                if _found(pattern, name):
                    yield from validator.descend(item, below, path=name, schema_path=pattern)


def _additional(validator: Any, allowed: Any, value: Any, schema: Any) -> Iterator[Any]:
    from jsonschema import ValidationError

    if not isinstance(value, dict):
        return
    patterns = schema.get("patternProperties", {})
    named = schema.get("properties", {})
    # a pattern that cannot be run may allow the name
    extra = [n for n in value if n not in named and all(_found(p, n) is False for p in patterns)]
    if isinstance(allowed, dict):
        for name in extra:
            yield from validator.descend(value[name], allowed, path=name)
    elif not allowed and extra:
        names = ", ".join(map(repr, extra[:5]))
        yield ValidationError(f"Additional properties are not allowed ({names})")


def _unchecked(*_arguments: Any) -> Iterator[Any]:
    return iter(())


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    import re2

    options = re2.Options()
    options.max_mem = 1 << 20
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error:
        return None


def _found(pattern: Any, text: str) -> bool | None:
    """Whether a pattern is found in a text; None where it cannot be run."""
    compiled = _compiled(pattern) if isinstance(pattern, str) else None
    try:
        return None if compiled is None else compiled.search(text) is not None
    except UnicodeEncodeError:  # a lone surrogate, which RE2 cannot read
        return None


PATTERNS: dict[str, Callable[..., Any]] = {
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional,
    # jsonschema looks for names by Python's own `re` here
    "unevaluatedProperties": _unchecked,
}
FORMATS = ("date", "email", "idn-email", "ipv4", "ipv6", "uuid")
"""Formats that are checked; what they are is told by the standard library."""
