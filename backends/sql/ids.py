"""Public ids: short, sortable by time, too many to guess."""

from __future__ import annotations

import secrets

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def public_id(now: int) -> str:
    """`a_` and 18 digits of Crockford's base 32: milliseconds (10), then 40 random bits (8).

    Source: crockford.com/base32.html; the order of ULID, with fewer random bits.
    """
    number = ((now // 1000) << 40) | secrets.randbits(40)
    return "a_" + "".join(_DIGITS[(number >> shift) & 31] for shift in range(85, -5, -5))
