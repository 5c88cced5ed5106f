"""JSON Schema of an agent, checked without trusting it.

The schema is the artifact's and hostile: references that leave it are not followed, patterns are
not run (they can hang), and whoever checks does it in a thread and waits for a bounded time only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...untrusted import one_line

MAX_ERRORS = 3


def violations(value: Any, schema: Mapping[str, Any]) -> list[str]:
    """What is wrong with a value under a schema, at most three sentences; safe to show.

    A schema that cannot be used gives one sentence that says so.
    """
    import jsonschema
    import referencing

    unusable = "The agent's JSON Schema cannot be used; it was not checked."
    try:
        base = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
        checker = jsonschema.validators.extend(
            base, {"pattern": _unchecked, "patternProperties": _unchecked, "format": _unchecked}
        )
        # an empty registry: jsonschema's own would fetch references from the network
        validator = checker(schema, registry=referencing.Registry())
        found = []
        for error in validator.iter_errors(value):
            place = "/" + "/".join(str(part) for part in error.absolute_path)
            found.append(one_line(f"{place}: {error.message}", 160))
            if len(found) == MAX_ERRORS:
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
        return [unusable]
    return found


def _unchecked(*_arguments: Any) -> Iterator[Any]:
    return iter(())
