"""What a grant covers, worked out a second time in the plainest way, to hold permissions against.

It knows only what `policies.grants` and `policies.writes` make: records, tool calls and messages.
"""

from __future__ import annotations

import re
from typing import Any

from reviewer.domain.artifact import Artifact
from reviewer.domain.writes import MessageWrite, RecordWrite, ToolCallWrite

GONE = object()
"""What stands where nothing stands."""


def covers(grant: dict[str, Any], write: Any, artifact: Artifact) -> bool:
    """Whether a grant, as plain values, covers a write."""
    types = grant["write"] if isinstance(grant["write"], list) else [grant["write"]]
    before, after = sides(write)
    changed = {
        path
        for path in before.keys() | after.keys()
        if not alike(before.get(path, GONE), after.get(path, GONE))
    } or set(before) | set(after)
    if isinstance(write, MessageWrite):
        changed = {"/to", "/body"}
    return (
        ("*" in types or write.type in types)
        and plain(grant.get("system", "*"), write.system)
        and stepwise(grant.get("resource", "*"), write.resource)
        and plain(grant.get("identity", "*"), artifact.identity.act_as)
        and one_of(grant.get("actions", "*"), action(write))
        and all(
            any(stepwise(pattern, path) for pattern in grant.get("fields", ["*"]))
            for path in changed
        )
        and all(
            within(limit, pattern, before, after)
            for pattern, limit in grant.get("limits", {}).items()
        )
        and ("spend" not in grant or number(after.get("/amount", GONE)))
    )


def sides(write: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The leaves of a write before and after, by path."""
    match write:
        case RecordWrite():
            return flat(write.before), flat(write.after)
        case ToolCallWrite():
            return flat(write.before), flat(write.arguments)
        case MessageWrite():
            return {}, flat({"channel": write.channel, "to": write.to, "body": write.body})
    raise AssertionError(write)


def action(write: Any) -> str:
    """What a write does."""
    match write:
        case RecordWrite():
            return "create" if write.before is None else "modify"
        case ToolCallWrite():
            return write.name
    return str(write.channel)


def flat(value: Any, at: str = "") -> dict[str, Any]:
    """The leaves of a JSON value by path."""
    if value is None and not at:
        return {}
    if isinstance(value, dict) and value:
        parts = [(f"{at}/{name}", inner) for name, inner in value.items()]
    elif isinstance(value, list) and value:
        parts = [(f"{at}/{index}", inner) for index, inner in enumerate(value)]
    else:
        return {at: value}
    return {path: leaf for name, inner in parts for path, leaf in flat(inner, name).items()}


def within(
    limit: dict[str, Any], pattern: str, before: dict[str, Any], after: dict[str, Any]
) -> bool:
    """Whether all values at a pattern keep to a limit."""
    for path, value in after.items():
        if not stepwise(pattern, path):
            continue
        old = before.get(path, GONE)
        if "most" in limit and not (number(value) and value <= limit["most"]):
            return False
        if "most_change" in limit and not (
            number(value) and number(old) and abs(value - old) <= limit["most_change"]
        ):
            return False
        if "one_of" in limit and not any(alike(value, one) for one in limit["one_of"]):
            return False
    if "most_change" in limit:
        return all(path in after for path in before if stepwise(pattern, path))
    return True


def number(value: Any) -> bool:
    """Whether it is a number; true is none."""
    return type(value) in (int, float)


def alike(one: Any, other: Any) -> bool:
    """Whether two leaves are the same value."""
    if number(one) and number(other):
        return bool(one == other)
    return type(one) is type(other) and bool(one == other)


def plain(pattern: str, text: str) -> bool:
    """`*` is any run."""
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), text) is not None


def stepwise(pattern: str, text: str) -> bool:
    """`*` is any run within a step, `**` any at all, and alone it is everything."""
    if pattern == "*":
        return True
    regex = re.escape(pattern).replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
    return re.fullmatch(regex, text) is not None


def one_of(patterns: str | list[str], text: str) -> bool:
    """Whether one of several patterns stands for a text."""
    several = patterns if isinstance(patterns, list) else [patterns]
    return any(plain(pattern, text) for pattern in several)
