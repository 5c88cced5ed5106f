"""Where in a form's text a JSON pointer leads (RFC 6901), to put the cursor there."""

from __future__ import annotations

import json
import re

_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\r\n]*")


def place_of(text: str, pointer: str) -> int:
    """The offset of the value at a pointer in a JSON text, of the last part of it that is there."""
    at = _skip(text, 0)
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        try:
            inner = _inside(text, at, name)
        except (ValueError, IndexError, RecursionError):
            return at
        if inner is None:
            return at
        at = inner
    return at


def line_of(text: str, pointer: str) -> int:
    """The line, from 0, of a JSON pointer into a text of JSON or into a head of JSON fields."""
    name = pointer.split("/")[1] if pointer.count("/") else ""
    if not text.lstrip().startswith(("{", "[")):
        lines = text.split("\n")
        return next((n for n, line in enumerate(lines) if line.startswith(f"{name}:")), 0)
    return text.count("\n", 0, place_of(text, pointer))


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _inside(text: str, at: int, name: str) -> int | None:
    """The offset of a member or element of the object or array at `at`."""
    is_object = text[at] == "{"
    if not is_object and text[at] != "[":
        return None
    at, number = _skip(text, at + 1), 0
    while text[at] not in "}]":
        key = str(number)
        if is_object:
            key, at = _DECODER.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
        if key == name:
            return at
        at = _skip(text, _DECODER.raw_decode(text, at)[1])
        if text[at] == ",":
            at = _skip(text, at + 1)
        number += 1
    return None
