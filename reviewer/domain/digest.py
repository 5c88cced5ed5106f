"""Canonical bytes and digests: what a decision is bound to.

Sources: RFC 8785 (JSON Canonicalization Scheme), FIPS 180-4 (SHA-256).
"""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785


def canonical(value: Any) -> bytes:
    """The RFC 8785 bytes of a strict JSON value (UTF-8, sorted keys, shortest numbers)."""
    return rfc8785.dumps(value)


def digest(domain: str, value: Any) -> str:
    """`sha256:` and 64 hex digits over a domain prefix and the canonical bytes of `value`.

    The prefix keeps a digest of one kind of thing from standing for another kind.
    """
    return digest_bytes(domain, canonical(value))


def digest_bytes(domain: str, raw: bytes) -> str:
    """The same for bytes that are canonical already."""
    return "sha256:" + hashlib.sha256(f"reviewer/{domain}/1\n".encode() + raw).hexdigest()
