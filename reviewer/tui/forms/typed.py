"""What is typed into a field as JSON of the field's type, or why it cannot be.

A text stays a text whatever it looks like, and a number keeps the digits that were typed.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from ...domain.errors import InputError
from ...domain.strict_json import loads
from ..spelling import spell_out, take_back
from .json_text import Kind
from .schema_view import Facts

_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_BREAKS: Final = {"\n": "⟨U+000A⟩", "\t": "⟨U+0009⟩", "\r": "⟨U+000D⟩"}
EMPTY: Final[dict[str, Any]] = {
    "string": "", "number": 0, "integer": 0, "boolean": False, "null": None, "object": {},
    "array": [],
}  # fmt: skip


def spell_text(text: str) -> str:
    """A text for an area of several lines: hidden characters by name, every CR among them."""
    return spell_out(text, line_ends=False).text


def spell_line(text: str) -> str:
    """The same on one line: line ends and tabs by name, too."""
    spelled = spell_text(text)
    for char, name in _BREAKS.items():
        spelled = spelled.replace(char, name)
    return spelled


def to_type(value: Any) -> str:
    """What stands in the input when a value is edited: a text bare, anything else as JSON."""
    return spell_line(value) if isinstance(value, str) else dumps(value)


def typed(text: str, kind: Kind) -> str:
    """The JSON text of what was typed into a field of this kind; raises `InputError`."""
    if kind == "string":
        return dumps(take_back(text))
    bare = text.strip()
    if kind == "number":
        return _number(bare)
    if kind in ("boolean", "null"):
        wanted = ("true", "false") if kind == "boolean" else ("null",)
        if bare.lower() not in wanted:
            raise InputError(f"{' or '.join(wanted)} stands here, not '{bare[:40]}'")
        return bare.lower()
    loads(take_back(bare))
    return take_back(bare)


def _number(bare: str) -> str:
    if not bare:
        raise InputError("a number stands here; z makes it null, - removes it")
    if bare.lstrip("+-").lower() in ("nan", "inf", "infinity"):
        raise InputError(f"{bare[:20]} is not JSON: no number is endless or undefined")
    if not _NUMBER.fullmatch(bare):
        tidy = bare.replace("_", "").replace(" ", "").replace(",", ".").lstrip("+")
        hint = f"; is {tidy[:30]} meant?" if _NUMBER.fullmatch(tidy) else ""
        raise InputError(f"'{bare[:30]}' is no number{hint}")
    loads(bare)
    return bare


def dumps(value: Any) -> str:
    """JSON text as the forms write it."""
    return json.dumps(value, ensure_ascii=False)


def first_value(facts: Facts, members: dict[str, Any] | None = None) -> Any:
    """The value with which a field begins: what the schema names, or the emptiest of its type.

    `members` are the first values of an object's required members.
    """
    if facts.default is not ...:
        return facts.default
    if facts.choices:
        return facts.choices[0]
    for type in facts.types or (("object",) if facts.members else ("string",)):
        if type != "null":
            return members if type == "object" and members else EMPTY[type]
    return None


def retyped(value: Any, type: str) -> Any:
    """A value turned into another type, as far as it says the same there; else the emptiest."""
    if type == "string" and isinstance(value, bool | int | float):
        return dumps(value)
    if type in ("number", "integer") and isinstance(value, str):
        try:
            return json.loads(_number(value.strip()))
        except InputError:
            return 0
    if type == "boolean" and isinstance(value, str):
        return value.strip().lower() == "true"
    if type == "array" and value not in (None, {}, ""):
        return [value]
    return EMPTY[type]
