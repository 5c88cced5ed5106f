"""What each type of write does to the simulated systems: pure, resource states in and out.

A state is a JSON value, None where the resource does not exist.  Journals (sent messages, calls,
statements, requests) are lists that only grow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..domain.writes import RecordWrite

Json = dict[str, Any]
Now = Callable[[str], Any]
"""The present state of a resource of the write's system and type, by name."""


class Drifted(Exception):
    """The world is not as the write says that it was."""


def glimpse(write: Json) -> Iterator[tuple[str, Any]]:
    """The resources that a write rests on, each with the state that its agent saw."""
    name, before = write.get("resource", ""), write.get("before")
    match write["type"]:
        case "file":
            if before is not None:
                yield write.get("renamed_from") or name, _file(before)
        case "record" | "document":
            if before is not None:
                yield name, before
        case "rows":
            keys = write["key_columns"]
            seen = {_key(row, keys): row for row in write.get("deleted", [])}
            for one in write.get("updated", []):
                seen[_key(one["key"], keys)] = one["key"] | one.get("before", {})
            if seen:
                yield name, seen


def change(write: Json, now: Now) -> Iterator[tuple[str, Any]]:
    """The resources that a write changes, each with its new state; raises `Drifted`."""
    name = write.get("resource", "")
    match write["type"]:
        case "file":
            yield from _change_file(write, now)
        case "record":
            _expect(name, now(name), write.get("before"))
            yield name, RecordWrite.model_validate(write).result()
        case "document":
            _expect(name, now(name), write.get("before"))
            yield name, write["after"]
        case "rows":
            yield name, _change_rows(write, now(name) or {})
        case _:
            # what is sent or called leaves a journal, not a state
            yield name, [*(now(name) or []), write]


def _change_file(write: Json, now: Now) -> Iterator[tuple[str, Any]]:
    name, before, after = write["resource"], write.get("before"), write.get("after")
    source = write.get("renamed_from") or name
    if before is not None:
        _expect(source, now(source), _file(before))
    elif write.get("action") == "create":
        _expect(name, now(name), None)
    if source != name:
        yield source, None
        after = after if after is not None else before
    yield name, None if after is None else _file(after)


def _change_rows(write: Json, table: Json) -> Json:
    keys, changed = write["key_columns"], dict(table)
    for one in write.get("updated", []):
        key = _key(one["key"], keys)
        row = changed.get(key)
        seen = one.get("before", {})
        if row is None or any(row.get(column) != value for column, value in seen.items()):
            raise Drifted(f"row {key} of {write['resource']} is not as it was")
        changed[key] = row | one["after"]
    for row in write.get("deleted", []):
        if changed.pop(_key(row, keys), None) != row:
            raise Drifted(f"row {_key(row, keys)} of {write['resource']} is not as it was")
    for row in write.get("inserted", []):
        if _key(row, keys) in changed:
            raise Drifted(f"row {_key(row, keys)} of {write['resource']} exists already")
        changed[_key(row, keys)] = row
    return changed


def _expect(name: str, state: Any, before: Any) -> None:
    if state != before:
        raise Drifted(f"{name} is not as it was when this was proposed")


def _file(state: Json) -> Json:
    """A file's state with its default mode written out and absent content left out."""
    return {"mode": "100644"} | {key: value for key, value in state.items() if value is not None}


def _key(row: Json, columns: list[str]) -> str:
    return "/".join(str(row.get(column)) for column in columns)
