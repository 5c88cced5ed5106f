"""What is wrong with the values of a policy file, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from .document import json_schema
from .tree import Path

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_WANTED: Final = {
    "string_type": "a text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "finite_number": "a number that is finite",
}
_PATTERNS: Final = {
    r"^[a-z][a-z0-9_.-]{0,63}$": "small letters, digits, `_`, `.` and `-`, a letter first",
    r"^[a-z0-9][a-z0-9_.-]{0,63}$": "small letters, digits, `_`, `.` and `-`, at most 64",
    r"^https?://": "an address that begins with http:// or https://",
}
_KEY: Final = "[key]"


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that is wrong with the value at a path, or with its key."""

    path: Path
    sentence: str
    hint: str = ""
    key: bool = False


def told(error: ValidationError, value: Any) -> Iterator[Told]:
    """What a validation found, each at its path in the plain values."""
    for detail in error.errors(include_url=False):
        path, key = _path(detail["loc"], value)
        yield _one(detail, path, key)


def nearest(name: str, known: Iterable[str]) -> str:
    """`Did you mean 'this'?` where something like it is known, else nothing."""
    names = list(known)
    found = get_close_matches(name, names, 1, 0.6) or [
        one for one in names if one.lower() == name.lower()
    ]
    return f"Did you mean '{found[0]}'?" if found else ""


def shown(value: Any) -> str:
    """A value in an error sentence, cut short."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    cut = text if len(text) <= 40 else text[:39] + "…"
    return f"'{cut}'" if isinstance(value, str) else cut


def _path(loc: tuple[int | str, ...], value: Any) -> tuple[Path, bool]:
    """The path in the file; pydantic's marks of union members and of keys are taken out."""
    path: list[str | int] = []
    for at, part in enumerate(loc):
        last = at == len(loc) - 1
        if part == _KEY:
            return tuple(path), True
        inside = (isinstance(value, dict) and part in value) or (
            isinstance(value, list) and isinstance(part, int) and part < len(value)
        )
        if inside:
            path.append(part)
            value = value[part]
        elif last:
            path.append(part)
    return tuple(path), False


def _one(detail: ErrorDetails, path: Path, key: bool) -> Told:
    kind, given = detail["type"], detail["input"]
    context = detail.get("ctx", {})
    name = str(path[-1]) if path else ""
    if kind == "extra_forbidden":
        known = _known(path[:-1])
        hint = nearest(name, known) or (f"Known here: {', '.join(known)}." if known else "")
        return Told(path, f"'{name[:60]}' is not known here", hint, key=True)
    if kind == "missing":
        return Told(path[:-1], f"'{name}' is missing", key=True)
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        known = ["webhook", "mail", "terminal"]
        where = path if kind == "union_tag_not_found" else (*path, "type")
        return Told(where, "a channel's 'type' is one of webhook, mail and terminal")
    if kind in ("literal_error", "enum"):
        expected = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
        known = [one.strip() for one in expected.split(",")]
        hint = nearest(given, known) if isinstance(given, str) else ""
        return Told(path, f"{shown(given)} is none of {', '.join(known)}", hint, key)
    if key:
        return Told(path, f"'{name[:60]}' is no name that can stand here", _pattern(context), True)
    if kind in _WANTED:
        hint = "Write it in quotes." if kind == "string_type" and _scalar(given) else ""
        return Told(path, f"{shown(given)} stands where {_WANTED[kind]} belongs", hint)
    if kind == "string_pattern_mismatch":
        return Told(path, f"{shown(given)} cannot stand here", _pattern(context))
    return Told(path, _worded(detail))


def _scalar(value: Any) -> bool:
    return isinstance(value, bool | int | float)


def _pattern(context: dict[str, Any]) -> str:
    wanted = _PATTERNS.get(str(context.get("pattern", "")), "")
    return f"Write {wanted}." if wanted else ""


def _worded(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    given = shown(detail["input"])
    match detail["type"]:
        case "greater_than_equal":
            return f"{given} is less than {context['ge']:g}"
        case "greater_than":
            return f"{given} is not more than {context['gt']:g}"
        case "less_than_equal":
            return f"{given} is more than {context['le']:g}"
        case "too_short":
            return "this holds at least one entry"
        case "string_too_short":
            return "this is empty"
        case "string_too_long":
            return f"this is longer than {context['max_length']} characters"
        case "value_error":
            why = detail["msg"].removeprefix("Value error, ")
            return why if why.startswith("'") else f"{given}: {why}"
        case _:
            return detail["msg"][:1].lower() + detail["msg"][1:]


def _known(path: Path) -> list[str]:
    """The names that may stand in the mapping at a path."""
    found: list[str] = []
    for schema in _schemas(path):
        found += [name for name in schema.get("properties", {}) if name not in found]
    return found


@cache
def _schema() -> dict[str, Any]:
    return json_schema()


def _schemas(path: Path) -> list[dict[str, Any]]:
    """The schemas that a value at a path may follow."""
    here = _resolved(_schema())
    for part in path:
        here = [inner for schema in here for inner in _resolved(_below(schema, part))]
    return here


def _below(schema: dict[str, Any], part: str | int) -> dict[str, Any]:
    if isinstance(part, int):
        inner = schema.get("items")
    else:
        inner = schema.get("properties", {}).get(part) or schema.get("additionalProperties")
        for pattern in schema.get("patternProperties", {}).values():
            inner = inner or pattern
    return inner if isinstance(inner, dict) else {}


def _resolved(schema: dict[str, Any]) -> list[dict[str, Any]]:
    if "$ref" in schema:
        return _resolved(_schema()["$defs"][schema["$ref"].rsplit("/", 1)[1]])
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return [one for inner in schema[choice] for one in _resolved(inner)]
    return [schema]
