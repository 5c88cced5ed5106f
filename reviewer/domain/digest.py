"""Canonical bytes and digests: what a decision is bound to.

Sources: RFC 8785 (JSON Canonicalization Scheme), FIPS 180-4 (SHA-256).
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import rfc8785

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_MAX_INTEGER = 2**53 - 1
_PLAIN = frozenset({str, bool, type(None)})


def canonical(value: Any) -> bytes:
    """The RFC 8785 bytes of a strict JSON value (UTF-8, sorted keys, shortest numbers).

    Nearly every document is one that the standard library writes the same, several times faster;
    what it writes otherwise (or must be refused) goes to `rfc8785`.
    """
    try:
        if _same_either_way(value):
            return _ENCODER.encode(value).encode("utf-8")
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


def digest(domain: str, value: Any) -> str:
    """`sha256:` and 64 hex digits over a domain prefix and the canonical bytes of `value`.

    The prefix keeps a digest of one kind of thing from standing for another kind.
    """
    return digest_bytes(domain, canonical(value))


def digest_bytes(domain: str, raw: bytes) -> str:
    """The same for bytes that are canonical already."""
    return "sha256:" + hashlib.sha256(f"reviewer/{domain}/1\n".encode() + raw).hexdigest()
