"""JSON as strictly as a record needs it: what two parsers could read differently is refused.

Sources: RFC 8259 (JSON), RFC 7493 (I-JSON), RFC 6901 (the places named in errors).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from .errors import InputError

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 64
MAX_SAFE_INTEGER = 2**53 - 1


class _Refused:
    """Stands in the parsed tree where something was refused, so that its place can be told."""

    __slots__ = ("why",)

    def __init__(self, why: str) -> None:
        self.why = why


class _Hooks:
    """The decoder's hooks; `dirty` says that the tree holds a `_Refused`."""

    def __init__(self) -> None:
        self.dirty = False

    def refuse(self, why: str) -> _Refused:
        self.dirty = True
        return _Refused(why)

    def pairs(self, pairs: list[tuple[str, Any]]) -> Any:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        return self.refuse(f"the key {_quoted(twice)} stands twice in one object")

    def integer(self, text: str) -> Any:
        if len(text) < 16 or abs(int(text[:40])) <= MAX_SAFE_INTEGER:
            return int(text)
        return self.refuse(
            "a whole number beyond 2^53 loses digits in other readers; write it as a string"
        )

    def real(self, text: str) -> Any:
        number = float(text)
        if not math.isfinite(number):
            return self.refuse(f"the number {text[:20]} is too large for a double")
        if abs(number) > MAX_SAFE_INTEGER and number.is_integer():
            return self.refuse("a number beyond 2^53 loses digits; write it as a string")
        return number

    def constant(self, text: str) -> Any:
        return self.refuse(f"{text} is not JSON")


def loads(raw: str | bytes) -> Any:
    """The value of one JSON text; raises `InputError` naming the place of what was refused.

    Refused: duplicate keys, NaN and infinities, lone surrogates, whole numbers beyond
    2^53 - 1 (RFC 7493), nesting deeper than 64, more than 64 MiB, anything that is not UTF-8.
    """
    if len(raw) > MAX_BYTES:
        raise InputError(f"the document has more than {MAX_BYTES // 2**20} MiB")
    text = _decoded(raw) if isinstance(raw, bytes) else raw
    hooks = _Hooks()
    try:
        value = json.loads(
            text,
            object_pairs_hook=hooks.pairs,
            parse_int=hooks.integer,
            parse_float=hooks.real,
            parse_constant=hooks.constant,
        )
    except json.JSONDecodeError as error:
        raise InputError(
            f"not JSON at line {error.lineno}, column {error.colno}: {error.msg.lower()}"
        ) from None
    except RecursionError:
        raise InputError(f"nested deeper than {MAX_DEPTH}") from None
    suspicious = hooks.dirty or "\\ud" in text or "\\uD" in text or not _encodable(text)
    if suspicious or text.count("[") + text.count("{") > MAX_DEPTH:
        check(value)
    return value


def check(value: Any) -> None:
    """Raises `InputError` with the place if a Python value is not strict JSON."""
    for place, item, depth in _walk(value):
        why = _why_refused(item, depth)
        if why:
            raise InputError(why, place or "/")


def pointer(parts: tuple[str | int, ...]) -> str:
    """A JSON pointer (RFC 6901) of keys and indexes."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 at byte {error.start}") from None


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _quoted(text: str) -> str:
    return json.dumps(text[:60], ensure_ascii=True)


def _why_refused(item: Any, depth: int) -> str:
    if isinstance(item, _Refused):
        return item.why
    if depth > MAX_DEPTH:
        return f"nested deeper than {MAX_DEPTH}"
    if isinstance(item, str):
        return "" if _encodable(item) else "a lone surrogate is not text"
    if isinstance(item, bool) or item is None or isinstance(item, Mapping | list | tuple):
        return ""
    if isinstance(item, int | float):
        if not math.isfinite(item):
            return f"{item} is not JSON"
        whole = isinstance(item, int) or item.is_integer()
        return "a number beyond 2^53 loses digits" if whole and abs(item) > MAX_SAFE_INTEGER else ""
    return f"a value of type {type(item).__name__} is not JSON"


def _walk(value: Any) -> Iterator[tuple[str, Any, int]]:
    todo: list[tuple[str, Any, int]] = [("", value, 0)]
    while todo:
        place, item, depth = todo.pop()
        yield place, item, depth
        if isinstance(item, Mapping):
            for key, inner in reversed(list(item.items())):
                if not isinstance(key, str):
                    raise InputError("a key is not a string", place or "/")
                if not _encodable(key):
                    raise InputError("a key holds a lone surrogate", place or "/")
                todo.append((place + pointer((key,)), inner, depth + 1))
        elif isinstance(item, list | tuple):
            todo.extend((f"{place}/{i}", item[i], depth + 1) for i in reversed(range(len(item))))
