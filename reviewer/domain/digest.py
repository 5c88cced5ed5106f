"""Canonical bytes and digests: what a decision is bound to.

Sources: RFC 8785 (JSON Canonicalization Scheme), FIPS 180-4 (SHA-256).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

import rfc8785

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_MAX_INTEGER = 2**53 - 1
_PLAIN = frozenset({str, bool, type(None)})
_PIECE: Final = 1 << 16
"""Characters that are written by one call: no other thread goes on meanwhile."""


def canonical(value: Any) -> bytes:
    """The RFC 8785 bytes of a strict JSON value (UTF-8, sorted keys, shortest numbers).

    Nearly every document is one that the standard library writes the same, several times faster;
    what it writes otherwise (or must be refused) goes to `rfc8785`.
    """
    try:
        if _same_either_way(value):
            if _weight(value, _PIECE) < _PIECE:
                return _ENCODER.encode(value).encode("utf-8")
            return b"".join(piece.encode("utf-8") for piece in _written(value))
    except (UnicodeEncodeError, RecursionError):
        pass  # a lone surrogate, or nested too deep: let rfc8785 say so
    return rfc8785.dumps(value)


def _same_either_way(value: Any) -> bool:
    """Whether sorting by code point and Python's numbers give the same bytes as RFC 8785."""
    kind = type(value)
    if kind in _PLAIN:
        return True
    if kind is dict:
        for key, inner in value.items():
            if type(key) is not str or not key.isascii():
                return False
            # most values are texts: asking here saves half of the time
            if type(inner) not in _PLAIN and not _same_either_way(inner):
                return False
        return True
    if kind is list or kind is tuple:
        return all(map(_same_either_way, value))
    if kind is int:
        return bool(-_MAX_INTEGER <= value <= _MAX_INTEGER)
    # outside of this Python writes 1.0, 1e-05 and 1e+16 where ECMAScript writes 1, 0.00001 and 1e16
    return kind is float and 1e-4 <= abs(value) < 1e16 and not value.is_integer()


def _written(value: Any) -> Iterator[str]:
    """The JSON of a large value in pieces."""
    if type(value) is str:
        yield '"'
        for start in range(0, len(value), _PIECE):
            yield _ENCODER.encode(value[start : start + _PIECE])[1:-1]
        yield '"'
    elif type(value) is dict:
        for number, key in enumerate(sorted(value)):
            yield ("," if number else "{") + _ENCODER.encode(key) + ":"
            yield from _items([value[key]])
        yield "}"
    else:
        yield "["
        yield from _items(value)
        yield "]"


def _items(values: Iterable[Any]) -> Iterator[str]:
    """Values with commas between them; small ones are written together."""
    few: list[Any] = []
    comma, total = "", 0
    for value in values:
        weight = _weight(value, _PIECE)
        if few and total + weight >= _PIECE:
            yield comma + _ENCODER.encode(few)[1:-1]
            few, comma, total = [], ",", 0
        if weight < _PIECE:
            few.append(value)
            total += weight
        else:
            yield comma
            yield from _written(value)
            comma = ","
    if few:
        yield comma + _ENCODER.encode(few)[1:-1]


def _weight(value: Any, enough: int) -> int:
    """Roughly how many characters a value takes; looks no further than what is `enough`."""
    kind = type(value)
    if kind is str:
        return len(value)
    total = 8
    if kind is dict or kind is list or kind is tuple:
        for inner in value.values() if kind is dict else value:
            total += 8 + (len(inner) if type(inner) is str else _weight(inner, enough - total))
            if total >= enough:
                break
    return total


def digest(domain: str, value: Any) -> str:
    """`sha256:` and 64 hex digits over a domain prefix and the canonical bytes of `value`.

    The prefix keeps a digest of one kind of thing from standing for another kind.
    """
    return digest_bytes(domain, canonical(value))


def digest_bytes(domain: str, raw: bytes) -> str:
    """The same for bytes that are canonical already."""
    return "sha256:" + hashlib.sha256(f"reviewer/{domain}/1\n".encode() + raw).hexdigest()
